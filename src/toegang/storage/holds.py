"""Holds on persons, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.identity.holds import Hold, HoldReason
from toegang.identity.people import PersonId
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

# Whoever places or lifts a hold of somebody does so alone: the last to go decides what becomes of accounts.
ALONE = "SELECT id FROM people WHERE id = :person"
OF_PERSON = """
SELECT person, reason, since, until, words, other FROM holds WHERE person = :person ORDER BY since, reason
"""
PUT = """
INSERT INTO holds (person, reason, since, until, words, other)
VALUES (:person, :reason, :since, :until, :words, :other)
ON CONFLICT (person, reason) DO NOTHING
"""
LIFT = "DELETE FROM holds WHERE person = :person AND reason = :reason"
LIFT_OVER = f"{LIFT} AND until <= :over_at"
SETTLE = """
UPDATE holds SET until = NULL WHERE person = :person AND reason = :reason AND until = :until
"""
DUE = """
SELECT person, reason, since, until, words, other FROM holds
WHERE until <= :now ORDER BY until, person LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class HoldTable:
    """identity.holds.Holds: holds, one of each reason for each person."""

    database: Database

    async def of_person(self, person: PersonId) -> tuple[Hold, ...]:
        """Return the person's holds, oldest first."""
        return tuple(map(hold_in, await self.database.all(OF_PERSON, {"person": person.bytes})))

    async def put(self, unit: Unit, hold: Hold) -> bool:
        """Keep a hold; False, changing nothing, when the person has one of this reason. Atomic."""
        connection = inside(unit)
        await connection.one(ALONE + self.database.for_update, {"person": hold.person.bytes})
        done = await connection.execute(
            PUT,
            {
                "person": hold.person.bytes,
                "reason": hold.reason.value,
                "since": micros(hold.since),
                "until": micros(hold.until) if hold.until else None,
                "words": hold.words,
                "other": hold.other.bytes if hold.other else None,
            },
        )
        return done == 1

    async def lift(
        self, unit: Unit, person: PersonId, reason: HoldReason, over_at: datetime | None = None
    ) -> tuple[Hold, ...] | None:
        """Take a hold away, with `over_at` only one that is over; return those that are left. Atomic."""
        connection, which = inside(unit), {"person": person.bytes}
        await connection.one(ALONE + self.database.for_update, which)
        named: Params = {**which, "reason": reason.value}
        if over_at is None:
            lifted = await connection.execute(LIFT, named)
        else:
            lifted = await connection.execute(LIFT_OVER, {**named, "over_at": micros(over_at)})
        if lifted != 1:
            return None
        return tuple(map(hold_in, await connection.all(OF_PERSON, which)))

    async def settle(self, unit: Unit, hold: Hold) -> bool:
        """Note that what was to come at `until` was done; False when it was, or the hold is gone. Atomic."""
        if hold.until is None:
            return False
        which = {"person": hold.person.bytes, "reason": hold.reason.value, "until": micros(hold.until)}
        return await inside(unit).execute(SETTLE, which) == 1

    async def due(self, now: datetime, most: int) -> tuple[Hold, ...]:
        """Return holds whose `until` has come, the first to come first."""
        return tuple(map(hold_in, await self.database.all(DUE, {"now": micros(now), "most": most})))


def hold_in(row: Row) -> Hold:
    """Read a hold from its columns."""
    person, reason, since, until, words, other = row
    return Hold(
        person=PersonId(UUID(bytes=person)),
        reason=HoldReason(reason),
        since=moment(since),
        until=None if until is None else moment(until),
        words=words,
        other=PersonId(UUID(bytes=other)) if other else None,
    )
