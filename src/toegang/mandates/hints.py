"""Hints: what who began a mandate typed of the other side; it stands for them until they answer (L03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.mandates.life import Act

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from toegang.mandates.edge import Edge
    from toegang.mandates.finding import Found
    from toegang.units import Expiring, Unit

_ANSWERED = frozenset({Act.ACCEPT, Act.APPROVE, Act.ACTIVATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What was typed: the end of a number."""

    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Keeps them until the other side answers, and for `live` after the end of the mandate."""

    store: Expiring[Hint]
    live: timedelta

    async def find(self, edge: Edge, now: datetime) -> Hint | None:
        """Return what was typed; None where it was not, or both know each other."""
        return await self.store.find(str(edge.id), now)

    async def begun(self, unit: Unit, edge: Edge, other: Found, now: datetime) -> None:
        """Keep what was typed of the other side of a mandate that begins, if they were found by it."""
        if other.hint:
            await self.keep(unit, edge, Hint(ending=other.hint), now)

    async def keep(self, unit: Unit, edge: Edge, hint: Hint, now: datetime) -> None:
        """L03: keep it for as long after the end as the mandate is kept."""
        await self.store.keep(unit, str(edge.id), hint, max(edge.terms.until, now) + self.live)

    async def moved(self, unit: Unit, edge: Edge, act: Act, now: datetime) -> None:
        """Forget it once the other side answered; else keep it by the new end."""
        if act in _ANSWERED:
            await self.store.take(unit, str(edge.id), now)
            return
        hint = await self.find(edge, now)
        if hint is not None:
            await self.keep(unit, edge, hint, now)
