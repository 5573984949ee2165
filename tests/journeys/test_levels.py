"""The level is a contract: proven, never echoed, never silently dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from tests.journeys.house import BENCH, LOW_MEANS, PERMIT, PORTAL, RESULTS, TOWN, House, means, service
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, Party, answer, claims, follow
from tests.journeys.test_browser_edges import begun, csrf
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, PlannedLevel, Text
from toegang.errors import LevelUnreachable, TooManyTries
from toegang.login.transaction import Browser
from toegang.means.base import TransactionId

LOA = "http://eidas.europa.eu/LoA/"


async def acr_of(house: House, party: Party, url: str, **params: str) -> str:
    browser = house.browser()
    code = answer(await follow(browser, url, **params))["code"]
    return str(claims((await party.redeem(browser, code)).json()["id_token"])["acr"])


async def test_what_comes_back_is_what_was_proven_under_the_ceiling(house: House) -> None:
    await house.put(means(BENCH, Level.SUBSTANTIAL))
    assert await acr_of(house, TOWN_PARTY, TOWN_PARTY.url()) == LOA + "substantial"
    assert await acr_of(house, TOWN_PARTY, TOWN_PARTY.url(), level=str(Level.LOW.value)) == LOA + "low"


async def test_a_level_that_no_means_reaches_is_said_to_the_person_and_then_to_the_service(
    house: House,
) -> None:
    browser = house.browser()
    await house.put(means(BENCH, Level.LOW))
    page = await follow(browser, TOWN_PARTY.url(acr_values=LOA + "high"))
    told = answer(await browser.post(str(page.url), data={"csrf": csrf(page), "do": "back"}))
    assert page.status_code == 200
    assert told["error"] == "unmet_authentication_requirements"


async def test_an_asked_level_below_the_services_own_does_not_lower_it(house: House) -> None:
    await house.put(means(BENCH, Level.BASIC))
    page = await follow(house.browser(), TOWN_PARTY.url(acr_values="http://eid.logius.nl/LoA/basic"))
    assert page.status_code == 200


async def test_a_means_that_proves_too_little_is_visited_again_and_in_the_end_refused(house: House) -> None:
    browser = house.browser()
    low = {"level": str(Level.BASIC.value)}
    page = await follow(browser, TOWN_PARTY.url(), **low)
    told = answer(await browser.post(str(page.url), data={"csrf": csrf(page), "do": "back"}))
    assert told["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize("unknown", ["loa-99", "urn:nobody:knows"])
async def test_a_level_that_nobody_knows_is_an_error_and_not_silence(house: House, unknown: str) -> None:
    told = answer(await house.browser().get(TOWN_PARTY.url(acr_values=unknown)))
    assert told["error"] == "unmet_authentication_requirements"


async def test_a_planned_level_counts_from_its_day_and_not_for_a_login_under_way(house: House) -> None:
    await house.put(means(BENCH, Level.LOW))
    soon = house.clock.now() + timedelta(minutes=5)
    plan = PlannedLevel(level=Level.HIGH, from_=soon, message=Text("hoger", "higher"))
    await house.put(service(PERMIT, TOWN, Level.LOW, planned=(plan,)))
    browser = house.browser()
    under_way = await browser.get(TOWN_PARTY.url())
    house.clock.advance(timedelta(minutes=6))
    assert answer(await browser.get(under_way.headers["location"]))["code"]
    assert (await follow(house.browser(), TOWN_PARTY.url())).status_code == 200


@pytest.mark.parametrize(
    "closing",
    [{"enabled": False}, {"blocked": True}, {"ceiling": Level.BASIC}],
    ids=["disabled", "blocked", "lower ceiling"],
)
async def test_a_means_that_is_closed_during_a_login_proves_nothing_more(
    house: House, closing: dict[str, object]
) -> None:
    browser = house.browser()
    under_way = await browser.get(TOWN_PARTY.url())
    now: AdmittedMeans = replace(means(BENCH, Level.HIGH), **closing)  # type: ignore[arg-type]
    await house.put(now)
    response = await browser.get(under_way.headers["location"])
    assert "code=" not in response.headers.get("location", "")


async def test_single_sign_on_skips_the_means_between_services_of_one_provider(house: House) -> None:
    browser = house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=str(Level.LOW.value))
    straight = await browser.get(CLINIC_PARTY.for_service(RESULTS))
    assert answer(straight)["code"]


async def test_single_sign_on_never_gives_a_higher_level_than_was_proven(house: House) -> None:
    browser = house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=str(Level.BASIC.value))
    asked = await browser.get(CLINIC_PARTY.for_service(RESULTS))
    assert "/means/bench/" in asked.headers["location"]


async def test_single_sign_on_ends_with_its_age_and_by_a_fresh_login(house: House) -> None:
    browser = house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    fresh = await browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="login"))
    aged = await browser.get(CLINIC_PARTY.for_service(PORTAL, max_age="0"))
    house.clock.advance(timedelta(minutes=11))
    late = await browser.get(CLINIC_PARTY.for_service(PORTAL))
    for response in (fresh, aged, late):
        assert "/means/bench/" in response.headers["location"]


async def test_single_sign_on_is_not_for_a_service_that_does_not_allow_it(house: House) -> None:
    browser = house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    assert "/means/bench/" in (await browser.get(TOWN_PARTY.url())).headers["location"]


async def test_a_step_up_by_somebody_else_is_refused(house: House) -> None:
    browser = house.browser()
    other = "01929d2e-0000-7000-8000-00000000ffff"
    await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=str(Level.BASIC.value))
    response = await follow(browser, CLINIC_PARTY.for_service(RESULTS), person=other)
    assert response.status_code == 400


async def test_a_silent_request_gets_a_code_or_an_error_and_never_a_page(house: House) -> None:
    browser = house.browser()
    assert answer(await browser.get(TOWN_PARTY.url(prompt="none")))["error"] == "login_required"
    await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    assert answer(await browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none")))["code"]


async def test_one_person_has_one_name_per_sector_by_whatever_means(house: House) -> None:
    await house.put(means(LOW_MEANS, Level.LOW, names=Text("Aaa", "Aaa")))
    subjects = {}
    for party in (TOWN_PARTY, CLINIC_PARTY):
        for chosen in (BENCH, LOW_MEANS):
            browser = house.browser()
            login = (await browser.get(party.url())).headers["location"]
            page = await browser.get(login)
            gone = await browser.post(login, data={"csrf": csrf(page), "means": chosen})
            code = answer(await browser.get(gone.headers["location"]))["code"]
            told = claims((await party.redeem(browser, code)).json()["id_token"])
            subjects[party.id, chosen] = told["sub"]
    assert subjects[TOWN_PARTY.id, BENCH] == subjects[TOWN_PARTY.id, LOW_MEANS]
    assert subjects[TOWN_PARTY.id, BENCH] != subjects[CLINIC_PARTY.id, BENCH]


async def test_a_refused_step_leads_back_to_the_choice_and_to_the_service(house: House) -> None:
    browser = house.browser()
    under_way = await browser.get(TOWN_PARTY.url())
    await house.put(means(BENCH, Level.HIGH, blocked=True))
    page = await browser.get(under_way.headers["location"])
    login = page.text.split('action="')[1].split('"')[0]
    told = answer(await browser.post(login, data={"csrf": csrf(page), "do": "back"}))
    assert page.status_code == 403
    assert told["error"] == "access_denied"


async def noted(house: House, browser: httpx2.AsyncClient) -> tuple[str, str, str]:
    """Begin a login whose means cannot reach the level; return address, reference and proof of origin."""
    login = await begun(house, browser)
    logins, now = house.app.rooms.logins, house.clock.now()
    bound = Browser(secret=browser.cookies["toegang-browser"])
    at = await logins.find(TransactionId(login.rpartition("/")[2]), bound, now)
    await logins.note(at, LevelUnreachable(), now)
    await logins.note(at, TooManyTries(5), now)
    return login, at.reference, csrf(await browser.get(login))


async def test_who_goes_back_after_a_means_could_not_reach_the_level_is_answered_so(house: House) -> None:
    browser = house.browser()
    login, reference, proof = await noted(house, browser)
    told = answer(await browser.post(login, data={"csrf": proof, "do": "back"}))
    assert told["error"] == "unmet_authentication_requirements"
    decision = await house.app.rooms.logins.decisions.find(reference)
    assert decision is not None
    assert decision.end == LevelUnreachable.code


async def test_who_chose_again_after_that_and_stops_has_stopped(house: House) -> None:
    browser = house.browser()
    login, _, proof = await noted(house, browser)
    await browser.post(login, data={"csrf": proof, "do": "again"})
    told = answer(await browser.post(login, data={"csrf": proof, "do": "stop"}))
    assert told["error"] == "access_denied"
