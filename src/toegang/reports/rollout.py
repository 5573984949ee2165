"""The roll-out of cards: how many people could log in with one, how many made it ready, how many did.

Every number is rounded down: who watches sees nobody come. The page is for everybody, so the register is
asked now and then, however often the page is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import Unavailable
from toegang.reports.privacy import THRESHOLD

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.card.values import CardStore
    from toegang.registers.cards import CardKind, Cards

KEPT: Final = timedelta(minutes=10)
"""How long an answer of the register serves, also that it gave none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """One kind of card: in circulation with an e-function, made ready to log in, and used to log in here."""

    kind: CardKind
    issued: int
    active: int
    used: int


@dataclass(slots=True, kw_only=True)
class Rollouts:
    """Remembers the roll-out for `KEPT`; of many who look at once, one asks."""

    _kept: tuple[Rollout, ...] = field(default=(), init=False)
    _until: datetime | None = field(default=None, init=False)

    async def find(self, register: Cards, cards: CardStore, now: datetime) -> tuple[Rollout, ...]:
        """Return the roll-out; nothing where the register did not answer."""
        if self._until is None or now >= self._until:
            self._until = now + KEPT
            try:
                self._kept = await rollout_of(register, cards)
            except Unavailable:
                self._kept = ()
        return self._kept


async def rollout_of(register: Cards, cards: CardStore) -> tuple[Rollout, ...]:
    """Return the roll-out by kind, each number rounded down to tens.

    Raises:
        Unavailable: the register does not answer.

    """
    used = await cards.used()
    return tuple(
        Rollout(
            kind=each.kind,
            issued=_rounded(each.issued),
            active=_rounded(each.active),
            used=_rounded(used.get(each.kind, 0)),
        )
        for each in await register.counts()
    )


def _rounded(count: int) -> int:
    return count - count % THRESHOLD
