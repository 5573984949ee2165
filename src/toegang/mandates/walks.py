"""Walks: which mandates a job goes through, and what it does with each (jobs.py goes on with them)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

from toegang.errors import NotEntitled, Unavailable
from toegang.mandates.acting import Actor
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.everything import Everything
    from toegang.mandates.job import Job, Stretch
    from toegang.units import Unit

    Also = Callable[[Unit, Edge], Awaitable[None]]

WAITS: Final = timedelta(days=1)
"""So long after the order a register may not tell whether who ordered it in another's name still may."""


class Walk(Protocol):
    """What a job does: which mandates, in which order, and what with each."""

    async def next(self, cursor: bytes, size: int, now: datetime) -> Stretch:
        """Return the next ones."""
        ...

    async def do(self, edge: Edge, now: datetime, also: Also) -> bool:
        """Move one, with `also` in the same unit; False, doing nothing, when it is over.

        Raises:
            NotEntitled: it stays as it is.
            Unavailable: a register does not answer.

        """
        ...

    async def tells_of(self, others: Sequence[Edge]) -> bool:
        """Tell whether the register that was silent about one answers about another."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingAll:
    """Ends everything between two that was there when it was ordered."""

    everything: Everything
    job: Job
    note: Also

    async def next(self, cursor: bytes, size: int, now: datetime) -> Stretch:
        """Return the next ones."""
        return await self.everything.next(actor_of(self.job), self.job.second, cursor, size, now)

    async def do(self, edge: Edge, now: datetime, also: Also) -> bool:
        """End one; what began after the order is left."""
        if edge.id > self.job.id:
            return False

        async def both(unit: Unit, ended: Edge) -> None:
            await self.note(unit, ended)
            await also(unit, ended)

        try:
            return await self.everything.end(actor_of(self.job), edge, now, both) is not None
        except NotEntitled:
            if await self._is_untold(now):
                message = "a register does not tell whether who ordered it may still act in another's name"
                raise Unavailable(message) from None
            raise

    async def tells_of(self, others: Sequence[Edge]) -> bool:  # noqa: ARG002 a promise of Walk
        """Return False: all rest on the same answer."""
        return False

    async def _is_untold(self, now: datetime) -> bool:
        """Tell whether a refusal may be only because a register is silent, and is waited for."""
        actor = actor_of(self.job)
        if actor.by is None or now >= self.job.created + WAITS:
            return False
        law = await self.everything.voluntary.laws.over(actor.party, now)
        return law.crowded or not law.tells_who_controls(actor.party)


def actor_of(job: Job) -> Actor:
    """Return who ordered it, as they did."""
    person = PartyId(UUID(job.by))
    by = None if person == job.first else person
    return Actor(party=job.first, level=job.level, by=by, over=job.over)
