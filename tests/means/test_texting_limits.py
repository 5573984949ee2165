"""Text messages cost money and wake people: few per number, per network and per step (security line L05)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.means.bureau import NEW_NUMBER, OTHER, SANNE, SECRET, Bureau, browser, signed_in
from toegang.assurance import Level
from toegang.errors import Refusal, TooManyTries
from toegang.ids import SystemIds
from toegang.means.citizen.codes import Code
from toegang.means.citizen.posting import Texting
from toegang.means.citizen.recovering import Claimant
from toegang.post.telephone import Telephone
from toegang.post.texts import SmsPurpose

TO = Telephone("+31612345678", "+31")


async def text(bureau: Bureau, to: Telephone = TO, network: str = "", before: Code | None = None) -> object:
    texting = Texting(purpose=SmsPurpose.LOGIN_CODE, subject="a step", to=to, language="nl", network=network)
    async with bureau.database.begin() as unit:
        return await bureau.desk.posting.text_code(unit, texting, before, bureau.now)


async def test_a_number_gets_two_codes_a_minute(bureau: Bureau) -> None:
    sent = [await text(bureau) for _ in range(3)]
    assert [isinstance(each, TooManyTries) for each in sent] == [False, False, True]
    bureau.later(minutes=1)
    assert isinstance(await text(bureau), Code)
    assert len(await bureau.texts()) == 3


async def test_a_number_gets_twenty_codes_a_day(bureau: Bureau) -> None:
    sent: list[object] = []
    for _ in range(22):
        sent.append(await text(bureau))
        bureau.later(minutes=1)
    assert sum(isinstance(each, Code) for each in sent) == bureau.desk.policy.sms_daily.most
    bureau.later(days=1)
    assert isinstance(await text(bureau), Code)


async def test_a_network_gets_so_many_codes_whatever_the_numbers(bureau: Bureau) -> None:
    most = bureau.desk.policy.sms_network.most
    numbers = [Telephone(f"+316{number:08}", "+31") for number in range(most + 3)]
    sent = [await text(bureau, number, "192.0.2.0/24") for number in numbers]
    assert sum(isinstance(each, TooManyTries) for each in sent) == 3


async def test_a_step_gets_four_codes_and_none_when_its_tries_are_gone(bureau: Bureau) -> None:
    code: object = None
    for _ in range(4):
        code = await text(bureau, before=code if isinstance(code, Code) else None)
        bureau.later(minutes=1)
    assert isinstance(code, Code)
    assert isinstance(await text(bureau, before=code), TooManyTries)
    spent = Code(hash=SECRET, until=bureau.now + timedelta(minutes=5), tries=0)
    assert isinstance(await text(bureau, before=spent), TooManyTries)


async def test_a_code_that_is_refused_is_not_sent(bureau: Bureau) -> None:
    for _ in range(5):
        await text(bureau)
    assert len(await bureau.texts()) == 2


@pytest.mark.requires("NIST-SP800-63B-3.1.3")
async def test_a_code_is_six_digits_and_lives_ten_minutes(bureau: Bureau) -> None:
    code = await text(bureau)
    assert not isinstance(code, Refusal)
    assert isinstance(code, Code)
    assert code.until - bureau.now == timedelta(minutes=10)
    assert len(await bureau.texted_code()) == 6
    assert len(SystemIds().digits(6)) == 6


async def used(bureau: Bureau) -> tuple[int, int]:
    """Read how many codes were sent and how many of them were used."""
    hour = bureau.now.replace(minute=0, second=0, microsecond=0)
    async with bureau.database.begin() as unit:
        counters = bureau.desk.posting.sms.budget.counters
        (spent,) = await counters.spent(unit, hour, hour + timedelta(hours=1))
    return spent.sent, spent.used


async def test_a_number_confirmed_in_an_application_counts_as_a_code_used(bureau: Bureau) -> None:
    await bureau.apply()
    assert await used(bureau) == (1, 1)


async def test_a_login_a_change_of_number_and_a_recovery_count_their_codes_as_used(bureau: Bureau) -> None:
    await bureau.active()
    bureau.later(days=4)
    me, own = signed_in((await bureau.sign_in(Level.LOW)).authentication), bureau.door.own
    assert await used(bureau) == (1, 1)
    change = await own.give_number(me, browser(), NEW_NUMBER, bureau.now)
    with pytest.raises(Refusal):
        await own.confirm_number(me, browser(), change, "wrong", bureau.now)
    assert await used(bureau) == (2, 1)
    await own.confirm_number(me, browser(), change, await bureau.texted_code(), bureau.now)
    assert await used(bureau) == (2, 2)
    mine, recovering = Claimant(name="sanne88", bsn=SANNE), bureau.door.recovering
    await recovering.ask(browser(), mine, "nl", bureau.now)
    id_ = await recovering.open(browser(), mine, await bureau.letter_code(), bureau.now)
    await recovering.send_code(id_, browser(), bureau.now)
    code = await bureau.texted_code()
    with pytest.raises(Refusal):
        await recovering.prove_number(id_, browser(), "wrong", bureau.now)
    assert await used(bureau) == (3, 2)
    await recovering.prove_number(id_, browser(), code, bureau.now)
    assert await used(bureau) == (3, 3)
    await recovering.choose_password(id_, browser(), OTHER, bureau.now)
