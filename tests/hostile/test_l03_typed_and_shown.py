"""L03: who types a number, and knows a person by the code they show, never learns that both are of one.

What is told of a number rests on what this one did with this number before; what is told of whom a code
shows rests on what was done with codes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.hostile.test_l03_guessed_numbers import begin, shown, typed
from tests.hostile.test_l19_signing_together import board
from tests.mandates.builders import DAY, GROWN, NOW, rules
from tests.mandates.giving_people import (
    CARE,
    NOBODY,
    NOOR,
    PIETER,
    RETURNS,
    SANNE,
    People,
    people,
    proposal,
)
from tests.mandates.handing import handing
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone, TooManyTries, Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.asked import MOST_ASKED
from toegang.mandates.bounds import GUESSING
from toegang.mandates.edge import Edge, State
from toegang.mandates.finding import Typed
from toegang.mandates.law import Law
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.storage import Database

pytestmark = pytest.mark.parametrize("guess", [PIETER, NOBODY])


async def known(house: People, *, asking: bool) -> str:
    """Let Sanne begin one with Pieter, by the code that he shows; return what she is told."""
    try:
        edge = await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=asking)
    except NotEntitled as refusal:
        return refusal.why
    return edge.state.value


async def waiting(house: People, actor: Actor) -> list[Edge]:
    """Return what waits for an answer that somebody began."""
    page = await house.voluntary.page(actor, Listing.WAITING, Cut(size=20), NOW)
    return [each for each in page.edges if each.initiator == actor.party]


async def withdraw(house: People) -> None:
    for edge in await waiting(house, house.actor(SANNE)):
        await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)


@pytest.mark.parametrize("asking", [True, False])
async def test_what_was_typed_and_waits_stands_in_the_way_of_nobody_who_shows_a_code(
    database: Database, guess: Bsn, asking: bool
) -> None:
    house, begun = await people(database), "requested" if asking else "offered"
    assert await typed(house, guess, asking=asking) == begun
    assert await known(house, asking=asking) == begun
    told = [await typed(house, guess, asking=asking), await known(house, asking=asking)]
    assert told == ["pending-already"] * 2, "each is equal to what was done in the same way"


@pytest.mark.parametrize("asking", [True, False])
async def test_what_was_typed_stands_beside_what_the_other_typed(
    database: Database, guess: Bsn, asking: bool
) -> None:
    house = await people(database)
    other = house.voluntary.offer if asking else house.voluntary.request
    await other(house.actor(PIETER), await house.find(PIETER, SANNE), proposal(), NOW)
    told = [await typed(house, guess, asking=asking) for _ in range(2)]
    assert told == ["requested" if asking else "offered", "pending-already"]


async def test_having_asked_a_number_often_does_not_tell_whose_it_is(database: Database, guess: Bsn) -> None:
    house = await people(database)
    for _ in range(MOST_ASKED):
        assert await typed(house, guess, asking=True) == "requested"
        await withdraw(house)
    assert await typed(house, guess, asking=True) == "too-often"
    for _ in range(MOST_ASKED):
        assert await known(house, asking=True) == "requested"
        await withdraw(house)
    assert await known(house, asking=True) == "too-often"


async def test_who_declined_what_was_typed_can_be_asked_by_the_code_that_they_show(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    assert await typed(house, guess, asking=True) == "requested"
    [edge] = await waiting(house, house.actor(SANNE))
    if guess == PIETER:
        await house.voluntary.end(house.actor(PIETER), edge.id, edge.version, NOW)
    assert await known(house, asking=True) == "requested"


async def test_guesses_at_the_letter_to_a_number_do_not_tell_whose_it_is(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    do, me = house.voluntary, house.actor(SANNE)
    assert await typed(house, guess, asking=True) == "requested"
    [edge] = await waiting(house, me)
    edge = await do.send_letter(me, edge.id, edge.version, NOW)
    for _ in range(GUESSING.most):
        with pytest.raises(OneTimeGone):
            await do.activate(me, edge.id, edge.version, "AAAA-AAAA-AAAA", NOW)
    await withdraw(house)
    assert await known(house, asking=True) == "requested"
    [edge] = await waiting(house, me)
    assert (await do.send_letter(me, edge.id, edge.version, NOW)).state is State.CODE_SENT
    await withdraw(house)
    assert await typed(house, guess, asking=True) == "requested"
    [edge] = await waiting(house, me)
    with pytest.raises(TooManyTries):
        await do.send_letter(me, edge.id, edge.version, NOW)


async def test_both_are_there_for_the_one_who_answers_and_each_is_told_of_as_it_was_begun(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    assert [await typed(house, guess, asking=False), await known(house, asking=False)] == ["offered"] * 2
    do, sanne, pieter = house.voluntary, house.actor(SANNE), house.actor(PIETER)
    mine = await waiting(house, sanne)
    assert {await do.hint(each, NOW) for each in mine} == {guess.digits[-3:], None}
    theirs = (await do.page(pieter, Listing.TO_ANSWER, Cut(size=20), NOW)).edges
    assert len(theirs) == (2 if guess == PIETER else 1)
    for edge in theirs:
        assert (await do.agree(pieter, edge.id, edge.version, NOW)).state is State.ACTIVE
    assert {await do.hint(each, NOW) for each in theirs} == {None}, "both know each other by then"
    assert await typed(house, guess, asking=False) == ("offered" if guess == PIETER else "pending-already")


async def test_a_number_waits_as_that_number_also_when_they_can_be_it_no_more(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    assert await typed(house, guess, asking=False) == "offered"
    house.register.people[PIETER] = replace(house.register.people[PIETER], deceased_on=NOW.date())
    assert await typed(house, guess, asking=False) == "pending-already"


# -- in the name of others -----------------------------------------------------------------------------------


async def told_in_name(house: People, actor: Actor, guess: Bsn) -> tuple[str, int]:
    """Offer, in another's name, a number that is typed; return what is told, and how many are to sign."""
    finding, number = house.voluntary.finding, Typed(bsn=guess, born=GROWN)
    wanted = replace(proposal(CARE), kind=EdgeKind.EMPLOYEE)
    try:
        found = await finding.by_number(actor.party, number, NOW, firm=True, in_name=True)
        edge = await house.voluntary.offer(actor, found, wanted, NOW)
    except NotEntitled as refusal:
        return refusal.why, 0
    return edge.state.value, len(edge.co_principals)


