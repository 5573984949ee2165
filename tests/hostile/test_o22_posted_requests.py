"""O22, L12: a request posted from another site leaves nothing of itself in an address and moves no cookie."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from tests.hostile.scenes import second_node
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, answer, follow

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def posted(browser: httpx2.AsyncClient, url: str) -> httpx2.Response:
    """Send a request as another site's form does."""
    path, _, query = url.partition("?")
    return await browser.post(path, content=query, headers=FORM)


async def hint_of(browser: httpx2.AsyncClient) -> str:
    """Log in at the clinic; return the ID token."""
    code = answer(await follow(browser, CLINIC_PARTY.for_service(PORTAL)))["code"]
    return str((await CLINIC_PARTY.redeem(browser, code)).json()["id_token"])


@pytest.mark.requires("OIDCC-3.1.2.1")
async def test_an_id_token_that_is_posted_as_a_hint_is_in_no_address_and_still_counts(house: House) -> None:
    owner = house.browser()
    hint = await hint_of(owner)
    asked = CLINIC_PARTY.for_service(PORTAL, id_token_hint=hint, prompt="none", state="secret-state")
    # SameSite=Lax: the POST comes without our cookies, the GET after it with them.
    gone = await posted(house.browser(), asked)
    assert gone.status_code == 303
    assert "set-cookie" not in gone.headers
    for secret in (hint, *hint.split("."), "secret-state", "a-nonce", "id_token_hint", "redirect_uri"):
        assert secret not in str(gone.headers), secret
    told = answer(await owner.get(gone.headers["location"]))
    assert (told["state"], "code" in told) == ("secret-state", True)


async def test_a_reload_finds_it_on_every_node_and_after_a_while_nobody_does(house: House) -> None:
    gone = (await posted(house.browser(), TOWN_PARTY.url())).headers["location"]
    async with second_node(house) as other:
        for node in (house, other, house):
            assert (await node.browser().get(gone)).status_code == 303
        house.clock.advance(timedelta(seconds=90))
        for node in (house, other):
            late = await node.browser().get(gone)
            assert (late.status_code, "location" in late.headers) == (400, False)


@pytest.mark.parametrize("name", ["x", "A" * 43, "%00", "..%2ftoken", "a" * 5000])
async def test_a_name_that_was_not_given_leads_nowhere(lone_house: House, name: str) -> None:
    response = await lone_house.browser().get(f"/oidc/authorize/{name}")
    assert response.status_code in {400, 404}
    assert "location" not in response.headers


async def test_what_cannot_be_read_is_not_kept(lone_house: House) -> None:
    path, _, query = TOWN_PARTY.url().partition("?")
    for body in (query + "&state=twice", query + "&x=%00", query + "&x=" + "a" * 20_000):
        response = await lone_house.browser().post(path, content=body, headers=FORM)
        assert response.status_code in {400, 413}
        assert "location" not in response.headers


async def test_a_hint_that_names_a_person_is_not_kept(lone_house: House) -> None:
    await posted(lone_house.browser(), TOWN_PARTY.url(login_hint="somebody-by-name"))
    rows = await lone_house.app.ground.database.all("SELECT body FROM expiring")
    assert rows
    assert not [row for row in rows if b"somebody-by-name" in bytes(row[0])]


async def test_a_posted_request_is_refused_as_any_other(lone_house: House) -> None:
    for changed, status in (({"client_id": "nobody"}, 400), ({"redirect_uri": "https://evil.example"}, 400)):
        gone = await posted(lone_house.browser(), TOWN_PARTY.url(**changed))
        response = await lone_house.browser().get(gone.headers["location"])
        assert (response.status_code, "location" in response.headers) == (status, False)
    gone = await posted(lone_house.browser(), TOWN_PARTY.url(response_type="token"))
    told = answer(await lone_house.browser().get(gone.headers["location"]))
    assert told["error"] == "unsupported_response_type"
