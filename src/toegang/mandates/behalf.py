"""On behalf: by what somebody acts in another's name when a mandate is given, answered or taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.mandates.giving import (
    about,
    authority_for,
    by_order,
    deals_with_themselves,
    is_known_who_deals,
    may_still_decide,
    may_take_it_on,
    may_touch,
)
from toegang.mandates.life import Act
from toegang.mandates.link import link_of
from toegang.mandates.party import PartyKind
from toegang.mandates.resting import ground_of, standing
from toegang.mandates.scope import Scope, covering
from toegang.mandates.why import Objection, Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.edge import Edge, Under
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link
    from toegang.mandates.moves import Move, Mover
    from toegang.mandates.stores import Edges, Parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Behalf:
    """Asks, of who stands in for another, by what they do."""

    edges: Edges
    parties: Parties

    async def own(self, by: Mover, law: Law) -> Sequence[Link]:
        """Return by which mandates somebody can act in the name that they act in."""
        if by.own_name or by.behalf is None or by.party is None:
            return ()
        given = await self.edges.live(by.behalf, by.party)
        return [path[0] for path in await standing([(link_of(edge),) for edge in given], self.edges, law)]

    async def ground(  # noqa: PLR0913, PLR0917 what it is judged on
        self,
        edge: Edge,
        move: Move,
        meant: Sequence[Service],
        now: datetime,
        own: Sequence[Link],
        law: Law,
    ) -> Under | Objection | None:
        """P3: ask whether the principal decides on it, and of who stands in for another, by what."""
        by, terms = move.by, edge.terms if move.terms is None else move.terms
        lost = may_still_decide(edge, move, about(terms.scopes, meant), law, now)
        why = lost or may_take_it_on(edge, move, law, now) or deals_with_themselves(edge, move, law, now)
        if why is not None:
            return Objection(why)
        if move.act is Act.CONSENT and not await self._knows_who_controls(edge, law):
            return Objection(Why.REGISTER_SILENT)
        if by.own_name or by.party is None:
            return None
        other = edge.agent if by.behalf != edge.agent else edge.principal
        known = await self.parties.of((by.party, other))
        if by.party not in known:
            return Objection(Why.PARTY_UNKNOWN)
        if not is_known_who_deals(known.get(other), move, law):
            return Objection(Why.REGISTER_SILENT)
        court = by_order(law.links, by, now)
        over = [each for each in law.links if may_touch(each, move, terms, meant, court)]
        covered = {Scope.of_service(service.id).key: covering(service) for service in meant}
        found = authority_for(edge, move, [*own, *over], covered, known[by.party], now)
        return Objection(found) if isinstance(found, Why) else ground_of(found)

    async def _knows_who_controls(self, edge: Edge, law: Law) -> bool:
        """P27: tell whether it was asked who controls who is to act, where that is an organisation."""
        agent = (await self.parties.of((edge.agent,))).get(edge.agent)
        person = agent is not None and agent.kind is PartyKind.PERSON
        return person or law.tells_who_controls(edge.agent)
