"""The person is told of a login in a browser that their account was not used in before, as they wish.

A browser is known by the cookie of its device. One that keeps no cookies would be told of at every login, so
of one place it is told once a month: a place is a network (/24, or /56 of IPv6) of one account, kept for that
month as a keyed hash and nowhere else. Of a known browser in another network nothing is told: telephones
change networks all day. The very first login of an account is no news.
"""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.audit.events import AccountBrowserTold
from toegang.means.citizen.account import AccountId, Status
from toegang.means.citizen.desk import personal
from toegang.means.citizen.posting import Writing
from toegang.post.outbox import Message
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit

KIND: Final = "account:new-browser"
LIFETIME: Final = timedelta(days=1)


class Wish(enum.StrEnum):
    """How a person wants to be told."""

    TEXT = "text"  # by text message, where there is a number
    LETTER = "letter"
    BOTH = "both"
    NONE = "none"


async def tell_later(desk: Desk, unit: Unit, account: Account, visitor: Visitor, now: datetime) -> None:
    """Leave the message, unless of this place it was told within the month; the login waits for nothing."""
    if account.notices == Wish.NONE or account.last_used_at is None:
        return
    place = desk.keys.names.find(b"place" + account.id.bytes + visitor.network.encode()).hex()
    if await desk.tallies.count(unit, f"place:{place}", desk.policy.places, now) is not None:
        return
    message = Message(
        id=desk.ids.uuid(),
        kind=KIND,
        to_party="account",
        payload=json.dumps({"account": str(account.id)}).encode(),
        until=now + LIFETIME,
        purpose="new-browser",
    )
    await desk.outbox.put(unit, message, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBrowsers:
    """Carries the messages (post.outbox.Carrier), as the person wishes at that moment."""

    desk: Desk
    clock: Clock

    async def carry(self, message: Message) -> None:
        """Tell the person; a letter only where the register knows a living resident with an address."""
        desk, now = self.desk, self.clock.now()
        account = await desk.accounts.find(AccountId(UUID(json.loads(message.payload)["account"])))
        if account is None or account.status is not Status.ACTIVE:
            return
        number = desk.number_of(account) if account.notices in {Wish.TEXT, Wish.BOTH} else None
        to = await desk.addressee(account) if account.notices in {Wish.LETTER, Wish.BOTH} else None
        ways = [way for way, there in (("text-message", number), ("letter", to)) if there]
        if not ways:
            return
        async with desk.units.begin() as unit:
            if number is not None:
                purpose = SmsPurpose.NEW_BROWSER
                await desk.posting.text_notice(unit, purpose, number, account.language, now)
            writing = Writing.of(account, LetterPurpose.NEW_BROWSER, to)
            await desk.posting.letter(unit, writing, now)
            event = AccountBrowserTold(at=now, means=desk.means, person=personal(account), by=tuple(ways))
            await desk.trail.record(unit, event)
