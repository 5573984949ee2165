"""The lowest levels that people set for themselves, one row for each person who ever did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.errors import Refusal, Unavailable
from toegang.identity.people import PersonId
from toegang.login.floor import Floor
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_FIND = "SELECT person, level, since, lowered, lowers_at FROM floors WHERE person = :person"
_FIRST = """
    INSERT INTO floors (person, level, since, lowered, lowers_at)
    VALUES (:person, :level, :since, :lowered, :lowers_at)
    ON CONFLICT (person) DO NOTHING
"""
_CHANGE = """
    UPDATE floors SET level = :level, since = :since, lowered = :lowered, lowers_at = :lowers_at
    WHERE person = :person
"""


@dataclass(frozen=True, slots=True)
class FloorTable:
    """login.floor.Floors, on either engine."""

    database: Database

    async def find(self, person: PersonId) -> Floor | None:
        """Find the person's floor."""
        return _found(await self.database.one(_FIND, {"person": person.bytes}))

    async def change(
        self, unit: Unit, first: Floor, change: Callable[[Floor], Floor | Refusal]
    ) -> Floor | Refusal:
        """Replace the floor of `first.person`, or `first`, by `change` of it."""
        connection = inside(unit)
        found = await connection.one(_FIND + self.database.for_update, {"person": first.person.bytes})
        if found is None:
            await connection.put(_FIRST, _params(first))
            # The insert has waited for whoever was making the same one, so now it is seen.
            found = await connection.one(_FIND + self.database.for_update, {"person": first.person.bytes})
        kept = _found(found)
        if kept is None:
            raise Unavailable(detail="storage: a floor was removed while being made")
        changed = change(kept)
        if not isinstance(changed, Refusal):
            await connection.put(_CHANGE, _params(changed))
        return changed


def _params(floor: Floor) -> Params:
    return {
        "person": floor.person.bytes,
        "level": int(floor.level),
        "since": micros(floor.since),
        "lowered": None if floor.lowered is None else int(floor.lowered),
        "lowers_at": None if floor.lowers_at is None else micros(floor.lowers_at),
    }


def _found(row: Row | None) -> Floor | None:
    return None if row is None else floor_in(row)


def floor_in(row: Row) -> Floor:
    """Read a floor from its columns."""
    person, level, since, lowered, lowers_at = row
    return Floor(
        person=PersonId(UUID(bytes=person)),
        level=Level(level),
        since=moment(since),
        lowered=None if lowered is None else Level(lowered),
        lowers_at=None if lowers_at is None else moment(lowers_at),
    )
