"""What is kept here of a card, and what its store promises. Whose it is and its state are its register's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from toegang.catalogue.values import MeansId
from toegang.identity.people import PersonId
from toegang.registers.cards import CardKind

if TYPE_CHECKING:
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card that was used or stopped here. `chip` is the SHA-256 of its key; no number is kept.

    `used_at` is when it logged in last, None while it never did. `stopped_at` is when its person stopped it,
    and what it proved before `proofs_from` counts no more.
    """

    chip: bytes = field(repr=False)
    means: MeansId
    person: PersonId
    kind: CardKind
    since: datetime
    used_at: datetime | None = None
    stopped_at: datetime | None = None
    proofs_from: datetime | None = None

    def stopped(self, now: datetime) -> Card:
        """Return it after its person stopped it."""
        return replace(self, stopped_at=self.stopped_at or now, proofs_from=now)


class CardStore(Protocol):
    """Keeps cards, for good: one record for each chip."""

    async def find(self, chip: bytes) -> Card | None:
        """Find by chip."""
        ...

    async def of_person(self, person: PersonId) -> tuple[Card, ...]:
        """Return the person's cards, oldest first."""
        ...

    async def hold(self, unit: Unit, chip: bytes) -> Card | None:
        """Find by chip, holding it against others until the unit ends."""
        ...

    async def put(self, unit: Unit, card: Card) -> None:
        """Keep a card, in the place of what stood there of its chip."""
        ...

    async def used(self) -> Mapping[CardKind, int]:
        """Count the cards that logged in at least once, by kind."""
        ...
