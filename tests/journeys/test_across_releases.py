"""A login under way while a new version takes over: it goes on, or a page says plainly that it is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2

from demo.app_device import Device
from tests.journeys.house import ISSUER, House
from tests.journeys.party import TOWN_PARTY, answer, follow
from tests.journeys.releases import Meanwhile, Released
from tests.journeys.saml_party import enrol
from tests.journeys.test_saml_login import BSN, opened
from tests.means.papers import Counter, code_on, passport_of
from tests.means.telephones import PIN
from tests.web.conftest import cards, counter, made, town
from tests.web.linked import code_of
from toegang.catalogue.values import SamlProfile

if TYPE_CHECKING:
    from tests.means.plastic import CardTown
    from tests.web.citizens import Town

__all__ = ["cards", "counter", "made", "town"]

Transport = httpx2.AsyncBaseTransport


async def by_password(town: Town) -> bool:
    """Log in with a password and a text message."""
    browser = town.browser()
    page = await browser.open(TOWN_PARTY.url())
    if page.title == "How do you want to log in?":
        page = await browser.send(page, means="citizen-account")
    return bool(code_of(await town.anew(browser, page)))


async def by_app(counter: Counter) -> bool:
    """Add an app, log in with it, and have a document checked on the way."""
    phones = counter.phones
    device: Device = await phones.add(phones.town.browser())
    browser = phones.town.browser()
    page, session = await phones.waiting(browser, device)
    await device.confirm(session, PIN)
    page = await browser.send(page, do="on")
    page = await browser.send(page, do="check")
    reader = counter.reader()
    taken = await reader.take(code_on(page))
    if await reader.read(taken, passport_of()) != "accepted":
        return False
    page = await browser.open(page.address)
    page = await browser.send(page, page.text.partition('action="')[2].partition('"')[0], do="on")
    return bool(code_of(page))


async def by_card(cards: CardTown) -> bool:
    """Log in with a card."""
    cards.active()
    return bool(code_of(await cards.log_in(cards.town.browser())))


async def over_saml(house: House, browser: httpx2.AsyncClient) -> bool:
    """Log in at a service that speaks SAML, and be told of."""
    asking = await opened(house, SamlProfile.ST_SAML)
    person = await enrol(house, BSN)
    came_back = await asking.ask(browser, asking.request(house), person=str(person))
    return (await asking.told(house, came_back)).assertion is not None


def client(transport: Transport) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=transport, base_url=ISSUER, headers={"accept-language": "en"})


def plain(meanwhile: Meanwhile) -> int:
    """See that every answer was one that people and programs understand; return how many were refusals."""
    assert [(asked, status) for asked, status, _ in meanwhile.told if status >= 500] == []
    refusals = [(asked, text) for asked, status, text in meanwhile.told if status >= 400]
    ways_on = ("Reference code", '<form method="post"', ">Start again<")
    assert [asked for asked, text in refusals if "<html" in text and not any(map(text.count, ways_on))] == []
    return len(refusals)


async def test_a_login_with_a_password_is_over_or_goes_on(town: Town) -> None:
    await town.resident(town.browser())
    meanwhile = Meanwhile(town.web, town.app.ground.database)
    assert await by_password(replace(town, web=meanwhile))
    assert plain(meanwhile)


async def test_applying_for_an_account_is_over_or_goes_on(town: Town) -> None:
    meanwhile = Meanwhile(town.web, town.app.ground.database)
    visited = replace(town, web=meanwhile)
    assert (await visited.resident(visited.browser())).status == 200
    assert plain(meanwhile)


async def test_a_login_with_an_app_and_a_document_is_over_or_goes_on(counter: Counter) -> None:
    meanwhile = Meanwhile(counter.phones.town.web, counter.phones.town.app.ground.database)
    visited = replace(counter.phones, town=replace(counter.phones.town, web=meanwhile))
    assert await by_app(replace(counter, phones=visited))
    assert plain(meanwhile)


async def test_a_login_with_a_card_is_over_or_goes_on(cards: CardTown) -> None:
    meanwhile = Meanwhile(cards.town.web, cards.town.app.ground.database)
    assert await by_card(replace(cards, town=replace(cards.town, web=meanwhile)))
    assert plain(meanwhile)


async def test_a_login_over_saml_is_over_or_goes_on(lone_house: House) -> None:
    meanwhile = Meanwhile(httpx2.ASGITransport(app=lone_house.web), lone_house.app.ground.database)
    assert await over_saml(lone_house, client(meanwhile))
    assert plain(meanwhile)


async def test_a_login_with_an_app_goes_on_after_a_newer_version_wrote_it(counter: Counter) -> None:
    town = counter.phones.town
    released = replace(town, web=Released(town.web, town.app.ground.database))
    assert await by_app(replace(counter, phones=replace(counter.phones, town=released)))


async def test_a_login_with_a_card_goes_on_after_a_newer_version_wrote_it(cards: CardTown) -> None:
    released = replace(cards.town, web=Released(cards.town.web, cards.town.app.ground.database))
    assert await by_card(replace(cards, town=released))


async def test_a_login_in_either_protocol_goes_on_after_a_newer_version_wrote_it(lone_house: House) -> None:
    web = httpx2.ASGITransport(app=lone_house.web)
    browser = client(Released(web, lone_house.app.ground.database))
    assert await over_saml(lone_house, browser)
    assert "code" in answer(await follow(browser, TOWN_PARTY.url()))
