"""My history: every login and every recorded act, with a proof of each; and of nobody else's."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from tests.journeys.house import PORTAL
from tests.journeys.party import CLINIC_PARTY
from tests.means.bureau import OTHER
from tests.web.citizens import Browser, Page, Town
from tests.web.test_account_pages import a_login_of_nobody
from toegang.app.outside import sequencer
from toegang.audit.events import EVENTS
from toegang.audit.proofs import check_open_proof, read_proofs
from toegang.ids import SystemIds
from toegang.web import words_of_events


async def lived(town: Town, browser: Browser) -> Page:
    """Have an account, log in somewhere, and let the sequencer place what happened."""
    await town.resident(browser)
    await town.sign_in(browser, await browser.open(CLINIC_PARTY.for_service(PORTAL)))
    while await sequencer(town.app.ground).step():
        pass
    town.bureau.later(seconds=1)
    return await browser.open("/account/history")


def references(page: Page) -> list[str]:
    return re.findall(r'href="/account/history/([A-Z0-9-]+)"', page.text)


def proofs(page: Page) -> list[str]:
    return re.findall(r'href="(/account/proof/[0-9a-f-]+)"', page.text)


async def test_a_login_says_what_was_asked_told_and_with_which_browser(town: Town) -> None:
    browser = town.browser()
    browser.http.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"
    page = await lived(town, browser)
    entry = await browser.open(f"/account/history/{references(page)[0]}")
    told = "a number that is yours at this organisation only"
    for said in ("Firefox on Linux", told, "Level that you proved"):
        assert said in entry.text, said


async def test_the_proof_of_a_login_holds_against_the_published_key(town: Town) -> None:
    browser = town.browser()
    page = await lived(town, browser)
    sent = await browser.open(f"/account/history/{references(page)[0]}/proof")
    assert sent.headers["content-disposition"].startswith("attachment")
    found = read_proofs(sent.text.encode())
    verifier = town.app.ground.signer.verifier()
    names = [check_open_proof(one, verifier).name for one in found]
    assert names[0] == "login:started"
    assert "login:completed" in names
    account = await town.bureau.account()
    opened = {kept.value for one in found for kept in one.opened}
    assert opened == {str(account.person)}


async def test_each_line_of_the_trail_has_its_proof_and_a_network_stays_closed(town: Town) -> None:
    browser = town.browser()
    await lived(town, browser)
    wrong = town.browser()
    await town.sign_in(wrong, await wrong.open("/account"), OTHER)
    while await sequencer(town.app.ground).step():
        pass
    page = await browser.open("/account/trail")
    assert "Somebody tried to log in, and could not" in page.text
    assert "Your account was activated" in page.text
    for address in proofs(page):
        [one] = read_proofs((await browser.open(address)).text.encode())
        check_open_proof(one, town.app.ground.signer.verifier())
        assert {kept.name for kept in one.opened} <= {"person"}


async def test_nobody_reads_or_proves_what_is_somebody_elses_nor_learns_that_it_is(
    town: Town,
) -> None:
    browser = town.browser()
    await lived(town, browser)
    others = await a_login_of_nobody(town)
    events = await town.app.ground.trail.by_reference(others)
    answers = set()
    for address in (
        f"/account/history/{others}/proof",
        "/account/history/AAAA-BBBB-CC/proof",
        f"/account/proof/{events[0].id}",
        f"/account/proof/{SystemIds().uuid()}",
        "/account/proof/1",
    ):
        page = await browser.open(address)
        answers.add((page.status, page.title))
    assert answers == {(404, "We cannot find this")}


async def test_who_is_not_inside_gets_no_proof(town: Town) -> None:
    browser = town.browser()
    page = await lived(town, browser)
    other = town.browser()
    asked = await other.open(f"/account/history/{references(page)[0]}/proof")
    assert asked.title == "Log in with user name and password"


async def test_an_event_without_a_place_yet_says_when_its_proof_comes(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    assert "The proof is there in a few seconds" in (await browser.open("/account/trail")).text
    [event, *_] = await town.app.ground.trail.by_person(str((await town.bureau.account()).person), 1)
    assert (await browser.open(f"/account/proof/{event.id}")).status == 503


async def test_logins_are_found_by_organisation_and_period(town: Town) -> None:
    browser = town.browser()
    await lived(town, browser)
    clinic = await browser.open("/account/history?organisation=clinic")
    assert len(references(clinic)) == 1
    assert not references(await browser.open("/account/history?organisation=town"))
    today = town.bureau.now.date().isoformat()
    assert references(await browser.open(f"/account/history?from={today}&until={today}"))
    assert not references(await browser.open("/account/history?until=2020-01-01"))


async def test_days_are_those_of_amsterdam(town: Town) -> None:
    browser = town.browser()
    past_midnight = datetime(2027, 6, 30, 22, 5, tzinfo=UTC)  # in Amsterdam it is the first of July
    town.bureau.clock.advance(past_midnight - town.bureau.now)
    await lived(town, browser)
    assert len(references(await browser.open("/account/history?from=2027-07-01&organisation=clinic"))) == 1
    of_june = await browser.open("/account/history?until=2027-06-30")
    assert "You see only some" in of_june.text
    assert not references(of_june)
    assert not references(await browser.open("/account/history?from=2027-07-02"))


@pytest.mark.parametrize(
    "asked", ["from=x", "until=9999-12-31", "before=x&below=" + "9" * 400, "organisation='"]
)
async def test_what_cannot_be_read_breaks_nothing(town: Town, asked: str) -> None:
    browser = town.browser()
    await town.resident(browser)
    assert (await browser.open(f"/account/history?{asked}")).status == 200
    assert (await browser.open("/account/trail?before=x")).status == 200


def test_every_event_that_names_a_person_has_words() -> None:
    named = {kind.name for kind in EVENTS if "person" in {each.name for each in fields(kind)}}
    assert named - set(words_of_events.EVENTS) == set()
