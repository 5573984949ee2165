"""When somebody last proved something, as their own history has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.login.decision import Wanted

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.identity.people import PersonId
    from toegang.login.decision import Decisions
    from toegang.means.base import Factor

LOGINS: Final = 200
"""The latest logins that are looked through: what was used longer ago is told no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastUses:
    """Tells it (means.citizen.listed.Uses)."""

    decisions: Decisions
    clock: Clock

    async def last(self, person: PersonId, factor: Factor) -> datetime | None:
        """Return when a person last proved who they are with this, also in a login that was broken off."""
        wanted = Wanted(limit=LOGINS, before=self.clock.now() + timedelta(seconds=1))
        found = await self.decisions.of_person(person, wanted)
        proven = (proof for decision in found for proof in decision.proven)
        return max((proof.at for proof in proven if factor in proof.factors), default=None)
