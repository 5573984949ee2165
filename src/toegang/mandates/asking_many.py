"""Asking many clients for the same mandate, by an organisation: each asked alone, one after the other.

What is told of each is what asking them one by one tells, and no more (L03). Whoever takes the draft asks,
so a second tab asks nobody again; where registers are slow the rest is left to be asked by another go. What
became of one stands in the draft from the unit on in which it did: what is broken off goes on exactly there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import NotEntitled, OneTimeGone, Unavailable
from toegang.mandates.beginning import Beginning
from toegang.mandates.life import Act

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.mandates.acting import Actor, Proposal
    from toegang.mandates.drafts import Draft, Drafts, Other
    from toegang.mandates.edge import Edge
    from toegang.mandates.voluntary import Voluntary
    from toegang.units import Unit

WITHIN: Final = timedelta(seconds=5)
"""How long one go asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingMany:
    """The use case: `ask`, by whoever acts for the organisation."""

    voluntary: Voluntary
    drafts: Drafts
    clock: Clock

    async def ask(self, actor: Actor, id_: str, wanted: Proposal, now: datetime) -> None:
        """T1: ask whom the list of this draft still has, and put down what became of each.

        Nothing is asked where another tab asks them, or did.
        """
        draft = await self.drafts.take(id_, now)
        if draft is None:
            return
        try:
            for other in draft.listed[len(draft.asked) :]:
                if self.clock.now() - now > WITHIN:
                    break
                draft = await self._ask(actor, id_, draft, other, wanted, now)
        except Unavailable:
            pass  # the rest is left, as where time is over
        except OneTimeGone:
            return  # another go has it by now
        await self.drafts.change(id_, now, lambda kept: _left(kept, draft))

    async def _ask(  # noqa: PLR0913, PLR0917 what it is asked for, and where that is put down
        self, actor: Actor, id_: str, draft: Draft, other: Other, wanted: Proposal, now: datetime
    ) -> Draft:
        """Ask one; return the draft in which it stands, why not or nothing."""

        async def note(unit: Unit, _: Edge) -> None:
            await self.drafts.went_on(unit, id_, draft, "", now)

        try:
            begin = Beginning(voluntary=self.voluntary)
            await begin.with_one(actor, other.found, wanted, Act.REQUEST, now, also=note)
        except NotEntitled as refusal:
            why = refusal.why or "refused"
            async with self.voluntary.mandates.units.begin() as unit:
                await self.drafts.went_on(unit, id_, draft, why, now)
            return replace(draft, asked=(*draft.asked, why))
        return replace(draft, asked=(*draft.asked, ""))


def _left(kept: Draft, mine: Draft) -> Draft:
    """Let others have it, unless somebody else has it by now."""
    return replace(kept, taken_at=None) if kept.taken_at == mine.taken_at else kept
