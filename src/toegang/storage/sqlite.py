"""SQLite: the embedded default. One writer, called on the event loop, durable at every commit.

A statement takes 20 to 500 microseconds, so it is called directly instead of through a thread. Writers
of this process queue on a lock and take turns on one connection; writers of other processes are seen as
SQLITE_BUSY, answered by waiting and trying again until a deadline, never by blocking the loop. Readers
have a connection of their own and never wait for a writer (SQLite-WAL).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from toegang.clock import monotonic
from toegang.errors import Unavailable
from toegang.storage.database import (
    Along,
    Dialect,
    KeyTaken,
    NothingChanged,
    PoolUse,
    StatementFailed,
    UnitOnLoan,
)
from toegang.storage.statements import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toegang.storage.statements import Params, Question, Row
    from toegang.units import Units

T = TypeVar("T")

# Of the file that is made, and so of its log.
MODE = 0o600
# Seconds that a writer waits for its turn before it says that the store does not answer.
PATIENCE = 2.5
# Units of this process between two checkpoints beside the loop.
CHECKPOINT_EVERY = 1000
# Rows that they wrote, if that is sooner: a few units may write as much as thousands of logins do.
CHECKPOINT_ROWS = 4_000
# Pages in the log at which a commit checkpoints by itself, if the one beside the loop did not come.
CHECKPOINT_AT_LAST = 20_000

_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is answered
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 0",  # waiting is done by awaiting
    f"PRAGMA wal_autocheckpoint = {CHECKPOINT_AT_LAST}",
    "PRAGMA cache_size = -16000",  # kibibytes
    "PRAGMA temp_store = MEMORY",
)
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNIQUE = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE})


class SqliteDatabase:
    """One SQLite file; several processes may have it open."""

    dialect = Dialect.SQLITE
    for_update = ""
    for_share = ""
    skip_locked = ""

    def __init__(self, path: Path) -> None:
        """Name the file; `migrate` makes it."""
        self.path = path
        self.url = f"sqlite:///{path}"
        self._turn = asyncio.Lock()
        self._units = 0
        self._rows = 0
        self._waiting = 0
        self._checkpoint: asyncio.Task[None] | None = None
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Connect; Unavailable when the file is not there or cannot be opened."""
        if not self.path.exists():
            detail = f"storage: there is no file {self.path}; `toegang database upgrade` makes it"
            raise Unavailable(detail=detail)
        self._writer = await _connect(self.path)
        self._reader = await _connect(self.path)

    async def close(self) -> None:
        """Let go of the file, after a checkpoint that may be under way."""
        if self._checkpoint is not None:
            await self._checkpoint
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    def make(self) -> None:
        """Make the file, if it is not there, for nobody but its owner to read: it holds who people are."""
        with suppress(OSError):  # said when it is opened
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, MODE))

    def use(self) -> PoolUse:
        """Tell how busy the one connection that writes is."""
        return PoolUse(size=1, made=1, lent=int(self._turn.locked()), waiting=self._waiting)

    def units(self) -> Units:
        """Return what begins units."""
        return self

    def begin(self) -> UnitOnLoan[_SqliteSession]:
        """Begin a unit: the one writer of this process, then the one writer of the file."""
        return UnitOnLoan(self)

    async def lend(self) -> _SqliteSession:
        """Wait for the turn of this task, then for that of this process."""
        deadline = monotonic() + PATIENCE
        await self._my_turn()
        try:
            session = _SqliteSession(_opened(self._writer))
            await _patiently(lambda: session.run("BEGIN IMMEDIATE"), deadline)
        except BaseException:
            self._turn.release()
            raise
        return session

    def give_back(self, session: _SqliteSession) -> None:
        """Let the next task write."""
        del session
        self._turn.release()
        self._count_unit()

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Read the first row of what is committed."""
        rows = await self.all(sql, params)
        return rows[0] if rows else None

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        """Read the rows of what is committed."""
        # While nobody writes, the writer's connection knows the newest pages already.
        connection = self._reader if self._turn.locked() else self._writer
        reader = _SqliteSession(_opened(connection))
        return await _patiently(lambda: reader.run(sql, params).fetchall(), monotonic() + PATIENCE)

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        """Read the rows of two statements."""
        return await self.all(*first), await self.all(*second)

    async def checkpoint(self) -> None:
        """Bring the log into the file, in a thread: most of it while others write, then the rest.

        Only when nothing is left over can the next writer begin the log anew; else it grows, and writing
        beyond the end of a file costs the disk more than writing over it.
        """
        await asyncio.to_thread(_checkpoint, self.path)
        with suppress(Unavailable):
            await self._my_turn()
            try:
                await asyncio.to_thread(_checkpoint, self.path)
            finally:
                self._turn.release()

    async def _my_turn(self) -> None:
        if not self._turn.locked():
            await self._turn.acquire()
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except TimeoutError:
            raise Unavailable(detail="storage: no turn to write") from None
        finally:
            self._waiting -= 1

    def _count_unit(self) -> None:
        self._units += 1
        rows = self._writer.total_changes if self._writer else 0
        due = self._units >= CHECKPOINT_EVERY or rows - self._rows >= CHECKPOINT_ROWS
        if due and (self._checkpoint is None or self._checkpoint.done()):
            self._units, self._rows = 0, rows
            self._checkpoint = asyncio.get_running_loop().create_task(self.checkpoint())


class _SqliteSession:
    """The writer's connection during one unit."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, params: Params = NOTHING) -> sqlite3.Cursor:
        """Run one statement, telling in our words what went wrong; _Busy for what may be tried again."""
        try:
            return self._connection.execute(sql, params)
        except sqlite3.Error as error:
            raise _translated(error) from None

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        return self.run(sql, params).rowcount

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        # All rows are fetched: a statement left halfway would keep the transaction open.
        rows: list[Row] = self.run(sql, params).fetchall()
        return rows[0] if rows else None

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        return self.run(sql, params).fetchall()

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        return await self.all(*first), await self.all(*second)

    async def put(self, sql: str, params: Params = NOTHING) -> None:
        self.run(sql, params)

    async def put_one(self, sql: str, params: Params = NOTHING) -> None:
        if self.run(sql, params).rowcount != 1:
            msg = "a row to change is not there"
            raise NothingChanged(msg)

    async def along(self, sql: str, params: Params = NOTHING) -> Along:
        found = Along()
        found.rows = await self.all(sql, params)
        return found

    async def commit(self) -> None:
        self.run("COMMIT")

    async def rollback(self) -> None:
        try:
            # Some errors (a full disk) have rolled back already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            return


