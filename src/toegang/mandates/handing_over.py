"""Handing over: clients of one organisation are asked to give another the same mandates (T1).

Whoever administers the first proposes it, and nothing is done before the other agrees. It gives nobody
authority: each client answers as they answer any request, and what they gave the first stays as it is. Who
the clients are stands on no page of the other before they approve, and why one is not asked on no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn
from uuid import UUID

from toegang.audit.event import Personal
from toegang.audit.events import MandateJobAgreed, MandateJobProposed
from toegang.errors import NotEntitled, Unavailable
from toegang.mandates.acting import Actor, Proposal
from toegang.mandates.beginning import Beginning
from toegang.mandates.bounds import HAND_OVER_DECLINED, HANDING_OVER
from toegang.mandates.cosigning import controllers, directing
from toegang.mandates.demands import demands_of, within
from toegang.mandates.edge import State, Substitution
from toegang.mandates.finding import Found
from toegang.mandates.hints import Hint
from toegang.mandates.job import ANSWERED_WITHIN, OPEN, Job, JobId, JobKind, JobState
from toegang.mandates.job_events import ended_event
from toegang.mandates.life import Act
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.stewards import Stewards
from toegang.mandates.transferring import TRIES
from toegang.mandates.why import Why
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.job import JobStore, Stretch
    from toegang.mandates.law import Law
    from toegang.mandates.teams import Steward, Teams
    from toegang.mandates.transferring import Merger, Transferring
    from toegang.mandates.voluntary import Voluntary
    from toegang.units import Unit

    Also = Callable[[Unit, Edge], Awaitable[None]]

SHOWN: Final = 20
"""What was proposed to one organisation, on its page."""

_OF_SERVICES: Final = frozenset(
    {
        *(Why.NOT_ADMITTED, Why.KIND_NOT_ADMITTED, Why.NO_HELPER, Why.LEVEL_TOO_LOW),
        *(Why.LIMIT_NOT_HONOURED, Why.LONGER_THAN_ADMITTED),
    }
)
"""What is said of a mandate that is not asked for; everything else would tell of who gave it (P30)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """The use cases; stopping is that of every job (jobs.py)."""

    voluntary: Voluntary
    transferring: Transferring
    teams: Teams
    store: JobStore

    async def propose(self, by: Steward, to: PartyId, now: datetime) -> Job:
        """Propose to another organisation that one's clients are asked to give it the same.

        Raises:
            NotEntitled: `why` says what is against it.
            Unavailable: a register does not answer.

        """
        first, bounds = by.organisation, self.voluntary.finding.bounds
        law = await self._check_apart((first, by.party), (to, None), now)
        answering = await Stewards(mandates=self.voluntary.mandates).of(to, law, now)
        if await bounds.over(_declined(first, to), HAND_OVER_DECLINED, now) is not None:
            _object(Why.TOO_OFTEN)
        before = await self.store.latest_of(first, JobKind.HAND_OVER)
        job = Job(
            id=JobId(self.voluntary.mandates.ids.uuid()),
            kind=JobKind.HAND_OVER,
            first=first,
            second=to,
            by=str(by.party),
            created=now,
            level=by.level,
            state=JobState.PROPOSED,
        )
        event = MandateJobProposed(
            at=now,
            job=str(job.id),
            kind=job.kind.value,
            first=Personal.of(first),
            second=Personal.of(to),
            person=Personal.of(by.party),
            reference=str(job.id),
        )
        async with self.voluntary.mandates.units.begin() as unit:
            if before is not None and before.state_at(now) is JobState.LAPSED:
                await self._lapse(unit, before, now)
            if not await self.store.add(unit, job):
                _object(Why.PENDING_ALREADY)
            if await bounds.count(unit, f"mandate-hand-over:{first}", HANDING_OVER, now) is not None:
                _object(Why.TOO_OFTEN)
            await self.voluntary.mandates.trail.record(unit, event)
            await self.store.tell(unit, job.id, answering)
            for each in answering:
                await self.voluntary.telling.tell(unit, each, SmsPurpose.MANDATE_OFFERED, now)
        return job

    async def latest(self, by: Steward) -> Job | None:
        """Return the latest that an organisation proposed."""
        return await self.store.latest_of(by.organisation, JobKind.HAND_OVER)

    async def waiting(self, by: Steward, now: datetime) -> Sequence[Job]:
        """Return what was proposed to an organisation and waits for it, the oldest first."""
        return await self.store.proposed_to(by.organisation, now - ANSWERED_WITHIN, SHOWN)

    async def waiting_for(self, person: PartyId, now: datetime) -> Sequence[Job]:
        """Return what waits for an answer, of what somebody was told when it was proposed."""
        return await self.store.told_to(person, now - ANSWERED_WITHIN, SHOWN)

    async def agreed_to(self, by: Steward) -> Sequence[Job]:
        """Return what an organisation agreed to and runs, the oldest first."""
        return await self.store.running_to(by.organisation, JobKind.HAND_OVER, SHOWN)

    async def own(self, by: Steward, id_: JobId) -> Job:
        """Return one that an organisation proposed, or that was proposed to it.

        Raises:
            NotEntitled: it is of others, or there is none; never said which.

        """
        job = await self.store.find(id_)
        if job is None or job.kind is not JobKind.HAND_OVER or by.organisation not in {job.first, job.second}:
            _object(Why.NOT_YOURS)
        return job

    async def agree(self, by: Steward, id_: JobId, now: datetime) -> Job:
        """Agree to what was proposed; the asking then begins, in the name of who agrees.

        Raises:
            NotEntitled: `why` says what is against it; it does not wait for them, or not any more.
            Unavailable: a register does not answer.

        """
        job = await self._waits_for(by, id_, now)
        await self._check_apart((job.first, PartyId(UUID(job.by))), (job.second, by.party), now)
        running = job.agreed(by.party, by.level, await self.transferring.clients.count(job.first))
        event = MandateJobAgreed(
            at=now,
            job=str(job.id),
            kind=job.kind.value,
            total=running.total,
            person=Personal.of(by.party),
            reference=str(job.id),
        )
        async with self.voluntary.mandates.units.begin() as unit:
            if not await self.store.advance(unit, running):
                _object(Why.CHANGED)
            await self.voluntary.mandates.trail.record(unit, event)
        return running

    async def decline(self, by: Steward, id_: JobId, now: datetime) -> Job:
        """Decline what was proposed; P29: the same is not proposed again for a while.

        Raises:
            NotEntitled: it does not wait for them, or not any more.

        """
        job = await self._waits_for(by, id_, now)
        over, bounds = job.over_as(JobState.DECLINED, now), self.voluntary.finding.bounds
        async with self.voluntary.mandates.units.begin() as unit:
            if not await self.store.advance(unit, over):
                _object(Why.CHANGED)
            await bounds.count(unit, _declined(job.first, job.second), HAND_OVER_DECLINED, now)
            await self.voluntary.mandates.trail.record(unit, ended_event(over, now, ender=by.party))
        return over

    async def stop(self, by: Steward, id_: JobId, now: datetime) -> Job:
        """Stop what one proposed, or agreed to, between two mandates, for good; what was asked stays asked.

        Raises:
            NotEntitled: it is not one's own; or it waits for one's answer, or is over.

        """
        job = await self.own(by, id_)
        async with self.voluntary.mandates.units.begin() as unit:
            kept = await self.store.alone(unit, id_)
            able = OPEN if job.first == by.organisation else {JobState.RUNNING}
            if kept is None or kept.state_at(now) not in able:
                _object(Why.NOT_NOW)
            over = kept.over_as(JobState.STOPPED, now)
            if not await self.store.advance(unit, over):
                _object(Why.CHANGED)
            await self.voluntary.mandates.trail.record(unit, ended_event(over, now, ender=by.party))
        return over

    async def walk(self, job: Job, now: datetime) -> HandOver:
        """Go on with a job, while who agreed to it may still act in that name.

        Raises:
            NotEntitled: they may not.
            Unavailable: a register does not answer.

        """
        merger = await self.transferring.between(job.first, job.second, now)
        if merger.law.unsure(job.second) is not None:
            message = "a register is not sure of the organisation that is to act"
            raise Unavailable(message)
        await self.teams.steward(PartyId(UUID(job.by)), job.second, job.level, now)
        return HandOver(voluntary=self.voluntary, job=job, merger=merger)

    async def _lapse(self, unit: Unit, job: Job, now: datetime) -> None:
        over = job.over_as(JobState.LAPSED, now)
        if await self.store.advance(unit, over):
            await self.voluntary.mandates.trail.record(unit, ended_event(over, now))

    async def _waits_for(self, by: Steward, id_: JobId, now: datetime) -> Job:
        job = await self.own(by, id_)
        if job.second != by.organisation:
            _object(Why.NOT_YOURS)
        if job.state_at(now) is not JobState.PROPOSED:
            _object(Why.NOT_NOW)
        return job

    async def _check_apart(
        self, first: tuple[PartyId, PartyId], second: tuple[PartyId, PartyId | None], now: datetime
    ) -> Law:
        """P27: refuse what is between two organisations of which one person decides for both.

        Each comes with the person who does it in its name. Returns what the law says of both.
        """
        (one, by), (other, agrees) = first, second
        if one == other:
            _object(Why.SELF_APPROVAL)
        party = (await self.voluntary.mandates.parties.of((other,))).get(other)
        if party is None or party.standing_at(now) is not Standing.ABLE:
            _object(Why.PARTY_ENDED)
        laws = self.voluntary.laws
        law = (await laws.over(one, now)).and_(await laws.over(other, now))
        if not all(law.tells_who_controls(each) and law.unsure(each) is None for each in (one, other)):
            _object(Why.REGISTER_SILENT)
        both = _behind(law, one, now) & _behind(law, other, now)
        crossed = by in directing(law, other, now) or agrees in {by, *directing(law, one, now)}
        if both or crossed:
            _object(Why.SELF_APPROVAL)
        return law


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One as it is carried out."""

    voluntary: Voluntary
    job: Job
    merger: Merger

    async def next(self, cursor: bytes, size: int, now: datetime) -> Stretch:
        """Return the next that the first has and that are not over."""
        return await self.merger.in_force(cursor, size, now)

    async def do(self, edge: Edge, now: datetime, also: Also) -> bool:
        """Ask for one, as it is by now; False when it is over, or ended meanwhile.

        Raises:
            NotEntitled: it is not asked for; `why` says nothing of who gave it.
            Unavailable: a register does not answer.

        """
        for _ in range(TRIES):
            found = await self.voluntary.mandates.edges.find(edge.id)
            if found is None or found.state is not State.ACTIVE or found.terms.until <= now:
                return False
            try:
                await self._ask(found, now, also)
            except NotEntitled as refused:
                if refused.why != Why.CHANGED:
                    raise _told(refused) from refused
            else:
                return True
        return _object(Why.CHANGED)

    async def tells_of(self, others: Sequence[Edge]) -> bool:
        """Tell whether the register of people, silent about one, answers about another."""
        return await self.merger.tells_of(others)

    async def _ask(self, edge: Edge, now: datetime, also: Also) -> None:
        await self.merger.check_asked(edge, now)
        await self._check_decides(edge, now)
        wanted = self._wanted(edge, now)
        edges, hints = self.voluntary.mandates.edges, self.voluntary.hints

        async def note(unit: Unit, made: Edge) -> None:
            if not await edges.hold(unit, {edge.id: edge.version}):
                _object(Why.CHANGED)
            # Who the client is, who asks is shown once they answered; what is typed of them is of nobody.
            await hints.keep(unit, made, Hint(ending=""), now)
            await also(unit, made)

        asker = Actor(party=self.job.second, level=self.job.level, by=PartyId(UUID(self.job.by)))
        client = Found(party=edge.principal, nobody=edge.principal)
        begin = Beginning(voluntary=self.voluntary)
        await begin.with_one(asker, client, wanted, Act.REQUEST, now, also=note)

    async def _check_decides(self, edge: Edge, now: datetime) -> None:
        """Ask nobody who does not decide themselves: who does so for them is asked by somebody."""
        party = (await self.voluntary.mandates.parties.of((edge.principal,))).get(edge.principal)
        able = party is not None and party.standing_at(now) is Standing.ABLE and party.is_adult(now)
        if edge.under is not None or not able:
            _object(Why.ASK_FIRST)

    def _wanted(self, edge: Edge, now: datetime) -> Proposal:
        """Return the same, in no respect wider: until the same day, or as long as is admitted now."""
        terms = edge.terms
        meant = self.voluntary.services.reached(terms.scopes, now)
        about = within(edge.kind, terms.scopes, meant, terms.worth)
        demands = demands_of(each.representation for each in about if each.representation is not None)
        if demands is None:
            _object(Why.NOT_ADMITTED)
        begins = max(terms.from_, now)
        return Proposal(
            scopes=terms.scopes,
            from_=begins,
            until=min(terms.until, begins + demands.longest_of(edge.kind)),
            read=f"{JobKind.HAND_OVER} {self.job.id}",
            kind=edge.kind,
            to_organisation=terms.substitution is not Substitution.NONE,
            grants=terms.grants,
            level=terms.worth,
            restriction=terms.restriction,
        )


def _behind(law: Law, party: PartyId, now: datetime) -> frozenset[PartyId]:
    """Return an organisation and who controls it, through others that they control too."""
    found, new = frozenset({party}), {party}
    while new:
        new = {each for one in new for each in controllers(law, one, now)} - found
        found |= new
    return found


def _declined(first: PartyId, second: PartyId) -> str:
    return f"mandate-hand-over-declined:{first}:{second}"


def _told(refused: NotEntitled) -> NotEntitled:
    why = next((each for each in _OF_SERVICES if each == refused.why), Why.ASK_FIRST)
    return NotEntitled(f"mandate: {refused.why}", why=why.value)


def _object(why: Why) -> NoReturn:
    detail = f"hand-over: {why.value}"
    raise NotEntitled(detail, why=why.value)
