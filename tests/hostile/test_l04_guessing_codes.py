"""L04: guessing a code. Five tries in all, also at once, also after another code was sent."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.means.bureau import NEW_NUMBER, Bureau, browser, signed_in
from toegang.assurance import Level
from toegang.audit.events import AccountSignInFailed
from toegang.errors import CredentialsWrong, LoginElsewhere, OneTimeGone, Refusal, TooManyTries
from toegang.means.base import TransactionId
from toegang.means.citizen.records import SignIn


async def at_the_code(bureau: Bureau) -> tuple[TransactionId, str]:
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    return login, await bureau.texted_code()


async def guess(bureau: Bureau, login: TransactionId, code: str) -> str:
    try:
        await bureau.door.signing_in.sms_code(login, browser(), code, bureau.now)
    except Refusal as refused:
        return refused.code
    return "proven"


def wrong(code: str, number: int = 1) -> str:
    return f"{(int(code) + number) % 10**6:06}"


@pytest.mark.requires("NIST-SP800-63B-3.1.3.2")
async def test_sixty_four_guesses_at_once_are_five_tries(each_bureau: Bureau) -> None:
    await each_bureau.active()
    login, code = await at_the_code(each_bureau)
    codes = Counter(await asyncio.gather(*(guess(each_bureau, login, wrong(code, n)) for n in range(1, 65))))
    assert codes[CredentialsWrong.code] == 5
    assert codes[CredentialsWrong.code] + codes[OneTimeGone.code] + codes[TooManyTries.code] == 64
    assert (await each_bureau.account()).failures == 5
    failed = [event for event in await each_bureau.events() if isinstance(event, AccountSignInFailed)]
    assert len(failed) == 64
    assert await guess(each_bureau, login, code) != "proven"


async def test_the_right_code_at_once_from_sixty_four_tabs_proves_once(each_bureau: Bureau) -> None:
    await each_bureau.active()
    login, code = await at_the_code(each_bureau)
    codes = Counter(await asyncio.gather(*(guess(each_bureau, login, code) for _ in range(64))))
    assert codes["proven"] == 1


async def test_another_code_gives_no_tries_back(bureau: Bureau) -> None:
    await bureau.active()
    login, code = await at_the_code(bureau)
    for number in range(4):
        assert await guess(bureau, login, wrong(code, number + 1)) == CredentialsWrong.code
    bureau.later(minutes=1)
    await bureau.door.signing_in.resend(login, browser(), bureau.now)
    fresh = await bureau.texted_code()
    assert await guess(bureau, login, wrong(fresh)) == CredentialsWrong.code
    assert await guess(bureau, login, fresh) == OneTimeGone.code


async def test_giving_the_password_again_gives_no_tries_back(bureau: Bureau) -> None:
    await bureau.active()
    login, code = await at_the_code(bureau)
    for number in range(5):
        await guess(bureau, login, wrong(code, number + 1))
    bureau.later(minutes=2)
    with pytest.raises(TooManyTries):
        await bureau.password(login)
    assert await bureau.texts() == []


async def test_codes_sent_and_guesses_made_at_once_are_five_tries_together(each_bureau: Bureau) -> None:
    await each_bureau.active()
    login, code = await at_the_code(each_bureau)

    async def resend() -> str:
        try:
            await each_bureau.door.signing_in.resend(login, browser(), each_bureau.now)
        except Refusal as refused:
            return refused.code
        return "sent"

    guesses = [guess(each_bureau, login, wrong(code, n)) for n in range(1, 17)]
    codes = Counter(await asyncio.gather(*guesses, *(resend() for _ in range(4))))
    assert codes[CredentialsWrong.code] <= 5
    sign_in = await each_bureau.desk.memory.sign_ins.find(login, each_bureau.now)
    assert isinstance(sign_in, SignIn)
    assert sign_in.code is not None
    assert sign_in.code.tries == 5 - codes[CredentialsWrong.code]


async def test_a_code_of_one_login_does_not_fit_another(bureau: Bureau) -> None:
    await bureau.active()
    _, code = await at_the_code(bureau)
    other, _ = await at_the_code(bureau)
    assert await guess(bureau, other, code) == CredentialsWrong.code


async def test_a_code_does_not_fit_in_another_browser(bureau: Bureau) -> None:
    await bureau.active()
    login, code = await at_the_code(bureau)
    with pytest.raises(LoginElsewhere):
        await bureau.door.signing_in.sms_code(login, browser("other"), code, bureau.now)


async def test_giving_a_number_again_and_again_gives_no_more_tries(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me = signed_in((await bureau.sign_in()).authentication)
    own, seen = bureau.door.own, Counter[str]()
    for _ in range(4):
        change = await own.give_number(me, browser(), NEW_NUMBER, bureau.now)
        bureau.later(minutes=1)
        for _ in range(5):
            with pytest.raises(Refusal) as refused:
                await own.confirm_number(me, browser(), change, "wrong", bureau.now)
            seen[refused.value.code] += 1
    assert seen[CredentialsWrong.code] == bureau.desk.policy.sms_failures.most
    assert seen[TooManyTries.code] == 10
    assert (await bureau.account()).number is None


async def test_guessing_over_many_logins_is_stopped_for_strangers_and_not_for_the_owner(
    bureau: Bureau,
) -> None:
    device = (await bureau.active()).device
    seen: list[str] = []
    while TooManyTries.code not in seen:
        login, code = await at_the_code(bureau)
        seen += [await guess(bureau, login, wrong(code, number + 1)) for number in range(5)]
        bureau.later(minutes=2)
    assert seen.count(CredentialsWrong.code) == bureau.desk.policy.sms_failures.most
    await bureau.sign_in(Level.LOW, browser(device=device))
