"""Former terms: what a mandate said before, as the trail has it (P21), for both of its sides.

It never said less of what somebody has in hand than it does now: what is taken out of it does not come back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from toegang.audit.events import MandateBegun, MandateMoved
from toegang.mandates.scope import Restriction, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from toegang.audit.trail import Recorded, TrailReader
    from toegang.mandates.edge import EdgeId

LOOKED: Final = 50
"""Events of one mandate that one page looks through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a mandate said from `at` on, until it said something else."""

    at: datetime
    until: datetime
    scopes: tuple[Scope, ...]
    restriction: Restriction


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """The latest first; `since` is when it began to say what it says now, `older` the event to go on from."""

    said: Sequence[Said]
    since: datetime | None = None
    older: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerTerms:
    """Reads them; who asks was looked at before, by whoever shows the mandate."""

    trail: TrailReader

    async def of(self, edge: EdgeId, most: int, before: UUID | None) -> Former:
        """Return the next `most` of what a mandate said before it said what it says now."""
        read = await self.trail.latest(str(edge), LOOKED, before)
        told = _once(read)
        since = told.pop(0)[1].at if told and before is None else None
        shown = told[:most]
        more = len(told) > most or len(read) == LOOKED
        last = shown[-1][0] if shown else read[-1].id if read else None
        return Former(said=tuple(each for _, each in shown), since=since, older=last if more else None)


def _once(read: Sequence[Recorded]) -> list[tuple[UUID, Said]]:
    """Return what it said and since when, the latest first; what says the same on says it once."""
    told: list[tuple[UUID, Said]] = []
    for each in read:
        said = _said(each)
        if said is None:
            continue
        if told and replace(told[-1][1], at=said.at) == said:
            told.pop()
        told.append((each.id, said))
    return told


def _said(recorded: Recorded) -> Said | None:
    """Return what it said from this event on; None where the event changed nothing of that."""
    event = recorded.event
    if not isinstance(event, MandateBegun | MandateMoved) or not event.scopes or event.ends is None:
        return None
    return Said(
        at=event.at,
        until=event.ends,
        scopes=tuple(map(_scope, event.scopes)),
        restriction=Restriction.parse(event.limits),
    )


def _scope(text: str) -> Scope:
    """Read a scope as the trail keeps it: what is frozen with its moment."""
    key, frozen, moment = text.rpartition("@")
    return replace(Scope.parse(key), as_of=datetime.fromisoformat(moment)) if frozen else Scope.parse(text)
