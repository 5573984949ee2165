"""Giving a mandate at a desk: the person gives it, and two officers vouch for that.

A clerk establishes who came, by document and date of birth, and notes what they want. What is noted never
changes: the second officer reads the same words, and agrees to these and no others. The mandate is worth what
the two officers proved, and no more than the services give for a desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NoReturn

from toegang.audit.event import Personal
from toegang.audit.events import DeskMandateAsked
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Organisation
from toegang.errors import NotEntitled, OneTimeGone, settle
from toegang.identity.numbers import KvkNumber
from toegang.identity.people import PersonId
from toegang.mandates.demands import demands_of
from toegang.mandates.desk.coming import not_known, party_of
from toegang.mandates.desk.making import Both, Making, after, decided
from toegang.mandates.desk.standing_apart import (
    ApartByLaw,
    StandingApart,
    no_party,
    not_for_itself,
    numbers_of,
)
from toegang.mandates.desk.visits import VISIT_LIVES, Came, Stage, Step, Visit
from toegang.mandates.finding import Found
from toegang.mandates.scope import Scope
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.identity.holds import Holds
    from toegang.mandates.desk.telling import TellingByLetter
    from toegang.mandates.desk.visits import Officer
    from toegang.mandates.edge import Edge
    from toegang.mandates.finding import Typed
    from toegang.mandates.law import Law
    from toegang.mandates.party import PartyId
    from toegang.mandates.standing_in import Gathers
    from toegang.mandates.voluntary import Voluntary
    from toegang.registers.population import Registered
    from toegang.units import Expiring


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingAtDesk:
    """The use cases. Who may come here at all is decided before, at every page, by the catalogue."""

    voluntary: Voluntary
    visits: Expiring[Visit]
    letters: TellingByLetter
    holds: Holds
    gathering: Gathers

    async def begin(
        self, officer: Officer, who: Came, other: Came | Typed | Organisation, language: str, now: datetime
    ) -> str:
        """Note who came, and who is to act; return the name of the visit.

        1. the register knows who came by number and date of birth, alive: a clerk learns nothing of whom they
        have no document; 2. who is to act and did not come is looked for as in My account: nobody learns
        whether they are there; an organisation that helps people is one of a list, and never the desk's own;
        3. neither is the clerk.

        Raises:
            ValueRefused: field `bsn` or `helper_bsn`: why it cannot be for them.
            NotEntitled: it is about the clerk, or both are one.
            PersonNotFound: the trade register does not have the organisation.
            TooManyTries, Unavailable.

        """
        principal = await self._party_of(who, "bsn", now)
        if isinstance(other, Came):
            agent = await self._party_of(other, "helper_bsn", now)
            found = Found(party=agent, nobody=agent)
        elif isinstance(other, Organisation):
            not_for_itself(officer, numbers_of(other))
            number = KvkNumber.parse(other.helps_as)
            found = await self.voluntary.finding.by_kvk(principal, number, now)
        else:
            found = await self.voluntary.finding.by_number(principal, other, now)
        if found.party == principal:
            _object(Why.SELF_APPROVAL)
        no_party((officer.party,), (principal, found.party))
        visit = Visit(
            clerk=officer.name,
            party=officer.party,
            level=officer.level,
            organisation=officer.organisation,
            principal=principal,
            agent=found,
            came=isinstance(other, Came),
            language=language,
            document=who.document.value,
            agent_document=other.document.value if isinstance(other, Came) else "",
            helper=other.names if isinstance(other, Organisation) else None,
            helper_numbers=numbers_of(other) if isinstance(other, Organisation) else frozenset(),
        )
        name = self.voluntary.mandates.ids.reference()
        async with self.voluntary.finding.units.begin() as unit:
            await self.visits.add(unit, name, visit, now + VISIT_LIVES, now)
            await self.voluntary.mandates.trail.record(unit, _asked(name, visit, who, other, now))
        return name

    async def own(self, officer: Officer, name: str, now: datetime) -> Visit:
        """Return a visit that this clerk is still filling in.

        Raises:
            OneTimeGone: none of theirs by that name, or it was noted.

        """
        visit = await self.visits.find(name, now)
        mine = visit is not None and (visit.clerk, visit.organisation) == (officer.name, officer.organisation)
        if visit is None or not mine or visit.stage is not Stage.BEGUN:
            raise OneTimeGone
        return visit

    async def choose(
        self, officer: Officer, name: str, now: datetime, scopes: Sequence[str], until: date | None
    ) -> Visit:
        """Keep for what it is, and until when.

        Raises:
            OneTimeGone, StepOutOfOrder: as `own`.

        """
        await self.own(officer, name, now)
        return await self._step(name, Step.CHOOSE, now, scopes=tuple(scopes), until=until)

    async def note(self, officer: Officer, name: str, read: str, now: datetime) -> Visit:
        """Note the visit as it was read: another officer is to agree, and nothing of it changes any more.

        Raises:
            OneTimeGone, StepOutOfOrder: as `own`.
            NotEntitled: the services admit no such mandate, or the clerk acts for one of the two.

        """
        visit = await self.own(officer, name, now)
        self._worth(visit, now)
        not_for_itself(officer, visit.helper_numbers)
        await self._stand_apart((officer.party,), visit, now)
        # Vouched for here: who began it with a card may be inside with less by now.
        level = min(visit.level, officer.level)
        return await self._step(name, Step.NOTE, now, read=_hash(read), level=level)

    async def waits(self, organisation: str, name: str, now: datetime) -> bool:
        """Tell whether a visit by this name waits at a desk of an organisation for a second officer."""
        visit = await self.visits.find(name, now)
        noted = visit is not None and visit.stage is Stage.NOTED
        return visit is not None and noted and visit.organisation == organisation

    async def look(self, officer: Officer, name: str, now: datetime) -> Visit:
        """Show a visit to the officer who is to agree.

        Raises:
            OneTimeGone: none of this desk by that name, or it is not waiting.
            NotEntitled: the officer noted it, is one of the two, or acts for one.

        """
        visit = await self.visits.find(name, now)
        if visit is None or not await self.waits(officer.organisation, name, now):
            raise OneTimeGone
        if officer.name == visit.clerk or officer.party == visit.party:
            message = "nobody agrees with themselves"
            raise NotEntitled(message, why="desk-not-yourself")
        not_for_itself(officer, visit.helper_numbers)
        await self._stand_apart((officer.party, visit.party), visit, now)
        return visit

    async def both(self, visit: Visit, now: datetime) -> Both:
        """Return who a visit is about, as the register knows them now.

        Raises:
            OneTimeGone: it knows them no more, or they are held or have died.
            Unavailable: it does not answer.

        """
        principal = await self._alive(visit.principal, now)
        return Both(
            principal=principal, agent=await self._alive(visit.agent.party, now) if visit.came else None
        )

    async def give(self, officer: Officer, name: str, read: str, now: datetime) -> Edge:
        """T2, with T6 for who came too: agree with what was read, and the mandate counts from now on.

        Of two officers at once one wins. Whoever noted it must stand apart still.

        Raises:
            OneTimeGone, NotEntitled: as `look`; `why` says what is against it.
            StepOutOfOrder: somebody was first.
            Unavailable: a register does not answer.

        """
        visit = await self.look(officer, name, now)
        if visit.read != _hash(read):
            _object(Why.CHANGED)
        both = await self.both(visit, now)
        finding, over = self.voluntary.finding, self.voluntary.laws.over
        await finding.know(visit.principal, both.principal, now)
        law = await over(visit.principal, now)
        if both.agent is not None:
            await finding.know(visit.agent.party, both.agent, now)
            law = law.and_(await over(visit.agent.party, now))
        await self._apart_by_law((officer.party, visit.party), visit, law, now)
        making = Making(
            voluntary=self.voluntary,
            visits=self.visits,
            letters=self.letters,
            officer=officer,
            name=name,
            visit=visit,
            both=both,
            meant=self._meant(visit, now),
        )
        return await making.make(self._worth(visit, now), law, now)

    async def refuse(self, officer: Officer, name: str, now: datetime) -> None:
        """Do not agree: no mandate is made, and the visit is over.

        Raises:
            OneTimeGone, NotEntitled: as `look`.

        """
        visit = await self.look(officer, name, now)
        async with self.voluntary.finding.units.begin() as unit:
            after = await self.visits.change(unit, name, now, lambda kept: kept.after(Step.REFUSE))
            if isinstance(after, Visit):
                event = decided(officer, name, visit, None, now)
                await self.voluntary.mandates.trail.record(unit, event)
        settle(after or OneTimeGone())

    async def _party_of(self, came: Came, where: str, now: datetime) -> PartyId:
        """Return who came; who is held is not helped, and it is not said why."""
        party = await party_of(self.voluntary.finding, came, where, now)
        if await self._held(party, now):
            raise not_known(where)
        return party

    async def _alive(self, party: PartyId, now: datetime) -> Registered:
        found = await self.voluntary.finding.registered(party)
        if found is None or found.deceased_on is not None or await self._held(party, now):
            raise OneTimeGone
        return found

    async def _held(self, party: PartyId, now: datetime) -> bool:
        """Tell whether somebody's means stand still: a desk is no way around that."""
        return any(not hold.is_over(now) for hold in await self.holds.of_person(PersonId(party)))

    async def _stand_apart(self, officers: Collection[PartyId], visit: Visit, now: datetime) -> None:
        apart = StandingApart(mandates=self.voluntary.mandates)
        await apart.check(officers, visit.parties, self._meant(visit, now), now)

    async def _apart_by_law(
        self, officers: Collection[PartyId], visit: Visit, law: Law, now: datetime
    ) -> None:
        apart = ApartByLaw(apart=StandingApart(mandates=self.voluntary.mandates), gathering=self.gathering)
        others, meant = await apart.others(officers, now), self._meant(visit, now)
        await apart.check(officers, others, visit.parties, meant, law, now)

    async def _step(self, name: str, step: Step, now: datetime, **changes: object) -> Visit:
        async with self.voluntary.finding.units.begin() as unit:
            after = await self.visits.change(unit, name, now, lambda kept: kept.after(step, **changes))
        return settle(after or OneTimeGone())

    def _meant(self, visit: Visit, now: datetime) -> Sequence[Service]:
        return self.voluntary.services.reached(map(Scope.parse, visit.scopes), now)

    def _worth(self, visit: Visit, now: datetime) -> Level:
        """Return what a desk is worth for what a visit is about."""
        meant = self._meant(visit, now)
        demands = demands_of(each.representation for each in meant if each.representation is not None)
        if demands is None or not demands.desk or visit.until is None:
            _object(Why.NO_DESK)
        if visit.kind not in demands.kinds:
            _object(Why.KIND_NOT_ADMITTED)
        if after(visit.until) - now > demands.longest_of(visit.kind):
            _object(Why.LONGER_THAN_ADMITTED)
        helped = visit.kind is EdgeKind.HELPER
        return min(demands.desk_level, demands.helper_level) if helped else demands.desk_level


def _asked(
    name: str, visit: Visit, who: Came, other: Came | Typed | Organisation, now: datetime
) -> DeskMandateAsked:
    """Write who came, with which documents; who did not come is not named."""
    came = isinstance(other, Came)
    return DeskMandateAsked(
        at=now,
        clerk=visit.clerk,
        organisation=visit.organisation,
        case=name,
        document=visit.document,
        agent_document=visit.agent_document,
        principal=Personal.of(visit.principal),
        document_number=Personal.of(who.number),
        agent=Personal.of(visit.agent.party) if came else None,
        agent_document_number=Personal.of(other.number) if isinstance(other, Came) else None,
    )


def _hash(read: str) -> str:
    return sha256(read.encode()).hexdigest()


def _object(why: Why) -> NoReturn:
    detail = f"mandate: {why.value}"
    raise NotEntitled(detail, why=why.value)
