"""PostgreSQL: the production store. Read committed, prepared statements, few round trips.

A unit sends BEGIN together with its first question, `put`s together with whatever comes next, and
COMMIT together with the last of them. A connection belongs to one unit or one read at a time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from toegang.clock import monotonic
from toegang.errors import Unavailable
from toegang.storage.database import Along, Dialect, PoolUse, StatementFailed, UnitOnLoan
from toegang.storage.statements import NOTHING
from toegang.storage.wire import Wire

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

    from toegang.storage.statements import Params, Question, Row
    from toegang.units import Units

# Milliseconds after which the server stops a statement, and one that waits for a lock.
STATEMENT_LIMIT = 2500
# Milliseconds after which the server ends a transaction in which nothing happens.
IDLE_LIMIT = 10_000
# Seconds that a unit waits for a connection.
PATIENCE = 2.5
# Seconds without an answer after which a connection counts as lost: the server's limit, and some.
SILENCE = 5.0
# Seconds between two looks at who waits.
LOOK_EVERY = 1.0
DEFAULT_SIZE = 16

_OPTIONS = (
    f"-c statement_timeout={STATEMENT_LIMIT} -c idle_in_transaction_session_timeout={IDLE_LIMIT}"
    " -c default_transaction_isolation=read\\ committed -c timezone=UTC"
)


class PostgresDatabase:
    """One PostgreSQL database, reached over at most `size` connections of this process."""

    dialect = Dialect.POSTGRES
    for_update = " FOR UPDATE"
    for_share = " FOR SHARE"
    skip_locked = " FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, size: int = DEFAULT_SIZE) -> None:
        """Name the database (`postgresql://...`) and how many connections are made at most."""
        self.url = url
        self._dsn = _with_limits(url)
        self._size = size
        self._made = 0
        self._idle: list[Wire] = []
        self._lent: set[Wire] = set()
        self._queue: deque[asyncio.Future[None]] = deque()
        self._watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect once, so that a wrong address is known at start; the rest follows by need."""
        self._give_back(await self._lend())
        self._watch = asyncio.create_task(self._watch_silence())

    async def close(self) -> None:
        """Hang up every connection; whoever waits on one gets Unavailable."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        for wire in (*self._idle, *self._lent):
            wire.hang_up()
        self._idle.clear()

    def use(self) -> PoolUse:
        """Tell how busy the connections are."""
        return PoolUse(size=self._size, made=self._made, lent=len(self._lent), waiting=len(self._queue))

    def units(self) -> Units:
        """Return what begins units."""
        return self

    def begin(self) -> UnitOnLoan[_PostgresSession]:
        """Begin a unit on a connection of its own."""
        return UnitOnLoan(self)

    async def lend(self) -> _PostgresSession:
        """Lend a connection; its BEGIN travels with the first statement."""
        return _PostgresSession(await self._lend())

    def give_back(self, session: _PostgresSession) -> None:
        """Let the next unit or read have the connection."""
        self._give_back(session.wire)

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Read the first row of what is committed."""
        rows = await self.all(sql, params)
        return rows[0] if rows else None

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        """Read the rows of what is committed."""
        wire = await self._lend()
        try:
            wire.send(sql, params)
            return wire.rows(sql, await wire.finish())
        finally:
            self._give_back(wire)

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        """Read the rows of two statements that do not wait for each other, in one round trip."""
        wire = await self._lend()
        try:
            at = wire.send(*first)
            wire.send(*second)
            answer = await wire.finish()
            return wire.rows(first[0], wire.last[at]), wire.rows(second[0], answer)
        finally:
            self._give_back(wire)

    async def _lend(self) -> Wire:
        """Lend the connection used last, which is the warmest; make one, or wait for one, else."""
        until = None
        while True:
            while self._idle:
                wire = self._idle.pop()
                if wire.alive:
                    self._lent.add(wire)
                    return wire
                self._made -= 1
            if self._made < self._size:
                return await self._make()
            until = until or asyncio.get_running_loop().time() + PATIENCE
            await self._wait_in_line(until)

    async def _make(self) -> Wire:
        self._made += 1
        try:
            wire = await Wire.connect(self._dsn)
        except BaseException:
            self._made -= 1
            self._call_next()
            raise
        self._lent.add(wire)
        return wire

    async def _wait_in_line(self, until: float) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            async with asyncio.timeout_at(until):
                await place
        except BaseException as error:
            # A cancelled place may stay in line, it is passed over. One that was called goes to the next.
            if not place.cancelled():
                self._call_next()
            if isinstance(error, TimeoutError):
                raise Unavailable(detail="storage: every connection is in use", retry_after=1) from None
            raise

    def _give_back(self, wire: Wire) -> None:
        # What is not at rest was cancelled while it rolled back, or is lost: it is never lent again.
        self._lent.discard(wire)
        if wire.at_rest():
            self._idle.append(wire)
        else:
            wire.hang_up()
            self._made -= 1
        self._call_next()

    def _call_next(self) -> None:
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return

    async def _watch_silence(self) -> None:
        """Hang up connections whose server has gone silent without closing them."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for wire in tuple(self._lent):
                since = wire.waits_since()
                if since is not None and monotonic() - since > SILENCE:
                    wire.hang_up()


class _PostgresSession:
    """One connection during one unit.

    What is put waits here for the first question. A unit that asks none sends all of it with its commit,
    as one batch, which the server runs as one transaction by itself (PGSQL-protocol 55.2.4).
    """

    __slots__ = ("_along", "_begun", "_put", "wire")

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._begun = False
        self._put: list[tuple[str, Params]] = []
        self._along: list[tuple[Along, str, int]] = []

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        return (await self._ask(sql, params)).command_tuples or 0

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        rows = await self.all(sql, params)
        return rows[0] if rows else None

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        return self.wire.rows(sql, await self._ask(sql, params))

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        along = await self.along(*first)
        rows = await self.all(*second)
        return along.rows, rows

    async def put(self, sql: str, params: Params = NOTHING) -> None:
        self._put.append((sql, params))

    async def put_one(self, sql: str, params: Params = NOTHING) -> None:
        self._put.append((_exactly_one(sql), params))

    async def along(self, sql: str, params: Params = NOTHING) -> Along:
        self._send_first()
        found = Along()
        self._along.append((found, sql, self.wire.send(sql, params)))
        return found

    async def commit(self) -> None:
        if self._begun:
            answer = await self._ask("COMMIT", NOTHING)
            if answer.command_status != b"COMMIT":  # the server answers ROLLBACK to a failed transaction
                msg = "a statement had failed before, and its failure was ignored"
                raise StatementFailed(msg)
        elif self._put:
            self._send_put()
            await self.wire.finish()

    async def rollback(self) -> None:
        self._put.clear()  # what was never sent needs no undoing
        self._along.clear()
        if self._begun and self.wire.alive:
            with suppress(Unavailable, StatementFailed):
                await self._ask("ROLLBACK", NOTHING)

    async def _ask(self, sql: str, params: Params) -> PGresult:
        self._send_first()
        self.wire.send(sql, params)
        answer = await self.wire.finish()
        if self._along:
            self._hand_out()
        return answer

    def _hand_out(self) -> None:
        """Give what was asked along its answers."""
        asked, self._along = self._along, []
        for found, sql, at in asked:
            found.rows = self.wire.rows(sql, self.wire.last[at])

    def _send_first(self) -> None:
        """Send what goes before a question: the beginning, and what was put."""
        if not self._begun:
            self._begun = True
            self.wire.send("BEGIN")
        self._send_put()

    def _send_put(self) -> None:
        put, self._put = self._put, []
        for sql, params in put:
            self.wire.send(sql, params)


@cache
def _exactly_one(sql: str) -> str:
    """Make a change of no row fail where it stands, and all that is sent with it: by a division by zero.

    Nothing else here divides; the wire takes that failure for NothingChanged.
    """
    return f"WITH changed AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM changed"  # noqa: S608 a statement of ours


def _with_limits(url: str) -> str:
    """Add our limits to the address; what the operator wrote there stays."""
    given = conninfo_to_dict(url)
    ours = {
        "options": f"{_OPTIONS} {given.get('options') or ''}".strip(),
        "connect_timeout": given.get("connect_timeout") or 3,
        "application_name": given.get("application_name") or "toegang",
        "tcp_user_timeout": given.get("tcp_user_timeout") or int(SILENCE * 1000),
    }
    return make_conninfo(url, **ours)
