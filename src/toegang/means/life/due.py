"""What comes when its time has come: a suspension is over, the account of who died long ago ends."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from toegang.errors import AccountClosed
from toegang.identity.holds import HoldReason
from toegang.means.citizen.holding import By
from toegang.means.citizen.standing import end

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.holds import Hold
    from toegang.means.life.desk import LifeDesk

MOST = 50  # in one look; the rest comes in the next
BY_REGISTER = "register"


async def come(desk: LifeDesk, now: datetime) -> int:
    """Do what is due; return how many holds that was. Two at once do nothing twice."""
    due = await desk.account.holds.due(now, MOST)
    for hold in due:
        if hold.reason is HoldReason.SUSPENDED:
            with suppress(AccountClosed):  # lifted meanwhile
                await desk.operating.resume(hold.person, By.TIME, now)
        else:
            await _end(desk, hold, now)
    return len(due)


async def _end(desk: LifeDesk, hold: Hold, now: datetime) -> None:
    """GDPR-5.1.e: end what somebody had who died long ago; the hold stays, so that nothing begins anew."""
    for link in await desk.linking.of_person(hold.person):
        await desk.linking.end(hold.person, link.id, BY_REGISTER, now)
    async with desk.account.units.begin() as unit:
        if await desk.account.holds.settle(unit, hold):
            for account in await desk.account.accounts.of_person(hold.person):
                await end(desk.account, unit, account, "died", now)
