"""P29: who declined a request, or was asked often by a code, is not asked again by their number instead.

Whoever asks is told what anybody is told of a number (L03): what is asked then is with nobody.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hostile.test_l03_guessed_numbers import begin, shown, typed
from tests.hostile.test_l03_typed_and_shown import waiting
from tests.mandates.builders import GROWN, NOW
from tests.mandates.giving_people import NOBODY, NOOR, PIETER, RETURNS, SANNE, People, people, proposal
from tests.mandates.handing import handing
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.asked import MOST_ASKED
from toegang.mandates.edge import State
from toegang.mandates.finding import Typed
from toegang.mandates.listing import Cut, Listing
from toegang.storage import Database


async def asked(house: People) -> int:
    """Return how many requests wait for an answer of Pieter."""
    page = await house.voluntary.page(house.actor(PIETER), Listing.TO_ANSWER, Cut(size=20), NOW)
    return len(page.edges)


async def end_all(house: People, by: Bsn) -> None:
    for edge in await waiting(house, house.actor(SANNE)):
        await house.voluntary.end(house.actor(by), edge.id, edge.version, NOW)


@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_who_declined_is_not_asked_again_by_their_number(database: Database, guess: Bsn) -> None:
    house = await people(database)
    await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=True)
    await end_all(house, PIETER)
    told = [await typed(house, guess, asking=True) for _ in range(2)]
    assert told == ["requested", "pending-already"]
    assert await asked(house) == 0


@pytest.mark.parametrize("guess", [PIETER, NOBODY])
async def test_who_was_asked_often_by_a_code_is_not_asked_once_more_by_number(
    database: Database, guess: Bsn
) -> None:
    house = await people(database)
    for _ in range(MOST_ASKED):
        await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=True)
        await end_all(house, SANNE)
    with pytest.raises(NotEntitled, match="too-often"):
        await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=True)
    assert await typed(house, guess, asking=True) == "requested"
    assert await asked(house) == 0


@pytest.mark.parametrize("guess", [NOOR, NOBODY])
async def test_who_declined_what_a_hand_over_asked_is_not_asked_by_their_number(
    database: Database, guess: Bsn
) -> None:
    world = await handing(database)
    house, noor = world.house, world.house.ids[NOOR]
    await world.client(1, principal=noor)
    await world.done()
    [asked_before] = await world.asked(noor)
    await house.voluntary.end(house.actor(NOOR), asked_before.id, asked_before.version, NOW)
    pieter = Actor(party=world.second, level=Level.SUBSTANTIAL, by=house.ids[PIETER])
    found = await house.voluntary.finding.by_number(world.second, Typed(bsn=guess, born=GROWN), NOW)
    wanted = replace(proposal(RETURNS), kind=EdgeKind.VOLUNTARY, to_organisation=True)
    assert (await house.voluntary.request(pieter, found, wanted, NOW)).state is State.REQUESTED
    assert [each.state for each in await world.asked(noor)] == [State.DECLINED]
