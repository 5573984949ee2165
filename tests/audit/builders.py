"""A trail in a database of its own, with its sequencer, and events to put in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from toegang.assurance import Level
from toegang.audit.checkpoint import Signer
from toegang.audit.events import Domain, Event, LoginCompleted, LoginRefused, Personal
from toegang.audit.sequencer import Sequencer
from toegang.audit.sinks import FileSink, read_checkpoints
from toegang.audit.verify import Findings, verify
from toegang.ids import SystemIds
from toegang.keys.ed25519 import Ed25519Key
from toegang.storage import Database, database_at, migrate
from toegang.storage.trail import TrailTables
from toegang.storage.tree import TreeTables

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SERVICE = UUID("5a000000-0000-4000-8000-000000000001")
NAME = "toegang.example/trail"


def signer(seed: int = 1) -> Signer:
    """Make an obviously fake key that is the same every time."""
    return Signer(NAME, Ed25519Key(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)))


def completed(number: int, level: Level = Level.LOW, at: datetime | None = None) -> LoginCompleted:
    """Make the `number`-th login; one of seven people."""
    return LoginCompleted(
        at=at or NOON + timedelta(seconds=number),
        reference=f"REF-{number}",
        service=SERVICE,
        organisation="gemeente-voorbeeld",
        sector="municipalities",
        client="balie",
        means="account",
        factors=("password", "sms-code"),
        required=Level.BASIC,
        proven=level,
        domain=Domain.CITIZEN,
        reused_session=False,
        milliseconds=5000 + number,
        person=Personal.of(f"person-{number % 7}"),
    )


def refused(number: int, code: str = "level-unreachable") -> LoginRefused:
    """Make the `number`-th login that was refused."""
    return LoginRefused(
        at=NOON + timedelta(seconds=number),
        reference=f"REF-{number}",
        service=SERVICE,
        organisation="gemeente-voorbeeld",
        sector="municipalities",
        client="balie",
        code=code,
        step="choose-means",
        required=Level.HIGH,
    )


@dataclass(frozen=True, slots=True)
class Room:
    """A trail, its tree, and the file outside where its checkpoints go."""

    database: Database
    outside: Path
    signer: Signer

    @property
    def trail(self) -> TrailTables:
        return TrailTables(database=self.database, ids=SystemIds())

    @property
    def tree(self) -> TreeTables:
        return TreeTables(database=self.database)

    def sequencer(self, batch: int = 1000) -> Sequencer:
        return Sequencer(
            units=self.database.units(),
            store=self.tree,
            signer=self.signer,
            sinks=(FileSink(self.outside),),
            batch=batch,
        )

    async def record(self, *events: Event) -> None:
        async with self.database.begin() as unit:
            await self.trail.record(unit, *events)

    async def sequence(self, batch: int = 1000) -> None:
        sequencer = self.sequencer(batch)
        while await sequencer.step():
            pass

    async def verify(self) -> Findings:
        outside = list(read_checkpoints(self.outside)) if self.outside.exists() else []
        return await verify(self.tree, outside, self.signer.verifier())


@asynccontextmanager
async def sqlite_room(directory: Path, *, new: bool = True) -> AsyncIterator[Room]:
    """Open a trail in a SQLite file in `directory`, a new one or one that is there."""
    database = database_at(f"sqlite:///{directory / 'trail.db'}")
    if new:
        await migrate(database)
    await database.open()
    try:
        yield Room(database, directory / "checkpoints", signer())
    finally:
        await database.close()
