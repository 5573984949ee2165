"""Telling who gave a mandate at a desk, by letter: they may have no other way to hear of it.

Nothing tells a clerk whether one goes: none goes to who has a secret address, who is taken to be in danger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.catalogue.parts import Text
from toegang.mandates.party import AMSTERDAM
from toegang.post.letter import Letter, written
from toegang.post.texts import LetterPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.post.letter import LetterPost
    from toegang.registers.population import Registered
    from toegang.units import Unit

LIFETIME: Final = timedelta(days=7)
"""Within which the letter must have been handed over."""

_SOMEBODY: Final = Text(
    nl="iemand met een BSN dat eindigt op {ending}", en="somebody with a BSN that ends in {ending}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the letter says besides: who acts, at which desk it was given, and for which services.

    Of who did not come to the desk it says the `ending` of the number, as everywhere else.
    """

    agent: str
    ending: str
    desk: str
    services: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingByLetter:
    """Has letters written; `address` is our own, without https://."""

    letters: LetterPost
    address: str

    async def tell(self, unit: Unit, edge: Edge, to: Registered, about: About, now: datetime) -> None:
        """Have the letter written in the unit of the act, unless none may go to this person."""
        if to.address_secret or to.deceased_on is not None:
            return
        lines = to.abroad if to.address is None else to.address.lines()
        if not lines:
            return
        until = (edge.terms.until - timedelta(seconds=1)).astimezone(AMSTERDAM).date()
        letter = Letter(
            purpose=LetterPurpose.MANDATE_AT_DESK,
            name=to.names.full,
            address=lines,
            language=about.language,
            dated=now.astimezone(AMSTERDAM).date(),
            values={
                "address": self.address,
                "agent": about.agent or _SOMEBODY[about.language].format(ending=about.ending),
                "desk": about.desk,
                "services": about.services,
                "ends": written(until, about.language),
            },
            to=to.bsn.digits,
        )
        await self.letters.send(unit, letter, now + LIFETIME, now)
