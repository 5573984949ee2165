"""The work that goes on beside requests, in every worker; correctness never waits for any of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang import log
from toegang.audit.sequencer import INTERVAL, Sequencer
from toegang.errors import ToegangError, Unavailable
from toegang.storage import Expired, Leases

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.post.delivery import Delivery
    from toegang.reports.counting import Reports
    from toegang.storage.grants import GrantsStore

LEASE = timedelta(seconds=5)
SWEEP_EVERY = 10.0  # seconds
COUNT_EVERY = 5.0  # seconds
SWEEP_LIMIT = 1000  # rows in one statement
PAUSE_AFTER_TROUBLE = 2.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """Everything that runs until it is stopped."""

    ground: Ground
    catalogue: Catalogue
    sequencer: Sequencer
    delivery: Delivery
    grants: GrantsStore
    reports: Reports

    async def run(self) -> None:
        """Run all loops until cancelled; trouble in one is logged and stops none."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.catalogue.watch(asyncio.Event()))
            group.create_task(self._for_ever("post", self.delivery.run))
            group.create_task(self._for_ever("sequencer", self._sequence))
            group.create_task(self._for_ever("sweep", self._sweep))
            group.create_task(self._for_ever("figures", self._count))

    async def _for_ever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (ToegangError, ExceptionGroup) as error:
                log.trouble("loop:trouble", error, loop=name)
                await asyncio.sleep(PAUSE_AFTER_TROUBLE)

    async def _sequence(self) -> None:
        """Grow the tree of the trail; one holder at a time, so that nodes do not try in vain."""
        holder, leases = self.ground.ids.token(8), Leases()
        while True:
            now = self.ground.clock.now()
            async with self.ground.units.begin() as unit:
                ours = await leases.acquire(unit, "sequencer", holder, now + LEASE, now)
            until = asyncio.get_running_loop().time() + LEASE.total_seconds() / 2
            while ours and asyncio.get_running_loop().time() < until:
                if await self.sequencer.step() == 0:
                    await asyncio.sleep(INTERVAL)
            if not ours:
                await asyncio.sleep(LEASE.total_seconds() / 4)

    async def _sweep(self) -> None:
        """Remove what has expired, a little at a time."""
        expired = Expired(self.ground.database)
        while True:
            now = self.ground.clock.now()
            with suppress(Unavailable):
                async with self.ground.units.begin() as unit:
                    await expired.sweep(unit, now, SWEEP_LIMIT)
                async with self.ground.units.begin() as unit:
                    await self.grants.sweep(unit, now, SWEEP_LIMIT)
            await asyncio.sleep(SWEEP_EVERY)

    async def _count(self) -> None:
        """Keep the public figures up to date; two counters at once count nothing twice."""
        while True:
            await self.reports.count()
            await asyncio.sleep(COUNT_EVERY)
