"""Telling a person what another room left for them, by the ways that their account has for notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.identity.people import PersonId
from toegang.means.citizen.account import Status
from toegang.means.citizen.telling import Notice, notice
from toegang.means.citizen.ways import Way
from toegang.post.person_notices import PersonNotice

if TYPE_CHECKING:
    from toegang.clock import Clock
    from toegang.means.citizen.desk import Desk
    from toegang.post.outbox import Message


_REACHED: Final = frozenset({Status.ACTIVE, Status.SUSPENDED})
"""Their number and address are the person's own, also while they stopped the account themselves."""
_STANDING_STILL: Final = frozenset({Status.LOCKED, Status.BLOCKED, Status.HELD})
"""Their number, address and apps may be somebody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotices:
    """Carries notices to the accounts of a person; who has none is told nothing.

    What is done in somebody's name goes on while their account stands still, so they are told of it: by its
    own ways where these are surely theirs, else by one letter to the address in the register, a secret one
    too. Who died is told nothing (notifying.py).
    """

    desk: Desk
    clock: Clock

    async def carry(self, message: Message) -> None:
        """Tell the person (post.outbox.Carrier)."""
        told, now, desk = PersonNotice.read(message.payload), self.clock.now(), self.desk
        accounts = await desk.accounts.of_person(PersonId(told.person))
        reached = [each for each in accounts if each.status in _REACHED]
        still = [each for each in accounts if each.status in _STANDING_STILL and not reached]
        async with desk.units.begin() as unit:
            for account in reached:
                await notice(desk, unit, account, told.purpose, now)
            for account in still[:1]:
                left = Notice(account=account.id, purpose=told.purpose, wanted=frozenset({Way.LETTER}))
                await desk.outbox.put(unit, left.by_letter_alone().message(desk.ids, now), now)
