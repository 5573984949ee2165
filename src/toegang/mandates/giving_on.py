"""Giving on: who has a mandate that may be given on lets somebody else act, for the same or less, no longer.

What is given on rests on the mandate that it was given by: it falls when that falls, and is worth no more.
Who gave the first sees to whom, and ends it as any other; so does who gave it on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.acting import Actor
from toegang.mandates.finding import Found
from toegang.mandates.listing import given_on_by
from toegang.mandates.resting import MOST
from toegang.mandates.scope import Scope, ScopeKind
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.mandates.acting import Proposal
    from toegang.mandates.edge import Edge, EdgeId, Terms
    from toegang.mandates.finding import Typed
    from toegang.mandates.voluntary import Voluntary


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingOn:
    """The use cases, of a person in their own name."""

    voluntary: Voluntary

    async def held(self, actor: Actor, id_: EdgeId, now: datetime) -> Edge:
        """Return a mandate that somebody may give on now, with what is left of it by all that it rests on.

        Raises:
            NotEntitled: it is not theirs, does not hold now, may not be given on, or was given on too often.

        """
        edge = await self.voluntary.own(actor, id_, now)
        fits = edge.agent == actor.party and actor.by is None and edge.kind is EdgeKind.VOLUNTARY
        if not fits or not edge.terms.grants:
            _object(Why.NOT_YOURS)
        if not edge.effective(now):
            _object(Why.NOT_NOW)
        beneath = await self._beneath(edge)
        if len(beneath) >= MOST:
            _object(Why.CHAIN_TOO_LONG)
        return replace(edge, terms=self._left(edge.terms, beneath, now))

    async def by_number(self, actor: Actor, on: Edge, typed: Typed, now: datetime) -> Found:
        """Look for who is to act; nothing tells whether it is who gave the mandate, whose number one guesses.

        Raises:
            NotEntitled: it is oneself.
            TooManyTries, Unavailable.

        """
        found = await self.voluntary.finding.by_number(actor.party, typed, now)
        return found.but_not({on.principal})

    async def by_code(self, actor: Actor, on: Edge, code: str, now: datetime) -> Found:
        """Find who is to act by the code that they show.

        Raises:
            NotEntitled: it is oneself, or who gave the mandate.
            OneTimeGone, TooManyTries.

        """
        found = await self.voluntary.finding.by_code(actor.party, code, now)
        if found.party == on.principal:
            _object(Why.SELF_APPROVAL)
        return found

    async def give(self, actor: Actor, on: EdgeId, other: Found, wanted: Proposal, now: datetime) -> Edge:
        """T2: offer it in the name of who gave the first; no level is gained.

        Raises:
            NotEntitled: `why` says what is against it.
            Unavailable: a register does not answer.

        """
        held = await self.held(actor, on, now)
        if not wanted.restriction.within(held.terms.restriction):
            _object(Why.WIDER)
        level = min(actor.level, held.terms.worth)
        proposed = replace(wanted, level=level, kind=EdgeKind.VOLUNTARY, to_organisation=False)
        in_name = Actor(party=held.principal, level=actor.level, by=actor.party)
        return await self.voluntary.offer(in_name, other, proposed, now)

    async def _beneath(self, edge: Edge) -> list[Edge]:
        """Return by which mandates it was given on, the last first."""
        found: list[Edge] = []
        last: Edge | None = edge
        while last is not None and last.under is not None and last.under.edge is not None:
            last = await self.voluntary.mandates.edges.find(last.under.edge)
            found += () if last is None else (last,)
            if len(found) == MOST:
                break
        return found

    def _left(self, terms: Terms, beneath: Iterable[Edge], now: datetime) -> Terms:
        """P2: return the terms within those of what is beneath, which may have been made less since."""
        for each in beneath:
            reached = self.voluntary.services.reached(each.terms.scopes, now)
            keys = {Scope.of_service(service.id).key for service in reached}
            scopes = tuple(
                one for one in terms.scopes if one.kind is not ScopeKind.SERVICE or one.key in keys
            )
            if not scopes or not each.effective(now):
                _object(Why.NOT_NOW)
            level, until = min(terms.level, each.terms.worth), min(terms.until, each.terms.until)
            left = terms.restriction.narrowed(each.terms.restriction)
            if left.empty:
                _object(Why.NOTHING_LEFT)
            terms = replace(terms, scopes=scopes, level=level, until=until, restriction=left)
        return terms


def acting_on(edge: Edge, actor: Actor) -> Actor:
    """Return as whom somebody acts on a mandate: who gave it on does so in the name of its principal."""
    if actor.by is None and actor.party == given_on_by(edge):
        return Actor(party=edge.principal, level=actor.level, by=actor.party)
    return actor


def _object(why: Why) -> NoReturn:
    detail = f"mandate: {why.value}"
    raise NotEntitled(detail, why=why.value)
