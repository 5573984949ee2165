"""L11 at the door: a reader that says any octets, the same thing at once, or comes when we are nobody."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from demo.card_session import CardSession, decoded, encoded
from demo.documents.card_reader import CardReader
from tests.conftest import NOON
from tests.hostile.wire import Sent, call, faults_of
from tests.means.plastic import REFUSED_PAGE, CardTown, code_on
from toegang.errors import Misconfigured
from toegang.means.card.own_cards import PIN_LETTERS
from toegang.means.card.terminals import KEY, TerminalFolder

HEADERS = ((b"host", b"localhost:8000"), (b"content-type", b"application/json"))
ODD: tuple[Any, ...] = (None, 0, -1, 10**400, True, "", "\x00", "İ", "A" * 70, [], {}, [[]], "AA", "A")
RAW = (b"", b"\xff", b"[]", b"[" * 9_000, b'{"turn":"\\ud800"}', b'{"turn":1e999,"given":{"a":1e999}}')
SERVER_FAULT = 500


def said_of(cards: CardTown, reader: CardReader, turn: Mapping[str, Any]) -> dict[str, Any]:
    """Open Sanne's card, and return what an honest reader says of that."""
    found = reader.open(cards.card.plastic.pin, decoded(turn["about"]["template"]))
    return {
        "card_access": encoded(found.card_access),
        "chip": encoded(found.chip),
        "authorities": [encoded(each) for each in found.authorities],
    }


async def bent(session: CardSession, what: str, body: Mapping[str, Any], chance: random.Random) -> int:
    """Say something with one part of it bent, and return the status."""
    part = chance.choice(("turn", what, what, what))
    value: Any = chance.choice(ODD)
    if part == "given" and chance.random() < 0.8:
        name = chance.choice((*body["given"], "more"))
        junk = encoded(chance.randbytes(chance.randrange(1, 200)))
        value = {**body["given"], name: chance.choice((value, junk, [junk]))}
    if part == "answers" and chance.random() < 0.8:
        value = [encoded(chance.randbytes(chance.randrange(1, 90))) for _ in body["answers"]]
    status, _ = await session.send(f"/sessions/{session.taken['session']}/{what}", {**body, part: value})
    return status


async def test_any_octets_of_a_reader_are_refused_and_nothing_breaks(cards: CardTown) -> None:
    cards.active()
    chance = random.Random(20261126)  # noqa: S311 made up octets
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    statuses = set()
    for _ in range(20):
        session, reader = cards.session(), cards.reader()
        _, turn = await session.take(code_on(page))
        given = said_of(cards, reader, turn)
        statuses |= {await bent(session, "given", {**turn, "given": given}, chance) for _ in range(4)}
        turn = await session.say("given", turn, {"given": given})
        while "commands" in turn and chance.random() < 0.6:
            answers = [encoded(each) for each in reader.relay(map(decoded, turn["commands"]))]
            turn = await session.say("answers", turn, {"answers": answers})
        if "commands" in turn:
            answers = [""] * len(turn["commands"])
            statuses |= {
                await bent(session, "answers", {**turn, "answers": answers}, chance) for _ in range(4)
            }
        page = await browser.send(await browser.open(page.address), do="start")
    assert max(statuses) < SERVER_FAULT
    assert {200, 400, 409} <= statuses


async def test_no_request_to_a_reader_session_breaks_it(cards: CardTown) -> None:
    page = await cards.to_login(cards.town.browser())
    session, web = cards.session(), cards.town.web
    await session.take(code_on(page))
    assert isinstance(web, httpx2.ASGITransport)
    for body in RAW:
        for id_ in (session.taken["session"], "%00", "%ff", "%ed%a0%80", "A" * 5_000):
            for path in ("", f"/{id_}/given", f"/{id_}/answers", f"/{id_}/end"):
                target = f"/reader/v1/sessions{path}".encode()
                answer = await call(web.app, Sent(method="POST", target=target, headers=HEADERS, body=body))
                assert faults_of(answer) == [], (target[:80], body[:20])


async def test_one_turn_that_is_said_eight_times_at_once_counts_once(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    session, reader = cards.session(), cards.reader()
    _, turn = await session.take(code_on(page))
    what, said = "given", dict[str, Any](given=said_of(cards, reader, turn))
    while True:
        path = f"/sessions/{session.taken['session']}/{what}"
        body = {"turn": turn["turn"], **said}
        found = await asyncio.gather(*(session.send(path, body) for _ in range(8)))
        (turn,) = [answer for status, answer in found if status == 200]
        assert {status for status, _ in found} <= {200, 404, 409}
        if "commands" not in turn:
            break
        what, said = (
            "answers",
            {"answers": [encoded(each) for each in reader.relay(map(decoded, turn["commands"]))]},
        )
    assert turn == {"outcome": "accepted"}
    events = await cards.town.bureau.names_of_events()
    assert events.count("card:first-used") == 1


async def test_a_card_that_is_stopped_before_its_proof_is_used_logs_nobody_in(cards: CardTown) -> None:
    """Accepted at the reader is not yet logged in: what happens in between counts."""
    cards.active()
    own, thief = cards.town.browser(), cards.town.browser()
    await cards.town.resident(own)
    page = await cards.to_login(thief)
    assert await cards.read(page) == {"outcome": "accepted"}
    cards.town.bureau.later(seconds=1)
    await own.send(await own.open("/account/cards"), card=cards.card.chip)
    await thief.send(await thief.open(page.address), do="on")
    events = await cards.town.bureau.names_of_events()
    assert "login:completed" not in events[events.index("card:stopped") :]


async def test_when_no_card_would_take_our_certificate_people_read_that_it_is_not_theirs_to_mend(
    cards: CardTown,
) -> None:
    cards.active()
    browser = cards.town.browser()
    cards.town.bureau.later(days=60)
    page = await cards.to_login(browser)
    session = cards.session()
    status, turn = await session.take(code_on(page))
    assert (status, turn["outcome"], turn["advice"]) == (201, "refused", "later")
    page = await browser.open(page.address)
    assert page.title == REFUSED_PAGE
    assert "right now" in page.text


def test_a_folder_that_is_half_filled_is_not_taken_over_and_one_that_is_over_is_nobody(
    made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "terminal", tmp_path / "terminal")
    folder = TerminalFolder(path=tmp_path / "terminal", look_every=0)
    before = folder.terminal(NOON)
    (tmp_path / "terminal" / KEY).unlink()
    assert folder.terminal(NOON) is before
    for _ in range(2):
        with pytest.raises(Misconfigured):
            folder.terminal(NOON + timedelta(days=60))


async def test_letters_with_a_pin_are_not_sent_without_end(cards: CardTown) -> None:
    cards.active()
    browser = cards.town.browser()
    await cards.town.resident(browser)
    page = await cards.town.anew(browser, await browser.open("/account/cards/pin"))
    for _ in range(8):
        await browser.send(page, card=cards.card.chip)
    assert len(cards.house.letters) == PIN_LETTERS.most
