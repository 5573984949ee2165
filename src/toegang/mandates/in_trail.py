"""What the trail says of a mandate that begins or moves, in the unit of the act (former.py reads it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.audit.event import Personal
from toegang.audit.events import MandateBegun, MandateMoved
from toegang.mandates.life import Side
from toegang.mandates.moves import sides

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.moves import Move


def begun_event(edge: Edge, move: Move, now: datetime) -> MandateBegun:
    """Return what is recorded of a mandate that was asked or offered."""
    return MandateBegun(
        at=now,
        edge=str(edge.id),
        kind=edge.kind.value,
        act=move.act.value,
        after=edge.state.value,
        level=move.by.level,
        principal=Personal.of(edge.principal),
        agent=Personal.of(edge.agent),
        by=_another(edge, move),
        scopes=_scopes(edge),
        begins=edge.terms.from_,
        ends=edge.terms.until,
        worth=edge.terms.worth,
        limits=edge.terms.restriction.said,
        reference=str(edge.id),
    )


def moved_event(before: Edge, after: Edge, move: Move, contested: int, now: datetime) -> MandateMoved:
    """Return what is recorded of something that was done with one; its terms where they changed (P21)."""
    changed = before.terms != after.terms
    return MandateMoved(
        at=now,
        edge=str(after.id),
        version=after.version,
        act=move.act.value,
        before=before.state.value,
        after=after.state.value,
        side=_side(before, move).value,
        level=move.by.level,
        contested=contested,
        principal=Personal.of(after.principal),
        agent=Personal.of(after.agent),
        by=_another(after, move),
        scopes=_scopes(after) if changed else (),
        ends=after.terms.until if changed else None,
        worth=after.terms.worth if changed else None,
        limits=after.terms.restriction.said if changed else (),
        reference=str(after.id),
    )


def _scopes(edge: Edge) -> tuple[str, ...]:
    """P21: name for what it is, as the trail keeps it: what is frozen with its moment."""
    frozen = ((each.key, each.as_of) for each in edge.terms.scopes)
    return tuple(key if at is None else f"{key}@{at.isoformat()}" for key, at in frozen)


def _side(edge: Edge, move: Move) -> Side:
    """Return as what it was done: the first of the sides that are not about who began."""
    mine = sides(edge, move.by)
    return next(side for side in Side if side in mine)


def _another(edge: Edge, move: Move) -> Personal | None:
    """Name who did it, unless it is one of the two who are named anyway."""
    return None if move.by.party in {edge.principal, edge.agent} else Personal.maybe(move.by.party)
