"""L16: no step of recovery can be skipped, done twice, or done with the proof of another."""

from __future__ import annotations

import asyncio

import pytest

from tests.means.bureau import DAAN, GOOD, OTHER, SANNE, Bureau, browser, particulars
from toegang.assurance import Level
from toegang.errors import CredentialsWrong, LoginUnknown, OneTimeGone, Refusal, StepOutOfOrder
from toegang.means.base import TransactionId
from toegang.means.citizen.recovering import Claimant

MINE = Claimant(name="sanne88", bsn=SANNE)
HIS = Claimant(name="daan99", bsn=DAAN)
NEW = "negen paarse wolken boven het wad"


async def letter(bureau: Bureau, claimant: Claimant = MINE) -> str:
    await bureau.door.recovering.ask(browser(), claimant, "nl", bureau.now)
    return await bureau.letter_code()


async def test_the_password_is_not_chosen_before_the_number_was_proven(bureau: Bureau) -> None:
    await bureau.active()
    id_ = await bureau.door.recovering.open(browser(), MINE, await letter(bureau), bureau.now)
    with pytest.raises(StepOutOfOrder):
        await bureau.door.recovering.choose_password(id_, browser(), NEW, bureau.now)
    with pytest.raises(StepOutOfOrder):
        await bureau.door.recovering.prove_number(id_, browser(), "", bureau.now)
    await bureau.sign_in()


async def test_a_login_code_does_not_prove_the_number_in_recovery(bureau: Bureau) -> None:
    await bureau.active()
    recovering = bureau.door.recovering
    id_ = await recovering.open(browser(), MINE, await letter(bureau), bureau.now)
    await recovering.send_code(id_, browser(), bureau.now)
    login = await bureau.start(Level.LOW)
    await bureau.password(login)
    with pytest.raises(CredentialsWrong):
        await recovering.prove_number(id_, browser(), await bureau.texted_code(), bureau.now)


async def test_an_activation_code_does_not_recover_and_a_recovery_code_does_not_activate(
    bureau: Bureau,
) -> None:
    await bureau.active()
    recovery = await letter(bureau)
    await bureau.apply(name="sanne99", password=OTHER, number=None)
    activation = await bureau.letter_code()
    with pytest.raises(CredentialsWrong):
        await bureau.door.recovering.open(browser(), MINE, activation, bureau.now)
    login = await bureau.start()
    await bureau.password(login, "sanne99", OTHER)
    with pytest.raises(CredentialsWrong):
        await bureau.door.signing_in.activate(login, browser(), recovery, bureau.now)


async def test_the_proof_of_one_account_does_not_recover_another(bureau: Bureau) -> None:
    await bureau.active(number=None)
    await bureau.active(particulars(DAAN), name="daan99", password=OTHER, number=None)
    his = await letter(bureau, HIS)
    await letter(bureau)
    with pytest.raises(CredentialsWrong):
        await bureau.door.recovering.open(browser(), MINE, his, bureau.now)
    id_ = await bureau.door.recovering.open(browser(), HIS, his, bureau.now)
    await bureau.door.recovering.choose_password(id_, browser(), NEW, bureau.now)
    await bureau.sign_in(password=GOOD)


async def test_the_id_of_one_flow_is_nothing_in_another(bureau: Bureau) -> None:
    await bureau.active(number=None)
    id_ = await bureau.door.recovering.open(browser(), MINE, await letter(bureau), bureau.now)
    with pytest.raises(LoginUnknown):
        await bureau.door.applying.find(id_, browser(), bureau.now)
    with pytest.raises(LoginUnknown):
        await bureau.door.signing_in.find(TransactionId(id_), browser(), bureau.now)


async def test_a_letter_given_at_once_from_many_tabs_opens_one_recovery(each_bureau: Bureau) -> None:
    await each_bureau.active(number=None)
    code = await letter(each_bureau)

    async def opened() -> bool:
        try:
            await each_bureau.door.recovering.open(browser(), MINE, code, each_bureau.now)
        except OneTimeGone:
            return False
        return True

    assert (await asyncio.gather(*(opened() for _ in range(32)))).count(True) == 1


async def test_a_recovery_finished_at_once_from_many_tabs_sets_one_password(each_bureau: Bureau) -> None:
    await each_bureau.active(number=None)
    id_ = await each_bureau.door.recovering.open(browser(), MINE, await letter(each_bureau), each_bureau.now)

    async def chosen(number: int) -> int | None:
        password = f"{NEW} nummer {number}"
        try:
            await each_bureau.door.recovering.choose_password(id_, browser(), password, each_bureau.now)
        except Refusal:
            return None
        return number

    winners = [n for n in await asyncio.gather(*(chosen(n) for n in range(16))) if n is not None]
    assert len(winners) == 1
    await each_bureau.sign_in(password=f"{NEW} nummer {winners[0]}")


async def test_a_letter_asked_for_twice_leaves_one_code_that_works(bureau: Bureau) -> None:
    await bureau.active(number=None)
    first, second = await letter(bureau), await letter(bureau)
    with pytest.raises(CredentialsWrong):
        await bureau.door.recovering.open(browser(), MINE, first, bureau.now)
    await bureau.door.recovering.open(browser(), MINE, second, bureau.now)
