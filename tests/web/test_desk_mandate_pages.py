"""Mandates at a desk, page by page: what a clerk fills in, what the officer reads, and who is turned away."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.means import BenchMeans
from tests.conftest import NOON
from tests.journeys.house import HUB, PORTAL, RESULTS, House, records
from tests.mandates.builders import rules
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Page, Town
from tests.web.desks import FATIMA, Desks, appoint, desks_in, inside, shown_on
from tests.web.linked import put
from toegang.catalogue.values import Service, Validity
from toegang.identity.numbers import Bsn
from toegang.mandates.desk.visits import Visit
from toegang.mandates.edge import Edge, State
from toegang.means.app.visits import CASES
from toegang.registers.population import Names
from toegang.web.desk_mandates import HERS

HELPER, THIRD = Bsn.parse("999990044"), Bsn.parse("999990408")
NOT_YOURS = "You cannot agree with this"
FORM, NOTED = "Help somebody to give a mandate", "The mandate was noted"
AGREE, COUNTS = "Do you agree with this mandate?", "The mandate counts from now on"
BORN = "12-04-1988"
SEEN = {"birth_date": BORN, "document": "passport", "document_number": "SPECI2014", "same_person": "yes"}
WHO = {"bsn": SANNE.digits, **SEEN, "helper_here": "yes"} | {
    HERS + name: value for name, value in {"bsn": HELPER.digits, **SEEN}.items()
}


@pytest.fixture
async def desks(town: Town) -> Desks:
    """Open a desk, with one service that lets mandates be given there and one that does not."""
    town.bureau.register.people[HELPER] = registered(HELPER)
    services = [
        replace(one, representation=rules(desk=one.id == PORTAL))
        for one in records()
        if isinstance(one, Service) and one.id in {PORTAL, RESULTS}
    ]
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(*services)
    return await desks_in(town)


async def begun(desks: Desks, **changes: str) -> Page:
    page = await desks.clerk.open("/desk/mandate")
    return await desks.clerk.send(page, **(WHO | changes))


async def to_check(desks: Desks, **changes: str) -> Page:
    """Fill in all pages before the last."""
    page = await begun(desks, **changes)
    page = await desks.clerk.send(page, **{f"service-{PORTAL}": "yes"}, do="next")
    last = (desks.town.bureau.now + timedelta(days=90)).strftime("%d-%m-%Y")
    return await desks.clerk.send(page, until=last)


async def noted(desks: Desks, **changes: str) -> str:
    page = await to_check(desks, **changes)
    page = await desks.clerk.send(page)
    assert page.title == NOTED
    return shown_on(page)


async def edges_of(desks: Desks) -> list[Edge]:
    representing = desks.town.rooms.representing
    met = await representing.numbers.meet([SANNE, HELPER], desks.town.bureau.now)
    return list(await representing.mandates.edges.between(met[SANNE], met[HELPER]))


async def test_two_officers_give_a_mandate_to_who_came_with_a_helper(desks: Desks) -> None:
    page = await begun(desks)
    assert "/services" in page.address
    assert f"service-{RESULTS}" not in page.text, "where a desk does not count"
    page = await desks.clerk.send(page, **{f"service-{PORTAL}": "yes"}, do="next")
    page = await desks.clerk.send(page, until="31-12-2027")
    assert "S. de Wit" in page.text
    page = await desks.clerk.send(page)
    assert "hreflang" not in page.text, "the name is shown once: no link leads away from it"
    name = shown_on(page)
    page = await desks.looked(name)
    assert page.title == AGREE
    assert page.text.count("S. de Wit") >= 2
    page = await desks.second.send(page, do="give")
    assert page.title == COUNTS
    [edge] = await edges_of(desks)
    assert edge.state is State.ACTIVE
    again = await desks.looked(name)
    assert (again.status, again.wrong) == (400, ["case"])


async def test_who_is_not_there_is_told_by_the_end_of_a_number_alone(desks: Desks) -> None:
    page = await to_check(desks, helper_here="no", helper_birth_date="01-01-1901")
    assert HELPER.digits[-3:] in page.text
    page = await desks.clerk.send(page)
    page = await desks.second.send(await desks.looked(shown_on(page)), do="give")
    assert page.title == "The mandate waits for who may act"
    assert await edges_of(desks) == []


NOT_SEEN = (
    ("bsn", "999990251", "bsn"),
    ("birth_date", "13-04-1988", "bsn"),
    ("document_number", "12", "document_number"),
    ("same_person", "", "same_person"),
    ("helper_here", "", "helper_here"),
    ("helper_bsn", "123", "helper_bsn"),
    ("helper_birth_date", "13-04-1988", "helper_bsn"),
    ("helper_document", "", "helper_document"),
    ("helper_document_number", "<script>", "helper_document_number"),
    ("helper_same_person", "", "helper_same_person"),
)


async def test_what_was_not_seen_begins_nothing(desks: Desks) -> None:
    for field, value, wrong in NOT_SEEN:
        page = await begun(desks, **{field: value})
        assert (page.title, page.wrong) == (FORM, [wrong]), field
        assert ("Choose one." in page.text) is (field in {"helper_here", "helper_document"}), field
    assert "desk:mandate-asked" not in await desks.town.bureau.names_of_events()


async def test_all_that_was_not_filled_in_at_a_desk_is_told_at_once(desks: Desks) -> None:
    page = await desks.clerk.send(await desks.clerk.open("/desk"), do="open")
    assert sorted(page.wrong) == ["bsn", "document", "document_number", "same_person"]


async def test_neither_officer_is_who_gives_it_or_who_may_act(desks: Desks) -> None:
    for field in ("bsn", "helper_bsn"):
        page = await begun(desks, **{field: DAAN.digits})
        assert (page.title, page.wrong) == (FORM, [""])
        page = await desks.looked(await noted(desks, **{field: FATIMA.digits}))
        assert (page.title, page.wrong) == (NOT_YOURS, [""])
        page = await desks.second.send(page, page.address, do="give")
        assert page.title == NOT_YOURS
    assert "mandate:begun" not in await desks.town.bureau.names_of_events()


async def test_nobody_agrees_with_their_own_visit_nor_with_that_of_another_desk(desks: Desks) -> None:
    name = await noted(desks)
    other = await inside(desks.town, THIRD, "third-demo")
    await appoint(desks.town, other, HUB)
    page = await desks.looked(name, desks.clerk)
    assert "nor agree with your own visit" in page.text
    page = await desks.clerk.send(page, f"/desk/mandate/{name}/agree", do="give")
    assert "nor agree with your own visit" in page.text
    page = await desks.looked(name, other)
    assert (page.status, page.wrong) == (400, ["case"])
    page = await other.send(page, f"/desk/mandate/{name}/agree", do="give")
    assert page.status == 400
    assert await edges_of(desks) == []


async def test_a_visit_of_who_works_there_no_more_is_agreed_with_by_nobody(desks: Desks) -> None:
    clerk = await inside(desks.town, THIRD, "third-demo")
    holder = await appoint(desks.town, clerk)
    page = await clerk.send(await clerk.open("/desk/mandate"), **WHO)
    page = await clerk.send(page, **{f"service-{PORTAL}": "yes"}, do="next")
    page = await clerk.send(page, until="31-12-2027")
    name = shown_on(await clerk.send(page))
    page = await desks.looked(name)
    await put(desks.town, replace(holder, validity=Validity(until=NOON - timedelta(hours=1))))
    assert (await clerk.open("/desk/mandate")).status == 403
    page = await desks.second.send(page, do="give")
    assert page.status == 400
    assert await edges_of(desks) == []


async def test_what_is_called_otherwise_meanwhile_is_read_anew_and_not_agreed_with(desks: Desks) -> None:
    name = await noted(desks)
    page = await desks.looked(name)
    desks.town.bureau.register.people[HELPER] = registered(
        HELPER, names=Names(given="A.", prefix="", family="Other", full="A. Other")
    )
    page = await desks.second.send(page, do="give")
    assert page.title == NOT_YOURS
    assert await edges_of(desks) == []


async def test_what_another_tab_changed_since_it_was_read_out_is_not_noted(desks: Desks) -> None:
    read = await to_check(desks)
    page = await desks.clerk.open(read.address.replace("/check", "/until"))
    last = (desks.town.bureau.now + timedelta(days=30)).strftime("%d-%m-%Y")
    changed = await desks.clerk.send(page, until=last)
    again = await desks.clerk.send(read)
    assert again.title == changed.title != NOTED
    assert (await desks.clerk.send(again)).title == NOTED


async def test_in_two_tabs_one_agrees_and_nothing_is_given_twice(desks: Desks) -> None:
    page = await desks.looked(await noted(desks))
    done = await asyncio.gather(*(desks.second.send(page, do="give") for _ in range(4)))
    assert [each.title for each in done].count(COUNTS) == 1
    assert len(await edges_of(desks)) == 1


async def test_a_clerk_does_not_ask_about_everybody(desks: Desks) -> None:
    for _ in range(CASES.most // 2):
        assert "/services" in (await begun(desks)).address
    page = await begun(desks, bsn="999990251")
    assert (page.status, page.title) == (429, FORM)


async def test_a_colleague_does_not_fill_in_the_visit_of_another(desks: Desks) -> None:
    found = re.search(r"/desk/mandate/([\w-]+)/", (await to_check(desks)).address)
    assert found is not None
    for page in ("services", "until", "check"):
        assert (await desks.second.open(f"/desk/mandate/{found[1]}/{page}")).status == 400
    kept = await desks.town.rooms.representing.at_desk.giving.visits.find(found[1], desks.town.bureau.now)
    assert isinstance(kept, Visit)


async def test_one_clerk_ends_a_mandate_for_who_comes_by_and_sees_no_others(desks: Desks) -> None:
    await desks.second.send(await desks.looked(await noted(desks)), do="give")
    came = {"bsn": SANNE.digits, **SEEN}
    page = await desks.clerk.open("/desk/mandate/end")
    page = await desks.clerk.send(page, **came, do="find")
    assert page.wrong == ["other_name"]
    page = await desks.clerk.send(page, **came, other_name="Nobody", do="find")
    assert "We found no mandate" in page.text
    page = await desks.clerk.open("/desk/mandate/end")
    page = await desks.clerk.send(page, **(came | {"birth_date": "13-04-1988"}), other_name="Wit", do="find")
    assert page.wrong == ["bsn"]
    page = await desks.clerk.send(page, **came, other_name="Wit", do="find")
    look, edge = re.search(r"/desk/mandate/end/([\w-]+)", page.text), (await edges_of(desks))[0]
    assert look is not None
    last = desks.town.bureau.now + timedelta(days=90)
    assert f"{last.day} {last:%B} {last.year}" in page.text, "the last day, not the one after it"
    for browser, fields, status in (
        (desks.second, {"edge": str(edge.id), "version": "1"}, 400),
        (desks.clerk, {"edge": "x", "version": "1"}, 400),
        (desks.clerk, {"do": "all"}, 400),
        (desks.clerk, {"edge": str(edge.id), "version": "1"}, 200),
    ):
        form = await browser.open("/desk/mandate/end")
        assert (await browser.send(form, f"/desk/mandate/end/{look[1]}", **fields)).status == status
    assert (await edges_of(desks))[0].state is State.REVOKED
    page = await desks.clerk.open("/desk/mandate/end")
    page = await desks.clerk.send(page, **came, do="all")
    assert page.title == "End everything that they gave?"
    page = await desks.clerk.send(page, re.findall(r'action="(/desk/[^"]+)"', page.text)[-1], do="all")
    assert "There was nothing to end" in page.text
