"""Mandates in My account: given in four pages, answered, changed and ended, and whose they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.means import BenchMeans
from tests.journeys.house import CLINIC, PORTAL, RESULTS, House, records
from tests.mandates.builders import rules
from tests.means.bureau import DAAN, SANNE, registered
from tests.web.at_once_samples import AT_ONCE_SAMPLES, AT_ONCE_VARIANTS
from tests.web.citizens import Browser, Page, Town
from tests.web.limit_samples import LIMIT_VARIANTS
from tests.web.mandate_samples import MANDATE_SAMPLES, MANDATE_VARIANTS
from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import MandateUsed
from toegang.catalogue.values import Service, ServiceId, Text
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge, State
from toegang.mandates.finding import Found
from toegang.mandates.party import PartyId
from toegang.mandates.reasons import Reason
from toegang.mandates.scope import Scope
from toegang.mandates.voluntary import Actor, Proposal
from toegang.mandates.why import Why
from toegang.web.assets import Assets
from toegang.web.languages import Language
from toegang.web.pages import Names, Pages
from toegang.web.words_of_mandates import ENDED_BECAUSE, OBJECTIONS, STATES

OTHER = Bsn.parse("999990044")
UNKNOWN = "018f0000-0000-7000-8000-000000000001"
BEYOND = {
    Why.NO_AUTHORITY,
    Why.NOT_IN_FORCE,
    Why.SUSPENDED,
    Why.NOTHING_LEFT,
    Why.NO_SUBSTITUTION,
    Why.NOT_ON_THE_TEAM,
    Why.TOGETHER,
    Why.NOT_OF_THE_AGE,
    Why.NOT_ANSWERABLE,
    Why.HELD_ALREADY,
    Why.ASK_FIRST,
}
"""What is against deciding, or against a merger, and never against a move of a person."""


async def renamed(town: Town, name: str) -> None:
    """Let the provider call the portal something else."""
    kept = town.rooms.catalogue.current.service(PORTAL)
    assert kept is not None
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(replace(kept, names=Text(nl=name, en=name)))


async def admitting(town: Town, *those: ServiceId) -> None:
    """Let these services of the clinic admit mandates, and the others not."""
    services = [
        replace(one, representation=rules(letter=one.id == PORTAL) if one.id in those else None)
        for one in records()
        if isinstance(one, Service) and one.id in {PORTAL, RESULTS}
    ]
    house = House(app=town.app, web=None, clock=town.bureau.clock, means=BenchMeans())  # type: ignore[arg-type]  # only its catalogue
    await house.put(*services)


async def ready(town: Town) -> dict[Bsn, PartyId]:
    """Let two services of the clinic admit mandates, and everybody be known."""
    await admitting(town, PORTAL, RESULTS)
    now = town.bureau.clock.now()
    known = await town.rooms.representing.numbers.meet([SANNE, DAAN], now)
    for bsn in (SANNE, DAAN):
        await town.rooms.representing.voluntary.finding.know(
            known[bsn], town.bureau.register.people[bsn], now
        )
    return {bsn: known[bsn] for bsn in (SANNE, DAAN)}


async def inside(town: Town) -> Browser:
    browser = town.browser()
    await town.resident(browser)
    page = await browser.open("/account/mandates/new")
    if page.title != "Who may act for you?":
        page = await town.anew(browser, page)
    assert page.title == "Who may act for you?"
    return browser


async def offered(town: Town, by: PartyId, to: PartyId, service: ServiceId = PORTAL) -> Edge:
    now = town.bureau.clock.now()
    wanted = Proposal(
        scopes=(Scope.of_service(service),), from_=now, until=now + timedelta(days=100), read="read"
    )
    voluntary = town.rooms.representing.voluntary
    return await voluntary.offer(Actor(party=by, level=Level.HIGH), Found(party=to, nobody=to), wanted, now)


def at(edge: object) -> str:
    return f"/account/mandates/one/{edge}"


async def begun(browser: Browser, **who: str) -> Page:
    """Go through the first three pages."""
    page = await browser.send(await browser.open("/account/mandates/new"), **who)
    assert page.title == "What may they do for you?"
    page = await browser.send(page, **{f"service-{PORTAL}": "yes", "do": "next"})
    assert page.title == "Until when?"
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    return await browser.send(page, until=day[1])


async def test_a_mandate_is_given_in_four_pages_and_ended_in_two_clicks(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser = await inside(town)
    page = await begun(browser, bsn=DAAN.digits, birth_date="12-04-1988")
    assert page.title == "Is this what you give?"
    assert f"ends in {DAAN.digits[-3:]}" in page.text
    page = await browser.send(page)
    assert page.title == "A mandate that you give"
    assert "offered, not answered yet" in page.text
    now = town.bureau.clock.now()
    lists = town.rooms.representing.voluntary.lists
    [edge] = await lists.live_between(parties[SANNE], parties[DAAN], 5, now)
    daan = Actor(party=parties[DAAN], level=Level.HIGH)
    await town.rooms.representing.voluntary.agree(daan, edge.id, 1, town.bureau.clock.now())
    page = await browser.open("/account/mandates")
    assert "in force" in page.text
    page = await browser.open(at(edge.id))
    page = await browser.send(page, at(edge.id) + "/end", version="2")
    assert "ended by who gave it" in page.text


async def test_nothing_on_the_pages_tells_whether_somebody_is_there(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    seen = []
    for born in ("12-04-1988", "13-04-1988"):
        page = await browser.send(await begun(browser, bsn=DAAN.digits, birth_date=born))
        seen.append((page.title, re.sub(r"[0-9a-f-]{36}|\"(1\.)?[0-9a-f]{64}\"", "", page.text)))
    assert seen[0] == seen[1]


async def test_no_page_asks_a_register_about_whom_only_a_number_was_typed(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    asked = []
    for born in ("12-04-1988", "13-04-1988"):
        waiting = await browser.send(await begun(browser, bsn=DAAN.digits, birth_date=born))
        before = town.bureau.register.asked
        for path in (waiting.address, "/account/mandates"):
            assert (await browser.open(path)).status == 200
        assert "everything" not in (await browser.open(waiting.address)).text
        nowhere = [await browser.open(waiting.address + "/everything"), await browser.open(at(UNKNOWN))]
        assert len({(page.status, page.title) for page in nowhere}) == 1
        refused = await browser.send(waiting, waiting.address + "/everything")
        assert (refused.status, refused.title) == (nowhere[0].status, nowhere[0].title)
        asked.append(town.bureau.register.asked - before)
    assert asked == [0, 0]


async def test_a_mandate_of_somebody_else_is_no_other_than_one_that_is_not_there(town: Town) -> None:
    parties = await ready(town)
    [stranger] = (await town.rooms.representing.numbers.meet([OTHER], town.bureau.clock.now())).values()
    await town.rooms.representing.voluntary.finding.know(stranger, registered(OTHER), town.bureau.clock.now())
    town.bureau.register.people[OTHER] = registered(OTHER)
    edge = await offered(town, parties[DAAN], stranger)
    browser = await inside(town)
    form = await browser.open("/account/mandates/new")
    for path in ("", "/everything"):
        told = [await browser.open(at(each) + path) for each in (edge.id, UNKNOWN, "junk")]
        assert len({page.status for page in told}) == len({page.title for page in told}) == 1
    acts = ("end", "agree", "letter", "code", "shorten", "extend", "drop", "everything", "renew", "limit")
    for act in acts:
        told = [
            await browser.send(form, f"{at(each)}/{act}", version="1", until="31-12-2028", scope="all:")
            for each in (edge.id, UNKNOWN)
        ]
        assert len({(page.status, page.title) for page in told}) == 1, act
        assert told[0].status >= 400, act
    kept = await town.rooms.representing.mandates.edges.find(edge.id)
    assert kept == edge


async def test_of_two_tabs_the_second_is_told_that_something_changed(town: Town) -> None:
    parties = await ready(town)
    edge = await offered(town, parties[DAAN], parties[SANNE])
    browser = await inside(town)
    page = await browser.open(at(edge.id))
    for version in ("1", "", "x", "9" * 40, "1." + "0" * 64):
        unread = await browser.send(page, at(edge.id) + "/agree", version=version)
        assert unread.wrong == [""], version
        assert "Something changed meanwhile" in unread.text
    assert (await browser.send(page, at(edge.id) + "/agree")).status == 200
    for version in ("1", "", "x", "9" * 40, page.read["version"]):
        stale = await browser.send(page, at(edge.id) + "/end", version=version)
        assert stale.wrong == [""], version
    assert (await browser.send(page, at(edge.id) + "/end", version="2")).text.count("ended by who had it")


async def test_a_yes_is_to_what_was_read_and_not_to_what_another_tab_made_of_the_draft(town: Town) -> None:
    parties = await ready(town)
    town.bureau.register.people[DAAN] = registered(DAAN)
    browser = await inside(town)
    read = await begun(browser, bsn=DAAN.digits, birth_date="12-04-1988")
    draft = read.address.rsplit("/", 1)[0]
    sooner = (town.bureau.clock.now() + timedelta(days=9)).strftime("%d-%m-%Y")
    other = await browser.send(await browser.open(draft + "/until"), until=sooner)
    assert other.title == read.title
    again = await browser.send(read)
    assert again.wrong == [""]
    assert "Something changed meanwhile" in again.text
    assert (await browser.send(again, read="")).wrong == [""]
    now, lists = town.bureau.clock.now(), town.rooms.representing.voluntary.lists
    assert await lists.live_between(parties[SANNE], parties[DAAN], 5, now) == ()
    assert (await browser.send(again)).title == "A mandate that you give"
    [edge] = await lists.live_between(parties[SANNE], parties[DAAN], 5, now)
    assert edge.terms.until < now + timedelta(days=11)


async def test_a_yes_is_to_services_as_they_were_called_when_it_was_read(town: Town) -> None:
    parties = await ready(town)
    edge = await offered(town, parties[DAAN], parties[SANNE])
    browser = await inside(town)
    page, forms = await browser.open(at(edge.id)), {"until": "01-06-2027"}
    await renamed(town, "One")
    for act in ("agree", "shorten", "extend", "drop", "letter", "code"):
        refused = await browser.send(page, f"{at(edge.id)}/{act}", scope=f"service:{PORTAL}", **forms)
        assert refused.wrong == [""], act
    assert (await town.rooms.representing.mandates.edges.find(edge.id)) == edge
    page = await browser.open(at(edge.id))
    assert "in force" in (await browser.send(page, at(edge.id) + "/agree")).text
    page = await browser.open(at(edge.id))
    await renamed(town, "Two")
    ended = await browser.send(page, at(edge.id) + "/end")
    assert "ended by who had it" in ended.text, "ending is never held up by what else changed"


async def test_a_mandate_is_not_made_shorter_into_the_past(town: Town) -> None:
    parties = await ready(town)
    edge = await offered(town, parties[SANNE], parties[DAAN])
    daan = Actor(party=parties[DAAN], level=Level.HIGH)
    await town.rooms.representing.voluntary.agree(daan, edge.id, 1, town.bureau.clock.now())
    browser = await inside(town)
    page = await browser.open(at(edge.id))
    for day in ("31-02-2027", "28-02-2027"):
        wrong = await browser.send(page, at(edge.id) + "/shorten", until=day)
        assert wrong.wrong == ["until"]
        assert f'href="{at(edge.id)}?ui_locales=nl"' in wrong.text, "in another language it is a page too"
    shorter = await browser.send(page, at(edge.id) + "/shorten", until="01-03-2027")
    assert shorter.wrong == []
    assert "What it said before" in shorter.text
    assert "What it said before" not in page.text
    for before in ("junk", str(edge.id)):
        assert (await browser.open(f"{at(edge.id)}?before={before}")).status == 200


async def test_a_draft_is_of_its_session_alone_and_nobody_skips_a_page(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    page = await browser.send(
        await browser.open("/account/mandates/new"), bsn=DAAN.digits, birth_date="12-04-1988"
    )
    draft = page.address.rsplit("/", 1)[0]
    early = await browser.open(draft + "/check")
    assert early.title == "What may they do for you?"
    nothing = await browser.send(early, do="next")
    assert nothing.wrong == ["services"]
    for odd in ("-" * 36, "0" * 36, "x\0", ""):
        assert (await browser.send(early, **{f"service-{odd}": "yes", "do": "next"})).wrong == ["services"]
    closed = await browser.send(early, **{f"service-{UNKNOWN}": "yes", "do": "next"})
    assert closed.title == "Until when?"
    for day in ("tomorrow", "31-02-2027", "01-01-2020"):
        assert (await browser.send(closed, until=day)).wrong == ["until"]
    refused = await browser.send(await browser.send(closed, until="31-12-2027"))
    assert refused.wrong == [""]
    assert (await browser.open("/account/mandates/draft/other/check")).status >= 400


async def test_what_is_typed_wrong_is_told_at_its_field(town: Town) -> None:
    await ready(town)
    browser = await inside(town)
    page = await browser.open("/account/mandates/ask")
    assert (await browser.send(page, bsn="123", birth_date="x")).wrong == ["bsn", "birth_date"]
    assert (await browser.send(page, contact_code="AAAA-BBBB-CCCC")).wrong == ["contact_code"]
    assert (await browser.send(page, bsn=SANNE.digits, birth_date="12-04-1988")).wrong == [""]


async def test_a_code_is_shown_once_and_finds_its_person(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    page = await browser.send(await browser.open("/account/mandates/code"))
    code = re.search(r"([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})", page.text)
    assert code is not None
    finding = town.rooms.representing.voluntary.finding
    found = await finding.by_code(parties[DAAN], code[1], town.bureau.clock.now())
    assert found.party == parties[SANNE]


async def test_everything_with_somebody_ends_after_one_question(town: Town) -> None:
    parties = await ready(town)
    edges = [await offered(town, parties[DAAN], parties[SANNE], each) for each in (PORTAL, RESULTS)]
    browser = await inside(town)
    page = await browser.open(at(edges[0].id) + "/everything")
    page = await browser.send(page)
    assert page.title == "My mandates"
    for edge in edges:
        kept = await town.rooms.representing.mandates.edges.find(edge.id)
        assert kept is not None
        assert kept.state is State.DECLINED


def test_every_state_and_everything_against_a_move_has_words() -> None:
    assert set(STATES) == set(State)
    assert set(ENDED_BECAUSE) == set(Reason)
    assert set(Why) - BEYOND <= set(OBJECTIONS)


@pytest.mark.parametrize("language", Language)
def test_every_form_of_a_page_can_be_shown(language: Language) -> None:
    pages = Pages(Assets.load(), Names())
    every = (*MANDATE_SAMPLES.items(), *MANDATE_VARIANTS, *AT_ONCE_SAMPLES.items(), *AT_ONCE_VARIANTS)
    for name, values in (*every, *LIMIT_VARIANTS):
        assert pages.render(name, language, **values)


async def test_all_of_a_provider_is_given_with_how_wide_that_is(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    page = await browser.send(
        await browser.open("/account/mandates/new"), bsn=DAAN.digits, birth_date="12-04-1988"
    )
    wide = f"wide-provider:{CLINIC}"
    assert wide in page.text
    for odd in (
        "wide-all:",
        "wide-service:x",
        "wide-provider:",
        "wide-provider:a/b",
        "wide-group:" + "x" * 300,
    ):
        assert (await browser.send(page, **{odd: "yes", "do": "next"})).wrong == ["services"]
    page = await browser.send(page, **{wide: "yes", "do": "next"})
    day = re.search(r"For example (\d\d-\d\d-\d{4})", page.text)
    assert day is not None
    page = await browser.send(page, until=day[1])
    assert "These are 2 services now." in page.text
    assert "What is added later does not count." in page.text
    await admitting(town, PORTAL)
    changed = await browser.send(page)
    assert changed.wrong == [""], "one service less than was read"
    assert "This is 1 service now." in changed.text
    page = await browser.send(changed)
    assert "everything of Clinic" in page.text
    lists = town.rooms.representing.voluntary.lists
    [edge] = await lists.live_between(parties[SANNE], parties[DAAN], 5, town.bureau.clock.now())
    assert [scope.as_of is not None for scope in edge.terms.scopes] == [True]
    assert edge.terms.scopes[0].name == CLINIC


async def test_who_acted_and_is_erased_is_somebody_in_the_list_of_who_acted(town: Town) -> None:
    parties = await ready(town)
    browser = await inside(town)
    mandates, now = town.rooms.representing.mandates, town.bureau.clock.now()
    acted = MandateUsed(
        at=now,
        statement="1",
        service=str(PORTAL),
        basis=("voluntary",),
        path=("1:1",),
        level=Level.LOW,
        rules=1,
        actor=Personal.of(parties[DAAN]),
        principal=Personal.of(parties[SANNE]),
    )
    async with town.app.ground.units.begin() as unit:
        await mandates.trail.record(unit, acted)
    async with town.app.ground.units.begin() as unit:
        assert await town.app.ground.trail.erase(unit, str(parties[DAAN]), "request", now) > 0
    page = await browser.open("/account/mandates/used")
    assert page.status == 200
    assert "someone whose name we cannot show now" in page.text
