"""Chains of three are found by the clients of a firm that act for others, whichever edge comes last."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import psycopg
import pytest

from bench.mandates_load import load_postgres, load_sqlite
from bench.mandates_made import Country, Size
from tests.databases import create, drop, named
from tests.mandates import builders as b
from tests.mandates.engines import Engines, door
from tests.mandates.plain_worlds import given, plain
from tests.mandates.test_at_once import at_once
from tests.mandates.test_oracle import check_answers, check_lists
from tests.storage.test_migrations import REVISIONS, VERSIONS
from tests.volumes import volume
from toegang import storage
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.decide import Asker, Listed
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.scope import Scope
from toegang.mandates.stores import Page
from toegang.storage import Database
from toegang.storage.database import inside
from toegang.storage.mandates_kept import MandatesKept
from toegang.storage.migrations import Migrations

WORKER, OFFICE, CLIENT_FIRM, CLIENT = (b.party_id(700 + number) for number in range(4))
SERVICE = b.service(1, b.rules(depth=3))
ASKER = Asker(actor=WORKER, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
[STEP] = (path.name.split("_")[0] for path in VERSIONS.glob("0*_onward.py"))
BEFORE = REVISIONS[REVISIONS.index(STEP) - 1]
MARKS = "SELECT agent, principal FROM authority_onward ORDER BY agent, principal"
RIGHT = """
SELECT DISTINCT a.agent, a.principal FROM authority_index a
WHERE a.role = 2 AND EXISTS (SELECT 1 FROM authority_index b WHERE b.agent = a.principal)
ORDER BY a.agent, a.principal
"""
WAITING = """
SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def edge(number: int, principal: PartyId, agent: PartyId, kind: EdgeKind) -> Edge:
    terms = b.terms(substitution=Substitution.ONE_LEVEL)
    ends = {"principal": principal, "agent": agent, "initiator": principal}
    return b.edge(id=EdgeId(b.party_id(800 + number)), kind=kind, terms=terms, **ends)


WORKS = edge(1, OFFICE, WORKER, EdgeKind.EMPLOYEE)
BETWEEN = edge(2, CLIENT_FIRM, OFFICE, EdgeKind.INTERMEDIARY)
GIVEN = edge(3, CLIENT, CLIENT_FIRM, EdgeKind.VOLUNTARY)
CHAIN = (WORKS, BETWEEN, GIVEN)


async def known(database: Database) -> Mandates:
    mandates = door(database)
    people, firms = (b.person(WORKER), b.person(CLIENT)), (b.firm(OFFICE), b.firm(CLIENT_FIRM))
    await mandates.know(*people, *firms, now=b.NOW)
    return mandates


async def add(mandates: Mandates, *edges: Edge) -> None:
    for each in edges:
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, each)


async def put(mandates: Mandates, before: Edge, state: State) -> Edge:
    after = replace(before, state=state, version=before.version + 1)
    async with mandates.units.begin() as unit:
        assert await mandates.edges.replace(unit, after, before.version)
    return after


async def listed(mandates: Mandates) -> Sequence[PartyId]:
    answer = await mandates.represented(ASKER, Page(size=10), b.NOW, NOTHING_TOLD)
    assert isinstance(answer, Listed)
    return [each.principal for each in answer.found]


async def marks(database: Database) -> list[tuple[bytes, bytes]]:
    return [(row[0], row[1]) for row in await database.all(MARKS)]


@pytest.fixture
async def postgres(postgres_url: str, postgres_template: str) -> AsyncIterator[Database]:
    """Give an open database on PostgreSQL: SQLite has one who writes."""
    name = create(postgres_url, postgres_template)
    database = storage.database_at(named(postgres_url, name))
    await database.open()
    yield database
    await database.close()
    drop(postgres_url, name)


@pytest.mark.requires("MANDATES-P18")
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_chain_is_listed_once_it_is_whole_whichever_of_it_came_last(
    database: Database, order: tuple[int, ...]
) -> None:
    mandates = await known(database)
    *first, last = (CHAIN[place] for place in order)
    await add(mandates, *first)
    assert CLIENT not in await listed(mandates)
    await add(mandates, last)
    assert await listed(mandates) == [OFFICE, CLIENT_FIRM, CLIENT]


@pytest.mark.requires("MANDATES-P18")
async def test_what_is_suspended_is_on_no_list_and_comes_back_in_any_order(database: Database) -> None:
    mandates = await known(database)
    await add(mandates, *CHAIN)
    now = list(CHAIN)
    for order in permutations(range(3)):
        for place in order:
            now[place] = await put(mandates, now[place], State.SUSPENDED)
            assert CLIENT not in await listed(mandates)
        for place in reversed(order):
            assert CLIENT not in await listed(mandates)
            now[place] = await put(mandates, now[place], State.ACTIVE)
        assert await listed(mandates) == [OFFICE, CLIENT_FIRM, CLIENT]


@pytest.mark.requires("MANDATES-P18", "MANDATES-P19")
@pytest.mark.parametrize("size", [1, 2, 7])
def test_through_several_firms_all_clients_are_listed_and_nobody_else(engines: Engines, size: int) -> None:
    world = plain()
    world["edges"] += [
        given(201, 5, 7, "intermediary"),  # a second firm that the first works for, with clients of its own
        given(202, 7, 1, "voluntary"),
        given(203, 7, 2, "voluntary"),
        {**given(204, 7, 3, "voluntary"), "until": 0},
        {**given(205, 6, 4, "voluntary"), "level": 10},
        given(206, 7, 6, "intermediary"),  # two ways on: of four steps, and back
        given(207, 6, 5, "intermediary"),
    ]
    check_lists(engines, world, size)
    assert check_answers(engines, world) == {1, 2, 3}


