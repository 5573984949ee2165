"""L11 at the door: sessions of readers that are shared, replayed, mixed, or kept for later.

The document is real and its owner's: what is refused is how, when and by whom it was brought.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from demo.documents.chip import SoftwareChip
from demo.reader_device import Reader, Session, decode, printed_on
from tests.hostile.readers import reasons, said, unraised
from tests.means.bureau import GOOD
from tests.means.papers import (
    SOMEBODY,
    Counter,
    card_of,
    code_on,
    passport_of,
)
from toegang.assurance import Level


async def test_a_session_has_one_reader_and_one_life(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, page = await counter.begun(device)
    code = code_on(page)
    reader, second = counter.reader(), counter.reader()
    session = await reader.take(code)
    assert await said(second.take(code)) == "one-time-gone"
    await reader.give(session, printed_on(passport_of()))
    again = replace_turn(session)
    await reader.relay(session, SoftwareChip(paper=passport_of()).send)
    assert session.outcome == "accepted"
    for act in (reader.relay(again, SoftwareChip(paper=passport_of()).send), reader.leave(session)):
        assert await said(act) == "one-time-gone"
    assert await said(second.take(code)) == "one-time-gone"
    assert (await browser.open(page.address)).title == "Your identity document was checked"


def replace_turn(session: Session) -> Session:
    """Keep a session as it is now, to say the same once more later."""
    return replace(session, told=dict(session.told))


async def test_a_round_that_was_recorded_is_worth_nothing_in_another_session(counter: Counter) -> None:
    """The answers of the owner's own document, seen by a reader that lies, brought again later."""
    device = await counter.phones.add(counter.phones.town.browser())
    _, _, reader, session = await counter.taken(device)
    recorded: list[list[bytes]] = []
    chip = SoftwareChip(paper=passport_of())
    await reader.give(session, printed_on(passport_of()))
    while "commands" in session.told:
        answers = [chip.send(decode(each)) for each in session.told["commands"]]
        recorded.append(answers)
        if len(recorded) == 14:
            break
        await reader.answer(session, answers)
    _, _, other, replayed = await counter.taken(device)
    await other.give(replayed, printed_on(passport_of()))
    for answers in recorded:
        if "commands" not in replayed.told or len(answers) != len(replayed.told["commands"]):
            break
        await other.answer(replayed, answers)
    assert replayed.outcome == "again"
    await unraised(counter)


