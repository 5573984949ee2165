"""The person is told of a login in a browser that their account was not used in before, as they wish.

A browser is known by the cookie of its device. One that keeps no cookies would be told of at every login, so
of one place it is told once a month: a place is a network (/24, or /56 of IPv6) of one account, kept for that
month as a keyed hash and nowhere else. Of a known browser in another network nothing is told: telephones
change networks all day. The very first login of an account is no news.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.audit.events import AccountBrowserTold
from toegang.means.citizen.account import AccountId, Device, Status
from toegang.means.citizen.desk import personal
from toegang.means.citizen.telling import Notice
from toegang.means.citizen.visitor import TOKEN_LENGTH
from toegang.means.citizen.ways import EVENT_WORDS, ORDER, Ways
from toegang.post.outbox import Message
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.notifying import Teller
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit

KIND: Final = "account:new-browser"
LIFETIME: Final = timedelta(days=1)


async def noted(desk: Desk, unit: Unit, account: Account, visitor: Visitor, now: datetime) -> str:
    """Remember the browser of a login, and tell of it when the account was not used in it before.

    Returns what its device cookie is to hold: that is by what a browser is known.
    """
    token = visitor.device if len(visitor.device) == TOKEN_LENGTH else desk.ids.token()
    hashed = replace(visitor, device=token).device_hash
    device = Device(account=account.id, token=hashed, since=now, last_used_at=now)
    if await desk.devices.remember(unit, device, desk.policy.devices_most):
        await tell_later(desk, unit, account, visitor, now)
    return token


async def tell_later(desk: Desk, unit: Unit, account: Account, visitor: Visitor, now: datetime) -> None:
    """Leave the message, unless of this place it was told within the month; the login waits for nothing."""
    if account.last_used_at is None or not Ways.parse(account.notices).logins:
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

    teller: Teller

    async def carry(self, message: Message) -> None:
        """Tell the person, if any way reaches them.

        Raises:
            Unavailable: the population register does not answer; tried again later.

        """
        desk, now = self.teller.desk, self.teller.clock.now()
        account = await desk.accounts.find(AccountId(UUID(json.loads(message.payload)["account"])))
        if account is None or account.status is not Status.ACTIVE:
            return
        wanted = Ways.parse(account.notices).ways
        told = Notice(account=account.id, purpose=SmsPurpose.NEW_BROWSER, wanted=wanted)
        going = await self.teller.plan(account, told)
        if not going.ways:
            return
        async with desk.units.begin() as unit:
            await self.teller.bring(unit, going, now)
            by = tuple(EVENT_WORDS[way] for way in ORDER if way in going.ways)
            event = AccountBrowserTold(at=now, means=desk.means, person=personal(account), by=by)
            await desk.trail.record(unit, event)
