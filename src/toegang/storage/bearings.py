"""What bears on a person's logins, of two tables in one question: asked at every proof and every use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.login.usable import NOTHING, Bearing
from toegang.storage.database import inside
from toegang.storage.floors import floor_in
from toegang.storage.holds import hold_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.identity.people import PersonId
    from toegang.storage.database import Database
    from toegang.storage.statements import Row
    from toegang.units import Unit

# A hold has a reason, and the one floor that there may be has none.
BEARING = """
    SELECT reason, person, since, until, words, other, NULL AS level, NULL AS lowered, NULL AS lowers_at
    FROM holds WHERE person = {person}
    UNION ALL
    SELECT '', person, since, NULL, '', NULL, level, lowered, lowers_at FROM floors WHERE person = {person}
    ORDER BY since, reason
"""
"""What `bearing_in` reads, of whoever `{person}` stands for."""

_OF_PERSON = BEARING.replace("{person}", ":person")


@dataclass(frozen=True, slots=True)
class BearingTables:
    """login.usable.Bearings, on either engine."""

    database: Database

    async def of_person(self, person: PersonId) -> Bearing:
        """Return the person's holds, oldest first, and their floor."""
        return bearing_in(await self.database.all(_OF_PERSON, {"person": person.bytes}))

    async def along(self, unit: Unit, person: PersonId) -> Callable[[], Bearing]:
        """Ask the same in a unit, for the price of its next question; call what is returned after that."""
        asked = await inside(unit).along(_OF_PERSON, {"person": person.bytes})
        return lambda: bearing_in(asked.rows)


def bearing_in(rows: list[Row]) -> Bearing:
    """Read what bears on a person from the rows of `BEARING`."""
    if not rows:
        return NOTHING
    holds = [hold_in((who, reason, *rest[:4])) for reason, who, *rest in rows if reason]
    floors = [floor_in((who, rest[4], rest[0], *rest[5:])) for reason, who, *rest in rows if not reason]
    return Bearing(holds=tuple(holds), floor=floors[0] if floors else None)
