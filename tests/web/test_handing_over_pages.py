"""Handing clients over on the pages of two firms: proposed, agreed to and declined, by who may alone."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.hostile.test_l19_in_another_name import director
from tests.mandates.giving_people import Courts, Firms
from tests.mandates.legal.facts import organisation
from tests.mandates.team_worlds import Told
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Browser, Page, Town
from tests.web.firms import BAKERY, NAMES, OTHER_FIRM, Firm, firm
from tests.web.test_mandate_pages import UNKNOWN
from tests.web.test_mandates_of import in_name, no_longer
from toegang.mandates.edge import State
from toegang.mandates.job import JobState
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.registers.organisations import Standing

TITLE = "Hand over clients of Kompas B.V."


def laws(town: Town, told: dict[PartyId, PartyId]) -> None:
    """Have registers tell who directs which organisation."""
    courts = town.rooms.representing.voluntary.laws
    assert isinstance(courts, Courts)
    links = tuple(director(each, person) for each, person in told.items())
    for each, link in zip(told, links, strict=True):
        courts.told[each] = replace(NOTHING_TOLD, links=(link,))
    law = replace(NOTHING_TOLD, links=links)
    room = town.rooms.representing.jobs.handing_over
    object.__setattr__(town.rooms.representing.teams, "laws", Told(law))
    for asks in (room.voluntary, room.transferring, room.teams):
        object.__setattr__(asks, "laws", courts)
    for finds in (room.voluntary, room.transferring):
        object.__setattr__(finds, "finding", town.rooms.representing.voluntary.finding)


async def page_of(town: Town) -> tuple[Browser, Page, Firm]:
    """Open the page of Sanne's firm."""
    made = await firm(town)
    laws(town, {made.id: made.met[SANNE], made.met[OTHER_FIRM]: made.met[DAAN]})
    browser, page = await in_name(town)
    assert f'href="{page.address}/hand-over"' in page.text
    return browser, await browser.open(page.address + "/hand-over"), made


async def other_side(town: Town, browser: Browser, made: Firm) -> Page:
    """Open the page of the other firm, which Sanne directs by now, and Daan hers."""
    other, me = made.met[OTHER_FIRM], made.met[SANNE]
    laws(town, {made.id: made.met[DAAN], other: me})
    sealed = town.rooms.representing.sealed.seal(other, f"mandates {me}")
    return await browser.open(f"/account/mandates/for/{sealed}/hand-over")


async def latest(town: Town, made: Firm) -> tuple[str, JobState]:
    store = town.rooms.representing.jobs.store
    [job] = await store.latest(1)
    assert job.first == made.id
    return str(job.id), job.state


async def test_it_is_proposed_by_number_and_waits_for_the_other(town: Town) -> None:
    browser, page, made = await page_of(town)
    assert page.title == TITLE
    page = await browser.send(page, kvk=OTHER_FIRM.digits)
    assert "Proposed to Anker B.V." in page.text
    assert "did not answer yet" in page.text
    assert 'name="kvk"' not in page.text
    assert (await latest(town, made))[1] is JobState.PROPOSED
    page = await browser.send(page, f"{page.address}/{(await latest(town, made))[0]}", do="stop")
    assert "This was stopped." in page.text
    assert 'name="kvk"' in page.text


async def test_what_cannot_be_is_told_at_the_number(town: Town) -> None:
    browser, page, _ = await page_of(town)
    kompas = "90000101"
    for typed, words in (
        ("", "Fill"),
        ("12", "not a valid KVK number"),
        ("90000404", "has no organisation with this KVK number"),
        (kompas, "One person decides for both organisations"),
    ):
        answer = await browser.send(page, kvk=typed)
        assert 400 <= answer.status < 500, typed
        assert words in answer.text, typed
    firms = town.rooms.representing.voluntary.finding.organisations
    assert isinstance(firms, Firms)
    firms.told[BAKERY] = organisation(BAKERY, name=NAMES[BAKERY], standing=Standing.DISSOLVED)
    assert "cannot act now" in (await browser.send(page, kvk=BAKERY.digits)).text
    assert await town.rooms.representing.jobs.store.latest(1) == ()


