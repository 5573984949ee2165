"""Quotas: how many questions a client has in a clock hour.

One row for each client and hour, which goes with the hour: whoever tries all numbers finds out in years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import Refusal, TooManyTries

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import ClientId
    from toegang.units import Expiring, Unit

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Counts; each count is one atomic change of one row, so that questions beside each other all count."""

    store: Expiring[int]

    async def spend(
        self, unit: Unit, client: ClientId, questions: int, per_hour: int, now: datetime
    ) -> Refusal | None:
        """Count these questions; TooManyTries, counting nothing, when they are more than are left."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        until = hour + HOUR
        wait = TooManyTries(max(1, round((until - now).total_seconds())), f"quota of {client}")
        if questions > per_hour:
            return wait

        def spent(before: int) -> int | Refusal:
            return before + questions if before + questions <= per_hour else wait

        key = f"{client} {hour.isoformat()}"
        result = await self.store.change(unit, key, now, spent)
        if result is None:
            if await self.store.add(unit, key, questions, until, now):
                return None
            result = await self.store.change(unit, key, now, spent)
        return result if isinstance(result, Refusal) else None
