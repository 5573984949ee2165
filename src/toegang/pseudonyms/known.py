"""For whom a pseudonym stands: of those that services were told, so that a service may ask by one.

A pseudonym cannot be turned back, so what was told is kept: under a keyed hash, beside the person. A copy of
the table tells nobody who a pseudonym is, and nobody finds one by the list of people. A name that was never
told to the service stands for nobody there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.identity.people import PersonId
    from toegang.keys.secret import FindingKey
    from toegang.pseudonyms.pairwise import Pairwise
    from toegang.units import Unit


@dataclass(frozen=True, slots=True)
class Sector:
    """Among which services somebody has one pseudonym, and by which version of the key."""

    name: str
    version: int


class ToldNames(Protocol):
    """Keeps for whom a pseudonym stands, by its keyed hash."""

    async def find(self, found_by: bytes) -> PersonId | None:
        """Find for whom it stands."""
        ...

    async def keep(self, unit: Unit, found_by: bytes, person: PersonId) -> None:
        """Keep it, where it is not kept yet; nothing waits for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPseudonyms:
    """Pseudonyms in both directions; `finding` is a key for this purpose alone."""

    pairwise: Pairwise
    finding: FindingKey
    told: ToldNames

    async def find(self, pseudonym: str, sector: Sector) -> PersonId | None:
        """Return for whom a pseudonym stands that a service of this sector was told."""
        return await self.told.find(self._found_by(pseudonym, sector))

    def names(self, people: Iterable[PersonId], sector: Sector) -> Mapping[PersonId, str]:
        """Return what these people are called in a sector; `tell` before a service learns it."""
        return {each: self.pairwise.of_person(each, sector.name, sector.version) for each in people}

    async def tell(self, unit: Unit, people: Iterable[PersonId], sector: Sector) -> None:
        """Note that services of this sector are told what these people are called there."""
        for person, pseudonym in self.names(people, sector).items():
            await self.told.keep(unit, self._found_by(pseudonym, sector), person)

    def _found_by(self, pseudonym: str, sector: Sector) -> bytes:
        return self.finding.find(f"{sector.version} {len(sector.name)} {sector.name} {pseudonym}".encode())
