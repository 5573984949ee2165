"""Activation: the code from the letter proves that the account reached the person at their address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountActivated, SignInFailure
from toegang.errors import (
    AccountClosed,
    CredentialsWrong,
    LoginUnknown,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    settle,
)
from toegang.means.citizen import attempts
from toegang.means.citizen.account import RECOVERABLE, Account, Act, Status
from toegang.means.citizen.attempts import Attempt
from toegang.means.citizen.desk import personal
from toegang.means.citizen.holding import died, held_now
from toegang.means.citizen.progress import Progress, go_on
from toegang.means.citizen.records import LetterCode, Stage
from toegang.means.citizen.standing import end, seen_alive
from toegang.means.citizen.telling import notice
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.records import Proven, SignIn
    from toegang.units import Unit

PURPOSE: Final = "activation"


async def activate(desk: Desk, progress: Progress, typed: str, now: datetime) -> Proven | SignIn:
    """Look at one guess at the activation code; when it fits, ask the register and go on signing in."""
    account = await _account(desk, progress.sign_in)
    owned = await desk.accounts.of_person(account.person) if account.person else ()
    held = await held_now(desk, account.person, now)
    async with desk.units.begin() as unit:
        activated = await _activated(desk, unit, account, typed, now)
        if held:
            activated = held[0].refusal
        if isinstance(activated, Account):
            activated = await _in_place_of(desk, unit, activated, owned, now)
        if isinstance(activated, Refusal):
            await _record(desk, unit, progress, account, now)
    active = settle(activated)
    alive = await seen_alive(desk, active, now)
    async with desk.units.begin() as unit:
        if alive is None:
            result: Proven | SignIn | Refusal = await died(desk, unit, active, now)
        else:
            result = await go_on(desk, unit, progress, active, now)
    if isinstance(result, Refusal):
        raise result
    return result


async def try_letter_code(
    desk: Desk, unit: Unit, key: str, hashed: bytes, now: datetime
) -> LetterCode | Refusal:
    """Take the code of a letter when it fits; a wrong guess counts, and the last one spends it."""

    def tried(kept: LetterCode) -> LetterCode | Refusal:
        code = kept.code.tried(hashed, now)
        return code if isinstance(code, Refusal) else replace(kept, code=code)

    guessed = await desk.memory.letter_codes.change(unit, key, now, tried)
    if guessed is None or isinstance(guessed, Refusal):
        return guessed or OneTimeGone()
    if not guessed.code.fitted:
        return CredentialsWrong()
    taken = await desk.memory.letter_codes.take(unit, key, now)
    return taken or OneTimeGone()


def key_of(account: Account) -> str:
    """Return what the activation code of an account is kept under."""
    return f"{PURPOSE} {account.id}"


async def _account(desk: Desk, sign_in: SignIn) -> Account:
    if sign_in.stage is not Stage.ACTIVATION or sign_in.account is None:
        raise StepOutOfOrder
    account = await desk.accounts.find(sign_in.account)
    if account is None:
        raise LoginUnknown
    return account


async def _activated(
    desk: Desk, unit: Unit, account: Account, typed: str, now: datetime
) -> Account | Refusal:
    hashed = desk.keys.code_hash.of(PURPOSE, str(account.id), typed)
    fitted = await try_letter_code(desk, unit, key_of(account), hashed, now)
    return fitted if isinstance(fitted, Refusal) else account


async def _in_place_of(
    desk: Desk, unit: Unit, account: Account, owned: tuple[Account, ...], now: datetime
) -> Account | Refusal:
    """Let an account work in the place of what its person has, as that is once this unit holds it.

    L16: one that was blocked, also since it was read, is never gone around. And none ends for an account
    that was itself replaced or held meanwhile. They are held oldest first, always: of two letters whose codes
    are given in one moment one waits for the other.
    """
    held = [await desk.accounts.change(unit, each.id, lambda kept: kept) for each in owned]
    kept = {each.id: each for each in held if isinstance(each, Account)}
    own = kept.pop(account.id, None)
    if any(Status.BLOCKED in {other.status, other.held_from} for other in kept.values()):
        return AccountClosed("another account of this person is blocked")
    working = AccountClosed() if own is None else _working(own, now)
    if isinstance(working, Refusal):
        return working
    await replace_others(desk, unit, account, tuple(kept.values()), now)
    return await become_active(desk, unit, account, now)


async def replace_others(
    desk: Desk, unit: Unit, account: Account, others: tuple[Account, ...], now: datetime
) -> None:
    """End the person's earlier accounts and applications: one person, one account.

    L06: of an account that worked it is told in the ways of before, and not by the new number alone.
    """
    for other in others:
        if other.id != account.id:
            if other.status in RECOVERABLE:
                await notice(desk, unit, other, SmsPurpose.ACCOUNT_ENDED, now)
            await end(desk, unit, other, "replaced", now)


async def become_active(
    desk: Desk, unit: Unit, account: Account, now: datetime, case: str = ""
) -> Account | Refusal:
    """Let an account work: by the code of a letter, or by that of the visit `case` to a desk."""
    active = await desk.accounts.change(unit, account.id, lambda kept: _working(kept, now))
    if active is None or isinstance(active, Refusal):
        return active or AccountClosed()
    event = AccountActivated(
        at=now, means=desk.means, person=personal(active), before=None, after=active.reach, case=case
    )
    await desk.trail.record(unit, event)
    return active


def _working(kept: Account, now: datetime) -> Account | Refusal:
    after = kept.after(Act.ACTIVATE)
    if isinstance(after, Refusal) or kept.person is None or kept.lapsed(now):
        return AccountClosed("cannot be activated")
    return replace(after, activated_at=now, until=None, failures=0)


async def _record(desk: Desk, unit: Unit, progress: Progress, account: Account, now: datetime) -> None:
    made = Attempt(
        visitor=progress.visitor,
        reference=progress.sign_in.reference,
        name=account.name or b"",
        password="",
        device=None,
        account=account,
    )
    await attempts.record(desk, unit, made, SignInFailure.CODE, now)
