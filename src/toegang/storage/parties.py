"""Parties at either end of an edge, on either engine: one row each, whatever hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.party import Party, PartyId, PartyKind, Standing
from toegang.registers.population import BirthDate
from toegang.storage.database import inside
from toegang.storage.statements import among, moment_or_none, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.mandates.statement import Met
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_PUT = """
INSERT INTO parties (id, kind, standing, since, born) VALUES (:id, :kind, :standing, :since, :born)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, standing = excluded.standing,
    since = excluded.since, born = excluded.born
"""
_COLUMNS = "id, kind, standing, since, born"
_FIND = f"SELECT {_COLUMNS} FROM parties WHERE id = :id"  # noqa: S608 constant columns
_OF = f"SELECT {_COLUMNS} FROM parties WHERE id IN ({{among}})"  # noqa: S608 constant columns


@dataclass(frozen=True, slots=True)
class PartyTable:
    """mandates.stores.Parties: who can stand at either end."""

    database: Database

    async def put(self, unit: Unit, party: Party) -> None:
        """Keep a party in the place of what was known of it."""
        await inside(unit).put(_PUT, party_row(party))

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, Party]:
        """Return those of them that are known."""
        found: dict[PartyId, Party] = {}
        for sql, params in among(_OF, (each.bytes for each in parties)):
            rows = await self.database.all(sql, params)
            found.update((party.id, party) for party in map(_party, rows))
        return found

    async def hold(self, unit: Unit, seen: Iterable[Party]) -> bool:
        """Keep these parties as they are until the unit ends; False when one is another by now."""
        for party in sorted(seen, key=lambda each: each.id):
            row = await inside(unit).one(_FIND + self.database.for_share, {"id": party.id.bytes})
            if row is None or _party(row) != party:
                return False
        return True

    async def stand(self, unit: Unit, met: Iterable[Met]) -> bool:
        """Keep what is told of these parties until the unit ends; False when it is not as it was met."""
        for each in sorted(met, key=lambda each: each.party):
            row = await inside(unit).one(_FIND + self.database.for_share, {"id": each.party.bytes})
            now = None if row is None else _party(row)
            if now is None or (now.standing, now.since) != (each.standing, each.since):
                return False
        return True


def party_row(party: Party) -> Params:
    """Return the columns of a party."""
    return {
        "id": party.id.bytes,
        "kind": party.kind.value,
        "standing": party.standing.value,
        "since": stamp_or_none(party.since),
        "born": None if party.born is None else str(party.born),
    }


def _party(row: Row) -> Party:
    id_, kind, standing, since, born = row
    return Party(
        id=PartyId(UUID(bytes=id_)),
        kind=PartyKind(kind),
        standing=Standing(standing),
        since=moment_or_none(since),
        born=None if born is None else BirthDate.parse(born),
    )
