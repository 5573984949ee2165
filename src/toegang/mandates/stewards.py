"""Who is told of what waits for an organisation: those who may agree to it in its name (teams.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.mandates.cosigning import controllers
from toegang.mandates.scope import EVERYTHING
from toegang.mandates.stores import Page, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.law import Law
    from toegang.mandates.party import PartyId
    from toegang.mandates.register import Mandates

MOST: Final = 100
"""Of those who act for all of an organisation, at whom it is looked whether they may also give that on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stewards:
    """Looks for them; whether one still may, each act asks anew."""

    mandates: Mandates

    async def of(self, organisation: PartyId, law: Law, now: datetime) -> Sequence[PartyId]:
        """Return its directors who may act alone, and who has all of it and may give it on, by their ids."""
        reach = Reach(keys=(EVERYTHING.key,), depth=1, level=Level.MINIMAL, now=now)
        people = await self.mandates.graph.agents(organisation, reach, Page(size=MOST))
        edges = [
            each
            for each in await self.mandates.edges.around(organisation, people)
            if each.principal == organisation and each.effective(now) and each.kind.within_organisation
        ]
        held = await self.mandates.stating.questions.standing(edges, law)
        trusted = {link.agent for link in held if link.stands_in_whole(now)}
        return sorted(trusted | controllers(law, organisation, now))
