"""Bounds: how often somebody may ask, offer, guess or have a letter sent, in a period.

Each count is one atomic change of one row, so that what is tried beside each other is all counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import Refusal, TooManyTries

if TYPE_CHECKING:
    from toegang.units import Expiring, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """At most so many in a period that begins with the first."""

    most: int
    period: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many there were since `began`."""

    count: int
    began: datetime


FINDING: Final = Bound(most=10, period=timedelta(days=1))
"""Others whom one party looks for by number, found or not."""
FINDING_AS_FIRM: Final = Bound(most=400, period=timedelta(days=1))
"""Others whom an organisation looks for, one by one or by lists: both are the same count."""
CODES: Final = Bound(most=10, period=timedelta(days=1))
"""Codes of others that one party tries."""
NUMBERS: Final = Bound(most=20, period=timedelta(days=1))
"""Numbers that one person gives at login of whom they may not act for."""
SUGGESTING: Final = Bound(most=100, period=timedelta(minutes=10))
"""Beginnings of a name that one person has names suggested for while they type."""
LOOKING: Final = Bound(most=60, period=timedelta(minutes=10))
"""Pages of clients that one person looks for by name with the button."""
LISTS: Final = Bound(most=300, period=timedelta(days=1))
"""Lists of numbers by which one person fills teams, each looked at or done."""
FILES: Final = Bound(most=60, period=timedelta(days=1))
"""Lists of mandates that one person takes as a file: for each registers are asked for some hundred names."""
STRANGERS: Final = Bound(most=5000, period=timedelta(days=1))
"""Numbers on such lists of who is nobody to the organisation: else whoever directs it tries all numbers there
are, and so learns those of its clients."""
EXPLAINING: Final = Bound(most=100, period=timedelta(days=1))
"""Questions of one person of the help desk why one may act for another, whoever the two are."""
OFFERING: Final = Bound(most=20, period=timedelta(days=7))
"""Mandates that one party offers, each of which sends notices; requests have a bound of their own (P29)."""
HANDING_OVER: Final = Bound(most=5, period=timedelta(days=30))
"""Proposals of one organisation that its clients be asked to give another the same, whoever the other is."""
HAND_OVER_DECLINED: Final = Bound(most=1, period=timedelta(days=30))
"""P29: so long nothing is proposed again to the organisation that declined."""
LETTERS_ASKED: Final = Bound(most=5, period=timedelta(days=30))
"""Letters that one party has sent, whether or not one went."""
LETTERS_GOT: Final = Bound(most=3, period=timedelta(days=30))
"""Letters that one person gets, whoever asks for them."""
GUESSING: Final = Bound(most=5, period=timedelta(days=30))
"""P15: guesses of one party at the codes of all letters about mandates that went to another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Counts."""

    store: Expiring[Counted]

    async def count(
        self, unit: Unit, what: str, bound: Bound, now: datetime, *, many: int = 1
    ) -> TooManyTries | None:
        """Count one, or so many at once; return why it may not be now, counting nothing.

        The last may go over the bound, so that they are all counted.
        """

        def counted(kept: Counted) -> Counted | Refusal:
            return _too_many(kept, what, bound, now) or replace(kept, count=kept.count + many)

        result = await self.store.change(unit, what, now, counted)
        if result is None:
            first = Counted(count=many, began=now)
            if await self.store.add(unit, what, first, now + bound.period, now):
                return None
            result = await self.store.change(unit, what, now, counted)
        return result if isinstance(result, TooManyTries) else None

    async def over(self, what: str, bound: Bound, now: datetime) -> TooManyTries | None:
        """Return why one more would be refused now, counting nothing."""
        kept = await self.store.find(what, now)
        return None if kept is None else _too_many(kept, what, bound, now)

    async def give_back(self, unit: Unit, what: str, now: datetime, *, many: int = 1) -> None:
        """Take one, or so many, off what was counted: it turned out to be none that counts."""
        await self.store.change(unit, what, now, lambda kept: replace(kept, count=max(0, kept.count - many)))


def _too_many(kept: Counted, what: str, bound: Bound, now: datetime) -> TooManyTries | None:
    if kept.count < bound.most:
        return None
    wait = math.ceil((kept.began + bound.period - now).total_seconds())
    return TooManyTries(max(1, wait), what.partition(":")[0])
