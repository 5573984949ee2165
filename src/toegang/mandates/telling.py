"""Telling people of their mandates, in the unit of the act: that there is news, never of whom or for what.

What it is stands in My account. Who is protected is never the reason for a message to the other side (P30).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.mandates.edge import LIVE, PENDING, State
from toegang.mandates.life import ENDING, Act
from toegang.post.person_notices import PersonNotice
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.ids import Ids
    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.post.outbox import Outbox
    from toegang.units import Unit

_CHANGING: Final = frozenset({Act.RESTRICT, Act.EXTEND, Act.SUSPEND, Act.RESUME})
QUIET: Final = ENDING | {Act.RESTRICT}
"""P30: what takes something from the other side, who is not told by us that a protected person did it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Leaves notices in the outbox; whose account has which ways is another room's affair."""

    outbox: Outbox
    ids: Ids

    async def tell(self, unit: Unit, party: PartyId, purpose: SmsPurpose, now: datetime) -> None:
        """Tell one party; who has no account is told nothing."""
        await self.outbox.put(unit, PersonNotice(person=party, purpose=purpose).message(self.ids, now), now)

    async def tell_of(self, unit: Unit, edge: Edge, act: Act, by: PartyId | None, now: datetime) -> None:
        """Tell whom an act concerns; the one who did it (None: the office) only of what is in force now."""
        for party, purpose in news(edge, act, by).items():
            await self.tell(unit, party, purpose, now)


def news(edge: Edge, act: Act, by: PartyId | None) -> Mapping[PartyId, SmsPurpose]:
    """Return who is told what of an edge as `act` left it."""
    if edge.state not in LIVE:
        return {each: SmsPurpose.MANDATE_ENDED for each in (edge.principal, edge.agent) if each != by}
    if act in _CHANGING:
        return {each: SmsPurpose.MANDATE_CHANGED for each in (edge.principal, edge.agent) if each != by}
    if edge.state is State.ACTIVE:
        return {edge.principal: SmsPurpose.MANDATE_GIVEN, edge.agent: SmsPurpose.MANDATE_RECEIVED}
    if edge.state is State.REQUESTED:
        return {edge.principal: SmsPurpose.MANDATE_ASKED}
    if edge.state is State.OFFERED:
        return {edge.agent: SmsPurpose.MANDATE_OFFERED}
    waiting = edge.co_principals - edge.agreed if edge.state in PENDING else frozenset()
    return dict.fromkeys(sorted(each for each in waiting if each != by), SmsPurpose.MANDATE_ASKED)
