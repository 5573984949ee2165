"""L01: stuffing and spraying. One account is one count, whatever it is called and wherever it comes from."""

from __future__ import annotations

import asyncio

import pytest

from tests.means.bureau import DAAN, GOOD, OTHER, Bureau, browser, particulars
from toegang.audit.events import AccountLocked, AccountSignInFailed, SignInFailure
from toegang.errors import CredentialsWrong, Refusal, TooManyTries
from toegang.means.citizen.visitor import Visitor


async def guess(bureau: Bureau, password: str, name: str = "sanne88", visitor: Visitor | None = None) -> str:
    login = await bureau.start(visitor=visitor)
    try:
        await bureau.password(login, name, password, visitor)
    except Refusal as refused:
        return refused.code
    return "proven"


def from_anywhere(number: int) -> Visitor:
    return browser(f"b{number}", network=f"198.51.{number}.0/24")


async def test_guesses_from_ten_thousand_networks_are_one_count(each_bureau: Bureau) -> None:
    await each_bureau.active()
    spellings = ["sanne88", "SANNE88", " Sanne88", "\uff53anne88"]
    codes = [
        await guess(each_bureau, f"{OTHER} {number}", spellings[number % 4], from_anywhere(number))
        for number in range(8)
    ]
    assert codes == [CredentialsWrong.code] * 4 + [TooManyTries.code] * 4


async def test_guesses_at_once_are_all_counted(each_bureau: Bureau) -> None:
    await each_bureau.active()
    codes = await asyncio.gather(
        *(guess(each_bureau, f"{OTHER} {number}", visitor=from_anywhere(number)) for number in range(24))
    )
    assert codes.count(CredentialsWrong.code) == each_bureau.desk.policy.name_tries.free
    assert (await each_bureau.account()).failures == each_bureau.desk.policy.name_tries.free


async def test_one_password_on_many_names_is_noticed(bureau: Bureau) -> None:
    most = bureau.desk.policy.same_password.most
    codes = [
        await guess(bureau, "Welkom in de zomer 2027", f"person{number}", from_anywhere(number))
        for number in range(most + 3)
    ]
    assert codes == [CredentialsWrong.code] * most + [TooManyTries.code] * 3


async def test_one_network_with_many_names_and_passwords_is_noticed(bureau: Bureau) -> None:
    most = bureau.desk.policy.network_failures.most
    codes = [await guess(bureau, f"{OTHER} {number}", f"person{number}") for number in range(most + 2)]
    assert codes.count(TooManyTries.code) == 2


@pytest.mark.requires("NIST-SP800-63B-3.2.2")
async def test_after_a_hundred_failures_in_a_row_the_right_password_is_not_enough(bureau: Bureau) -> None:
    await bureau.active()
    for number in range(100):
        assert await guess(bureau, f"{OTHER} {number}", visitor=from_anywhere(number)) == "credentials-wrong"
        bureau.later(minutes=3)
    assert await guess(bureau, GOOD, visitor=from_anywhere(200)) == CredentialsWrong.code
    capped = [event for event in await bureau.events() if isinstance(event, AccountLocked)]
    assert [event.tries for event in capped] == [100]


async def test_a_throttled_guess_is_recorded_and_does_not_even_cost_a_hash(bureau: Bureau) -> None:
    await bureau.active()
    for number in range(5):
        await guess(bureau, f"{OTHER} {number}", visitor=from_anywhere(number))
    hashed = bureau.desk.hasher.done
    assert await guess(bureau, GOOD, visitor=from_anywhere(9)) == TooManyTries.code
    assert bureau.desk.hasher.done == hashed
    failed = [event.why for event in await bureau.events() if isinstance(event, AccountSignInFailed)]
    assert failed[-1] is SignInFailure.THROTTLED


async def test_guessing_at_one_does_not_keep_another_waiting(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.active(particulars(DAAN), name="daan99", password=OTHER, number=None)
    for number in range(6):
        await guess(bureau, f"{GOOD} {number}", visitor=from_anywhere(number))
    assert await guess(bureau, OTHER, "daan99", from_anywhere(50)) == "proven"
