"""An account opened at a desk: two officers saw the person, who chooses name and password alone.

    the code of the desk, with the date of birth > name and password > number > the account works

The desk gives the code (app/at_desk.py); nobody there learns a name or a password. The code is used once,
when the account opens, so that who is interrupted begins again with it. The date of birth stands on no paper
that a desk gives: who finds the code opens nothing, and a few wrong dates spend it.

Who has an account is sent away, for a desk is no way around the letter of a recovery. Where no such letter
can come, because the register has no address of theirs here, the desk is how they recover: it proves what it
proves when it opens any account, never less (eIDAS-2015/1502-2.2.3); the new one takes the place of the old.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.audit.events import AccountApplied
from toegang.errors import (
    AccountClosed,
    LoginUnknown,
    OneTimeGone,
    Refusal,
    TooManyTries,
    ValueRefused,
    settle,
)
from toegang.means.citizen.account import RECOVERABLE, Account, AccountId, Status
from toegang.means.citizen.activation import become_active, replace_others
from toegang.means.citizen.desk import can_get_letter, can_get_notice, network_event
from toegang.means.citizen.evenly import evenly
from toegang.means.citizen.filing import requested, seal_bsn, taken
from toegang.means.citizen.holding import held_now
from toegang.means.citizen.more_time import last_moment
from toegang.means.citizen.records import Application, DeskCode
from toegang.means.citizen.telling import Told, tell
from toegang.post.texts import LetterPurpose, SmsPurpose
from toegang.units import AlreadyKept

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.identity.people import PersonId
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.visitor import Visitor
    from toegang.registers.population import BirthDate, Registered
    from toegang.units import Unit

PURPOSE: Final = "account at a desk"  # what the code is made for


@dataclass(frozen=True, slots=True, kw_only=True)
class ByDesk:
    """The first page of the journey; the others are those of who applies by letter (applying.py)."""

    desk: Desk

    @evenly
    async def begin(self, visitor: Visitor, typed: str, born: BirthDate, language: str, now: datetime) -> str:
        """Begin an application with the code of a desk, and return its id.

        Raises:
            OneTimeGone: no such code, used or too old; or the date of birth is another. Never said which.
            TooManyTries: too many wrong ones from this network.
            Unavailable: the population register does not answer.

        """
        desk, tally = self.desk, f"desk-account:{visitor.network}"
        wait = await desk.tallies.wait(tally, desk.policy.desk_codes, now)
        if wait:
            raise TooManyTries(wait, "desk-account")
        key = _key(desk, typed)
        kept = await desk.memory.desk_codes.find(key, now)
        who = await desk.registered(kept.person) if kept else None
        fits = who is not None and who.deceased_on is None and who.birth_date == born
        token = desk.ids.token()
        async with desk.units.begin() as unit:
            if fits and kept is not None and who is not None:
                application = _application(desk, visitor, (key, kept, who), language, now)
                await desk.memory.applications.add(unit, token, application, application.until, now)
                event = AccountApplied(at=now, means=desk.means, network=network_event(visitor.network))
                await desk.trail.record(unit, event)
            else:
                await desk.tallies.count(unit, tally, desk.policy.desk_codes, now)
                await _missed(desk, unit, key, now)
        return settle(token if fits else OneTimeGone())


async def newcomer(desk: Desk, bsn: Bsn, now: datetime) -> Registered:
    """Return whom the register knows, alive, for whom an account may be opened at a desk.

    Raises:
        ValueRefused: field `bsn`: the register knows nobody alive, or they are held, or have an account that
            a letter recovers.
        Unavailable: the register does not answer.

    """
    found = await desk.population.find(bsn)
    if found is None or found.deceased_on is not None:
        raise ValueRefused(*_wrong("desk-person-unknown"))
    person = await desk.enrolment.find(bsn)
    if person is not None and await _making_room(desk, person.id, found, now) is None:
        raise ValueRefused(*_wrong("desk-has-account"))
    return found


async def has_account(desk: Desk, person: PersonId) -> bool:
    """Tell whether a person has an account that works, or would after a recovery: a new one replaces it."""
    return any(account.status in RECOVERABLE for account in await desk.accounts.of_person(person))


async def keep_code(
    desk: Desk, unit: Unit, case: str, person: PersonId, now: datetime
) -> tuple[str, datetime]:
    """Make the code with which a person opens their account; its hash alone is kept."""
    code, until = desk.ids.reference(), now + desk.policy.desk_code_lifetime
    kept = DeskCode(person=person, case=case, until=until, tries=desk.policy.letter_code_tries)
    await desk.memory.desk_codes.keep(unit, _key(desk, code), kept, until)
    return code, until


async def open_account(desk: Desk, application: str, bsn: Bsn, now: datetime) -> None:
    """eIDAS-2015/1502-2.1.2: open the account of an application that began with the code of a desk.

    Raises:
        OneTimeGone: the code was used, or is too old.
        AccountClosed: the person has an account meanwhile, or one since the code was given, or is held, or
            has died.
        ValueRefused: field `name`: somebody else took it meanwhile; choose another.
        Unavailable: the population register does not answer.

    """
    try:
        who = await newcomer(desk, bsn, now)
    except ValueRefused as refusal:
        raise AccountClosed(refusal.reason) from refusal
    try:
        async with desk.units.begin() as unit:
            result = await _opened(desk, unit, application, who, now)
    except AlreadyKept as taken_before:
        # By the code of another visit at this very moment: the store keeps one account of each person.
        detail = "the person has an account meanwhile"
        raise AccountClosed(detail) from taken_before
    settle(result)


async def _opened(
    desk: Desk, unit: Unit, application: str, who: Registered, now: datetime
) -> Account | Refusal:
    """Take the application and its code, and let the account work; what was done at once is done once."""
    kept = await desk.memory.applications.take(unit, application, now)
    if kept is None:
        return LoginUnknown()
    code = await desk.memory.desk_codes.hold(unit, kept.desk_code, now)
    if code is None:
        return OneTimeGone()
    others = await _making_room(desk, code.person, who, now)
    if others is None or not await _give_way(desk, unit, others, code):
        return AccountClosed("has an account, or is held")
    account = requested(kept, AccountId(desk.ids.uuid()), code.person, code.until, now)
    if not await desk.accounts.add(unit, account, now):
        again = replace(kept, name=None, password=None)
        await desk.memory.applications.add(unit, application, again, kept.until, now)
        return taken()
    await desk.memory.desk_codes.drop(unit, kept.desk_code)
    await replace_others(desk, unit, account, others, now)
    active = await become_active(desk, unit, account, now, case=code.case)
    if isinstance(active, Account):
        to = who if can_get_notice(who) else None
        told = Told(active, to, SmsPurpose.ACCOUNT_ACTIVATED, LetterPurpose.ACCOUNT_OPENED)
        await tell(desk, unit, told, now)
    return active


async def _making_room(
    desk: Desk, person: PersonId, who: Registered, now: datetime
) -> tuple[Account, ...] | None:
    """Return what a new account takes the place of; None for who is held, or has one that stays.

    L16: an account stays as long as a letter can recover it, and always when it was blocked.
    """
    accounts = await desk.accounts.of_person(person)
    held = await held_now(desk, person, now)
    going = frozenset({Status.REQUESTED}) if can_get_letter(who) else RECOVERABLE | {Status.REQUESTED}
    stays = any(account.status not in going for account in accounts)
    return None if held or stays else accounts


async def _give_way(desk: Desk, unit: Unit, others: tuple[Account, ...], code: DeskCode) -> bool:
    """Hold what a new account takes the place of; False when one stays.

    L16: one that was blocked since it was read, and one that is newer than the code. A paper that was lost
    before another visit gave the account would else take it over.
    """
    made = code.until - desk.policy.desk_code_lifetime
    for other in others:

        def held(kept: Account, before: Status = other.status) -> Account | Refusal:
            newer = kept.activated_at is not None and kept.activated_at > made
            return AccountClosed(kept.status) if newer or kept.status is not before else kept

        if isinstance(await desk.accounts.change(unit, other.id, held), Refusal):
            return False
    return True


async def _missed(desk: Desk, unit: Unit, key: str, now: datetime) -> None:
    """Count one wrong date of birth of a code; the last one spends it."""

    def missed(kept: DeskCode) -> DeskCode:
        return replace(kept, tries=kept.tries - 1)

    after = await desk.memory.desk_codes.change(unit, key, now, missed)
    if isinstance(after, DeskCode) and after.tries <= 0:
        await desk.memory.desk_codes.take(unit, key, now)


def _application(
    desk: Desk, visitor: Visitor, about: tuple[str, DeskCode, Registered], language: str, now: datetime
) -> Application:
    key, code, who = about
    lifetime = desk.policy.application_lifetime
    return Application(
        browser=visitor.browser_hash,
        network=visitor.network,
        language=language,
        until=min(now + lifetime, code.until),
        last=min(last_moment(desk.policy, lifetime, now), code.until),
        bsn=seal_bsn(desk, who.bsn),
        fits=True,
        desk_code=key,
    )


def _key(desk: Desk, typed: str) -> str:
    return desk.keys.code_hash.of(PURPOSE, "", typed).hex()


def _wrong(reason: str) -> tuple[str, str]:
    return "bsn", reason
