"""The register of cards with an e-function: whose a card is, where it is in its life, what its issuer does.

Its issuer keeps it, prints the letter with the PIN, and counts what was issued. Never here: a PIN.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.numbers import Bsn


class CardKind(enum.StrEnum):
    """Which card it is."""

    IDENTITY_CARD = "identity-card"
    DRIVING_LICENCE = "driving-licence"


class CardStatus(enum.StrEnum):
    """Where a card is in its life."""

    ISSUED = "issued"  # handed over, and never used to log in
    ACTIVE = "active"
    BLOCKED = "blocked"  # by its holder, or by its issuer when it was reported lost or stolen
    RETURNED = "returned"  # taken in, or replaced


class CardAct(enum.StrEnum):
    """What its holder can have done with a card."""

    ACTIVATE = "activate"
    """From the first use on, or again after the holder blocked it."""
    BLOCK = "block"
    """No login with it; the card itself stays valid."""
    SEND_PIN = "send-pin"
    """The issuer sends a letter with a new PIN to the address in the population register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCard:
    """A card as its register knows it at `as_of`, according to `source`.

    `chip` is the SHA-256 of the key of its chip. `by_holder` says of a blocked card that its holder did that,
    and so may undo it. `until` is its last day.
    """

    chip: bytes = field(repr=False)
    number: str = field(repr=False)
    kind: CardKind
    holder: Bsn
    status: CardStatus
    by_holder: bool
    until: date
    as_of: datetime
    source: str

    @property
    def may_be_activated(self) -> bool:
        """Tell whether its holder can make it usable, with card and PIN."""
        return self.status is CardStatus.ISSUED or (self.status is CardStatus.BLOCKED and self.by_holder)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCount:
    """How many cards of a kind are in circulation with an e-function, and how many of them are active."""

    kind: CardKind
    issued: int
    active: int


class Cards(Protocol):
    """Asks the register of cards, and has it act."""

    async def find(self, chip: bytes) -> RegisteredCard | None:
        """Find the card with this chip.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...

    async def of_holder(self, bsn: Bsn) -> tuple[RegisteredCard, ...]:
        """Return the cards of a person that were not taken in, in the order of the register.

        Raises:
            Unavailable: as `find`.

        """
        ...

    async def act(self, card: RegisteredCard, act: CardAct) -> RegisteredCard:
        """Have the register do something with a card, and return the card as it is then.

        Raises:
            NotEntitled: the register refuses it, for the state that the card is in.
            Unavailable: as `find`.

        """
        ...

    async def counts(self) -> tuple[CardCount, ...]:
        """Return how many cards there are, by kind.

        Raises:
            Unavailable: as `find`.

        """
        ...
