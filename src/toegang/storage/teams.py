"""Teams of organisations, on either engine; who is on them and for whom they are stands with the edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.clients import OffTeams, Spot
from toegang.mandates.edge import EdgeId
from toegang.mandates.listing import Last, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.mandates.teams import Team
from toegang.storage.database import inside
from toegang.storage.edge_lists import live_after
from toegang.storage.edge_roles import INTERMEDIARY, WITHIN
from toegang.storage.edges import scope_hash
from toegang.storage.statements import among, micros, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.mandates.listing import Cut
    from toegang.mandates.stores import Page
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_ADD = "INSERT INTO teams (id, organisation, name) VALUES (:id, :organisation, :name)"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM teams WHERE organisation = :organisation LIMIT :most) AS kept"
_FIND = "SELECT id, organisation, name FROM teams WHERE id = :id"
_OF = """
SELECT id, organisation, name FROM teams WHERE organisation = :organisation AND id > :after
ORDER BY id LIMIT :size
"""
# Row by row, in the order of the list: of a join, or of EXISTS, the planner may read a whole table.
_SPOTS = f"""
SELECT s.edge, s.ends, s.client, (
    SELECT 1 FROM authority_index a WHERE a.principal = s.client AND a.role = {INTERMEDIARY}
        AND a.scope = :scope AND a.valid_from <= :now AND a.valid_until > :now LIMIT 1
) FROM (
    SELECT edge, ends, (SELECT e.principal FROM mandate_edges e WHERE e.id = mandate_sides.edge) AS client
    FROM mandate_sides
    WHERE party = :party AND list = {Listing.RECEIVED.value} AND (ends, edge) > (:ends, :edge)
    ORDER BY ends, edge LIMIT :size
) s ORDER BY s.ends, s.edge
"""  # noqa: S608 constant words
_JOINED = f"""
SELECT a.agent, t.id, t.organisation, t.name FROM authority_index a JOIN teams t ON t.id = a.principal
WHERE a.agent IN ({{among}}) AND a.scope = :scope AND a.role = {WITHIN}
    AND a.valid_from <= :now AND a.valid_until > :now
ORDER BY a.agent, t.id
"""  # noqa: S608 constant words
_HOLD = "SELECT id FROM teams WHERE id = :id"
_USED = """
SELECT 1 FROM authority_index WHERE agent = :id AND valid_until > :now
UNION ALL SELECT 1 FROM authority_index WHERE principal = :id AND valid_until > :now LIMIT 1
"""
_REMOVE = "DELETE FROM teams WHERE id = :id"


@dataclass(frozen=True, slots=True)
class TeamTable:
    """mandates.teams.TeamStore: one row each; mandates.clients.TeamLooks: who is on them."""

    database: Database

    async def add(self, unit: Unit, team: Team, most: int) -> bool:
        """Keep a new team; False, keeping nothing, when its organisation has `most`."""
        organisation = team.organisation.bytes
        row = await inside(unit).one(_COUNT, {"organisation": organisation, "most": most})
        if row is not None and row[0] >= most:
            return False
        await inside(unit).put(_ADD, {"id": team.id.bytes, "organisation": organisation, "name": team.name})
        return True

    async def find(self, team: PartyId) -> Team | None:
        """Find by id."""
        row = await self.database.one(_FIND, {"id": team.bytes})
        return None if row is None else _team(row)

    async def of(self, organisation: PartyId, page: Page) -> Sequence[Team]:
        """Return the next teams of an organisation, in the order of ids."""
        asked: Params = {
            "organisation": organisation.bytes,
            "after": b"" if page.after is None else page.after.bytes,
            "size": page.size,
        }
        return tuple(map(_team, await self.database.all(_OF, asked)))

    async def hold(self, unit: Unit, team: PartyId) -> bool:
        """Keep a team as it is until the unit ends; False when it is gone."""
        row = await inside(unit).one(_HOLD + self.database.for_share, {"id": team.bytes})
        return row is not None

    async def is_empty(self, unit: Unit, team: PartyId, now: datetime) -> bool:
        """Tell whether nobody is on a team, and it is for nobody."""
        return await inside(unit).one(_USED, {"id": team.bytes, "now": micros(now)}) is None

    async def remove(self, unit: Unit, team: PartyId) -> bool:
        """Remove a team; False when it is gone."""
        return await inside(unit).execute(_REMOVE, {"id": team.bytes}) == 1

    async def off_teams(self, organisation: PartyId, cut: Cut, now: datetime) -> OffTeams:
        """Look at the next mandates that an organisation got, as its list has them: whose are on no team."""
        asked: Params = {
            "party": organisation.bytes,
            "scope": _scope(organisation),
            "now": micros(now),
            "size": cut.size,
            **live_after(cut, now),
        }
        rows = await self.database.all(_SPOTS, asked)
        return OffTeams(
            found=[
                Spot(client=PartyId(UUID(bytes=row[2])), last=_last(row)) for row in rows if row[3] is None
            ],
            last=_last(rows[-1]) if len(rows) == cut.size else None,
        )

    async def joined(
        self, organisation: PartyId, people: Iterable[PartyId], now: datetime
    ) -> Mapping[PartyId, Sequence[Team]]:
        """Return on which teams of an organisation each of these people is, in the order of their ids."""
        found: dict[PartyId, list[Team]] = {}
        for sql, params in among(_JOINED, (each.bytes for each in people)):
            asked: Params = {**params, "scope": _scope(organisation), "now": micros(now)}
            for person, *team in await self.database.all(sql, asked):
                found.setdefault(PartyId(UUID(bytes=person)), []).append(_team(tuple(team)))
        return found


def _last(row: Row) -> Last:
    return Last(ends=moment(row[1]), edge=EdgeId(UUID(bytes=row[0])))


def _scope(organisation: PartyId) -> bytes:
    return scope_hash(Scope.of_teams(organisation).key)


def _team(row: Row) -> Team:
    id_, organisation, name = row
    return Team(id=PartyId(UUID(bytes=id_)), organisation=PartyId(UUID(bytes=organisation)), name=name)
