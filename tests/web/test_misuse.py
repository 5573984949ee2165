"""Reporting misuse: what was chosen stops, and from outside nobody is shut out or found out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.means.bureau import DAAN, SANNE
from tests.means.plastic import CARDS, CardTown, made_in, open_cards
from tests.means.telephones import telephones_in
from tests.web.citizens import Browser, Page, Town
from toegang.audit.events import AccountMisuseReported
from toegang.means.app.values import AppStatus
from toegang.means.citizen.account import Status
from toegang.provider.oidc.withdrawn import WithdrawnProofs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_in(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
async def cards(town: Town, made: Path) -> AsyncIterator[CardTown]:
    async with open_cards(town, made) as opened:
        yield opened


CODE = re.compile(r"Code of your report</dt><dd>([A-Z0-9-]+)")


def code_of(page: Page) -> str:
    found = CODE.search(page.text)
    assert found is not None
    return found[1]


async def reports(town: Town) -> list[AccountMisuseReported]:
    return [event for event in await town.bureau.events() if isinstance(event, AccountMisuseReported)]


async def inside(town: Town, browser: Browser) -> Page:
    page = await browser.open("/account/misuse")
    if page.title == "How do you want to log in?":
        page = await browser.send(page, means="citizen-account")
    return await town.sign_in(browser, page)


async def test_only_apps_and_sessions_stop_when_that_is_chosen(town: Town) -> None:
    phones = await telephones_in(town)
    await phones.add(town.browser())
    browser = town.browser()
    page = await inside(town, browser)
    town.bureau.later(seconds=1)
    told = await browser.send(page, stop="devices")
    account = await town.bureau.account()
    assert account.status is Status.ACTIVE
    stopped = await town.rooms.apps.own.desk.apps.of_account(account.id)
    assert all(app.status is AppStatus.STOPPED for app in stopped)
    assert (await browser.open("/account")).title != "My account"
    [event] = await reports(town)
    assert (event.report, event.stopped, event.by) == (code_of(told), "devices", "person")


async def test_without_a_choice_the_whole_account_stops(town: Town) -> None:
    await town.resident(town.browser())
    for stop in ("", "everything", "sessions; --"):
        browser = town.browser()
        if (await town.bureau.account()).status is Status.LOCKED:
            break
        await browser.send(await inside(town, browser), stop=stop)
    assert (await town.bureau.account()).status is Status.LOCKED


async def test_from_outside_everybody_is_logged_out_and_nobody_shut_out(town: Town) -> None:
    browser, outside = town.browser(), town.browser()
    await town.resident(browser)
    page = await outside.open("/misuse")
    town.bureau.later(seconds=1)
    told = await outside.send(page, user_name="sanne88", bsn=SANNE.digits)
    assert (await town.bureau.account()).status is Status.ACTIVE
    assert (await browser.open("/account")).title == "Log in with user name and password"
    [event] = await reports(town)
    assert (event.report, event.by) == (code_of(told), "outside")
    assert (await town.sign_in(browser, await browser.open("/account"))).title == "My account"


async def test_who_came_by_another_means_than_the_account_is_logged_out_too(cards: CardTown) -> None:
    """A card and a linked means are no part of the account; "everybody" is who came by these as well."""
    town = cards.town
    await town.resident(town.browser())
    cards.active()
    await cards.log_in(town.browser())
    grants = town.rooms.logouts.grants
    person = (await town.bureau.account()).person
    assert person is not None
    assert any(
        each.grant.proven.means == CARDS.id for each in await grants.of_person(person, town.bureau.now)
    )
    town.bureau.later(seconds=1)
    outside = town.browser()
    await outside.send(await outside.open("/misuse"), user_name="sanne88", bsn=SANNE.digits)
    town.bureau.later(seconds=1)
    carrier = WithdrawnProofs(logouts=town.rooms.logouts, clock=town.bureau.clock)
    for message in await town.bureau.sent("account:proofs-withdrawn"):
        await carrier.carry(message)
    assert not await grants.of_person(person, town.bureau.now)


async def test_from_outside_nobody_learns_whether_there_is_an_account(town: Town) -> None:
    await town.resident(town.browser())
    outside, said = town.browser(), set()
    page = await outside.open("/misuse")
    for name, bsn in (("sanne88", SANNE), ("sanne88", DAAN), ("nobody123", SANNE), ("nobody123", DAAN)):
        told = await outside.send(page, user_name=name, bsn=bsn.digits)
        said.add((told.status, told.title, CODE.sub("", told.text).partition("<main")[2]))
    assert len(said) == 1
    assert len(await reports(town)) == 1


async def test_reports_from_outside_are_counted(town: Town) -> None:
    await town.resident(town.browser())
    outside = town.browser()
    page = await outside.open("/misuse")
    for _ in range(20):
        assert (await outside.send(page, user_name="sanne88", bsn=SANNE.digits)).status == 200
    assert (await outside.send(page, user_name="sanne88", bsn=SANNE.digits)).status == 429
    assert len(await reports(town)) == 3
    assert (await outside.send(page, csrf="0" * 64, user_name="x", bsn=SANNE.digits)).status == 403
    assert (await outside.send(page, user_name="", bsn="1")).wrong == ["user_name", "bsn"]
