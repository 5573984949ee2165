"""O02: no answer travels to an address that nobody vouches for, and a redirect never repeats a POST."""

from __future__ import annotations

import pytest

from tests.hostile.scenes import town_client
from tests.journeys.house import REDIRECT, House
from tests.journeys.party import TOWN_PARTY, answer, follow
from toegang.catalogue.values import ClientId

BAD = {
    "unknown client": {"client_id": "nobody"},
    "no client": {"client_id": None},
    "no address": {"redirect_uri": None},
    "foreign address": {"redirect_uri": "https://evil.example/cb"},
    "longer address": {"redirect_uri": REDIRECT + "/../x"},
    "script": {"redirect_uri": "javascript:alert(1)"},
    "unknown request_uri": {"request_uri": "urn:ietf:params:oauth:request_uri:unknown"},
    "foreign request_uri": {"request_uri": "https://evil.example/request"},
    "request object of nobody": {"request": "eyJhbGciOiJub25lIn0.e30."},
}


@pytest.mark.requires("RFC9700-4.11")
async def test_who_cannot_be_told_is_not_told(lone_house: House) -> None:
    for name, changed in BAD.items():
        url = TOWN_PARTY.url(**changed)  # type: ignore[arg-type]
        path, _, query = url.partition("?")
        form = {"content-type": "application/x-www-form-urlencoded"}
        browser = lone_house.browser()
        await browser.get("/help")
        for response in (await browser.get(url), await browser.post(path, content=query, headers=form)):
            assert response.status_code in {400, 403}, name
            assert "location" not in response.headers, name
            assert "evil.example" not in response.headers["content-security-policy"], name


async def test_a_closed_client_gets_no_redirect(lone_house: House) -> None:
    await lone_house.put(town_client(enabled=False))
    response = await lone_house.browser().get(TOWN_PARTY.url())
    assert (response.status_code, "location" in response.headers) == (403, False)


async def test_an_error_at_a_good_address_travels_with_issuer_and_state_and_nothing_else(
    lone_house: House,
) -> None:
    told = answer(await lone_house.browser().get(TOWN_PARTY.url(response_type="token")))
    assert set(told) == {"error", "error_description", "iss", "state"}
    assert told["error"] == "unsupported_response_type"


@pytest.mark.requires("RFC9700-4.12")
async def test_every_redirect_after_a_post_is_a_303(lone_house: House) -> None:
    browser = lone_house.browser()
    path, _, query = TOWN_PARTY.url().partition("?")
    form = {"content-type": "application/x-www-form-urlencoded"}
    first = await browser.post(path, content=query, headers=form)
    assert first.status_code == 303
    assert (await follow(browser, first.headers["location"])).status_code == 303
    slash = await browser.post(path + "/", content=query, headers=form)
    assert slash.status_code == 404


async def test_two_clients_do_not_share_addresses(lone_house: House) -> None:
    other = "http://localhost:9000/other"
    await lone_house.put(town_client(id=ClientId("second"), redirect_uris=(other,)))
    response = await lone_house.browser().get(TOWN_PARTY.url(redirect_uri=other))
    assert response.status_code == 400
