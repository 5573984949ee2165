"""Refusals that anybody can cause: a flood of them fills no trail, which says how large it was.

Of what is refused alike within a minute the first is recorded, and then the tenth, the hundredth, the
thousandth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

WINDOW: Final = timedelta(minutes=1)
MOST: Final = 10_000
"""Counts that are remembered at once; then those of minutes that are over go."""

Key = tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Flood:
    """Counts in this process: an event says how many it saw itself."""

    _counts: dict[Key, tuple[datetime, int]] = field(default_factory=dict, init=False, repr=False)

    def count(self, key: Key, now: datetime) -> int | None:
        """Count one of those alike in `key`; return the how manyth it is, or None where no event is due."""
        since, before = self._counts.get(key, (now, 0))
        if now - since >= WINDOW:
            since, before = now, 0
        if len(self._counts) >= MOST:
            self._counts = {one: kept for one, kept in self._counts.items() if now - kept[0] < WINDOW}
        self._counts[key] = (since, before + 1)
        return before + 1 if _is_power_of_ten(before + 1) else None


def _is_power_of_ten(number: int) -> bool:
    return str(number).rstrip("0") == "1"
