"""How often something may be tried, without anybody being able to lock others out.

Tries of a name are counted apart for devices that its owner used before and for all others, so that a
stranger's guesses never keep the owner from a known device (security line L02). Names that nobody has are
counted in the same way, so that counting tells nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from toegang.errors import Refusal, TooManyTries
from toegang.means.citizen.policy import Limit

if TYPE_CHECKING:
    from toegang.units import Expiring, Unit

MOST_DOUBLINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something was tried since `began`; `last` is the latest try."""

    count: int
    began: datetime
    last: datetime


def seconds_to_wait(tally: Tally | None, limit: Limit, now: datetime) -> int:
    """Return how long to wait before the next try, in whole seconds; 0 when it may be now."""
    if tally is None:
        return 0
    ready = tally.last + _pause(tally.count, limit)
    if tally.count >= limit.most:
        ready = max(ready, tally.began + limit.window)
    return max(0, math.ceil((ready - now).total_seconds()))


def _pause(count: int, limit: Limit) -> timedelta:
    if count < limit.free or not limit.first_wait:
        return timedelta(0)
    doublings = min(count - limit.free, MOST_DOUBLINGS)
    return min(limit.first_wait * (1 << doublings), limit.longest_wait)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """Counts tries; each count is one atomic change of one row, so parallel tries are all counted."""

    store: Expiring[Tally]

    async def wait(self, what: str, limit: Limit, now: datetime) -> int:
        """Return the seconds to wait before the next try, without counting one; 0 for none."""
        return seconds_to_wait(await self.store.find(what, now), limit, now)

    async def count(self, unit: Unit, what: str, limit: Limit, now: datetime) -> Refusal | None:
        """Count one try; return TooManyTries, counting nothing, when it may not be made now."""

        def counted(tally: Tally) -> Tally | Refusal:
            wait = seconds_to_wait(tally, limit, now)
            if wait:
                return TooManyTries(wait, what.partition(":")[0])
            return replace(tally, count=tally.count + 1, last=now)

        result = await self.store.change(unit, what, now, counted)
        if result is None:
            first = Tally(count=1, began=now, last=now)
            if await self.store.add(unit, what, first, now + limit.window, now):
                return None
            result = await self.store.change(unit, what, now, counted)
        return result if isinstance(result, Refusal) else None

    async def clear(self, unit: Unit, what: str, now: datetime) -> None:
        """Forget what was counted."""
        await self.store.take(unit, what, now)