async def proposed_by_daan(town: Town) -> tuple[Browser, Page, Firm]:
    """Have Daan propose it in the name of the first firm, and open the page of the other one for Sanne."""
    made = await firm(town)
    laws(town, {made.id: made.met[DAAN], made.met[OTHER_FIRM]: made.met[SANNE]})
    room, now = town.rooms.representing, town.bureau.clock.now()
    level = made.edges["daan"].terms.level
    by = await room.teams.steward(made.met[DAAN], made.id, level, now)
    await room.jobs.handing_over.propose(by, made.met[OTHER_FIRM], now)
    browser, _ = await in_name(town)
    return browser, await other_side(town, browser, made), made


async def test_who_agrees_has_the_clients_asked_and_sees_none_of_them(town: Town) -> None:
    browser, page, made = await proposed_by_daan(town)
    assert "Proposed by Kompas B.V." in page.text
    id_, _ = await latest(town, made)
    page = await browser.send(page, f"{page.address}/{id_}", do="agree")
    assert "Proposed by" not in page.text
    assert await latest(town, made) == (id_, JobState.RUNNING)
    await town.rooms.representing.jobs.round()
    edges = town.rooms.representing.mandates.edges
    asked = await edges.between(made.met[BAKERY], made.met[OTHER_FIRM])
    assert [each.state for each in asked] == [State.REQUESTED]
    mandates = await browser.open(page.address.removesuffix("/hand-over"))
    assert "somebody" in mandates.text
    assert "Jongste" not in mandates.text
    one = re.search(rf'href="([^"]+/one/{asked[0].id})"', mandates.text)
    assert one is not None
    shown = await browser.open(one[1])
    assert (shown.status, "Jongste" in shown.text) == (200, False)
    again = await browser.send(page, f"{page.address}/{id_}", do="decline")
    assert again.status == 400
    assert "cannot be done now" in again.text


async def test_who_declines_has_nobody_asked(town: Town) -> None:
    browser, page, made = await proposed_by_daan(town)
    id_, _ = await latest(town, made)
    await browser.send(page, f"{page.address}/{id_}", do="decline")
    assert await latest(town, made) == (id_, JobState.DECLINED)
    assert not await town.rooms.representing.jobs.round()


async def test_who_may_answer_sees_where_they_look_first_that_it_waits(town: Town) -> None:
    browser, page, made = await proposed_by_daan(town)
    firm_at, waits = page.address.removesuffix("/hand-over"), "1 proposal to take over clients waits"
    for address in ("/account", "/account/mandates", "/account/mandates/for", firm_at):
        shown = await browser.open(address)
        assert waits in shown.text, address
        assert "Answer for Anker B.V." in shown.text, address
        assert re.search(r'href="/account/mandates/for/[^"/]+/hand-over"', shown.text), address
    id_, _ = await latest(town, made)
    await browser.send(page, f"{page.address}/{id_}", do="decline")
    for address in ("/account", "/account/mandates", "/account/mandates/for", firm_at):
        assert waits not in (await browser.open(address)).text, address


async def test_who_may_not_answer_any_more_is_led_to_no_page_that_is_closed(town: Town) -> None:
    browser, page, made = await proposed_by_daan(town)
    assert "1 proposal" in (await browser.open("/account")).text
    laws(town, {made.id: made.met[SANNE], made.met[OTHER_FIRM]: made.met[DAAN]})
    assert (await browser.open(page.address)).status == 404
    for address in ("/account", "/account/mandates", "/account/mandates/for"):
        assert "to take over clients" not in (await browser.open(address)).text, address


