"""The roll-out of cards: how many people could log in with one, how many made it ready, how many did.

Asked of their register at the moment itself, so every number is rounded down: who watches sees nobody come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.reports.privacy import THRESHOLD

if TYPE_CHECKING:
    from toegang.means.card.values import CardStore
    from toegang.registers.cards import CardKind, Cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """One kind of card: in circulation with an e-function, made ready to log in, and used to log in here."""

    kind: CardKind
    issued: int
    active: int
    used: int


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
