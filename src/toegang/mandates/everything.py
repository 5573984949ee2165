"""Ending everything with somebody: all that one gave them and got from them, at once.

Few end while somebody waits; of more the rest is a job (jobs.py), which ends none that began later.

L03: of whom a number was typed, and who did not answer, it is not known who they are. What was begun so
ends alone, and by nothing that is done with somebody whom one knows: that it ended would tell whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.errors import NotEntitled
from toegang.mandates import matters
from toegang.mandates.edge import TERMINAL, EdgeId
from toegang.mandates.job import Stretch
from toegang.mandates.listing import Cut, Listing, typed_by
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.acting import Actor
    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.mandates.voluntary import Also, Voluntary

AT_A_TIME: Final = 100
"""Mandates that are looked at in one go."""
FIRST: Final = 100
"""So many end while somebody waits."""
TRIES: Final = 5
"""How often one is ended again because somebody else changed it meanwhile."""

_GIVEN: Final = b"g"
_GOT: Final = b"r"
"""Which way a cursor goes: what was given to the other comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How many ended, which stay and why, and after which mandate there may be more; None: that was all."""

    done: int
    left: bytes | None
    stay: Sequence[tuple[EdgeId, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """The use cases."""

    voluntary: Voluntary

    async def begin(self, actor: Actor, other: PartyId, now: datetime, *, also: Also | None = None) -> Ended:
        """End the first between somebody and one whom they know: all, where these are few.

        `also` is done in the unit of each.
        """
        done, left, looked = 0, b"", 0
        stay: list[tuple[EdgeId, str]] = []
        while looked < FIRST:
            some = await self.next(actor, other, left, AT_A_TIME, now)
            for _, edge in some.found:
                try:
                    done += await self.end(actor, edge, now, also) is not None
                except NotEntitled as refused:  # not theirs to end
                    stay.append((edge.id, str(refused.why)))
            looked += len(some.found)
            if some.last is None:
                return Ended(done=done, left=None, stay=stay)
            left = some.last
        return Ended(done=done, left=left, stay=stay)

    async def next(self, actor: Actor, other: PartyId, cursor: bytes, size: int, now: datetime) -> Stretch:
        """Return the next between the two that end with everything; what was given to the other is first."""
        given = cursor[:1] != _GOT
        principal, agent = (actor.party, other) if given else (other, actor.party)
        after = EdgeId(UUID(bytes=cursor[1:])) if len(cursor) > 1 else None
        live = await self.voluntary.lists.live_between(principal, agent, size, now, after)
        way = _GIVEN if given else _GOT
        theirs = [each for each in live if self._concerns(actor, each, now)]
        found = [(way + each.id.bytes, each) for each in theirs if not await self._typed(actor, each, now)]
        if len(live) == size:
            return Stretch(found=found, last=way + live[-1].id.bytes)
        return Stretch(found=found, last=_GOT if given else None)

    async def end(self, actor: Actor, edge: Edge, now: datetime, also: Also | None = None) -> Edge | None:
        """End one, as it is by now; None when somebody else ended it. `also` is done in the same unit.

        Raises:
            NotEntitled: it is not theirs to end.

        """
        for _ in range(TRIES):
            try:
                return await self.voluntary.end(actor, edge.id, edge.version, now, also=also)
            except NotEntitled as refused:
                found = await self.voluntary.mandates.edges.find(edge.id)
                if found is None or found.state in TERMINAL:
                    return None
                if refused.why != Why.CHANGED:
                    raise
                edge = found
        detail = "mandate: it keeps changing"
        raise NotEntitled(detail, why=Why.CHANGED.value)

    async def some_by_number(self, actor: Actor, now: datetime) -> bool:
        """Tell whether something stays, with whomever, that was begun by typing a number, or may do so.

        Where no acceptance is asked that is in force.
        """
        for listing in (Listing.WAITING, Listing.GIVEN, Listing.WORKERS):
            some = await self.voluntary.page(actor, listing, Cut(size=AT_A_TIME), now)
            if some.last is not None:
                return True
            for each in some.edges:
                if await self._typed(actor, each, now):
                    return True
        return False

    def _concerns(self, actor: Actor, edge: Edge, now: datetime) -> bool:
        """Tell whether it is theirs to see: how many stay is told, and nothing of others."""
        return matters.concerns(actor, edge.terms.scopes, self.voluntary.services, now)

    async def _typed(self, actor: Actor, edge: Edge, now: datetime) -> bool:
        return typed_by(edge, actor.party) and await self.voluntary.hint(edge, now) is not None
