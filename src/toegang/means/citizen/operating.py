"""What an operator does to an account of somebody else: stop it, let it be recovered, end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import AccountBlocked, AccountUnblocked
from toegang.errors import AccountClosed, settle
from toegang.means.citizen.account import Account, Act
from toegang.means.citizen.desk import personal
from toegang.means.citizen.standing import end, withdraw_proofs, withdrawn

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.citizen.account import AccountId
    from toegang.means.citizen.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Operating:
    """The operator's use cases; `why` is a short word for the trail (`fraud`, `died`)."""

    desk: Desk

    async def of_person(self, person: PersonId) -> tuple[Account, ...]:
        """Return the person's accounts that have not ended."""
        return await self.desk.accounts.of_person(person)

    async def block(self, account: AccountId, why: str, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: stop an account; what it proved counts no more from the commit on.

        Raises:
            AccountClosed: there is nothing to stop.

        """
        desk = self.desk
        before = await desk.accounts.find(account)
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, account, lambda kept: withdrawn(kept, Act.BLOCK, now))
            if before is not None and isinstance(after, Account):
                event = AccountBlocked(
                    at=now,
                    means=desk.means,
                    person=personal(after),
                    before=before.reach,
                    after=None,
                    by="operator",
                    why=why,
                )
                await desk.trail.record(unit, event)
                await withdraw_proofs(desk, unit, after, "blocked", now)
        settle(after or AccountClosed())

    async def unblock(self, account: AccountId, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: let the person recover the account, by a letter; it stays shut till then.

        Raises:
            AccountClosed: it was not blocked.

        """
        desk = self.desk
        async with desk.units.begin() as unit:
            after = await desk.accounts.change(unit, account, lambda kept: kept.after(Act.UNBLOCK))
            if isinstance(after, Account):
                event = AccountUnblocked(
                    at=now, means=desk.means, person=personal(after), before=None, after=None, by="operator"
                )
                await desk.trail.record(unit, event)
        settle(after or AccountClosed())

    async def end(self, account: AccountId, why: str, now: datetime) -> None:
        """End an account; never refused, a second time nothing happens."""
        found = await self.desk.accounts.find(account)
        if found is None:
            return
        async with self.desk.units.begin() as unit:
            await end(self.desk, unit, found, why, now)
