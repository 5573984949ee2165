"""A made-up country put into the tables that the house reads, in slices, past the house itself.

Rows are the store's own: for each form one edge is written by it, and its ends are put in by their bytes.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from uuid import UUID

import psycopg
from psycopg import sql

from bench.mandates_made import Country, Drawn, Form, edge, edge_id, party, party_id
from bench.measure import say
from toegang.clock import monotonic
from toegang.mandates.edge import EdgeId
from toegang.mandates.party import PartyId
from toegang.storage.edge_lists import list_rows
from toegang.storage.edges import edge_row, index_rows
from toegang.storage.parties import party_row
from toegang.storage.statements import Params, Value

SLICE = 50_000
SAY_EVERY = 5.0  # seconds

PARTIES = ("id", "kind", "standing", "since", "born", "told_at")
EDGES = ("id", "principal", "agent", "version", "since", "pending", "pending_until", "body")
INDEX = ("agent", "scope", "principal", "edge", "role", "level", "valid_from", "valid_until")
SIDES = ("party", "edge", "list", "ends")
ONWARD = ("agent", "principal")
BIG = {
    "parties": PARTIES,
    "mandate_edges": EDGES,
    "authority_index": INDEX,
    "mandate_sides": SIDES,
    "authority_onward": ONWARD,
}

_NUMBERS = {
    "version": "!i",
    "since": "!q",
    "pending_until": "!q",
    "role": "!h",
    "level": "!h",
    "valid_from": "!q",
    "valid_until": "!q",
    "list": "!h",
    "ends": "!q",
}
_COPY_BEGINS, _COPY_ENDS = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

_EDGE, _PRINCIPAL, _AGENT = (bytes([mark]) * 16 for mark in (0xE1, 0xE2, 0xE3))
_MARKS = (EdgeId(UUID(bytes=_EDGE)), PartyId(UUID(bytes=_PRINCIPAL)), PartyId(UUID(bytes=_AGENT)))

Row = tuple[Value, ...]


@dataclass
class Progress:
    """Says how far a load is, how fast, and how long it still takes."""

    what: str
    whole: int
    done: int = 0
    begun: float = field(default_factory=monotonic)
    said: float = field(default_factory=monotonic)

    def add(self, count: int) -> None:
        """Count, and say so now and then."""
        self.done += count
        now = monotonic()
        if now - self.said >= SAY_EVERY or self.done >= self.whole:
            self.said = now
            rate = self.done / max(now - self.begun, 0.001)
            left = (self.whole - self.done) / rate
            say(f"{self.what}: {self.done:,} of {self.whole:,}, {rate:,.0f} a second, {left:.0f} s left")


def holds(url: str, country: Country) -> bool:
    """Tell whether an earlier run filled this database, to the end, with this very country."""
    with psycopg.connect(url) as connection:
        (found,) = connection.execute("SELECT to_regclass('bench_country')").fetchone() or (None,)
        if found is None:
            return False
        row = connection.execute("SELECT parties, edges FROM bench_country").fetchone()
        return row == (country.parties, country.edges)


def load_postgres(url: str, country: Country) -> None:
    """Fill a migrated database in one transaction, so that nothing of it needs a log; indexes come last.

    A load that is broken off leaves the tables as they were. With `wal_level = minimal` PostgreSQL writes
    no log at all for tables emptied in the same transaction (PostgreSQL manual, 14.4.7).
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_country")
        rests = (
            "authority_looks, authority_statement_edges, authority_statement_parties, authority_statements"
        )
        with connection.transaction(), ThreadPoolExecutor(1) as one:
            connection.execute(f"TRUNCATE {', '.join(BIG)}, {rests}".encode())
            with _without_indexes(connection):
                writer = _Copies(connection, one)
                _load(country, writer)
                writer.wait()
        say("analysing")
        connection.execute(f"VACUUM (ANALYZE) {', '.join(BIG)}".encode())
        connection.execute("CREATE TABLE bench_country (parties bigint, edges bigint)")
        connection.execute("INSERT INTO bench_country VALUES (%s, %s)", (country.parties, country.edges))


