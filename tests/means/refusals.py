"""How each refusal of the citizen account comes about: prepared up to the last act, which is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.means.bureau import (
    DAAN,
    GOOD,
    NEW_NUMBER,
    NOBODY,
    OTHER,
    SANNE,
    Bureau,
    account_of,
    browser,
    particulars,
    registered,
    signed_in,
)
from toegang.assurance import Level
from toegang.errors import (
    CredentialsWrong,
    Refusal,
)
from toegang.means.base import TransactionId
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.own_account import NewPassword, SignedIn
from toegang.means.citizen.policy import Limit, Policy
from toegang.means.citizen.recovering import Claimant

Act = Callable[[], Awaitable[object]]

MINE = Claimant(name="sanne88", bsn=SANNE)
ONCE = Limit(most=1, window=timedelta(hours=1))


# Signing in: the password.


async def wrong_password(bureau: Bureau) -> Act:
    await bureau.active()
    login = await bureau.start()
    return lambda: bureau.password(login, password=OTHER)


async def wrong_password_on_a_known_device(bureau: Bureau) -> Act:
    known = browser(device=(await bureau.active()).device)
    login = await bureau.start(visitor=known)
    return lambda: bureau.password(login, password=OTHER, visitor=known)


async def nobodys_name(bureau: Bureau) -> Act:
    login = await bureau.start()
    return lambda: bureau.password(login, name="nobody8")


async def too_many_passwords(bureau: Bureau) -> Act:
    await bureau.active()
    login = await bureau.start()
    for _ in range(4):
        await refused(CredentialsWrong, bureau.password(login, password=OTHER))
    return lambda: bureau.password(login)


async def the_last_failure_in_a_row(bureau: Bureau) -> Act:
    allow(bureau, failures_most=1)
    return await wrong_password(bureau)


async def right_password_of_a_locked_account(bureau: Bureau) -> Act:
    account = account_of(await bureau.active())
    await bureau.door.reporting.report(account, Report(login="ref"), bureau.now)
    login = await bureau.start()
    return lambda: bureau.password(login)


async def right_password_of_who_died(bureau: Bureau) -> Act:
    await bureau.active()
    bureau.later(days=2)
    bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 3, 2))
    login = await bureau.start()
    return lambda: bureau.password(login)


# Signing in: the code by text message.


async def asked_for_a_code(bureau: Bureau) -> TransactionId:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    return login


def give_code(bureau: Bureau, login: TransactionId, code: str) -> Coroutine[Any, Any, object]:
    return bureau.door.signing_in.sms_code(login, browser(), code, bureau.now)


async def wrong_code(bureau: Bureau) -> Act:
    login = await asked_for_a_code(bureau)
    return lambda: give_code(bureau, login, "no")


async def right_code_too_late(bureau: Bureau) -> Act:
    login = await asked_for_a_code(bureau)
    code = await bureau.texted_code()
    bureau.later(minutes=11)
    return lambda: give_code(bureau, login, code)


async def right_code_after_five_wrong_ones(bureau: Bureau) -> Act:
    login = await asked_for_a_code(bureau)
    code = await bureau.texted_code()
    for _ in range(5):
        await refused(CredentialsWrong, give_code(bureau, login, "no"))
    return lambda: give_code(bureau, login, code)


async def wrong_codes_over_many_logins(bureau: Bureau) -> Act:
    allow(bureau, sms_failures=ONCE)
    login = await asked_for_a_code(bureau)
    await refused(CredentialsWrong, give_code(bureau, login, "no"))
    return lambda: give_code(bureau, login, "no")


async def a_third_code_within_a_minute(bureau: Bureau) -> Act:
    login = await asked_for_a_code(bureau)
    await bureau.door.signing_in.resend(login, browser(), bureau.now)
    return lambda: bureau.door.signing_in.resend(login, browser(), bureau.now)


# Activating with the code from the letter.


async def waiting_for_the_letter(bureau: Bureau) -> TransactionId:
    await bureau.apply()
    login = await bureau.start()
    await bureau.password(login)
    return login


def activate(bureau: Bureau, login: TransactionId, code: str) -> Coroutine[Any, Any, object]:
    return bureau.door.signing_in.activate(login, browser(), code, bureau.now)


async def wrong_letter_code(bureau: Bureau) -> Act:
    login = await waiting_for_the_letter(bureau)
    return lambda: activate(bureau, login, "wrong")


async def right_letter_code_after_five_wrong_ones(bureau: Bureau) -> Act:
    login = await waiting_for_the_letter(bureau)
    code = await bureau.letter_code()
    for _ in range(5):
        await refused(CredentialsWrong, activate(bureau, login, "wrong"))
    return lambda: activate(bureau, login, code)


async def right_letter_code_of_who_died(bureau: Bureau) -> Act:
    login = await waiting_for_the_letter(bureau)
    code = await bureau.letter_code()
    bureau.later(days=2)
    login = await bureau.start()
    await bureau.password(login)
    bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 3, 2))
    return lambda: activate(bureau, login, code)


# Recovering.


async def asked_for_a_letter(bureau: Bureau) -> str:
    await bureau.active()
    await bureau.sent("letter")
    await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)
    return await bureau.letter_code()


async def recovering(bureau: Bureau) -> str:
    code = await asked_for_a_letter(bureau)
    id_ = await bureau.door.recovering.open(browser(), MINE, code, bureau.now)
    await bureau.door.recovering.send_code(id_, browser(), bureau.now)
    return id_


async def too_many_recoveries(bureau: Bureau) -> Act:
    allow(bureau, recoveries=ONCE)
    await asked_for_a_letter(bureau)
    return lambda: bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)


async def too_many_recoveries_with_the_right_code(bureau: Bureau) -> Act:
    allow(bureau, recoveries=ONCE)
    code = await asked_for_a_letter(bureau)
    return lambda: bureau.door.recovering.open(browser(), MINE, code, bureau.now)


async def wrong_recovery_letter(bureau: Bureau) -> Act:
    await asked_for_a_letter(bureau)
    return lambda: bureau.door.recovering.open(browser(), MINE, "wrong", bureau.now)


async def recovery_that_nobody_asked(bureau: Bureau) -> Act:
    await bureau.active()
    other = Claimant(name="sanne88", bsn=NOBODY)
    return lambda: bureau.door.recovering.open(browser(), other, "wrong", bureau.now)


async def wrong_code_in_recovery(bureau: Bureau) -> Act:
    id_ = await recovering(bureau)
    return lambda: bureau.door.recovering.prove_number(id_, browser(), "no", bureau.now)


async def right_code_in_recovery_too_late(bureau: Bureau) -> Act:
    id_ = await recovering(bureau)
    code = await bureau.texted_code()
    bureau.later(minutes=11)
    return lambda: bureau.door.recovering.prove_number(id_, browser(), code, bureau.now)


async def new_password_for_an_account_that_ended(bureau: Bureau) -> Act:
    id_ = await recovering(bureau)
    code = await bureau.texted_code()
    await bureau.door.recovering.prove_number(id_, browser(), code, bureau.now)
    await bureau.door.operating.end((await bureau.account()).id, "operator", bureau.now)
    return lambda: bureau.door.recovering.choose_password(id_, browser(), OTHER, bureau.now)


# My account.


async def inside(bureau: Bureau) -> SignedIn:
    await bureau.active()
    bureau.later(days=4)
    return signed_in((await bureau.sign_in(Level.LOW)).authentication)


async def wrong_old_password(bureau: Bureau) -> Act:
    me = await inside(bureau)
    typed = NewPassword(old=OTHER, new="nog een heel ander lang wachtwoord")
    return lambda: bureau.door.own.change_password(me, browser(), typed, bureau.now)


async def changing_the_number(bureau: Bureau) -> tuple[SignedIn, str]:
    me = await inside(bureau)
    return me, await bureau.door.own.give_number(me, browser(), NEW_NUMBER, bureau.now)


async def wrong_code_for_a_new_number(bureau: Bureau) -> Act:
    me, change = await changing_the_number(bureau)
    return lambda: bureau.door.own.confirm_number(me, browser(), change, "no", bureau.now)


async def too_many_codes_for_new_numbers(bureau: Bureau) -> Act:
    allow(bureau, sms_failures=ONCE)
    me, change = await changing_the_number(bureau)
    await refused(CredentialsWrong, bureau.door.own.confirm_number(me, browser(), change, "no", bureau.now))
    return lambda: bureau.door.own.confirm_number(me, browser(), change, "no", bureau.now)


# Applying.


async def applying(bureau: Bureau, name: str = "sanne88") -> str:
    id_ = await bureau.door.applying.begin(browser(), particulars(DAAN), "nl", bureau.now)
    typed = Credentials(name=name, password=GOOD)
    await bureau.door.applying.choose_credentials(id_, browser(), typed, bureau.now)
    return id_


async def too_many_applications(bureau: Bureau) -> Act:
    allow(bureau, applications=ONCE)
    await applying(bureau)
    return lambda: bureau.door.applying.begin(browser(), particulars(), "nl", bureau.now)


async def wrong_code_in_an_application(bureau: Bureau) -> Act:
    id_ = await applying(bureau)
    await bureau.door.applying.give_number(id_, browser(), "06 12345678", bureau.now)
    return lambda: bureau.door.applying.confirm_number(id_, browser(), "no", bureau.now)


async def a_third_code_of_an_application(bureau: Bureau) -> Act:
    id_ = await applying(bureau)
    for _ in range(2):
        await bureau.door.applying.give_number(id_, browser(), "06 12345678", bureau.now)
    return lambda: bureau.door.applying.give_number(id_, browser(), "06 12345678", bureau.now)


async def a_name_taken_meanwhile(bureau: Bureau) -> Act:
    id_ = await applying(bureau)
    await bureau.apply(visitor=browser("other"))
    return lambda: bureau.door.applying.finish(id_, browser(), bureau.now)


def allow(bureau: Bureau, **limits: Any) -> None:  # noqa: ANN401 any of the policy
    """Change the policy of the bureau."""
    policy: Policy = replace(bureau.desk.policy, **limits)
    bureau.desk = replace(bureau.desk, policy=policy)


async def refused(kind: type[Refusal], work: Awaitable[object]) -> None:
    with pytest.raises(kind):
        await work
