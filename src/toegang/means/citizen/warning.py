"""The owner is warned when somebody keeps trying to get into their account.

The try itself only leaves a message: asking the register for an address there would take time by which a
stranger could tell that the account exists (security line L03).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.audit.events import AccountOwnerWarned
from toegang.means.citizen.account import AccountId, Status
from toegang.means.citizen.desk import can_get_notice, personal
from toegang.means.citizen.posting import Writing
from toegang.post.outbox import Message
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.registers.population import Registered
    from toegang.units import Unit

KIND: Final = "account:owner-warning"
LIFETIME: Final = timedelta(days=7)


async def warn_later(desk: Desk, unit: Unit, account: Account, now: datetime) -> None:
    """Leave the message that the owner is to be warned; within a period they are warned once."""
    message = Message(
        id=desk.ids.uuid(),
        kind=KIND,
        to_party="account",
        payload=json.dumps({"account": str(account.id)}).encode(),
        until=now + LIFETIME,
        purpose="owner-warning",
    )
    await desk.outbox.put(unit, message, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerWarnings:
    """Carries the messages (post.outbox.Carrier): by text message, or by letter to who has no number."""

    desk: Desk
    clock: Clock

    async def carry(self, message: Message) -> None:
        """NIST-SP800-63B-3.2.2: tell the owner, at most once in the period of the policy.

        Raises:
            Unavailable: the population register does not answer; tried again later.

        """
        desk, now = self.desk, self.clock.now()
        account = await desk.accounts.find(AccountId(UUID(json.loads(message.payload)["account"])))
        if account is None or account.status is not Status.ACTIVE or account.person is None:
            return
        to = None if account.number else await desk.registered(account.person)
        if account.number is None and not can_get_notice(to):
            return
        async with desk.units.begin() as unit:
            if await desk.tallies.count(unit, f"warned:{account.id}", desk.policy.warnings, now) is None:
                await self._warn(unit, account, to, now)

    async def _warn(self, unit: Unit, account: Account, to: Registered | None, now: datetime) -> None:
        desk, number = self.desk, self.desk.number_of(account)
        if number is not None:
            await desk.posting.text_notice(unit, SmsPurpose.FAILURES, number, account.language, now)
        else:
            writing = Writing.of(account, LetterPurpose.FAILURES, to)
            await desk.posting.letter(unit, writing, now)
        event = AccountOwnerWarned(
            at=now,
            means=desk.means,
            person=personal(account),
            by="letter" if number is None else "text-message",
            tries=account.failures,
        )
        await desk.trail.record(unit, event)
