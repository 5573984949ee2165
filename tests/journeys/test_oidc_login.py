"""A citizen logs in at a service that speaks OpenID Connect."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from tests.journeys.house import LOW_MEANS, House, means
from tests.journeys.party import TOWN_PARTY, answer, claims, follow
from toegang.assurance import Level


async def test_a_login_gives_a_code_tokens_and_userinfo_at_the_level_that_was_proven(house: House) -> None:
    browser = house.browser()
    came_back = answer(await follow(browser, TOWN_PARTY.url()))
    tokens = (await TOWN_PARTY.redeem(browser, came_back["code"])).json()
    told = claims(tokens["id_token"])
    userinfo = await browser.get(
        "/oidc/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}
    )

    assert came_back["state"] == "a-state"
    assert came_back["iss"] == "http://localhost:8000"
    assert told["acr"] == "http://eidas.europa.eu/LoA/high"
    assert told["nonce"] == "a-nonce"
    assert userinfo.json() == {"sub": told["sub"]}


async def test_a_code_is_redeemed_once_and_a_second_time_ends_what_came_of_it(house: House) -> None:
    browser = house.browser()
    code = answer(await follow(browser, TOWN_PARTY.url()))["code"]
    tokens = (await TOWN_PARTY.redeem(browser, code)).json()
    again = await TOWN_PARTY.redeem(browser, code)
    userinfo = await browser.get(
        "/oidc/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}
    )

    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"
    assert userinfo.status_code == 401


async def test_the_language_of_a_pushed_request_is_that_of_the_pages(house: House) -> None:
    await house.put(means(LOW_MEANS, Level.LOW))
    browser = house.browser()
    query = TOWN_PARTY.url(ui_locales="en").partition("?")[2]
    pushed = await TOWN_PARTY.post(browser, "/oidc/par", **dict(parse_qsl(query)))
    asked = urlencode({"client_id": TOWN_PARTY.id, "request_uri": pushed.json()["request_uri"]})
    page = await follow(browser, f"/oidc/authorize?{asked}")
    assert '<html lang="en"' in page.text
