"""How often somebody asked somebody for a mandate: one row for the two of them, counted in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.mandates.asked import COOL_DOWN, MOST_ASKED, WITHIN
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.storage.database import Connection, Database
    from toegang.storage.statements import Params

_ASK: Final = """
INSERT INTO mandate_requests (principal, agent, began, times, quiet_until, forgotten)
VALUES (:principal, :agent, :now, 1, 0, :forgotten)
ON CONFLICT (principal, agent) DO UPDATE SET
    times = CASE WHEN mandate_requests.began <= :before THEN 1 ELSE mandate_requests.times + 1 END,
    began = CASE WHEN mandate_requests.began <= :before THEN excluded.began ELSE mandate_requests.began END,
    forgotten = CASE WHEN mandate_requests.forgotten > excluded.forgotten
        THEN mandate_requests.forgotten ELSE excluded.forgotten END
WHERE mandate_requests.quiet_until <= :now
    AND (mandate_requests.began <= :before OR mandate_requests.times < :most)
"""
_FULL: Final = """
SELECT 1 FROM mandate_requests WHERE principal = :principal AND agent = :agent
    AND (quiet_until > :now OR (began > :before AND times >= :most))
"""
_QUIETEN: Final = """
INSERT INTO mandate_requests (principal, agent, began, times, quiet_until, forgotten)
VALUES (:principal, :agent, :now, 0, :quiet_until, :quiet_until)
ON CONFLICT (principal, agent) DO UPDATE SET quiet_until = excluded.quiet_until,
    forgotten = CASE WHEN mandate_requests.forgotten > excluded.forgotten
        THEN mandate_requests.forgotten ELSE excluded.forgotten END
"""


async def ask(connection: Connection, edge: Edge, now: datetime) -> bool:
    """Count a request; False when it is one too many, or too soon after one was declined. Atomic."""
    more: Params = {
        "now": micros(now),
        "before": micros(now - WITHIN),
        "forgotten": micros(now + WITHIN),
        "most": MOST_ASKED,
    }
    return await connection.execute(_ASK, {**_pair(edge), **more}) == 1


async def may_be_asked(database: Database, edge: Edge, now: datetime) -> bool:
    """Tell whether the principal may be asked as who they are, however addressed; it counts nothing."""
    asked: Params = {
        "principal": edge.principal.bytes,
        "agent": edge.agent.bytes,
        "now": micros(now),
        "before": micros(now - WITHIN),
        "most": MOST_ASKED,
    }
    return await database.one(_FULL, asked) is None


async def quieten(connection: Connection, edge: Edge, now: datetime) -> None:
    """Let the agent ask nothing of the principal for a while."""
    more: Params = {"now": micros(now), "quiet_until": micros(now + COOL_DOWN)}
    await connection.put(_QUIETEN, {**_pair(edge), **more})


def _pair(edge: Edge) -> Params:
    """L03: count who was asked as who asks addresses them."""
    principal, agent = edge.addressed
    return {"principal": principal.bytes, "agent": agent.bytes}
