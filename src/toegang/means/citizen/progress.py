"""What comes after a proof in a sign-in: another page, or the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.errors import AccountClosed, LoginUnknown, Refusal, StepOutOfOrder
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor, TransactionId
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.new_browser import noted
from toegang.means.citizen.posting import Texting
from toegang.means.citizen.records import Proven, SignIn, Stage
from toegang.means.citizen.visitor import Visitor
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.means.citizen.desk import Desk
    from toegang.units import Unit


@dataclass(frozen=True, slots=True)
class Progress:
    """A sign-in as it stands, the login that it is for, and who is at the door."""

    login: TransactionId
    sign_in: SignIn
    visitor: Visitor


async def go_on(
    desk: Desk, unit: Unit, progress: Progress, account: Account, now: datetime
) -> Proven | SignIn | Refusal:
    """Decide what comes next now that the password was proven."""
    if account.status is Status.REQUESTED:
        return await _turn(desk, unit, progress, lambda kept: replace(kept, stage=Stage.ACTIVATION), now)
    if account.status is not Status.ACTIVE:
        return AccountClosed(account.status)
    sign_in = progress.sign_in
    if sign_in.required <= Level.BASIC and not (sign_in.highest and account.number):
        return await finish(desk, unit, progress, account, now)
    return await text_code(desk, unit, progress, account, now)


async def text_code(
    desk: Desk, unit: Unit, progress: Progress, account: Account, now: datetime
) -> SignIn | Refusal:
    """Send a code for this login to the account's number; only after the password (security line L05).

    Who has no number is told what to do about it.
    """
    number = desk.number_of(account)
    if number is None:
        return await _turn(desk, unit, progress, lambda kept: replace(kept, stage=Stage.NUMBER), now)
    texting = Texting(
        purpose=SmsPurpose.LOGIN_CODE,
        subject=code_subject(progress.login, account),
        to=number,
        language=progress.sign_in.language,
        network=progress.visitor.network,
    )
    code = await desk.posting.text_code(unit, texting, progress.sign_in.code, now)
    if isinstance(code, Refusal):
        return code
    sent, ending = code, number.ending

    def waiting(kept: SignIn) -> SignIn:
        return replace(kept, stage=Stage.CODE, code=sent.after(kept.code), number_ending=ending)

    return await _turn(desk, unit, progress, waiting, now)


async def finish(
    desk: Desk, unit: Unit, progress: Progress, account: Account, now: datetime
) -> Proven | Refusal:
    """End the sign-in, once: the level is what was proven here and now, never what was asked.

    A code counts as a factor only when it was given in this very login (security line L17).
    """
    code = progress.sign_in.code
    both = code is not None and code.fitted
    done = await _turn(desk, unit, progress, lambda kept: replace(kept, stage=Stage.DONE), now)
    if isinstance(done, Refusal):
        return done
    used = await desk.accounts.change(unit, account.id, lambda kept: _used(desk, progress, kept, now))
    if used is None or isinstance(used, Refusal):
        return used or AccountClosed()
    token = await noted(desk, unit, account, progress.visitor, now)
    subject = Subject(issuer=progress.sign_in.means, identifier=str(account.id), person=account.person)
    proven = Authentication(
        subject=subject,
        means=progress.sign_in.means,
        level=Level.LOW if both else Level.BASIC,
        at=now,
        factors=(Factor.PASSWORD, Factor.SMS_CODE) if both else (Factor.PASSWORD,),
    )
    return Proven(authentication=proven, device=token)


def code_subject(login: TransactionId, account: Account) -> str:
    """Return what a login code is bound to: this login, this account, the number that it has now."""
    return f"{login} {account.id} {(account.number or b'').hex()}"


async def _turn(
    desk: Desk, unit: Unit, progress: Progress, change: Callable[[SignIn], SignIn], now: datetime
) -> SignIn | Refusal:
    """Write the next page down, unless the sign-in ended meanwhile."""

    def turned(kept: SignIn) -> SignIn | Refusal:
        return StepOutOfOrder() if kept.stage is Stage.DONE else change(kept)

    return await desk.memory.sign_ins.change(unit, progress.login, now, turned) or LoginUnknown()


def _used(desk: Desk, progress: Progress, account: Account, now: datetime) -> Account | Refusal:
    if account.status is not Status.ACTIVE:
        return AccountClosed(account.status)
    password_at = progress.sign_in.password_at
    if password_at is None or (account.proofs_from is not None and password_at < account.proofs_from):
        return AccountClosed("the password was proven before it was withdrawn")
    # From the cap on, only recovery lets strange devices in again.
    failures = account.failures if account.failures >= desk.policy.failures_most else 0
    return replace(account, last_used_at=now, failures=failures)
