"""Bringing notices that need a question first, and those that could not be brought as the person chose.

A notice is never lost: who cannot be reached by a chosen way is told by the next one, and in the end by
letter. Only who has no way at all, no address either, hears nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang.errors import OneTimeGone
from toegang.identity.holds import HoldReason
from toegang.means.citizen.account import Status
from toegang.means.citizen.desk import can_get_notice
from toegang.means.citizen.telling import Going, Notice, Subscribed, reached, send
from toegang.means.citizen.ways import ORDER, Way

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.post.outbox import Message
    from toegang.registers.population import Registered
    from toegang.units import Unit


class Pushing(Protocol):
    """Whoever can push something to the apps of an account."""

    async def subscribed(self, account: Account) -> tuple[Subscribed, ...]:
        """Return the apps of the account that show notices."""
        ...

    async def push(self, unit: Unit, apps: tuple[Subscribed, ...], notice: str, now: datetime) -> None:
        """Push that there is news, to each of these apps; `notice` is given back if it is lost.

        They are those of the plan: one that was stopped meanwhile is told too, or its service gives it back.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Finds a way and goes it; `pushing` is None where no push service may be called."""

    desk: Desk
    clock: Clock
    pushing: Pushing | None = None

    async def plan(self, account: Account, notice: Notice) -> Going:
        """Choose the ways: those that are wanted, else the next that was not tried; outside any unit.

        Raises:
            Unavailable: only the population register knows, and it does not answer.

        """
        near = reached(self.desk, account)
        apps = await self.pushing.subscribed(account) if self.pushing is not None else ()
        if apps:
            near |= {Way.PUSH}
        free = [way for way in ORDER if way in near - notice.tried]
        chosen = [way for way in free if way in notice.wanted]
        by_letter = Way.LETTER in notice.wanted or not (free or notice.told)
        to = await self._addressee(account) if by_letter and Way.LETTER not in notice.tried else None
        if to is not None:
            chosen.append(Way.LETTER)
        if not chosen and not notice.told:
            chosen = free[:1]
        return Going(account=account, notice=notice, ways=frozenset(chosen), to=to, apps=apps)

    async def bring(self, unit: Unit, going: Going, now: datetime) -> None:
        """Tell it as planned; what the first way cannot bring is given back."""
        await send(self.desk, unit, going, now)
        account, told = going.account, going.notice.told or going.ways & {Way.TEXT, Way.MAIL}
        back = "" if told else going.back
        if Way.LETTER in going.ways:
            writing = self.desk.posting.notice_in_letter(account, going.notice.purpose, going.to, back)
            await self.desk.posting.letter(unit, writing, now)
            back = ""
        if Way.PUSH in going.ways and self.pushing is not None:
            await self.pushing.push(unit, going.apps, back, now)

    async def again(self, unit: Unit, message: Message, now: datetime) -> None:
        """Take back what was given up (post.delivery.Route.lost), so that another way is looked for."""
        kept = json.loads(message.payload).get("notice", "")
        if not kept:
            return
        try:
            notice = Notice.read(kept)
        except (ValueError, KeyError, TypeError):
            # Another version wrote it. Raising would leave the message where it is, and stop all behind it.
            return
        await self.desk.outbox.put(unit, notice.message(self.desk.ids, now), now)

    async def _addressee(self, account: Account) -> Registered | None:
        found = await self.desk.registered(account.person) if account.person else None
        return found if can_get_notice(found) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Carries the messages that `telling.notice` left (post.outbox.Carrier)."""

    teller: Teller

    async def carry(self, message: Message) -> None:
        """Tell the person; of what was before their account stood still by letter alone.

        While it stands still its number, its address and its apps may be somebody else's. Who died is told
        nothing.

        Raises:
            Unavailable: the population register does not answer; tried again later.
            OneTimeGone: no way at all is left.

        """
        notice, desk, now = Notice.read(message.payload), self.teller.desk, self.teller.clock.now()
        account = await desk.accounts.find(notice.account)
        if account is None:
            return
        if account.status is Status.HELD:
            if await self._died(account):
                return
            notice = notice.by_letter_alone()
        going = await self.teller.plan(account, notice)
        if not going.ways:
            if notice.told:
                return
            detail = "no way is left to tell the person"
            raise OneTimeGone(detail)
        async with desk.units.begin() as unit:
            await self.teller.bring(unit, going, now)

    async def _died(self, account: Account) -> bool:
        holds = await self.teller.desk.holds.of_person(account.person) if account.person else ()
        return any(hold.reason is HoldReason.DIED for hold in holds)
