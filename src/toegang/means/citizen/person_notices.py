"""Telling a person what another room left for them, by the ways that their account has for notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.identity.people import PersonId
from toegang.means.citizen.account import Status
from toegang.means.citizen.telling import notice
from toegang.post.person_notices import PersonNotice

if TYPE_CHECKING:
    from toegang.clock import Clock
    from toegang.means.citizen.desk import Desk
    from toegang.post.outbox import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotices:
    """Carries notices to whichever accounts of a person are open; who has none is told nothing."""

    desk: Desk
    clock: Clock

    async def carry(self, message: Message) -> None:
        """Tell each open account of the person (post.outbox.Carrier)."""
        told, now = PersonNotice.read(message.payload), self.clock.now()
        accounts = await self.desk.accounts.of_person(PersonId(told.person))
        async with self.desk.units.begin() as unit:
            for account in accounts:
                if account.status is Status.ACTIVE:
                    await notice(self.desk, unit, account, told.purpose, now)
