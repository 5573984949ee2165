"""Resting: on what a mandate stands that somebody gave in another's name, looked up when it is read.

Such a mandate is worth no more than what its giver still has: the mandate that they gave it by, or what the
law gives them. When that ends the other has ended too, and nothing is written for it. A director gives as the
organisation itself, so what an organisation gave stays when its director leaves (BW-2:240, BW-3:72).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import EdgeId, State, Under
from toegang.mandates.life import Act
from toegang.mandates.link import Link, Path, link_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.law import Law
    from toegang.mandates.moves import Move
    from toegang.mandates.stores import Edges

MOST: Final = 3
"""How often a mandate is given on, each time by virtue of the one before."""

_BY_CONSENT: Final = frozenset({Act.OFFER, Act.APPROVE, Act.EXTEND})


def ground_of(link: Link) -> Under | None:
    """Return what a mandate rests on that is given by this authority; None: on whom it is given for alone."""
    if link.kind is EdgeKind.STATUTORY:
        return None
    return Under(by=link.agent, kind=link.ground, edge=link.edge)


def given_by(edge: Edge, move: Move, ground: Under | None) -> Edge:
    """Return an edge with what it rests on once this is done: what the principal takes over is their own.

    P27: until its principal answers, a request keeps who asked it in its agent's name.
    """
    if move.act is Act.REQUEST:
        return replace(edge, under=ground)
    if move.act is Act.ACTIVATE:
        return replace(edge, under=None)
    consents = move.act in _BY_CONSENT and move.by.behalf == edge.principal
    return replace(edge, under=ground) if consents else edge


async def standing(paths: Iterable[Path], edges: Edges, law: Law) -> list[Path]:
    """Return the paths with what their links rest on, in every way in which they do."""
    found = list(paths)
    known = await _beneath(edges, {link.under.edge for path in found for link in path if link.under})
    return [way for path in found for way in product(*(ways(link, known, law) for link in path))]


def ways(link: Link, known: Mapping[EdgeId, Edge], law: Law, left: int = MOST) -> Sequence[Link]:
    """Return a link in every way in which it stands; in one, ended by law, when it stands no more (T16)."""
    if link.under is None:
        return (link,)
    beneath = _supports(link, link.under, known, law, left) if left else ()
    stands = [replace(link, rests_on=(each, *each.rests_on)) for each in beneath]
    if stands or link.state is not State.ACTIVE:
        return stands or (link,)
    return (replace(link, state=State.TERMINATED_BY_LAW),)


async def fallen(found: Collection[Edge], edges: Edges, now: datetime) -> frozenset[EdgeId]:
    """Return those of them that were given on by a mandate that is over, or that fell itself."""
    known = await _beneath(edges, {each.under.edge for each in found if each.under})

    def fell(edge: Edge) -> bool:
        if edge.under is None or edge.under.edge is None:
            return False
        beneath = known.get(edge.under.edge)
        if beneath is None or beneath.state is not State.ACTIVE or beneath.terms.until <= now:
            return True
        return fell(beneath)

    return frozenset(each.id for each in found if fell(each))


def _supports(link: Link, under: Under, known: Mapping[EdgeId, Edge], law: Law, left: int) -> Sequence[Link]:
    if under.edge is None:
        found: Iterable[Link] = (each for each in law.links if each.kind is under.kind)
    else:
        edge = known.get(under.edge)
        found = () if edge is None else ways(link_of(edge), known, law, left - 1)
    ends = (link.principal, under.by)
    return [each for each in found if (each.principal, each.agent) == ends and each.needed == 1]


async def _beneath(edges: Edges, first: set[EdgeId | None]) -> Mapping[EdgeId, Edge]:
    """Return the mandates by which others were given, the ones by which these were, and so on."""
    known: dict[EdgeId, Edge] = {}
    wanted = first - {None}
    for _ in range(MOST):
        if not wanted:
            break
        found = await edges.of(each for each in wanted if each is not None)
        known |= found
        wanted = {each.under.edge for each in found.values() if each.under} - known.keys() - {None}
    return known
