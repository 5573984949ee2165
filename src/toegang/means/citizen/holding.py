"""Holding: every account of a person stands still, and is again what it was when the last hold is lifted."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import HoldLifted, HoldPlaced, Personal
from toegang.errors import AccountClosed
from toegang.identity.holds import OF_PERSON, Hold, HoldReason
from toegang.identity.life import RULES, LifeEvent
from toegang.means.citizen.account import Account, Act, Status
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.citizen.standing import withdraw_proofs, withdrawn

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.errors import Refusal
    from toegang.identity.people import PersonId
    from toegang.means.citizen.desk import Desk
    from toegang.units import Unit


class By(enum.StrEnum):
    """Who placed or lifted a hold."""

    OPERATOR = "operator"
    REGISTER = "register"  # an event of the population register, or its answer at a login
    TIME = "time"  # a suspension was over


class SuspensionReason(enum.StrEnum):
    """Why an operator or an authority suspends an account; its person reads it."""

    MISUSE = "misuse-suspected"
    INVESTIGATION = "investigation"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """Whose hold of which reason is lifted, and by whom."""

    person: PersonId
    reason: HoldReason
    by: By


async def place(desk: Desk, unit: Unit, hold: Hold, by: By, now: datetime) -> bool:
    """Hold a person; from the commit on what they proved counts no more. False when they are held already.

    Apps and the like stay what they are: they prove nothing while the account stands still.
    """
    if not await desk.holds.put(unit, hold):
        return False
    held: list[Account] = []
    for account in await desk.accounts.of_person(hold.person):
        after = await desk.accounts.change(unit, account.id, lambda kept: withdrawn(kept, Act.HOLD, now))
        if isinstance(after, Account):
            held.append(account)
            await withdraw_proofs(desk, unit, after, "held", now)
    for level in [account.reach for account in held] or [None]:
        event = HoldPlaced(
            at=now,
            means=desk.means,
            person=Personal.of(hold.person),
            before=level,
            after=None,
            by=by.value,
            why=hold.reason.value,
        )
        await desk.trail.record(unit, event)
    if hold.reason in OF_PERSON:
        notice = ProofsWithdrawn(means="", account="", person=hold.person, why="held", at=now)
        await desk.outbox.put(unit, notice.message(desk.ids), now)
    return True


async def lift(desk: Desk, unit: Unit, lifting: Lifting, now: datetime) -> bool:
    """Take a hold away; False when there is none of this reason. By time, only one whose end has come.

    What was proven before stays withdrawn: whoever was there logs in anew.
    """
    person = lifting.person
    over_at = now if lifting.by is By.TIME else None
    left = await desk.holds.lift(unit, person, lifting.reason, over_at)
    if left is None:
        return False
    released: list[Account] = []
    for account in () if left else await desk.accounts.of_person(person):
        after = await desk.accounts.change(unit, account.id, lambda kept: kept.after(Act.RELEASE))
        if isinstance(after, Account):
            released.append(after)
    for level in [account.reach for account in released] or [None]:
        event = HoldLifted(
            at=now,
            means=desk.means,
            person=Personal.of(person),
            before=None,
            after=level,
            by=lifting.by.value,
            why=lifting.reason.value,
        )
        await desk.trail.record(unit, event)
    return True


async def died(desk: Desk, unit: Unit, account: Account, now: datetime) -> Refusal:
    """Hold who has died, as the register said at a login, and return the refusal."""
    if account.person is None:
        return AccountClosed("died")
    hold = of_death(account.person, now)
    await place(desk, unit, hold, By.REGISTER, now)
    return hold.refusal


def of_death(person: PersonId, now: datetime) -> Hold:
    """Return the hold that follows when the register says that somebody has died."""
    after = RULES[LifeEvent.DEATH].ends_after
    return Hold(person=person, reason=HoldReason.DIED, since=now, until=now + after if after else None)


async def held_now(desk: Desk, person: PersonId | None, now: datetime) -> tuple[Hold, ...]:
    """Return what holds a person at this moment: a suspension that is over does not."""
    holds = await desk.holds.of_person(person) if person else ()
    return tuple(hold for hold in holds if not hold.is_over(now))


async def refusal_of(desk: Desk, account: Account) -> Refusal:
    """Say why an account that is not active cannot be used; only to who proved that it is theirs."""
    if account.status is Status.HELD and account.person is not None:
        for hold in await desk.holds.of_person(account.person):
            return hold.refusal
    return AccountClosed(account.status)
