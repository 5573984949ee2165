"""Telling who gave a mandate of what a desk did with it, by letter: they may have no other way to hear of it.

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
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.post.letter import LetterPost
    from toegang.post.readers import Reads
    from toegang.registers.population import Registered
    from toegang.units import Unit

LIFETIME: Final = timedelta(days=7)
"""Within which the letter must have been handed over."""

_SOMEBODY: Final = Text(
    nl="iemand met een BSN dat eindigt op {ending}", en="somebody with a BSN that ends in {ending}"
)
_NOBODY_NAMED: Final = Text(nl="iemand", en="somebody")
_ONE: Final = Text(
    nl="de machtiging waarmee {agent} dit voor u mocht regelen: {services}",
    en="the mandate by which {agent} could arrange this for you: {services}",
)
_ALL: Final = Text(nl="alle machtigingen die u had gegeven", en="all mandates that you had given")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the letter says besides: who acts, at which desk it was given, and for which services.

    Of who did not come to the desk it says the `ending` of the number, as everywhere else. Without `services`
    it is about all that somebody gave.
    """

    agent: str
    ending: str
    desk: str
    services: str
    reads: Reads

    @property
    def who(self) -> str:
        """Who acts, in the words of a letter."""
        words = _SOMEBODY if self.ending else _NOBODY_NAMED
        return self.agent or words[self.reads.language].format(ending=self.ending)


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingByLetter:
    """Has letters written; `address` is our own, without https://."""

    letters: LetterPost
    address: str

    async def tell(self, unit: Unit, edge: Edge, to: Registered, about: About, now: datetime) -> None:
        """Have it written that somebody gave a mandate, unless no letter may go to this person."""
        until = (edge.terms.until - timedelta(seconds=1)).astimezone(AMSTERDAM).date()
        ends = written(until, about.reads.language)
        values = {"agent": about.who, "services": about.services, "ends": ends}
        await self._write(unit, LetterPurpose.MANDATE_AT_DESK, to, about, values, now)

    async def tell_end(self, unit: Unit, to: Registered, about: About, now: datetime) -> None:
        """Have it written that a mandate, or all that somebody gave, ended, unless no letter may go."""
        text = (_ONE if about.services else _ALL)[about.reads.language]
        what = text.format(agent=about.who, services=about.services)
        await self._write(unit, LetterPurpose.MANDATE_ENDED_AT_DESK, to, about, {"what": what}, now)

    async def _write(  # noqa: PLR0913, PLR0917 what stands in a letter
        self,
        unit: Unit,
        purpose: LetterPurpose,
        to: Registered,
        about: About,
        values: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Have a letter written in the unit of the act."""
        if to.address_secret or to.deceased_on is not None:
            return
        lines = to.abroad if to.address is None else to.address.lines()
        if not lines:
            return
        letter = Letter(
            purpose=purpose,
            name=to.names.full,
            address=lines,
            language=about.reads.language,
            large_print=about.reads.large_print,
            dated=now.astimezone(AMSTERDAM).date(),
            values={"address": self.address, "desk": about.desk, **values},
            to=to.bsn.digits,
        )
        await self.letters.send(unit, letter, now + LIFETIME, now)
