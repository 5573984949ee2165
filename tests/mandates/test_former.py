"""What a mandate said before: told to both sides from the trail, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.mandates.builders import NOW
from tests.mandates.giving_people import CARE, PIETER, RETURNS, SANNE, UNTIL, People, people, proposal
from toegang.mandates.edge import Edge
from toegang.mandates.finding import Found
from toegang.mandates.former import Former, FormerTerms
from toegang.mandates.scope import Scope
from toegang.storage import Database
from toegang.storage.trail import TrailTables

FIRST, SECOND = Scope.of_service(RETURNS.id), Scope.of_service(CARE.id)


def terms(house: People) -> FormerTerms:
    trail = house.voluntary.mandates.trail
    assert isinstance(trail, TrailTables)
    return FormerTerms(trail=trail)


async def given(house: People) -> Edge:
    """Let Sanne give Pieter a mandate for two services, which he takes."""
    party = house.ids[PIETER]
    wanted = proposal(RETURNS, CARE)
    edge = await house.voluntary.offer(house.actor(SANNE), Found(party=party, nobody=party), wanted, NOW)
    return await house.voluntary.agree(house.actor(PIETER), edge.id, edge.version, NOW)


async def changed(house: People, edge: Edge, times: int) -> Edge:
    """Let Sanne make it a day shorter, so many times, an hour after each other."""
    for each in range(1, times + 1):
        until, at = UNTIL - timedelta(days=each), NOW + timedelta(hours=each)
        edge = await house.voluntary.shorten(house.actor(SANNE), edge.id, edge.version, until, at)
    return edge


async def test_what_never_changed_said_nothing_else_before(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    found = await terms(house).of(edge.id, 5, None)
    assert found == Former(said=(), since=NOW)


@pytest.mark.requires("MANDATES-P21")
async def test_it_is_told_what_it_said_before_and_since_when_it_does_not(database: Database) -> None:
    house = await people(database)
    edge = await changed(house, await given(house), 1)
    later = NOW + timedelta(hours=2)
    edge = await house.voluntary.drop(house.actor(PIETER), edge.id, edge.version, FIRST, later)
    found = await terms(house).of(edge.id, 5, None)
    assert (found.since, found.older) == (later, None)
    told = [(each.at, each.until, set(each.scopes)) for each in found.said]
    assert told == [
        (NOW + timedelta(hours=1), UNTIL - timedelta(days=1), {FIRST, SECOND}),
        (NOW, UNTIL, {FIRST, SECOND}),
    ]


async def test_more_than_one_page_of_it_is_told_page_by_page(database: Database) -> None:
    house = await people(database)
    edge = await changed(house, await given(house), 5)
    reads, before, told = terms(house), None, []
    for _ in range(3):
        found = await reads.of(edge.id, 2, before)
        told += [each.until for each in found.said]
        before = found.older
        if before is None:
            break
    assert told == [UNTIL - timedelta(days=each) for each in (4, 3, 2, 1, 0)]
    assert before is None


async def test_what_only_made_it_count_is_no_other_terms(database: Database) -> None:
    house = await people(database)
    edge = await changed(house, await given(house), 1)
    ended = await house.voluntary.end(house.actor(PIETER), edge.id, edge.version, NOW + timedelta(hours=3))
    found = await terms(house).of(ended.id, 5, None)
    assert (found.since, len(found.said)) == (NOW + timedelta(hours=1), 1)


async def test_a_scope_that_was_frozen_is_told_as_it_was(database: Database) -> None:
    house = await people(database)
    party, frozen = house.ids[PIETER], Scope.of_provider(RETURNS.organisation, NOW)
    wanted = replace(proposal(RETURNS), scopes=(frozen,))
    edge = await house.voluntary.offer(house.actor(SANNE), Found(party=party, nobody=party), wanted, NOW)
    edge = await house.voluntary.agree(house.actor(PIETER), edge.id, edge.version, NOW)
    edge = await changed(house, edge, 1)
    [said] = (await terms(house).of(edge.id, 5, None)).said
    assert said.scopes == (frozen,)
