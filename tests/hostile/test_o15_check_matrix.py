"""O15, L11: every state of the means, the account and the app, at every step of a check of a document.

Everything is prepared while all is well, then one thing is closed, then every step is tried. Ending is
refused in no state. Then readers that bring rubbish at every step: never an error of ours, and no level.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import pytest

from demo.app_device import Device
from demo.app_device import Refused as AppRefused
from demo.app_device import Session as Waiting
from demo.documents.chip import SoftwareChip
from demo.reader_device import Reader, Refused, Session, decode, printed_on
from tests.hostile.matrix.entries import On
from tests.hostile.matrix.states import STATES
from tests.means.papers import (
    CHECK_PAGE,
    OFFER_PAGE,
    Counter,
    card_of,
    code_on,
    licence_of,
    passport_of,
)
from tests.means.telephones import PIN, Telephones
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import code_of
from toegang.assurance import Level

STEP = frozenset({On.ACCOUNT, On.EARLIER, On.APP, On.APP_MEANS})
RAISED = frozenset({On.ACCOUNT, On.APP_MEANS, On.LOW, On.DOCUMENT})
"""What an app rests on, another one, that was raised by a check before."""


@dataclass(slots=True, kw_only=True)
class Checking:
    """What was begun while all was well: a check at each of its steps, and a login that offers one."""

    counter: Counter
    phones: Telephones
    device: Device
    waiting: Waiting
    inside: Browser
    explained: Page
    code: str
    shown: tuple[Browser, Page]
    asked: tuple[Reader, Session]
    reading: tuple[Reader, Session, SoftwareChip]
    offered: tuple[Browser, Page]
    raised: tuple[Browser, Page]
    raising: tuple[Device, Browser, Page, Waiting]

    @property
    def town(self) -> Town:
        """The town."""
        return self.phones.town

    @property
    def apps(self) -> Checking:
        """The app, as states close it."""
        return self


async def prepare(counter: Counter) -> Checking:
    phones = counter.phones
    checked = await phones.add(phones.town.browser())
    assert (await counter.check(checked, passport_of()))[0] == "accepted"
    phones.town.bureau.later(minutes=2)
    device = await phones.add(phones.town.browser())
    inside, explained = await counter.with_app(device)
    browser, page = await counter.begun(device)
    reader = counter.reader()
    _, asking = await counter.begun(device)
    asked = await reader.take(code_on(asking))
    _, last = await counter.begun(device)
    read, chip = await reader.take(code_on(last)), SoftwareChip(paper=passport_of())
    await reader.give(read, printed_on(passport_of()))
    for _ in range(14):
        await reader.answer(read, [chip.send(decode(each)) for each in read.told["commands"]])
    login = phones.town.browser()
    offer, confirmed = await phones.waiting(login, device)
    await device.confirm(confirmed, PIN)
    offered = await login.send(offer, do="on")
    assert offered.title == OFFER_PAGE
    _, waiting = await phones.waiting(phones.town.browser(), device)
    raised, raising = phones.town.browser(), phones.town.browser()
    raised_page, session = await phones.waiting(raised, checked)
    await checked.confirm(session, PIN)
    raising_page, unconfirmed = await phones.waiting(raising, checked)
    phones.town.bureau.later(seconds=1)
    return Checking(
        counter=counter,
        phones=phones,
        device=device,
        waiting=waiting,
        inside=inside,
        explained=explained,
        code=code_on(page),
        shown=(browser, page),
        asked=(reader, asked),
        reading=(reader, read, chip),
        offered=(login, offered),
        raised=(raised, raised_page),
        raising=(checked, raising, raising_page, unconfirmed),
    )


async def begin(at: Checking) -> bool:
    return (await at.inside.send(at.explained, "/account/apps/check", do="begin")).title == CHECK_PAGE


async def begin_in_login(at: Checking) -> bool:
    browser, page = at.offered
    return (await browser.send(page, do="check")).title == CHECK_PAGE


async def take_and_read(at: Checking) -> bool:
    reader = at.counter.reader()
    return await reader.read(await reader.take(at.code), card_of()) == "accepted"


async def give_and_read(at: Checking) -> bool:
    reader, session = at.asked
    return await reader.read(session, card_of()) == "accepted"


async def finish(at: Checking) -> bool:
    reader, session, chip = at.reading
    await reader.relay(session, chip.send)
    return session.outcome == "accepted"


async def use_raised(at: Checking) -> bool:
    browser, page = at.raised
    return bool(code_of(await browser.send(page, do="on")))


async def confirm_raised(at: Checking) -> bool:
    device, browser, page, session = at.raising
    await device.confirm(session, PIN)
    return bool(code_of(await browser.send(page, do="on")))


ENTRIES: Mapping[Callable[[Checking], Awaitable[bool]], frozenset[On]] = {
    use_raised: RAISED | {On.EARLIER},
    confirm_raised: RAISED,
    begin: STEP | {On.LOW},
    begin_in_login: STEP,
    finish: STEP,
    give_and_read: STEP,
    take_and_read: STEP,
}
"""Every step, and what it rests on."""


async def admitted(at: Checking) -> set[str]:
    found = set()
    for entry in ENTRIES:
        try:
            if await entry(at):
                found.add(entry.__name__)
        except (Refused, AppRefused):
            continue
    return found


@pytest.mark.parametrize("name", STATES)
async def test_every_step_goes_on_that_rests_on_nothing_closed_and_no_other(
    counter: Counter, name: str
) -> None:
    """Whoever has the document that was reported proves nothing with it: test_l11_reported_documents.py."""
    prepared, closes = await prepare(counter), STATES[name].closes
    await STATES[name].close(prepared)
    assert await admitted(prepared) == {each.__name__ for each, on in ENTRIES.items() if not on & closes}
    if closes & STEP:  # nothing but the check that raised the other app
        assert (await counter.phones.town.bureau.names_of_events()).count("app:document-checked") == 1
    # Ending is refused in no state: not at the reader, and not on the page.
    reader, session = prepared.asked
    if not session.outcome:
        await reader.leave(session)
    browser, page = prepared.offered
    left = await browser.send(page, do="stop")
    assert "error=" in left.address or not closes & STEP  # the check took its place where it went on


def bent(answer: bytes, dice: random.Random) -> bytes:
    """Bend one answer of a chip, as a reader could; never so that it stays as it was."""
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: b"",
        lambda: answer[:1],
        lambda: answer[:-2],
        lambda: answer[-2:],
        lambda: b"\x6a\x82",
        lambda: answer + answer,
        lambda: dice.randbytes(dice.randrange(300)),
        lambda: b"\x30\x84\xff\xff\xff\xff" + answer,
        lambda: bytes(each ^ (dice.random() < 0.1) for each in answer),
        lambda: dice.randbytes(max(0, len(answer) - 2)) + b"\x90\x00",
        lambda: b"\x87\x82\xff\xff\x01" + dice.randbytes(40) + b"\x90\x00",
    )
    found = dice.choice(ways)()
    return found if found != answer else b"\x6a\x82"


async def test_rubbish_at_any_round_is_never_an_error_of_ours_and_no_level(counter: Counter) -> None:
    device = await counter.phones.add(counter.phones.town.browser())
    dice = random.Random(11)  # noqa: S311 repeatable
    browser, page = await counter.with_app(device)
    seen = set()
    for number in range(60):
        if number % 9 == 0:
            counter.phones.town.bureau.later(hours=25)
            browser, page = await counter.with_app(device)
        paper = dice.choice((passport_of(), card_of(), licence_of()))
        chip, reader = SoftwareChip(paper=paper), counter.reader()
        session = await reader.take(code_on(await browser.send(page, "/account/apps/check", do="begin")))
        await reader.give(session, printed_on(paper))
        worst = dice.randrange(11)
        while "commands" in session.told:
            answers = [chip.send(decode(each)) for each in session.told["commands"]]
            if session.rounds >= worst:
                at = dice.randrange(len(answers))
                answers[at] = bent(answers[at], dice)
            session.rounds += 1
            await reader.answer(session, answers)
        seen.add(session.outcome)
        if session.outcome == "accepted":
            # Where what was bent was never needed, such as a proof beside another: then it is honest.
            pytest.fail(f"accepted after rubbish from round {worst} of {paper.application.hex()}")
    assert seen <= {"again", "not-accepted"}
    assert await counter.level() is Level.LOW
