"""L06: a stolen number or a stolen session is not enough to take an account over."""

from __future__ import annotations

import pytest

from tests.means.bureau import NEW_NUMBER, SANNE, Bureau, browser, signed_in
from toegang.assurance import Level
from toegang.errors import CredentialsWrong, LevelNotProven, StepOutOfOrder, ValueRefused
from toegang.means.citizen.recovering import Claimant

NEW = "negen paarse wolken boven het wad"
MINE = Claimant(name="sanne88", bsn=SANNE)


async def test_who_has_only_the_number_cannot_recover_the_account(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.door.recovering.ask(browser("thief"), MINE, "nl", bureau.now)
    with pytest.raises(CredentialsWrong):
        await bureau.door.recovering.open(browser("thief"), MINE, "2222-2222-2222", bureau.now)
    assert await bureau.texts() == []


async def test_who_has_only_the_letter_does_not_get_the_level_of_the_number(bureau: Bureau) -> None:
    await bureau.active()
    await bureau.door.recovering.ask(browser(), MINE, "nl", bureau.now)
    code = await bureau.letter_code()
    id_ = await bureau.door.recovering.open(browser("thief"), MINE, code, bureau.now, keep_number=False)
    await bureau.door.recovering.choose_password(id_, browser("thief"), NEW, bureau.now)
    assert (await bureau.account()).reach is Level.BASIC
    assert "wachtwoord" in (await bureau.texts())[-1]["text"]


async def test_a_session_at_basis_does_not_change_the_number(bureau: Bureau) -> None:
    await bureau.active()
    bureau.later(days=4)
    me = signed_in((await bureau.sign_in()).authentication)
    with pytest.raises(LevelNotProven):
        await bureau.door.own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    assert await bureau.texts() == []


async def test_a_number_changed_just_now_is_not_changed_again(bureau: Bureau) -> None:
    await bureau.active()
    bureau.later(days=4)
    me = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    own = bureau.door.own
    change = await own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    await own.confirm_number(me, browser(), change, await bureau.texted_code(), bureau.now)
    bureau.later(minutes=5)
    again = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    with pytest.raises(ValueRefused):
        await own.give_number(again, browser(), "06 11223344", bureau.now)


async def test_a_code_asked_before_the_change_does_not_count_after_it(bureau: Bureau) -> None:
    await bureau.active()
    bureau.later(days=4)
    me = signed_in((await bureau.sign_in(Level.LOW)).authentication)
    change = await bureau.door.own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    to_new = await bureau.texted_code()
    login = await bureau.start(Level.LOW)
    bureau.later(minutes=2)
    await bureau.password(login)
    to_old = await bureau.texted_code()
    await bureau.door.own.confirm_number(me, browser(), change, to_new, bureau.now)
    with pytest.raises((CredentialsWrong, StepOutOfOrder)):
        await bureau.door.signing_in.sms_code(login, browser(), to_old, bureau.now)
