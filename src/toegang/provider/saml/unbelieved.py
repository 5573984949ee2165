"""Messages in the name of a connection that it did not send: recorded, and a flood of them in few rows.

Anybody can name a connection in a message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.audit.events import ConnectionRefused
from toegang.provider.flood import Flood

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.watch import Catalogue
    from toegang.errors import Refusal
    from toegang.provider.saml.received import Claimed
    from toegang.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbelieved:
    """Records them, for every endpoint that takes messages of connections."""

    catalogue: Catalogue
    units: Units
    trail: Trail
    flood: Flood = field(default_factory=Flood)

    async def record(self, claimed: Claimed, endpoint: str, refusal: Refusal, now: datetime) -> None:
        """Record a refused message of a connection that we know; garbage from nobody leaves no trace."""
        connection = self.catalogue.current.connection_of(claimed.issuer)
        if connection is None:
            return
        times = self.flood.count((connection.id, endpoint, refusal.code), now)
        if times is None:
            return
        event = ConnectionRefused(
            at=now, client=connection.id, endpoint=endpoint, code=refusal.code, times=times
        )
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)
