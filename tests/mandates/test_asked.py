"""Asking for a mandate is bounded, and who was declined waits (P29); what is kept long enough is erased."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.test_register import BINDING, PIETERS, SERVICE, made, stated
from toegang.errors import NotEntitled
from toegang.mandates.asked import COOL_DOWN, MOST_ASKED, WITHIN
from toegang.mandates.decide import Permit
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.scope import Scope
from toegang.mandates.sweeping import EDGES_KEPT, STATEMENTS_KEPT, Sweeping
from toegang.storage import Database
from toegang.storage.client_names import ClientNameTable
from toegang.storage.mandates_kept import MandatesKept

TICK = timedelta(microseconds=1)
OTHERS = tuple(b.service(number, b.rules()) for number in range(1, 30))


async def asked(mandates: Mandates, number: int, **changes: Any) -> Edge | str:  # noqa: ANN401
    """Let Pieter ask Sanne for a mandate about one service; return it, or why not."""
    at = changes.pop("now", b.NOW)
    by: PartyId = changes.pop("by", b.PIETER)
    service = OTHERS[number]
    terms = b.terms(scopes=(Scope.of_service(service.id),), until=at + b.DAY)
    proposed = b.edge(id=EdgeId(b.party_id(700 + number)), agent=by, initiator=by, terms=terms)
    move = b.move(changes.pop("act", Act.REQUEST), by)
    try:
        return await mandates.begin(replace(proposed, **changes), move, (service,), at, NOTHING_TOLD)
    except NotEntitled as refused:
        return refused.why


@pytest.mark.requires("MANDATES-P29")
async def test_of_many_requests_to_one_person_so_many_are_let_through(database: Database) -> None:
    mandates = await made(database)
    told = [await asked(mandates, number) for number in range(MOST_ASKED + 2)]
    assert [isinstance(each, Edge) for each in told] == [True] * MOST_ASKED + [False] * 2
    assert told[-1] == "too-often"
    assert isinstance(await asked(mandates, 20, by=b.NOOR), Edge)
    assert isinstance(await asked(mandates, 21, principal=b.NOOR), Edge)
    again = [
        await asked(mandates, 10, now=b.NOW + WITHIN - TICK),
        await asked(mandates, 11, now=b.NOW + WITHIN),
    ]
    assert [isinstance(each, Edge) for each in again] == [False, True]


@pytest.mark.requires("MANDATES-P29")
async def test_who_asks_in_many_tabs_at_once_is_let_through_no_more_often(database: Database) -> None:
    mandates = await made(database)
    told = await asyncio.gather(*(asked(mandates, number) for number in range(MOST_ASKED + 4)))
    assert sum(isinstance(each, Edge) for each in told) == MOST_ASKED


@pytest.mark.requires("MANDATES-P29")
async def test_who_was_declined_asks_nothing_for_a_while_whatever_about(database: Database) -> None:
    mandates = await made(database)
    first = await asked(mandates, 0)
    assert isinstance(first, Edge)
    await mandates.move(first.id, 1, b.move(Act.DECLINE, b.SANNE), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert await asked(mandates, 1) == "too-often"
    assert await asked(mandates, 2, now=b.NOW + COOL_DOWN - TICK) == "too-often"
    assert isinstance(await asked(mandates, 3, now=b.NOW + COOL_DOWN), Edge)


@pytest.mark.requires("MANDATES-P29")
async def test_nobody_keeps_another_from_offering_or_asking_by_declining(database: Database) -> None:
    mandates = await made(database)
    offer = b.move(Act.OFFER, b.SANNE)
    offered = await mandates.begin(b.edge(), offer, (SERVICE,), b.NOW, NOTHING_TOLD)
    await mandates.move(offered.id, 1, b.move(Act.DECLINE, b.PIETER), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert isinstance(await asked(mandates, 3), Edge)
    for number in range(4, 4 + 2 * MOST_ASKED):
        made_ = b.edge(
            id=EdgeId(b.party_id(800 + number)),
            terms=b.terms(scopes=(Scope.of_service(OTHERS[number].id),)),
        )
        await mandates.begin(made_, offer, (OTHERS[number],), b.NOW, NOTHING_TOLD)


# -- sweeping ------------------------------------------------------------------------------------------------


def numbered(number: int, **changes: Any) -> Edge:  # noqa: ANN401
    return b.edge(id=EdgeId(b.party_id(900 + number)), principal=b.party_id(5_000 + number), **changes)


REVOKED = numbered(1, state=State.REVOKED, since=b.NOW)
LAPSED = numbered(2, state=State.OFFERED, pending_until=b.NOW)
OVER = numbered(3, terms=b.terms(until=b.NOW))
GOING = numbered(4, terms=b.terms(until=b.NOW + 2 * EDGES_KEPT))


def sweeping(database: Database) -> Sweeping:
    clients = ClientNameTable(database)
    return Sweeping(units=door(database).units, kept=MandatesKept(database), clients=clients)


@pytest.mark.requires("MANDATES-P5")
async def test_what_ended_is_kept_for_its_time_and_then_erased_and_what_goes_on_stays(
    database: Database,
) -> None:
    mandates = await made(database, REVOKED, LAPSED, OVER, GOING)
    sweeps = sweeping(database)
    await sweeps.all(b.NOW + EDGES_KEPT - TICK)
    for edge in (REVOKED, LAPSED, OVER, GOING):
        assert await mandates.edges.find(edge.id) == edge
    await sweeps.all(b.NOW + EDGES_KEPT)
    assert [await mandates.edges.find(edge.id) for edge in (REVOKED, LAPSED, OVER)] == [None] * 3
    assert await mandates.edges.find(GOING.id) == GOING
    listed = {row[0] for row in await database.all("SELECT edge FROM mandate_sides", {})}
    assert listed == {GOING.id.bytes}
    await mandates.know(b.person(GOING.principal), now=b.NOW)
    at = b.NOW + EDGES_KEPT
    assert isinstance(await mandates.decide(PIETERS, GOING.principal, at, NOTHING_TOLD), Permit)


async def test_a_sweep_goes_on_where_it_was_and_costs_a_slice(database: Database) -> None:
    mandates = await made(database, REVOKED, LAPSED, OVER, GOING)
    sweeps, at = replace(sweeping(database), size=2), b.NOW + EDGES_KEPT
    assert await sweeps.edges(at) == LAPSED.id
    assert await mandates.edges.find(OVER.id) == OVER
    assert await sweeps.edges(at, LAPSED.id) == GOING.id
    assert await sweeps.edges(at, GOING.id) is None
    assert await mandates.edges.find(OVER.id) is None


async def test_statements_are_kept_for_late_facts_and_then_erased_with_all_that_names_them(
    database: Database,
) -> None:
    mandates = await made(database, b.edge())
    statement = await stated(mandates)
    sweeps = sweeping(database)
    await sweeps.all(statement.until + STATEMENTS_KEPT - TICK)
    assert await mandates.statements.of_transaction(BINDING) == statement
    await sweeps.all(statement.until + STATEMENTS_KEPT)
    assert await mandates.statements.of_transaction(BINDING) is None
    since = await mandates.statements.about(b.SANNE, None, b.NOW + b.DAY, None, 9)
    assert since == []
    for table in ("authority_statement_edges", "authority_statement_parties"):
        assert await database.all(f"SELECT statement FROM {table}", {}) == []  # noqa: S608 constant names


async def test_counts_of_requests_are_erased_when_nothing_in_them_counts(database: Database) -> None:
    mandates = await made(database)
    for number in range(MOST_ASKED):
        await asked(mandates, number)
    sweeps = sweeping(database)
    await sweeps.all(b.NOW + WITHIN - TICK)
    assert await asked(mandates, 10) == "too-often"
    await sweeps.all(b.NOW + WITHIN)
    assert await database.all("SELECT agent FROM mandate_requests", {}) == []
