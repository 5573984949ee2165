"""What the hub records of a login is what its client was told: decision, events and answer agree."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import httpx2
import pytest

from tests.hostile.scenes import events, town_client
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, Party, answer
from toegang.assurance import Level
from toegang.audit.events import LoginCancelled, LoginCompleted, LoginRefused
from toegang.catalogue.values import AcrAlias
from toegang.login.decision import Decision
from toegang.means.base import TransactionId


async def pushed(house: House, party: Party = TOWN_PARTY, **asked: str) -> str:
    """Push a request; return the address to visit with it."""
    form = dict(parse_qsl(party.url(**asked).partition("?")[2]))
    response = await party.post(house.browser(), "/oidc/par", **form)
    uri = response.json()["request_uri"]
    return f"/oidc/authorize?{urlencode({'client_id': party.id, 'request_uri': uri})}"


async def decision_of(house: House, address: str) -> Decision:
    """Return the decision of the login whose means page has this address."""
    login = TransactionId(address.rpartition("/")[2])
    found = await house.app.rooms.logins.decisions.find_by_login(login)
    assert found is not None
    return found


async def ends(house: House) -> list[tuple[str, str]]:
    """Return reference and end of every login that the trail says has ended."""
    found = []
    for event in await events(house):
        if isinstance(event, LoginCompleted):
            found.append((event.reference, "completed"))
        if isinstance(event, LoginRefused):
            found.append((event.reference, event.code))
        if isinstance(event, LoginCancelled):
            found.append((event.reference, "cancelled"))
    return found


@pytest.mark.requires("RFC9126-7.3")
async def test_a_pushed_request_answered_in_a_second_tab_is_recorded_as_the_refusal_that_it_is(
    house: House,
) -> None:
    asked = await pushed(house)
    tabs = house.browser(), house.browser()
    gone = [(await tab.get(asked)).headers["location"] for tab in tabs]
    told = [answer(await tab.get(at)) for tab, at in zip(tabs, gone, strict=True)]
    decided = [await decision_of(house, at) for at in gone]

    assert ["code" in each for each in told] == [True, False]
    assert told[1]["error"] == "invalid_request_uri"
    assert [each.end for each in decided] == ["completed", "one-time-gone"]
    assert decided[1].released == ()
    assert await ends(house) == [(each.reference, each.end) for each in decided]


async def test_a_second_tab_that_was_refused_leaves_no_session_to_use_again(house: House) -> None:
    asked = await pushed(house, CLINIC_PARTY)
    tabs = house.browser(), house.browser()
    gone = [(await tab.get(asked)).headers["location"] for tab in tabs]
    for tab, at in zip(tabs, gone, strict=True):
        await tab.get(at)
    silent = [await tab.get(CLINIC_PARTY.for_service(PORTAL, prompt="none")) for tab in tabs]
    assert ["code" in answer(each) for each in silent] == [True, False]


async def test_a_pushed_request_is_used_up_by_a_refusal_too(house: House) -> None:
    asked = await pushed(house, prompt="none")
    told = answer(await house.browser().get(asked))
    again = await house.browser().get(asked)
    assert told["error"] == "login_required"
    assert (again.status_code, "location" in again.headers) == (400, False)


async def test_a_level_without_a_name_for_this_client_is_recorded_as_the_refusal_that_it_is(
    house: House,
) -> None:
    alias = AcrAlias(name="ours-low", level=Level.LOW, until=house.clock.now() + timedelta(minutes=1))
    await house.put(town_client(acr_aliases=(alias,)))
    browser = house.browser()
    gone = (await browser.get(TOWN_PARTY.url())).headers["location"]
    house.clock.advance(timedelta(minutes=2))
    told = answer(await browser.get(gone))
    decided = await decision_of(house, gone)
    assert told["error"] == "unmet_authentication_requirements"
    assert decided.end == "level-not-proven"
    assert await ends(house) == [(decided.reference, decided.end)]


async def test_the_service_that_looks_up_a_refused_tab_reads_what_it_was_told(house: House) -> None:
    asked = await pushed(house)
    tabs = house.browser(), house.browser()
    gone = [(await tab.get(asked)).headers["location"] for tab in tabs]
    for tab, at in zip(tabs, gone, strict=True):
        await tab.get(at)
    reference = (await decision_of(house, gone[1])).reference
    looked: httpx2.Response = await TOWN_PARTY.post(house.browser(), f"/decisions/{reference}")
    assert looked.json()["outcome"] == "one-time-gone"
