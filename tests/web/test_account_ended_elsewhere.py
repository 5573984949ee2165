"""My account ends with the session that it was entered in, wherever that is logged out of."""

from __future__ import annotations

import pytest

from tests.web.citizens import Browser, Town
from toegang.provider.logout.leave import Wish

SIGN_IN = "Log in with user name and password"


async def logged_out_elsewhere(town: Town, browser: Browser) -> None:
    """End the session as a server does that asks it: no page of this browser has a part in it."""
    now, cookies = town.bureau.clock.now(), browser.http.cookies
    stay = await town.rooms.stays.find(cookies["toegang-account"], cookies["toegang-browser"], now)
    await town.rooms.logouts.begin(Wish(sessions=frozenset({stay.session}), browser=""), now)


async def inside(town: Town) -> Browser:
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open("/account"))
    assert page.title == "My account"
    return browser


@pytest.mark.requires("ASVS-7.4.1")
async def test_a_stay_is_over_when_its_session_was_logged_out_of_elsewhere(town: Town) -> None:
    await town.resident(town.browser())
    browser = await inside(town)
    await logged_out_elsewhere(town, browser)
    assert "toegang-account" in browser.http.cookies, "it is the hub that says no, not the browser"
    for page in ("/account", "/account/history", "/account/devices", "/account/password"):
        assert (await browser.open(page)).title == SIGN_IN


async def test_a_form_that_was_open_then_changes_nothing(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    form = await town.anew(browser, await browser.open("/account/end"))
    await logged_out_elsewhere(town, browser)
    assert (await browser.send(form, "/account/end", sure="yes")).title == SIGN_IN
    assert (await town.sign_in(browser, await browser.open("/account"))).title == "My account"


async def test_the_next_login_is_a_stay_of_its_own(town: Town) -> None:
    await town.resident(town.browser())
    browser = await inside(town)
    await logged_out_elsewhere(town, browser)
    again = await town.sign_in(browser, await browser.open("/account"))
    assert again.title == "My account"
    assert (await browser.open("/account/history")).status == 200


async def test_a_stay_of_the_same_person_in_another_browser_goes_on(town: Town) -> None:
    await town.resident(town.browser())
    browser, other = await inside(town), await inside(town)
    await logged_out_elsewhere(town, browser)
    assert (await browser.open("/account")).title == SIGN_IN
    assert (await other.open("/account")).title == "My account"


async def test_a_stay_that_was_ended_does_not_come_back_while_it_would_have_lasted(town: Town) -> None:
    await town.resident(town.browser())
    browser = await inside(town)
    await logged_out_elsewhere(town, browser)
    for _ in range(16):
        town.bureau.later(minutes=1)
        assert (await browser.open("/account")).title == SIGN_IN
