"""Logging in with a card over HTTP: without script, relayed by a reader, refused in plain words."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from tests.means.bureau import SANNE
from tests.means.plastic import (
    ACCEPTED_PAGE,
    CODE_PAGE,
    REFUSED_PAGE,
    START_PAGE,
    CardTown,
)
from tests.web.citizens import Town
from tests.web.desks import START, appoint
from tests.web.linked import code_of
from toegang.means.app.watching import ASKING
from toegang.means.citizen.notifying import Notices, Teller
from toegang.means.citizen.telling import KIND
from toegang.reports.rollout import KEPT

LOGINS = {"How do you want to log in?", "Log in with user name and password"}


async def test_the_whole_way_needs_no_script_and_no_account(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    assert page.title == CODE_PAGE
    assert (await browser.send(page, do="look")).title == CODE_PAGE
    assert (await browser.send(page, do="on")).title == CODE_PAGE
    assert await cards.read(page) == {"outcome": "accepted"}
    page = await browser.open(page.address)
    assert page.title == ACCEPTED_PAGE
    assert code_of(await browser.send(page, do="on"))
    names = await cards.town.bureau.names_of_events()
    assert "card:first-used" in names
    assert "login:completed" in names


async def test_a_card_opens_the_desk_and_no_page_of_an_account_until_it_is_stopped(cards: CardTown) -> None:
    town, issued = cards.town, cards.active()
    await town.resident(town.browser())
    browser = town.browser()
    page = await cards.to_login(browser, "/desk")
    await cards.read(page)
    page = await browser.send(await browser.open(page.address), do="on")
    assert page.title == "This page is for people who work at a desk"
    await appoint(town, browser)
    page = await browser.open("/desk")
    assert page.title == START
    for path in ("", "/history", "/level", "/apps/new", "/data", "/cards/activate"):
        assert (await browser.open(f"/account{path}")).title in LOGINS
    for path in ("/account/level", "/account/end", "/account/data"):
        assert (await browser.send(page, path, sure="yes")).title in LOGINS
    for path in ("/cockpit/keys", "/cockpit/metadata"):
        assert (await browser.open(path)).title in LOGINS
    assert (await browser.open("/desk")).title == START

    own = town.browser()
    page = await town.sign_in(own, await own.open("/account/cards"))
    await own.send(page, "/account/cards", card=issued.chip)
    assert (await browser.open("/desk")).title != START


@pytest.mark.parametrize(
    ("path", "title"),
    [("/desk/letters", "Letters in large print for somebody"), ("/desk/case", START)],
)
async def test_a_clerk_whose_time_is_over_comes_back_to_the_desk_and_not_to_an_account(
    cards: CardTown, path: str, title: str
) -> None:
    """A card has no account: at My account its clerk would be asked for a password that they have not."""
    cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser, "/desk")
    await cards.read(page)
    await browser.send(await browser.open(page.address), do="on")
    await appoint(cards.town, browser)
    page = await browser.open("/desk")
    browser.http.cookies.delete("toegang-account")
    page = await (browser.send(page, path, case="X") if path == "/desk/case" else browser.open(path))
    page = await browser.send(page, do="start")
    await cards.read(page)
    assert (await browser.send(await browser.open(page.address), do="on")).title == title


async def test_the_first_use_is_told_by_letter_and_the_second_is_not(cards: CardTown) -> None:
    cards.active()
    await cards.log_in(cards.town.browser())
    (letter,) = await cards.town.bureau.letters()
    assert letter["purpose"] == "card-used-letter"
    await cards.log_in(cards.town.browser())
    assert not await cards.town.bureau.letters()


async def test_who_has_an_account_without_a_number_gets_one_letter_of_a_card_and_not_two(
    cards: CardTown,
) -> None:
    bureau = cards.town.bureau
    await bureau.active(number=None)
    cards.active()
    await bureau.sent(KIND)
    await cards.log_in(cards.town.browser())
    notices = Notices(teller=Teller(desk=bureau.desk, clock=bureau.clock))
    for message in await bureau.sent(KIND):
        await notices.carry(message)
    assert [letter["purpose"] for letter in await bureau.letters()] == ["card-used-letter"]


async def test_a_letter_about_a_card_is_in_the_print_that_its_person_chose(cards: CardTown) -> None:
    town = cards.town
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.anew(browser, await browser.open("/account/letters"))
    await browser.send(page, letter_size="large")
    await town.bureau.letters()
    cards.active()
    await cards.log_in(town.browser())
    (letter,) = await town.bureau.letters()
    assert (letter["purpose"], letter["large_print"]) == ("card-used-letter", True)


async def test_the_same_person_has_the_same_card_whatever_the_browser(cards: CardTown) -> None:
    cards.active()
    for _ in range(2):
        await cards.log_in(cards.town.browser())
    person = await cards.town.bureau.desk.enrolment.find(SANNE)
    assert person is not None
    assert len(await cards.door.desk.cards.of_person(person.id)) == 1


@pytest.mark.parametrize(
    ("status", "by_holder", "words"),
    [
        ("issued", False, "not ready to log in yet"),
        ("blocked", True, "You stopped logging in with this card"),
        ("blocked", False, "This card is blocked"),
        ("returned", False, "handed in or replaced"),
    ],
)
async def test_a_card_in_another_state_is_refused_in_plain_words(
    cards: CardTown, status: str, words: str, *, by_holder: bool
) -> None:
    cards.active(status=status, by_holder=by_holder)
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    assert (await cards.read(page))["outcome"] == "refused"
    page = await browser.open(page.address)
    assert page.title == REFUSED_PAGE
    assert words in page.text
    assert (await browser.send(page, do="on")).title == REFUSED_PAGE
    assert (await browser.send(page, do="start")).title == CODE_PAGE
    assert "card:refused" in await cards.town.bureau.names_of_events()


def code_of_page(text: str) -> str:
    return text.partition('qr-number"><strong>')[2].partition("<")[0]


async def test_the_reader_is_shown_for_what_it_is_before_the_pin(cards: CardTown) -> None:
    page = await cards.to_login(cards.town.browser())
    session = cards.session()
    _, taken = await session.take(code_of_page(page.text))
    assert taken["asks"] == ["card"]
    assert taken["about"]["service_en"] == "Service 1 en"
    assert taken["about"]["level"] == "high"
    assert taken["about"]["template"]
    assert SANNE.digits not in str(taken)


async def test_another_browser_cannot_take_what_was_proven(cards: CardTown) -> None:
    cards.active()
    page = await cards.to_login(cards.town.browser())
    await cards.read(page)
    other = cards.town.browser()
    assert (await other.open(page.address)).status == 403
    assert (await other.http.get(f"{page.address}/state")).status_code == 403


async def test_a_page_that_is_woken_asks_in_line_with_all_that_wait(cards: CardTown) -> None:
    """However many are woken together, they leave the other connections to logins."""
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    watcher = cards.town.rooms.apps.meeting.desk.watcher
    asked = asyncio.create_task(browser.http.get(f"{page.address}/state?stage=waiting"))
    while not watcher.waiting:  # noqa: ASYNC110 nothing tells who waits
        await asyncio.sleep(0)
    async with AsyncExitStack() as others:
        for _ in range(ASKING):
            await others.enter_async_context(watcher.asking)
        cards.active()
        await cards.read(page)
        _, late = await asyncio.wait({asked}, timeout=0.2)
        assert late
    assert (await asked).json() == {"stage": "accepted"}


async def test_two_tabs_are_one_login(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    other = await browser.open(page.address)
    assert code_of_page(other.text) == code_of_page(page.text)
    await cards.read(page)
    assert code_of(await browser.send(await browser.open(page.address), do="on"))
    again = await browser.send(other, do="on")
    assert "error" not in again.address
    assert again.title != ACCEPTED_PAGE


async def test_beginning_again_ends_the_reader_that_was_under_way(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    session = cards.session()
    await session.take(code_of_page(page.text))
    again = await browser.send(page, do="start")
    assert code_of_page(again.text) != code_of_page(page.text)
    status, refused = await session.send(
        f"/sessions/{session.taken['session']}/given",
        {"turn": session.taken["turn"], "given": {"card_access": "AA", "chip": "AA", "authorities": ["AA"]}},
    )
    assert (status, refused["code"]) == (404, "one-time-gone")
    assert await cards.read(again) == {"outcome": "accepted"}


async def test_a_reader_that_took_too_long_finds_nothing(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    session = cards.session()
    await session.take(code_of_page(page.text))
    cards.town.bureau.later(minutes=5)
    assert (await session.run(cards.reader(), cards.card.plastic.pin))["code"] == "one-time-gone"
    page = await browser.open(page.address)
    assert "took too long" in page.text
    assert (await browser.send(page, do="start")).title == CODE_PAGE


async def test_leaving_is_always_possible(cards: CardTown) -> None:
    for do in ("look", "start"):
        browser = cards.town.browser()
        page = await browser.send(await cards.to_login(browser), do=do)
        assert "error=access_denied" in (await browser.send(page, do="stop")).address
    browser = cards.town.browser()
    page = await browser.send(await cards.to_login(browser), do="means")
    assert page.title in {"How do you want to log in?", START_PAGE}


async def test_high_is_proven_at_each_login_anew(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    await cards.log_in(browser)
    page = await cards.to_login(browser)
    assert page.title == CODE_PAGE


async def test_a_register_that_does_not_answer_lets_nobody_in(cards: CardTown) -> None:
    cards.active()
    page = await cards.to_login(cards.town.browser())
    cards.wire.cut = True
    said = await cards.read(page)
    assert said["code"] == "unavailable"


async def test_a_person_who_died_does_not_log_in(cards: CardTown) -> None:
    cards.active()
    del cards.town.bureau.register.people[SANNE]
    page = await cards.to_login(cards.town.browser())
    assert (await cards.read(page))["advice"] == "card-unknown"


async def test_a_card_is_made_ready_by_its_holder_and_no_one_else(cards: CardTown) -> None:
    browser = cards.town.browser()
    await cards.town.resident(browser)
    page = await browser.open("/account/cards")
    assert "not ready to log in yet" in page.text
    assert "ending in 027" in page.text
    page = await cards.to_activate(browser)
    assert page.title == CODE_PAGE
    other = cards.house.cards[2]
    assert (await cards.read(page, other))["advice"] == "card-unknown"
    page = await browser.send(await browser.open(page.address), do="start")
    page = await browser.send(page, do="start")
    assert await cards.read(page) == {"outcome": "accepted"}
    assert (await browser.open(page.address)).title == "Your card is ready to log in"
    assert cards.card.status == "active"
    assert code_of(await cards.log_in(cards.town.browser()))
    assert "card:activated" in await cards.town.bureau.names_of_events()


@pytest.mark.parametrize("cut", [False, True])
async def test_stopping_a_card_works_at_once_also_without_its_register(cards: CardTown, *, cut: bool) -> None:
    cards.active()
    browser = cards.town.browser()
    await cards.town.resident(browser)
    await cards.log_in(cards.town.browser())
    page = await cards.to_login(cards.town.browser())
    cards.wire.cut = cut
    own = await browser.open("/account/cards")
    own = await browser.send(own, card=cards.card.chip)
    cards.wire.cut = False
    assert cards.card.status == ("active" if cut else "blocked")
    assert (await cards.read(page))["advice"] == "card-stopped"
    assert "stopped for logging in" in (await browser.open("/account/cards")).text
    # A second time nothing happens, and its holder makes it ready again with card and PIN.
    await browser.send(own, card=cards.card.chip)
    assert (await cards.town.bureau.names_of_events()).count("card:stopped") == 1
    cards.town.bureau.later(minutes=2)
    page = await cards.to_activate(browser)
    assert await cards.read(page) == {"outcome": "accepted"}
    assert code_of(await cards.log_in(cards.town.browser()))


async def test_what_the_issuer_blocked_its_holder_does_not_undo(cards: CardTown) -> None:
    cards.active(status="blocked", by_holder=False)
    browser = cards.town.browser()
    await cards.town.resident(browser)
    assert (await cards.read(await cards.to_activate(browser)))["advice"] == "card-blocked"
    assert cards.card.status == "blocked"


async def test_somebody_elses_card_is_not_stopped(cards: CardTown) -> None:
    browser = cards.town.browser()
    await cards.town.resident(browser)
    page = await browser.open("/account/cards")
    for chip in (cards.house.cards[2].chip, "00" * 32, "no chip"):
        assert (await browser.send(page, card=chip)).status == 403
    assert cards.house.cards[2].status == "active"


async def test_a_new_pin_is_asked_of_the_issuer(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    await cards.town.resident(browser)
    page = await cards.town.anew(browser, await browser.open("/account/cards/pin"))
    page = await browser.send(page, card=cards.card.chip)
    assert page.title == "You asked for a letter with a new PIN"
    assert "sends the letter" in page.text
    assert [letter.card for letter in cards.house.letters] == [cards.card]
    assert "card:pin-asked" in await cards.town.bureau.names_of_events()


async def test_where_there_are_no_cards_there_are_no_pages(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    assert "/account/cards" not in (await browser.open("/account")).text
    assert (await browser.open("/account/cards")).status == 400


async def test_the_public_figures_tell_how_many_could_and_how_many_did(cards: CardTown) -> None:
    counts = [{"kind": "identity-card", "issued": 1234, "active": 57}]
    cards.wire.answer = json.dumps({"counts": counts}).encode()
    page = await cards.town.browser().open("/figures")
    assert "Cards to log in with" in page.text
    assert "1,230" in page.text
    assert ">50<" in page.text
    assert '"/figures/cards.csv?ui_locales=en"' in page.text
    file = await cards.town.browser().http.get("/figures/cards.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.splitlines() == [
        "figure,per,period,key,measure,value",
        "cards,day,2027-03-01,identity-card,issued,1230",
        "cards,day,2027-03-01,identity-card,active,50",
        "cards,day,2027-03-01,identity-card,used,0",
    ]
    cards.wire.cut = True
    # The page is for everybody: whoever opens it often does not ask the register often.
    assert "1,230" in (await cards.town.browser().open("/figures")).text
    cards.town.bureau.clock.advance(KEPT)
    assert "Cards to log in with" not in (await cards.town.browser().open("/figures")).text
    assert (await cards.town.browser().open("/figures/cards.csv")).status == 400
