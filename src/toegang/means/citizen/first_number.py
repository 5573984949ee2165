"""A first number: confirmed by a code by text message, and then by the code of a letter.

With a number an account proves one level more. Whoever has only the password must not raise it: so the
letter, which enrolment proved the person by, comes between (NIST-SP800-63B-4.1.2; security lines L06, L16).

    number given > code by text message > (the letter) > its code, in My account or in a login > it counts
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountNumberConfirmed, AccountNumberLetterSent
from toegang.errors import AccountClosed, OneTimeGone, Refusal, ValueRefused
from toegang.means.citizen.account import Account, Status
from toegang.means.citizen.activation import try_letter_code
from toegang.means.citizen.desk import can_get_letter, personal
from toegang.means.citizen.posting import Writing, code_values
from toegang.means.citizen.records import LetterCode
from toegang.post.texts import LetterPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.records import NumberChange
    from toegang.registers.population import Registered
    from toegang.units import Unit

PURPOSE: Final = "first number"


@dataclass(frozen=True, slots=True)
class Given:
    """A first number whose code by text message was right; `to` is who the register knows."""

    account: Account
    change: NumberChange
    to: Registered | None


async def ask_letter(desk: Desk, unit: Unit, given: Given, now: datetime) -> Account | Refusal:
    """Send the letter whose code lets the number count; a number asked before counts no more."""
    account, change, to = given.account, given.change, given.to
    if to is None or not can_get_letter(to):
        return ValueRefused("", "no-address")
    limit = f"letters:{desk.enrolment.found_by(to.bsn).hex()}"
    refusal = await desk.tallies.count(unit, limit, desk.policy.letters, now)
    if refusal is not None:
        return refusal
    code, hashed = desk.posting.letter_code(PURPOSE, str(account.id), now)
    waiting = LetterCode(
        account=account.id,
        code=hashed,
        number=change.number,
        number_ending=change.number_ending,
        asked_at=now,
    )
    key = key_of(account)
    await desk.memory.letter_codes.take(unit, key, now)
    await desk.memory.letter_codes.add(unit, key, waiting, hashed.until, now)
    values = code_values(code, hashed.until, account.language) | {"digits": change.number_ending}
    writing = Writing.of(account, LetterPurpose.FIRST_NUMBER, to, values)
    await desk.posting.letter(unit, writing, now)
    await desk.trail.record(unit, AccountNumberLetterSent(at=now, means=desk.means, person=personal(account)))
    return account


async def add(desk: Desk, unit: Unit, account: Account, typed: str, now: datetime) -> Account | Refusal:
    """Look at one guess at the letter's code; when it fits, the number counts from now on.

    A code asked before the account was recovered or its password changed fits no more: whoever asked it
    may have been somebody else.
    """
    hashed = desk.keys.code_hash.of(PURPOSE, str(account.id), typed)
    fitted = await try_letter_code(desk, unit, key_of(account), hashed, now)
    if isinstance(fitted, Refusal):
        return fitted

    def change(kept: Account) -> Account | Refusal:
        if kept.status is not Status.ACTIVE:
            return AccountClosed(kept.status)
        if kept.number is not None or _is_withdrawn(fitted, kept):
            return OneTimeGone()
        return replace(kept, number=fitted.number, number_since=now)

    after = await desk.accounts.change(unit, account.id, change)
    if after is None or isinstance(after, Refusal):
        return after or AccountClosed()
    event = AccountNumberConfirmed(
        at=now, means=desk.means, person=personal(after), before=account.reach, after=after.reach
    )
    await desk.trail.record(unit, event)
    return after


async def waiting(desk: Desk, account: Account, now: datetime) -> LetterCode | None:
    """Return the number that waits for the code of its letter, if one does."""
    if account.number is not None:
        return None
    kept = await desk.memory.letter_codes.find(key_of(account), now)
    return None if kept is None or kept.code.tries <= 0 or _is_withdrawn(kept, account) else kept


def key_of(account: Account) -> str:
    """Return what the code of the letter is kept under."""
    return f"{PURPOSE} {account.id}"


def _is_withdrawn(kept: LetterCode, account: Account) -> bool:
    asked, since = kept.asked_at, account.proofs_from
    return kept.number is None or asked is None or (since is not None and asked < since)
