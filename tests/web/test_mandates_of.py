"""Mandates in somebody else's name on the pages of My account: whose, by whom, and when not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from tests.hostile.test_l19_in_another_name import director
from tests.journeys.house import PORTAL, RESULTS
from tests.mandates import builders as b
from tests.mandates.builders import firm as party_of
from tests.mandates.giving_people import Courts, Firms
from tests.mandates.legal.facts import organisation
from tests.mandates.team_worlds import Told
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.citizens import Browser, Page, Town
from tests.web.desks import inside as entered
from tests.web.test_limit_pages import honouring
from tests.web.test_mandate_pages import OTHER, inside, ready
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, LimitKind
from toegang.identity.numbers import KvkNumber
from toegang.mandates.edge import State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.scope import EVERYTHING, Restriction
from toegang.mandates.voluntary import Actor

KOMPAS, UNKNOWN = KvkNumber.parse("90000101"), "90000303"


async def directed(town: Town, *by: PartyId, needed: int = 1) -> PartyId:
    """Have an organisation that these people direct."""
    courts, finding = town.rooms.representing.voluntary.laws, town.rooms.representing.voluntary.finding
    firms = finding.organisations
    assert isinstance(courts, Courts)
    assert isinstance(firms, Firms)
    firms.told[KOMPAS] = organisation(KOMPAS, name="Kompas B.V.")
    [kompas] = (await finding.numbers.meet([KOMPAS], town.bureau.clock.now())).values()
    async with town.app.ground.units.begin() as unit:
        await finding.knowing.parties.put(unit, party_of(kompas))
    courts.told[kompas] = replace(NOTHING_TOLD, links=tuple(director(kompas, each, needed) for each in by))
    return kompas


async def no_longer(town: Town, kompas: PartyId) -> None:
    courts = town.rooms.representing.voluntary.laws
    assert isinstance(courts, Courts)
    courts.told[kompas] = NOTHING_TOLD


async def in_name(town: Town) -> tuple[Browser, Page]:
    """Go to the mandates of the organisation."""
    browser = await inside(town)
    page = await browser.open("/account/mandates/for")
    assert page.title == "For whom do you decide?"
    assert "as a director" in page.text
    address = re.search(r'href="(/account/mandates/for/[^"/]+)"', page.text)
    assert address is not None
    return browser, await browser.open(address[1])


async def given(browser: Browser, at: str, **who: str) -> Page:
    """Go through the pages up to the last."""
    page = await browser.send(await browser.open(at + "/new"), **who)
    assert page.title == "What is it for?", page.wrong
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    return await browser.send(page, until=day[1])


async def test_a_director_hires_sees_and_stops_somebody_in_the_name_of_the_organisation(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town, parties[SANNE])
    browser, page = await in_name(town)
    assert page.title == "Mandates of Kompas B.V."
    assert "You do this in the name of: Kompas B.V." in page.text
    at = page.address
    page = await given(browser, at, bsn=DAAN.digits, birth_date="12-04-1988")
    assert "Who does this in their name" in page.text
    page = await browser.send(page)
    assert page.title == "A mandate of Kompas B.V."
    voluntary, now = town.rooms.representing.voluntary, town.bureau.clock.now()
    [edge] = await voluntary.lists.live_between(kompas, parties[DAAN], 5, now)
    assert edge.kind.value == "employee"
    daan = Actor(party=parties[DAAN], level=Level.HIGH)
    await voluntary.agree(daan, edge.id, 1, now)
    page = await browser.open(at)
    assert "They work for Kompas B.V." in page.text
    assert f"{at}/one/{edge.id}" in page.text
    page = await browser.open(f"{at}/one/{edge.id}")
    page = await browser.send(page, f"{at}/one/{edge.id}/end")
    assert "ended by who gave it" in page.text
    assert (await browser.open(at + "/used")).status == 200
    assert (await browser.open(at + "/list/workers")).status == 200
    assert (await browser.open("/account/mandates")).text.count("Kompas") == 0


async def test_no_day_is_offered_after_which_one_no_longer_decides_for_the_other(town: Town) -> None:
    parties = await ready(town)
    kompas, courts = await directed(town, parties[SANNE]), town.rooms.representing.voluntary.laws
    assert isinstance(courts, Courts)
    ends = town.bureau.clock.now() + timedelta(days=60)
    mine = replace(director(kompas, parties[SANNE], 1), until=ends)
    courts.told[kompas] = replace(NOTHING_TOLD, links=(mine,))
    browser, page = await in_name(town)
    check = await given(browser, page.address, bsn=DAAN.digits, birth_date="12-04-1988")
    last = await browser.open(check.address.removesuffix("check") + "until")
    assert (await browser.send(last, until=f"{ends + timedelta(days=2):%d-%m-%Y}")).wrong == ["until"]
    page = await browser.send(check)
    assert page.title == "A mandate of Kompas B.V.", page.wrong


async def test_who_is_no_director_any_more_finds_nothing_at_the_address_and_does_nothing(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town, parties[SANNE])
    browser, page = await in_name(town)
    at = page.address
    check = await given(browser, at, bsn=DAAN.digits, birth_date="12-04-1988")
    await no_longer(town, kompas)
    told = [await browser.send(check), await browser.open(at), await browser.open(at + "/new")]
    foreign = await browser.open("/account/mandates/for/" + "A" * 60)
    assert {(each.status, each.title) for each in told} == {(foreign.status, foreign.title)}
    assert foreign.status >= 400
    now = town.bureau.clock.now()
    assert await town.rooms.representing.voluntary.lists.live_between(kompas, parties[DAAN], 5, now) == ()


async def test_who_manages_the_mandates_of_an_organisation_finds_it_there(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town)
    terms = b.terms(scopes=(EVERYTHING,), grants=True, until=town.bureau.clock.now() + timedelta(days=90))
    managed = b.edge(principal=kompas, agent=parties[SANNE], kind=EdgeKind.EMPLOYEE, terms=terms)
    async with town.app.ground.units.begin() as unit:
        assert await town.rooms.representing.mandates.edges.add(unit, managed)
    browser = await inside(town)
    page = await browser.open("/account/mandates/for")
    assert "Kompas B.V." in page.text
    address = re.search(r'href="(/account/mandates/for/[^"/]+)"', page.text)
    assert address is not None
    assert (await browser.open(address[1])).title == "Mandates of Kompas B.V."


async def test_a_draft_in_one_name_is_none_in_another(town: Town) -> None:
    parties = await ready(town)
    await directed(town, parties[SANNE])
    browser, page = await in_name(town)
    check = await given(browser, page.address, bsn=DAAN.digits, birth_date="12-04-1988")
    own = check.address.replace(page.address, "/account/mandates")
    assert own != check.address
    assert (await browser.open(own)).status >= 400
    assert (await browser.send(check, own)).status >= 400


async def test_numbers_of_whom_one_does_not_decide_for_are_all_told_alike(town: Town) -> None:
    parties = await ready(town)
    await directed(town, parties[DAAN])
    browser = await inside(town)
    form = await browser.open("/account/mandates/for")
    assert "We found nobody" in form.text
    for typed in (KOMPAS.digits, UNKNOWN, DAAN.digits, SANNE.digits):
        page = await browser.send(form, number_of=typed)
        assert (page.status, page.wrong) == (400, ["number_of"]), typed
    for typed in ("", "123", "x"):
        assert (await browser.send(form, number_of=typed)).wrong == ["number_of"]


async def test_a_person_gives_to_an_organisation_whose_name_the_last_page_shows(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town, parties[DAAN])
    browser = await inside(town)
    form = await browser.open("/account/mandates/new")
    assert (await browser.send(form, kvk="1234")).wrong == ["kvk"]
    assert (await browser.send(form, kvk=UNKNOWN)).wrong == ["kvk"]
    page = await browser.send(form, kvk=KOMPAS.digits)
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    page = await browser.send(page, until=day[1])
    assert "Kompas B.V." in page.text
    assert "The employees whom this organisation lets do this work act for it." in page.text
    await browser.send(page)
    now = town.bureau.clock.now()
    [edge] = await town.rooms.representing.voluntary.lists.live_between(parties[SANNE], kompas, 5, now)
    assert edge.terms.substitution.value == "employees"


async def test_of_two_directors_the_first_reads_that_a_second_must_sign(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town, parties[SANNE], parties[DAAN], needed=2)
    browser, page = await in_name(town)
    assert "waits for a second signature" in page.text
    page = await browser.send(
        await given(browser, page.address, kvk="", bsn="999990044", birth_date="12-04-1988")
    )
    assert page.title == "A mandate of Kompas B.V."
    waiting = (
        await town.rooms.representing.voluntary.page(
            Actor(party=kompas, level=Level.HIGH, by=parties[SANNE]),
            Listing.WAITING,
            Cut(),
            town.bureau.clock.now(),
        )
    ).edges
    assert [each.state for each in waiting] == [State.OFFERED]
    assert [each.co_principals for each in waiting] == [frozenset({parties[DAAN]})]


async def test_the_teams_of_an_organisation_are_a_link_away_for_who_may_change_them(town: Town) -> None:
    parties = await ready(town)
    kompas = await directed(town, parties[SANNE])
    browser, page = await in_name(town)
    # No register says so to the room of teams: there is no way there, and the page is whole.
    assert "/account/teams/" not in page.text
    law = replace(NOTHING_TOLD, links=(replace(director(kompas, parties[SANNE], 1), from_=None),))
    object.__setattr__(town.rooms.representing.teams, "laws", Told(law))
    page = await browser.open(page.address)
    link = re.search(r'href="(/account/teams/[^"]+)"', page.text)
    assert link is not None
    assert str(kompas) not in link[1]
    teams = await browser.open(link[1])
    assert teams.title == "Teams of Kompas B.V."
    back = re.search(r'href="(/account/mandates/for/[^"]+)"', teams.text)
    assert back is not None
    assert (await browser.open(back[1])).title == "Mandates of Kompas B.V."


async def test_who_signs_too_sees_of_a_typed_number_what_was_typed_and_no_name(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[OTHER] = registered(OTHER)
    kompas = await directed(town, parties[SANNE], parties[DAAN], needed=2)
    browser, page = await in_name(town)
    at, his = page.address, await entered(town, DAAN, "daan-account")
    for born in ("12-04-1988", "13-04-1988"):
        await browser.send(await given(browser, at, bsn=OTHER.digits, birth_date=born))
    firm, now = Actor(party=kompas, level=Level.HIGH), town.bureau.clock.now()
    waiting = (await town.rooms.representing.voluntary.page(firm, Listing.WAITING, Cut(size=5), now)).edges
    assert len(waiting) == 2
    for edge in waiting:
        page = await his.open(f"/account/mandates/one/{edge.id}")
        assert page.title == "A mandate that you sign together"
        assert f"somebody with a BSN that ends in {OTHER.digits[-3:]}" in page.text


async def test_who_may_only_do_so_much_is_told_so_before_they_give_more(town: Town) -> None:
    parties = await ready(town)
    await honouring(town, LimitKind.AMOUNT, of=PORTAL)
    kompas, courts = await directed(town, parties[SANNE]), town.rooms.representing.voluntary.laws
    assert isinstance(courts, Courts)
    mine = replace(director(kompas, parties[SANNE], 1), restriction=Restriction(most=500_000))
    courts.told[kompas] = replace(NOTHING_TOLD, links=(mine,))
    browser, page = await in_name(town)
    who = {"bsn": DAAN.digits, "birth_date": "12-04-1988"}
    forged = await browser.send(await browser.open(page.address + "/new"), **who)
    forged = await browser.send(forged, **{f"service-{RESULTS}": "yes", "do": "next"})
    assert (forged.status, forged.wrong) == (400, ["services"])
    assert "more than you may give" in forged.text
    page = await browser.send(await browser.open(page.address + "/new"), **who)
    assert "You see only what you may give yourself." in page.text
    # The other service does not look at amounts: there nobody gives by what has one.
    assert re.findall(r'name="service-([^"]+)"', page.text) == [str(PORTAL)]
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    assert "no more than you may do there yourself" in page.text
    assert "€5,000.00" in page.text
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    wider = await browser.send(page, until=day[1], limit_most="5000.01")
    assert (wider.status, wider.wrong) == (400, ["limit_most"])
    assert "more than you may do yourself" in wider.text
    empty = await browser.send(page, until=day[1], limit_most="")
    assert "€5,000.00" in empty.text
    less = await browser.send(page, until=day[1], limit_most="120")
    assert "€120.00" in less.text
    assert (await browser.send(less)).title == "A mandate of Kompas B.V."


async def test_of_the_number_of_whom_one_acts_for_nothing_is_told_more_than_of_another(town: Town) -> None:
    parties = await ready(town)
    courts = town.rooms.representing.voluntary.laws
    assert isinstance(courts, Courts)
    links = (director(parties[DAAN], parties[SANNE]),)
    courts.told[parties[DAAN]] = replace(NOTHING_TOLD, links=links)
    browser, page = await in_name(town)
    for bsn in (DAAN, OTHER):
        form = await browser.open(page.address + "/new")
        found = await browser.send(form, bsn=bsn.digits, birth_date="12-04-1988")
        assert found.title == "What is it for?"
