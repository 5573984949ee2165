"""P29: who declined a request, or was asked often by a code, is not asked again by their number instead.

Whoever asks is told what anybody is told of a number (L03): what is asked then is with nobody.
"""

from __future__ import annotations

import pytest

from tests.hostile.test_l03_guessed_numbers import begin, shown, typed
from tests.hostile.test_l03_typed_and_shown import waiting
from tests.mandates.builders import NOW
from tests.mandates.giving_people import NOBODY, PIETER, SANNE, People, people
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.asked import MOST_ASKED
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
