"""Delivery: takes messages from the outbox and hands them to their carriers, in every worker.

A message is claimed for a while, carried outside any unit, then settled together with its event. A
sender that dies leaves a claim that lapses; the message is then carried again under the same id.
"""

from __future__ import annotations

import asyncio
import collections
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.audit.events import PostExpired, PostFailed
from toegang.errors import ProofInvalid, Refusal, ToegangError, Unavailable
from toegang.post.outbox import Claim, Fate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.audit.trail import Trail
    from toegang.clock import Clock
    from toegang.ids import Ids
    from toegang.post.outbox import Backlog, Carrier, Message, Outbox, Sealed
    from toegang.units import Unit, Units

    Lost = Callable[[Unit, Message, datetime], Awaitable[None]]

LEASE = timedelta(seconds=60)
"""Longer than any carrier may take; so long a message waits when its sender died."""

UNTOLD = 30
"""Looks after which a sender claims what there may be without having been told."""

SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
KEPT = timedelta(days=30)
"""How long the id of a settled message is remembered, without its payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How one kind of message travels.

    `at_once` is how many a worker carries at a time, `each` how many of these to one party (None: all): one
    that hangs then holds no more, and the others are carried meanwhile. `handed_over` makes the event of a
    delivery, from the message and the moment; None records nothing (the carrier's room keeps account).
    `lost` is called in the unit in which a message is given up, refused or too late, so that what it said is
    said another way; a message that was altered is nobody's.
    """

    carrier: Carrier
    at_once: int = 8
    each: int | None = None
    handed_over: Callable[[Sealed, datetime], Event] | None = None
    lost: Lost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Every worker's senders; `poll` (seconds) is how often other workers' messages are looked for.

    One look is for all kinds together, since most of the time there is nothing of any: a worker with nothing
    to do asks one question a second.

    `outcomes` counts what became of each attempt since the start, by kind and outcome, for the metrics.
    """

    outbox: Outbox
    units: Units
    trail: Trail
    clock: Clock
    ids: Ids
    routes: Mapping[str, Route]
    poll: float = 1.0
    outcomes: collections.Counter[tuple[str, str]] = field(default_factory=collections.Counter)

    async def run(self) -> None:
        """Carry messages of every kind until cancelled; kinds do not wait for each other."""
        async with asyncio.TaskGroup() as group:
            for kind in self.routes:
                group.create_task(self._serve(kind), name=f"post {kind}")
            group.create_task(self._look(), name="post")

    async def deliver_due(self, kind: str) -> int:
        """Carry what is due now in one kind, and return how many were looked at."""
        claimed = await self._claim(kind, self.routes[kind].at_once, collections.Counter())
        await asyncio.gather(*(self._settle(message) for message in claimed))
        return len(claimed)

    async def backlog(self) -> Sequence[Backlog]:
        """Count what is due and not yet settled, per kind, for the metrics and the readiness page."""
        return await self.outbox.store.backlog(self.clock.now())

    async def sweep(self) -> int:
        """Forget the ids of messages that were settled long ago."""
        async with self.units.begin() as unit:
            return await self.outbox.store.sweep(unit, self.clock.now() - KEPT)

    async def _look(self) -> None:
        """Wake the senders of every kind of which something is due: of other workers, or put off before."""
        while True:
            await asyncio.sleep(self.poll)
            try:
                due = await self.backlog()
            except Unavailable:
                # The store is away; the messages are safe in it, and the next look asks again.
                self.outcomes.update((kind, "store-unavailable") for kind in self.routes)
                continue
            for each in due:
                self.outbox.bell.ring(each.kind)

    async def _serve(self, kind: str) -> None:
        carrying: dict[asyncio.Task[None], str] = {}

        def leave(task: asyncio.Task[None]) -> None:
            carrying.pop(task)
            self.outbox.bell.ring(kind)

        async with asyncio.TaskGroup() as group:
            while True:
                free = self.routes[kind].at_once - len(carrying)
                busy = collections.Counter(carrying.values())
                claimed = await self._claim_if_possible(kind, free, busy) if free else ()
                for message in claimed:
                    task = group.create_task(self._settle(message))
                    carrying[task] = message.to_party
                    task.add_done_callback(leave)
                if not free or len(claimed) < free:
                    await self.outbox.bell.wait(kind, self.poll * UNTOLD)

    async def _claim_if_possible(
        self, kind: str, limit: int, busy: collections.Counter[str]
    ) -> Sequence[Sealed]:
        try:
            return await self._claim(kind, limit, busy)
        except Unavailable:
            # The store is away; the messages are safe in it, and the next poll asks again.
            self.outcomes[kind, "store-unavailable"] += 1
            return ()

    async def _claim(self, kind: str, limit: int, busy: collections.Counter[str]) -> Sequence[Sealed]:
        """Take what is due; where parties have places each, one by one, for those that have some left.

        What was taken before the store went away is carried: nobody else takes it until the claim lapses.
        """
        each = self.routes[kind].each
        if each is None:
            return await self._take(kind, limit, frozenset())
        claimed: list[Sealed] = []
        while len(claimed) < limit:
            full = frozenset(party for party, many in busy.items() if many >= each)
            try:
                found = await self._take(kind, 1, full)
            except Unavailable:
                if not claimed:
                    raise
                break
            if not found:
                break
            claimed += found
            busy.update(message.to_party for message in found)
        return claimed

    async def _take(self, kind: str, limit: int, but: frozenset[str]) -> Sequence[Sealed]:
        now = self.clock.now()
        claim = Claim(name=self.ids.token(16), kind=kind, limit=limit, until=now + LEASE, but=but)
        async with self.units.begin() as unit:
            return await self.outbox.store.claim(unit, claim, now)

    async def _settle(self, message: Sealed) -> None:
        outcome: Fate | Exception
        try:
            outcome = await self._carry(message)
        except Exception as error:  # noqa: BLE001 outermost edge of a loop: one bad message stops no other
            outcome = error
        try:
            await self._note(message, outcome)
        except Unavailable:
            # Not noted: the claim lapses and the message is carried again under the same id.
            self.outcomes[message.kind, "store-unavailable"] += 1

    async def _carry(self, message: Sealed) -> Fate:
        if message.until <= self.clock.now():
            return Fate.EXPIRED
        await self.routes[message.kind].carrier.carry(self.outbox.unseal(message))
        return Fate.DELIVERED

    async def _note(self, message: Sealed, outcome: Fate | Exception) -> None:
        now = self.clock.now()
        async with self.units.begin() as unit:
            if isinstance(outcome, Exception) and not isinstance(outcome, Refusal):
                self.outcomes[message.kind, code_of(outcome)] += 1
                due = min(now + pause(message.attempts, outcome), message.until)
                await self.outbox.store.postpone(unit, message, due)
                return
            fate = outcome if isinstance(outcome, Fate) else Fate.REFUSED
            if await self.outbox.store.settle(unit, message, fate, now):
                self.outcomes[message.kind, fate.value] += 1
                event = self._event(message, outcome, now)
                if event is not None:
                    await self.trail.record(unit, event)
                await self._give_up(unit, message, fate, now)

    async def _give_up(self, unit: Unit, message: Sealed, fate: Fate, now: datetime) -> None:
        lost = self.routes[message.kind].lost
        if lost is None or fate is Fate.DELIVERED:
            return
        try:
            whole = self.outbox.unseal(message)
        except ProofInvalid:
            return
        await lost(unit, whole, now)

    def _event(self, message: Sealed, outcome: Fate | Exception, now: datetime) -> Event | None:
        if outcome is Fate.DELIVERED:
            make = self.routes[message.kind].handed_over
            return None if make is None else make(message, now)
        if outcome is Fate.EXPIRED:
            return PostExpired(
                at=now, message=message.id, purpose=message.purpose, attempts=message.attempts - 1
            )
        return PostFailed(
            at=now,
            message=message.id,
            purpose=message.purpose,
            attempts=message.attempts,
            code=code_of(outcome),
        )


def pause(attempts: int, error: object) -> timedelta:
    """Return how long to wait after so many attempts: doubling, and never less than the party asked."""
    doubled: timedelta = SHORTEST_PAUSE * (1 << min(attempts - 1, 10))
    asked = timedelta(seconds=error.retry_after) if isinstance(error, Unavailable) else SHORTEST_PAUSE
    return min(max(doubled, asked), LONGEST_PAUSE)


def code_of(error: object) -> str:
    """Return the stable code of an error; anything outside the tree is an `error`."""
    return error.code if isinstance(error, ToegangError) else ToegangError.code
