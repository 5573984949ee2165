"""From low to substantial: an identity document is checked on the way to a service, or in My account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from demo.app_device import Device
from tests.journeys.party import TOWN_PARTY
from tests.means.papers import (
    DONE_PAGE,
    OFFER_PAGE,
    REFUSED_PAGE,
    SOMEBODY,
    Counter,
    card_of,
    code_on,
    open_counter,
    passport_of,
)
from tests.means.telephones import APP, PIN, token_on
from tests.web.citizens import Browser, Page
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.audit.events import AppDocumentChecked, LoginAuthenticated


@pytest.fixture
async def counter(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Counter]:
    """Open a town on a database of this test's own; the test runs once for each engine."""
    async with open_counter(house_secrets, tmp_path, database_url) as opened:
        yield opened


async def to_offer(counter: Counter, device: Device, browser: Browser) -> Page:
    """Confirm a login at a service of level substantial with an app that is low."""
    page, session = await counter.phones.waiting(browser, device)
    assert session.details["level"]["en"] == "substantial"
    await device.confirm(session, PIN)
    return await browser.send(page, do="on")


async def go_on(browser: Browser, page: Page) -> Page:
    """Press the button of the page that says that all is well: it leads to the page of the app."""
    action = page.text.partition('action="')[2].partition('"')[0]
    assert action.startswith("/means/app/")
    return await browser.send(page, action, do="on")


async def read(counter: Counter, page: Page, paper: object = None) -> str:
    reader = counter.reader()
    session = await reader.take(code_on(page))
    return await reader.read(session, paper or passport_of())  # type: ignore[arg-type]


async def test_a_login_that_asks_more_goes_on_after_the_check(counter: Counter) -> None:
    phones, bureau = counter.phones, counter.phones.town.bureau
    device, browser = await phones.add(phones.town.browser()), phones.town.browser()
    await bureau.texts()
    await bureau.letters()
    page = await to_offer(counter, device, browser)
    assert page.title == OFFER_PAGE
    page = await browser.send(page, do="check")
    assert await read(counter, page) == "accepted"
    page = await browser.open(page.address)
    assert page.title == DONE_PAGE
    assert code_of(await go_on(browser, page))
    events = await bureau.events()
    (checked,) = [event for event in events if isinstance(event, AppDocumentChecked)]
    assert (checked.before, checked.after, checked.kind) == (Level.LOW, Level.SUBSTANTIAL, "passport")
    assert "passive-authentication" in checked.proofs
    (proven,) = [event for event in events if isinstance(event, LoginAuthenticated)][-1:]
    assert proven.proven is Level.SUBSTANTIAL
    sms, letters = await bureau.texts(), await bureau.letters()
    assert ["An identity document was checked" in each["text"] for each in sms] == [True]
    assert [each["purpose"] for each in letters] == ["app-checked-letter"]
    # From now on it is one step.
    assert code_of(await phones.log_in(phones.town.browser(), device))


async def test_the_same_browser_goes_on_where_the_app_is_on_this_device(counter: Counter) -> None:
    phones = counter.phones
    device, browser = await phones.add(phones.town.browser()), phones.town.browser()
    page = await browser.send(await phones.to_login(browser), do="here")
    back = await device.confirm(await device.scan(token=token_on(page)), PIN)
    page = await browser.open(back)
    assert page.title == OFFER_PAGE
    # The way back works once, also when nothing was proven yet.
    assert (await browser.open(back)).title != OFFER_PAGE
    page = await browser.send(page, page.text.partition('action="')[2].partition('"')[0], do="check")
    assert await read(counter, page, card_of()) == "accepted"
    assert code_of(await go_on(browser, await browser.open(page.address)))


async def test_a_login_goes_nowhere_without_the_check(counter: Counter) -> None:
    phones = counter.phones
    device, browser = await phones.add(phones.town.browser()), phones.town.browser()
    page = await to_offer(counter, device, browser)
    for _ in range(3):
        page = await browser.send(page, do="on")
        assert page.title == OFFER_PAGE
    page = await browser.send(page, do="check")
    assert await read(counter, page, passport_of(SOMEBODY)) == "not-accepted"
    page = await browser.open(page.address)
    assert page.title == REFUSED_PAGE
    page = await browser.send(page, do="again")
    page = await browser.send(page, do="on")
    assert page.title == OFFER_PAGE
    stopped = await browser.send(page, do="stop")
    assert "error=access_denied" in stopped.address


async def test_the_ceiling_of_the_admission_holds_whatever_was_checked(counter: Counter) -> None:
    phones = counter.phones
    device = await phones.add(phones.town.browser())
    assert (await counter.check(device, passport_of()))[0] == "accepted"
    await put(phones.town, replace(APP, ceiling=Level.LOW))
    page = await phones.town.browser().open(TOWN_PARTY.url())
    assert page.title == "No login means fits"


async def test_in_my_account_it_is_shown_and_undone(counter: Counter) -> None:
    phones, bureau = counter.phones, counter.phones.town.bureau
    device = await phones.add(phones.town.browser())
    browser, page = await counter.with_app(device)
    assert page.title == "Check your identity document"
    page = await browser.open("/account/apps")
    assert "level medium" in page.text
    assert "/account/apps/check" in page.text
    page = await browser.send(page, "/account/apps/check", do="begin")
    assert page.title == "Open this code with the reader"
    assert await read(counter, page) == "accepted"
    page = await browser.open("/account/apps")
    assert "level substantial" in page.text
    assert "/account/apps/check" not in page.text, "no app is left to check a document with"
    bureau.later(minutes=1)
    page = await browser.send(page, "/account/apps/lower", app=device.app)
    assert await counter.level() is Level.LOW
    names = await bureau.names_of_events()
    assert names.count("app:lowered") == 1
    await browser.send(page, "/account/apps/lower", app=device.app)
    assert (await bureau.names_of_events()).count("app:lowered") == 1


async def test_stopping_and_looking_again_change_nothing(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, page = await counter.begun(device)
    assert (await browser.send(page, do="look")).title == page.title
    code = code_on(page)
    assert (await browser.send(page, do="stop")).title == "The app"
    page = await browser.open(page.address)
    assert page.title == REFUSED_PAGE
    assert "You stopped" in page.text
    reader = counter.reader()
    with pytest.raises(Exception, match="one-time-gone"):
        await reader.take(code)
