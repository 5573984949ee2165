"""L02: whoever guesses at a victim's account keeps nobody but themselves out."""

from __future__ import annotations

import pytest

from tests.hostile.test_l01_guessing_passwords import from_anywhere, guess
from tests.means.bureau import OTHER, SANNE, Bureau, browser
from toegang.assurance import Level
from toegang.errors import CredentialsWrong, TooManyTries
from toegang.means.citizen.recovering import Claimant


async def besiege(bureau: Bureau, tries: int) -> None:
    for number in range(tries):
        await guess(bureau, f"{OTHER} {number}", visitor=from_anywhere(number))
        bureau.later(minutes=3)


async def test_the_owner_gets_in_from_a_known_device_while_strangers_wait(bureau: Bureau) -> None:
    device = (await bureau.active()).device
    codes = [await guess(bureau, f"{OTHER} {n}", visitor=from_anywhere(n)) for n in range(8)]
    assert codes[-1] == TooManyTries.code
    await bureau.sign_in(Level.LOW, browser(device=device))


async def test_the_owner_gets_in_from_a_known_device_after_a_hundred_failures(bureau: Bureau) -> None:
    device = (await bureau.active()).device
    await besiege(bureau, 100)
    await bureau.sign_in(visitor=browser(device=device))
    with pytest.raises(CredentialsWrong):
        await bureau.sign_in(visitor=from_anywhere(7))


async def test_the_owner_on_a_strange_device_waits_minutes_at_most(bureau: Bureau) -> None:
    await bureau.active()
    for number in range(20):
        await guess(bureau, f"{OTHER} {number}", visitor=from_anywhere(number))
    bureau.later(seconds=bureau.desk.policy.name_tries.longest_wait.total_seconds())
    await bureau.sign_in(visitor=from_anywhere(99))


async def test_recovery_opens_the_account_again_after_a_hundred_failures(bureau: Bureau) -> None:
    await bureau.active(number=None)
    await besiege(bureau, 100)
    mine = Claimant(name="sanne88", bsn=SANNE)
    await bureau.door.recovering.ask(browser(), mine, "nl", bureau.now)
    id_ = await bureau.door.recovering.open(browser(), mine, await bureau.letter_code(), bureau.now)
    await bureau.door.recovering.choose_password(id_, browser(), OTHER, bureau.now)
    bureau.later(hours=2)
    await bureau.sign_in(password=OTHER)


async def test_a_stolen_device_token_gives_ten_guesses_and_no_more(bureau: Bureau) -> None:
    device = (await bureau.active()).device
    thief = browser("thief", device=device)
    for number in range(10):
        assert await guess(bureau, f"{OTHER} {number}", visitor=thief) == CredentialsWrong.code
        bureau.later(minutes=11)
    assert await bureau.desk.devices.of_account((await bureau.account()).id) == ()


async def test_a_made_up_device_token_is_a_stranger(bureau: Bureau) -> None:
    await bureau.active()
    for number in range(4):
        await guess(bureau, f"{OTHER} {number}", visitor=browser("b", device="x" * 43))
    assert await guess(bureau, OTHER, visitor=browser("b", device="y" * 43)) == TooManyTries.code
