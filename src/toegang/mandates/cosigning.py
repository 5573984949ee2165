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


def cosigners(law: Law, principal: PartyId, by: PartyId | None, now: datetime) -> frozenset[PartyId]:
    """BW-2:240: return who must agree besides a director who may not act alone; nobody where they may.

    Where the register asks fewer than all of them, all agree all the same: who it is to be, nobody said.
    """
    mine = [link for link in _directors(law.links, principal, now) if link.agent == by]
    if not mine or any(link.needed == 1 for link in mine):
        return frozenset()
    return frozenset(link.agent for link in _directors(law.links, principal, now)) - {
        link.agent for link in mine
    }


def sign_together(link: Link, edge: Edge, others: Iterable[Link], now: datetime) -> bool:
    """P11: tell whether enough directors whom the register names now are to agree besides this one."""
    known = {each.agent for each in _directors(others, edge.principal, now)} - {link.agent}
    enough = len(edge.co_principals) + 1 >= link.needed
    return link.kind is EdgeKind.STATUTORY and enough and edge.co_principals <= known


def required(law: Law, edge: Edge, now: datetime) -> frozenset[PartyId]:
    """T7: return whom the register names now of those who were asked; nobody when too few are left.

    Whoever signed first for an organisation is none of those who were asked: where it names nobody else, they
    left.
    """
    directors = _directors(law.links, edge.principal, now)
    if not directors:
        return edge.co_principals & _beside(law.links, edge.principal, now)
    named, least = {each.agent for each in directors}, min((each.needed for each in directors), default=1)
    left = edge.co_principals & named
    first = bool(named - edge.co_principals)
    return left if least == 1 or (first and len(left) + 1 >= least) else frozenset()


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