async def test_only_who_acts_for_others_is_marked_and_no_team(database: Database) -> None:
    mandates = await known(database)
    team = edge(4, CLIENT_FIRM, b.party_id(790), EdgeKind.INTERMEDIARY)
    await add(mandates, WORKS, BETWEEN, edge(5, CLIENT, OFFICE, EdgeKind.INTERMEDIARY))
    assert await marks(database) == []
    await add(mandates, replace(team, terms=replace(team.terms, scopes=(Scope.of_teams(OFFICE),))))
    assert await marks(database) == []
    await add(mandates, GIVEN)
    assert (OFFICE.bytes, CLIENT_FIRM.bytes) in await marks(database)
    assert (OFFICE.bytes, CLIENT.bytes) not in await marks(database)


async def test_a_mark_stays_while_a_mandate_between_the_two_is_kept_and_goes_with_the_last(
    database: Database,
) -> None:
    mandates, kept = await known(database), MandatesKept(database)
    other = edge(6, CLIENT_FIRM, OFFICE, EdgeKind.INTERMEDIARY)
    await add(mandates, *CHAIN, other)
    for each, left in ((GIVEN, 1), (BETWEEN, 1), (other, 0)):
        async with mandates.units.begin() as unit:
            assert await kept.erase(unit, each)
        assert len(await marks(database)) == left


@pytest.mark.parametrize(("first", "second"), [(BETWEEN, GIVEN), (GIVEN, BETWEEN)])
async def test_of_two_that_make_a_chain_the_later_waits_and_sees_the_earlier(
    postgres: Database, first: Edge, second: Edge
) -> None:
    mandates = await known(postgres)
    await add(mandates, WORKS)
    async with asyncio.timeout(30), asyncio.TaskGroup() as others:
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, first)
            assert await inside(unit).one("SELECT 1") == (1,)  # all of it was done, and nothing committed
            late = others.create_task(add(mandates, second))
            while await postgres.one(WAITING) == (0,):
                assert not late.done(), "it did not see the other, nor the other it"
        await late
    assert await marks(postgres) == [(OFFICE.bytes, CLIENT_FIRM.bytes)]
    assert CLIENT in await listed(mandates)


async def test_both_come_at_the_same_moment_and_none_waits_for_the_other_for_ever(postgres: Database) -> None:
    mandates = door(postgres)
    for number in range(volume(10, 200)):
        one, other, client = (b.party_id(10_000 + 10 * number + place) for place in range(3))
        there = edge(10_000 + 10 * number, one, other, EdgeKind.INTERMEDIARY)
        back = edge(10_001 + 10 * number, other, one, EdgeKind.INTERMEDIARY)
        gets = edge(10_002 + 10 * number, client, one, EdgeKind.VOLUNTARY)
        await at_once(*(lambda each=each: add(mandates, each) for each in (there, back, gets)))
    assert await marks(postgres) == [(row[0], row[1]) for row in await postgres.all(RIGHT)]


async def test_who_gets_clients_does_not_wait_for_others_who_get_theirs(postgres: Database) -> None:
    mandates = door(postgres)
    async with asyncio.timeout(30), mandates.units.begin() as unit:
        assert await mandates.edges.add(unit, GIVEN)
        assert await inside(unit).one("SELECT 1") == (1,)
        await add(mandates, edge(7, b.party_id(791), CLIENT_FIRM, EdgeKind.VOLUNTARY))


async def test_a_database_of_before_gets_the_marks_that_its_mandates_ask_for(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade()
    database = storage.database_at(empty_url)
    await database.open()
    await add(await known(database), *CHAIN, edge(8, CLIENT, OFFICE, EdgeKind.INTERMEDIARY))
    await database.close()
    await migrations.downgrade(BEFORE)
    await migrations.upgrade()
    database = storage.database_at(empty_url)
    await database.open()
    assert await marks(database) == [(OFFICE.bytes, CLIENT_FIRM.bytes)]
    await database.close()


async def test_what_an_older_node_wrote_beside_the_new_tables_is_marked_when_they_are_brought_up_again(
    database: Database,
) -> None:
    mandates = await known(database)
    await add(mandates, *CHAIN)
    async with database.begin() as unit:
        await inside(unit).put("DELETE FROM authority_onward")  # as code wrote that knew no such table
    assert CLIENT not in await listed(mandates)
    for _ in range(2):
        await storage.migrate(database)
        assert await marks(database) == [(OFFICE.bytes, CLIENT_FIRM.bytes)]
    assert CLIENT in await listed(mandates)


def test_the_country_of_the_bench_has_the_marks_that_its_mandates_ask_for(
    postgres_url: str, postgres_template: str, sqlite_template: Path, tmp_path: Path
) -> None:
    name, country = create(postgres_url, postgres_template), Country(Size.scaled(0.000_1))
    load_postgres(named(postgres_url, name), country)
    with psycopg.connect(named(postgres_url, name)) as connection:
        found = connection.execute(MARKS.encode()).fetchall()
        assert found == connection.execute(RIGHT.encode()).fetchall()
    drop(postgres_url, name)
    assert len(found) == country.size.firms - 1
    file_name = shutil.copy(sqlite_template, tmp_path / "country.db")
    load_sqlite(str(file_name), country)
    with closing(sqlite3.connect(file_name)) as file:
        assert file.execute(MARKS).fetchall() == found
