"""Beginning mandates: one, or the same with several others at once, all in one unit or none.

Each is a mandate of its own from then on. What is against one of them is said of that one, and never tells
whether somebody has a number (L03).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.cosigning import cosigners, signing_beside
from toegang.mandates.demands import demands_of
from toegang.mandates.edge import Edge, EdgeId, State, Substitution, Terms
from toegang.mandates.life import Act
from toegang.mandates.moves import Judged, Move, Mover
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.acting import Actor, Proposal
    from toegang.mandates.finding import Found
    from toegang.mandates.law import Law
    from toegang.mandates.register import Mandates
    from toegang.mandates.voluntary import Voluntary
    from toegang.units import Unit

    Also = Callable[[Unit, Edge], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What is against beginning the one at this place among several; then none was begun."""

    place: int
    refusal: NotEntitled


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The use cases: `with_each` by whoever gives or asks, `with_one` of it alone."""

    voluntary: Voluntary

    async def with_one(  # noqa: PLR0913 what it is judged on
        self,
        actor: Actor,
        other: Found,
        wanted: Proposal,
        act: Act,
        now: datetime,
        *,
        also: Also | None = None,
    ) -> Edge:
        """T1, T2: begin one. `also` is done in the same unit.

        Raises:
            NotEntitled: `why` says what is against it on one's own side.
            Unavailable: a register does not answer.

        """
        made = await self.with_each(actor, [(other, wanted)], act, now, also=also)
        if isinstance(made, Against):
            raise made.refusal
        return made[0]

    async def with_each(
        self,
        actor: Actor,
        others: Sequence[tuple[Found, Proposal]],
        act: Act,
        now: datetime,
        *,
        also: Also | None = None,
    ) -> Sequence[Edge] | Against:
        """T1, T2: begin one with each of these, in this order; with nobody where somebody cannot be it.

        `also` is done in the same unit, with each.

        Raises:
            NotEntitled: what a mandate would follow up is not one's own.
            Unavailable: a register does not answer.

        """
        law = await self._law(actor, others, act, now)
        notes = [self._note(actor, found, act, now, also) for found, _ in others]
        # Who is to sign is counted on a page: whose number is typed cannot be one fewer (L03).
        signing = signing_beside(law, actor.party, actor.by, now) if act is Act.OFFER else frozenset()
        here = {actor.party, *signing} if actor.by is not None else set()
        for place, (found, _) in enumerate(others):
            # P27: that a number is one's own one knows.
            if act is Act.OFFER and found.party == actor.person:
                return Against(place=place, refusal=_refused(Why.SELF_APPROVAL))
        edges = [
            self._proposed(actor, found.but_not(here), wanted, act, law, now) for found, wanted in others
        ]
        return await self._at_once(actor, edges, notes, act, law, now)

    async def _law(
        self, actor: Actor, others: Sequence[tuple[Found, Proposal]], act: Act, now: datetime
    ) -> Law:
        """Ask what it all rests on: of organisations on the other side too, where it is in another's name."""
        door = self.voluntary
        await door.finding.meet(actor.person, now)
        law = await door.laws.over(actor.party, now)
        for other, wanted in others:
            firm = wanted.to_organisation if act is Act.OFFER else wanted.kind is not EdgeKind.VOLUNTARY
            if firm and actor.by is not None:
                law = await door.and_who_controls(law, other.party, now)
            if wanted.renews is not None:
                await door.own(actor, wanted.renews, now)
        return law

    async def _at_once(  # noqa: PLR0913, PLR0917 what they are judged on
        self,
        actor: Actor,
        edges: Sequence[Edge],
        notes: Sequence[Also],
        act: Act,
        law: Law,
        now: datetime,
    ) -> Sequence[Edge] | Against:
        mandates, place = self.voluntary.mandates, 0
        move = Move(act=act, by=mover(actor))
        ready: list[Judged] = []
        made: list[Edge] = []
        try:
            for place in range(len(edges)):
                meant = self.voluntary.services.reached(edges[place].terms.scopes, now)
                ready.append(await judged(mandates, edges[place], move, meant, now, law))
            async with mandates.units.begin() as unit:
                for place, each in enumerate(ready):
                    made.append(await mandates.keep(unit, each, also=notes[place]))
        except NotEntitled as refusal:
            return Against(place=place, refusal=refusal)
        return made

    def _note(self, actor: Actor, other: Found, act: Act, now: datetime, also: Also | None) -> Also:
        """Return what is done in the unit in which one begins."""
        door = self.voluntary

        async def note(unit: Unit, edge: Edge) -> None:
            await door.hints.begun(unit, edge, other, now)
            # Who acts for others uses up what is theirs, and nobody else's.
            if act is Act.OFFER and await door.finding.offers_too_much(unit, actor.person, now):
                _object(Why.TOO_OFTEN)
            await door.telling.tell_of(unit, edge, act, actor.person, now)
            if also is not None:
                await also(unit, edge)

        return note

    def _proposed(  # noqa: PLR0913, PLR0917 what it is made of
        self, actor: Actor, other: Found, wanted: Proposal, act: Act, law: Law, now: datetime
    ) -> Edge:
        mine = (actor.party, other.party) if act is Act.OFFER else (other.party, actor.party)
        if wanted.until <= max(wanted.from_, now):
            _object(Why.NOT_NOW)
        edge = Edge(
            id=EdgeId(self.voluntary.mandates.ids.uuid()),
            principal=mine[0],
            agent=mine[1],
            kind=wanted.kind,
            state=State.REQUESTED,
            terms=Terms(
                scopes=wanted.scopes,
                level=wanted.level,
                source_level=self._source_level(wanted, now),
                from_=wanted.from_,
                until=wanted.until,
                restriction=wanted.restriction,
                substitution=Substitution.EMPLOYEES if wanted.to_organisation else Substitution.NONE,
                grants=wanted.grants,
            ),
            initiator=actor.party,
            nobody=other.addressed,
            since=now,
            renews=wanted.renews,
            text_hash=hashlib.sha256(wanted.read.encode()).digest(),
        )
        asked = cosigners(law, edge, actor.by, now) if act is Act.OFFER else frozenset()
        return replace(edge, co_principals=asked)

    def _source_level(self, wanted: Proposal, now: datetime) -> Level:
        """Return what it is worth at most: of who helps people the services say so."""
        meant = self.voluntary.services.reached(wanted.scopes, now)
        demands = demands_of(each.representation for each in meant if each.representation is not None)
        helped = wanted.kind is EdgeKind.HELPER and demands is not None
        return demands.helper_level if helped and demands is not None else Level.HIGH