async def test_rounds_out_of_order_change_nothing(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    _, _, reader, session = await counter.taken(device)
    assert await said(reader.answer(replace_turn(session), [b"\x90\x00"])) == "step-out-of-order"
    first = replace_turn(session)
    await reader.give(session, printed_on(passport_of()))
    assert await said(reader.give(first, printed_on(passport_of()))) == "step-out-of-order"
    later = replace_turn(session)
    later.told = {**later.told, "turn": "AAAAAAAAAAAAAAAAAAAAAA"}
    assert await said(reader.answer(later, [b"\x90\x00", b"\x90\x00"])) == "step-out-of-order"
    assert await said(reader.answer(replace_turn(session), [b"\x90\x00"] * 5)) == "malformed"
    await reader.relay(session, SoftwareChip(paper=passport_of()).send)
    assert session.outcome == "accepted"


async def test_the_rounds_of_another_app_s_session_do_not_fit(counter: Counter) -> None:
    """Two sessions at once, of one person or of two: what one chip says is an answer to its own alone."""
    device = await counter.phones.add(counter.phones.town.browser())
    _, _, reader, own = await counter.taken(device)
    _, _, thief, other = await counter.taken(device)
    await reader.give(own, printed_on(passport_of()))
    await thief.give(other, printed_on(passport_of()))
    mixed = replace_turn(other)
    mixed.told = {**mixed.told, "turn": own.told["turn"]}
    assert await said(thief.relay(mixed, SoftwareChip(paper=passport_of()).send)) == "step-out-of-order"
    chip = SoftwareChip(paper=passport_of())

    while "commands" in own.told and "commands" in other.told:
        answers = [chip.send(decode(each)) for each in own.told["commands"]]
        await reader.answer(own, answers)
        await thief.answer(other, answers)
    assert other.outcome == "again"


async def test_a_session_that_is_over_raises_nothing(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, page, reader, session = await counter.taken(device)
    await reader.give(session, printed_on(passport_of()))
    counter.phones.town.bureau.later(minutes=5)
    assert await said(reader.relay(session, SoftwareChip(paper=passport_of()).send)) == "one-time-gone"
    assert "took too long" in (await browser.open(page.address)).text
    await unraised(counter)


async def test_another_browser_gets_nothing_of_a_check(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    _, page = await counter.begun(device)
    other, _ = await counter.with_app(device)
    assert (await other.open(page.address)).status == 403
    assert (await other.http.get(f"{page.address}/state")).status_code == 403


async def test_what_was_stopped_during_a_check_stays_stopped(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, _, reader, session = await counter.taken(device)
    page = await browser.open("/account/apps")
    await browser.send(page, app=device.app)
    assert await reader.read(session, passport_of()) == "closed"
    assert await reasons(counter) == ["app-closed"]


async def test_a_password_is_no_ground_for_a_check(counter: Counter) -> None:
    """Who stole a password and a telephone number cannot raise an app that is not theirs to use."""
    device = await counter.phones.add(counter.phones.town.browser())
    town = counter.phones.town
    browser = town.browser()
    page = await browser.send(await browser.open("/account"), means="citizen-account")
    page = await town.sign_in(browser, page, GOOD)
    assert page.address == "/account"
    page = await browser.open("/account/apps/check")
    assert page.title == "Where is your app?"
    assert device.app


async def test_ten_checks_a_day_are_enough(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    browser, page = await counter.with_app(device)
    reader = counter.reader()
    codes = [code_on(await browser.send(page, "/account/apps/check", do="begin")) for _ in range(11)]
    for code in codes[:10]:
        await reader.take(code)
    assert await said(reader.take(codes[10])) == "too-many-tries"
    counter.phones.town.bureau.later(hours=25)
    assert (await counter.check(device, passport_of()))[0] == "accepted"


# A reader that lies about everything.


UNPRINTABLE: list[dict[str, str]] = [
    {},
    {"document": "travel"},
    {"document": "licence", "mrz": "x"},
    {"document": "travel", "mrz": "P<NLD"},
    {"document": "travel", "mrz": "x" * 4000},
    {"document": "travel", "can": "12345"},
    {"document": "travel", "can": "123456", "mrz": "both"},
    {"document": "travel", "number": "SPECI2026", "birth": "880412", "expiry": "31-06-25"},
    {"document": "travel", "number": "SPECI2026", "birth": "881341", "expiry": "310625"},
    {"document": "travel", "number": "é", "birth": "880412", "expiry": "310625"},
    {"document": "licence", "line": "D" * 30},
    {"document": "eik", "line": "D1NLD"},
]


async def test_what_cannot_be_printed_on_a_document_is_asked_again(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    _, _, reader, session = await counter.taken(device)
    for given in UNPRINTABLE:
        assert await said(reader.give(session, given)) == "malformed", given
    assert await reader.read(session, card_of()) == "accepted"


async def test_the_wrong_key_opens_nothing_and_says_so(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    _, _, reader, session = await counter.taken(device)
    await reader.give(session, printed_on(passport_of(SOMEBODY)))
    await reader.relay(session, SoftwareChip(paper=card_of()).send)
    assert session.outcome == "again"
    await unraised(counter)


async def test_what_is_larger_than_any_chip_says_is_refused(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    _, _, reader, session = await counter.taken(device)
    await reader.give(session, printed_on(card_of()))
    count = len(session.told["commands"])
    assert await said(reader.answer(replace_turn(session), [b"\x00" * 90_000] * count)) == "too-large"
    assert await said(reader.answer(replace_turn(session), [b""] * 600)) == "malformed"
    await reader.relay(session, SoftwareChip(paper=card_of()).send)
    assert session.outcome == "accepted"


async def test_two_readers_of_one_session_at_the_very_same_moment_are_one(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    _, page = await counter.begun(device)
    code = code_on(page)
    readers: list[Reader] = [counter.reader() for _ in range(3)]
    found = await asyncio.gather(*(each.take(code) for each in readers), return_exceptions=True)
    assert sum(isinstance(each, Session) for each in found) == 1


async def test_a_check_that_was_undone_proves_nothing_any_more(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    assert (await counter.check(device, passport_of()))[0] == "accepted"
    counter.phones.town.bureau.later(minutes=1)
    browser, _ = await counter.with_app(device)
    page = await browser.open("/account/apps")
    await browser.send(page, "/account/apps/lower", app=device.app)
    await unraised_since(counter)
    assert (await browser.open("/account/history")).title != "Your logins"


async def unraised_since(counter: Counter) -> None:
    assert await counter.level() is Level.LOW
    assert "app:lowered" in await counter.phones.town.bureau.names_of_events()
