"""L17 over the wire: a step up rests on what was proven, when and by whom, in this login; never on a session.

What is not there cannot be attacked: a second means of another provider in one login (external means are
not there yet), so "somebody else answers the step up" is tried within the means that there are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.hostile.scenes import events
from tests.journeys.house import BENCH, LOW_MEANS, PORTAL, RESULTS, House, means
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from tests.journeys.test_browser_edges import csrf
from tests.means.bureau import GOOD
from tests.web.citizens import Town
from toegang.assurance import Level

LOA = "http://eidas.europa.eu/LoA/"
BASIC = str(Level.BASIC.value)
LOW = str(Level.LOW.value)
OTHER = "01929d2e-0000-7000-8000-00000000ffff"


async def token_of(browser: httpx2.AsyncClient, response: httpx2.Response) -> dict[str, Any]:
    redeemed = await CLINIC_PARTY.redeem(browser, answer(response)["code"])
    return claims(redeemed.json()["id_token"])


async def test_a_session_at_basis_is_asked_for_more_and_never_answered_as_more(house: House) -> None:
    browser = house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=BASIC)
    silent = answer(await browser.get(CLINIC_PARTY.for_service(RESULTS, prompt="none")))
    assert silent["error"] == "login_required"
    raised = await token_of(browser, await follow(browser, CLINIC_PARTY.for_service(RESULTS), level=LOW))
    assert raised["acr"] == LOA + "low"


@pytest.mark.parametrize("asked", [{"max_age": "0"}, {"max_age": "60"}, {"prompt": "login"}])
async def test_freshness_is_not_had_from_a_weaker_or_an_older_proof(
    lone_house: House, asked: dict[str, str]
) -> None:
    browser = lone_house.browser()
    await follow(browser, CLINIC_PARTY.for_service(RESULTS), level=LOW)
    lone_house.clock.advance(timedelta(seconds=120))
    page = await follow(browser, CLINIC_PARTY.for_service(RESULTS, **asked), level=BASIC)
    assert "code=" not in page.headers.get("location", "")
    fresh = await follow(browser, CLINIC_PARTY.for_service(RESULTS, **asked), level=LOW)
    told = await token_of(browser, fresh)
    assert told["auth_time"] == int(lone_house.clock.now().timestamp())
    assert told["acr"] == LOA + "low"


async def test_the_level_of_an_earlier_session_is_not_the_level_of_this_login(lone_house: House) -> None:
    browser = lone_house.browser()
    await follow(browser, CLINIC_PARTY.for_service(RESULTS), level=str(Level.HIGH.value))
    again = await follow(browser, CLINIC_PARTY.for_service(PORTAL, prompt="login"), level=BASIC)
    assert (await token_of(browser, again))["acr"] == "http://eid.logius.nl/LoA/basic"


async def test_somebody_else_does_not_answer_the_step_up(lone_house: House) -> None:
    browser = lone_house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=BASIC)
    response = await follow(browser, CLINIC_PARTY.for_service(RESULTS), level=LOW, person=OTHER)
    assert "code=" not in response.headers.get("location", "")
    completed = [event.name for event in await events(lone_house)].count("login:completed")
    assert completed == 1


async def test_a_lower_ceiling_between_two_steps_counts_at_the_end(lone_house: House) -> None:
    await lone_house.put(means(LOW_MEANS, Level.LOW))
    browser = lone_house.browser()
    page = await follow(browser, CLINIC_PARTY.for_service(RESULTS))
    gone = await browser.post(str(page.url), data={"csrf": csrf(page), "means": BENCH})
    await lone_house.put(means(BENCH, Level.BASIC))
    response = await browser.get(gone.headers["location"])
    assert "code=" not in response.headers.get("location", "")


async def test_no_word_of_the_request_skips_the_second_factor(town: Town) -> None:
    await town.resident(town.browser())
    for asked in (
        {"acr_values": "http://eid.logius.nl/LoA/basic"},
        {"claims": '{"id_token":{"acr":{"essential":true,"values":["http://eid.logius.nl/LoA/basic"]}}}'},
        {"acr_values": f"http://eid.logius.nl/LoA/basic {LOA}low"},
        {"prompt": "login", "max_age": "86400"},
    ):
        browser = town.browser()
        page = await browser.open(CLINIC_PARTY.for_service(RESULTS, **asked))
        page = await town.sign_in(browser, page)
        assert page.address.endswith("/code"), asked
        done = await browser.open(page.address.replace("/code", "/password"))
        assert "code=" not in done.address.partition("?")[2]
        town.bureau.later(minutes=2)


async def test_a_password_alone_opens_what_asks_for_it_and_nothing_after_it(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    first = await town.sign_in(browser, await browser.open(CLINIC_PARTY.for_service(PORTAL)))
    assert "code=" in first.address
    page = await browser.open(CLINIC_PARTY.for_service(RESULTS))
    assert "localhost:9000" not in page.address
    page = page if page.address.endswith("/code") else await town.sign_in(browser, page, GOOD)
    assert page.address.endswith("/code")
    done = await browser.send(page, code=await town.bureau.texted_code())
    assert "code=" in done.address
