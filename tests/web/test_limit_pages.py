"""What may be done by a mandate, page by page: chosen, refused, shown to both, made less, and given on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.means import BenchMeans
from tests.journeys.house import PORTAL, RESULTS, House, records
from tests.mandates.builders import rules
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Page, Town
from tests.web.desks import inside as entered
from tests.web.test_giving_on_pages import held, last_day, listed
from tests.web.test_mandate_files import listed_as_file
from tests.web.test_mandate_pages import OTHER, at, inside, ready
from toegang.assurance import Level
from toegang.catalogue.representation import LimitKind
from toegang.catalogue.values import Service, ServiceId
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge
from toegang.mandates.listing import Listing
from toegang.mandates.party import PartyId
from toegang.mandates.scope import UNRESTRICTED, Action, Restriction
from toegang.mandates.voluntary import Actor

WHO = {"bsn": DAAN.digits, "birth_date": "12-04-1988"}
LOOKING = frozenset({Action.VIEW})
ALL = {
    "limit_may": "view",
    "limit_most": "1.250,50",
    "limit_since": "01-02-2026",
    "limit_cases": "Z.4711, 2026-001/b",
}
MEANT = Restriction(
    actions=LOOKING,
    most=125_050,
    looks_back_to=datetime(2026, 1, 31, 23, tzinfo=UTC),
    cases=frozenset({"Z.4711", "2026-001/b"}),
)
WRONG = {
    "limit_may": ("sign", "VIEW", "view,prepare"),
    "limit_most": ("0", "-5", "1,2", "12,34.5", "1.25.00", "five", "1e9", "99999999999", "€", "١٢", "1.250"),
    "limit_since": ("31-02-2026", "2026-01-01", "01-01-1800", "01-01-2999", "0-0-2020"),
    "limit_cases": (",", "a\nb<script>", "x" * 41, ",".join(map(str, range(11))), "'; drop"),
}


async def honouring(town: Town, *limits: LimitKind, of: ServiceId | None = None) -> None:
    """Let the services hold people to these limits; with `of` only that one, and the others to none."""
    services = [
        replace(one, representation=rules(limits=limits if of in {None, one.id} else ()))
        for one in records()
        if isinstance(one, Service) and one.id in {PORTAL, RESULTS}
    ]
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(*services)


async def until_page(browser: Browser, *services: ServiceId) -> Page:
    page = await browser.send(await browser.open("/account/mandates/new"), **WHO)
    ticked = {f"service-{each}": "yes" for each in services or (PORTAL,)}
    return await browser.send(page, **ticked, do="next")


async def given(town: Town, parties: dict[Bsn, PartyId], **limits: str) -> tuple[Browser, Edge]:
    """Let Sanne give Daan a mandate with limits, which he took."""
    browser = await inside(town)
    page = await browser.send(await last_day(browser, await until_page(browser), **limits))
    assert page.title == "A mandate that you give"
    [edge] = await listed(town, parties[SANNE], Listing.WAITING)
    daan, now = Actor(party=parties[DAAN], level=Level.SUBSTANTIAL), town.bureau.clock.now()
    return browser, await town.rooms.representing.voluntary.agree(daan, edge.id, 1, now)


async def kept(town: Town, edge: Edge) -> Edge:
    found = await town.rooms.representing.mandates.edges.find(edge.id)
    assert found is not None
    return found


async def test_what_may_be_done_is_chosen_shown_on_every_page_and_kept(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    page = await until_page(browser)
    assert "What may this person do there?" in page.text
    page = await last_day(browser, page, **ALL)
    assert page.title == "Is this what you give?"
    told = ("only look, and change nothing", "€1,250.50", "1 February 2026", "2026-001/b, Z.4711")
    assert all(each in page.text for each in told)
    assert "everything there that" not in page.text
    page = await browser.send(page)
    assert all(each in page.text for each in told)
    [edge] = await listed(town, parties[SANNE], Listing.WAITING)
    assert edge.terms.restriction == MEANT
    overview = await browser.open("/account/mandates")
    assert all(each in overview.text for each in told)
    [columns, row] = await listed_as_file(browser, "waiting")
    assert "only look" in row[columns.index("What may be done there")]
    his = await entered(town, DAAN, "daan-account")
    page = await his.open(at(edge.id))
    assert all(each in page.text for each in told)


@pytest.mark.parametrize(
    ("language", "typed", "cents"),
    [
        ("nl", "12,345", None),
        ("en", "12.345", None),
        ("nl", "12.345", 12_345_00),
        ("en", "€ 12,345", 12_345_00),
        ("nl", "1,345,678", 1_345_678_00),
        ("nl", "12.345,67", 12_345_67),
        ("en", "12345", 12_345_00),
    ],
)
async def test_no_amount_is_read_as_a_thousand_times_what_it_says_in_a_language(
    town: Town, language: str, typed: str, cents: int | None
) -> None:
    parties = await ready(town)
    browser = await inside(town)
    page = await until_page(browser)
    day = {"until": "01-06-2027", "limit_most": typed}
    page = await browser.send(page, f"{page.address}?ui_locales={language}", **day)
    assert page.wrong == ([] if cents else ["limit_most"])
    if cents:
        await browser.send(page)
        [edge] = await listed(town, parties[SANNE], Listing.WAITING)
        assert edge.terms.restriction == Restriction(most=cents)


async def test_without_a_choice_everything_may_be_done(town: Town) -> None:
    parties = await ready(town)
    _, edge = await given(town, parties, limit_may="all", limit_most=" ", limit_cases="")
    assert edge.terms.restriction == UNRESTRICTED


async def test_what_was_read_is_hashed_with_its_limits(town: Town) -> None:
    parties = await ready(town)
    browser, hashes = await inside(town), set()
    for limits in ({}, {"limit_may": "view"}, {"limit_may": "view", "limit_most": "5"}):
        await browser.send(await last_day(browser, await until_page(browser), **limits))
        [edge] = await listed(town, parties[SANNE], Listing.WAITING)
        hashes.add(edge.text_hash)
        await browser.send(await browser.open(at(edge.id)), at(edge.id) + "/end")
    assert len(hashes) == 3


@pytest.mark.parametrize("field", WRONG)
async def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_chosen(town: Town, field: str) -> None:
    await ready(town)
    browser = await inside(town)
    page = await until_page(browser)
    for typed in WRONG[field]:
        refused = await last_day(browser, page, **{field: typed})
        assert (refused.status, refused.wrong) == (400, [field]), typed


async def test_a_branch_is_no_limit_of_what_a_person_gives(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    page = await until_page(browser)
    assert "limit_branch" not in page.text
    assert (await last_day(browser, page, limit_branch="000012345678")).wrong == [""]


async def test_a_limit_that_a_service_does_not_hold_to_is_not_offered_and_refused(town: Town) -> None:
    await ready(town)
    await honouring(town, LimitKind.AMOUNT, of=PORTAL)
    browser = await inside(town)
    page = await until_page(browser)
    assert ("limit_most" in page.text, "limit_may" in page.text) == (True, False)
    assert (await last_day(browser, page, limit_may="view", limit_most="5")).wrong == [""]
    page = await until_page(browser, PORTAL, RESULTS)
    assert "What may this person do there?" not in page.text
    assert (await last_day(browser, page, limit_most="5")).wrong == [""]
    assert (await last_day(browser, page, limit_may="all")).title == "Is this what you give?"


async def test_other_services_chosen_after_the_limits_are_told_before_anything_falls_away(town: Town) -> None:
    parties = await ready(town)
    await honouring(town, LimitKind.AMOUNT, of=PORTAL)
    browser = await inside(town)
    check = await last_day(browser, await until_page(browser), limit_most="5")
    at_ = check.address.removesuffix("/check")
    other = await browser.open(at_ + "/services")
    await browser.send(other, **{f"service-{PORTAL}": "yes", f"service-{RESULTS}": "yes", "do": "next"})
    refused = await browser.send(check, check.address)
    assert refused.wrong == [""], "it was read otherwise"
    page = await browser.open(check.address)
    assert page.title == "Until when?"
    assert "it falls away" in page.text
    assert await listed(town, parties[SANNE], Listing.WAITING) == []
    page = await last_day(browser, page)
    assert "everything there that" in page.text
    await browser.send(page)
    [edge] = await listed(town, parties[SANNE], Listing.WAITING)
    assert edge.terms.restriction == UNRESTRICTED


async def test_a_service_that_stops_holding_to_it_meanwhile_is_told(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    check = await last_day(browser, await until_page(browser), limit_most="5")
    await honouring(town)
    refused = await browser.send(check)
    assert "does not look at a limit" in refused.text
    assert await listed(town, parties[SANNE], Listing.WAITING) == []


async def test_either_side_makes_it_less_and_neither_more(town: Town) -> None:
    parties = await ready(town)
    mine, edge = await given(town, parties, limit_may="prepare", limit_most="500")
    his = await entered(town, DAAN, "daan-account")
    page = await his.open(at(edge.id))
    assert 'value="500.00"' in page.text
    for typed in ({"limit_most": "500.01"}, {"limit_may": "all"}, {"limit_most": "junk"}):
        refused = await his.send(page, at(edge.id) + "/limit", **typed)
        assert (refused.status, refused.wrong) == (400, list(typed))
    same = await his.send(page, at(edge.id) + "/limit", limit_may="prepare", limit_most="500")
    assert same.wrong == [""]
    less = await his.send(page, at(edge.id) + "/limit", limit_may="view", limit_most="500")
    assert less.wrong == []
    assert ("limit_may" in less.text, "limit_most" in less.text) == (False, True), "nothing less to choose"
    assert "only look, and change nothing" in less.text
    assert "look and prepare, and send nothing" in less.text, "what it said before"
    assert (await kept(town, edge)).terms.restriction == Restriction(actions=LOOKING, most=500_00)
    page = await mine.open(at(edge.id))
    assert "only look" in page.text
    await mine.send(page, at(edge.id) + "/limit", limit_cases="A-1")
    narrow = (await kept(town, edge)).terms.restriction
    assert narrow == Restriction(actions=LOOKING, most=500_00, cases=frozenset({"A-1"}))


async def test_of_two_tabs_the_second_is_told_that_something_changed(town: Town) -> None:
    parties = await ready(town)
    browser, edge = await given(town, parties)
    one, two = await browser.open(at(edge.id)), await browser.open(at(edge.id))
    await browser.send(one, at(edge.id) + "/limit", limit_may="view")
    refused = await browser.send(two, at(edge.id) + "/limit", limit_most="5")
    assert refused.wrong == [""]
    assert (await kept(town, edge)).terms.restriction == Restriction(actions=LOOKING)


async def test_no_limit_is_set_later_that_a_service_does_not_hold_to(town: Town) -> None:
    parties = await ready(town)
    browser, edge = await given(town, parties, limit_most="500")
    page = await browser.open(at(edge.id))
    await honouring(town, LimitKind.CASE)
    for typed in ({"limit_most": "5"}, {"limit_may": "view"}):
        assert (await browser.send(page, at(edge.id) + "/limit", **typed)).wrong == [""]
    # What it does not hold to any more stays, and can be ended or made shorter.
    later = await browser.send(page, at(edge.id) + "/shorten", until="01-03-2027")
    assert later.wrong == []
    assert (await kept(town, edge)).terms.restriction == Restriction(most=500_00)


async def test_what_is_given_on_is_no_wider_than_what_one_has(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[OTHER] = registered(OTHER)
    mine, edge = await held(town, parties)
    await mine.send(await mine.open(at(edge.id)), at(edge.id) + "/limit", limit_may="prepare", limit_most="5")
    his = await entered(town, DAAN, "daan-account")
    who = {"bsn": OTHER.digits, "birth_date": "12-04-1988", f"service-{PORTAL}": "yes"}
    page = await his.send(await his.open(f"{at(edge.id)}/on"), **who)
    for typed in ({"limit_may": "all"}, {"limit_most": "5,01"}):
        assert (await last_day(his, page, **typed)).wrong == list(typed)
    check = await last_day(his, page)
    assert "look and prepare, and send nothing" in check.text
    assert "€5.00" in check.text
    # Made less meanwhile, what is given on is too.
    await mine.send(await mine.open(at(edge.id)), at(edge.id) + "/limit", limit_most="4")
    refused = await his.send(check)
    assert "more than you may give" in refused.text
    check = await last_day(
        his, await his.open(check.address.removesuffix("check") + "until"), limit_may="view"
    )
    await his.send(check)
    [on] = await listed(town, parties[DAAN], Listing.GIVEN_ON)
    assert on.terms.restriction == Restriction(actions=LOOKING, most=4_00)


async def test_what_follows_up_another_begins_with_the_same_limits(town: Town) -> None:
    parties = await ready(town)
    browser, edge = await given(town, parties, **ALL)
    await browser.send(await browser.open(at(edge.id)), at(edge.id) + "/end")
    page = await browser.send(await browser.open(at(edge.id)), at(edge.id) + "/renew")
    shown: dict[str, Any] = dict(re.findall(r'name="(limit_\w+)"[^>]* value="([^"]*)"', page.text))
    assert shown["limit_most"] == "1250.50"
    assert re.search(r'name="limit_may" type="radio" value="view" checked', page.text)
