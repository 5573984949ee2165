"""The same given to several at once: added and taken out on the first page, and begun for all or for none."""

from __future__ import annotations

import re
from dataclasses import replace

from bench.means import BenchMeans
from tests.journeys.house import PORTAL, House
from tests.mandates.builders import rules
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Page, Town
from tests.web.test_mandate_pages import OTHER, at, inside, offered, ready
from toegang.assurance import Level
from toegang.catalogue.values import Service
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import State
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.voluntary import Actor

BORN = "12-04-1988"


async def chosen(browser: Browser, *those: Bsn) -> Page:
    """Choose these on the first page, and go on."""
    page = await browser.open("/account/mandates/new")
    for bsn in those[:-1]:
        page = await browser.send(page, bsn=bsn.digits, birth_date=BORN, do="another")
        assert page.title == "Who else may do this?"
    return await browser.send(page, bsn=those[-1].digits, birth_date=BORN, do="next")


async def checked(browser: Browser, page: Page) -> Page:
    """Choose for what and until when."""
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    return await browser.send(page, until=day[1])


async def waiting(town: Town, by: Actor) -> int:
    leaf = await town.rooms.representing.voluntary.page(
        by, Listing.WAITING, Cut(size=50), town.bureau.clock.now()
    )
    return len(leaf.edges)


async def test_the_same_is_given_to_several_who_exist_or_not_and_each_stands_alone(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser, sanne = await inside(town), Actor(party=parties[SANNE], level=Level.HIGH)
    page = await checked(browser, await chosen(browser, DAAN, OTHER))
    assert page.title == "Is this what you give?"
    assert "Who act, each by a mandate of their own:" in page.text
    for bsn in (DAAN, OTHER):
        assert f"ends in {bsn.digits[-3:]}" in page.text
    page = await browser.send(page)
    assert page.title == "Your mandates are offered"
    assert page.text.count("offered, not answered yet") == 2
    assert await waiting(town, sanne) == 2
    first, second = re.findall(r'href="(/account/mandates/one/[^"]+)"', page.text)
    page = await browser.send(await browser.open(first), first + "/end")
    assert "taken back" in page.text
    assert "offered, not answered yet" in (await browser.open(second)).text


async def test_who_is_typed_twice_counts_once_and_who_is_taken_out_gets_nothing(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser, sanne = await inside(town), Actor(party=parties[SANNE], level=Level.HIGH)
    page = await browser.open("/account/mandates/new")
    for bsn in (DAAN, OTHER, DAAN):
        page = await browser.send(page, bsn=bsn.digits, birth_date=BORN, do="another")
    assert page.text.count("Take this out") == 2
    page = await browser.send(page, do="without-0")
    assert page.text.count("Take this out") == 1
    page = await browser.send(page, do="next")
    page = await browser.send(await checked(browser, page))
    assert page.title == "A mandate that you give"
    assert f"ends in {OTHER.digits[-3:]}" in page.text
    assert await waiting(town, sanne) == 1


async def test_what_is_wrong_with_one_is_told_and_nobody_gets_anything(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser, sanne = await inside(town), Actor(party=parties[SANNE], level=Level.HIGH)
    await browser.send(await checked(browser, await chosen(browser, OTHER)))
    page = await browser.send(await checked(browser, await chosen(browser, DAAN, OTHER)))
    assert page.title == "Is this what you give?"
    assert f"This is about: somebody with a BSN that ends in {OTHER.digits[-3:]}" in page.text
    assert "Nothing was offered to anybody." in page.text
    assert await waiting(town, sanne) == 1


async def test_oneself_is_refused_and_what_is_wrong_is_said_on_the_page(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    page = await browser.send(
        await browser.open("/account/mandates/new"), bsn=OTHER.digits, birth_date=BORN, do="another"
    )
    assert (await browser.send(page, do="another")).wrong == ["bsn", "birth_date"]
    assert (await browser.send(page, bsn="123", do="next")).wrong == ["bsn", "birth_date"]
    itself = await browser.send(page, bsn=SANNE.digits, birth_date=BORN, do="another")
    assert "You cannot do this for yourself" in itself.text
    for bent in ("without-9", "without-x", "without-", "without-99", "nothing"):
        assert (await browser.send(page, do=bent)).status == 200
    assert (await browser.send(page, do="without-0")).title == "Who may act for you?"
    assert (await browser.open(page.address)).status >= 400


async def test_what_changed_in_another_tab_is_not_given(town: Town) -> None:
    parties = await ready(town)
    browser, sanne = await inside(town), Actor(party=parties[SANNE], level=Level.HIGH)
    page = await checked(browser, await chosen(browser, DAAN))
    whom = page.address.replace("/check", "/whom")
    await browser.send(await browser.open(whom), bsn=OTHER.digits, birth_date=BORN, do="another")
    page = await browser.send(page)
    assert "Something changed meanwhile" in page.text
    assert await waiting(town, sanne) == 0
    assert (await browser.send(page)).title == "Your mandates are offered"
    assert await waiting(town, sanne) == 2


async def test_where_one_acts_at_a_time_several_get_nothing(town: Town) -> None:
    parties = await ready(town)
    kept = town.rooms.catalogue.current.service(PORTAL)
    assert isinstance(kept, Service)
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(replace(kept, representation=rules(one_agent=True)))
    browser, sanne = await inside(town), Actor(party=parties[SANNE], level=Level.HIGH)
    page = await browser.send(await checked(browser, await chosen(browser, DAAN, OTHER)))
    assert "Choose one person or organisation for it." in page.text
    assert await waiting(town, sanne) == 0


async def test_what_is_asked_or_follows_up_another_is_with_one(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    page = await browser.open("/account/mandates/ask")
    assert "Add another" not in page.text
    page = await browser.send(page, bsn=DAAN.digits, birth_date=BORN, do="another")
    assert page.title == "What may you do for them?"
    whom = page.address.replace("/services", "/whom")
    assert (await browser.open(whom)).address.endswith("/services")
    edge = await offered(town, parties[DAAN], parties[SANNE])
    sanne = Actor(party=parties[SANNE], level=Level.HIGH)
    ended = await town.rooms.representing.voluntary.end(sanne, edge.id, 1, town.bureau.clock.now())
    assert ended.state is State.DECLINED
    page = await browser.send(await browser.open(at(edge.id)), at(edge.id) + "/renew")
    whom = page.address.replace("/until", "/whom")
    assert (await browser.open(whom)).address.endswith("/services")
