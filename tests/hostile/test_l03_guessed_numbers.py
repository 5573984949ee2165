"""L03: whoever knows somebody by a mandate, and guesses at their number, is told what anybody is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mandates.builders import GROWN, NOW, rules
from tests.mandates.giving_people import (
    NOBODY,
    PIETER,
    RETURNS,
    SANNE,
    People,
    people,
    proposal,
)
from toegang.assurance import Level
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.asked import MOST_ASKED
from toegang.mandates.edge import Edge
from toegang.mandates.everything import Everything
from toegang.mandates.finding import Found, Typed
from toegang.mandates.listing import Cut, Listing
from toegang.storage import Database


async def shown(house: People, asker: Bsn, other: Bsn) -> Found:
    """Find somebody by the code that they show."""
    finding = house.voluntary.finding
    return await finding.by_code(house.ids[asker], await finding.show_code(house.ids[other], NOW), NOW)


async def begin(
    house: People, by: Bsn, found: Found, *, asking: bool, level: Level = Level.SUBSTANTIAL
) -> Edge:
    start = house.voluntary.request if asking else house.voluntary.offer
    return await start(house.actor(by, level), found, proposal(), NOW)


async def typed(house: People, guess: Bsn, *, asking: bool, level: Level = Level.SUBSTANTIAL) -> str:
    """Let Sanne begin one with whose number she guesses; return what she is told."""
    found = await house.voluntary.finding.by_number(house.ids[SANNE], Typed(bsn=guess, born=GROWN), NOW)
    try:
        edge = await begin(house, SANNE, found, asking=asking, level=level)
    except NotEntitled as refusal:
        return refusal.why
    return edge.state.value


@pytest.mark.parametrize("asking", [True, False])
@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_a_number_is_not_confirmed_by_a_mandate_that_waits(
    database: Database, guess: Bsn, asking: bool
) -> None:
    house = await people(database)
    first = await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=asking)
    begun = "requested" if asking else "offered"
    told = [await typed(house, guess, asking=asking) for _ in range(2)]
    assert told == [begun, "pending-already"], "the second is her own guess once more"
    await house.voluntary.end(house.actor(SANNE), first.id, first.version, NOW)
    assert await typed(house, guess, asking=asking) == "pending-already"


@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_a_number_is_not_confirmed_by_what_the_other_began(database: Database, guess: Bsn) -> None:
    house = await people(database)
    await begin(house, PIETER, await shown(house, PIETER, SANNE), asking=True)
    assert await typed(house, guess, asking=False) == "offered"
    assert await typed(house, guess, asking=False) == "pending-already"


@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_a_number_is_not_confirmed_by_having_asked_often_or_been_declined(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    for _ in range(MOST_ASKED - 1):
        edge = await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=True)
        await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)
    edge = await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=True)
    await house.voluntary.end(house.actor(PIETER), edge.id, edge.version, NOW)
    told = []
    for _ in range(MOST_ASKED + 1):
        told.append(await typed(house, guess, asking=True))
        for waits in await _live(house):
            await house.voluntary.end(house.actor(SANNE), waits.id, waits.version, NOW)
    assert told == [*["requested"] * MOST_ASKED, "too-often"]


@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_what_was_typed_is_counted_alike_whether_somebody_is_there(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    told = []
    for _ in range(MOST_ASKED + 2):
        told.append(await typed(house, guess, asking=True))
        for waits in await _live(house):
            await house.voluntary.end(house.actor(SANNE), waits.id, waits.version, NOW)
    assert told == [*["requested"] * MOST_ASKED, "too-often", "too-often"]


@pytest.mark.parametrize("asking", [True, False])
@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_neither_trying_it_many_times_nor_with_too_low_a_login_tells_more(
    database: Database, guess: Bsn, asking: bool
) -> None:
    house = await people(database)
    await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=asking)
    told = [await typed(house, guess, asking=asking, level=Level.MINIMAL) for _ in range(2)]
    assert told == ["level-too-low"] * 2
    told = [await typed(house, guess, asking=asking) for _ in range(3)]
    assert told[1:] == ["pending-already"] * 2
    assert await typed(house, guess, asking=asking, level=Level.MINIMAL) == "level-too-low"


async def test_who_was_declined_by_the_one_they_typed_is_not_led_on(database: Database) -> None:
    house = await people(database)
    assert await typed(house, PIETER, asking=True) == "requested"
    [edge] = await _live(house)
    await house.voluntary.end(house.actor(PIETER), edge.id, edge.version, NOW)
    assert await typed(house, PIETER, asking=True) == "too-often"


@pytest.mark.parametrize("asking", [True, False])
@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_ending_everything_with_who_is_known_confirms_no_number_that_was_guessed(
    database: Database, guess: Bsn, asking: bool
) -> None:
    house = await people(database)
    do, me = Everything(voluntary=house.voluntary), house.actor(SANNE)
    assert not await do.some_by_number(me, NOW)
    known = await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=False)
    await house.voluntary.agree(house.actor(PIETER), known.id, 1, NOW)
    assert await typed(house, guess, asking=asking) == ("requested" if asking else "offered")
    assert await do.some_by_number(me, NOW), "its page says that this stays, whoever it is"
    assert (await do.begin(me, house.ids[PIETER], NOW)).done == 1
    [guessed] = await _live(house)
    assert guessed.state_at(NOW).value == ("requested" if asking else "offered")


@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_what_counts_without_an_answer_stays_and_the_page_says_so(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    house.offered.services[:] = [replace(RETURNS, representation=rules(acceptance=False))]
    do, me = Everything(voluntary=house.voluntary), house.actor(SANNE)
    await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=False)
    assert not await do.some_by_number(me, NOW)
    assert await typed(house, guess, asking=False) == "active"
    assert await do.some_by_number(me, NOW)
    assert (await do.begin(me, house.ids[PIETER], NOW)).done == 1
    left = await house.voluntary.page(me, Listing.GIVEN, Cut(size=20), NOW)
    assert [each.state.value for each in left.edges] == ["active"]


async def test_who_did_not_type_ends_all_that_the_other_began_by_number(database: Database) -> None:
    house = await people(database)
    assert await typed(house, PIETER, asking=True) == "requested"
    assert await typed(house, PIETER, asking=False) == "offered"
    do, pieter = Everything(voluntary=house.voluntary), house.actor(PIETER)
    assert not await do.some_by_number(pieter, NOW)
    assert (await do.begin(pieter, house.ids[SANNE], NOW)).done == 2
    assert await _live(house) == []


async def _live(house: People) -> list[Edge]:
    found = (await house.voluntary.page(house.actor(SANNE), Listing.WAITING, Cut(size=20), NOW)).edges
    return [each for each in found if each.initiator == house.ids[SANNE]]
