"""A mandate given on, page by page: the giver ticks it, the receiver gives it on, both see and end it."""

from __future__ import annotations

import re

from tests.journeys.house import PORTAL, RESULTS
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Page, Town
from tests.web.desks import inside as entered
from tests.web.test_mandate_pages import OTHER, begun, inside, ready
from toegang.assurance import Level
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge, State
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.voluntary import Actor


async def listed(town: Town, party: PartyId, listing: Listing) -> list[Edge]:
    me, now = Actor(party=party, level=Level.HIGH), town.bureau.clock.now()
    return list((await town.rooms.representing.voluntary.page(me, listing, Cut(size=20), now)).edges)


async def last_day(browser: Browser, page: Page, **changes: str) -> Page:
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    return await browser.send(page, until=day[1], **changes)


async def held(town: Town, parties: dict[Bsn, PartyId]) -> tuple[Browser, Edge]:
    """Let Sanne give Daan a mandate that may be given on, which he took; return her browser."""
    browser = await inside(town)
    page = await browser.send(
        await browser.open("/account/mandates/new"), bsn=DAAN.digits, birth_date="12-04-1988"
    )
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    assert "They may give this mandate on" in page.text
    page = await last_day(browser, page, grants="yes")
    assert "Who acts may give this on to somebody else" in page.text
    page = await browser.send(page)
    [edge] = await listed(town, parties[SANNE], Listing.WAITING)
    assert edge.terms.grants
    daan = Actor(party=parties[DAAN], level=Level.SUBSTANTIAL)
    voluntary = town.rooms.representing.voluntary
    return browser, await voluntary.agree(daan, edge.id, 1, town.bureau.clock.now())


async def test_what_was_not_ticked_cannot_be_given_on(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    page = await begun(browser, bsn=DAAN.digits, birth_date="12-04-1988")
    assert "may give this on" not in page.text
    await browser.send(page)
    [edge] = await listed(town, parties[SANNE], Listing.WAITING)
    assert not edge.terms.grants
    assert (await browser.open(f"/account/mandates/one/{edge.id}/on")).status >= 400


async def test_it_is_given_on_for_its_services_alone_and_both_see_and_end_it(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[OTHER] = registered(OTHER)
    mine, edge = await held(town, parties)
    his = await entered(town, DAAN, "daan-account")
    at = f"/account/mandates/one/{edge.id}"
    assert f"{at}/on" in (await his.open(at)).text
    page = await his.open(f"{at}/on")
    assert page.title == "To whom do you give it on?"
    who = {"bsn": OTHER.digits, "birth_date": "12-04-1988"}
    assert (await his.send(page, **who)).wrong == ["services"]
    assert (await his.send(page, **who, **{f"service-{RESULTS}": "yes"})).wrong == ["services"]
    page = await his.send(page, **who, **{f"service-{PORTAL}": "yes"})
    assert page.title == "Until when?"
    assert (await his.send(page, until="31-12-2029")).wrong == ["until"]
    page = await last_day(his, page)
    assert "Who does this in their name" in page.text
    page = await his.send(page)
    assert page.title == "A mandate that you gave on"
    [on] = await listed(town, parties[DAAN], Listing.GIVEN_ON)
    assert f"/account/mandates/one/{on.id}" in (await his.open("/account/mandates")).text
    page = await mine.open(f"/account/mandates/one/{on.id}")
    assert "Who gave it on" in page.text
    page = await his.send(
        await his.open(f"/account/mandates/one/{on.id}"), f"/account/mandates/one/{on.id}/end"
    )
    kept = await town.rooms.representing.mandates.edges.find(on.id)
    assert kept is not None
    assert kept.state is State.WITHDRAWN
