"""Two visits to a desk of one person, and both codes used in the same moment: one account, and a refusal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from tests.hostile.test_desk_accounts import NEWCOMER, begun, blocked, code_for, person_of
from tests.means.bureau import SANNE, Bureau, registered
from toegang.errors import AccountClosed
from toegang.identity.people import PersonId
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.by_desk import open_account
from toegang.storage import Dialect
from toegang.storage.accounts import AccountTable


@dataclass(frozen=True, slots=True)
class Abreast(AccountTable):
    """Accounts of which whoever asks hears what there was when both had asked."""

    both: asyncio.Barrier

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Wait for the other after looking."""
        found = await AccountTable.of_person(self, person)
        await self.both.wait()
        return found


@pytest.mark.parametrize("engine", [Dialect.POSTGRES], indirect=True)  # SQLite has one writer at a time
async def test_two_codes_of_one_person_at_once_open_one_account(each_bureau: Bureau) -> None:
    bureau = each_bureau
    ids = [await begun(bureau, await code_for(bureau), f"newcomer{n}", str(n)) for n in range(2)]
    desk = replace(bureau.desk, accounts=Abreast(bureau.database, asyncio.Barrier(2)))
    ended = await asyncio.gather(
        *(open_account(desk, id_, NEWCOMER, bureau.now) for id_ in ids), return_exceptions=True
    )
    assert [type(each) for each in ended if each is not None] == [AccountClosed]
    assert len(await bureau.desk.accounts.of_person(await person_of(bureau))) == 1


@dataclass(frozen=True, slots=True)
class Blocked(AccountTable):
    """Accounts of which an operator blocks one right after it was read for the `times`-th time."""

    bureau: Bureau
    times: list[int]

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Block it after looking."""
        found = await AccountTable.of_person(self, person)
        self.times[0] -= 1
        if self.times[0] == 0:
            await blocked(self.bureau)
        return found


@pytest.mark.parametrize("engine", [Dialect.POSTGRES], indirect=True)
async def test_an_account_that_is_blocked_at_that_moment_makes_no_room(each_bureau: Bureau) -> None:
    """L16: whom no letter reaches recovers at a desk, but nobody whose account was blocked."""
    bureau = each_bureau
    await bureau.active()
    bureau.register.people[SANNE] = registered(SANNE, address=None)
    id_ = await begun(bureau, await code_for(bureau, SANNE))
    desk = replace(bureau.desk, accounts=Blocked(bureau.database, bureau, [2]))
    with pytest.raises(AccountClosed):
        await open_account(desk, id_, SANNE, bureau.now)
    [own] = await bureau.desk.accounts.of_person(await person_of(bureau, SANNE))
    assert own.status is Status.BLOCKED
