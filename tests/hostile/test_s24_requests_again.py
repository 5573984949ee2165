"""S24, S25: a request is followed once, as its sender signed it, in whatever node and tab it comes again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import pytest
from httpx2 import Response

from tests.hostile.scenes import events, names_of_events, second_node
from tests.journeys.house import House
from tests.journeys.saml_party import SamlParty, enrol, follow, ticket
from tests.journeys.test_saml_login import BSN, opened
from toegang.audit.events import RequestRefused
from toegang.catalogue.values import SamlProfile
from toegang.saml import names
from toegang.saml.messages import Status

BUSY = 503
DENIED = Status(code=names.REQUESTER, second=names.REQUEST_DENIED)


async def denied(house: House, asking: SamlParty, text: str) -> bool:
    response = await asking.resolve(house, text)
    assert response.message is not None
    return asking.read(house, response.message).response.status == DENIED


async def patient(ask: Callable[[], Awaitable[Response]]) -> Response:
    """Ask again while the hub says that it is too busy, as its page tells people to."""
    while (answer := await ask()).status_code == BUSY:
        pass
    return answer


@pytest.mark.requires("STSAML-4.1")
async def test_a_request_that_comes_again_is_denied_on_every_node(house: House) -> None:
    asking = await opened(house, SamlProfile.ST_SAML)
    person, request = await enrol(house, BSN), asking.request(house)
    fields = asking.in_form(request)
    async with second_node(house) as other:
        first = await follow(
            house.browser(), await house.browser().post("/saml/sso", data=fields), person=str(person)
        )
        again = await follow(other.browser(), await other.browser().post("/saml/sso", data=fields))
    assert not await denied(house, asking, ticket(first)["SAMLart"])
    assert await denied(house, asking, ticket(again)["SAMLart"])
    assert (await names_of_events(house)).count("login:started") == 1


@pytest.mark.requires("STSAML-4.1")
async def test_of_a_request_that_comes_sixty_four_times_at_once_one_begins(house: House) -> None:
    asking = await opened(house, SamlProfile.ST_SAML)
    fields = asking.in_form(asking.request(house))

    async def brought() -> str:
        browser = house.browser()
        kept = await patient(lambda: browser.post("/saml/sso", data=fields))
        return (await patient(lambda: browser.get(kept.headers["location"]))).headers["location"]

    led_to = await asyncio.gather(*(brought() for _ in range(64)))
    assert sum("SAMLart=" in location for location in led_to) == 63
    recorded = await events(house)
    assert [event.name for event in recorded].count("login:started") == 1
    refused = [event.code for event in recorded if isinstance(event, RequestRefused)]
    assert refused == ["replayed"] * 63


@pytest.mark.requires("STSAML-4.1")
async def test_a_request_that_is_refused_for_its_service_is_used_too(house: House) -> None:
    asking = await opened(house, SamlProfile.ST_SAML)
    fields = asking.in_form(asking.request(house, service_index=9))
    for _ in range(2):
        await follow(house.browser(), await house.browser().post("/saml/sso", data=fields))
    refused = [event.code for event in await events(house) if isinstance(event, RequestRefused)]
    assert refused == ["protocol-refusal", "replayed"]


async def test_two_tabs_with_requests_of_their_own_both_come_back(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    person, browser = await enrol(lone_house, BSN), lone_house.browser()
    sent = [
        await browser.post("/saml/sso", data=asking.in_form(asking.request(lone_house), state))
        for state in ("tab-1", "tab-2")
    ]
    waiting = [await browser.get(each.headers["location"]) for each in sent]
    back = [await follow(browser, each, person=str(person)) for each in reversed(waiting)]
    assert [ticket(each)["RelayState"] for each in back] == ["tab-2", "tab-1"]
    for each in back:
        assert (await asking.told(lone_house, each)).assertion is not None


@pytest.mark.requires("SAMLBind-3.4.4.1")
@pytest.mark.parametrize(
    "bent",
    [
        "{address}&RelayState=other",
        "{address}&SAMLRequest=x",
        "{address}&SAMLResponse=x",
        "{address}&SAMLart=x",
        "{without_signature}",
        "{without_algorithm}",
        "{other_state}",
        "{lower_case}",
    ],
)
async def test_an_address_that_was_bent_begins_nothing(lone_house: House, bent: str) -> None:
    asking = await opened(lone_house, SamlProfile.DIGID3)
    address = asking.in_address(asking.request(lone_house))
    parts = {
        name: value for name, _, value in (part.partition("=") for part in address.split("?")[1].split("&"))
    }
    made = {
        "address": address,
        "without_signature": address.partition("&Signature=")[0],
        "without_algorithm": address.replace(f"&SigAlg={parts['SigAlg']}", ""),
        "other_state": address.replace("RelayState=a-state", "RelayState=b-state"),
        "lower_case": address.replace(quote("+", safe=""), "%2b").replace("%3A", "%3a").replace("%2F", "%2f"),
    }
    page = await lone_house.browser().get(bent.format(**made))
    assert page.status_code in {400, 413}
    assert "login:started" not in await names_of_events(lone_house)