async def judged(  # noqa: PLR0913, PLR0917 what it is judged on
    mandates: Mandates, edge: Edge, move: Move, meant: Sequence[Service], now: datetime, law: Law
) -> Judged:
    """T1, T2: judge a mandate that begins; of whom a number was typed as if nobody had it (L03).

    With whom it is, it is where nothing more is against that, else with nobody: what is told, and the work,
    is the same. P29: so it is with nobody where they declined what a code asked, or were asked so too often.

    Raises:
        NotEntitled: `why` says what is against it.

    """
    principal, agent = edge.addressed
    told = await mandates.may_begin(replace(edge, principal=principal, agent=agent), move, meant, now, law)
    if edge.nobody is None:
        return told
    welcome = move.act is not Act.REQUEST or await mandates.edges.may_be_asked(edge, now)
    try:
        theirs = await mandates.may_begin(edge, move, meant, now, law)
    except NotEntitled:
        return told
    return theirs if welcome else told


def mover(actor: Actor) -> Mover:
    """Return as whom somebody does something."""
    return Mover(party=actor.person, behalf=actor.party, level=actor.level)


def _object(why: Why) -> NoReturn:
    raise _refused(why)


def _refused(why: Why) -> NotEntitled:
    detail = f"mandate: {why.value}"
    return NotEntitled(detail, why=why.value)
