"""The room of mandates on both engines at once, driven from tests that are not asynchronous themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from tests.mandates.worlds import Made
from toegang.ids import SystemIds
from toegang.keys.secret import SealingKey
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.post.outbox import Bell, Outbox
from toegang.storage import Database
from toegang.storage.authority_looks import LookTable
from toegang.storage.authority_statements import StatementTable
from toegang.storage.edges import EdgeTable
from toegang.storage.graph import GraphTable
from toegang.storage.outbox import Outboxes
from toegang.storage.parties import PartyTable
from toegang.storage.trail import TrailTables

T = TypeVar("T")

OFFSETS = count(1)
SEALING = SealingKey.derive({1: b"s" * 32}, "outbox")


@dataclass
class Helpers:
    """The list of organisations that help people, as a test says it."""

    listed: set[PartyId] = field(default_factory=set)

    async def among(self, parties: Iterable[PartyId], now: datetime) -> frozenset[PartyId]:
        assert now.tzinfo is not None
        return frozenset(self.listed & set(parties))


def door(database: Database) -> Mandates:
    """Return the room over a database."""
    ids = SystemIds()
    return Mandates(
        units=database.units(),
        trail=TrailTables(database=database, ids=ids),
        ids=ids,
        edges=EdgeTable(database),
        graph=GraphTable(database),
        parties=PartyTable(database),
        statements=StatementTable(database),
        looks=LookTable(database),
        outbox=Outbox(store=Outboxes(database), key=SEALING, bell=Bell()),
        helpers=Helpers(),
    )


async def keep(mandates: Mandates, made: Made) -> None:
    """Put a world where the room finds it."""
    assert isinstance(mandates.helpers, Helpers)
    mandates.helpers.listed |= made.helpers()
    async with mandates.units.begin() as unit:
        for party in made.parties():
            await mandates.parties.put(unit, party)
        for edge in made.edges():
            await mandates.edges.add(unit, edge)


@dataclass
class Engines:
    """Every engine with the room on it, and a loop to ask them in."""

    runner: asyncio.Runner
    doors: Sequence[Mandates] = field(default_factory=list)

    def each(self, ask: Callable[[Mandates], Awaitable[T]]) -> list[T]:
        """Return what each engine answers."""

        async def asked() -> list[T]:
            return [await ask(door) for door in self.doors]

        return self.run(asked())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await something in the loop, without the look at signals that `Runner.run` takes each time."""
        return self.runner.get_loop().run_until_complete(work)

    def kept(self, made: Made) -> Made:
        """Keep a world on every engine."""
        self.each(lambda mandates: keep(mandates, made))
        return made
