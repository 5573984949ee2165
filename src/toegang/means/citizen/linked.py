"""Telling people that an account elsewhere was linked to them: by text message, to who has a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.citizen.account import Status
from toegang.means.citizen.number_change import notice
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.citizen.desk import Desk
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedNotices:
    """Tells the person by their account (means.external.linking.Tells)."""

    desk: Desk

    async def linked(self, unit: Unit, person: PersonId, now: datetime) -> None:
        """Send a text message to the number of the person's account, if there is one."""
        for account in await self.desk.accounts.of_person(person):
            if account.status is Status.ACTIVE:
                await notice(self.desk, unit, account, SmsPurpose.MEANS_LINKED, now)
