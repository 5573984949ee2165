"""Whose card it is, and whether it may be used: asked of its register, and of the population register."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toegang.emrtd.card_login import CardKind as Said
from toegang.registers.cards import CardKind, CardStatus, RegisteredCard

if TYPE_CHECKING:
    from toegang.emrtd.card_login import VerifiedCard
    from toegang.identity.people import PersonId
    from toegang.means.card.desk import CardDesk
    from toegang.registers.population import Registered

KINDS: Final = {Said.IDENTITY_CARD: CardKind.IDENTITY_CARD, Said.DRIVING_LICENCE: CardKind.DRIVING_LICENCE}

# Words for what the person can do; who holds the card and knows its PIN may know how it stands with it.
UNKNOWN, NOT_ACTIVE, BLOCKED, RETURNED = "card-unknown", "card-not-active", "card-blocked", "card-returned"
STOPPED, NOT_YOURS, OVER, NOT_BELIEVED = "card-stopped", "card-not-yours", "card-over", "card-not-believed"
CLOSED, LATER = "closed", "later"
REPORTED: Final = "card-reported"
"""The reason where the population register heard that it is lost or stolen; people read BLOCKED."""
REFUSED: Final = {
    CardStatus.ISSUED: NOT_ACTIVE,
    CardStatus.BLOCKED: BLOCKED,
    CardStatus.RETURNED: RETURNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A card with the living person whose it is, as both registers say; `known` when they are one of ours.

    `reported` when the population register heard that this very card is lost or stolen.
    """

    card: RegisteredCard = field(repr=False)
    person: Registered = field(repr=False)
    known: PersonId | None = None
    reported: bool = False


def word_of(holder: Holder) -> str:
    """Return why a card that is not active logs nobody in: who stopped it is not told that it is blocked."""
    if holder.card.status is CardStatus.BLOCKED and holder.card.by_holder and not holder.reported:
        return STOPPED
    return REFUSED[holder.card.status]


async def holder_of(desk: CardDesk, verified: VerifiedCard) -> Holder | str:
    """eIDAS-2015/1502-2.3.1: say whose a card is that proved itself, or the word for why it is nobody's.

    1. the register knows this very chip, of this kind; 2. its person lives; 3. what the population register
    heard of it is looked up.

    Raises:
        Unavailable: a register does not answer: then nothing is decided.

    """
    # 1.
    card = await desk.register.find(verified.chip)
    if card is None or card.kind is not KINDS[verified.kind]:
        return UNKNOWN
    # 2.
    person = await desk.account.population.find(card.holder)
    if person is None or person.deceased_on is not None:
        return UNKNOWN
    # 3.
    ours = await desk.account.enrolment.find(card.holder)
    known = ours.id if ours else None
    reported = known is not None and await desk.reports.is_reported(known, card.kind.value, card.number)
    return Holder(card=card, person=person, known=known, reported=reported)
