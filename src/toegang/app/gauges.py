"""Gauges: what stands still enough to be looked at once in a while, for the metrics.

What one worker knows of itself (its event loop, its queue of hashes, its connections) is looked at every
second; what the database knows of the whole hub, every five, by each worker: the newest word counts.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.app.metrics import LEAST, MOST, NEWEST, SUM
from toegang.errors import Unavailable
from toegang.post.budget import HOUR

if TYPE_CHECKING:
    from collections import Counter

    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.means.citizen.hashing import Hasher
    from toegang.post.budget import SmsBudget
    from toegang.post.delivery import Delivery

EVERY = 1.0  # seconds
SHARED_EVERY = 5  # times that


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """Looks, and tells the metrics."""

    ground: Ground
    catalogue: Catalogue
    hasher: Hasher
    delivery: Delivery
    budget: SmsBudget

    async def run(self) -> None:
        """Look until cancelled."""
        told: dict[tuple[str, str], int] = {}
        while True:
            for _ in range(SHARED_EVERY):
                self._own(await self._late_by())
            self._post(self.delivery.outcomes, told)
            try:
                await self.look()
            except Unavailable:
                # The store is away; what was told last stands, and its age shows in the requests.
                continue

    async def look(self) -> None:
        """Look at what the whole hub shares.

        Raises:
            Unavailable: the store does not answer.

        """
        now, gauge = self.ground.clock.now(), self.ground.metrics.gauge
        lag = await self.ground.trail.lag(now)
        gauge("toegang_trail_waiting", "Events not yet in the tree.", NEWEST).set(lag.waiting)
        gauge("toegang_trail_lag_seconds", "Age of the oldest of them; over 1 is an alarm.", NEWEST).set(
            lag.oldest.total_seconds()
        )
        gauge("toegang_checkpoints_unsent", "Checkpoints that did not leave the database.", NEWEST).set(
            lag.unsent
        )
        backlog = {each.kind: each for each in await self.delivery.backlog()}
        for kind in self.delivery.routes:
            each = backlog.get(kind)
            oldest = now - each.oldest if each and each.oldest else timedelta()
            gauge("toegang_post_waiting", "Messages due and not delivered.", NEWEST, kind=kind).set(
                each.waiting if each else 0
            )
            gauge("toegang_post_oldest_seconds", "Age of the oldest of them.", NEWEST, kind=kind).set(
                max(0.0, oldest.total_seconds())
            )
        await self._texts()

    async def _texts(self) -> None:
        now, gauge = self.ground.clock.now(), self.ground.metrics.gauge
        hour = now.replace(minute=0, second=0, microsecond=0)
        async with self.ground.units.begin() as unit:
            spent = await self.budget.counters.spent(unit, hour, hour + HOUR)
        gauge("toegang_sms_hour_limit", "Codes that may be sent this hour.", NEWEST).set(
            self.budget.limits.hour
        )
        gauge("toegang_sms_hour_sent", "Codes sent this hour.", NEWEST).set(sum(one.sent for one in spent))
        gauge("toegang_sms_hour_used", "Codes of this hour that were entered.", NEWEST).set(
            sum(one.used for one in spent)
        )

    def _own(self, late_by: float) -> None:
        gauge, use = self.ground.metrics.gauge, self.ground.database.use()
        gauge("toegang_event_loop_lag_seconds", "How late a worker's loop was.", MOST).set(late_by)
        gauge("toegang_password_hashes_waiting", "Passwords to be hashed or checked.", SUM).set(
            self.hasher.waiting
        )
        gauge("toegang_catalogue_version", "Version that the last worker knows.", LEAST).set(
            self.catalogue.current.version
        )
        gauge("toegang_catalogue_unseen_seconds", "Since the catalogue was known to be newest.", MOST).set(
            self.catalogue.unseen_for
        )
        gauge("toegang_database_connections", "Connections to the database.", SUM).set(use.made)
        gauge("toegang_database_connections_lent", "Connections at work.", SUM).set(use.lent)
        gauge("toegang_database_connections_limit", "Connections that may be made.", SUM).set(use.size)
        gauge("toegang_database_waiting", "Units and reads waiting for a connection.", SUM).set(use.waiting)

    async def _late_by(self) -> float:
        """Sleep, and return how many seconds too late this task woke."""
        loop = asyncio.get_running_loop()
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        return max(0.0, loop.time() - due)

    def _post(self, outcomes: Counter[tuple[str, str]], told: dict[tuple[str, str], int]) -> None:
        """Add what was delivered since the last look; the room itself keeps a plain count."""
        metrics = self.ground.metrics
        for (kind, outcome), count in outcomes.items():
            metrics.count(metrics.post, kind, outcome, by=count - told.get((kind, outcome), 0))
            told[kind, outcome] = count
