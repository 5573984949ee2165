"""One-time values: keep, find, take; our store beside the bare driver with the same three statements.

A round is one value kept in a unit, found outside it, and taken in a second unit: two durable commits.
The bare drivers get the best case: each statement commits by itself, on a connection that is at hand,
and nothing is checked. So the ratio shows what units, the pool, decoding and errors cost.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg

from bench.measure import Measure
from tests import postgres
from toegang import storage
from toegang.storage import Database, ExpiringStore

UNIT = "rounds per CPU-second"
# Our layer may cost 15 % on top of psycopg. Bare sqlite3 needs some 50 microseconds for a round, and BEGIN,
# COMMIT, the hash and the typed value weigh as much again: there the target is that they do not weigh more.
TARGETS = {"psycopg": 0.87, "sqlite3": 0.5}
AT_ONCE = 16
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=1)
NO_MORE: Mapping[str, str] = {}
STAMP = 2_000_000_000_000_000

ADD = (
    "INSERT INTO expiring (id, kind, body, until) VALUES ({0}, {1}, {2}, {3})"
    " ON CONFLICT (id) DO UPDATE SET body = excluded.body, until = excluded.until"
    " WHERE expiring.until <= {4}"
)
FIND = "SELECT body FROM expiring WHERE id = {0} AND until > {1}"
TAKE = "DELETE FROM expiring WHERE id = {0} AND until > {1} RETURNING body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """About as large as an authorization code with what it stands for."""

    client: str = "a-client-of-a-municipality"
    scope: tuple[str, ...] = ("openid", "profile")
    nonce: str = "n" * 43
    challenge: str = "c" * 43
    redirect: str = "https://municipality.example/login/answer"
    at: datetime = NOW


Round = Callable[[int], Awaitable[None]]


async def measure(*, quick: bool) -> list[Measure]:
    """Measure both engines."""
    count = 1_000 if quick else 10_000
    with tempfile.TemporaryDirectory(prefix="toegang-bench-") as folder:
        found = [await on_sqlite(Path(folder) / "takes.db", count)]
    with server_of_ours() as url:
        found.append(await on_postgres(url, count))
    return found


async def on_sqlite(path: Path, count: int) -> Measure:
    """Measure on a file, durable at every commit, one round after the other."""
    database = storage.database_at(f"sqlite:///{path}")
    await storage.migrate(database)
    await database.open()
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA synchronous = FULL")
    ours, peers = await _alternating([_ours(database)], [_bare_sqlite(bare)], count)
    bare.close()
    await database.close()
    return Measure(
        name="takes on SQLite",
        unit=UNIT,
        value=ours,
        peer="sqlite3",
        peer_value=peers,
        target=TARGETS["sqlite3"],
    )


async def on_postgres(url: str, count: int) -> Measure:
    """Measure on a server that writes to the disk, 16 rounds at a time."""
    database = storage.database_at(url, AT_ONCE)
    await storage.migrate(database)
    await database.open()
    connections = [
        await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=0)
        for _ in range(AT_ONCE)
    ]
    ours, peers = await _alternating(
        [_ours(database)] * AT_ONCE, [_bare_postgres(connection) for connection in connections], count
    )
    for connection in connections:
        await connection.close()
    await database.close()
    return Measure(
        name="takes on PostgreSQL",
        unit=UNIT,
        value=ours,
        peer="psycopg",
        peer_value=peers,
        target=TARGETS["psycopg"],
    )


async def _alternating(ours: list[Round], peers: list[Round], count: int) -> tuple[float, float]:
    """Take turns, so that a machine that slows down slows both; the best of three turns each."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(4):
        for which, rounds in enumerate((ours, peers)):
            rate = await _rate(rounds, count if turn else count // 10)
            if turn:  # the first turn warms up
                found[which].append(rate)
    return max(found[0]), max(found[1])


async def _rate(rounds: list[Round], count: int) -> float:
    numbers = iter(range(count))

    async def work(one_round: Round) -> None:
        for number in numbers:
            await one_round(number)

    start = time.process_time()
    await asyncio.gather(*[work(one_round) for one_round in rounds])
    return count / (time.process_time() - start)


def _ours(database: Database) -> Round:
    store = ExpiringStore(database, "bench", Code)

    async def one_round(number: int) -> None:
        name = str(number)
        async with database.begin() as unit:
            await store.add(unit, name, Code(), UNTIL, NOW)
        await store.find(name, NOW)
        async with database.begin() as unit:
            if await store.take(unit, name, NOW) is None:
                raise LookupError(name)

    return one_round


def _bare_sqlite(connection: sqlite3.Connection) -> Round:
    add, find, take = (sql.format(*"?????") for sql in (ADD, FIND, TAKE))

    async def one_round(number: int) -> None:
        key = sha256(b"bare %d" % number).digest()
        connection.execute(add, (key, "bench", b"x" * 250, STAMP, STAMP - 1))
        connection.execute(find, (key, STAMP - 1)).fetchall()
        connection.execute(take, (key, STAMP - 1)).fetchall()

    return one_round


def _bare_postgres(connection: psycopg.AsyncConnection) -> Round:
    add, find, take = (sql.format(*["%s"] * 5).encode() for sql in (ADD, FIND, TAKE))

    async def one_round(number: int) -> None:
        key = sha256(b"bare %d" % number).digest()
        await connection.execute(add, (key, "bench", b"x" * 250, STAMP, STAMP - 1))
        await (await connection.execute(find, (key, STAMP - 1))).fetchall()
        await (await connection.execute(take, (key, STAMP - 1))).fetchall()

    return one_round


@contextmanager
def server_of_ours(more: Mapping[str, str] = NO_MORE) -> Iterator[str]:
    """Give a database that writes to the disk: the one that is named, else one of our own, by its socket."""
    given = os.environ.get("TOEGANG_BENCH_POSTGRES")
    if given:
        yield given
        return
    programs = shutil.which("initdb")
    found = (
        [Path(programs).resolve().parent] if programs else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    )
    if not found:
        msg = "no PostgreSQL here: name a database for it in TOEGANG_BENCH_POSTGRES"
        raise SystemExit(msg)
    with postgres.server(found[-1], {**postgres.DURABLE, **more}) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
            (folder,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        yield urlunsplit(urlsplit(url)._replace(path="/bench", query=urlencode({"host": folder})))
