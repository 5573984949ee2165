"""The door of cards: one attribute per journey, and what reader sessions may be for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from toegang.means.card.logging_in import PURPOSE as LOGIN
from toegang.means.card.logging_in import CardLogin, LoggingIn
from toegang.means.card.own_cards import PURPOSE as ACTIVATION
from toegang.means.card.own_cards import CardActivation, CardsOfAccount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.means.card.desk import CardDesk
    from toegang.means.card.logging_in import Errand
    from toegang.means.reader.conversation import Conversation
    from toegang.means.reader.readers import Readers
    from toegang.units import Expiring


def conversations(desk: CardDesk) -> Mapping[str, Conversation]:
    """Return what reader sessions may be for, by purpose."""
    return {LOGIN: CardLogin(desk=desk), ACTIVATION: CardActivation(desk=desk)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCards:
    """What handlers may do with cards; every journey works at the same desk."""

    desk: CardDesk
    logging_in: LoggingIn
    own: CardsOfAccount

    @classmethod
    def at(cls, desk: CardDesk, readers: Readers, errands: Expiring[Errand]) -> Self:
        """Open the door at a desk."""
        return cls(
            desk=desk,
            logging_in=LoggingIn(desk=desk, readers=readers, errands=errands),
            own=CardsOfAccount(desk=desk, readers=readers),
        )
