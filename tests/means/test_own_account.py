"""My account: what is shown, what is changed after a fresh login, what is never refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.means.bureau import GOOD, NEW_NUMBER, OTHER, SANNE, Bureau, account_of, browser, signed_in
from toegang.assurance import Level
from toegang.audit.events import AccountEnded, AccountNumberChanged
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LevelNotProven,
    LoginElsewhere,
    NumberNotUsable,
    OneTimeGone,
    PasswordTooWeak,
    ValueRefused,
)
from toegang.means.citizen.account import Status
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.notices import KIND
from toegang.means.citizen.own_account import NewPassword
from toegang.means.citizen.recovering import Claimant


async def test_the_overview_shows_no_more_of_the_number_than_its_ending(bureau: Bureau) -> None:
    await bureau.active()
    proven = await bureau.sign_in(Level.LOW)
    visitor = browser(device=proven.device)
    overview = await bureau.door.own.overview(signed_in(proven.authentication), visitor, bureau.now)
    assert (overview.reach, overview.number_ending) == (Level.LOW, "78")
    assert [device.here for device in overview.devices] == [True, False]
    assert overview.last_used_at == bureau.now


async def test_a_login_that_is_too_low_or_too_old_changes_nothing(bureau: Bureau) -> None:
    await bureau.active()
    basic = signed_in((await bureau.sign_in()).authentication)
    old = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    typed = NewPassword(old=GOOD, new=OTHER)
    with pytest.raises(LevelNotProven):
        await bureau.door.own.change_password(basic, browser(), typed, bureau.now)
    bureau.later(minutes=16)
    with pytest.raises(LevelNotProven):
        await bureau.door.own.change_password(old, browser(), typed, bureau.now)
    await bureau.sign_in()


async def test_changing_the_password_asks_the_old_one_and_ends_what_was_proven(bureau: Bureau) -> None:
    await bureau.active()
    proven = await bureau.sign_in(Level.LOW)
    me = signed_in(proven.authentication)
    bureau.later(seconds=5)
    with pytest.raises(CredentialsWrong):
        await bureau.door.own.change_password(me, browser(), NewPassword(old=OTHER, new=OTHER), bureau.now)
    with pytest.raises(PasswordTooWeak):
        await bureau.door.own.change_password(me, browser(), NewPassword(old=GOOD, new="short"), bureau.now)
    await bureau.door.own.change_password(me, browser(), NewPassword(old=GOOD, new=OTHER), bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.means.check_usable(proven.authentication, bureau.now)
    assert len(await bureau.sent(KIND)) == 1
    assert "gewijzigd" in (await bureau.texts())[-1]["text"]
    await bureau.sign_in(password=OTHER)


async def test_a_number_that_is_refused_is_not_texted(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me = signed_in((await bureau.sign_in()).authentication)
    with pytest.raises(NumberNotUsable):
        await bureau.door.own.give_number(me, browser(), "+1 212 555 0100", bureau.now)
    assert await bureau.texts() == []


async def test_a_change_of_number_belongs_to_one_browser_and_works_once(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me = signed_in((await bureau.sign_in()).authentication)
    own = bureau.door.own
    change = await own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    code = await bureau.texted_code()
    with pytest.raises(LoginElsewhere):
        await own.confirm_number(me, browser("other"), change, code, bureau.now)
    for _ in range(4):
        with pytest.raises(CredentialsWrong):
            await own.confirm_number(me, browser(), change, "wrong", bureau.now)
    await own.confirm_number(me, browser(), change, code, bureau.now)
    with pytest.raises((OneTimeGone, LevelNotProven)):
        await own.confirm_number(me, browser(), change, code, bureau.now)


async def test_changing_the_number_rests_for_days_and_tells_the_old_one_and_writes_a_letter(
    bureau: Bureau,
) -> None:
    await bureau.active()
    own = bureau.door.own
    fresh = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    with pytest.raises(ValueRefused):
        await own.give_number(fresh, browser(), NEW_NUMBER, bureau.now)
    bureau.later(days=4)
    me = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    change = await own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    await own.confirm_number(me, browser(), change, await bureau.texted_code(), bureau.now)
    assert (await bureau.texts())[-1]["to"] == "+31612345678"
    assert (await bureau.letters())[-1]["purpose"] == "number-changed-letter"
    assert any(isinstance(event, AccountNumberChanged) for event in await bureau.events())


async def test_reporting_misuse_locks_the_account_ends_sessions_and_forgets_devices(bureau: Bureau) -> None:
    proven = await bureau.active()
    account = account_of(proven)
    await bureau.door.reporting.report(account, Report(login="REF-1"), bureau.now)
    assert (await bureau.account()).status is Status.LOCKED
    assert await bureau.desk.devices.of_account(account) == ()
    assert len(await bureau.sent(KIND)) == 2  # of the account, and of whatever else the person came by
    with pytest.raises(AccountClosed):
        await bureau.door.means.check_usable(proven.authentication, bureau.now)
    names = await bureau.names_of_events()
    assert names[-2:] == ["account:misuse-reported", "account:blocked"]


async def test_reporting_misuse_is_never_refused(bureau: Bureau) -> None:
    account = account_of(await bureau.active())
    await bureau.door.operating.block(account, "fraud", bureau.now)
    await bureau.door.reporting.report(account, Report(login="REF-1"), bureau.now)
    assert (await bureau.account()).status is Status.BLOCKED
    assert (await bureau.names_of_events())[-1] == "account:misuse-reported"


async def test_ending_erases_all_but_the_person_and_is_never_refused(bureau: Bureau) -> None:
    proven = await bureau.active()
    me = signed_in(proven.authentication)
    await bureau.door.own.end(me, bureau.now)
    kept = await bureau.desk.accounts.find(me.account)
    assert kept is not None
    assert (kept.status, kept.name, kept.password, kept.number) == (Status.ENDED, None, None, None)
    assert kept.person == proven.authentication.subject.person
    assert (await bureau.letters())[-1]["purpose"] == "account-ended-letter"
    await bureau.door.own.end(me, bureau.now)
    assert sum(isinstance(event, AccountEnded) for event in await bureau.events()) == 1


async def test_ending_is_not_refused_when_the_register_is_away(bureau: Bureau) -> None:
    me = signed_in((await bureau.active()).authentication)
    bureau.register.away = True
    await bureau.door.own.end(me, bureau.now)
    kept = await bureau.desk.accounts.find(me.account)
    assert kept is not None
    assert kept.status is Status.ENDED


async def test_who_applies_again_after_ending_is_the_same_person(bureau: Bureau) -> None:
    first = await bureau.active()
    await bureau.door.own.end(signed_in(first.authentication), bureau.now)
    await bureau.letters()
    second = await bureau.active()
    assert second.authentication.subject.person == first.authentication.subject.person
    assert second.authentication.subject.identifier != first.authentication.subject.identifier


async def test_a_stopped_account_shows_nothing(bureau: Bureau) -> None:
    proven = await bureau.active()
    me = signed_in(proven.authentication)
    await bureau.door.operating.block(me.account, "fraud", bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.own.overview(me, browser(), bureau.now)


async def test_forgotten_devices_are_strange_again(bureau: Bureau) -> None:
    proven = await bureau.active()
    me = signed_in(proven.authentication)
    await bureau.door.own.forget_devices(me)
    assert await bureau.desk.devices.of_account(me.account) == ()


async def test_a_login_of_before_the_last_change_is_refused(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me = signed_in((await bureau.sign_in()).authentication)
    bureau.later(seconds=1)
    await bureau.door.own.change_password(me, browser(), NewPassword(old=GOOD, new=OTHER), bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.own.give_number(replace(me), browser(), NEW_NUMBER, bureau.now)


async def test_suspending_asks_a_fresh_login_ends_what_was_proven_and_tells_the_person(
    bureau: Bureau,
) -> None:
    await bureau.active()
    basic = signed_in((await bureau.sign_in()).authentication)
    with pytest.raises(LevelNotProven):
        await bureau.door.own.suspend(basic, bureau.now)
    proven = (await bureau.sign_in(Level.LOW)).authentication
    bureau.later(seconds=1)
    await bureau.door.own.suspend(signed_in(proven), bureau.now)
    account = await bureau.account()
    assert (account.status, account.reach) == (Status.SUSPENDED, None)
    assert "opgeschort" in (await bureau.texts())[-1]["text"]
    assert (await bureau.letters())[-1]["purpose"] == "account-suspended-letter"
    assert len(await bureau.sent(KIND)) == 1
    with pytest.raises(AccountClosed):
        await bureau.door.means.check_usable(proven, bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.own.suspend(signed_in(proven), bureau.now)


async def test_a_suspended_account_is_told_so_only_to_who_knows_the_password(bureau: Bureau) -> None:
    await bureau.active(number=None)
    me = signed_in((await bureau.sign_in()).authentication)
    bureau.register.away = True
    await bureau.door.own.suspend(me, bureau.now)
    bureau.register.away = False
    for password, refusal in ((OTHER, CredentialsWrong), (GOOD, AccountClosed)):
        with pytest.raises(refusal):
            await bureau.password(await bureau.start(), password=password)


@pytest.mark.requires("eIDAS-2015/1502-2.2.3")
async def test_a_suspended_account_is_resumed_by_the_proof_of_enrolment_and_by_nothing_else(
    bureau: Bureau,
) -> None:
    await bureau.active(number=None)
    me = signed_in((await bureau.sign_in()).authentication)
    await bureau.door.own.suspend(me, bureau.now)
    await bureau.letters()
    mine, recovering = Claimant(name="sanne88", bsn=SANNE), bureau.door.recovering
    await recovering.ask(browser(), mine, "nl", bureau.now)
    with pytest.raises(CredentialsWrong):
        await recovering.open(browser(), mine, "2222-2222-2222", bureau.now)
    id_ = await recovering.open(browser(), mine, await bureau.letter_code(), bureau.now)
    await recovering.choose_password(id_, browser(), OTHER, bureau.now)
    await bureau.sign_in(password=OTHER)
    events = await bureau.names_of_events()
    assert events.index("account:suspended") < events.index("account:recovered")
