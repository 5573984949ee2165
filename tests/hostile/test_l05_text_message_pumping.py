"""L05: pumping. Whoever earns from text messages to numbers of their own gets few, and harms nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.post.house import House, house
from toegang.errors import Refusal, TooManyTries
from toegang.post.budget import Limits, SmsBudget
from toegang.post.sms import Sms, SmsPost
from toegang.post.telephone import Telephone
from toegang.post.texts import SmsPurpose
from toegang.storage.outbox import SmsCounts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from toegang.clock import FixedClock

TO = Telephone("+31612345601", "+31")
ABROAD = Telephone("+881612345601", "+881")
FAR = datetime(2100, 1, 1, tzinfo=UTC)
CODE = Sms(purpose=SmsPurpose.LOGIN_CODE, to=TO, language="nl", values={"code": "123456"})
TINY = Limits(hour=5, day=7, prefix_hour=2, prefix_day=3, prefixes={"+31": (4, 9)}, watched=2)


@pytest.fixture
async def home(tmp_path: Path, clock: FixedClock) -> AsyncIterator[House]:
    async with house(tmp_path, clock) as found:
        yield found


def post(home: House, limits: Limits = TINY) -> SmsPost:
    budget = SmsBudget(counters=SmsCounts(home.database), limits=limits)
    return SmsPost(outbox=home.outbox, budget=budget, ids=home.ids, host="toegang.example")


async def send(home: House, to: Telephone = TO, purpose: SmsPurpose = SmsPurpose.LOGIN_CODE) -> object:
    async with home.database.begin() as unit:
        return await post(home).send(unit, replace(CODE, to=to, purpose=purpose), FAR, home.clock.now())


async def count(home: House, to: Telephone, times: int) -> list[object]:
    return [await send(home, to) for _ in range(times)]


async def test_a_country_that_spent_its_hour_gets_no_more_codes_until_the_next(home: House) -> None:
    sent = await count(home, ABROAD, 3)
    assert [isinstance(each, Refusal) for each in sent] == [False, False, True]
    assert isinstance(sent[2], TooManyTries)
    assert sent[2].retry_after == 3600
    assert [each.waiting for each in await home.store.backlog(home.clock.now())] == [2]
    assert not isinstance(await send(home, TO), Refusal)


async def test_the_day_has_a_budget_of_its_own(home: House) -> None:
    await count(home, ABROAD, 2)
    await use(home, ABROAD, 2)
    home.clock.advance(timedelta(hours=1))
    sent = await count(home, ABROAD, 2)
    assert [isinstance(each, Refusal) for each in sent] == [False, True]


async def test_all_countries_together_have_a_budget(home: House) -> None:
    await count(home, TO, 4)
    sent = await count(home, ABROAD, 2)
    assert [isinstance(each, Refusal) for each in sent] == [False, True]


async def test_a_foreign_country_whose_codes_nobody_uses_gets_none_in_the_next_hour(home: House) -> None:
    await count(home, ABROAD, 2)
    home.clock.advance(timedelta(hours=1))
    assert isinstance(await send(home, ABROAD), TooManyTries)
    home.clock.advance(timedelta(hours=1))
    assert not isinstance(await send(home, ABROAD), Refusal)


async def use(home: House, to: Telephone, times: int) -> None:
    async with home.database.begin() as unit:
        for _ in range(times):
            await post(home).budget.used(unit, to, home.clock.now())


async def test_home_is_not_shut_out_by_whoever_wastes_codes_there(home: House) -> None:
    await count(home, TO, 2)
    home.clock.advance(timedelta(hours=1))
    assert not isinstance(await send(home, TO), Refusal)


async def test_a_refused_code_is_not_counted(home: House) -> None:
    await count(home, ABROAD, 5)
    async with home.database.begin() as unit:
        now = home.clock.now()
        (spent,) = await SmsCounts(home.database).spent(unit, now, now + timedelta(hours=1))
    assert (spent.prefix, spent.sent) == ("+881", 2)


async def test_a_notice_about_ones_own_account_goes_when_the_budget_is_spent(home: House) -> None:
    await count(home, ABROAD, 3)
    assert not isinstance(await send(home, ABROAD, SmsPurpose.NUMBER_CHANGED), Refusal)
