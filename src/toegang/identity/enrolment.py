"""Enrolment: a BSN becomes a person, once; the number itself is sealed from then on.

The BSN is encrypted for this row alone and found by a keyed hash, so that a stolen database gives no
numbers and cannot be searched with a list of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.identity.numbers import Bsn
from toegang.identity.people import Person, PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from toegang.identity.people import People
    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey, SealingKey
    from toegang.units import Unit

SEALED_FOR = b"bsn of person "


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The door to persons for whoever holds a BSN or needs one.

    The keys are derived for this purpose alone (`SealingKey.derive(secrets, "bsn")`).
    """

    people: People
    sealing: SealingKey
    finding: FindingKey
    ids: Ids

    def found_by(self, bsn: Bsn) -> bytes:
        """Return the keyed hash (32 bytes) that a person with this BSN is found by."""
        return self.finding.find(bsn.digits.encode())

    async def find(self, bsn: Bsn) -> Person | None:
        """Find the person with this BSN, if they were enrolled."""
        return await self.people.find_by(self.found_by(bsn))

    async def find_each(self, numbers: Iterable[Bsn]) -> Mapping[Bsn, Person]:
        """Find those of them who were enrolled."""
        hashes = {self.found_by(bsn): bsn for bsn in numbers}
        found = await self.people.found_by(hashes)
        return {hashes[found_by]: person for found_by, person in found.items()}

    async def enrol(self, unit: Unit, bsn: Bsn, now: datetime) -> Person:
        """Return the person with this BSN, enrolling them when they are new; one person per BSN, ever."""
        person = PersonId(self.ids.uuid())
        return await self.people.enrol(unit, self._sealed(person, bsn, now))

    async def renumber(self, unit: Unit, person: Person, bsn: Bsn) -> bool:
        """Give a person another BSN, with all that hangs on them; False when somebody else has it."""
        return await self.people.renumber(unit, self._sealed(person.id, bsn, person.since))

    async def retire(self, unit: Unit, person: Person) -> None:
        """Let nobody find this person by their number any more: it turned out to be somebody else's."""
        nobody = self.finding.find(b"retired " + person.id.bytes)
        await self.people.renumber(unit, replace(person, found_by=nobody))

    def bsn_of(self, person: Person) -> Bsn:
        """Open the person's BSN.

        Raises:
            ProofInvalid: the row was altered or swapped with another person's.

        """
        opened = self.sealing.open(person.sealed_bsn, SEALED_FOR + person.id.bytes)
        return Bsn.parse(opened.decode())

    def _sealed(self, person: PersonId, bsn: Bsn, since: datetime) -> Person:
        sealed = self.sealing.seal(bsn.digits.encode(), SEALED_FOR + person.bytes)
        return Person(id=person, sealed_bsn=sealed, found_by=self.found_by(bsn), since=since)
