"""Linked login means: made in one sitting, in My account or within a login, and undone by the person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import DAAN, SANNE
from tests.means.elsewhere import BANK, OTHER_BANK, bank
from tests.means.openid_provider import openid_provider
from tests.web.citizens import CITIZEN, Town
from tests.web.linked import Linked, code_of, open_linked, put
from toegang.assurance import Level
from toegang.identity.numbers import Bsn

CONFIRM = "Do you want to link bank en to yourself?"


@pytest.fixture
async def linked(town: Town) -> AsyncIterator[Linked]:
    async with open_linked(town) as opened:
        yield opened


async def names_of_events(linked: Linked) -> list[str]:
    return [name for name in await linked.town.bureau.names_of_events() if name.startswith("link:")]


async def test_the_bank_is_linked_in_my_account_and_then_leads_to_the_bsn(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.link(inside)
    assert page.title == "Linked login means"
    assert "bank en" in page.text
    assert [link.level for link in await linked.links()] == [Level.LOW]
    browser = linked.town.browser()
    told = await linked.told(browser, await linked.to_service(browser))
    assert SANNE.digits in told.values()
    assert await names_of_events(linked) == ["link:made"]


async def test_a_link_is_told_to_the_number_of_the_account(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside)
    assert (await linked.town.bureau.texts())[-1]["text"].startswith("A login means was linked")


async def test_a_link_is_undone_by_the_person_and_counts_no_more(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.link(inside)
    [link] = await linked.links()
    page = await inside.send(page, link=str(link.id))
    assert "You linked no login means." in page.text
    assert await linked.links() == ()
    assert (await linked.town.bureau.texts())[-1]["text"].startswith("One or more linked login means")
    assert await names_of_events(linked) == ["link:made", "link:ended"]
    browser = linked.town.browser()
    page = await linked.to_service(browser)
    assert page.title == "How do you want to log in?"
    assert code_of(page) == ""


async def test_who_is_nobody_yet_logs_in_with_their_own_means_and_links_within_the_login(
    linked: Linked,
) -> None:
    await linked.town.resident(linked.town.browser())
    browser = linked.town.browser()
    page = await linked.to_service(browser)
    assert "we do not know whose it is" in page.text
    assert f'value="{BANK}"' not in page.text
    page = await browser.send(page, means=CITIZEN.id)
    page = await linked.town.anew(browser, page)
    assert page.title == CONFIRM
    page = await browser.send(page, do="link")
    assert SANNE.digits in (await linked.told(browser, page)).values()
    assert len(await linked.links()) == 1
    again = linked.town.browser()
    assert code_of(await linked.to_service(again))


async def test_within_a_login_nobody_has_to_link(linked: Linked) -> None:
    await linked.town.resident(linked.town.browser())
    browser = linked.town.browser()
    page = await browser.send(await linked.to_service(browser), means=CITIZEN.id)
    page = await browser.send(await linked.town.anew(browser, page), do="no-link")
    assert SANNE.digits in (await linked.told(browser, page)).values()
    assert await linked.links() == ()


async def test_a_link_is_worth_what_the_persons_own_login_proved(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside, number="")
    page = await linked.link(inside)
    assert page.title == "Linked login means"
    assert [link.level for link in await linked.links()] == [Level.BASIC]
    page = await linked.to_service(linked.town.browser())  # which asks low
    assert code_of(page) == ""
    assert page.title == "How do you want to log in?"


async def test_linking_asks_a_fresh_login_on_both_sides(linked: Linked) -> None:
    await linked.town.resident(linked.town.browser())
    linked.town.bureau.later(hours=1)
    browser = linked.town.browser()
    page = await browser.open("/account/links/new")
    assert page.title == "Log in with user name and password"
    page = await linked.town.anew(browser, page)
    page = await browser.send(page, means=BANK)
    assert linked.bank.asked(page.address)["prompt"] == "login"
    old = int(linked.town.bureau.now.timestamp()) - 120
    refused = await linked.at_bank(browser, page, claims={"auth_time": old})
    assert "proof-invalid" in refused.text
    assert await linked.links() == ()


async def test_a_login_that_came_to_nothing_at_the_bank_is_said(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await inside.send(await linked.choosing(inside), means=BANK)
    page = await inside.open(linked.bank.answer(page.address, {"code": None, "error": "access_denied"}))
    assert "means-declined" in page.text
    action = page.text.partition('action="')[2].partition('"')[0]
    page = await inside.send(page, action, do="back")
    assert page.title == "Nothing was linked"


async def test_what_cannot_be_linked_is_not_offered(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside)
    page = await linked.choosing(inside)
    await put(linked.town, bank(linked.bank, linkable=False))
    assert "no login means that you can link" in (await inside.open("/account/links/new")).text
    assert (await inside.send(page, "/account/links/new", means=BANK)).status == 400
    assert (await inside.send(page, "/account/links/new")).status == 400


async def test_no_other_means_opens_my_account(linked: Linked) -> None:
    await put(linked.town, replace(CITIZEN, enabled=False))
    page = await linked.town.browser().open("/account")
    assert page.title == "No login means fits"


async def test_a_step_up_offers_only_what_can_be_this_persons(linked: Linked) -> None:
    inside = linked.town.browser()
    await linked.town.resident(inside, number="")
    await linked.link(inside)
    browser = linked.town.browser()
    page = await browser.open(TOWN_PARTY.url(acr_values="http://eidas.europa.eu/LoA/substantial"))
    page = await linked.at_bank(browser, page)
    assert page.status in {200, 303}
    assert code_of(page) == ""


@pytest.mark.parametrize(("bsn", "reached"), [(SANNE, True), (DAAN, False)], ids=["same", "other"])
async def test_a_second_means_raises_the_level_for_the_same_person_only(
    linked: Linked, bsn: Bsn, *, reached: bool
) -> None:
    """The first bank is linked at low and falls short; the second gives the BSN, at substantial."""
    inside = linked.town.browser()
    await linked.town.resident(inside)
    await linked.link(inside)
    async with openid_provider(linked.town.bureau.clock) as other:
        second = bank(other, OTHER_BANK, gives_bsn=True, settings={"bsn_claim": "bsn"})
        await put(linked.town, second)
        browser = linked.town.browser()
        page = await browser.open(TOWN_PARTY.url(acr_values="http://eidas.europa.eu/LoA/substantial"))
        page = await linked.at_bank(browser, await browser.send(page, means=BANK))
        assert "You already logged in at level medium" in page.text
        page = await browser.send(page, means=OTHER_BANK)
        page = await browser.open(other.answer(page.address, claims={"bsn": bsn.digits}))
    assert bool(code_of(page)) is reached