def load_sqlite(path: str, country: Country) -> None:
    """Fill a migrated database, durably only at the end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")
        _load(country, _Inserts(connection))
        connection.execute("ANALYZE")


def bytes_of_postgres(url: str) -> dict[str, int]:
    """Return how many bytes each of the large tables takes, with its indexes."""
    with psycopg.connect(url) as connection:
        found = {}
        for table in BIG:
            (size,) = connection.execute("SELECT pg_total_relation_size(%s)", (table,)).fetchone() or (0,)
            found[table] = int(size)
        return found


class _Copies:
    """Writes rows into PostgreSQL by COPY in its binary form (PGSQL-COPY), one slice at a time.

    The server takes a slice in while the next is made.
    """

    def __init__(self, connection: psycopg.Connection, one: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._one = one
        self._under_way: Future[None] | None = None

    def template(self, columns: Sequence[str], params: Params) -> bytes:
        cells = [_cell(name, params[name]) for name in columns]
        return struct.pack("!h", len(cells)) + b"".join(cells)

    def filled(self, template: bytes, id_: bytes, principal: bytes, agent: bytes) -> bytes:
        row = template.replace(_PRINCIPAL, principal).replace(_AGENT, agent)
        return row.replace(_EDGE, id_)

    def write(self, table: str, rows: Iterable[bytes]) -> None:
        whole = _COPY_BEGINS + b"".join(rows) + _COPY_ENDS
        self.wait()
        self._under_way = self._one.submit(self._copy, table, whole)

    def wait(self) -> None:
        """Wait for the slice under way; raises what it met."""
        if self._under_way is not None:
            self._under_way.result()

    def _copy(self, table: str, whole: bytes) -> None:
        copied = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY, FREEZE)").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, BIG[table]))
        )
        with self._connection.cursor() as cursor, cursor.copy(copied) as copy:
            copy.write(whole)


class _Inserts:
    """Writes rows into SQLite, one transaction for each slice."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def template(self, columns: Sequence[str], params: Params) -> Row:
        return tuple(params[name] for name in columns)

    def filled(self, template: Row, id_: bytes, principal: bytes, agent: bytes) -> Row:
        ends = ((_EDGE, id_), (_PRINCIPAL, principal), (_AGENT, agent))
        return tuple(_put_in(each, ends) if isinstance(each, bytes) else each for each in template)

    def write(self, table: str, rows: Iterable[Row]) -> None:
        columns = BIG[table]
        places = ", ".join("?" * len(columns))
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", sorted(rows))  # noqa: S608
        self._connection.execute("COMMIT")


def _load(country: Country, writer: _Copies | _Inserts) -> None:
    write: Callable[[str, Iterable[object]], None] = writer.write  # type: ignore[assignment]
    progress = Progress("parties", country.parties)
    for begin in range(0, country.parties, SLICE):
        numbers = range(begin, min(begin + SLICE, country.parties))
        made = (party_row(party(number, country.size.people)) for number in numbers)
        write("parties", [writer.template(PARTIES, row) for row in made])
        progress.add(len(numbers))
    progress = Progress("edges", country.edges)
    drawn, number, forms = country.drawn(), 0, _Forms(writer)
    while some := list(islice(drawn, SLICE)):
        rows = list(forms.rows(some, number))
        write("mandate_edges", [each.edge for each in rows])
        write("authority_index", chain.from_iterable(each.index for each in rows))
        write("mandate_sides", chain.from_iterable(each.sides for each in rows))
        number += len(some)
        progress.add(len(some))
    onward = writer.template(ONWARD, {"agent": _AGENT, "principal": _PRINCIPAL})
    filled: Callable[..., object] = writer.filled
    ends = ((party_id(each.principal).bytes, party_id(each.agent).bytes) for each in country.onward())
    write("authority_onward", [filled(onward, b"", *each) for each in ends])


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the tables have of one edge."""

    edge: object
    index: Sequence[object]
    sides: Sequence[object]


class _Forms:
    """The rows of each form, with marks for its ends."""

    def __init__(self, writer: _Copies | _Inserts) -> None:
        self._writer = writer
        self._known: dict[int, _Rows] = {}

    def rows(self, some: Sequence[Drawn], number: int) -> Iterator[_Rows]:
        """Yield the rows of each edge."""
        filled: Callable[..., object] = self._writer.filled
        for at, drawn in enumerate(some, start=number):
            known = self._known.get(id(drawn.form)) or self._written(drawn.form)
            ends = edge_id(at).bytes, party_id(drawn.principal).bytes, party_id(drawn.agent).bytes
            yield _Rows(
                filled(known.edge, *ends),
                [filled(row, *ends) for row in known.index],
                [filled(row, *ends) for row in known.sides],
            )

    def _written(self, form: Form) -> _Rows:
        whole = edge(form, _MARKS)
        template: Callable[[Sequence[str], Params], object] = self._writer.template
        rows = _Rows(
            template(EDGES, edge_row(whole)),
            [template(INDEX, row) for row in index_rows(whole)],
            [template(SIDES, row) for row in list_rows(whole)],
        )
        self._known[id(form)] = rows
        return rows


@contextmanager
def _without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Take the indexes of the large tables away, and make them again as they were."""
    found = connection.execute(
        "SELECT c.conname, t.relname, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),"
        " pg_get_constraintdef(c.oid) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
        " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid WHERE t.relname = ANY(%s)",
        (list(BIG),),
    ).fetchall()
    for constraint, table, index, *_ in found:
        gone = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}"
        connection.execute(gone.encode())
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    for constraint, table, index, whole, words in found:
        say(f"making {index}")
        made = f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {words}" if constraint else whole
        connection.execute(made.encode())


def _cell(name: str, value: Value) -> bytes:
    if value is None:
        return struct.pack("!i", -1)
    if isinstance(value, int):
        written = struct.pack(_NUMBERS[name], value)
    else:
        written = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
    return struct.pack("!i", len(written)) + written


def _put_in(cell: bytes, ends: Iterable[tuple[bytes, bytes]]) -> bytes:
    for mark, value in ends:
        cell = cell.replace(mark, value)
    return cell
