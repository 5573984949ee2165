"""Teams of organisations, on either engine; who is on them and for whom they are stands with the edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.party import PartyId
from toegang.mandates.teams import Team
from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

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
_HOLD = "SELECT id FROM teams WHERE id = :id"
_USED = """
SELECT 1 FROM authority_index WHERE agent = :id AND valid_until > :now
UNION ALL SELECT 1 FROM authority_index WHERE principal = :id AND valid_until > :now LIMIT 1
"""
_REMOVE = "DELETE FROM teams WHERE id = :id"


@dataclass(frozen=True, slots=True)
class TeamTable:
    """mandates.teams.TeamStore: one row each."""

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


def _team(row: Row) -> Team:
    id_, organisation, name = row
    return Team(id=PartyId(UUID(bytes=id_)), organisation=PartyId(UUID(bytes=organisation)), name=name)