class _Busy(Unavailable):
    """Another process writes; trying again soon helps."""


def _translated(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code & 0xFF in _BUSY:
        return _Busy(detail=f"storage: {name}", retry_after=1)
    if isinstance(error, sqlite3.OperationalError) and code & 0xFF != sqlite3.SQLITE_ERROR:
        return Unavailable(detail=f"storage: {name}")
    failure = KeyTaken if code in _UNIQUE else StatementFailed
    return failure(f"{name}: {error}")  # names tables and columns, no values


async def _patiently(attempt: Callable[[], T], deadline: float) -> T:
    """Try until the file is free: at once, then in growing steps of about 0.2 to 10 milliseconds."""
    step = 0.0002
    while True:
        try:
            return attempt()
        except _Busy:
            now = monotonic()
            if now >= deadline:
                raise
        # The last digits of the clock differ between processes, so that they do not march in step.
        await asyncio.sleep(step * (0.5 + now * 1e6 % 1))
        step = min(step * 1.5, 0.01)


async def _connect(path: Path) -> sqlite3.Connection:
    def connect() -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(path, isolation_level=None, timeout=0, cached_statements=512)
        except sqlite3.Error as error:
            raise _translated(error) from None
        try:
            for setting in _SETTINGS:
                connection.execute(setting).fetchall()
        except sqlite3.Error as error:
            connection.close()
            raise _translated(error) from None
        return connection

    return await _patiently(connect, monotonic() + PATIENCE)


def _opened(connection: sqlite3.Connection | None) -> sqlite3.Connection:
    if connection is None:
        raise Unavailable(detail="storage: the database is not open")
    return connection


def _checkpoint(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    except sqlite3.OperationalError:
        return  # another process does it, or the file is going away: the next one comes by itself
    finally:
        connection.close()
