"""Text messages cost money and wake people: few per number, per network and per step (security line L05)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.means.bureau import SECRET, Bureau
from toegang.errors import Refusal, TooManyTries
from toegang.ids import SystemIds
from toegang.means.citizen.codes import Code
from toegang.means.citizen.posting import Texting
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
