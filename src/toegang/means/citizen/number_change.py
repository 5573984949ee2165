"""A new telephone number: confirmed by a code, told to the old one, and nothing proven before counts.

The first number of an account waits for a letter besides (first_number.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.audit.events import AccountNumberChanged
from toegang.errors import AccountClosed, CredentialsWrong, OneTimeGone, Refusal
from toegang.means.citizen import first_number
from toegang.means.citizen.account import Account
from toegang.means.citizen.desk import can_get_notice, personal
from toegang.means.citizen.records import NumberChange
from toegang.means.citizen.standing import withdraw_proofs
from toegang.means.citizen.telling import Told, tell
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.desk import Desk
    from toegang.registers.population import Registered
    from toegang.units import Unit


@dataclass(frozen=True, slots=True)
class Guess:
    """One guess at the code of a change; `registered` is who the letter goes to."""

    change: str
    hashed: bytes
    registered: Registered | None


async def try_code(
    desk: Desk, unit: Unit, account: Account, guess: Guess, now: datetime
) -> Account | Refusal:
    """Count one guess, of this code and of all codes of the account, and change the number when it fits.

    Returns the account: with the new number, or without one and with a letter on its way.

    Counting for the account is what keeps a change that is begun again and again from giving more tries
    (security line L04).
    """
    tally = f"number-code:{account.id}"
    refusal = await desk.tallies.count(unit, tally, desk.policy.sms_failures, now)
    if refusal is not None:
        return refusal
    guessed = await desk.memory.number_changes.change(
        unit, guess.change, now, lambda kept: _guessed(kept, guess.hashed, now)
    )
    if guessed is None or isinstance(guessed, Refusal):
        return guessed or OneTimeGone()
    if not guessed.code.fitted:
        return CredentialsWrong()
    await desk.tallies.clear(unit, tally, now)
    await desk.memory.number_changes.take(unit, guess.change, now)
    await desk.posting.sms.budget.used(unit, desk.keys.open_number(guessed.number), now)
    if account.number is None:
        return await first_number.ask_letter(
            desk, unit, first_number.Given(account, guessed, guess.registered), now
        )
    changed = await _change(desk, unit, account, guessed, now)
    if isinstance(changed, Account):
        to = guess.registered if can_get_notice(guess.registered) else None
        told = Told(account, to, SmsPurpose.NUMBER_CHANGED, LetterPurpose.NUMBER_CHANGED)
        await tell(desk, unit, told, now)
    return changed


def changed_since(before: Account, kept: Account) -> Refusal | None:
    """Return a refusal when the account was closed or proven anew since it was read."""
    if kept.status is not before.status or kept.proofs_from != before.proofs_from:
        return AccountClosed("changed meanwhile")
    return None


async def _change(
    desk: Desk, unit: Unit, before: Account, change: NumberChange, now: datetime
) -> Account | Refusal:
    def changed(kept: Account) -> Account | Refusal:
        new = replace(kept, number=change.number, number_since=now, proofs_from=now)
        return changed_since(before, kept) or new

    after = await desk.accounts.change(unit, before.id, changed)
    if after is None or isinstance(after, Refusal):
        return after or AccountClosed()
    event = AccountNumberChanged(
        at=now, means=desk.means, person=personal(after), before=before.reach, after=after.reach
    )
    await desk.trail.record(unit, event)
    await withdraw_proofs(desk, unit, after, "number-changed", now)
    return after


def _guessed(kept: NumberChange, hashed: bytes, now: datetime) -> NumberChange | Refusal:
    code = kept.code.tried(hashed, now)
    return code if isinstance(code, Refusal) else replace(kept, code=code)
