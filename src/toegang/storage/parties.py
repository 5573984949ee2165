"""Parties at either end of an edge, on either engine: one row each, whatever hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.party import Party, PartyId, PartyKind, Standing
from toegang.registers.population import BirthDate
from toegang.storage.database import inside
from toegang.storage.statements import among, micros, moment_or_none, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from toegang.mandates.statement import Met
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_PUT = """
INSERT INTO parties (id, kind, standing, since, born, told_at)
VALUES (:id, :kind, :standing, :since, :born, :told_at)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, standing = excluded.standing,
    since = excluded.since, born = COALESCE(excluded.born, parties.born), told_at = excluded.told_at
WHERE parties.told_at IS NULL OR excluded.told_at > parties.told_at OR (
    excluded.told_at = parties.told_at AND (excluded.standing > parties.standing OR (
        excluded.standing = parties.standing AND COALESCE(excluded.since, 0) <= COALESCE(parties.since, 0))))
"""
# Of two that were told at one moment the stricter stays, whichever came first: `able` is the first word.
_COLUMNS = "id, kind, standing, since, born, told_at"
_REMEMBER = """
INSERT INTO party_facts (party, recorded_at, kind, standing, since, born, told_at)
VALUES (:id, :recorded_at, :kind, :standing, :since, :born, :told_at)
ON CONFLICT (party, recorded_at) DO UPDATE SET kind = excluded.kind, standing = excluded.standing,
    since = excluded.since, born = excluded.born, told_at = excluded.told_at
"""
_RECORDED = "SELECT MAX(recorded_at) FROM party_facts WHERE party = :party"
_KNOWN_AT = """
SELECT party, kind, standing, since, born, told_at FROM party_facts
WHERE party = :party AND recorded_at <= :at ORDER BY recorded_at DESC LIMIT 1
"""
_FIND = f"SELECT {_COLUMNS} FROM parties WHERE id = :id"  # noqa: S608 constant columns
_OF = f"SELECT {_COLUMNS} FROM parties WHERE id IN ({{among}})"  # noqa: S608 constant columns


def parties_question(names: Iterable[str], between: str = "") -> str:
    """Return what reads the parties by these names of parameters, and those that `between` finds."""
    asked = _OF.replace("{among}", ", ".join(names))
    return f"{asked} UNION ALL {_OF.replace('{among}', between)}" if between else asked


def parties_in(rows: Iterable[Row]) -> Iterable[Party]:
    """Read the parties in the rows of such a statement."""
    return map(_party, rows)


@dataclass(frozen=True, slots=True)
class PartyTable:
    """mandates.stores.Parties: who can stand at either end."""

    database: Database

    async def put(self, unit: Unit, party: Party) -> bool:
        """Keep a party in the place of what was known of it; False when what is known was told later."""
        return await inside(unit).execute(_PUT, party_row(party)) == 1

    async def remember(self, unit: Unit, party: Party, now: datetime) -> None:
        """Keep that this is known of a party from now on."""
        await inside(unit).put(_REMEMBER, {**party_row(party), "recorded_at": micros(now)})

    async def recorded(self, party: PartyId) -> datetime | None:
        """Return since when it is known what is known of a party now; None where that is not."""
        row = await self.database.one(_RECORDED, {"party": party.bytes})
        return None if row is None else moment_or_none(row[0])

    async def known_at(self, party: PartyId, at: datetime) -> Party | None:
        """Return what was known of a party then, whatever was told since."""
        row = await self.database.one(_KNOWN_AT, {"party": party.bytes, "at": micros(at)})
        return None if row is None else _party(row)

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, Party]:
        """Return those of them that are known."""
        found: dict[PartyId, Party] = {}
        for sql, params in among(_OF, (each.bytes for each in parties)):
            rows = await self.database.all(sql, params)
            found.update((party.id, party) for party in map(_party, rows))
        return found

    async def alone(self, unit: Unit, party: PartyId) -> Party | None:
        """Return what is known of a party, which nobody else changes until the unit ends."""
        row = await inside(unit).one(_FIND + self.database.for_update, {"id": party.bytes})
        return None if row is None else _party(row)

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
        "told_at": stamp_or_none(party.told_at),
    }


def _party(row: Row) -> Party:
    id_, kind, standing, since, born, told_at = row
    return Party(
        id=PartyId(UUID(bytes=id_)),
        kind=PartyKind(kind),
        standing=Standing(standing),
        since=moment_or_none(since),
        born=None if born is None else BirthDate.parse(born),
        told_at=moment_or_none(told_at),
    )
