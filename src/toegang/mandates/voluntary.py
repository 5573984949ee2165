"""Voluntary mandates as people give, ask, answer, change and end them for themselves.

Each use case asks what the law gives now, makes the one move of life.py that it is for, and tells whom it
concerns in the same unit. Ending never waits for a register, and asks no level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from toegang.errors import NotEntitled, Unavailable
from toegang.mandates import matters
from toegang.mandates.acting import Actor, Proposal
from toegang.mandates.answering import agreement, ending
from toegang.mandates.beginning import Beginning, mover
from toegang.mandates.demands import demands_of, within
from toegang.mandates.edge import Edge, EdgeId, State, Terms
from toegang.mandates.law import NOT_ASKED
from toegang.mandates.letter_codes import Asked, said
from toegang.mandates.life import Act
from toegang.mandates.listing import concerned
from toegang.mandates.moves import Move
from toegang.mandates.party import PartyKind
from toegang.mandates.telling import QUIET
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.finding import Finding, Found
    from toegang.mandates.hints import Hints
    from toegang.mandates.law import Law
    from toegang.mandates.letter_codes import LetterCodes
    from toegang.mandates.listing import Cut, Leaf, Listing
    from toegang.mandates.party import PartyId
    from toegang.mandates.register import Mandates
    from toegang.mandates.scope import Restriction, Scope
    from toegang.mandates.stores import Laws, Lists, Mandatable
    from toegang.mandates.telling import Telling
    from toegang.post.readers import Readers
    from toegang.units import Unit

    Also = Callable[[Unit, Edge], Awaitable[None]]

__all__ = ["Actor", "Proposal", "Voluntary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voluntary:
    """The use cases."""

    mandates: Mandates
    lists: Lists
    finding: Finding
    letters: LetterCodes
    telling: Telling
    laws: Laws
    services: Mandatable
    readers: Readers
    hints: Hints

    async def page(self, actor: Actor, listing: Listing, cut: Cut, now: datetime) -> Leaf:
        """Return the next mandates on one of somebody's own lists, and where it goes on."""
        return await matters.leaf(self.lists, self.services, actor, listing, cut, now)

    async def own(self, actor: Actor, id_: EdgeId, now: datetime) -> Edge:
        """Return a mandate that concerns somebody.

        Raises:
            NotEntitled: it does not, or there is none; never said which.

        """
        edge = await self.mandates.edges.find(id_)
        if edge is None or actor.party not in concerned(edge):
            _object(Why.NOT_YOURS)
        if not matters.concerns(actor, edge.terms.scopes, self.services, now):
            _object(Why.NOT_YOURS)
        return edge

    async def hint(self, edge: Edge, now: datetime) -> str | None:
        """Return what stands for the other side towards who began: None once both know each other."""
        kept = await self.hints.find(edge, now)
        return None if kept is None else kept.ending

    async def offer(self, actor: Actor, other: Found, wanted: Proposal, now: datetime) -> Edge:
        """T2: offer somebody a mandate to act for oneself.

        Raises:
            NotEntitled: `why` says what is against it on one's own side.
            Unavailable: a register does not answer.

        """
        return await Beginning(voluntary=self).with_one(actor, other, wanted, Act.OFFER, now)

    async def request(self, actor: Actor, other: Found, wanted: Proposal, now: datetime) -> Edge:
        """T1: ask somebody for a mandate to act for them.

        Raises:
            NotEntitled: `why` says what is against it on one's own side.
            Unavailable: a register does not answer.

        """
        return await Beginning(voluntary=self).with_one(actor, other, wanted, Act.REQUEST, now)

    async def send_letter(self, actor: Actor, id_: EdgeId, seen: int, now: datetime) -> Edge:
        """T4: have a code sent by letter to who is asked; what is told is the same whether one goes.

        Raises:
            NotEntitled: `why` says what is against it.
            TooManyTries: too many letters were asked for.
            Unavailable: a register does not answer.

        """
        edge = await self.own(actor, id_, now)
        _check_own_name(actor)
        if edge.agent != actor.party or edge.state_at(now) is not State.REQUESTED or edge.version != seen:
            _object(Why.NOT_YOURS if edge.agent != actor.party else Why.CHANGED)
        # Counted before a register is asked: whether there is anybody to write to takes its time (L03).
        await self.letters.ask(edge, now)
        me, to = await self.finding.registered_both(actor.party, edge.principal)
        meant, reads = self._meant(edge.terms.scopes, now), await self.readers.of(edge.principal)
        asked = Asked(
            asker="" if me is None else me.names.full,
            services=said(edge.terms.scopes, self.services.called, reads.language),
            reads=reads,
        )

        async def write(unit: Unit, sent: Edge) -> None:
            await self.letters.send(unit, sent, to, asked, now)

        law = await self.laws.over(actor.party, now)
        return await self.mandates.move(
            id_, seen, Move(act=Act.SEND_LETTER, by=mover(actor)), meant, now, law, also=write
        )

    async def activate(self, actor: Actor, id_: EdgeId, seen: int, code: str, now: datetime) -> Edge:
        """T5: take a mandate by the code of its letter.

        Raises:
            OneTimeGone: the code is another, too old, or was guessed at too often.
            NotEntitled: `why` says what is against it.
            Unavailable: a register does not answer.

        """
        edge = await self.own(actor, id_, now)
        _check_own_name(actor)
        meant = self._meant(edge.terms.scopes, now)
        about = within(edge.kind, edge.terms.scopes, meant, edge.terms.worth)
        demands = demands_of(each.representation for each in about if each.representation is not None)
        if edge.agent != actor.party or edge.state_at(now) is not State.CODE_SENT or demands is None:
            _object(Why.NOT_NOW)
        await self.finding.meet(actor.person, now)
        # Before a register is asked of the other: whether there is anybody takes its time (L03).
        await self.letters.guess(edge, code, now)
        law = (await self.laws.over(edge.principal, now)).and_(await self.laws.over(actor.party, now))
        move = Move(act=Act.ACTIVATE, by=mover(actor), letter=demands.letter_level)
        return await self.mandates.move(id_, seen, move, meant, now, law, also=self._told(move, actor, now))

    async def agree(self, actor: Actor, id_: EdgeId, seen: int, now: datetime) -> Edge:
        """T3, T6, T7: approve what was asked, accept what was offered, or consent beside the principal.

        Raises:
            NotEntitled: `why` says what is against it.
            Unavailable: a register does not answer.

        """
        edge = await self.own(actor, id_, now)
        await self.finding.meet(actor.person, now)
        law = await self.laws.over(edge.principal, now)
        if edge.agent == actor.party or actor.by is not None:
            law = law.and_(await self.laws.over(actor.party, now))
        if edge.agent != actor.party and (edge.state is State.AWAITING_COSIGN or actor.by is not None):
            law = await self.and_who_controls(law, edge.agent, now)
        move = agreement(edge, mover(actor), law, now)
        return await self._move(edge, seen, move, actor, law, now)

    async def shorten(self, actor: Actor, id_: EdgeId, seen: int, until: datetime, now: datetime) -> Edge:
        """T11: let a mandate end earlier; either side may.

        Raises:
            NotEntitled: `why` says what is against it; nothing ends before now, as if it had not held.

        """
        edge = await self.own(actor, id_, now)
        if until <= now:
            _object(Why.NOT_NOW)
        return await self._restrict(actor, edge, seen, replace(_checked(edge, until), until=until), now)

    async def drop(self, actor: Actor, id_: EdgeId, seen: int, scope: Scope, now: datetime) -> Edge:
        """T11: take one of several services out of a mandate; either side may.

        Raises:
            NotEntitled: `why` says what is against it; the last one is not taken out.

        """
        edge = await self.own(actor, id_, now)
        left = tuple(each for each in edge.terms.scopes if each.key != scope.key)
        if not left or len(left) == len(edge.terms.scopes):
            _object(Why.NOT_NOW)
        return await self._restrict(actor, edge, seen, replace(edge.terms, scopes=left), now)

    async def limit(
        self, actor: Actor, id_: EdgeId, seen: int, restriction: Restriction, now: datetime
    ) -> Edge:
        """T11: let who acts do less there; either side may.

        Raises:
            NotEntitled: `why` says what is against it: it was as narrow already, or would be wider.

        """
        edge = await self.own(actor, id_, now)
        if restriction == edge.terms.restriction:
            _object(Why.NOT_NOW)
        return await self._restrict(actor, edge, seen, replace(edge.terms, restriction=restriction), now)

    async def extend(self, actor: Actor, id_: EdgeId, seen: int, until: datetime, now: datetime) -> Edge:
        """T11: let a mandate in force last longer, by a fresh consent of the principal.

        Raises:
            NotEntitled: `why` says what is against it.
            Unavailable: a register does not answer.

        """
        edge = await self.own(actor, id_, now)
        await self.finding.meet(actor.person, now)
        level = min(edge.terms.level, actor.level)
        terms = replace(_checked(edge, until), until=until, level=level)
        law = await self.laws.over(edge.principal, now)
        if actor.by is not None:
            law = await self.and_who_controls(law, edge.agent, now)
        return await self._move(
            edge, seen, Move(act=Act.EXTEND, by=mover(actor), terms=terms), actor, law, now
        )

    async def end(
        self, actor: Actor, id_: EdgeId, seen: int, now: datetime, *, also: Also | None = None
    ) -> Edge:
        """T8, T9, T12, T13: end what one gave, asked, got or was offered; never for want of a level.

        `also` is done in the same unit.

        Raises:
            NotEntitled: it is not one's own, ended already, or somebody was first.

        """
        edge = await self.own(actor, id_, now)
        move = Move(act=ending(edge, mover(actor)), by=mover(actor))
        return await self._move(edge, seen, move, actor, await self._ending_law(actor, now), now, also)

    async def _restrict(self, actor: Actor, edge: Edge, seen: int, terms: Terms, now: datetime) -> Edge:
        move, law = Move(act=Act.RESTRICT, by=mover(actor), terms=terms), await self._ending_law(actor, now)
        if actor.by is not None:
            other = edge.principal if edge.agent == actor.party else edge.agent
            law = await self.and_who_controls(law, other, now)
        return await self._move(edge, seen, move, actor, law, now)

    async def and_who_controls(self, law: Law, other: PartyId, now: datetime) -> Law:
        """P27: ask besides who controls an organisation on the other side.

        Nobody controls a person, and of a number that was typed an answer, or its time, would tell that it is
        somebody's (L03).
        """
        known = (await self.mandates.parties.of((other,))).get(other)
        person = known is not None and known.kind is PartyKind.PERSON
        return law if person else law.and_(await self.laws.over(other, now))

    async def _ending_law(self, actor: Actor, now: datetime) -> Law:
        """Ask nothing for what is one's own; in another's name, whether they may act in it now."""
        return NOT_ASKED if actor.by is None else await self.laws.over(actor.party, now)

    async def _move(  # noqa: PLR0913, PLR0917 what it is judged on
        self,
        edge: Edge,
        seen: int,
        move: Move,
        actor: Actor,
        law: Law,
        now: datetime,
        also: Also | None = None,
    ) -> Edge:
        quiet = move.act in QUIET and any([await self.is_quiet(each) for each in {actor.party, actor.person}])
        meant, told = self._meant(edge.terms.scopes, now), self._told(move, actor, now, quiet)

        async def note(unit: Unit, after: Edge) -> None:
            await told(unit, after)
            if also is not None:
                await also(unit, after)

        return await self.mandates.move(edge.id, seen, move, meant, now, law, also=note)

    def _told(self, move: Move, actor: Actor, now: datetime, quiet: bool = False) -> Also:  # noqa: FBT001, FBT002
        async def tell(unit: Unit, edge: Edge) -> None:
            await self.hints.moved(unit, edge, move.act, now)
            if not quiet:
                await self.telling.tell_of(unit, edge, move.act, actor.person, now)

        return tell

    async def is_quiet(self, party: PartyId) -> bool:
        """P30: tell whether the other side is not told, by us, that this person took something away."""
        try:
            registered = await self.finding.registered(party)
        except Unavailable:
            return True  # who may be protected is treated so
        return registered is not None and registered.address_secret

    def _meant(self, scopes: Sequence[Scope], now: datetime) -> Sequence[Service]:
        return self.services.reached(scopes, now)


def _check_own_name(actor: Actor) -> None:
    """T4, T5: refuse a letter in another's name: its code stands for the consent of one person."""
    if actor.by is not None:
        _object(Why.NOT_NOW)


def _checked(edge: Edge, until: datetime) -> Terms:
    if until <= edge.terms.from_:
        _object(Why.NOT_NOW)
    return edge.terms


def _object(why: Why) -> NoReturn:
    detail = f"mandate: {why.value}"
    raise NotEntitled(detail, why=why.value)
