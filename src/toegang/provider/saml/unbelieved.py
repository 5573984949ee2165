"""Messages in the name of a connection that it did not send: recorded, and a flood of them in few rows.

Anybody can name a connection in a message. Of what is refused alike within a minute the first is recorded,
and then the tenth, the hundredth, the thousandth: a flood fills no trail, which says how large it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.audit.events import ConnectionRefused

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.watch import Catalogue
    from toegang.errors import Refusal
    from toegang.provider.saml.received import Claimed
    from toegang.units import Units

WINDOW: Final = timedelta(minutes=1)
MOST: Final = 10_000
"""Counts that are remembered at once; then those of minutes that are over go."""

Key = tuple[str, str, str]


@dataclass(slots=True, kw_only=True)
class Unbelieved:
    """Counts in this process: an event says how many it saw itself."""

    catalogue: Catalogue
    units: Units
    trail: Trail
    _counts: dict[Key, tuple[datetime, int]] = field(default_factory=dict, init=False, repr=False)

    async def record(self, claimed: Claimed, endpoint: str, refusal: Refusal, now: datetime) -> None:
        """Record a refused message of a connection that we know; garbage from nobody leaves no trace."""
        connection = self.catalogue.current.connection_of(claimed.issuer)
        if connection is None:
            return
        times = self._count((connection.id, endpoint, refusal.code), now)
        if not _is_power_of_ten(times):
            return
        event = ConnectionRefused(
            at=now, client=connection.id, endpoint=endpoint, code=refusal.code, times=times
        )
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)

    def _count(self, key: Key, now: datetime) -> int:
        since, before = self._counts.get(key, (now, 0))
        if now - since >= WINDOW:
            since, before = now, 0
        if len(self._counts) >= MOST:
            self._counts = {one: kept for one, kept in self._counts.items() if now - kept[0] < WINDOW}
        self._counts[key] = (since, before + 1)
        return before + 1


def _is_power_of_ten(number: int) -> bool:
    return str(number).rstrip("0") == "1"
