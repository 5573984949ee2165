"""Asking many clients for the same mandate, by an organisation: each asked alone, one after the other.

What is told of each is what asking them one by one tells, and no more (L03). Whoever takes the draft asks,
so a second tab asks nobody again; where registers are slow the rest is left to be asked by another go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import NotEntitled, Unavailable
from toegang.mandates.beginning import Beginning
from toegang.mandates.life import Act

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.mandates.acting import Actor, Proposal
    from toegang.mandates.drafts import Drafts, Other
    from toegang.mandates.voluntary import Voluntary

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
        asked = list(draft.asked)
        try:
            for other in draft.listed[len(asked) :]:
                if self.clock.now() - now > WITHIN:
                    break
                asked.append(await self._ask(actor, other, wanted, now))
        except Unavailable:
            pass  # the rest is left, as where time is over
        finally:
            done = tuple(asked)
            await self.drafts.change(id_, now, lambda kept: replace(kept, asked=done, taken=False))

    async def _ask(self, actor: Actor, other: Other, wanted: Proposal, now: datetime) -> str:
        """Ask one; return why not, or nothing."""
        try:
            await Beginning(voluntary=self.voluntary).with_one(actor, other.found, wanted, Act.REQUEST, now)
        except NotEntitled as refusal:
            return refusal.why or "refused"
        return ""
