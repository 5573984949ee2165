"""How PostgreSQL finds what mandates ask: never by reading a large table from end to end.

In a country of 20,000 mandates, and for the plans of both sorts: with values, and for any value. The server
chooses between the two by itself, so both must be good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import psycopg
import pytest

from bench.mandates_asked import Ask, Watched, agents, asker_of, chains, direct, lists, sides
from bench.mandates_load import load_postgres
from bench.mandates_made import NOW, Country, Size, edge_id, party_id, service
from bench.mandates_plans import plans
from tests.databases import create, drop, named
from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.team_worlds import teams_of
from toegang import storage
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.decide import Asker, Listed, Permit, Refused
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.scope import EVERYTHING
from toegang.mandates.searching import ByName
from toegang.mandates.statement import Binding, StatementId
from toegang.mandates.stores import Page
from toegang.mandates.teams import Steward
from toegang.storage import Database
from toegang.storage.client_names import ClientNameTable
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.graph import GraphTable
from toegang.storage.mandates_kept import MandatesKept
from toegang.storage.simulated import SimulatedTables
from toegang.storage.statements import Params
from toegang.storage.teams import TeamTable

LARGE = (
    "parties",
    "mandate_edges",
    "authority_index",
    "mandate_sides",
    "authority_onward",
    "authority_statements",
    "authority_statement_edges",
    "client_names",
)
STATEMENTS = """
INSERT INTO authority_statements (id, txn, bound, until, status, body)
SELECT decode(md5('id' || n), 'hex'), decode(md5('txn' || n), 'hex'), decode(md5('bound' || n), 'hex'),
    0, 'redeemed', ''
