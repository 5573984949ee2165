"""A service looks up why a login of its own went as it did, by the reference code that it was given.

The code alone shows nothing: the client proves itself as at every endpoint of the back channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.audit.events import DecisionLookedUp, DecisionReader
from toegang.login.decision import for_service
from toegang.provider.oidc.backchannel import Caller

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.login.decision import ServiceView
    from toegang.provider.oidc.backchannel import Call
    from toegang.provider.oidc.endings import Endings

LONGEST_REFERENCE = 32


async def look_up(endings: Endings, reference: str, call: Call, now: datetime) -> ServiceView | None:
    """Show a client the outcome and reason of a login that it asked for; every look is recorded.

    None for a reference that nobody has and for somebody else's: who asks cannot tell which.

    Raises:
        ClientNotProven: nobody proved to be a client, or the proof was used before.

    """
    client = await endings.back.client(call, now)
    found = await endings.logins.decisions.find(reference[:LONGEST_REFERENCE])
    view = for_service(found, client.client.id) if found else None
    async with endings.units.begin() as unit:
        refusal = await endings.back.first_use(unit, Caller(endpoint=call.endpoint, client=client), now)
        if refusal is None and view is not None:
            event = DecisionLookedUp(
                at=now, reference=view.reference, reader=DecisionReader.SERVICE, client=client.client.id
            )
            await endings.trail.record(unit, event)
    if refusal is not None:
        raise refusal
    return view
