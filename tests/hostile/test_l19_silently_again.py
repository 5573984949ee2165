"""L19, O22: a silent login is for another only as one before was, in the same session."""

from __future__ import annotations

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import CLINIC, CLINIC_CLIENT, PORTAL, RESULTS, House, client
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow

SILENT = "none"


def asked(**more: str) -> str:
    return CLINIC_PARTY.for_service(PORTAL, **more)


async def token_of(browser: httpx2.AsyncClient, end: httpx2.Response) -> str:
    response = await CLINIC_PARTY.redeem(browser, answer(end)["code"])
    return str(response.json()["id_token"])


async def choosing(browser: httpx2.AsyncClient) -> httpx2.Response:
    """Act for the one whom the page offers."""
    page = await follow(browser, asked())
    return await a.post(browser, page, whom=a.offered(page)[0])


async def again(browser: httpx2.AsyncClient, hint: str, **more: str) -> dict[str, str]:
    """Ask silently for the login of this ID token again."""
    return answer(await browser.get(asked(prompt=SILENT, id_token_hint=hint, **more)))


@pytest.mark.requires("OIDCC-3.1.2.1", "MANDATES-P14")
async def test_in_the_same_session_a_login_for_another_is_repeated_by_a_new_statement(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    first = await token_of(browser, await choosing(browser))
    told = await again(browser, first)
    second = claims((await CLINIC_PARTY.redeem(browser, told["code"])).json()["id_token"])
    before = claims(first)
    assert second["represents"] == before["represents"]
    assert second["sub"] == before["sub"]
    assert second["representation"]["statement"] != before["representation"]["statement"]


@pytest.mark.requires("OIDCC-3.1.2.6", "MANDATES-P4")
async def test_what_does_not_hold_any_more_is_not_repeated_and_becomes_no_login_of_ones_own(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER)
    browser = a.english(house)
    hint = await token_of(browser, await choosing(browser))
    await a.withdrawn(house, edge)
    assert (await again(browser, hint))["error"] == "interaction_required"
    # Without the hint there is nobody to choose, and the person may log in for themselves.
    assert "code" in answer(await browser.get(asked(prompt=SILENT)))
    await house.put(client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS)))
    assert (await again(browser, hint))["error"] == "interaction_required"


@pytest.mark.requires("OIDCC-3.1.2.1")
async def test_a_token_from_another_browser_session_or_service_chooses_for_nobody(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    other, browser = a.english(house), a.english(house)
    hint = await token_of(other, await choosing(other))
    assert (await again(browser, hint))["error"] == "login_required"
    # The same person, in a session of their own in which they chose themselves.
    page = await follow(browser, asked())
    await token_of(browser, await a.post(browser, page, do="for-myself"))
    assert (await again(browser, hint))["error"] == "interaction_required"
    for_results = CLINIC_PARTY.for_service(RESULTS, prompt=SILENT, id_token_hint=hint)
    assert answer(await other.get(for_results))["error"] == "interaction_required"
    assert "code" in await again(other, hint)


async def test_a_session_that_was_logged_out_of_repeats_nothing(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    hint = await token_of(browser, await choosing(browser))
    await browser.get(f"/oidc/logout?id_token_hint={hint}")
    assert (await again(browser, hint))["error"] == "login_required"
    page = await follow(browser, asked())
    await token_of(browser, await a.post(browser, page, do="for-myself"))
    assert (await again(browser, hint))["error"] == "interaction_required"


@pytest.mark.requires("OIDCC-3.1.2.6")
async def test_who_has_to_agree_is_asked_and_not_repeated_silently(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    hint = await token_of(browser, await choosing(browser))
    await a.confirming(house)
    assert (await again(browser, hint))["error"] == "consent_required"
