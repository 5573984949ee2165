"""Numbers of organisations, on either engine: one row for each, found by its keyed hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import Unavailable
from toegang.mandates.numbers import Numbered, Sort
from toegang.mandates.party import PartyId
from toegang.storage.database import inside
from toegang.storage.statements import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toegang.storage.database import Database
    from toegang.storage.statements import Row
    from toegang.units import Unit

_ADD = """
    INSERT INTO organisation_numbers (found_by, party, sort, sealed)
    VALUES (:found_by, :party, :sort, :sealed)
    ON CONFLICT (found_by) DO NOTHING
"""
_WHOSE = "SELECT party FROM organisation_numbers WHERE found_by = :found_by"
_FIND = "SELECT found_by, party FROM organisation_numbers WHERE found_by IN ({among})"
_OF = "SELECT party, sort, sealed, found_by FROM organisation_numbers WHERE party IN ({among})"


@dataclass(frozen=True, slots=True)
class OrganisationNumberTable:
    """mandates.numbers.OrganisationNumbers: which number is whose."""

    database: Database

    async def find(self, hashes: Iterable[bytes]) -> Mapping[bytes, PartyId]:
        """Return whose number each of these keyed hashes is, as far as it is anybody's."""
        rows = [row for asked in among(_FIND, hashes) for row in await self.database.all(*asked)]
        return {bytes(found_by): PartyId(UUID(bytes=party)) for found_by, party in rows}

    async def of(self, parties: Iterable[PartyId]) -> Sequence[Numbered]:
        """Return all numbers of these parties."""
        wanted = (each.bytes for each in parties)
        return [_numbered(row) for asked in among(_OF, wanted) for row in await self.database.all(*asked)]

    async def add(self, unit: Unit, numbered: Numbered) -> PartyId:
        """Keep a number; return whose it is, which is who had it already if anybody did. Atomic."""
        connection = inside(unit)
        params = {
            "found_by": numbered.found_by,
            "party": numbered.party.bytes,
            "sort": numbered.sort.value,
            "sealed": numbered.sealed,
        }
        if await connection.execute(_ADD, params) == 1:
            return numbered.party
        # The insert has waited for whoever was adding the same number, so now it is seen.
        row = await connection.one(_WHOSE, {"found_by": numbered.found_by})
        if row is None:
            raise Unavailable(detail="storage: a number was removed while being added")
        return PartyId(UUID(bytes=row[0]))


def _numbered(row: Row) -> Numbered:
    party, sort, sealed, found_by = row
    return Numbered(party=PartyId(UUID(bytes=party)), sort=Sort(sort), sealed=sealed, found_by=found_by)