FROM generate_series(1, 5000) n;
INSERT INTO authority_statement_edges (edge, statement)
SELECT decode(md5('edge' || n), 'hex'), decode(md5('id' || n), 'hex') FROM generate_series(1, 5000) n;
INSERT INTO authority_onward (agent, principal)
SELECT decode(md5('agent' || n), 'hex'), decode(md5('firm' || n), 'hex') FROM generate_series(1, 5000) n;
INSERT INTO client_names (agent, name, client)
SELECT DISTINCT agent, 'jan ' || md5(encode(principal, 'hex')), principal FROM authority_index;
ANALYZE authority_statements, authority_statement_edges, client_names, authority_onward
"""


@dataclass(frozen=True, slots=True)
class Full:
    """A database with everybody in it."""

    url: str
    country: Country


@pytest.fixture(scope="module")
def full(postgres_url: str, postgres_template: str) -> Iterator[Full]:
    """Give a filled database, analysed as it would be."""
    name = create(postgres_url, postgres_template)
    url, country = named(postgres_url, name), Country(Size.scaled(0.0004))
    load_postgres(url, country)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in STATEMENTS.split(";"):
            connection.execute(statement.encode())
    yield Full(url, country)
    drop(postgres_url, name)


def by_name(mandates: Mandates, country: Country, count: int, depth: int = 2) -> list[Ask]:
    """Look for clients of firms by name, on the first page and on the next."""
    assert isinstance(mandates.graph, GraphTable)
    clients = ClientNameTable(mandates.graph.database)
    looking = ByName(questions=mandates.stating.questions, clients=clients)

    def ask_of(rank: int) -> Ask:
        actor = party_id(country.employee(rank, 0))
        where = service(0, depth)
        asker = Asker(actor=actor, authenticated=Level.SUBSTANTIAL, service=where, requested=Level.LOW)

        async def ask() -> bool:
            listed = await looking.named(asker, "Jan", Page(size=5), NOW, NOTHING_TOLD)
            if isinstance(listed, Listed) and listed.after is not None:
                await looking.named(asker, "Jan", Page(after=listed.after, size=5), NOW, NOTHING_TOLD)
            return isinstance(listed, Listed) and bool(listed.found)

        return ask

    return [ask_of(rank) for rank in range(min(count, country.size.firms))]


def of_clients(database: Database, country: Country, count: int) -> list[Ask]:
    """Ask what a firm reads of its clients and of who works for it: what ends, and who is on no team."""
    teams, lists = TeamTable(database), EdgeLists(database)

    def ask_of(rank: int) -> Ask:
        firm, cut = party_id(country.firm(rank)), Cut(size=1000, before=NOW + 900 * b.DAY)

        async def ask() -> bool:
            page = await lists.page(firm, Listing.RECEIVED, cut, NOW)
            off = await teams.off_teams(firm, cut, NOW)
            further = Cut(size=1000, last=off.found[0].last) if off.found else cut
            await teams.off_teams(firm, further, NOW)
            await teams.joined(firm, [party_id(country.employee(rank, 0))], NOW)
            return bool(page)

        return ask

    return [ask_of(rank) for rank in range(min(count, country.size.firms))]


def questions(database: Database, country: Country) -> list[Ask]:
    """Return questions of every kind, to the largest firms and to small ones."""
    few, mandates = 12, door(database)
    return [
        *by_name(mandates, country, few),
        *by_name(mandates, country, few, depth=3),
        *direct(mandates, country, few),
        *chains(mandates, country, few),
        *lists(mandates, country, few),
        *lists(mandates, country, few, depth=3),
        *agents(mandates, country, few),
        *sides(EdgeLists(database), country, few),
        *of_clients(database, country, few),
        *walks(database),
    ]


def walks(database: Database) -> list[Ask]:
    """Ask for a stretch of the index of mandates and of statements, from the first and from halfway."""
    walk = SimulatedTables(database)

    async def places(after: bytes) -> bool:
        return (await walk.scoped({EVERYTHING.key}, after, 50)).looked > 0

    async def stated() -> bool:
        last = StatementId(UUID(int=2**128 - 1))  # those of the country have no body
        return not await walk.stated(NOW, last, 50)

    return [partial(places, b""), partial(places, b"\x01" * 56), stated]


async def by_team(mandates: Mandates, country: Country) -> list[Ask]:
    """Put somebody of the largest firm on a team that is for a few of its clients, and ask as them."""
    firm, actor = party_id(country.firm(0)), PartyId(UUID(int=1))
    by = Steward(party=actor, organisation=firm, level=Level.HIGH)
    teams = teams_of(mandates)
    async with mandates.units.begin() as unit:
        await mandates.parties.put(unit, b.person(actor))
        terms = b.terms(scopes=(EVERYTHING,), from_=NOW - b.DAY, until=NOW + b.DAY, teams_only=True)
        staff = b.edge(principal=firm, agent=actor, kind=EdgeKind.STAFF, initiator=firm, terms=terms)
        assert await mandates.edges.add(unit, staff)
    team = await teams.make(by, "Team", NOW)
    await teams.add_person(by, team, actor, NOW)
    whole = country.clients[0]
    clients = [party_id(country.client(0, place)) for place in range(0, whole, max(1, whole // 30))]
    for client in clients:
        with suppress(NotEntitled):  # not every mandate is in force
            await teams.add_client(by, team, client, NOW)
    asker = Asker(actor=actor, authenticated=Level.SUBSTANTIAL, service=service(0), requested=Level.LOW)

    async def listed() -> bool:
        found = await mandates.represented(asker, Page(size=20), NOW, NOTHING_TOLD)
        assert isinstance(found, Listed)
        assert {each.principal for each in found.found} <= set(clients)
        return bool(found.found)

    async def decided() -> bool:
        return isinstance(await mandates.decide(asker, clients[0], NOW, NOTHING_TOLD), Permit | Refused)

    return [listed, decided]


async def between_firms(mandates: Mandates, country: Country) -> None:
    """Have the largest firm let a small one act for it, and erase that."""
    assert isinstance(mandates.graph, GraphTable)
    ends = {"principal": party_id(country.firm(0)), "agent": party_id(country.firm(country.size.firms - 1))}
    edge = b.edge(id=edge_id(country.edges), kind=EdgeKind.INTERMEDIARY, **ends)
    async with mandates.units.begin() as unit:
        assert await mandates.edges.add(unit, edge)
    async with mandates.units.begin() as unit:
        assert await MandatesKept(mandates.graph.database).erase(unit, edge)


async def prepared(database: Database) -> list[tuple[str, str]]:
    """Return each statement about a large table that this connection prepared, and its plan for any value."""
    await database.one("SET plan_cache_mode = force_generic_plan")
    found = []
    known = await database.all(
        "SELECT name, statement, CAST(cardinality(parameter_types) AS integer) FROM pg_prepared_statements"
    )
    for name, statement, count in known:
        verb = statement.split()[0]
        if verb not in {"SELECT", "INSERT", "UPDATE", "DELETE"} or not any(t in statement for t in LARGE):
            continue
        values = f"({', '.join(['NULL'] * count)})" if count else ""
        rows = await database.all(f"EXPLAIN (COSTS OFF) EXECUTE {name}{values}")
        found.append((statement, "\n".join(row[0] for row in rows)))
    return found


def reads_from_end_to_end(plan: str) -> bool:
    return any(f"Seq Scan on {table}" in plan for table in LARGE)


def test_no_question_reads_a_large_table_from_end_to_end(full: Full) -> None:
    async def ask() -> list[str]:
        database = storage.database_at(full.url, 1)
        await database.open()
        watched, seen = Watched(database), dict[str, Params]()
        few = await by_team(door(watched), full.country)
        for question in (*questions(watched, full.country), *few):
            watched.asked = []
            found = await question()
            assert found or question not in few
            seen |= dict(watched.asked)
        await database.close()
        return ["\n".join(plans(full.url, [each])) for each in seen.items()]

    found = asyncio.run(ask())
    assert [plan for plan in found if reads_from_end_to_end(plan)] == []
    assert any("Index" in plan for plan in found)
    assert any("pk_client_names" in plan for plan in found)
    assert any("pk_authority_onward" in plan for plan in found)


def test_no_act_reads_a_large_table_from_end_to_end(full: Full) -> None:
    async def act() -> list[tuple[str, str]]:
        database = storage.database_at(full.url, 1)
        await database.open()
        mandates, country = door(database), full.country
        place = next(place for place in range(100) if not country.pair(place).form.lapsed)
        asker, drawn = asker_of(country, place), country.pair(place)
        binding = Binding(transaction="one", audience="portal", nonce="n", session="s")
        principal = party_id(drawn.principal)
        await mandates.state(asker, principal, binding, NOW, NOTHING_TOLD)
        await mandates.redeem(binding, asker.service, NOW)
        end = Move(act=Act.REVOKE, by=Mover.self(principal, Level.SUBSTANTIAL))
        await mandates.move(edge_id(place), 1, end, (asker.service,), NOW, NOTHING_TOLD)
        await between_firms(mandates, country)
        found = await prepared(database)
        await database.close()
        return found

    found = asyncio.run(act())
    assert [each for each in found if reads_from_end_to_end(each[1])] == []
    for words in (
        "UPDATE mandate_edges",
        "DELETE FROM authority_index",
        "status = 'contested'",
        "FOR SHARE",
        "INSERT INTO authority_onward",
        "DELETE FROM authority_onward",
    ):
        assert any(words in statement for statement, _ in found), words
