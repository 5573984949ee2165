"""Signing in: what is refused, what is counted, what is proven and nothing more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.means.bureau import (
    DAAN,
    GOOD,
    OTHER,
    REFERENCE,
    SANNE,
    Bureau,
    account_of,
    browser,
    particulars,
    registered,
)
from toegang.assurance import Level
from toegang.audit.events import AccountSignInFailed, SignInFailure
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LevelUnreachable,
    LoginElsewhere,
    LoginUnknown,
    OneTimeGone,
    StepOutOfOrder,
    TooManyTries,
    Unavailable,
)
from toegang.identity.subject import Subject
from toegang.means.base import Factor, TransactionId
from toegang.means.citizen.account import Status
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.records import Proven, SignIn, Stage
from toegang.storage.trail import TrailTables


async def failures(bureau: Bureau) -> list[SignInFailure]:
    return [event.why for event in await bureau.events() if isinstance(event, AccountSignInFailed)]


async def test_a_wrong_password_is_refused_counted_and_recorded(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    with pytest.raises(CredentialsWrong):
        await bureau.password(login, password=OTHER)
    assert (await bureau.account()).failures == 1
    assert await failures(bureau) == [SignInFailure.PASSWORD]


async def test_a_name_that_nobody_has_is_refused_in_the_same_words(bureau: Bureau) -> None:
    login = await bureau.start()
    with pytest.raises(CredentialsWrong) as refused:
        await bureau.password(login, name="nobody88")
    assert refused.value.detail == ""
    assert await failures(bureau) == [SignInFailure.NAME]


async def test_failures_are_found_by_the_reference_code_of_their_login(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    for name in ("sanne88", "nobody-has-this"):
        with pytest.raises(CredentialsWrong):
            await bureau.password(login, name, OTHER)
    await bureau.password(login)
    with pytest.raises(CredentialsWrong):
        await bureau.door.signing_in.sms_code(login, browser(), "wrong", bureau.now)
    trail = TrailTables(database=bureau.database, ids=bureau.desk.ids)
    found = await trail.by_reference(REFERENCE)
    assert [each.event.why for each in found if isinstance(each.event, AccountSignInFailed)] == [
        SignInFailure.PASSWORD,
        SignInFailure.NAME,
        SignInFailure.CODE,
    ]


async def test_another_browser_gets_no_page_of_this_login(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    with pytest.raises(LoginElsewhere):
        await bureau.password(login, visitor=browser("other"))


async def test_a_login_that_never_was_or_took_too_long_is_unknown(bureau: Bureau) -> None:
    login = await bureau.start()
    with pytest.raises(LoginUnknown):
        await bureau.password(TransactionId("never was"))
    bureau.later(hours=1)
    with pytest.raises(LoginUnknown):
        await bureau.password(login)


async def test_the_password_alone_proves_basis(bureau: Bureau) -> None:
    await bureau.active()
    proven = (await bureau.sign_in()).authentication
    assert (proven.level, proven.factors) == (Level.BASIC, (Factor.PASSWORD,))
    assert proven.subject.person == (await bureau.account()).person
    assert proven.at == bureau.now


async def test_the_password_and_a_code_prove_low(bureau: Bureau) -> None:
    await bureau.active()
    proven = (await bureau.sign_in(Level.LOW)).authentication
    assert (proven.level, proven.factors) == (Level.LOW, (Factor.PASSWORD, Factor.SMS_CODE))


async def test_a_login_that_asks_the_highest_asks_the_code_only_of_who_has_a_number(bureau: Bureau) -> None:
    await bureau.active()
    with_number = await bureau.password(await bureau.start(highest=True))
    assert isinstance(with_number, SignIn)
    assert with_number.stage is Stage.CODE
    await bureau.active(particulars(DAAN), name="daan99", password=OTHER, number=None)
    without = await bureau.password(await bureau.start(highest=True), "daan99", OTHER)
    assert isinstance(without, Proven)
    assert without.authentication.level is Level.BASIC


async def test_a_name_is_one_name_however_it_is_typed(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.sign_in(name="  SANNE88 ")


async def test_more_than_low_is_never_begun(bureau: Bureau) -> None:
    with pytest.raises(LevelUnreachable):
        await bureau.start(Level.SUBSTANTIAL)


async def test_a_wrong_code_is_counted_and_the_right_one_still_works(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    code = await bureau.texted_code()
    with pytest.raises(CredentialsWrong):
        await bureau.door.signing_in.sms_code(login, browser(), "not it", bureau.now)
    assert (await bureau.account()).failures == 1
    assert await failures(bureau) == [SignInFailure.CODE]
    proven = await bureau.door.signing_in.sms_code(login, browser(), code, bureau.now)
    assert proven.authentication.level is Level.LOW
    assert (await bureau.account()).failures == 0


async def test_a_code_may_be_typed_with_spaces(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    code = await bureau.texted_code()
    await bureau.door.signing_in.sms_code(login, browser(), f" {code[:3]} {code[3:]} ", bureau.now)


async def test_a_sign_in_ends_once(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    await bureau.password(login)
    with pytest.raises(StepOutOfOrder):
        await bureau.password(login)


async def test_a_code_is_not_asked_before_the_password(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    with pytest.raises(StepOutOfOrder):
        await bureau.door.signing_in.sms_code(login, browser(), "123456", bureau.now)
    with pytest.raises(StepOutOfOrder):
        await bureau.door.signing_in.resend(login, browser(), bureau.now)
    assert await bureau.texts() == []


async def test_a_step_up_in_one_login_asks_only_the_code(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    first = await bureau.password(login)
    assert isinstance(first, Proven)
    await bureau.start(Level.LOW, login=login, known=first.authentication.subject)
    sign_in = await bureau.door.signing_in.find(login, browser(), bureau.now)
    assert sign_in.stage is Stage.CODE
    code = await bureau.texted_code()
    proven = await bureau.door.signing_in.sms_code(login, browser(), code, bureau.now)
    assert proven.authentication.level is Level.LOW


@pytest.mark.parametrize("case", ["too late", "another login", "another browser"])
async def test_a_step_up_asks_the_password_again_when_this_login_did_not_just_prove_it(
    bureau: Bureau, case: str
) -> None:
    await bureau.active()
    login = await bureau.start()
    first = await bureau.password(login)
    assert isinstance(first, Proven)
    if case == "too late":
        bureau.later(minutes=11)
    visitor = browser("other") if case == "another browser" else browser()
    again = "another login" if case == "another login" else login
    await bureau.start(Level.LOW, visitor, again, first.authentication.subject)
    sign_in = await bureau.door.signing_in.find(TransactionId(again), visitor, bureau.now)
    assert sign_in.stage is Stage.PASSWORD


async def test_nobody_else_answers_a_step_up(bureau: Bureau) -> None:
    proven = await bureau.active()
    await bureau.active(particulars(DAAN), name="daan99", number=None, password=OTHER)
    login = await bureau.start(Level.BASIC, known=proven.authentication.subject)
    with pytest.raises(CredentialsWrong):
        await bureau.password(login, name="daan99", password=OTHER)
    assert isinstance(await bureau.password(login), Proven)


async def test_somebody_known_by_another_means_is_recognised_by_person(bureau: Bureau) -> None:
    proven = await bureau.active()
    known = Subject(
        issuer="https://means.example", identifier="x", person=proven.authentication.subject.person
    )
    login = await bureau.start(Level.BASIC, known=known)
    assert isinstance(await bureau.password(login), Proven)


@pytest.mark.parametrize("status", [Status.BLOCKED, Status.LOCKED])
async def test_a_stopped_account_is_told_so_only_to_who_knows_the_password(
    bureau: Bureau, status: Status
) -> None:
    account = account_of(await bureau.active())
    if status is Status.BLOCKED:
        await bureau.door.operating.block(account, "fraud", bureau.now)
    else:
        await bureau.door.reporting.report(account, Report(login="REF-1"), bureau.now)
    login = await bureau.start()
    with pytest.raises(CredentialsWrong):
        await bureau.password(login, password=OTHER)
    with pytest.raises(AccountClosed):
        await bureau.password(login)
    assert (await failures(bureau))[-1] is SignInFailure.CLOSED


async def test_an_account_that_ended_has_no_name_any_more(bureau: Bureau) -> None:
    account = account_of(await bureau.active())
    await bureau.door.operating.end(account, "operator", bureau.now)
    login = await bureau.start()
    with pytest.raises(CredentialsWrong):
        await bureau.password(login)


async def test_an_account_of_someone_who_died_is_held_at_its_next_use(bureau: Bureau) -> None:
    await bureau.active()
    bureau.later(days=2)
    bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 3, 2))
    login = await bureau.start()
    with pytest.raises(AccountClosed):
        await bureau.password(login)
    assert (await bureau.account()).status is Status.HELD
    assert "account:hold-placed" in await bureau.names_of_events()


async def test_the_register_is_asked_once_a_day(bureau: Bureau) -> None:
    await bureau.active()
    bureau.later(days=2)
    before = bureau.register.asked
    await bureau.sign_in()
    await bureau.sign_in()
    assert bureau.register.asked == before + 1


async def test_a_register_that_is_away_stops_nobody_for_a_week(bureau: Bureau) -> None:
    await bureau.active()
    bureau.register.away = True
    bureau.later(days=6)
    await bureau.sign_in()
    bureau.later(days=2)
    with pytest.raises(Unavailable):
        await bureau.sign_in()


async def test_resending_gives_another_code_and_the_first_works_no_more(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    first = await bureau.texted_code()
    await bureau.door.signing_in.resend(login, browser(), bureau.now)
    second = await bureau.texted_code()
    assert first != second
    with pytest.raises(CredentialsWrong):
        await bureau.door.signing_in.sms_code(login, browser(), first, bureau.now)
    await bureau.door.signing_in.sms_code(login, browser(), second, bureau.now)


async def test_resending_is_limited_per_minute(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    await bureau.door.signing_in.resend(login, browser(), bureau.now)
    with pytest.raises(TooManyTries) as refused:
        await bureau.door.signing_in.resend(login, browser(), bureau.now)
    assert refused.value.retry_after == 60
    assert len(await bureau.texts()) == 2


@pytest.mark.requires("NIST-SP800-63B-3.1.3")
async def test_a_code_is_gone_after_ten_minutes(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    code = await bureau.texted_code()
    bureau.later(minutes=10)
    with pytest.raises(OneTimeGone):
        await bureau.door.signing_in.sms_code(login, browser(), code, bureau.now)
    assert await failures(bureau) == [SignInFailure.CODE_EXPIRED]


async def test_an_account_that_waits_for_its_letter_asks_for_the_code(bureau: Bureau) -> None:
    await bureau.apply()
    login = await bureau.start()
    result = await bureau.password(login)
    assert isinstance(result, SignIn)
    assert result.stage is Stage.ACTIVATION


async def test_what_was_proven_is_usable_until_the_account_is_stopped(bureau: Bureau) -> None:
    proven = await bureau.active()
    await bureau.door.means.check_usable(proven.authentication, bureau.now)
    await bureau.door.operating.block(account_of(proven), "fraud", bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.means.check_usable(proven.authentication, bureau.now)


async def test_the_password_is_hashed_again_when_the_pepper_is_replaced(bureau: Bureau) -> None:
    await bureau.active()
    before = (await bureau.account()).password
    bureau.desk.hasher._newest = 2
    bureau.desk.hasher._peppers[2] = bureau.desk.keys.names
    await bureau.sign_in()
    after = (await bureau.account()).password
    assert before is not None
    assert after is not None
    assert (before[0], after[0]) == ("1", "2")
    await bureau.sign_in(password=GOOD)


def test_step_up_age_is_shorter_than_a_sign_in(bureau: Bureau) -> None:
    assert timedelta(0) < bureau.desk.policy.step_up_age < bureau.desk.policy.sign_in_lifetime