@pytest.mark.parametrize("third", [True, False])
async def test_the_number_of_who_signs_beside_a_director_is_as_any_other(
    database: Database, guess: Bsn, third: bool
) -> None:
    house, party = await board(database, third=third)
    sanne = Actor(party=party, level=Level.SUBSTANTIAL, by=house.ids[SANNE])
    assert await told_in_name(house, sanne, guess) == ("offered", 2 if third else 1)
    assert await told_in_name(house, sanne, guess) == ("pending-already", 0)


async def test_the_number_of_whom_somebody_acts_for_is_as_any_other(database: Database, guess: Bsn) -> None:
    house = await people(database)
    finding, pieter = house.voluntary.finding, house.ids[PIETER]
    found = await finding.by_number(pieter, Typed(bsn=guess, born=GROWN), NOW, in_name=True)
    assert (found.party, found.hint) == (found.nobody, guess.digits[-3:])
    assert found.party != pieter


async def test_a_register_that_is_silent_of_people_does_not_tell_whose_a_number_is(
    database: Database, guess: Bsn
) -> None:
    house, party = await board(database)
    house.offered.services[:] = [replace(CARE, representation=rules(acceptance=False))]
    house.courts.told[party] = replace(
        house.courts.told[party],
        links=tuple(replace(each, needed=1) for each in house.courts.told[party].links[:1]),
    )
    sanne = Actor(party=party, level=Level.SUBSTANTIAL, by=house.ids[SANNE])
    found = await house.voluntary.finding.by_number(party, Typed(bsn=guess, born=GROWN), NOW, in_name=True)
    silent(house)
    asked = replace(proposal(CARE), kind=EdgeKind.INTERMEDIARY, to_organisation=True)
    assert (await house.voluntary.request(sanne, found, asked, NOW)).state is State.REQUESTED
    edge = await house.voluntary.offer(sanne, found, replace(proposal(CARE), kind=EdgeKind.EMPLOYEE), NOW)
    assert edge.state is State.ACTIVE
    less = await house.voluntary.shorten(sanne, edge.id, edge.version, NOW + DAY, NOW)
    assert (await house.voluntary.extend(sanne, edge.id, less.version, edge.terms.until, NOW)).version == 3


def silent(house: People) -> None:
    """Let the register of people answer about nobody any more; that of organisations does."""
    over = house.courts.over

    async def only_firms(principal: PartyId, now: datetime) -> Law:
        if principal in {house.ids[each] for each in (PIETER, NOOR)}:
            raise Unavailable
        return await over(principal, now)

    house.courts.over = only_firms  # type: ignore[method-assign]


# -- how many are left when work on many is done -------------------------------------------------------------


async def test_how_many_clients_stay_when_they_are_handed_over_does_not_tell_whose_a_number_is(
    database: Database, guess: Bsn
) -> None:
    world = await handing(database)
    house = world.house
    await world.client(1, principal=house.ids[NOOR])
    number = NOOR if guess == PIETER else guess
    wanted = replace(proposal(RETURNS), to_organisation=True)
    for_second = Actor(party=world.second, level=Level.SUBSTANTIAL, by=house.ids[PIETER])
    found = await house.voluntary.finding.by_number(world.second, Typed(bsn=number, born=GROWN), NOW)
    await house.voluntary.request(for_second, found, replace(wanted, kind=EdgeKind.VOLUNTARY), NOW)
    over = await world.done()
    assert (over.done, over.refused) == (1, 0)
