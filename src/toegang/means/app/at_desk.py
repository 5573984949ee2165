"""Who comes to a desk: one clerk checks the person and their document, another gives the code.

What is given is a Gift (visits.py): an app to who has an account (desk_app.py), an account to who has
none (desk_account.py). The code is for the person alone, once. A clerk sees no means of theirs, and types
nothing in one; the person is told by letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.event import Personal
from toegang.audit.events import DeskCodeGiven, DeskIdentityChecked, DeskRefused
from toegang.errors import NotEntitled, OneTimeGone, Refusal, ValueRefused, settle
from toegang.means.app.desk_account import DeskAccount
from toegang.means.app.desk_app import DeskApp
from toegang.means.app.visits import (
    CASE_LIFE,
    CASES,
    Asked,
    Case,
    CaseAction,
    CaseState,
    Given,
    Looked,
    Officer,
)
from toegang.means.citizen.by_desk import has_account

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.app.desk import AppDesk
    from toegang.means.app.visits import DeskRule, Entitled, Gift, Seen
    from toegang.means.citizen.account import Account
    from toegang.units import Unit

_NUMBER = re.compile(r"[A-Z0-9]{6,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """The use cases of a desk.

    Who may come here at all is decided before, at every page, by the catalogue (provider.operators).
    """

    desk: AppDesk
    rule: DeskRule

    @property
    def app(self) -> DeskApp:
        """What is given to who has an account."""
        return DeskApp(desk=self.desk)

    async def open(
        self, officer: Officer, seen: Seen, language: str, now: datetime, asked: Asked = Asked.APP
    ) -> Given:
        """Note that a person was seen with their document, and ask an app or an account for them.

        In one unit the visit is kept, and with nobody to agree the code is made.

        Raises:
            ValueRefused, TooManyTries: as `look_at`.
            ValueRefused, NotEntitled, PartyClosed, Unavailable: it cannot be given to them (Gift.entitled).

        """
        await self.look_at(officer, seen, now)
        to = await self._gift(asked).entitled(officer, seen.bsn, now)
        name = self.desk.account.ids.reference()
        async with self.desk.account.units.begin() as unit:
            case = await self._case(unit, officer, (seen, to, asked, language), now)
            return await self._opened(unit, name, case, seen, now)

    async def look_at(self, officer: Officer, seen: Seen, now: datetime) -> None:
        """eIDAS-2015/1502-2.1.2: take what a clerk says that they saw.

        1. the clerk says that it is the same person, by a document that has a number; 2. the clerk asked
        not too often, whatever the answers were: they tell who has an account. That the register knows the
        person, alive, and that it is not the clerk, is the caller's to check.

        Raises:
            ValueRefused: something of what was filled in; which is told.
            TooManyTries.

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

    async def check(self, officer: Officer, seen: Seen, now: datetime) -> tuple[Account, PersonId]:
        """Return account and id of a person who was seen with their document.

        Raises:
            ValueRefused, TooManyTries: as `look_at`.
            ValueRefused, NotEntitled, Unavailable: as DeskApp.account_of.

        """
        await self.look_at(officer, seen, now)
        return await self.app.account_of(officer, seen.bsn, now)

    async def look(self, officer: Officer, name: str, now: datetime) -> Looked:
        """Show a visit to the officer who is to agree.

        Raises:
            OneTimeGone: none of this desk by that name, or it is over.
            NotEntitled: the officer opened it, or it is about them.
            AccountClosed, PartyClosed, Unavailable.

        """
        case = await self._of(officer, name, now)
        who = await self._gift(case.asked).check(case, now)
        if who is None or who.deceased_on is not None or case.state is not CaseState.OPENED:
            raise OneTimeGone
        asks_account = case.asked is Asked.ACCOUNT
        replaces = asks_account and await has_account(self.desk.account, case.person)
        return Looked(case=case, who=who, replaces=replaces)

    async def give(self, officer: Officer, name: str, now: datetime) -> Given:
        """Agree, and get the code to give to the person: once.

        Raises:
            OneTimeGone, NotEntitled, StepOutOfOrder: as `look`.
            AccountClosed, PartyClosed, Unavailable: as `look`.

        """
        await self.look(officer, name, now)
        desk = self.desk
        async with desk.account.units.begin() as unit:
            after = await desk.memory.cases.change(unit, name, now, lambda kept: kept.after(CaseAction.GIVE))
            result: Given | Refusal = after if isinstance(after, Refusal) else OneTimeGone()
            if isinstance(after, Case):
                result = await self._given(unit, name, after, officer, now)
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

    def _gift(self, asked: Asked) -> Gift:
        gifts: dict[Asked, Gift] = {
            Asked.APP: self.app,
            Asked.ACCOUNT: DeskAccount(desk=self.desk.account),
        }
        return gifts[asked]

    async def _of(self, officer: Officer, name: str, now: datetime) -> Case:
        """Return a visit of this desk that is somebody else's to agree with."""
        case: Case | None = await self.desk.memory.cases.find(name, now)
        if case is None or case.organisation != officer.organisation:
            raise OneTimeGone
        if officer.name == case.clerk or officer.person == case.person:
            message = "nobody agrees with themselves"
            raise NotEntitled(message)
        return case

    async def _case(
        self, unit: Unit, officer: Officer, about: tuple[Seen, Entitled, Asked, str], now: datetime
    ) -> Case:
        """Return the visit; who was never enrolled is now, as the person that the register knows."""
        seen, to, asked, language = about
        person = to.person or (await self.desk.account.enrolment.enrol(unit, to.bsn, now)).id
        return Case(
            organisation=officer.organisation,
            clerk=officer.name,
            account=to.account,
            person=person,
            document=seen.document.value,
            language=language,
            asked=asked,
        )

    async def _opened(self, unit: Unit, name: str, case: Case, seen: Seen, now: datetime) -> Given:
        desk = self.desk
        event = DeskIdentityChecked(
            at=now,
            means=desk.account.means,
            person=Personal.of(case.person),
            clerk=case.clerk,
            organisation=case.organisation,
            case=name,
            document=case.document,
            document_number=Personal.of(seen.printed),
            asked=case.asked.value,
        )
        await desk.account.trail.record(unit, event)
        if self.rule.second:
            await desk.memory.cases.keep(unit, name, case, now + CASE_LIFE)
            return Given(asked=case.asked, case=name)
        alone = Officer(name=case.clerk, organisation=case.organisation, person=None)
        return await self._given(unit, name, case, alone, now)

    async def _given(self, unit: Unit, name: str, case: Case, officer: Officer, now: datetime) -> Given:
        """Make the code: its hash alone is kept, and it is never shown again."""
        code, until = await self._gift(case.asked).make_code(unit, name, case, now)
        event = DeskCodeGiven(
            at=now,
            means=self.desk.account.means,
            person=Personal.of(case.person),
            clerk=officer.name,
            organisation=officer.organisation,
            case=name,
            second=officer.name != case.clerk,
            asked=case.asked.value,
        )
        await self.desk.account.trail.record(unit, event)
        return Given(asked=case.asked, case=name, code=code, until=until)


def _wrong(field: str, reason: str) -> tuple[str, str]:
    return field, reason
