"""A first number raises the level of an account: only with the code of a letter to its person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.means.bureau import (
    GOOD,
    NEW_NUMBER,
    OTHER,
    SANNE,
    Bureau,
    browser,
    registered,
    signed_in,
)
from toegang.assurance import Level
from toegang.audit.events import AccountNumberConfirmed, AccountSignInFailed, SignInFailure
from toegang.errors import CredentialsWrong, LevelNotProven, OneTimeGone, TooManyTries, ValueRefused
from toegang.means.citizen.own_account import NewPassword, SignedIn
from toegang.means.citizen.records import SignIn, Stage


async def given(bureau: Bureau, number: str = NEW_NUMBER) -> SignedIn:
    """Give a first number and confirm it with the code by text message; the letter is on its way."""
    me, own = signed_in((await bureau.sign_in()).authentication), bureau.door.own
    change = await own.give_number(me, browser(), number, bureau.now)
    assert not await own.confirm_number(me, browser(), change, await bureau.texted_code(), bureau.now)
    return me


async def at_number(bureau: Bureau) -> str:
    """Log in at a service of level low, up to the page that asks for a number."""
    login = await bureau.start(Level.LOW)
    result = await bureau.password(login)
    assert isinstance(result, SignIn)
    assert result.stage is Stage.NUMBER
    return login


@pytest.mark.requires("NIST-SP800-63B-4.1.2")
async def test_who_has_only_the_password_does_not_raise_the_level(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me = await given(bureau)
    assert (await bureau.account()).reach is Level.BASIC
    for guess in ("2222-2222-2222", ""):
        with pytest.raises(CredentialsWrong):
            await bureau.door.own.add_number(me, browser(), guess, bureau.now)
    await at_number(bureau)
    failures = [event.why for event in await bureau.events() if isinstance(event, AccountSignInFailed)]
    assert failures == [SignInFailure.CODE] * 2


async def test_five_wrong_guesses_spend_the_letter(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me, own = await given(bureau), bureau.door.own
    code = await bureau.letter_code()
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            await own.add_number(me, browser(), "wrong", bureau.now)
    with pytest.raises(OneTimeGone):
        await own.add_number(me, browser(), code, bureau.now)


async def test_a_number_asked_before_the_password_was_changed_counts_no_more(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me, own = await given(bureau), bureau.door.own
    code = await bureau.letter_code()
    bureau.later(seconds=5)
    await own.change_password(me, browser(), NewPassword(old=GOOD, new=OTHER), bureau.now)
    bureau.later(seconds=5)
    me = signed_in((await bureau.sign_in(password=OTHER)).authentication)
    assert (await own.overview(me, browser(), bureau.now)).number_waiting == ""
    with pytest.raises(OneTimeGone):
        await own.add_number(me, browser(), code, bureau.now)
    assert (await bureau.account()).number is None


async def test_a_letter_about_another_number_takes_the_place_of_the_first(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me, own = await given(bureau), bureau.door.own
    first = await bureau.letter_code()
    bureau.later(minutes=1)
    await given(bureau, "06 11223344")
    with pytest.raises(CredentialsWrong):
        await own.add_number(me, browser(), first, bureau.now)
    await own.add_number(me, browser(), await bureau.letter_code(), bureau.now)
    assert (await own.overview(me, browser(), bureau.now)).number_ending == "44"


async def test_an_activation_code_adds_no_number_and_the_code_works_once(bureau: Bureau) -> None:
    await bureau.apply(number=None)
    activation = await bureau.letter_code()
    login = await bureau.start()
    await bureau.password(login)
    await bureau.door.signing_in.activate(login, browser(), activation, bureau.now)
    me, own = await given(bureau), bureau.door.own
    with pytest.raises(CredentialsWrong):
        await own.add_number(me, browser(), activation, bureau.now)
    code = await bureau.letter_code()
    await own.add_number(me, browser(), code, bureau.now)
    with pytest.raises((OneTimeGone, LevelNotProven)):
        await own.add_number(me, browser(), code, bureau.now)


async def test_whom_no_letter_reaches_is_told_so(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me, own = signed_in((await bureau.sign_in()).authentication), bureau.door.own
    change = await own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    bureau.register.people[SANNE] = replace(registered(SANNE), address=None)
    with pytest.raises(ValueRefused) as refused:
        await own.confirm_number(me, browser(), change, await bureau.texted_code(), bureau.now)
    assert refused.value.reason == "no-address"
    assert await bureau.letters() == []


async def test_letters_about_a_number_are_limited(bureau: Bureau) -> None:
    await bureau.active(number=None)
    for _ in range(bureau.desk.policy.letters.most - 1):  # one was the letter of activation
        await given(bureau)
        bureau.later(minutes=2)
    with pytest.raises(TooManyTries):
        await given(bureau)


@pytest.mark.requires("NIST-SP800-63B-4.1.2")
async def test_the_code_of_the_letter_lets_the_number_count(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me, own = await given(bureau), bureau.door.own
    assert (await own.overview(me, browser(), bureau.now)).number_waiting == "21"
    (letter,) = await bureau.letters()
    values = letter["values"]
    assert isinstance(values, dict)
    assert (letter["purpose"], values["digits"]) == ("first-number-letter", "21")
    await own.add_number(me, browser(), values["code"].lower(), bureau.now)
    (event,) = [event for event in await bureau.events() if isinstance(event, AccountNumberConfirmed)]
    assert (event.before, event.after) == (Level.BASIC, Level.LOW)
    assert "account:number-letter-sent" in await bureau.names_of_events()


async def test_a_login_that_asks_low_takes_the_letters_code_and_goes_on(bureau: Bureau) -> None:
    await bureau.active(number=None)
    await given(bureau)
    code = await bureau.letter_code()
    bureau.later(days=3)
    login, signing_in = await bureau.start(Level.LOW), bureau.door.signing_in
    at = await bureau.password(login)
    assert isinstance(at, SignIn)
    assert await signing_in.waiting_number(at, bureau.now) == "21"
    after = await signing_in.add_number(login, browser(), code, bureau.now)
    assert isinstance(after, SignIn)
    assert after.stage is Stage.CODE
    proven = await signing_in.sms_code(login, browser(), await bureau.texted_code(), bureau.now)
    assert proven.authentication.level is Level.LOW


async def test_a_step_up_without_a_number_says_what_to_do(bureau: Bureau) -> None:
    proven = await bureau.active(number=None)
    login = await bureau.start(Level.BASIC)
    await bureau.password(login)
    again = await bureau.start(Level.LOW, login=login, known=proven.authentication.subject)
    kept = await bureau.door.signing_in.find(again, browser(), bureau.now)
    assert kept.stage is Stage.NUMBER
