"""Giving for another: nobody gives, approves or takes more in somebody's name than they may themselves.

A party acts for the side of another by authority of its own: what the law gives, or an edge that may be given
on (`grants`). It is measured by the same rule whether a mandate begins, is approved or is made longer.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind, Power
from toegang.mandates.cosigning import on_the_other_side, sign_together
from toegang.mandates.edge import State
from toegang.mandates.legal.authority import Basis
from toegang.mandates.life import ENDING, Act
from toegang.mandates.party import PartyKind, Standing
from toegang.mandates.resting import MOST
from toegang.mandates.scope import EVERYTHING, ScopeKind
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.edge import Edge, Terms
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link
    from toegang.mandates.moves import Move, Mover
    from toegang.mandates.party import Party
    from toegang.mandates.scope import Covering, Scope

_IN_PERSON: Final = frozenset({Basis.PROXY, Basis.AUTHORISED_HEIR})
"""BW-3:64: who was given authority themselves, and by no law of their own, gives none of it on."""

_FOR_PERSONS: Final = frozenset({EdgeKind.COURT, EdgeKind.PARENTAL, EdgeKind.ESTATE})
_TAKING: Final = frozenset({Act.REQUEST, Act.ACCEPT, Act.ACTIVATE})
_TAKING_AWAY: Final = ENDING | {Act.RESTRICT}
_GIVING: Final = frozenset({Act.OFFER, Act.APPROVE, Act.ACTIVATE, Act.CONSENT, Act.EXTEND})


def authority_for(  # noqa: PLR0913, PLR0917 what it rests on
    edge: Edge,
    move: Move,
    own: Iterable[Link],
    covered: dict[str, tuple[Covering, ...]],
    by: Party,
    now: datetime,
) -> Link | Why:
    """P3: return by what `by` may act in another's name, or what is against it.

    `own` are their authorities over the one in whose name they act, `covered` what reaches each service that
    the mandate names.
    """
    if not by.is_adult(now) or by.standing_at(now) is not Standing.ABLE:
        return Why.NOT_CAPABLE
    known = tuple(own)
    held = sorted((link for link in known if _holds(link, move, edge, known, now)), key=_lasting)
    if move.act in _TAKING_AWAY:
        held = [link for link in held if _is_over(link, edge, covered)]
    if not held:
        return Why.NOT_YOURS
    if move.act in ENDING or move.by.behalf != edge.principal:
        return held[0]
    terms = edge.terms if move.terms is None else move.terms
    return next((link for link in held if _within(terms, link, covered)), Why.WIDER)


def is_over_all(link: Link, scopes: Iterable[Scope], meant: Sequence[Service]) -> bool:
    """BW-1:438, BW-1:453: tell whether what the law gives is over all that a mandate is for.

    P3: who acts for a person by law has nobody do what no service lets them do themselves.
    """
    rules = [each.representation for each in meant if each.representation is not None]
    closed = any(each.excluded or link.kind not in each.kinds for each in rules)
    return link.powers >= about(scopes, meant) and not (closed and link.kind in _FOR_PERSONS)


def may_touch(
    link: Link, move: Move, terms: Terms, meant: Sequence[Service], court: frozenset[Power]
) -> bool:
    """BW-1:438, BW-1:453: tell whether what the law gives reaches as far as what is done with a mandate.

    To end one it need not be admitted anywhere; but who decides on some matters by order of a court ends
    nothing that is about others. `court` are the matters of all their orders: who has property and care in
    hand, by two orders, ends what is for both.
    """
    if move.act not in ENDING:
        return is_over_all(link, terms.scopes, meant)
    return link.kind is not EdgeKind.COURT or court >= about(terms.scopes, meant)


def by_order(links: Iterable[Link], by: Mover, now: datetime) -> frozenset[Power]:
    """Return over which matters somebody decides for another by orders of a court, all together."""
    orders = (each for each in links if each.kind is EdgeKind.COURT and each.certain and each.covers(now))
    mine = (each for each in orders if (each.agent, each.principal) == (by.party, by.behalf))
    return frozenset({power for each in mine for power in each.powers})


def about(scopes: Iterable[Scope], meant: Iterable[Service]) -> frozenset[Power]:
    """Return what a mandate is for: what is wider than single services is for everything."""
    if any(scope.kind is not ScopeKind.SERVICE for scope in scopes):
        return frozenset(Power)
    rules = [each.representation for each in meant if each.representation is not None]
    return frozenset({power for each in rules for power in each.about})


def may_still_decide(edge: Edge, move: Move, about_: frozenset[Power], law: Law, now: datetime) -> Why | None:
    """P25, BW-1:438, BW-1:453: tell what is against giving what a court put in other hands.

    Those hands themselves are measured by `authority_for`. What a register doubts takes away all the same,
    and where it is silent nobody gives anything.
    """
    if move.act not in _GIVING:
        return None
    unsure = law.unsure(edge.principal)
    court = [
        link
        for link in law.links
        if link.kind is EdgeKind.COURT and link.principal == edge.principal and link.covers(now)
    ]
    theirs = move.by.behalf == edge.principal and any(link.agent == move.by.party for link in court)
    if unsure is not None or theirs:
        return unsure
    lost = law.capacity(edge.principal).has_lost(about_, now)
    return Why.OVERRULED if lost or any(link.overrules or link.powers & about_ for link in court) else None


def deals_with_themselves(edge: Edge, move: Move, law: Law, now: datetime) -> Why | None:
    """P27: nobody stands on both sides, also not through an organisation that they control alone.

    Who gives in another's name gives nothing to their own organisation, nor takes it for that one, and does
    not give what they asked in the name of a third, nor agree to it beside who gives it; nor does who signs
    for one side, first or besides, take it for the other. What somebody gives of their own to their own
    organisation is their affair.
    """
    by = move.by
    if move.act is Act.CONSENT and by.party in on_the_other_side(law, edge, now):
        return Why.SELF_APPROVAL
    if by.own_name or move.act in ENDING:
        return None
    controlled = {
        link.principal
        for link in law.links
        if link.kind is EdgeKind.STATUTORY and (link.agent, link.needed) == (by.party, 1) and link.covers(now)
    }
    began = edge.under is not None and edge.under.by == by.party
    if by.behalf == edge.agent:
        signs = by.party == edge.signed or by.party in edge.co_principals
        mine = began or signs or edge.principal in controlled
    else:
        asked = began or edge.asked_by == by.party
        mine = (asked and move.act is Act.APPROVE) or edge.agent in controlled
    return Why.SELF_APPROVAL if mine else None


def is_known_who_deals(other: Party | None, move: Move, law: Law) -> bool:
    """P25, P27: tell whether it was asked who controls the other side, before somebody acts for this one.

    So whoever makes a mandate in another's name and forgets to ask makes none. People are controlled by
    nobody.
    """
    person = other is not None and other.kind is PartyKind.PERSON
    return person or move.act in ENDING or (other is not None and law.tells_who_controls(other.id))


def may_take_it_on(edge: Edge, move: Move, law: Law, now: datetime) -> Why | None:
    """P25, BW-1:381: tell what is against taking a mandate; nobody does under curatele."""
    taken = move.accepted or (move.act in _TAKING and move.by.behalf == edge.agent)
    if not taken:
        return None
    incapable = law.capacity(edge.agent).incapable(now)
    return Why.NOT_CAPABLE if incapable else law.unsure(edge.agent)


def scope_within(scope: Scope, held: Sequence[Scope], covered: dict[str, tuple[Covering, ...]]) -> bool:
    """P2: tell whether a scope lies in one of these; `covered` are what reaches each service."""
    return any(each.contains(scope, covered.get(scope.key, ())) for each in held)


def _holds(link: Link, move: Move, edge: Edge, known: Iterable[Link], now: datetime) -> bool:
    """T12: tell whether it is theirs, in force, and lets them act alone; to end something it need not.

    P11: nor where those who must act too are asked to agree; these sign in their own name (T7), and only an
    organisation that is asked does so by who directs it. Who acts for the clients of their teams only gives
    nothing on.
    """
    mine = link.agent == move.by.party and link.principal == move.by.behalf
    may = (link.grants and not link.teams_only) or (link.by_law and link.basis not in _IN_PERSON)
    asked = {Act.OFFER: edge.co_principals, Act.APPROVE: move.required or frozenset()}.get(move.act)
    together = asked is not None and sign_together(link, edge.principal, asked, known, now)
    signs = move.act is not Act.CONSENT or link.kind is EdgeKind.STATUTORY
    enough = link.needed == 1 or move.act in ENDING or together
    held = all(
        each.certain and each.state is State.ACTIVE and each.covers(now) for each in (link, *link.rests_on)
    )
    return mine and may and signs and enough and held and len(link.rests_on) < MOST


def _lasting(link: Link) -> tuple[object, ...]:
    """Order authorities by what falls last: an organisation's own, then by law, then by the latest end."""
    ends = inf if link.until is None else link.until.timestamp()
    own = link.kind is EdgeKind.STATUTORY
    return not own, not link.by_law, len(link.rests_on), -ends, link.basis, str(link.edge or "")


def _within(terms: Terms, link: Link, covered: dict[str, tuple[Covering, ...]]) -> bool:
    """P2, P3: tell whether the terms are inside what somebody holds, in every respect."""
    return all(_within_one(terms, each, covered) for each in (link, *link.rests_on))


def _within_one(terms: Terms, link: Link, covered: dict[str, tuple[Covering, ...]]) -> bool:
    return (
        (
            (link.by_law and not link.scopes)
            or all(scope_within(scope, link.scopes, covered) for scope in terms.scopes)
        )
        and terms.restriction.within(link.restriction)
        and terms.worth <= link.worth
        and (link.until is None or terms.until <= link.until)
        and (link.from_ is None or link.from_ <= terms.from_)
        and (link.by_law or terms.substitution.within(link.substitution))
    )


def _is_over(link: Link, edge: Edge, covered: dict[str, tuple[Covering, ...]]) -> bool:
    """P3: tell whether what somebody holds is over all that is taken away, open or closed."""
    if link.by_law:
        return True
    keys = {each.key for each in link.scopes}
    return EVERYTHING.key in keys or all(
        scope.key in keys or scope_within(scope, link.scopes, covered) for scope in edge.terms.scopes
    )
