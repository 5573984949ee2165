"""Telling people that an account elsewhere was linked to them, as they chose to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.telling import notice
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.citizen.desk import Desk
    from toegang.means.external.linking import Vouched
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedNotices:
    """Tells the person by their account (means.external.linking.Tells)."""

    desk: Desk

    async def vouches(self, unit: Unit, vouched: Vouched) -> bool:
        """Hold the person's accounts; False when one proves nothing more by a login of then, or has ended.

        Whatever ends links holds the account first, too: it finds this one, or this finds what it did.
        """
        owned = await self.desk.accounts.of_person(vouched.person)
        if vouched.by.issuer == self.desk.means and vouched.by.identifier not in {
            str(each.id) for each in owned
        }:
            return False
        for account in owned:
            kept = await self.desk.accounts.change(unit, account.id, lambda same: same)
            if isinstance(kept, Account) and kept.proofs_from is not None and vouched.at < kept.proofs_from:
                return False
        return True

    async def linked(self, unit: Unit, person: PersonId, now: datetime) -> None:
        """Tell the person, if they have an account."""
        await self._tell(unit, person, SmsPurpose.MEANS_LINKED, now)

    async def unlinked(self, unit: Unit, person: PersonId, now: datetime) -> None:
        """Tell them that a link ended."""
        await self._tell(unit, person, SmsPurpose.MEANS_UNLINKED, now)

    async def _tell(self, unit: Unit, person: PersonId, purpose: SmsPurpose, now: datetime) -> None:
        for account in await self.desk.accounts.of_person(person):
            if account.status is Status.ACTIVE:
                await notice(self.desk, unit, account, purpose, now)
