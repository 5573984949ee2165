"""Notices that another room leaves for a person reach them by the ways of their account, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.means.bureau import Bureau
from toegang.ids import SystemIds
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.person_notices import PersonNotices
from toegang.means.citizen.telling import KIND, Notice
from toegang.means.citizen.ways import Way
from toegang.post.outbox import Claim, Message
from toegang.post.person_notices import PersonNotice
from toegang.post.texts import SmsPurpose


def left_for(account: Account, bureau: Bureau) -> Message:
    assert account.person is not None
    told = PersonNotice(person=account.person, purpose=SmsPurpose.MANDATE_GIVEN)
    message = told.message(SystemIds(), bureau.now)
    assert PersonNotice.read(message.payload) == told
    return message


async def test_who_has_an_account_is_told_by_its_ways_and_of_nobody_else(bureau: Bureau) -> None:
    await bureau.active()
    account = await bureau.account()
    await bureau.texts()
    carrier = PersonNotices(desk=bureau.desk, clock=bureau.clock)
    await carrier.carry(left_for(account, bureau))
    [told] = await bureau.texts()
    assert "regelen" in told["text"]
    assert "arrange" not in told["text"]


async def standing(bureau: Bureau, status: Status) -> Account:
    """Have an account stand so, with nothing that waits to be sent."""
    await bureau.active()
    account = await bureau.account()
    async with bureau.database.begin() as unit:
        await bureau.desk.accounts.change(unit, account.id, lambda kept: replace(kept, status=status))
    await bureau.texts()
    return account


async def notices(bureau: Bureau) -> list[Notice]:
    """Return what was left for who finds a way (notifying.py)."""
    claim = Claim(name="test", kind=KIND, limit=50, until=bureau.now)
    async with bureau.database.begin() as unit:
        found = await bureau.desk.outbox.store.claim(unit, claim, bureau.now)
    return [Notice.read(bureau.desk.outbox.unseal(each).payload) for each in found]


async def test_who_stopped_their_account_themselves_is_told_all_the_same(bureau: Bureau) -> None:
    account = await standing(bureau, Status.SUSPENDED)
    await PersonNotices(desk=bureau.desk, clock=bureau.clock).carry(left_for(account, bureau))
    assert len(await bureau.texts()) == 1


@pytest.mark.parametrize("status", [Status.LOCKED, Status.BLOCKED, Status.HELD])
async def test_of_an_account_that_may_be_somebody_elses_the_person_is_told_by_letter_alone(
    bureau: Bureau, status: Status
) -> None:
    account = await standing(bureau, status)
    await PersonNotices(desk=bureau.desk, clock=bureau.clock).carry(left_for(account, bureau))
    assert await bureau.texts() == []
    [left] = await notices(bureau)
    assert (left.account, left.wanted) == (account.id, frozenset({Way.LETTER}))
    assert left.tried == set(Way) - {Way.LETTER}


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.ENDED])
async def test_who_has_no_account_yet_or_any_more_is_told_nothing(bureau: Bureau, status: Status) -> None:
    account = await standing(bureau, status)
    await PersonNotices(desk=bureau.desk, clock=bureau.clock).carry(left_for(account, bureau))
    assert await bureau.texts() == []
    assert await notices(bureau) == []


async def test_a_notice_for_nobody_goes_nowhere(bureau: Bureau) -> None:
    await bureau.active()
    account = await bureau.account()
    await bureau.texts()
    stranger = PersonNotice(person=SystemIds().uuid(), purpose=SmsPurpose.MANDATE_GIVEN)
    nobody = stranger.message(SystemIds(), bureau.now)
    assert stranger.person != account.person
    await PersonNotices(desk=bureau.desk, clock=bureau.clock).carry(nobody)
    assert await bureau.texts() == []
