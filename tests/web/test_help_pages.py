"""An organisation that helps people: chosen from the list in My account, and at a desk."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.journeys.house import PORTAL, records
from tests.mandates.builders import firm as party_of
from tests.mandates.builders import rules
from tests.mandates.giving_people import Firms
from tests.mandates.legal.facts import organisation
from tests.means.bureau import SANNE
from tests.web.citizens import Town
from tests.web.desks import Desks, shown_on
from tests.web.linked import put
from tests.web.test_desk_mandate_pages import COUNTS, WHO, desks, to_check
from tests.web.test_giving_on_pages import last_day
from tests.web.test_mandate_pages import inside, ready
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Kind, Organisation, OrganisationId, Service, Text
from toegang.identity.numbers import KvkNumber
from toegang.mandates.edge import Edge, Source, State
from toegang.mandates.scope import ScopeKind

__all__ = ["desks"]

LIBRARY = KvkNumber.parse("90000909")
LISTED = Organisation(
    id=OrganisationId("library"),
    names=Text(nl="Bibliotheek (nep)", en="Library (fake)"),
    kind=Kind.PRIVATE,
    sector="help",
    helps_as=LIBRARY.digits,
)


async def library(town: Town) -> None:
    """Put a library in the trade register and in the list."""
    finding = town.rooms.representing.voluntary.finding
    assert isinstance(finding.organisations, Firms)
    finding.organisations.told[LIBRARY] = organisation(LIBRARY, name="Bibliotheek (nep)")
    [party] = (await finding.numbers.meet([LIBRARY], town.bureau.clock.now())).values()
    async with town.app.ground.units.begin() as unit:
        await finding.knowing.parties.put(unit, party_of(party))
    await put(town, LISTED)


async def given(town: Town) -> list[Edge]:
    representing = town.rooms.representing
    met = await representing.numbers.meet([SANNE, LIBRARY], town.bureau.clock.now())
    return list(await representing.mandates.edges.between(met[SANNE], met[LIBRARY]))


async def test_an_organisation_of_the_list_helps_at_once_and_with_named_services_alone(town: Town) -> None:
    await ready(town)
    await library(town)
    browser = await inside(town)
    page = await browser.open("/account/mandates/help")
    assert "Library (fake)" in page.text
    assert (await browser.send(page, do="next")).wrong == ["helper"]
    assert (await browser.send(page, helper="another", do="next")).wrong == ["helper"]
    nothing = await browser.send(page, helper_words="butcher", do="look")
    assert "We found no organisation by these words." in nothing.text
    page = await browser.send(page, helper="library", do="next")
    assert page.title == "What may they do for you?"
    assert "wide-" not in page.text
    wide = {"wide-provider:clinic": "yes", "do": "next"}
    assert (await browser.send(page, **wide)).wrong == ["services"]
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    page = await browser.send(page, until=day[1])
    assert "each logged in as themselves" in page.text
    assert "It counts at once." in page.text
    page = await browser.send(page)
    assert "Employees of this organisation help" in page.text
    [edge] = await given(town)
    assert (edge.kind, edge.state) == (EdgeKind.HELPER, State.ACTIVE)
    page = await browser.send(page, f"/account/mandates/one/{edge.id}/end")
    assert "ended by who gave it" in page.text


async def test_by_its_number_it_is_help_too_and_out_of_the_list_it_is_not_to_be_chosen(town: Town) -> None:
    await ready(town)
    await library(town)
    browser = await inside(town)
    page = await browser.send(await browser.open("/account/mandates/new"), kvk=LIBRARY.digits)
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    page = await browser.send(page, until=day[1])
    assert "It counts at once." in page.text
    await put(town, replace(LISTED, enabled=False))
    refused = await browser.send(page)
    assert refused.wrong
    assert "not in the list of those that help people" in refused.text
    assert await given(town) == []
    page = await browser.open("/account/mandates/help")
    assert "Library (fake)" not in page.text


async def test_at_a_desk_it_counts_once_the_second_officer_agrees(desks: Desks) -> None:
    await library(desks.town)
    page = await desks.clerk.open("/desk/mandate")
    who = WHO | {"helper_here": "organisation"}
    assert (await desks.clerk.send(page, **who)).wrong == ["helper"]
    page = await desks.clerk.send(page, **(who | {"helper": "library"}))
    page = await desks.clerk.send(page, **{f"service-{PORTAL}": "yes"}, do="next")
    last = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert last is not None
    page = await desks.clerk.send(page, until=last[1])
    assert "Library (fake)" in page.text
    page = await desks.second.send(await desks.looked(shown_on(await desks.clerk.send(page))), do="give")
    assert page.title == COUNTS
    [edge] = await given(desks.town)
    assert (edge.kind, edge.state, edge.source) == (EdgeKind.HELPER, State.ACTIVE, Source.ASSISTED)


async def test_at_a_desk_nobody_is_told_that_who_helps_takes_a_place_where_one_acts_at_a_time(
    desks: Desks,
) -> None:
    await library(desks.town)
    [portal] = [one for one in records() if isinstance(one, Service) and one.id == PORTAL]
    await put(desks.town, replace(portal, representation=rules(desk=True, one_agent=True, since=None)))
    assert "Here one acts at a time." in (await to_check(desks)).text
    page = await to_check(desks, helper_here="organisation", helper="library")
    assert "each logged in as themselves" in page.text
    assert "Here one acts at a time." not in page.text


async def test_what_follows_up_a_mandate_of_before_it_was_listed_is_help_as_well(town: Town) -> None:
    await ready(town)
    await library(town)
    await put(town, replace(LISTED, helps_as=""))
    browser = await inside(town)
    page = await browser.send(await browser.open("/account/mandates/new"), kvk=LIBRARY.digits)
    wide = {"wide-provider:clinic": "yes", f"service-{PORTAL}": "yes", "do": "next"}
    page = await last_day(browser, await browser.send(page, **wide))
    page = await browser.send(page)
    [before] = await given(town)
    assert before.kind is EdgeKind.VOLUNTARY
    at = f"/account/mandates/one/{before.id}"
    page = await browser.send(page, f"{at}/end")
    await put(town, LISTED)
    page = await last_day(browser, await browser.send(page, f"{at}/renew"))
    await browser.send(page)
    after = next(each for each in await given(town) if each.id != before.id)
    assert (after.kind, after.renews) == (EdgeKind.HELPER, before.id)
    assert [scope.kind for scope in after.terms.scopes] == [ScopeKind.SERVICE]
