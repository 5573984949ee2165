"""Four eyes at the office: what cannot be taken back, or gives power back, one proposes and another does.

    nothing > proposed    by an officer, with the cause and the reference of the decision
    proposed > done       by another officer, to the mandate as that one saw it
    proposed > withdrawn  by who proposed it
    proposed > declined   by another officer
    proposed > over       seven days later, by itself

What waits stands on one list for all officers, without what an officer is not apart from.

Making a mandate stand still takes one officer: it is urgent, and either side can end it all the same. It goes
on when two say so, and by no clock: what was stopped for fraud must not begin again because nobody looked.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NoReturn
from uuid import UUID

from toegang.audit.events import MandateOrderDropped, MandateOrderProposed
from toegang.errors import NotEntitled
from toegang.mandates.desk.standing_apart import no_party
from toegang.mandates.edge import EdgeId
from toegang.mandates.life import LINES, Act
from toegang.mandates.office import CAUSES, Cause, Order
from toegang.mandates.party import PartyId
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.mandates.desk.standing_apart import ApartByLaw
    from toegang.mandates.edge import Edge
    from toegang.mandates.office import Office
    from toegang.units import Expiring, Unit

PROPOSALS_LIVE: Final = timedelta(days=7)
BY_TWO: Final = frozenset({Act.RESUME, Act.REVOKE, Act.VOID})
"""What one officer proposes and another does."""
MOST_OPEN: Final = 20
"""Proposals on the page of an officer: registers are asked about the sides of each."""
_ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who works at the office now: the name that the catalogue has, and who they are."""

    name: str
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What `by`, who is `party`, proposed to do with a mandate, and until when another may do it."""

    name: str
    act: Act
    cause: Cause
    decision: str
    by: str
    party: PartyId
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The mandates for which something waits for a second officer, by their ids, and until when: one row."""

    edges: tuple[tuple[str, datetime], ...] = ()

    def at(self, now: datetime) -> Waiting:
        """Return what of it is not over."""
        return Waiting(edges=tuple(each for each in self.edges if each[1] > now))

    def with_(self, edge: EdgeId, until: datetime) -> Waiting:
        """Return it with one more; what is over first stands first."""
        left = self.without(edge).edges
        return Waiting(edges=tuple(sorted((*left, (str(edge), until)), key=lambda each: each[1])))

    def without(self, edge: EdgeId) -> Waiting:
        """Return it without one."""
        return Waiting(edges=tuple(each for each in self.edges if each[0] != str(edge)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyes:
    """The use cases of officers. Who is one at all is decided before, at every page, by the catalogue.

    Of a mandate one proposal waits at a time; it stands under the reference of the mandate.
    """

    office: Office
    proposals: Expiring[Proposal]
    waiting: Expiring[Waiting]
    apart: ApartByLaw

    async def find(self, edge: EdgeId, now: datetime) -> Proposal | None:
        """Find what waits for a second officer."""
        return await self.proposals.find(str(edge), now)

    async def open(self, officer: Officer, now: datetime) -> Sequence[tuple[Edge, Proposal]]:
        """Return the first that wait and that an officer may see: what lapses first first."""
        kept = await self.waiting.find(_ALL, now)
        others = await self.apart.others((officer.party,), now) if kept is not None else frozenset()
        found: list[tuple[Edge, Proposal]] = []
        for name, _ in () if kept is None else kept.at(now).edges:
            edge = await self.office.mandates.edges.find(EdgeId(UUID(name)))
            proposal = None if edge is None else await self.find(edge.id, now)
            if edge is None or proposal is None:
                continue
            with suppress(NotEntitled):
                await self._apart((officer.party,), edge, now, others)
                found.append((edge, proposal))
            if len(found) == MOST_OPEN:
                break
        return found

    async def seen_by(self, officer: Officer, edge: Edge, now: datetime) -> Proposal | None:
        """Find it for an officer; who is not apart from it sees none: it would warn who commits fraud."""
        try:
            await self._apart((officer.party,), edge, now)
        except NotEntitled:
            return None
        return await self.find(edge.id, now)

    async def suspend(self, officer: Officer, id_: EdgeId, seen: int, order: Order, now: datetime) -> Edge:
        """T14: make a mandate stand still, alone.

        Raises:
            NotEntitled: as `Office.decide`; or the officer is not apart from it.

        """
        await self._apart((officer.party,), await self.office.find(id_), now)
        return await self.office.decide(id_, Act.SUSPEND, order, now, seen=seen)

    async def propose(  # noqa: PLR0913, PLR0917 who, what, to which as seen, why, and when
        self, officer: Officer, id_: EdgeId, act: Act, seen: int, order: Order, now: datetime
    ) -> Proposal:
        """Propose to another officer to let a mandate go on, end it or declare it void.

        Raises:
            NotEntitled: `why`: it is none of these, or not for this cause, or not from where it stands; the
                officer is not apart from it; it changed; or something was proposed already.

        """
        edge = await self.office.find(id_)
        if act not in BY_TWO or order.cause not in CAUSES[act]:
            _object(Why.NOT_YOURS)
        if edge.version != seen:
            _object(Why.CHANGED)
        if edge.state_at(now) not in LINES[act].from_:
            _object(Why.NOT_NOW)
        await self._apart((officer.party,), edge, now)
        mandates = self.office.mandates
        made = Proposal(
            name=mandates.ids.reference(),
            act=act,
            cause=order.cause,
            decision=order.decision,
            by=officer.name,
            party=officer.party,
            at=now,
            until=now + PROPOSALS_LIVE,
        )
        async with mandates.units.begin() as unit:
            added = await self.proposals.add(unit, str(id_), made, made.until, now)
            if added:
                await self._list(unit, id_, made, now)
                await mandates.trail.record(unit, _proposed(id_, made))
        if not added:
            _object(Why.PENDING_ALREADY)
        return made

    async def confirm(self, officer: Officer, id_: EdgeId, name: str, seen: int, now: datetime) -> Edge:
        """T12, T14, T17: do what another officer proposed, once; of two at once one wins.

        Raises:
            NotEntitled: as `Office.decide`; it is their own proposal; either is not apart from the mandate;
                or `changed`: it was done, withdrawn, declined or is over, or it is another by now.

        """
        proposal, edge = await self._other(officer, id_, name, now), await self.office.find(id_)
        await self._apart((officer.party, proposal.party), edge, now)
        if edge.version != seen or _stopped_since(proposal, edge):
            _object(Why.CHANGED)

        async def take(unit: Unit) -> None:
            if await self._taken(unit, id_, name, now) is None:
                _object(Why.CHANGED)

        order = Order(
            by=officer.name,
            cause=proposal.cause,
            decision=proposal.decision,
            proposed_by=proposal.by,
            proposal=name,
        )
        return await self.office.decide(id_, proposal.act, order, now, seen=seen, also=take)

    async def decline(self, officer: Officer, id_: EdgeId, name: str, now: datetime) -> None:
        """Do not do what another officer proposed.

        Raises:
            NotEntitled: as `confirm`, about the proposal; or the officer is not apart from the mandate.

        """
        await self._other(officer, id_, name, now)
        await self._apart((officer.party,), await self.office.find(id_), now)
        await self._drop(officer, id_, name, "declined", now)

    async def withdraw(self, officer: Officer, id_: EdgeId, name: str, now: datetime) -> None:
        """Take back what the same officer proposed.

        Raises:
            NotEntitled: it is another's, or gone.

        """
        proposal = await self._there(id_, name, now)
        if not _same(officer, proposal):
            _object(Why.NOT_YOURS)
        await self._drop(officer, id_, name, "withdrawn", now)

    async def _there(self, id_: EdgeId, name: str, now: datetime) -> Proposal:
        found = await self.find(id_, now)
        if found is None or found.name != name:
            _object(Why.CHANGED)
        return found

    async def _other(self, officer: Officer, id_: EdgeId, name: str, now: datetime) -> Proposal:
        proposal = await self._there(id_, name, now)
        if _same(officer, proposal):
            _object(Why.SELF_APPROVAL)
        return proposal

    async def _apart(
        self,
        officers: tuple[PartyId, ...],
        edge: Edge,
        now: datetime,
        others: frozenset[PartyId] | None = None,
    ) -> None:
        """P27: refuse who is a side, or acts for one; `others` are for whom they act by law, if known."""
        parties = (edge.principal, edge.agent, *sorted(edge.co_principals))
        no_party(officers, _signers(edge))
        await self.apart.apart.check(officers, parties, (), now)
        law = await self.apart.law_over(parties, now)
        theirs = await self.apart.others(officers, now) if others is None else others
        await self.apart.check(officers, theirs, parties, (), law, now)

    async def _list(self, unit: Unit, id_: EdgeId, made: Proposal, now: datetime) -> None:
        """Put it on the list; adding where there is none holds the row, so that no other is lost from it."""
        await self.waiting.add(unit, _ALL, Waiting(), made.until, now)
        kept = await self.waiting.hold(unit, _ALL, now) or Waiting()
        after = kept.at(now).with_(id_, made.until)
        await self.waiting.keep(unit, _ALL, after, after.edges[-1][1])

    async def _taken(self, unit: Unit, id_: EdgeId, name: str, now: datetime) -> Proposal | None:
        """Take the proposal of this name; None, taking nothing, where it is gone or another."""
        held = await self.proposals.hold(unit, str(id_), now)
        if held is None or held.name != name:
            return None
        await self.proposals.drop(unit, str(id_))
        kept = await self.waiting.hold(unit, _ALL, now)
        if kept is not None:
            await self.waiting.rewrite(unit, _ALL, kept.at(now).without(id_))
        return held

    async def _drop(self, officer: Officer, id_: EdgeId, name: str, outcome: str, now: datetime) -> None:
        mandates = self.office.mandates
        async with mandates.units.begin() as unit:
            taken = await self._taken(unit, id_, name, now)
            if taken is not None:
                event = MandateOrderDropped(
                    at=now, reference=name, edge=str(id_), outcome=outcome, by=officer.name
                )
                await mandates.trail.record(unit, event)
        if taken is None:
            _object(Why.CHANGED)


def is_late(proposal: Proposal, edge: Edge, now: datetime) -> bool:
    """Tell whether a mandate does not stand any more as it must for what is proposed."""
    return edge.state_at(now) not in LINES[proposal.act].from_ or _stopped_since(proposal, edge)


def _stopped_since(proposal: Proposal, edge: Edge) -> bool:
    """Tell whether it went on and stopped again since: who proposed to let it go on knew another reason."""
    return proposal.act is Act.RESUME and edge.since > proposal.at


def _same(officer: Officer, proposal: Proposal) -> bool:
    """Tell whether it is theirs: by the name in the catalogue, and by the person, who may have two."""
    return officer.name == proposal.by or officer.party == proposal.party


def _signers(edge: Edge) -> frozenset[PartyId]:
    """Return who gave, asked or signed a mandate in the name of one of its sides: a parent, a director."""
    signed = (edge.signed, edge.asked_by, None if edge.under is None else edge.under.by)
    return frozenset(each for each in signed if each is not None)


def _proposed(id_: EdgeId, made: Proposal) -> MandateOrderProposed:
    return MandateOrderProposed(
        at=made.at,
        reference=made.name,
        edge=str(id_),
        act=made.act.value,
        cause=made.cause.value,
        decision=made.decision,
        by=made.by,
    )


def _object(why: Why) -> NoReturn:
    detail = f"proposal: {why.value}"
    raise NotEntitled(detail, why=why.value)
