"""One PostgreSQL connection, kept in pipeline mode: many statements a round trip, few instructions each.

psycopg connects and speaks the protocol (its documented `psycopg.pq` layer); this module replaces its
cursors, which cost four times the CPU of the statement itself (docs/decisions: storage). What it does:

1. `send` queues a statement, prepared on the server the first time (PGSQL-protocol 55.2.3).
2. `finish` asks for all answers so far (55.2.4) and waits for them; a waiter that is cancelled leaves
   its answers to be read and dropped, so the connection stays usable for the rollback.
3. A lost connection is noticed at once, also when idle, and fails everybody who waits on it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import psycopg
from psycopg import pq

from toegang.clock import monotonic
from toegang.errors import Crossed, Unavailable
from toegang.storage.cells import decoder, encoded
from toegang.storage.database import KeyTaken, NothingChanged, StatementFailed
from toegang.storage.statements import NOTHING, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg.pq.abc import PGconn, PGresult

    from toegang.storage.statements import Params, Row, Value

# SQLSTATE classes and codes (PGSQL-appendix A) that mean: not now, rather than: never.
_PASSING = ("08", "25P03", "40", "53", "55", "57", "58")
# Two transactions that waited for each other, or that cannot both be as if one came before the other: the
# server undid this one, and the other goes on (PGSQL-13.5). Not all of class 40: 40003 does not say whether.
_CROSSED = frozenset({"40001", "40P01"})
_PLAN_IS_STALE = "0A000"
_FAILURES: dict[str, type[StatementFailed]] = {
    "23505": KeyTaken,
    "22012": NothingChanged,  # a division by zero, which only `put_one` asks for
}

_OK = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})
_SYNC = pq.ExecStatus.PIPELINE_SYNC
_BINARY = pq.Format.BINARY


class Batch:
    """The statements between two questions for answers."""

    __slots__ = ("answers", "done", "fresh", "sent", "since")

    def __init__(self) -> None:
        """Begin empty."""
        self.answers: list[PGresult] = []
        self.fresh: list[str] = []
        self.done: asyncio.Future[None] | None = None
        self.sent = 0
        self.since = 0.0


class Wire:
    """One connection. Not for two tasks at once."""

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        """Take over an open connection."""
        self._connection = connection
        self._pg: PGconn = connection.pgconn
        self._pg.enter_pipeline_mode()
        self._socket = self._pg.socket
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)
        self._prepared: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._count = 0
        self._shapes: dict[str, tuple[Callable[[bytes], Value], ...]] = {}
        self._next = Batch()
        self._waiting: deque[Batch] = deque()
        self.last: list[PGresult] = []  # the answers that `finish` waited for last, in their order
        self.alive = True

    @classmethod
    async def connect(cls, dsn: str) -> Wire:
        """Connect.

        Raises:
            Unavailable: the server does not answer or does not let us in.

        """
        try:
            return cls(await psycopg.AsyncConnection.connect(dsn, autocommit=True))
        except psycopg.OperationalError as error:
            raise Unavailable(detail=f"storage: no connection ({type(error).__name__})") from None

    def send(self, sql: str, params: Params = NOTHING) -> int:
        """Queue a statement; nothing is known of it until `finish`. Return which of `last` is its answer."""
        prepared = self._prepared.get(sql)
        try:
            name, names = prepared or self._prepare(sql)
            values, formats = encoded([params[each] for each in names])
            self._pg.send_query_prepared(name, values, formats, result_format=_BINARY)
        except psycopg.Error:
            self._lose()
            raise Unavailable(detail="storage: connection lost") from None
        self._next.sent += 1
        return self._next.sent + len(self._next.fresh) - 1  # preparing a statement has an answer of its own

    async def finish(self) -> PGresult:
        """Wait for the answers to all that was sent, and return the last.

        Raises:
            Unavailable: the connection was lost, or the server says: not now. Crossed when the transaction
                was undone because of another's, and may be run again.
            StatementFailed: a statement was refused; what was sent after it did not run. KeyTaken when
                another row has the key, NothingChanged when a row to change is not there.

        """
        batch, self._next = self._next, Batch()
        if not self.alive:
            raise Unavailable(detail="storage: connection lost")
        batch.done = self._loop.create_future()
        batch.since = monotonic()
        self._waiting.append(batch)
        try:
            self._pg.pipeline_sync()
            self._flush()
        except psycopg.Error:
            self._lose()
        await batch.done
        for answer in batch.answers:
            if answer.status not in _OK:
                raise self._refused(batch, answer)
        self.last = batch.answers
        return batch.answers[-1]

    def rows(self, sql: str, answer: PGresult) -> list[Row]:
        """Read the rows of the answer to `sql`."""
        shape = self._shapes.get(sql)
        if shape is None:
            shape = self._shapes[sql] = tuple(decoder(answer.ftype(at)) for at in range(answer.nfields))
        found: list[Row] = []
        for row in range(answer.ntuples):
            cells = [answer.get_value(row, at) for at in range(len(shape))]
            pairs = zip(shape, cells, strict=True)
            found.append(tuple(None if cell is None else read(cell) for read, cell in pairs))
        return found

    def waits_since(self) -> float | None:
        """Return when the oldest question was asked that has no answer yet (clock.monotonic)."""
        return self._waiting[0].since if self._waiting else None

    def at_rest(self) -> bool:
        """Tell whether it can be lent again: nothing asked, nothing sent, no transaction open."""
        if not self.alive or self._waiting or self._next.sent:
            return False
        return self._pg.transaction_status == pq.TransactionStatus.IDLE

    def hang_up(self) -> None:
        """Close the connection; whoever waits gets Unavailable."""
        self._lose()

    def _prepare(self, sql: str) -> tuple[bytes, tuple[str, ...]]:
        """Return how the statement is called on this connection, and its parameters in their order."""
        text, names = numbered(sql)
        self._count += 1
        name = b"s%d" % self._count
        self._pg.send_prepare(name, text.encode())
        self._prepared[sql] = name, names
        self._next.fresh.append(sql)
        return name, names

    def _refused(self, batch: Batch, answer: PGresult) -> Exception:
        # Which of them were prepared is not certain: prepare them anew, under other names.
        for sql in batch.fresh:
            self._prepared.pop(sql, None)
        code = (answer.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
        if code == _PLAN_IS_STALE:  # the tables changed under a prepared statement
            self._lose()
            return Unavailable(detail="storage: tables changed")
        if code in _CROSSED:
            return Crossed(f"storage: {code}")
        if code.startswith(_PASSING):
            return Unavailable(detail=f"storage: {code}")
        constraint = (answer.error_field(pq.DiagnosticField.CONSTRAINT_NAME) or b"").decode()
        return _FAILURES.get(code, StatementFailed)(f"{code} {constraint}".strip())

    def _flush(self) -> None:
        if self._pg.flush():  # the socket is full: go on when it has room
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        try:
            if not self._pg.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.Error:
            self._lose()

    def _readable(self) -> None:
        try:
            self._pg.consume_input()
            self._read_answers()
        except psycopg.Error:
            self._lose()

    def _read_answers(self) -> None:
        ended = False  # an answer ends with None; two of those mean that no more has arrived
        while self._waiting and not self._pg.is_busy():
            answer = self._pg.get_result()
            if answer is None:
                if ended:
                    return
                ended = True
                continue
            ended = False
            if answer.status != _SYNC:
                self._waiting[0].answers.append(answer)
                continue
            done = self._waiting.popleft().done
            if done is not None and not done.done():
                done.set_result(None)

    def _lose(self) -> None:
        if not self.alive:
            return
        self.alive = False
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        for batch in self._waiting:
            if batch.done is not None and not batch.done.done():
                batch.done.set_exception(Unavailable(detail="storage: connection lost"))
        self._waiting.clear()
        self._pg.finish()
