"""Numbers: by which number registers know a party, and which party has a number.

A person is the one that everything else of theirs hangs on (identity/people), also a child or somebody dead
who never had an account here; an estate is known by the dead person. An organisation or a branch is drawn
when its number is first seen. Numbers are kept sealed and found by a keyed hash, as those of persons are.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from toegang.identity.numbers import KVK_LENGTH, BranchNumber, Bsn, KvkNumber, Rsin
from toegang.identity.people import PersonId
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.identity.enrolment import Enrolment
    from toegang.identity.people import Person
    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey, SealingKey
    from toegang.units import Unit, Units

OfOrganisation: TypeAlias = KvkNumber | Rsin | BranchNumber
Number: TypeAlias = Bsn | OfOrganisation

_SEALED_FOR = b"number of party "


class Sort(enum.StrEnum):
    """Which number it is, the one that registers are asked by first; the words are stored."""

    KVK = "kvk"
    BRANCH = "branch"
    RSIN = "rsin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number of an organisation as kept: `sealed` opens with the sealing key, `found_by` is its hash."""

    party: PartyId
    sort: Sort
    sealed: bytes = field(repr=False)
    found_by: bytes = field(repr=False)


class OrganisationNumbers(Protocol):
    """Keeps numbers of organisations; no two with the same `found_by`."""

    async def find(self, hashes: Iterable[bytes]) -> Mapping[bytes, PartyId]:
        """Return whose number each of these keyed hashes is, as far as it is anybody's."""
        ...

    async def of(self, parties: Iterable[PartyId]) -> Sequence[Numbered]:
        """Return all numbers of these parties."""
        ...

    async def add(self, unit: Unit, numbered: Numbered) -> PartyId:
        """Keep a number; return whose it is, which is who had it already if anybody did. Atomic."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The door between parties and their numbers; the keys are derived for this purpose alone."""

    units: Units
    enrolment: Enrolment
    organisations: OrganisationNumbers
    sealing: SealingKey
    finding: FindingKey
    ids: Ids

    async def find(self, numbers: Iterable[Number]) -> Mapping[Number, PartyId]:
        """Return who has these numbers, as far as they were met before."""
        wanted = set(numbers)
        people = await self.enrolment.find_each(each for each in wanted if isinstance(each, Bsn))
        hashes = {self._found_by(each): each for each in wanted if not isinstance(each, Bsn)}
        others = await self.organisations.find(hashes) if hashes else {}
        return {
            **{bsn: PartyId(person.id) for bsn, person in people.items()},
            **{hashes[found_by]: party for found_by, party in others.items()},
        }

    async def meet(self, numbers: Iterable[Number], now: datetime) -> Mapping[Number, PartyId]:
        """Return who has each of these numbers, drawing those who were never met."""
        wanted = set(numbers)
        found = dict(await self.find(wanted))
        # In a fixed order, so that two who meet the same never wait for each other.
        new = sorted(wanted - found.keys(), key=lambda each: (type(each).__name__, _written(each)))
        if not new:
            return found
        async with self.units.begin() as unit:
            for number in new:
                found[number] = await self._draw(unit, number, now)
        return found

    async def also(self, party: PartyId, number: OfOrganisation) -> bool:
        """Keep a further number of an organisation; False, changing nothing, when it is another's."""
        async with self.units.begin() as unit:
            return await self.organisations.add(unit, self._numbered(party, number)) == party

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, tuple[Number, ...]]:
        """Return the numbers of those of these parties that have any, the one to ask registers by first.

        Whose number turned out to be another's has none.

        Raises:
            ProofInvalid: a row was altered or swapped with another's.

        """
        wanted = set(parties)
        people = await self.enrolment.people.of(PersonId(each) for each in wanted)
        found: dict[PartyId, tuple[Number, ...]] = {**self._of_people(people.values())}
        kept = await self.organisations.of(wanted - people.keys())
        order = list(Sort)
        for each in sorted(kept, key=lambda each: (order.index(each.sort), each.found_by)):
            found[each.party] = (*found.get(each.party, ()), self._opened(each))
        return found

    async def of_people(self, parties: Iterable[PartyId]) -> Mapping[PartyId, tuple[Number, ...]]:
        """Return the same of those of these parties who are people.

        Raises:
            ProofInvalid: as `of`.

        """
        return self._of_people((await self.enrolment.people.of(PersonId(each) for each in parties)).values())

    def _of_people(self, people: Iterable[Person]) -> Mapping[PartyId, tuple[Number, ...]]:
        numbers = ((person, self.enrolment.bsn_of(person)) for person in people)
        return {
            PartyId(person.id): (bsn,)
            for person, bsn in numbers
            if self.enrolment.found_by(bsn) == person.found_by
        }

    async def _draw(self, unit: Unit, number: Number, now: datetime) -> PartyId:
        if isinstance(number, Bsn):
            return PartyId((await self.enrolment.enrol(unit, number, now)).id)
        return await self.organisations.add(unit, self._numbered(PartyId(self.ids.uuid()), number))

    def _numbered(self, party: PartyId, number: OfOrganisation) -> Numbered:
        sort = _SORTS[type(number)]
        return Numbered(
            party=party,
            sort=sort,
            sealed=self.sealing.seal(_written(number).encode(), _sealed_for(party, sort)),
            found_by=self._found_by(number),
        )

    def _found_by(self, number: OfOrganisation) -> bytes:
        return self.finding.find(f"{_SORTS[type(number)].value} {_written(number)}".encode())

    def _opened(self, numbered: Numbered) -> OfOrganisation:
        sealed_for = _sealed_for(numbered.party, numbered.sort)
        text = self.sealing.open(numbered.sealed, sealed_for).decode()
        if numbered.sort is Sort.BRANCH:
            return BranchNumber.parse(KvkNumber.parse(text[:KVK_LENGTH]), text[KVK_LENGTH:])
        return KvkNumber.parse(text) if numbered.sort is Sort.KVK else Rsin.parse(text)


_SORTS = {KvkNumber: Sort.KVK, BranchNumber: Sort.BRANCH, Rsin: Sort.RSIN}


def _sealed_for(party: PartyId, sort: Sort) -> bytes:
    return _SEALED_FOR + sort.encode() + b" " + party.bytes


def _written(number: Number) -> str:
    if isinstance(number, BranchNumber):
        return number.organisation.digits + number.digits
    return number.digits