async def test_who_may_not_answer_is_told_of_nothing(town: Town) -> None:
    made = await firm(town)
    laws(town, {made.id: made.met[SANNE], made.met[OTHER_FIRM]: made.met[DAAN]})
    browser, page = await in_name(town)
    await browser.send(await browser.open(page.address + "/hand-over"), kvk=OTHER_FIRM.digits)
    for address in ("/account", "/account/mandates", "/account/mandates/for", page.address):
        assert "to take over clients" not in (await browser.open(address)).text, address


async def test_who_agreed_takes_it_back_while_clients_are_asked(town: Town) -> None:
    browser, page, made = await proposed_by_daan(town)
    id_, _ = await latest(town, made)
    stopped = await browser.send(page, f"{page.address}/{id_}", do="stop")
    assert stopped.status == 400, "what waits for one's answer is declined"
    page = await browser.send(page, f"{page.address}/{id_}", do="agree")
    assert "Agreed with Kompas B.V." in page.text
    page = await browser.send(page, f"{page.address}/{id_}", do="stop")
    assert "Agreed with" not in page.text
    assert await latest(town, made) == (id_, JobState.STOPPED)
    assert not await town.rooms.representing.jobs.round()
    edges = town.rooms.representing.mandates.edges
    assert await edges.between(made.met[BAKERY], made.met[OTHER_FIRM]) == ()
    again = await browser.send(page, f"{page.address}/{id_}", do="stop")
    assert again.status == 400


async def test_others_and_odd_ids_lead_to_nothing(town: Town) -> None:
    browser, page, made = await page_of(town)
    page = await browser.send(page, kvk=OTHER_FIRM.digits)
    id_, _ = await latest(town, made)
    for odd in (UNKNOWN, "x", str(made.edges["daan"].id)):
        assert (await browser.send(page, f"{page.address}/{odd}", do="stop")).status == 404
    for do in ("", "more"):
        assert (await browser.send(page, f"{page.address}/{id_}", do=do)).status == 404
    for do in ("agree", "decline"):
        answer = await browser.send(page, f"{page.address}/{id_}", do=do)
        assert answer.status == 400, do
    assert await latest(town, made) == (id_, JobState.PROPOSED)
    await no_longer(town, made.id)
    object.__setattr__(town.rooms.representing.teams, "laws", Told(NOTHING_TOLD))
    answers = [
        await browser.open(page.address),
        await browser.send(page, kvk=OTHER_FIRM.digits),
        await browser.send(page, f"{page.address}/{id_}", do="stop"),
        await browser.open("/account/mandates/hand-over"),
    ]
    assert {each.status for each in answers} == {404}
    assert await latest(town, made) == (id_, JobState.PROPOSED)


async def test_what_was_not_asked_for_stands_by_its_reference_alone(town: Town) -> None:
    browser, page, made = await page_of(town)
    page = await browser.send(page, kvk=OTHER_FIRM.digits)
    room = town.rooms.representing
    [job] = await room.jobs.store.latest(1)
    running = job.agreed(made.met[DAAN], job.level, 2)
    async with room.mandates.units.begin() as unit:
        assert await room.jobs.store.advance(unit, running)
        refused = running.at(b"x", refused=1)
        await room.jobs.store.refuse(unit, job.id, made.edges["bakery"].id, "ask-first")
        assert await room.jobs.store.advance(unit, refused)
    page = await browser.open(page.address)
    assert "1 mandate was not asked for." in page.text
    assert f'/one/{made.edges["bakery"].id}"' in page.text
    assert "Jongste" not in page.text
    assert "ask-first" not in page.text


async def test_forms_of_another_site_change_nothing(town: Town) -> None:
    browser, page, _ = await page_of(town)
    for path in (page.address, f"{page.address}/{UNKNOWN}"):
        bare = await browser.http.post(path, data={"kvk": OTHER_FIRM.digits, "do": "agree"})
        fields = {"csrf": page.csrf, "kvk": OTHER_FIRM.digits}
        foreign = await browser.http.post(path, data=fields, headers={"origin": "https://evil.example"})
        assert {bare.status_code, foreign.status_code} == {403}
    assert await town.rooms.representing.jobs.store.latest(1) == ()
