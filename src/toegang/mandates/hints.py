"""Hints: what who began a mandate typed of the other side; it stands for them until they answer (L03)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from toegang.errors import NotEntitled
from toegang.mandates.edge import PENDING
from toegang.mandates.life import Act
from toegang.mandates.party import PartyId
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from toegang.mandates.edge import Edge
    from toegang.mandates.finding import Found
    from toegang.mandates.stores import Edges
    from toegang.units import Expiring, Unit

_ANSWERED = frozenset({Act.ACCEPT, Act.APPROVE, Act.ACTIVATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What was typed: the end of a number; `nobody` stands in for whom it is where they cannot be it."""

    ending: str
    nobody: PartyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Keeps them until the other side answers, and for `live` after the end of the mandate."""

    store: Expiring[Hint]
    edges: Edges
    live: timedelta

    async def find(self, edge: Edge, now: datetime) -> Hint | None:
        """Return what was typed; None where it was not, or both know each other."""
        return await self.store.find(str(edge.id), now)

    async def begun(self, unit: Unit, edge: Edge, other: Found, act: Act, now: datetime) -> None:
        """Keep what was typed of the other side of a mandate that begins, if they were found by it.

        Raises:
            NotEntitled: of nobody it would be one too many, or one waits already; the unit is given up.

        """
        if other.hint:
            await self.keep(unit, edge, Hint(ending=other.hint, nobody=other.nobody), now)
        if other.nobody not in {edge.principal, edge.agent}:
            await self._check_as_nobody(unit, edge, other.nobody, act, now)

    async def keep(self, unit: Unit, edge: Edge, hint: Hint, now: datetime) -> None:
        """L03: keep it for as long after the end as the mandate is kept."""
        await self.store.keep(unit, str(edge.id), hint, max(edge.terms.until, now) + self.live)

    async def moved(self, unit: Unit, edge: Edge, act: Act, now: datetime) -> Hint | None:
        """Forget it once the other side answered; else keep it by the new end, and return it."""
        if act in _ANSWERED:
            await self.store.take(unit, str(edge.id), now)
            return None
        hint = await self.find(edge, now)
        if hint is not None:
            await self.keep(unit, edge, hint, now)
        return hint

    async def tells_of_them(self, refusal: NotEntitled, edge: Edge, other: Found, now: datetime) -> bool:
        """L03: tell whether a refusal would say that a number is somebody's whom one knows otherwise.

        What is against it because of what one typed oneself says nothing: of nobody it would be said too.
        """
        if refusal.why == Why.PENDING_ALREADY:
            return not await self._waits(edge, other.nobody, now)
        return refusal.why in {Why.PARTY_UNKNOWN, Why.TOO_OFTEN}

    async def _check_as_nobody(
        self, unit: Unit, edge: Edge, nobody: PartyId, act: Act, now: datetime
    ) -> None:
        """L03, P29: count what was typed of somebody, and refuse it, as it would be of nobody."""
        asking = act is Act.REQUEST
        instead = replace(edge, principal=nobody) if asking else replace(edge, agent=nobody)
        if asking and not await self.edges.ask(unit, instead, now):
            _object(Why.TOO_OFTEN)
        if await self._waits(instead, nobody, now):
            _object(Why.PENDING_ALREADY)

    async def _waits(self, edge: Edge, nobody: PartyId, now: datetime) -> bool:
        """Tell whether an equal one waits that was begun by typing this number, by who types it now.

        Each who types has a nobody of their own for it, also where two begin it in one name.
        """
        for each in await self.edges.between(edge.principal, edge.agent):
            waits = each.state_at(now) in PENDING and each.initiator == edge.initiator
            same = {scope.key for scope in each.terms.scopes} == {scope.key for scope in edge.terms.scopes}
            hint = await self.find(each, now) if waits and same else None
            if hint is not None and hint.nobody in {nobody, None}:
                return True
        return False


def _object(why: Why) -> NoReturn:
    detail = f"mandate: {why.value}"
    raise NotEntitled(detail, why=why.value)
