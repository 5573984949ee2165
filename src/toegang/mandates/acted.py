"""Acted: for whom somebody acted in a login of before, as far as they may know today who that is.

A name is asked of registers when it is shown, so it is the name of now: whoever may no longer act for a child
or a client learns nothing new of them. A mandate that was given to them stands on their own lists until it is
erased, with the name, and is no secret here either.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import NotEntitled
from toegang.mandates.edge import EdgeId
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.events import MandateUsed
    from toegang.mandates.standing_in import StandingIn

BY_LAW = "law"


async def known_to(
    actor: PartyId, used: MandateUsed, standing_in: StandingIn, now: datetime
) -> PartyId | None:
    """Return for whom this party acted; None when they may not know, or it was erased."""
    if used.actor.value != str(actor) or used.principal.value is None:
        return None
    principal = PartyId(UUID(used.principal.value))
    if await _is_on_lists(actor, principal, used, standing_in):
        return principal
    with suppress(NotEntitled):
        return (await standing_in.check(actor, principal, now)).principal
    return None


async def _is_on_lists(
    actor: PartyId, principal: PartyId, used: MandateUsed, standing_in: StandingIn
) -> bool:
    """Tell whether it was one mandate, from the one to the other, that is still kept."""
    if len(used.path) != 1 or used.path[0] == BY_LAW:
        return False
    edge = await standing_in.mandates.edges.find(EdgeId(UUID(used.path[0].partition("/")[0])))
    return edge is not None and (edge.agent, edge.principal) == (actor, principal)
