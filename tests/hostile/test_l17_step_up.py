"""L17: a step up rests on what was proven now, by this person, in this login: never on a weaker proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.means.bureau import DAAN, GOOD, NUMBER, OTHER, Bureau, ask, browser, particulars, signed_in
from toegang.assurance import Level
from toegang.errors import AccountClosed, StepOutOfOrder
from toegang.means.base import TransactionId
from toegang.means.citizen.own_account import NewPassword
from toegang.means.citizen.records import Proven, Stage


async def test_a_code_of_an_earlier_login_does_not_raise_the_level_of_this_one(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.sign_in(Level.LOW)
    proven = await bureau.sign_in()
    assert proven.authentication.level is Level.BASIC


async def test_a_step_up_without_a_known_subject_begins_with_the_password(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    await bureau.password(login)
    await bureau.start(Level.LOW, login=login)
    found = await bureau.door.signing_in.find(login, browser(), bureau.now)
    assert (found.stage, found.code) == (Stage.PASSWORD, None)
    assert await bureau.texts() == []


async def test_the_password_of_one_person_and_the_telephone_of_another_prove_nothing(bureau: Bureau) -> None:
    daan = await bureau.active(particulars(DAAN), name="daan99", password=OTHER)
    await bureau.texts()
    await bureau.active(number=NUMBER)
    login = await bureau.start()
    await bureau.password(login)
    await bureau.start(Level.LOW, login=login, known=daan.authentication.subject)
    found = await bureau.door.signing_in.find(login, browser(), bureau.now)
    assert (found.stage, found.account) == (Stage.PASSWORD, None)


async def test_an_account_stopped_between_password_and_code_is_refused(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    code = await bureau.texted_code()
    await bureau.door.operating.block((await bureau.account()).id, "fraud", bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.signing_in.sms_code(login, browser(), code, bureau.now)


async def test_an_account_stopped_before_a_step_up_is_refused(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    proven = await bureau.password(login)
    assert isinstance(proven, Proven)
    await bureau.door.operating.block((await bureau.account()).id, "fraud", bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.start(Level.LOW, login=login, known=proven.authentication.subject)


async def test_a_sign_in_that_ended_is_not_raised_by_sending_a_code(bureau: Bureau) -> None:
    await bureau.active()
    login = await bureau.start()
    await bureau.password(login)
    with pytest.raises(StepOutOfOrder):
        await bureau.door.signing_in.resend(login, browser(), bureau.now)


async def test_what_is_proven_is_never_what_was_asked(bureau: Bureau) -> None:
    await bureau.active()
    asked = ask(TransactionId("login"), browser(), Level.MINIMAL)
    await bureau.door.means.start(asked, bureau.now)
    proven = await bureau.password(TransactionId("login"))
    assert isinstance(proven, Proven)
    assert proven.authentication.level is Level.BASIC


async def test_a_password_proven_before_it_was_changed_leads_nowhere(bureau: Bureau) -> None:
    await bureau.active()
    me = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    bureau.later(minutes=2)
    login = await bureau.start(Level.LOW, visitor=browser("thief"))
    await bureau.password(login, visitor=browser("thief"))
    code = await bureau.texted_code()
    bureau.later(seconds=1)
    await bureau.door.own.change_password(me, browser(), NewPassword(old=GOOD, new=OTHER), bureau.now)
    with pytest.raises(AccountClosed):
        await bureau.door.signing_in.sms_code(login, browser("thief"), code, bureau.now)


@pytest.mark.parametrize("minutes", [1, 11])
async def test_a_recent_password_of_an_earlier_login_is_built_on_and_an_old_one_is_not(
    bureau: Bureau, minutes: int
) -> None:
    await bureau.active()
    before = (await bureau.sign_in()).authentication
    bureau.later(minutes=minutes)
    asked = replace(ask(TransactionId("next"), browser(), Level.LOW, before.subject), earlier=before)
    await bureau.door.means.start(asked, bureau.now)
    found = await bureau.door.signing_in.find(TransactionId("next"), browser(), bureau.now)
    assert found.stage is (Stage.CODE if minutes == 1 else Stage.PASSWORD)


async def test_an_earlier_password_that_was_changed_since_is_worth_nothing(bureau: Bureau) -> None:
    await bureau.active()
    proven = await bureau.sign_in(Level.LOW)
    before = proven.authentication
    bureau.later(minutes=1)
    await bureau.door.own.change_password(
        signed_in(before), browser(), NewPassword(old=GOOD, new=OTHER), bureau.now
    )
    asked = replace(ask(TransactionId("next"), browser(), Level.LOW, before.subject), earlier=before)
    with pytest.raises(AccountClosed):
        await bureau.door.means.start(asked, bureau.now)
