"""Opening an account whose suspension is over, at the moment that somebody uses it: no loop is waited for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from toegang.errors import AccountClosed
from toegang.means.citizen.account import Status
from toegang.means.citizen.holding import By
from toegang.means.citizen.operating import Operating
from toegang.means.citizen.standing import check_open

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account, AccountId
    from toegang.means.citizen.desk import Desk


async def open_account(desk: Desk, account: AccountId, now: datetime) -> Account:
    """Return the account when it may be used now: the gate of standing.py, with time derived.

    Raises:
        AccountClosed: none, or not active.

    """
    found = await desk.accounts.find(account)
    return check_open(found and await reopened(desk, found, now))


async def reopened(desk: Desk, account: Account, now: datetime) -> Account:
    """eIDAS-2015/1502-2.2.3: lift a suspension whose end has come, with its event and its letter.

    Two that do so at once do it once; what stands still for another reason goes on standing still.
    """
    if account.status is not Status.HELD or account.person is None:
        return account
    if any(hold.is_over(now) for hold in await desk.holds.of_person(account.person)):
        with suppress(AccountClosed):  # the loop was just before
            await Operating(desk=desk).resume(account.person, By.TIME, now)
        return await desk.accounts.find(account.id) or account
    return account
