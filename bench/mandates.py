"""Mandates: who may act for whom, asked of a made-up country, through the house's own code.

    direct        may this person act for that one
    chain         may somebody of a firm's staff act for its client
    list          the first page of whom they may act for: for every firm, the largest too
    agents        the first page of who may act for a client of a firm
    My account    the first page of what somebody gave, was given, or had, of people and of every firm
    statements    a decision put down for a login, durable; revocations, durable

Peers are psycopg alone with the same statements for questions, and for statements and revocations the
least that any house would write. `--scale` is of 17 million people, 2 million organisations and 50 million
mandates. In a database that `TOEGANG_BENCH_POSTGRES` names the country stays, and the next run asks it again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.mandates_asked import Ask, Took, Watched, agents, asked, at, bare, chains, direct, lists, sides
from bench.mandates_load import bytes_of_postgres, holds, load_postgres, load_sqlite
from bench.mandates_made import Country, Size
from bench.mandates_plans import plans
from bench.mandates_written import AT_ONCE, Written, bare_written, written
from bench.measure import Measure, say
from bench.takes import server_of_ours
from tests.mandates.engines import door
from toegang import storage
from toegang.storage import Database
from toegang.storage.edge_lists import EdgeLists

QUICK, LONG = 0.002, 0.1
SMALLER = 20  # SQLite has this part of what PostgreSQL has
LEAST = 0.000_5
BYTES_OF_A_MANDATE, BYTES_OF_A_PARTY = 1_040, 110  # with indexes and lists, as measured
A_SECOND = 15_000  # mandates that a busy machine of two cores loads, indexes included
PLANNED_ANEW = 5  # PGSQL-SQL-PREPARE

DIRECT_LIMIT, LIMIT = 0.3, 5.0  # milliseconds
ROOM = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


async def measure(*, quick: bool, scale: float | None = None, show_plans: bool = False) -> list[Measure]:
    """Measure on PostgreSQL, and on SQLite with a twentieth of it."""
    whole = scale or (QUICK if quick else LONG)
    count = 100 if quick else 1_000
    with server_of_ours(ROOM) as url:
        found = await on_postgres(url, Country(Size.scaled(whole)), count, show_plans=show_plans)
    with tempfile.TemporaryDirectory(prefix="toegang-bench-") as folder:
        part = Country(Size.scaled(max(LEAST, whole / SMALLER)))
        return found + await on_sqlite(Path(folder) / "mandates.db", part, count)


async def on_postgres(url: str, country: Country, count: int, *, show_plans: bool) -> list[Measure]:
    """Fill a database, ask, then write."""
    say(f"a country of {country.parties:,} parties and {country.edges:,} mandates in PostgreSQL")
    database = storage.database_at(url, AT_ONCE)
    await storage.migrate(database)
    if holds(url, country):
        say("which is there already, from an earlier run")
    else:
        size = country.edges * BYTES_OF_A_MANDATE + country.parties * BYTES_OF_A_PARTY
        say(f"which takes some {size / 1e9:.1f} GB and {country.edges / A_SECOND / 60:.0f} minutes to fill")
        load_postgres(url, country)
    await database.open()
    watched = Watched(database)
    mandates = door(watched)
    found = [_size(url, country)]
    for name, questions in _questions(watched, country, count).items():
        say(f"asking {name}: {len(questions):,} times")
        await _settled(questions[0])  # on the connection that the others will use too
        (server,) = await database.one("SELECT pg_backend_pid()") or (0,)
        took = await asked(watched, questions, int(server))
        found += _told(name, took, bare(url, took))
        if show_plans:
            say("\n".join(plans(url, took.questions[-1])))
    wrote = await written(mandates, country, count)
    beside = await bare_written(url, wrote)
    await database.close()
    return found + _rates(wrote, beside)


async def _settled(ask: Ask) -> None:
    """Ask until PostgreSQL plans no more: of a prepared statement it plans the first five anew."""
    for _ in range(PLANNED_ANEW + 1):
        await ask()


async def on_sqlite(path: Path, country: Country, count: int) -> list[Measure]:
    """Fill a file, and ask."""
    say(f"a country of {country.parties:,} parties and {country.edges:,} mandates in SQLite")
    database = storage.database_at(f"sqlite:///{path}")
    await storage.migrate(database)
    load_sqlite(str(path), country)
    await database.open()
    watched = Watched(database)
    found = []
    for name, questions in _questions(watched, country, count).items():
        found += _told(f"{name}, SQLite", await asked(watched, questions))
    await database.close()
    return found


def _questions(database: Database, country: Country, count: int) -> dict[str, list[Ask]]:
    mandates = door(database)
    return {
        "direct check": direct(mandates, country, count),
        "chain check": chains(mandates, country, count),
        "list of clients, every firm": lists(mandates, country, country.size.firms),
        "list of clients by chains of three": lists(mandates, country, count, depth=3),
        "who acts for a client": agents(mandates, country, count),
        "a list in My account": sides(EdgeLists(database), country, count),
    }


def _told(name: str, took: Took, peers: Sequence[float] = ()) -> list[Measure]:
    """Tell half or the slowest hundredth, in the database and whole; beside psycopg alone; and CPU."""
    say(f"{name}: {took.good} of {len(took.whole)} with an answer, at most {took.statements} statements")
    half, most = at(0.5, took.inside), at(0.99, took.inside)
    if name.startswith("direct"):
        found = [_limited(f"{name}: half, in the database", half, DIRECT_LIMIT)]
    else:
        found = [_limited(f"{name}: the slowest hundredth, in the database", most, LIMIT)]
    if "every firm" in name:
        found.append(_limited(f"{name}: the largest, in the database", took.inside[0] * 1000, LIMIT))
    whole = at(0.5, took.whole), at(0.99, took.whole)
    found.append(_beside(f"{name}: the slowest hundredth, whole", "ms", whole[1], "half", whole[0]))
    if peers:
        found.append(_beside(f"{name}: half, in the database", "ms", half, "psycopg alone", at(0.5, peers)))
        own, server = took.own_cpu * 1000, took.server_cpu * 1000
        found.append(_beside(f"{name}: CPU of the house", "ms", own, "of PostgreSQL", max(server, 0.001)))
    return found


def _size(url: str, country: Country) -> Measure:
    sizes = bytes_of_postgres(url)
    say(", ".join(f"{table}: {size / country.edges:,.0f} bytes a mandate" for table, size in sizes.items()))
    whole = sum(size for table, size in sizes.items() if table != "parties") / country.edges
    return _beside(
        "a mandate with its indexes", "bytes", whole, "a party", sizes["parties"] / country.parties
    )


def _rates(ours: Written, peers: Written) -> list[Measure]:
    return [
        _beside("statements, durable", "a second", ours.statements, "psycopg", peers.statements),
        _beside("revocations, durable", "a second", ours.revocations, "psycopg", peers.revocations),
    ]


def _limited(name: str, value: float, limit: float) -> Measure:
    return Measure(
        name=name, unit="ms", value=value, peer="limit", peer_value=limit, target=1.0, at_most=True
    )


def _beside(name: str, unit: str, value: float, peer: str, peer_value: float) -> Measure:
    return Measure(name=name, unit=unit, value=value, peer=peer, peer_value=peer_value, target=0)
