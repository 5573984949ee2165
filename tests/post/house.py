"""A small house with an outbox in it: SQLite, a clock that stands, carriers that the test writes."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.ids import SystemIds
from toegang.keys.secret import SealingKey
from toegang.post.delivery import Delivery, Route
from toegang.post.outbox import Bell, Message, Outbox
from toegang.storage import database_at, migrate
from toegang.storage.outbox import Outboxes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from toegang.audit.event import Event
    from toegang.clock import FixedClock
    from toegang.storage import Database
    from toegang.units import Unit

KEY = SealingKey.derive({1: bytes(range(32))}, "outbox")
MINUTE = timedelta(minutes=1)


@dataclass
class Heard:
    """The trail's port: remembers events of units that committed."""

    events: list[Event] = field(default_factory=list)

    async def record(self, unit: Unit, *events: Event) -> None:
        unit.after_commit(lambda: self.events.extend(events))


@dataclass
class Carried:
    """A carrier that remembers what it carried; `trouble` says what is raised instead, per attempt."""

    trouble: list[Exception] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    on_carry: Callable[[], None] = lambda: None

    async def carry(self, message: Message) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.messages.append(message)
        self.on_carry()


@dataclass(kw_only=True)
class House:
    """What a test of the post needs."""

    database: Database
    clock: FixedClock
    carried: Carried = field(default_factory=Carried)
    heard: Heard = field(default_factory=Heard)
    bell: Bell = field(default_factory=Bell)
    ids: SystemIds = field(default_factory=SystemIds)

    @property
    def store(self) -> Outboxes:
        return Outboxes(self.database)

    @property
    def outbox(self) -> Outbox:
        return Outbox(store=self.store, key=KEY, bell=self.bell)

    def delivery(self, route: Route | None = None, poll: float = 60.0) -> Delivery:
        return Delivery(
            outbox=self.outbox,
            units=self.database.units(),
            trail=self.heard,
            clock=self.clock,
            ids=self.ids,
            routes={"note": route or Route(carrier=self.carried)},
            poll=poll,
        )

    def message(self, payload: bytes = b"obviously not a secret", *, life: timedelta = MINUTE) -> Message:
        return Message(
            id=self.ids.uuid(),
            kind="note",
            to_party="a-party",
            payload=payload,
            until=self.clock.now() + life,
            purpose="test-note",
        )

    async def put(self, message: Message) -> None:
        async with self.database.begin() as unit:
            await self.outbox.put(unit, message, self.clock.now())


@asynccontextmanager
async def house(path: Path, clock: FixedClock) -> AsyncIterator[House]:
    """Open a house with an empty database."""
    database = database_at(f"sqlite:///{path / 'post.db'}")
    await migrate(database)
    await database.open()
    try:
        yield House(database=database, clock=clock)
    finally:
        await database.close()
