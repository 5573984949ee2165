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
from toegang.means.citizen.desk import personal
from toegang.means.citizen.telling import Notice
from toegang.means.citizen.ways import EVENT_WORDS, ORDER, Ways
from toegang.post.outbox import Message
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.notifying import Teller
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
    """Carries the messages (post.outbox.Carrier): to the owner as they chose, or by another way."""

    teller: Teller

    async def carry(self, message: Message) -> None:
        """NIST-SP800-63B-3.2.2: tell the owner, at most once in the period of the policy.

        Raises:
            Unavailable: the population register does not answer; tried again later.

        """
        desk, now = self.teller.desk, self.teller.clock.now()
        account = await desk.accounts.find(AccountId(UUID(json.loads(message.payload)["account"])))
        if account is None or account.status is not Status.ACTIVE or account.person is None:
            return
        wanted = Ways.parse(account.notices).ways
        told = Notice(account=account.id, purpose=SmsPurpose.FAILURES, wanted=wanted)
        going = await self.teller.plan(account, told)
        if not going.ways:
            return
        async with desk.units.begin() as unit:
            if await desk.tallies.count(unit, f"warned:{account.id}", desk.policy.warnings, now) is None:
                await self.teller.bring(unit, going, now)
                event = AccountOwnerWarned(
                    at=now,
                    means=desk.means,
                    person=personal(account),
                    by=" ".join(EVENT_WORDS[way] for way in ORDER if way in going.ways),
                    tries=account.failures,
                )
                await desk.trail.record(unit, event)
