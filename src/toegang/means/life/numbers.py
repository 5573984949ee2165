"""A BSN that is corrected: the person keeps everything and is found by the new number.

Names at services, accounts and links hang on the person and not on the number, so nothing of them changes.
Where the new number turns out to be that of another person of ours who is in use, nobody knows yet whose
account is whose: both stand still, and an operator decides.
"""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.audit.events import NumbersSettled, Personal
from toegang.errors import AccountClosed, Malformed, Unavailable
from toegang.identity.holds import Hold, HoldReason
from toegang.means.citizen.holding import By, Lifting, lift, place
from toegang.means.citizen.standing import end
from toegang.means.life.store import Former

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.identity.people import Person, PersonId
    from toegang.means.citizen.account import Account
    from toegang.means.life.desk import Happening, LifeDesk
    from toegang.units import Unit


class Keep(enum.StrEnum):
    """What an operator decides about two persons with one number: whose account stays."""

    CORRECTED = "corrected"  # of the person whose number was corrected; the other's ends
    OTHER = "other"  # of the person who had the number already; the corrected one's ends
    BOTH = "both"  # the correction was a mistake: both stay as they were, each with their number


async def correct(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    """GDPR-5.1.d: give the person the new number, or hold them where somebody in use has it."""
    person, bsn, number = happening.person, happening.notice.new_bsn, happening.notice.number
    if bsn is None:
        raise Malformed
    other = await desk.account.enrolment.find(bsn)
    if other is None:
        await _move(desk, unit, person, (bsn, number), now)
    elif not await _in_use(desk, other.id):
        await desk.account.enrolment.retire(unit, other)
        await _move(desk, unit, person, (bsn, number), now)
    elif await _in_use(desk, person.id):
        for whose, who, words in ((person.id, other.id, str(number)), (other.id, person.id, "")):
            hold = Hold(person=whose, reason=HoldReason.TWO_ACCOUNTS, since=now, words=words, other=who)
            await place(desk.account, unit, hold, By.REGISTER, now)


async def settle(desk: LifeDesk, person: PersonId, keep: Keep, now: datetime) -> None:
    """Decide about two persons with one number; `person` is either of them.

    Raises:
        AccountClosed: this person is not one of two.

    """
    hold = _met(await desk.account.holds.of_person(person))
    if not hold.words and hold.other is not None:
        hold = _met(await desk.account.holds.of_person(hold.other))
    corrected, other = await _person(desk, hold.person), await _person(desk, hold.other)
    going = {Keep.CORRECTED: other, Keep.OTHER: corrected}.get(keep)
    if going is not None:
        for link in await desk.linking.of_person(going.id):
            await desk.linking.end(going.id, link.id, By.OPERATOR.value, now)
    async with desk.account.units.begin() as unit:
        if going is not None:
            for account in await desk.account.accounts.of_person(going.id):
                await end(desk.account, unit, account, "replaced", now)
            await desk.account.enrolment.retire(unit, going)
        if keep is Keep.CORRECTED:
            bsn = desk.account.enrolment.bsn_of(other)
            await _move(desk, unit, corrected, (bsn, int(hold.words)), now)
        for each in (corrected, other):
            lifting = Lifting(person=each.id, reason=HoldReason.TWO_ACCOUNTS, by=By.OPERATOR)
            await lift(desk.account, unit, lifting, now)
        event = NumbersSettled(at=now, kept=keep.value, person=Personal.of(person))
        await desk.account.trail.record(unit, event)


async def _move(
    desk: LifeDesk, unit: Unit, person: Person, corrected: tuple[Bsn, int], now: datetime
) -> None:
    """Give a person the number of a correction with this place in the list.

    What was told under the new number before the correction was about nobody of ours, and a death was passed
    over: the next login asks the register anew whether its person lives.
    """
    bsn, number = corrected
    if not await desk.account.enrolment.renumber(unit, person, bsn):
        message = "somebody was enrolled with the new number at this very moment"
        raise Unavailable(message)
    await desk.store.keep_former(unit, person.found_by, Former(person=person.id, number=number))
    due = now - desk.account.policy.register_check_age

    def asked_anew(kept: Account) -> Account:
        return kept if kept.checked_at is None else replace(kept, checked_at=min(kept.checked_at, due))

    for account in await desk.account.accounts.of_person(person.id):
        await desk.account.accounts.change(unit, account.id, asked_anew)


async def _in_use(desk: LifeDesk, person: PersonId) -> bool:
    """Tell whether somebody can log in as this person, or could before they were held."""
    return bool(
        await desk.account.accounts.of_person(person)
        or await desk.linking.of_person(person)
        or await desk.account.holds.of_person(person)
    )


def _met(holds: tuple[Hold, ...]) -> Hold:
    found = next((hold for hold in holds if hold.reason is HoldReason.TWO_ACCOUNTS), None)
    if found is None:
        message = "this person is not one of two with one number"
        raise AccountClosed(message)
    return found


async def _person(desk: LifeDesk, id_: PersonId | None) -> Person:
    found = await desk.account.enrolment.people.find(id_) if id_ else None
    if found is None:
        message = "a person of a hold is gone"
        raise AccountClosed(message)
    return found
