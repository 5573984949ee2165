"""Matters: what somebody sees and ends in another's name by order of a court, which is over some only.

BW-1:438, BW-1:453: an administrator decides on property, a mentor on care. A mandate that reaches nothing of
theirs does not concern them: it is on no list of theirs and at no address. Of one that reaches more than
that they see that it is there, and end nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.audit.events import MandateUsed
from toegang.catalogue.representation import EdgeKind, Power
from toegang.mandates.listing import Leaf, listed, place_of
from toegang.mandates.scope import Scope, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.mandates.acting import Actor
    from toegang.mandates.edge import Edge
    from toegang.mandates.link import Link
    from toegang.mandates.listing import Cut, Listing
    from toegang.mandates.stores import Lists, Mandatable

MOST_LOOKS = 20
"""Parts of a list that are looked through for one page."""


def over(held: Iterable[Link]) -> frozenset[Power] | None:
    """Return over which matters somebody stands in by all that they hold; None: over everything."""
    powers: set[Power] = set()
    for link in held:
        if not link.by_law or link.kind is not EdgeKind.COURT:
            return None
        powers |= link.powers
    return None if powers >= set(Power) else frozenset(powers)


def concerns(actor: Actor, scopes: Iterable[Scope], services: Mandatable, now: datetime) -> bool:
    """Tell whether something that these scopes reach is over nothing but what is theirs."""
    if actor.over is None:
        return True
    rules = (each.representation for each in services.reached(scopes, now))
    return any(each is not None and each.about <= actor.over for each in rules)


async def leaf(  # noqa: PLR0913, PLR0917 what it is cut from
    lists: Lists, services: Mandatable, actor: Actor, listing: Listing, cut: Cut, now: datetime
) -> Leaf:
    """Return the next of a list that concern who asks, and where to go on when there may be more.

    A page is short where much that is not theirs stands between: then it says so, and no list ends there.
    """
    found: list[Edge] = []
    further = replace(cut, size=cut.size + 1)
    for _ in range(MOST_LOOKS):
        some = await lists.page(actor.party, listing, further, now)
        mine = (each for each in some if listed(each, actor.party, now) is listing)
        found += [each for each in mine if concerns(actor, each.terms.scopes, services, now)]
        if len(found) > cut.size:
            return Leaf(edges=tuple(found[: cut.size]), last=place_of(found[cut.size - 1]))
        if len(some) < further.size:
            return Leaf(edges=tuple(found))
        further = replace(further, last=place_of(some[-1]))
    return Leaf(edges=tuple(found), last=further.last)


def acts_for(actor: Actor, events: Iterable[Event], services: Mandatable, now: datetime) -> list[MandateUsed]:
    """Return those of these events in which somebody acted for this party, that concern who asks."""
    return [
        each
        for each in events
        if isinstance(each, MandateUsed)
        and each.principal.value == str(actor.party)
        and concerns(actor, (Scope(ScopeKind.SERVICE, each.service),), services, now)
    ]
