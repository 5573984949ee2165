"""Each refusal from authorize to the answer leaves its counter, its event and its decision, and is final."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from bench.means import PERSON
from tests.hostile.refusals import before, counted_since, since, told
from tests.hostile.scenes import town_client
from tests.hostile.test_o07_pushed_requests import ASKED, visit
from tests.journeys.house import (
    BENCH,
    CLINIC,
    LOW_MEANS,
    PERMIT,
    PORTAL,
    RESULTS,
    TOWN,
    House,
    means,
    service,
)
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, answer, follow
from tests.journeys.test_browser_edges import csrf
from toegang.assurance import Level
from toegang.audit.events import LoginCancelled, LoginRefused, RequestRefused
from toegang.catalogue.values import IdentityForm, Record
from toegang.login.steps import MOST_ATTEMPTS
from toegang.means.base import TransactionId
from toegang.provider.flood import WINDOW

UNKNOWN = "urn:ietf:params:oauth:request_uri:never-was"
REFUSED = "request:refused"
RULE = "protocol-refusal"

# What is wrong with a request -> how it is counted, and what the trail says of it.
REQUESTS: dict[str, tuple[dict[str, str | None], str, str]] = {
    "foreign address": ({"redirect_uri": "https://evil.example"}, "redirect-not-registered", ""),
    "no address": ({"redirect_uri": None}, "redirect-not-registered", ""),
    "unknown pushed request": ({"request_uri": UNKNOWN}, "one-time-gone", ""),
    "request_uri of its own": ({"request_uri": "https://x.example"}, RULE, "request_uri_not_supported"),
    "unsigned request object": ({"request": "e30.e30."}, RULE, "invalid_request_object"),
    "no openid": ({"scope": "profile"}, RULE, "invalid_scope"),
    "two services": ({"scope": f"openid service:{PERMIT} service:{PORTAL}"}, RULE, "invalid_scope"),
    "service of another": ({"scope": f"openid service:{PORTAL}"}, "not-entitled", ""),
    "implicit flow": ({"response_type": "token"}, RULE, "unsupported_response_type"),
    "other response mode": ({"response_mode": "fragment"}, RULE, "invalid_request"),
    "plain challenge": ({"code_challenge_method": "plain"}, RULE, "invalid_request"),
    "no such prompt": ({"prompt": "always"}, RULE, "invalid_request"),
    "age that is none": ({"max_age": "-1"}, RULE, "invalid_request"),
    "claims that are none": ({"claims": "["}, RULE, "invalid_request"),
    "subject that is none": ({"claims": '{"id_token":{"sub":{"value":1}}}'}, RULE, "invalid_request"),
    "self-issued": ({"registration": "{}"}, RULE, "registration_not_supported"),
    "unknown level": ({"acr_values": "urn:x"}, "level-unreachable", ""),
    "hint of nobody": ({"id_token_hint": "e30.e30.e30"}, RULE, "invalid_request"),
}  # fmt: skip

CLOSED: dict[str, tuple[Record, str]] = {
    "client closed": (town_client(enabled=False), "party-closed"),
    "no services": (town_client(services=()), "not-entitled"),
    "service closed": (service(PERMIT, TOWN, Level.LOW, enabled=False), "party-closed"),
    "no key for a bsn": (service(PERMIT, TOWN, Level.LOW, identity=IdentityForm.BSN), "not-entitled"),
    "request not pushed": (town_client(profile="fapi2"), "protocol-refusal"),
    "no state, nonce": (town_client(profile="nlgov"), "protocol-refusal"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_refused_request_is_counted_and_recorded_once_each_time(lone_house: House, name: str) -> None:
    changed, code, rule = REQUESTS[name]
    for _ in range(2):
        was = await before(lone_house)
        response = await follow(lone_house.browser(), TOWN_PARTY.url(**changed))
        assert "code=" not in response.headers.get("location", "")
        assert counted_since(lone_house, was) == {code: 1.0}
        [event] = await since(lone_house, was)
        lone_house.clock.advance(WINDOW)  # what is alike within a minute stands there once
        assert isinstance(event, RequestRefused)
        assert (event.name, event.client, event.code, event.rule) == (REFUSED, TOWN_PARTY.id, code, rule)


@pytest.mark.parametrize("name", CLOSED)
async def test_a_request_of_who_may_not_ask_is_counted_and_recorded(lone_house: House, name: str) -> None:
    record, code = CLOSED[name]
    await lone_house.put(record)
    was = await before(lone_house)
    await follow(lone_house.browser(), TOWN_PARTY.url(nonce=None, state=None))
    assert counted_since(lone_house, was) == {code: 1.0}
    assert [told(event) for event in await since(lone_house, was)] == [f"{REFUSED} {code}"]


async def test_a_flood_of_requests_in_the_name_of_a_client_leaves_few_rows_that_say_how_many(
    lone_house: House,
) -> None:
    was = await before(lone_house)
    for _ in range(12):
        await follow(lone_house.browser(), TOWN_PARTY.url(scope="profile"))
    await follow(lone_house.browser(), TOWN_PARTY.url(max_age="-1"))
    rows = [each for each in await since(lone_house, was) if isinstance(each, RequestRefused)]
    assert [(each.rule, each.times) for each in rows] == [
        ("invalid_scope", 1),
        ("invalid_scope", 10),
        ("invalid_request", 1),
    ]


async def test_what_nobody_known_asks_is_counted_and_leaves_nothing_in_the_trail(lone_house: House) -> None:
    was = await before(lone_house)
    for changed in ({"client_id": "nobody"}, {"client_id": None}):
        await follow(lone_house.browser(), TOWN_PARTY.url(**changed))
    assert counted_since(lone_house, was) == {"unknown-party": 1.0, "protocol-refusal": 1.0}
    assert await since(lone_house, was) == []


@pytest.mark.parametrize("name", ["foreign address", "no openid", "implicit flow", "plain challenge"])
async def test_a_refused_push_is_counted_and_recorded_and_nothing_is_kept(
    lone_house: House, name: str
) -> None:
    changed, code, _ = REQUESTS[name]
    was = await before(lone_house)
    form = {key: value for key, value in (ASKED | changed).items() if value is not None}
    response = await TOWN_PARTY.post(lone_house.browser(), "/oidc/par", **form)
    assert response.status_code in {400, 401}
    assert counted_since(lone_house, was) == {code: 1.0}
    assert [told(event) for event in await since(lone_house, was)] == [f"{REFUSED} {code}"]


Scene = Callable[[House], Awaitable[tuple[httpx2.AsyncClient, str, httpx2.Response]]]


async def begun(house: House, url: str) -> tuple[httpx2.AsyncClient, str]:
    """Begin a login; return the browser and the address of the login."""
    browser = house.browser()
    gone = str((await browser.get(url)).headers["location"])
    return browser, f"/login/{gone.rpartition('/')[2]}"


def at_means(address: str) -> str:
    return address.replace("/login/", f"/means/bench/{BENCH}/")


async def stopped(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    await house.put(means(LOW_MEANS, Level.LOW))
    browser, address = await begun(house, TOWN_PARTY.url())
    page = await browser.get(address)
    return browser, address, await browser.post(address, data={"csrf": csrf(page), "do": "stop"})


async def too_late(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    await house.put(means(LOW_MEANS, Level.LOW))
    browser, address = await begun(house, TOWN_PARTY.url())
    house.clock.advance(house.app.rooms.logins.lifetime)
    page = await browser.get(address)
    return browser, address, await browser.post(address, data={"csrf": csrf(page), "do": "back"})


async def too_low_each_time(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    browser, address = await begun(house, TOWN_PARTY.url())
    page = await follow(browser, address, level=str(Level.BASIC.value))
    return browser, address, await browser.post(address, data={"csrf": csrf(page), "do": "back"})


async def nothing_reaches(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    await house.put(means(BENCH, Level.BASIC))
    browser, address = await begun(house, TOWN_PARTY.url())
    page = await browser.get(address)
    return browser, address, await browser.post(address, data={"csrf": csrf(page), "do": "back"})


async def closed_meanwhile(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    browser, address = await begun(house, TOWN_PARTY.url())
    await house.put(town_client(enabled=False))
    return browser, address, await browser.get(at_means(address))


async def other_service_now(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    browser, address = await begun(house, TOWN_PARTY.url())
    await house.put(town_client(services=()))
    return browser, address, await browser.get(at_means(address))


async def somebody_else(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    wish = json.dumps({"id_token": {"sub": {"value": "somebody else"}}})
    browser, address = await begun(house, TOWN_PARTY.url(claims=wish))
    return browser, address, await browser.get(at_means(address))


async def second_tab(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    pushed = await TOWN_PARTY.post(house.browser(), "/oidc/par", **ASKED)
    asked = visit(pushed.json()["request_uri"])
    browser, address = await begun(house, asked)
    await follow(house.browser(), asked)
    return browser, address, await browser.get(at_means(address))


async def account_stopped(house: House) -> tuple[httpx2.AsyncClient, str, httpx2.Response]:
    await house.put(service(RESULTS, CLINIC, Level.LOW, confirm=True))
    browser, address = await begun(house, CLINIC_PARTY.for_service(RESULTS))
    page = await follow(browser, at_means(address))
    house.means.closed.add(str(PERSON))
    return browser, address, await browser.post(address, data={"csrf": csrf(page), "do": "confirm"})


ENDS: dict[str, tuple[Scene, str, str]] = {
    "stopped": (stopped, "cancelled", "access_denied"),
    "too late": (too_late, "login-expired", "access_denied"),
    "too low each time": (too_low_each_time, "level-not-proven", "unmet_authentication_requirements"),
    "nothing reaches": (nothing_reaches, "level-unreachable", "unmet_authentication_requirements"),
    "closed meanwhile": (closed_meanwhile, "party-closed", "unauthorized_client"),
    "other service now": (other_service_now, "not-entitled", "access_denied"),
    "somebody else": (somebody_else, "user-interaction-needed", "login_required"),
    "second tab": (second_tab, "one-time-gone", "invalid_request_uri"),
    "account stopped": (account_stopped, "account-closed", "access_denied"),
}


@pytest.mark.parametrize("name", ENDS)
async def test_a_refused_login_is_taken_decided_counted_and_recorded_as_what_the_client_was_told(
    house: House, name: str
) -> None:
    scene, code, word = ENDS[name]
    was = await before(house)
    browser, address, response = await scene(house)
    assert answer(response)["error"] == word
    last = (await since(house, was))[-1]
    assert isinstance(last, LoginCancelled if code == "cancelled" else LoginRefused)
    assert told(last).removeprefix(last.name).strip() == ("" if code == "cancelled" else code)
    decision = await house.app.rooms.logins.decisions.find(last.reference)
    assert decision is not None
    assert (decision.end, decision.released, decision.login) == (code, (), address.rpartition("/")[2])
    ended = [event for event in await since(house, was) if isinstance(event, type(last))]
    for again in (address, at_means(address)):
        assert (await browser.get(again)).status_code == 410
    assert [event for event in await since(house, was) if isinstance(event, type(last))] == ended == [last]


async def test_a_silent_login_that_needs_a_person_is_decided_counted_and_recorded(house: House) -> None:
    was = await before(house)
    asked = house.browser().get(TOWN_PARTY.url(prompt="none"))
    assert answer(await asked)["error"] == "login_required"
    started, *_, refused = await since(house, was)
    assert isinstance(refused, LoginRefused)
    assert (started.name, refused.code) == ("login:started", "user-interaction-needed")
    decision = await house.app.rooms.logins.decisions.find(refused.reference)
    assert decision is not None
    assert decision.end == "user-interaction-needed"
    assert ends_counted(house) == {("low", "user-interaction-needed"): 1.0}


async def test_proofs_that_were_too_low_are_counted_one_by_one_and_no_more_are_taken(house: House) -> None:
    browser, address = await begun(house, TOWN_PARTY.url())
    low = f"{at_means(address)}?level={Level.BASIC.value}"
    login = TransactionId(address.rpartition("/")[2])
    tries = []
    for _ in range(MOST_ATTEMPTS):
        await browser.get(low)
        found = await house.app.rooms.logins.transactions.find(login, house.clock.now())
        tries.append(found.attempts if found else None)
    assert tries == list(range(1, MOST_ATTEMPTS + 1))
    page = await browser.get(address)
    await browser.post(address, data={"csrf": csrf(page), "do": "back"})
    assert ends_counted(house) == {("low", "level-not-proven"): 1.0}


def ends_counted(house: House) -> dict[tuple[str, ...], float]:
    """Return how often logins were counted as refused, by level and code."""
    [family] = house.app.ground.metrics.refused.collect()
    totals = [each for each in family.samples if each.name.endswith("_total")]
    return {(each.labels["level"], each.labels["code"]): each.value for each in totals}
