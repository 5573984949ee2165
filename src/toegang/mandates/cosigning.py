"""Signing together: directors who may not act alone, and who of them must agree besides (T7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link
    from toegang.mandates.party import PartyId


def cosigners(law: Law, edge: Edge, by: PartyId | None, now: datetime) -> frozenset[PartyId]:
    """BW-2:240: return who must agree besides a director who may not act alone; nobody where they may.

    Where the register asks fewer than all of them, all agree all the same: who it is to be, nobody said. P27:
    except those who are on the other side too, as far as the law says who is.
    """
    return signing_beside(law, edge.principal, by, now) - on_the_other_side(law, edge, now)


def signing_beside(law: Law, principal: PartyId, by: PartyId | None, now: datetime) -> frozenset[PartyId]:
    """Return the other directors, where this one may not act alone; whoever the other side is."""
    directors = _directors(law.links, principal, now)
    mine = [link for link in directors if link.agent == by]
    if not mine or any(link.needed == 1 for link in mine):
        return frozenset()
    return frozenset({link.agent for link in directors} - {by})


def on_the_other_side(law: Law, edge: Edge, now: datetime) -> frozenset[PartyId]:
    """P27: return who acts, who asked in the name of who acts, and who controls that one alone."""
    alone = controllers(law, edge.agent, now)
    return frozenset({edge.agent, *alone, *(() if edge.asked_by is None else (edge.asked_by,))})


def controllers(law: Law, party: PartyId, now: datetime) -> frozenset[PartyId]:
    """Return who controls an organisation alone; of a person that is nobody."""
    return frozenset(link.agent for link in _directors(law.links, party, now) if link.needed == 1)


def directing(law: Law, party: PartyId, now: datetime) -> frozenset[PartyId]:
    """Return who directs an organisation, alone or together with others."""
    return frozenset(link.agent for link in _directors(law.links, party, now))


def sign_together(
    link: Link, principal: PartyId, asked: frozenset[PartyId], others: Iterable[Link], now: datetime
) -> bool:
    """P11: tell whether enough directors whom the register names now are to agree besides this one."""
    known = {each.agent for each in _directors(others, principal, now)} - {link.agent}
    enough = len(asked) + 1 >= link.needed
    return link.kind is EdgeKind.STATUTORY and enough and asked <= known


def required(law: Law, edge: Edge, now: datetime) -> frozenset[PartyId]:
    """T7: return whom the register names now of those who were asked; nobody when too few are left.

    Whoever signed first for an organisation is none of those who were asked: where they are no director any
    more, nobody signs.
    """
    directors = _directors(law.links, edge.principal, now)
    if not directors:
        return edge.co_principals & _beside(law.links, edge.principal, now)
    named = {each.agent for each in directors}
    left = edge.co_principals & named
    # Of what was signed before this was kept, whoever else the register names may be who signed.
    first = bool(named - edge.co_principals) if edge.signed is None else edge.signed in named
    # By those who sign: what another director may do alone, these may not.
    least = min((each.needed for each in directors if each.agent in {*left, edge.signed}), default=1)
    alone = any(each.agent in left and each.needed == 1 for each in directors)
    return left if alone or (first and len(left) + 1 >= least) else frozenset()


def _beside(links: Iterable[Link], principal: PartyId, now: datetime) -> frozenset[PartyId]:
    """Return who decides beside a person by law; of an organisation that is for its directors alone."""
    return frozenset(
        each.agent
        for each in links
        if each.principal == principal
        and not each.kind.within_organisation
        and each.certain
        and each.covers(now)
    )


def _directors(links: Iterable[Link], principal: PartyId, now: datetime) -> list[Link]:
    return [
        each
        for each in links
        if (each.kind, each.principal) == (EdgeKind.STATUTORY, principal)
        and each.certain
        and each.covers(now)
    ]
