"""Telling people that an account elsewhere was linked to them, as they chose to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.citizen.account import Status
from toegang.means.citizen.telling import notice
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
        """Tell the person, if they have an account."""
        for account in await self.desk.accounts.of_person(person):
            if account.status is Status.ACTIVE:
                await notice(self.desk, unit, account, SmsPurpose.MEANS_LINKED, now)
