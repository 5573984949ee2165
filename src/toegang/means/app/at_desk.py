"""An app for who comes to a desk: one clerk checks the person and their document, another gives the code.

    opened > given      the second officer agrees, or none is needed
    opened > refused

The code is for the person's own app, once and for half an hour. A clerk sees no means of theirs, and types
nothing in one; for whom a code was given, their text message and their letter tell. What is not in NEXT is
refused.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import DeskCodeGiven, DeskIdentityChecked, DeskRefused
from toegang.emrtd.document import DocumentKind
from toegang.errors import (
    NotEntitled,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    TooManyTries,
    ValueRefused,
    settle,
)
from toegang.identity.people import PersonId
from toegang.means.app.meeting import Scanned
from toegang.means.app.own_apps import USABLE
from toegang.means.app.pairing import Action, Flow, Pairing
from toegang.means.citizen.account import Account, AccountId, Status
from toegang.means.citizen.desk import personal
from toegang.means.citizen.opening import open_account, reopened
from toegang.means.citizen.policy import Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.identity.numbers import Bsn
    from toegang.means.app.desk import AppDesk
    from toegang.registers.population import Registered
    from toegang.units import Unit

PURPOSE = "app at a desk"  # what the code is made for
CASE_LIFE = timedelta(hours=8)
CODE_LIFE = timedelta(minutes=30)
CASES = Limit(most=60, window=timedelta(hours=1))  # people that one clerk may ask about
_NUMBER = re.compile(r"[A-Z0-9]{6,12}")


class CaseState(enum.StrEnum):
    """Where a visit is."""

    OPENED = "opened"
    GIVEN = "given"
    REFUSED = "refused"


class CaseAction(enum.StrEnum):
    """What an officer can do with it."""

    GIVE = "give"
    REFUSE = "refuse"


NEXT: Final[Mapping[tuple[CaseState, CaseAction], CaseState]] = MappingProxyType(
    {
        (CaseState.OPENED, CaseAction.GIVE): CaseState.GIVEN,
        (CaseState.OPENED, CaseAction.REFUSE): CaseState.REFUSED,
    }
)
"""Every step that there is; all others are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRule:
    """The rule of desks: the level that officers log in at, and whether a second one must give the code."""

    level: Level = Level.SUBSTANTIAL
    second: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who works at a desk now: the name that the catalogue has, for which organisation, and which person."""

    name: str
    organisation: str
    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a clerk saw: of whom, and which document; `same` that the person is who it shows."""

    bsn: Bsn
    document: DocumentKind
    number: str = field(repr=False)
    same: bool

    @property
    def printed(self) -> str:
        """The number as it is printed, without spaces."""
        return self.number.replace(" ", "").upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One visit to a desk."""

    organisation: str
    clerk: str
    account: AccountId
    person: PersonId
    document: str
    language: str
    state: CaseState = CaseState.OPENED

    def after(self, action: CaseAction) -> Case | Refusal:
        """Return it after `action`, or why that may not be; the table NEXT decides."""
        state = NEXT.get((self.state, action))
        return StepOutOfOrder(f"{action} while {self.state}") if state is None else replace(self, state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is shown at a desk: the name of the visit, and the code when it may be given now."""

    case: str
    code: str = field(default="", repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A visit as the second officer sees it, with whom the register knows."""

    case: Case
    who: Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """The use cases of a desk.

    Who may come here at all is decided before, at every page, by the catalogue (provider.operators).
    """

    desk: AppDesk
    rule: DeskRule

    async def open(self, officer: Officer, seen: Seen, language: str, now: datetime) -> Given:
        """Note that a person was seen with their document, and ask an app for them.

        In one unit the visit is kept, and with nobody to agree the code is made.

        Raises:
            ValueRefused, NotEntitled, TooManyTries, Unavailable: as `check`.
            PartyClosed: the means is closed now.

        """
        desk = self.desk
        desk.admission(now)
        account, person = await self.check(officer, seen, now)
        name = desk.account.ids.reference()
        case = Case(
            organisation=officer.organisation,
            clerk=officer.name,
            account=account.id,
            person=person,
            document=seen.document.value,
            language=language,
        )
        async with desk.account.units.begin() as unit:
            result = await self._opened(unit, (name, case, account), seen.printed, now)
        return settle(result)

    async def check(self, officer: Officer, seen: Seen, now: datetime) -> tuple[Account, PersonId]:
        """eIDAS-2015/1502-2.1.2: return account and id of a person who was seen with their document.

        1. the clerk says that it is the same person, by a document that has a number; 2. the clerk asked
        not too often, whatever the answers were: they tell who has an account; 3. the register knows the
        person, alive, and they have an account; 4. it is not the clerk.

        Raises:
            ValueRefused: something of what was filled in; which is told.
            NotEntitled: the clerk would do it for themselves.
            TooManyTries, Unavailable.

        """
        # 1.
        if not _NUMBER.fullmatch(seen.printed):
            raise ValueRefused(*_wrong("document_number", "document-number-form"))
        if not seen.same:
            raise ValueRefused(*_wrong("same_person", "same-person-needed"))
        # 2.
        desk = self.desk.account
        async with desk.units.begin() as unit:
            often = await desk.tallies.count(unit, f"desk-case:{officer.name}", CASES, now)
        if often is not None:
            raise often
        # 3.
        account = await self._account(seen.bsn, now)
        # 4.
        if account.person == officer.person or account.person is None:
            message = "nobody checks themselves"
            raise NotEntitled(message)
        return account, account.person

    async def look(self, officer: Officer, name: str, now: datetime) -> Looked:
        """Show a visit to the officer who is to agree.

        Raises:
            OneTimeGone: none of this desk by that name, or it is over.
            NotEntitled: the officer opened it, or it is about them.
            AccountClosed, Unavailable.

        """
        case = await self._of(officer, name, now)
        await open_account(self.desk.account, case.account, now)
        who = await self.desk.account.registered(case.person)
        if who is None or who.deceased_on is not None or case.state is not CaseState.OPENED:
            raise OneTimeGone
        return Looked(case=case, who=who)

    async def give(self, officer: Officer, name: str, now: datetime) -> Given:
        """Agree, and get the code to give to the person: once.

        Raises:
            OneTimeGone, NotEntitled, StepOutOfOrder: as `look`.
            AccountClosed, Unavailable: as `look`.

        """
        looked, desk = await self.look(officer, name, now), self.desk
        desk.admission(now)
        account = await open_account(desk.account, looked.case.account, now)
        async with desk.account.units.begin() as unit:
            after = await desk.memory.cases.change(unit, name, now, lambda kept: kept.after(CaseAction.GIVE))
            result: Given | Refusal = after if isinstance(after, Refusal) else OneTimeGone()
            if isinstance(after, Case):
                result = await self._given(unit, (name, after, account), officer, now)
        return settle(result)

    async def refuse(self, officer: Officer, name: str, now: datetime) -> None:
        """Do not agree: no code is given.

        Raises:
            OneTimeGone, NotEntitled, StepOutOfOrder: as `look`.

        """
        await self._of(officer, name, now)
        desk = self.desk
        async with desk.account.units.begin() as unit:
            after = await desk.memory.cases.change(
                unit, name, now, lambda kept: kept.after(CaseAction.REFUSE)
            )
            if isinstance(after, Case):
                event = DeskRefused(
                    at=now,
                    means=desk.account.means,
                    person=Personal.of(after.person),
                    clerk=officer.name,
                    organisation=officer.organisation,
                    case=name,
                )
                await desk.account.trail.record(unit, event)
        settle(after or OneTimeGone())

    async def redeem(self, typed: str, network: str, now: datetime) -> Scanned:
        """Take the code of a desk, once, from the app that is to be added; open a session for it.

        Raises:
            OneTimeGone: unknown, used or too old.
            TooManyTries: too many wrong ones from this network.
            PartyClosed: the means is closed now.

        """
        desk, ids, tally = self.desk, self.desk.account.ids, f"app-desk:{network}"
        wait = await desk.account.tallies.wait(tally, desk.policy.codes, now)
        if wait:
            raise TooManyTries(wait, "app-desk")
        desk.admission(now)
        session, challenge = ids.token(), ids.token()
        async with desk.account.units.begin() as unit:
            id_ = await desk.memory.desk_codes.take(unit, self._key(typed), now)
            kept = await desk.memory.pairings.hold(unit, id_, now) if id_ else None
            if id_ is None or kept is None:
                await desk.account.tallies.count(unit, tally, desk.policy.codes, now)
                after: Pairing | Refusal = OneTimeGone()
            else:
                until = now + desk.policy.session_lifetime
                after = await desk.step(
                    unit, id_, kept, Action.SCAN, now, challenge=challenge, session_until=until
                )
                await desk.memory.sessions.keep(unit, session, id_, kept.until)
        return Scanned(session=session, pairing=settle(after))

    async def _account(self, bsn: Bsn, now: datetime) -> Account:
        """Return the account of somebody who lives and can use it, also from the end of a suspension on."""
        desk = self.desk.account
        known = await desk.population.find(bsn)
        if known is None or known.deceased_on is not None:
            raise ValueRefused(*_wrong("bsn", "desk-person-unknown"))
        person = await desk.enrolment.find(bsn)
        accounts = await desk.accounts.of_person(person.id) if person else ()
        for found in accounts:
            account = await reopened(desk, found, now)
            if account.status is Status.ACTIVE:
                return account
        raise ValueRefused(*_wrong("bsn", "desk-no-account"))

    async def _of(self, officer: Officer, name: str, now: datetime) -> Case:
        """Return a visit of this desk that is somebody else's to agree with."""
        case: Case | None = await self.desk.memory.cases.find(name, now)
        if case is None or case.organisation != officer.organisation:
            raise OneTimeGone
        if officer.name == case.clerk or officer.person == case.person:
            message = "nobody agrees with themselves"
            raise NotEntitled(message)
        return case

    async def _opened(
        self, unit: Unit, opened: tuple[str, Case, Account], number: str, now: datetime
    ) -> Given | Refusal:
        desk, (name, case, account) = self.desk, opened
        others = await desk.apps.of_account(account.id)
        if sum(app.status in USABLE for app in others) >= desk.policy.apps_most:
            return ValueRefused(*_wrong("bsn", "desk-apps-most"))
        event = DeskIdentityChecked(
            at=now,
            means=desk.account.means,
            person=personal(account),
            clerk=case.clerk,
            organisation=case.organisation,
            case=name,
            document=case.document,
            document_number=Personal.of(number),
        )
        await desk.account.trail.record(unit, event)
        if self.rule.second:
            await desk.memory.cases.keep(unit, name, case, now + CASE_LIFE)
            return Given(case=name)
        alone = Officer(name=case.clerk, organisation=case.organisation, person=None)
        return await self._given(unit, opened, alone, now)

    async def _given(
        self, unit: Unit, opened: tuple[str, Case, Account], officer: Officer, now: datetime
    ) -> Given:
        """Make the code: its hash alone is kept, and it is never shown again."""
        desk, (name, case, account) = self.desk, opened
        code, id_, until = desk.account.ids.reference(), desk.account.ids.token(18), now + CODE_LIFE
        pairing = Pairing(
            flow=Flow.BY_DESK,
            browser="",
            means=desk.admission(now).id,
            language=case.language,
            until=until + desk.policy.session_lifetime,
            account=account.id,
            level=Level.LOW,
            signed_in_at=now,
        )
        await desk.memory.pairings.keep(unit, id_, pairing, pairing.until)
        await desk.memory.desk_codes.keep(unit, self._key(code), id_, until)
        event = DeskCodeGiven(
            at=now,
            means=desk.account.means,
            person=personal(account),
            clerk=officer.name,
            organisation=officer.organisation,
            case=name,
            second=officer.name != case.clerk,
        )
        await desk.account.trail.record(unit, event)
        return Given(case=name, code=code, until=until)

    def _key(self, typed: str) -> str:
        return self.desk.account.keys.code_hash.of(PURPOSE, "", typed).hex()


def _wrong(field: str, reason: str) -> tuple[str, str]:
    return field, reason
