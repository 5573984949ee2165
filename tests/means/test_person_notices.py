"""Notices that another room leaves for a person reach them by the ways of their account, or not at all."""

from __future__ import annotations

from dataclasses import replace

from tests.means.bureau import Bureau
from toegang.ids import SystemIds
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.person_notices import PersonNotices
from toegang.post.outbox import Message
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


async def test_an_account_that_does_not_work_is_told_nothing(bureau: Bureau) -> None:
    await bureau.active()
    account = await bureau.account()
    await bureau.texts()
    async with bureau.database.begin() as unit:
        await bureau.desk.accounts.change(
            unit, account.id, lambda kept: replace(kept, status=Status.SUSPENDED)
        )
    await PersonNotices(desk=bureau.desk, clock=bureau.clock).carry(left_for(account, bureau))
    assert await bureau.texts() == []


async def test_a_notice_for_nobody_goes_nowhere(bureau: Bureau) -> None:
    await bureau.active()
    account = await bureau.account()
    await bureau.texts()
    stranger = PersonNotice(person=SystemIds().uuid(), purpose=SmsPurpose.MANDATE_GIVEN)
    nobody = stranger.message(SystemIds(), bureau.now)
    assert stranger.person != account.person
    await PersonNotices(desk=bureau.desk, clock=bureau.clock).carry(nobody)
    assert await bureau.texts() == []
