"""Lives: that a person died, or did not after all, as the register's events tell it between two questions.

One row of the party changes, and with it everything that they gave, got or act for (P6). No mandate is ended
for it: a death can be taken back, and an end cannot. What logins stated about them is over, and is told.
Of who moved, letters with the code of a mandate open nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.mandates.ended import LIVES
from toegang.mandates.listing import Cut, Listing, place_of
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.statement import CLOCKS_APART

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.mandates.knowing import Knowing
    from toegang.mandates.letter_codes import LetterCode
    from toegang.mandates.looks import Looks
    from toegang.mandates.party import Party
    from toegang.mandates.stores import Lists
    from toegang.units import Expiring, Unit

MOST = 100  # mandates that are looked at together


@dataclass(frozen=True, slots=True, kw_only=True)
class LivesOfParties:
    """means.life.store.KnowsLives, over parties; of whom none was told yet, the next question tells all."""

    knowing: Knowing
    looks: Looks
    lists: Lists
    letters: Expiring[LetterCode]

    async def heard(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Have registers asked again of what was stated about this person: something is other than it was."""
        await self.looks.shake(unit, PartyId(person), at - LIVES - CLOCKS_APART)

    async def moved(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """L16: who lives now where a letter was sent makes nobody act for who lived there.

        These mandates wait until they are withdrawn, declined or lapse, and nobody comes to act by them. What
        is asked anew is answered in My account, or by a letter to where the person lives now.
        """
        party, last = PartyId(person), None
        while found := await self.lists.page(party, Listing.TO_ANSWER, Cut(last=last, size=MOST), at):
            for edge in found:
                await self.letters.take(unit, str(edge.id), at)
            last = place_of(found[-1])

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
