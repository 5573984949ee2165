"""Making the mandate of a visit, in the unit in which the second officer agrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.audit.event import Personal
from toegang.audit.events import DeskMandateDecided
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.beginning import judged
from toegang.mandates.desk.telling import About
from toegang.mandates.desk.visits import Step, Visit
from toegang.mandates.edge import Edge, EdgeId, Source, State, Substitution, Terms
from toegang.mandates.legal.derived import begins
from toegang.mandates.life import Act
from toegang.mandates.moves import Move, Mover
from toegang.mandates.scope import Scope
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.mandates.desk.telling import TellingByLetter
    from toegang.mandates.desk.visits import Officer
    from toegang.mandates.law import Law
    from toegang.mandates.voluntary import Voluntary
    from toegang.registers.population import Registered
    from toegang.units import Expiring, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Who a visit is about, as the register knows them; `agent` is None for who did not come."""

    principal: Registered
    agent: Registered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One mandate to be made: which officer agrees with which visit, about whom and which services."""

    voluntary: Voluntary
    visits: Expiring[Visit]
    letters: TellingByLetter
    officer: Officer
    name: str
    visit: Visit
    both: Both
    meant: Sequence[Service]

    async def make(self, worth: Level, law: Law, now: datetime) -> Edge:
        """Make it; with nobody, in the same words, where who did not come cannot be it (L03).

        Raises:
            NotEntitled: `why` says what is against it.
            OneTimeGone, StepOutOfOrder: the visit is over meanwhile.

        """
        level = min(self.visit.level, self.officer.level)
        about = await self._about()
        move = Move(act=Act.OFFER, by=Mover.self(self.visit.principal, level), accepted=self.visit.came)

        async def note(unit: Unit, edge: Edge) -> None:
            await self._note(unit, edge, about, now)

        mandates = self.voluntary.mandates
        ready = await judged(mandates, self._proposed(worth, now), move, self.meant, now, law)
        async with mandates.units.begin() as unit:
            return await mandates.keep(unit, ready, also=note)

    def _proposed(self, worth: Level, now: datetime) -> Edge:
        visit = self.visit
        if visit.until is None or after(visit.until) <= now:
            raise NotEntitled(Why.NOT_NOW.value, why=Why.NOT_NOW.value)
        return Edge(
            id=EdgeId(self.voluntary.mandates.ids.uuid()),
            principal=visit.principal,
            agent=visit.agent.party,
            kind=visit.kind,
            state=State.OFFERED,
            terms=Terms(
                scopes=tuple(map(Scope.parse, visit.scopes)),
                level=min(visit.level, self.officer.level),
                source_level=worth,
                from_=now,
                until=after(visit.until),
                substitution=Substitution.EMPLOYEES if visit.helper else Substitution.NONE,
            ),
            initiator=visit.principal,
            nobody=visit.agent.addressed,
            since=now,
            source=Source.ASSISTED,
            text_hash=bytes.fromhex(visit.read),
        )

    async def _note(self, unit: Unit, edge: Edge, about: About, now: datetime) -> None:
        """Do in the unit of the act what belongs to it: end the visit, tell both, write it in the trail."""
        voluntary, visit = self.voluntary, self.visit
        left = await self.visits.change(unit, self.name, now, lambda kept: kept.after(Step.GIVE))
        if not isinstance(left, Visit):
            raise left or OneTimeGone()
        if await voluntary.finding.offers_too_much(unit, visit.principal, now):
            raise NotEntitled(Why.TOO_OFTEN.value, why=Why.TOO_OFTEN.value)
        await voluntary.hints.begun(unit, edge, visit.agent, now)
        await voluntary.telling.tell_of(unit, edge, Act.OFFER, visit.principal, now)
        await self.letters.tell(unit, edge, self.both.principal, about, now)
        await voluntary.mandates.trail.record(unit, decided(self.officer, self.name, visit, edge, now))

    async def _about(self) -> About:
        """Return what the letter says, in the language of the visit and as large as its reader chose."""
        agent, language = self.both.agent, self.visit.language
        reads, helper = await self.voluntary.readers.of(self.visit.principal), self.visit.helper
        names = (each.names for each in self.meant)
        desk = self.officer.desk
        return About(
            agent=agent.names.full if agent is not None else helper[language] if helper else "",
            ending=self.visit.agent.hint,
            desk=desk[language],
            services=", ".join(each[language] for each in names),
            reads=replace(reads, language=language),
        )


def after(day: date) -> datetime:
    """Return the moment at which a day in Amsterdam is over."""
    return begins(day + timedelta(days=1))


def decided(
    officer: Officer, name: str, visit: Visit, edge: Edge | None, now: datetime
) -> DeskMandateDecided:
    """Write what the second officer did; without an edge they did not agree."""
    return DeskMandateDecided(
        at=now,
        clerk=officer.name,
        organisation=officer.organisation,
        case=name,
        noted_by=visit.clerk,
        edge="" if edge is None else str(edge.id),
        outcome="refused" if edge is None else edge.state.value,
        principal=Personal.of(visit.principal),
        agent=Personal.of(visit.agent.party) if visit.came else None,
    )
