"""Lives: that a person died, or did not after all, as the register's events tell it between two questions.

One row of the party changes, and with it everything that they gave, got or act for (P6). No mandate is ended
for it: a death can be taken back, and an end cannot. What logins stated about them is over, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.mandates.ended import LIVES
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.statement import CLOCKS_APART

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.mandates.knowing import Knowing
    from toegang.mandates.looks import Looks
    from toegang.mandates.party import Party
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LivesOfParties:
    """means.life.store.KnowsLives, over parties; of whom none was told yet, the next question tells all."""

    knowing: Knowing
    looks: Looks

    async def heard(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Have registers asked again of what was stated about this person: something is other than it was."""
        await self.looks.shake(unit, PartyId(person), at - LIVES - CLOCKS_APART)

    async def died(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Let nobody act for or as this person from now on."""
        party = PartyId(person)
        known = await self.knowing.parties.alone(unit, party)
        if known is not None and known.standing is not Standing.DECEASED:
            await self._put(unit, replace(known, standing=Standing.DECEASED, since=at), at)

    async def lives(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Take a death back."""
        party = PartyId(person)
        known = await self.knowing.parties.alone(unit, party)
        if known is not None and known.standing is Standing.DECEASED:
            await self._put(unit, replace(known, standing=Standing.ABLE, since=None), at)

    async def _put(self, unit: Unit, party: Party, at: datetime) -> None:
        """Keep it as the newest that was told: it comes after what it is about."""
        told = at if party.told_at is None else max(at, party.told_at + timedelta(microseconds=1))
        await self.knowing.put(unit, replace(party, told_at=told), at)
