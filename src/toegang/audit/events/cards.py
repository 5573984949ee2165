"""What happens to people's cards with an e-function, as far as logging in goes."""

from dataclasses import dataclass
from typing import ClassVar

from toegang.audit.event import Personal
from toegang.audit.events.accounts import AccountChange, AccountEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CardActivated(AccountChange):
    """Somebody can log in with a card from now on, or again: its holder proved card and PIN.

    `kind` is `identity-card` or `driving-licence`.
    """

    name: ClassVar[str] = "card:activated"

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFirstUsed(AccountEvent):
    """A card logged in for the first time; its person was told.

    `reference` is the login, `kind` as of `card:activated`.
    """

    name: ClassVar[str] = "card:first-used"

    reference: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStopped(AccountChange):
    """A person stopped their card for logging in. `kind` is as of `card:activated`."""

    name: ClassVar[str] = "card:stopped"

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPinAsked(AccountEvent):
    """A person asked the issuer for a letter with a new PIN. `kind` is as of `card:activated`."""

    name: ClassVar[str] = "card:pin-asked"

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefused(AccountEvent):
    """A card was read and not accepted.

    `reference` is the login, or the reader session when it was to be activated. `why` is a reason of
    docs/protocols/card.md. `person` is whose account it was to be activated for.
    """

    name: ClassVar[str] = "card:refused"

    person: Personal | None = None
    reference: str
    why: str
