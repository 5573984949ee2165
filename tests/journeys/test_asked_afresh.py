"""When a means has its person log in afresh: where that is asked, and where somebody was put aside."""

from __future__ import annotations

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import BENCH, RESULTS, House, means
from tests.journeys.party import CLINIC_PARTY, answer, follow
from tests.journeys.test_acting_for_organisations import about_organisations, asked, by_another
from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.login import routing
from toegang.means.base import TransactionId

OTHER = MeansId("other-means")


async def afresh(house: House, page: httpx2.Response) -> list[bool]:
    """Tell of each means whether the login on this page asks it for somebody afresh."""
    login = TransactionId(page.url.path.rpartition("/")[2])
    transaction = await house.app.rooms.logins.transactions.find(login, house.clock.now())
    assert transaction is not None
    snapshot = house.app.rooms.catalogue.current
    admissions = [snapshot.means(each) for each in (BENCH, OTHER)]
    return [routing.ask_of(transaction, each, snapshot).fresh for each in admissions if each]


@pytest.mark.requires("OIDCC-3.1.2.1")
async def test_a_means_whose_proof_was_put_aside_is_asked_afresh_and_another_is_not_asked_twice(
    lone_house: House,
) -> None:
    house = lone_house
    await about_organisations(house)
    await house.put(means(OTHER, Level.HIGH, gives_bsn=True))
    browser = a.english(house)
    choosing = await browser.get((await browser.get(asked())).headers["location"])
    assert await afresh(house, choosing) == [False, False]
    page = await by_another(browser, choosing, a.ACTOR)
    assert "We found no organisation that you can log in for here." in page.text
    anew = await a.post(browser, page, do="another-means")
    assert await afresh(house, anew) == [True, False]
    # In the second round as well.
    page = await by_another(browser, anew, a.OTHER)
    assert await afresh(house, await a.post(browser, page, do="another-means")) == [True, False]


async def test_who_came_along_from_an_earlier_login_is_put_aside_too(lone_house: House) -> None:
    house = lone_house
    await about_organisations(house)
    await house.put(means(OTHER, Level.HIGH, gives_bsn=True))
    browser = a.english(house)
    choosing = await browser.get((await browser.get(CLINIC_PARTY.for_service(RESULTS))).headers["location"])
    assert "code" in answer(await by_another(browser, choosing, a.ACTOR))
    page = await follow(browser, asked())
    anew = await a.post(browser, page, do="another-means")
    assert await afresh(house, anew) == [True, False]


@pytest.mark.requires("OIDCC-3.1.2.1")
@pytest.mark.parametrize("forced", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "3600"}])
async def test_a_fresh_login_that_was_asked_stays_asked_of_every_means_when_somebody_is_put_aside(
    lone_house: House, forced: dict[str, str]
) -> None:
    house = lone_house
    await about_organisations(house)
    await house.put(means(OTHER, Level.HIGH, gives_bsn=True))
    browser = a.english(house)
    choosing = await browser.get((await browser.get(asked(**forced))).headers["location"])
    assert await afresh(house, choosing) == [True, True]
    page = await by_another(browser, choosing, a.ACTOR)
    anew = await a.post(browser, page, do="another-means")
    assert await afresh(house, anew) == [True, True]
