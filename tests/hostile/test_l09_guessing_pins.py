"""L09: a PIN that is guessed at: five tries, however they are spread, and of the block its person is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.app_device import Refused, Session
from tests.hostile.test_l09_app_keys import WRONG, at_confirmation, kept, sent
from tests.means.telephones import PIN, Telephones, telephones_in
from tests.web.citizens import Town, open_town
from toegang.audit.events import AppLoginRefused
from toegang.means.app.values import AppStatus
from toegang.means.citizen.notifying import Notices, Teller
from toegang.means.citizen.telling import KIND

NO = "You did not confirm in the app"


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


@pytest.fixture
async def each_phones(house_secrets: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Telephones]:
    """Open a town on a database of this test's own; the test runs once for each engine."""
    async with open_town(house_secrets, tmp_path, database_url) as opened:
        yield await telephones_in(opened)


async def test_wrong_pins_are_counted_and_the_fifth_in_a_row_blocks_the_app(phones: Telephones) -> None:
    device, _, session = await at_confirmation(phones)
    left = []
    for wrong in WRONG[:4]:
        with pytest.raises(Refused) as refused:
            await device.confirm(session, wrong)
        left.append(refused.value.problem["tries_left"])
    assert left == [4, 3, 2, 1]
    await device.confirm(session, PIN)
    assert await kept(phones, device) == (AppStatus.ACTIVE, 0)
    _, again = await phones.waiting(phones.town.browser(), device)
    for wrong in WRONG[:5]:
        with pytest.raises(Refused) as refused:
            await device.confirm(again, wrong)
        left.append(refused.value.problem["tries_left"])
    assert left[4:] == [4, 3, 2, 1, 0]
    with pytest.raises(Refused) as refused:
        await device.confirm(again, PIN)
    assert refused.value.code == "step-out-of-order"
    _, another = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(another, PIN)
    assert refused.value.code == "app-blocked"
    assert (await phones.town.bureau.names_of_events()).count("app:blocked") == 1


async def test_of_a_block_the_person_is_told_once_and_by_letter_too_for_a_thief_reads_their_messages(
    each_phones: Telephones,
) -> None:
    phones, bureau = each_phones, each_phones.town.bureau
    device, _, session = await at_confirmation(phones)
    for kind in ("sms", "letter", KIND):
        await bureau.sent(kind)
    payload = device.payload(device.confirmation(session))
    await asyncio.gather(*(sent(device, session, device.both(payload, pin)) for pin in WRONG[:4]))
    assert (await bureau.texts(), await bureau.sent(KIND)) == ([], [])
    await asyncio.gather(*(sent(device, session, device.both(payload, pin)) for pin in WRONG[4:12]))
    (told,) = await bureau.texts()
    assert "blocked" in told["text"]
    notices = Notices(teller=Teller(desk=bureau.desk, clock=bureau.clock))
    for message in await bureau.sent(KIND):
        await notices.carry(message)
    (letter,) = await bureau.letters()
    assert letter["purpose"] == "notice-letter"
    assert await bureau.texts() == []


async def test_of_sixty_four_guesses_at_once_five_are_looked_at(each_phones: Telephones) -> None:
    phones = each_phones
    device, _, session = await at_confirmation(phones)
    payload = device.payload(device.confirmation(session))

    async def guess(pin: str) -> str:
        return (await sent(device, session, device.both(payload, pin)))[1]

    codes = await asyncio.gather(*map(guess, WRONG))
    assert codes.count("pin-wrong") == 5
    assert codes.count("step-out-of-order") == 59
    assert await kept(phones, device) == (AppStatus.BLOCKED, 5)
    assert await guess(PIN) == "step-out-of-order"


async def test_guesses_spread_over_logins_at_once_are_the_same_five(each_phones: Telephones) -> None:
    """One app, four logins that wait for it, four guesses in each: no login brings tries of its own."""
    phones = each_phones
    device = await phones.add(phones.town.browser())
    pages = [await phones.waiting(phones.town.browser(), device) for _ in range(4)]

    async def guess(session: Session, pin: str) -> str:
        body = device.both(device.payload(device.confirmation(session)), pin)
        return (await sent(device, session, body))[1]

    pins = iter(WRONG)
    guesses = [guess(session, next(pins)) for _ in range(4) for _, session in pages]
    codes = await asyncio.gather(*guesses)
    assert codes.count("pin-wrong") == 5
    assert set(codes) == {"pin-wrong", "app-blocked", "step-out-of-order"}
    assert await kept(phones, device) == (AppStatus.BLOCKED, 5)


async def test_the_page_of_the_last_guess_says_that_the_app_is_blocked(phones: Telephones) -> None:
    device, browser = await phones.add(phones.town.browser()), phones.town.browser()
    page, session = await phones.waiting(browser, device)
    for wrong in WRONG[:5]:
        with pytest.raises(Refused):
            await device.confirm(session, wrong)
    told = await browser.open(page.address)
    assert "blocked now" in told.text
    assert (await browser.send(told, do="again")).title == "Where is your app?"


async def test_whose_app_was_blocked_in_a_login_still_says_that_they_did_not_begin_it(
    each_phones: Telephones,
) -> None:
    phones, bureau = each_phones, each_phones.town.bureau
    device, browser = await phones.add(phones.town.browser()), phones.town.browser()
    page, session = await phones.waiting(browser, device)
    for wrong in WRONG[:5]:
        with pytest.raises(Refused):
            await device.confirm(session, wrong)
    await device.refuse(session, misuse=True)
    [refused] = [each for each in await bureau.events() if isinstance(each, AppLoginRefused)]
    assert refused.misuse
    assert (await browser.open(page.address)).title == NO
    with pytest.raises(Refused) as twice:
        await device.refuse(session, misuse=True)
    assert twice.value.code == "step-out-of-order"
