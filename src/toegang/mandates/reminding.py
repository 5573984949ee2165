"""Reminding both sides that a mandate is about to end, once for each end that it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.mandates.edge import State
from toegang.mandates.listing import OF_PEOPLE
from toegang.mandates.telling import Telling
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.stores import Reminders
    from toegang.units import Units

BEFORE: Final = ((timedelta(days=60), timedelta(days=30)), (timedelta(days=7), timedelta(days=3)))
"""Of a mandate that lasts at least so long, how long before its end both sides are reminded."""

MOST: Final = 100
"""Reminders of one round."""


def remind_at(edge: Edge) -> datetime | None:
    """Return when both sides are reminded of the end; None for what is not in force, or lasts only days."""
    if edge.state is not State.ACTIVE or edge.kind not in OF_PEOPLE:
        return None
    lasts = edge.terms.until - max(edge.terms.from_, edge.since)
    return next((edge.terms.until - before for least, before in BEFORE if lasts >= least), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """Reminds whoever is due, in every worker: of two at once one does it."""

    units: Units
    reminders: Reminders
    telling: Telling

    async def round(self, now: datetime) -> bool:
        """Remind of what is due; tell whether there may be more at once."""
        due = await self.reminders.due(now, MOST)
        for edge, at in due:
            async with self.units.begin() as unit:
                if await self.reminders.take(unit, edge.id, at) and edge.effective(now):
                    for party in (edge.principal, edge.agent):
                        await self.telling.tell(unit, party, SmsPurpose.MANDATE_ENDS, now)
        return len(due) == MOST
