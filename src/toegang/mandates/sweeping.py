"""Sweeping: what was kept long enough is erased, a slice at a time, so that nobody waits for it.

No answer depends on it: what is over is over without it. A mandate is kept for as long as somebody may be
asked what was done by it, a statement for as long as a late fact may say that it should not have been made;
what they were about stands in the trail for its own time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.mandates.listing import ends

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import EdgeId
    from toegang.mandates.searching import ClientNames
    from toegang.mandates.stores import Kept
    from toegang.units import Units

EDGES_KEPT: Final = timedelta(days=7 * 366)
"""BW-3:310, AWR-52: after its end, for as long as people and tax offices may ask who acted by it."""
STATEMENTS_KEPT: Final = timedelta(days=400)
"""After it could no longer be redeemed: registers tell some facts more than a year late."""
SLICE: Final = 500
"""Rows of each kind that are looked at in one unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeping:
    """Erases, in units of `size` rows at most, so that others write between two."""

    units: Units
    kept: Kept
    clients: ClientNames
    size: int = SLICE

    async def all(self, now: datetime) -> None:
        """Erase everything that may go."""
        after = await self.edges(now)
        while after is not None:
            after = await self.edges(now, after)
        name = await self.names(now)
        while name:
            name = await self.names(now, name)
        for sweep in (self.statements, self.counts):
            while await sweep(now) == self.size:
                pass

    async def edges(self, now: datetime, after: EdgeId | None = None) -> EdgeId | None:
        """Erase what may go of the next mandates; return after which to go on, None when none is left.

        Those that began too late to be over for long enough are not looked at.
        """
        edges = await self.kept.next_edges(after, now - EDGES_KEPT, self.size)
        over = sorted(
            (each for each in edges if ends(each) + EDGES_KEPT <= now), key=lambda each: each.principal
        )
        async with self.units.begin() as unit:
            for edge in over:
                await self.kept.erase(unit, edge)
        return edges[-1].id if len(edges) == self.size else None

    async def names(self, now: datetime, after: bytes = b"") -> bytes:
        """Forget by which names those are found who are no client any more, as when a mandate was over.

        Return where to go on; empty when none is left.
        """
        async with self.units.begin() as unit:
            return await self.clients.sweep(unit, after, self.size, now)

    async def statements(self, now: datetime) -> int:
        """Erase the oldest statements; return how many."""
        async with self.units.begin() as unit:
            return await self.kept.erase_statements(unit, now - STATEMENTS_KEPT, self.size)

    async def counts(self, now: datetime) -> int:
        """Erase counts of requests of long ago; return how many."""
        async with self.units.begin() as unit:
            return await self.kept.erase_counts(unit, now, self.size)
