"""Lists: where a mandate stands for each of those whom it concerns, and until when it stands there.

What is stored is where people's acts put it. That its time is over is seen when the list is read: it has then
ended, whether or not anything was swept (P5).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import PENDING, TERMINAL, State
from toegang.mandates.scope import ScopeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.party import PartyId

OF_PEOPLE: Final = frozenset({EdgeKind.VOLUNTARY, EdgeKind.HELPER})
"""Kinds that a person gives."""


class Listing(enum.IntEnum):
    """The lists that a person has; the numbers are stored and never change."""

    ENDED = 0
    GIVEN = 1
    RECEIVED = 2
    TO_ANSWER = 3
    WAITING = 4
    WORKERS = 5
    GIVEN_ON = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """Where a page stopped: the end and the id of its last mandate."""

    ends: datetime
    edge: EdgeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The next `size` mandates after `last`: those that end first first, of what has ended the latest.

    With `before` only those in force that end before it.
    """

    last: Last | None = None
    size: int = 20
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a list: its mandates, and where the next one begins; `last` is None when there is no more.

    It can have fewer than were asked, or none, and be followed by others.
    """

    edges: Sequence[Edge]
    last: Last | None = None


def given_on_by(edge: Edge) -> PartyId | None:
    """Return who gave a mandate on by one of their own; None where nobody did, or it is both of its sides.

    L03: nor did who asked it in its agent's name, by a mandate of that one; a list would show whom by name.
    """
    by = None if edge.under is None or edge.under.edge is None else edge.under.by
    return None if by in {edge.principal, edge.agent, edge.asked_by} else by


def typed_by(edge: Edge, party: PartyId) -> bool:
    """L03: tell whether a number, if one was typed, was so on their side: who signs or gives on is on it."""
    return party == given_on_by(edge) or (party == edge.agent) == (edge.initiator == edge.agent)


def concerned(edge: Edge) -> frozenset[PartyId]:
    """Return those whom an edge can concern."""
    by = given_on_by(edge)
    return frozenset({edge.principal, edge.agent, *edge.co_principals, *(() if by is None else (by,))})


def listings(edge: Edge) -> dict[PartyId, Listing]:
    """Return on which list those whom an edge concerns find it, as far as its state says.

    What a firm says of its teams is no mandate: whom it is about gave and got nothing by it.
    """
    of_teams = any(scope.kind is ScopeKind.TEAM for scope in edge.terms.scopes)
    if edge.kind.by_law or of_teams:
        return {}
    by = given_on_by(edge)
    on = Listing.ENDED if edge.state in TERMINAL else Listing.GIVEN_ON
    return {**({} if by is None else {by: on}), **_of_sides(edge)}


def _of_sides(edge: Edge) -> dict[PartyId, Listing]:
    """Return the same of those who give, get and agree."""
    if edge.state in TERMINAL:
        return dict.fromkeys((*sorted(edge.co_principals), edge.principal, edge.agent), Listing.ENDED)
    if edge.state is State.AWAITING_COSIGN:
        asked = edge.co_principals - edge.agreed
        return {
            **{each: Listing.TO_ANSWER if each in asked else Listing.WAITING for each in edge.co_principals},
            edge.principal: Listing.WAITING,
            edge.agent: Listing.WAITING,
        }
    if edge.state in PENDING:
        answers = edge.agent if edge.initiator != edge.agent else edge.principal
        begun = edge.principal if answers == edge.agent else edge.agent
        return {begun: Listing.WAITING, answers: Listing.TO_ANSWER}
    if edge.kind.within_organisation:
        return {edge.principal: Listing.WORKERS, edge.agent: Listing.RECEIVED}
    given = dict.fromkeys((*sorted(edge.co_principals), edge.principal), Listing.GIVEN)
    return {**given, edge.agent: Listing.RECEIVED}


def ends(edge: Edge) -> datetime:
    """Return when an edge ended, or will when nobody does anything about it."""
    if edge.state in TERMINAL:
        return edge.since
    until = edge.terms.until
    return until if edge.pending_until is None else min(until, edge.pending_until)


def place_of(edge: Edge) -> Last:
    """Return where a page stopped of which this was the last."""
    return Last(ends=ends(edge), edge=edge.id)


def listed(edge: Edge, party: PartyId, now: datetime) -> Listing | None:
    """Return on which list somebody finds an edge now; None where it does not concern them."""
    where = listings(edge).get(party)
    return Listing.ENDED if where is not None and ends(edge) <= now else where
