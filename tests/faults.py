"""A database that dies at the statement you name: what a crash leaves behind.

    for at in itertools.count(1):
        crash = Faults(at)
        with contextlib.suppress(Crash):
            await the_act(FaultyDatabase(database, crash))
        ...look at what is there now: all of the act or nothing of it...
        if not crash.happened:
            break

A point is passed before each statement, before each commit, and after each commit before anybody hears
of it. `happen` may also kill the process, for a test that looks from outside.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from toegang.storage.database import Along, Connection, Database, Dialect, PoolUse, StoreUnit, inside
from toegang.storage.statements import NOTHING, Params, Question, Row
from toegang.units import Unit, Units


class Crash(BaseException):
    """The process ended here; not an Exception, because nobody handles the end of a process."""


def crash() -> None:
    """End like a process that dies."""
    raise Crash


class Faults:
    """Counts the points that were passed, and crashes at the one with number `at` (from 1)."""

    def __init__(self, at: int, happen: Callable[[], None] = crash) -> None:
        self._at = at
        self._happen = happen
        self.passed = 0

    @property
    def happened(self) -> bool:
        """Tell whether the point was reached."""
        return self.passed >= self._at

    def point(self) -> None:
        """Pass a point, or crash."""
        self.passed += 1
        if self.passed == self._at:
            self._happen()


class FaultyDatabase:
    """A database whose every statement and commit is a point of `faults`."""

    def __init__(self, database: Database, faults: Faults) -> None:
        self._database = database
        self._faults = faults

    @property
    def dialect(self) -> Dialect:
        return self._database.dialect

    @property
    def url(self) -> str:
        return self._database.url

    @property
    def for_update(self) -> str:
        return self._database.for_update

    @property
    def for_share(self) -> str:
        return self._database.for_share

    @property
    def skip_locked(self) -> str:
        return self._database.skip_locked

    def use(self) -> PoolUse:
        return self._database.use()

    async def open(self) -> None:
        await self._database.open()

    async def close(self) -> None:
        await self._database.close()

    def units(self) -> Units:
        return self

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        async with self._database.begin() as unit:
            faulty = StoreUnit(_FaultyConnection(inside(unit), self._faults))
            yield faulty
            self._faults.point()
        self._faults.point()
        faulty.committed()

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        self._faults.point()
        return await self._database.one(sql, params)

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        self._faults.point()
        return await self._database.all(sql, params)

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        self._faults.point()
        return await self._database.both(first, second)


class _FaultyConnection:
    def __init__(self, connection: Connection, faults: Faults) -> None:
        self._connection = connection
        self._faults = faults

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        self._faults.point()
        return await self._connection.execute(sql, params)

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        self._faults.point()
        return await self._connection.one(sql, params)

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        self._faults.point()
        return await self._connection.all(sql, params)

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        self._faults.point()
        return await self._connection.both(first, second)

    async def along(self, sql: str, params: Params = NOTHING) -> Along:
        self._faults.point()
        return await self._connection.along(sql, params)

    async def put(self, sql: str, params: Params = NOTHING) -> None:
        self._faults.point()
        await self._connection.put(sql, params)

    async def put_one(self, sql: str, params: Params = NOTHING) -> None:
        self._faults.point()
        await self._connection.put_one(sql, params)
