"""When statements in use are looked at again, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.mandates.looks import Good, Look
from toegang.storage.authority_statements import statement_in
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment, moment_or_none, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.party import PartyId
    from toegang.mandates.statement import Statement, StatementId
    from toegang.storage.database import Database
    from toegang.storage.statements import Params
    from toegang.units import Unit

_BEGIN = """
INSERT INTO authority_looks (statement, over_at, look_at, shaken, good_until)
VALUES (:statement, :over_at, :look_at, 0, 0) ON CONFLICT (statement) DO NOTHING
"""
_FIND = "SELECT shaken, good_until, good_ends, good_by FROM authority_looks WHERE statement = :statement"
_REMEMBER = """
UPDATE authority_looks SET good_until = :until, good_ends = :ends, good_by = :service
WHERE statement = :statement AND shaken = :shaken
"""
# In the order of their ids, as whoever ends several does: two in another order would wait for each other.
_SHAKE = """
UPDATE authority_looks SET shaken = shaken + 1, good_until = 0 WHERE statement IN (
    SELECT statement FROM authority_looks WHERE statement IN (
        SELECT statement FROM authority_statement_parties WHERE party = :party AND issued_at > :since
    ) ORDER BY statement {for_update}
)
"""
_OVER = """
SELECT body FROM (
    SELECT statement, over_at FROM authority_looks WHERE over_at <= :now
    ORDER BY over_at, statement LIMIT :size
) AS ended JOIN authority_statements ON id = ended.statement ORDER BY over_at, id
"""
_DUE = """
SELECT body, look_at FROM (
    SELECT statement, look_at FROM authority_looks WHERE look_at <= :now
    ORDER BY look_at, statement LIMIT :size
) AS due JOIN authority_statements ON id = due.statement ORDER BY look_at, id
"""
_PUT_OFF = "UPDATE authority_looks SET look_at = :until WHERE statement = :statement AND look_at = :seen"
_DROP = "DELETE FROM authority_looks WHERE statement = :statement"


@dataclass(frozen=True, slots=True)
class LookTable:
    """mandates.looks.Looks: one row for each statement that is looked at."""

    database: Database

    async def begin(self, unit: Unit, statement: StatementId, over_at: datetime, look_at: datetime) -> None:
        """Keep that a statement is over then, and when registers are asked of it."""
        kept: Params = {
            "statement": statement.bytes,
            "over_at": micros(over_at),
            "look_at": micros(look_at),
        }
        await inside(unit).put(_BEGIN, kept)

    async def find(self, statement: StatementId) -> Look | None:
        """Return what is kept of a statement; None of one that nobody need look at."""
        row = await self.database.one(_FIND, {"statement": statement.bytes})
        if row is None:
            return None
        shaken, until, ends, service = row
        good = Good(until=moment(until), ends=moment_or_none(ends), service=service) if until else None
        return Look(shaken=shaken, good=good)

    async def remember(self, unit: Unit, statement: StatementId, shaken: int, good: Good) -> bool:
        """Keep what was found; False, keeping nothing, when it was shaken since."""
        kept: Params = {
            "statement": statement.bytes,
            "shaken": shaken,
            "until": micros(good.until),
            "ends": stamp_or_none(good.ends),
            "service": good.service,
        }
        return await inside(unit).execute(_REMEMBER, kept) == 1

    async def shake(self, unit: Unit, party: PartyId, since: datetime) -> None:
        """Forget what was found of all that is about a party and was stated since."""
        shake = _SHAKE.format(for_update=self.database.for_update)
        await inside(unit).execute(shake, {"party": party.bytes, "since": micros(since)})

    async def over(self, now: datetime, size: int) -> Sequence[Statement]:
        """Return the first of those that are over."""
        rows = await self.database.all(_OVER, {"now": micros(now), "size": size})
        return [statement_in(row[0]) for row in rows]

    async def due(self, now: datetime, size: int) -> Sequence[tuple[Statement, datetime]]:
        """Return the first of those about which registers are to be asked, with the moment of each."""
        rows = await self.database.all(_DUE, {"now": micros(now), "size": size})
        return [(statement_in(body), moment(at)) for body, at in rows]

    async def put_off(self, unit: Unit, statement: StatementId, seen: datetime, until: datetime) -> bool:
        """Have it asked later; False when it was put off, or is gone, since."""
        moved: Params = {"statement": statement.bytes, "seen": micros(seen), "until": micros(until)}
        return await inside(unit).execute(_PUT_OFF, moved) == 1

    async def drop(self, unit: Unit, statement: StatementId) -> bool:
        """Look at a statement no more; False when somebody else did so before."""
        return await inside(unit).execute(_DROP, {"statement": statement.bytes}) == 1
