"""Ending everything with somebody: all that one gave them and got from them, at once.

L03: of whom a number was typed, and who did not answer, it is not known who they are. What was begun so
ends alone, and by nothing that is done with somebody whom one knows: that it ended would tell whose it is.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.errors import NotEntitled
from toegang.mandates.listing import Cut, Listing, typed_by

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.acting import Actor
    from toegang.mandates.party import PartyId
    from toegang.mandates.voluntary import Also, Voluntary

AT_A_TIME: Final = 100
"""Mandates that are ended in one look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """The use cases."""

    voluntary: Voluntary

    async def end(self, actor: Actor, other: PartyId, now: datetime, *, also: Also | None = None) -> int:
        """End all between somebody and one whom they know; return how many that were.

        `also` is done in the unit of each.
        """
        ended = 0
        for principal, agent in ((actor.party, other), (other, actor.party)):
            while done := await self._end_between(
                actor, principal, agent, now, also
            ):  # what changed meanwhile too
                ended += done
        return ended

    async def some_by_number(self, actor: Actor, now: datetime) -> bool:
        """Tell whether something stays, with whomever, that was begun by typing a number, or may do so.

        Where no acceptance is asked that is in force.
        """
        for listing in (Listing.WAITING, Listing.GIVEN, Listing.WORKERS):
            some = await self.voluntary.page(actor, listing, Cut(size=AT_A_TIME), now)
            if some.last is not None:
                return True
            for each in some.edges:
                if typed_by(each, actor.party) and await self.voluntary.hint(each, now) is not None:
                    return True
        return False

    async def _end_between(
        self, actor: Actor, principal: PartyId, agent: PartyId, now: datetime, also: Also | None
    ) -> int:
        ended, after, lists = 0, None, self.voluntary.lists
        while live := await lists.live_between(principal, agent, AT_A_TIME, now, after):
            for edge in live:
                if typed_by(edge, actor.party) and await self.voluntary.hint(edge, now) is not None:
                    continue
                with suppress(NotEntitled):  # ended beside this, or not theirs to end
                    await self.voluntary.end(actor, edge.id, edge.version, now, also=also)
                    ended += 1
            after = live[-1].id
        return ended
