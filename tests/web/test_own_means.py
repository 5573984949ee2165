"""My account: what one can log in with, where one is known and logged in; and logging out everywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from tests.journeys.house import PORTAL
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, answer
from tests.means.telephones import telephones_in
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import code_of
from toegang.audit.events import AccountLoggedOut, LogoutAsked


async def at_portal(town: Town, browser: Browser) -> Page:
    """Log in to a service that asks a password."""
    return await town.sign_in(browser, await browser.open(CLINIC_PARTY.for_service(PORTAL)))


async def redeemed(town: Town, browser: Browser) -> dict[str, str]:
    page = await at_portal(town, browser)
    tokens: dict[str, str] = (await CLINIC_PARTY.redeem(browser.http, code_of(page))).json()
    return tokens


def tags(page: Page) -> list[str]:
    return re.findall(r'name="device" value="([0-9a-f]{32})"', page.text)


async def test_every_kind_of_means_stands_in_one_list_with_its_last_use(town: Town) -> None:
    phones, browser = await telephones_in(town), town.browser()
    await phones.add(browser)
    page = await browser.open("/account/means")
    for said in ("User name and password", "Code by text message: 78", "App: ", "This device", "last used"):
        assert said in page.text, said


async def test_the_code_by_text_message_has_a_last_use_of_its_own(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    for used in (False, True):
        if used:
            town.bureau.later(minutes=11)
            assert (await town.anew(browser, await browser.open("/account/level"))).title == "My lowest level"
        page = await browser.open("/account/means")
        about = page.text.partition("Code by text message")[2].partition("Devices that we know")[0]
        assert ("last used" in about) is used
    kept = await town.bureau.account()
    async with town.bureau.desk.units.begin() as unit:
        number_since = town.bureau.now + timedelta(seconds=1)  # as for who has another number since
        await town.bureau.desk.accounts.change(
            unit, kept.id, lambda found: replace(found, number_since=number_since)
        )
    page = await browser.open("/account/means")
    assert "last used" not in page.text.partition("Code by text message")[2].partition("Devices that")[0]


async def test_one_device_is_forgotten_and_the_others_stay(town: Town) -> None:
    first, second = town.browser(), town.browser()
    await town.resident(first)
    await town.sign_in(second, await second.open("/account"))
    page = await second.open("/account/devices")
    here, other = tags(page)
    left = await second.send(page, device=other)
    assert tags(left) == [here]
    assert "This device" in left.text


async def test_a_tag_of_somebody_elses_device_or_of_none_forgets_nothing(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await browser.open("/account/devices")
    for tag in ("0" * 32, "x", "é" * 32, "'; DROP TABLE account_devices"):
        assert tags(await browser.send(page, device=tag)) == tags(page)


async def test_where_one_is_logged_in_is_told_with_which_browser(town: Town) -> None:
    await town.resident(town.browser())
    browser, other = town.browser(), town.browser()
    await redeemed(town, other)
    await town.sign_in(browser, await browser.open("/account"))
    page = await browser.open("/account/sessions")
    assert "Service 2 en" in page.text
    assert "in another browser" in page.text
    own = await town.sign_in(other, await other.open("/account/sessions"))
    assert "in this browser" in own.text


async def test_logging_out_everywhere_ends_every_session_and_tells_what_happened(town: Town) -> None:
    await town.resident(town.browser())
    here, there = town.browser(), town.browser()
    tokens = await redeemed(town, there)
    await town.sign_in(there, await there.open("/account"))
    await town.sign_in(here, await here.open("/account"))
    town.bureau.later(seconds=1)
    page = await here.send(await here.open("/account/sessions"), do="leave")
    assert page.title == "You are logged out here"
    assert "clinic-client en" in page.text
    for browser in (here, there):
        assert (await browser.open("/account")).title == "Log in with user name and password"
    silent = await there.http.get(CLINIC_PARTY.for_service(PORTAL, prompt="none"))
    assert answer(silent)["error"] == "login_required"
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert (await there.http.get("/oidc/userinfo", headers=bearer)).status_code == 401
    happened = await town.bureau.events()
    assert [event for event in happened if isinstance(event, AccountLoggedOut)]
    assert [event for event in happened if isinstance(event, LogoutAsked)]


async def test_a_login_of_an_app_and_the_answer_under_way_end_too(town: Town) -> None:
    phones = await telephones_in(town)
    device = await phones.add(town.browser())
    browser = town.browser()
    tokens = (await TOWN_PARTY.redeem(browser.http, code_of(await phones.log_in(browser, device)))).json()
    under_way = code_of(await phones.log_in(town.browser(), device))
    mine = town.browser()
    await town.sign_in(mine, await mine.send(await mine.open("/account"), means="citizen-account"))
    town.bureau.later(seconds=1)
    await mine.send(await mine.open("/account/sessions"), do="leave")
    assert (await TOWN_PARTY.redeem(browser.http, under_way)).status_code == 400
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert (await browser.http.get("/oidc/userinfo", headers=bearer)).status_code == 401


async def test_nobody_else_logs_a_person_out(town: Town) -> None:
    browser, thief = town.browser(), town.browser()
    page = await town.resident(browser)
    assert (await browser.send(page, "/account/sessions", csrf="0" * 64)).status == 403
    await thief.open("/help")
    await thief.send(await thief.open("/account/apply/person"), "/account/sessions")
    assert (await browser.open("/account")).title == "My account"
