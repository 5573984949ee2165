"""The standing of an account: the one gate that every use passes, and what stops an account."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountEnded, AccountMailSet
from toegang.errors import AccountClosed, Refusal, Unavailable
from toegang.means.citizen.account import Account, Act, Status, age
from toegang.means.citizen.desk import personal
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.citizen.telling import notice
from toegang.means.citizen.ways import Way, Ways
from toegang.post.mail import Mail
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.desk import Desk
    from toegang.units import Unit

STOPS_COMPANIONS: Final = frozenset({"misuse", "blocked", "ended"})


def check_open(account: Account | None) -> Account:
    """Return the account when it may be used now: the gate of this room.

    Raises:
        AccountClosed: none, or not active.

    """
    if account is None or account.status is not Status.ACTIVE:
        raise AccountClosed(account.status if account else "none")
    return account


async def seen_alive(desk: Desk, account: Account, now: datetime) -> Account | None:
    """eIDAS-2015/1502-2.3.1: ask the register, once a day, whether the account's person is alive.

    Returns the account with the day of the answer, None when the person has died. An application is not
    looked at: it cannot be used yet, and may fit nobody. A register that does not answer stops nobody
    for a week.

    Raises:
        Unavailable: it was not asked for a week and does not answer.

    """
    since = age(account.checked_at, now)
    if account.status is not Status.ACTIVE or account.person is None:
        return account
    if since < desk.policy.register_check_age:
        return account
    try:
        found = await desk.registered(account.person)
    except Unavailable:
        if since < desk.policy.register_check_grace:
            return account
        raise
    if found is not None and found.deceased_on is not None:
        return None
    return replace(account, checked_at=now)


async def end(desk: Desk, unit: Unit, account: Account, why: str, now: datetime) -> None:
    """End the account and erase what it holds; a second time nothing happens."""
    changed = await desk.accounts.change(unit, account.id, lambda kept: ended(kept, now))
    await desk.devices.forget(unit, account.id)
    if not isinstance(changed, Account):
        return
    event = AccountEnded(
        at=now, means=desk.means, person=personal(account), before=account.reach, after=None, why=why
    )
    await desk.trail.record(unit, event)
    await withdraw_proofs(desk, unit, account, "ended", now)


async def withdraw_proofs(desk: Desk, unit: Unit, account: Account, why: str, now: datetime) -> None:
    """Tell the rooms above that what the account proved before counts no more.

    Where somebody else may have used the account, or it is stopped for good, what belongs to it stops too: a
    recovery would otherwise give its password back and leave a thief's app, link or mail address (L16).
    """
    if why in STOPS_COMPANIONS:
        await desk.companions.stop_all(unit, account, why, now)
        await forget_left(desk, unit, account, why, now)
    withdrawal = ProofsWithdrawn(
        means=desk.means, account=str(account.id), person=account.person, why=why, at=now
    )
    await desk.outbox.put(unit, withdrawal.message(desk.ids), now)


async def forget_left(desk: Desk, unit: Unit, account: Account, why: str, now: datetime) -> None:
    """L16: forget what whoever had the password may have left behind: a mail address, and links."""
    await forget_mail(desk, unit, account, now)
    await end_links(desk, unit, account, why, now)


async def end_links(desk: Desk, unit: Unit, account: Account, why: str, now: datetime) -> None:
    """End what the person linked with the account, and tell them; the end of the account tells itself."""
    if await desk.links.end_all(unit, account, why, now) and why != "ended":
        await notice(desk, unit, account, SmsPurpose.MEANS_UNLINKED, now)


async def forget_mail(desk: Desk, unit: Unit, account: Account, now: datetime) -> None:
    """Forget the address for mail of an account that somebody else may have used; it is told so, once."""

    def change(kept: Account) -> Account | Refusal:
        ways = Ways.parse(kept.notices).without(Way.MAIL)
        forgotten = replace(kept, mail=None, notices=ways.written())
        return AccountClosed("no mail address") if kept.mail is None else forgotten

    after = await desk.accounts.change(unit, account.id, change)
    if isinstance(after, Account):
        event = AccountMailSet(
            at=now, means=desk.means, person=personal(after), known_before=True, known=False
        )
        await desk.trail.record(unit, event)
        await _tell_old_mail(desk, unit, account, now)


async def _tell_old_mail(desk: Desk, unit: Unit, account: Account, now: datetime) -> None:
    """Tell the address that it is no longer used: who takes an account over must not silence it so (L06)."""
    to = desk.mail_of(account)
    if to is not None and account.status is not Status.HELD:
        mail = Mail(purpose=SmsPurpose.MAIL_REMOVED, to=to, language=account.language)
        await desk.posting.mail_notice(unit, mail, now)


def withdrawn(account: Account, act: Act, now: datetime) -> Account | Refusal:
    """Return the account after an act that makes earlier proofs count no more."""
    after = account.after(act)
    return after if isinstance(after, Refusal) else replace(after, proofs_from=now)


def ended(account: Account, now: datetime) -> Account | Refusal:
    """Return the account after its end; AccountClosed when it had ended already."""
    return AccountClosed("ended") if account.status is Status.ENDED else account.ended(now)
