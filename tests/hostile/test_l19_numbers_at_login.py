"""L03, L19: a number typed at login tells nobody whether it is somebody's."""

from __future__ import annotations

import pytest

from tests.journeys import acting as a
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, answer, follow
from toegang.mandates.bounds import NUMBERS

ASKED = CLINIC_PARTY.url(scope=f"openid offline_access service:{PORTAL}")


@pytest.mark.requires("MANDATES-P20")
async def test_numbers_are_not_guessed_without_end_and_time_tells_nothing_of_them(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    await a.numbered(house, a.FIRM, "90000001")
    told = a.told(house)
    browser = a.english(house)
    page = await follow(browser, ASKED)
    costs = set()
    for number in ("90000001", "90000002"):
        before = len(told.asked)
        again = await a.post(browser, page, do="for-number", number_for=number)
        assert "You cannot log in for this number here." in again.text
        costs.add(len(told.asked) - before)
    assert len(costs) == 1
    for _ in range(NUMBERS.most - 2):
        await a.post(browser, page, do="for-number", number_for="90000003")
    before = len(told.asked)
    over = await a.post(browser, page, do="for-number", number_for="90000001")
    assert "You cannot log in for this number here." not in over.text
    assert len(told.asked) == before + 1  # for the page alone
    assert "code" in answer(await a.post(browser, over, do="for-myself"))


async def test_who_logs_in_for_many_by_number_is_not_stopped(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.FIRM)
    await a.numbered(house, a.FIRM, "90000001")
    await a.confirming(house)
    browser = a.english(house)
    page = await follow(browser, ASKED)
    for _ in range(NUMBERS.most + 1):
        chosen = await a.post(browser, page, do="for-number", number_for="90000001")
        assert "You log in for" in chosen.text
        await a.post(browser, chosen, do="whom-again")
