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
from toegang.mandates.sweeping import Sweeping
from toegang.storage import Expired, Leases
from toegang.storage.accounts import AccountTable
from toegang.storage.apps import AppChanges
from toegang.storage.client_names import ClientNameTable
from toegang.storage.mandates_kept import MandatesKept

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from toegang.app.gauges import Gauges
    from toegang.app.ground import Ground
    from toegang.app.life import Life
    from toegang.catalogue.partners.refresh import MetadataRefresh
    from toegang.catalogue.partners.warnings import CertificateWarnings
    from toegang.catalogue.watch import Catalogue
    from toegang.mandates.jobs import Jobs
    from toegang.mandates.noticing import Noticing
    from toegang.means.app.watching import Watcher
    from toegang.means.passkey.known_models import KnownModels
    from toegang.post.delivery import Delivery
    from toegang.reports.counting import Reports
    from toegang.storage.grants import GrantsStore
    from toegang.units import Unit

    Sweeper = Callable[[Unit, datetime, int], Awaitable[int]]

LEASE = timedelta(seconds=5)
LATE = timedelta(milliseconds=500)
"""An event that waits longer than this is taken by whoever sees it: the holder has died or hangs."""

METADATA = "metadata"
METADATA_LEASE = timedelta(minutes=10)  # longer than the largest document takes
ASK_METADATA_EVERY = 60.0  # seconds
FETCHED_AT_ONCE = 8  # addresses of partners
LIFE = "life"
LIFE_LEASE = timedelta(minutes=1)  # longer than one part of the register's list takes
ASK_LIFE_EVERY = 5.0  # seconds
LAW = "law"
LAW_LEASE = timedelta(minutes=2)  # longer than registers keep a round waiting
ASK_LAW_EVERY = 5.0  # seconds
JOBS = "mandate-jobs"
JOBS_LEASE = timedelta(minutes=5)  # longer than a stretch takes; who comes too early does no harm (job.py)
ASK_JOBS_EVERY = 5.0  # seconds
LOOK_AT_MODELS_EVERY = 60.0  # seconds
DAILY_LEASE = timedelta(days=1)
ASK_DAILY_EVERY = 600.0  # seconds
SWEEP_EVERY = 10.0  # seconds
COUNT_EVERY = 5.0  # seconds
SWEEP_LIMIT = 1000  # rows in one statement
PAUSE_AFTER_TROUBLE = 2.0  # seconds
FORGET_LIMIT = 500  # events whose people are forgotten in one unit; others write between two
RETENTION = "retention"  # the ground of an erasure, as the trail names it


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """Everything that runs until it is stopped."""

    ground: Ground
    catalogue: Catalogue
    sequencer: Sequencer
    delivery: Delivery
    grants: GrantsStore
    models: KnownModels
    reports: Reports
    gauges: Gauges
    refresh: MetadataRefresh
    warnings: CertificateWarnings
    watcher: Watcher
    life: Life
    noticing: Noticing
    jobs: Jobs

    async def run(self) -> None:
        """Run all loops until cancelled; trouble in one is logged and stops none."""
        works: dict[str, Callable[[], Awaitable[None]]] = {
            "catalogue": lambda: self.catalogue.watch(asyncio.Event()),
            "post": self.delivery.run,
            "sequencer": self._sequence,
            "sweep": self._sweep,
            "daily": self._daily,
            "figures": self._count,
            "gauges": self.gauges.run,
            "metadata": self._metadata,
            "models": self._models,
            "apps": self.watcher.run,
            "life": self._life,
            "law": self._law,
            "jobs": self._jobs,
        }
        async with asyncio.TaskGroup() as group:
            for name, work in works.items():
                group.create_task(self._for_ever(name, work), name=name)

    async def _for_ever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 outermost edge of a loop: it goes on, or nobody would notice
                log.trouble("loop:trouble", error, loop=name)
                self.ground.metrics.count(self.ground.metrics.loops, name)
                await asyncio.sleep(PAUSE_AFTER_TROUBLE)

    async def _sequence(self) -> None:
        """Grow the tree of the trail: one holder at a time, so that nodes do not try in vain.

        The others watch (a read, no write): an event must be under a signature within a second, and a
        holder that died would keep its lease longer. Two at once do no harm (sequencer.py).
        """
        holder, leases, clock = self.ground.ids.token(8), Leases(), asyncio.get_running_loop()
        while True:
            now = self.ground.clock.now()
            async with self.ground.units.begin() as unit:
                ours = await leases.acquire(unit, "sequencer", holder, now + LEASE, now)
            until = clock.time() + LEASE.total_seconds() / 2
            while clock.time() < until:
                grown = await self.sequencer.step() if ours or await self._is_late() else 0
                # One step costs the same for one event as for hundreds: let them gather, unless many wait.
                if grown < self.sequencer.batch:
                    await asyncio.sleep(INTERVAL)

    async def _is_late(self) -> bool:
        return (await self.ground.trail.lag(self.ground.clock.now())).oldest > LATE

    async def _sweep(self) -> None:
        """Remove what is over, a little at a time, and as fast as it comes."""
        sweepers: tuple[Sweeper, ...] = (
            Expired(self.ground.database).sweep,
            self.grants.sweep,
            AccountTable(self.ground.database).lapse,
            AppChanges(self.ground.database).sweep,
            self.ground.trail.tell_steps,
        )
        while True:
            for sweep in sweepers:
                swept = SWEEP_LIMIT
                while swept == SWEEP_LIMIT:
                    swept = await self._swept(sweep)
            await asyncio.sleep(SWEEP_EVERY)

    async def _swept(self, sweep: Sweeper) -> int:
        with suppress(Unavailable):
            async with self.ground.units.begin() as unit:
                return await sweep(unit, self.ground.clock.now(), SWEEP_LIMIT)
        return 0

    async def _daily(self) -> None:
        """Do once a day, on one node, what needs no hurry."""
        while True:
            await self.tidy()
            await asyncio.sleep(ASK_DAILY_EVERY)

    async def tidy(self) -> bool:
        """Forget messages, people and mandates of long ago, unless that was done this day; tell whether.

        The lease has a new holder each time: who did the work today cannot prolong it either.
        """
        holder, leases, now = self.ground.ids.token(8), Leases(), self.ground.clock.now()
        async with self.ground.units.begin() as unit:
            if not await leases.acquire(unit, "daily", holder, now + DAILY_LEASE, now):
                return False
        try:
            await self.delivery.sweep()
            await self._forget_people()
            await self._mandates.all(now)
            await self.jobs.sweep(now)
        except ToegangError:
            async with self.ground.units.begin() as unit:
                await leases.release(unit, "daily", holder)
            raise
        return True

    @property
    def _mandates(self) -> Sweeping:
        database = self.ground.database
        return Sweeping(
            units=self.ground.units, kept=MandatesKept(database), clients=ClientNameTable(database)
        )

    async def _forget_people(self) -> None:
        """GDPR-5.1.e: take away who events were about, once that was kept as long as the settings say."""
        days = self.ground.settings.audit.retention_days
        if not days:
            return
        now = self.ground.clock.now()
        erased = 1
        while erased:
            async with self.ground.units.begin() as unit:
                erased = await self.ground.trail.erase_before(
                    unit, now - timedelta(days=days), RETENTION, now, limit=FORGET_LIMIT
                )

    async def _metadata(self) -> None:
        """Fetch partners' metadata when it is due, on one node at a time; warn of certificates once a day."""
        holder = self.ground.ids.token(8)
        while True:
            if await self._leads(METADATA, holder, METADATA_LEASE):
                await self.partners(holder)
            await asyncio.sleep(ASK_METADATA_EVERY)

    async def partners(self, holder: str) -> None:
        """Do what is due now; now and then the lease is kept up, or the work is another's."""
        due, now = await self.refresh.due(self.ground.clock.now()), self.ground.clock.now
        for at in range(0, len(due), FETCHED_AT_ONCE):
            await asyncio.gather(
                *(self.refresh.refresh(each, now()) for each in due[at : at + FETCHED_AT_ONCE])
            )
            if not await self._leads(METADATA, holder, METADATA_LEASE):
                return
        if await self._leads("certificates", self.ground.ids.token(8), DAILY_LEASE):
            await self.warnings.warn(self.ground.clock.now())

    async def _models(self) -> None:
        """Take over what was laid ready of models of authenticators, here or on another node."""
        while True:
            await asyncio.sleep(LOOK_AT_MODELS_EVERY)
            await self.models.look(self.ground.clock.now())

    async def _life(self) -> None:
        """Follow what happens in people's lives, on one node at a time."""
        holder = self.ground.ids.token(8)
        while True:
            more = False
            if await self._leads(LIFE, holder, LIFE_LEASE):
                more = await self.life.round(self.ground.clock.now())
            await asyncio.sleep(0 if more else ASK_LIFE_EVERY)

    async def _law(self) -> None:
        """Notice what ended by itself of what logins stated, on one node at a time."""
        holder = self.ground.ids.token(8)
        while True:
            more = False
            if await self._leads(LAW, holder, LAW_LEASE):
                more = await self.noticing.round(self.ground.clock.now())
            await asyncio.sleep(0 if more else ASK_LAW_EVERY)

    async def _jobs(self) -> None:
        """Go on with what is done with many mandates, on one node at a time."""
        holder = self.ground.ids.token(8)
        while True:
            more = await self._leads(JOBS, holder, JOBS_LEASE) and await self.jobs.round()
            await asyncio.sleep(0 if more else ASK_JOBS_EVERY)

    async def _leads(self, work: str, holder: str, lease: timedelta) -> bool:
        now = self.ground.clock.now()
        async with self.ground.units.begin() as unit:
            return await Leases().acquire(unit, work, holder, now + lease, now)

    async def _count(self) -> None:
        """Keep the public figures up to date; two counters at once count nothing twice."""
        while True:
            await self.reports.count()
            await asyncio.sleep(COUNT_EVERY)
