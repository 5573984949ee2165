"""The one dispatcher: what comes next in a login, from the stored record alone.

Steps never call steps. After every act of the person the browser comes back here. A new step is a
dataclass, a branch in `next_step` and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import BelowOwnFloor, LevelNotProven, LevelUnreachable, LoginExpired, NotLinked
from toegang.login.transaction import OWN_FLOOR

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import MeansId
    from toegang.login.invitations import Invitation
    from toegang.login.transaction import Offer, Transaction


MOST_ATTEMPTS = 5  # times that a means may prove too little before the login is refused


@dataclass(frozen=True, slots=True)
class ChooseMeans:
    """The person chooses a means."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class OfferLink:
    """The person says whether the account that they proved first is to be a means of theirs."""

    means: MeansId


@dataclass(frozen=True, slots=True)
class GoToMeans:
    """The browser goes to the chosen means."""

    means: MeansId


@dataclass(frozen=True, slots=True)
class ChooseRepresented:
    """The person says for whom they log in: for themselves, or for somebody whom they may act for here."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """The person sees what the service will learn, and agrees or stops."""


@dataclass(frozen=True, slots=True)
class Invite:
    """The person is invited to climb a step, and may go on without it at once."""

    invitation: Invitation


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything is there: the service gets its answer."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing more can be done: the person reads why (`code`, errors), and the service is told."""

    code: str


Step = ChooseMeans | GoToMeans | OfferLink | ChooseRepresented | Confirm | Invite | Answer | Refuse


def next_step(transaction: Transaction, now: datetime) -> Step:
    """Decide what comes next."""
    if now >= transaction.until:
        return Refuse(LoginExpired.code)
    if not transaction.proven_enough:
        return _towards_proof(transaction)
    if transaction.unlinked is not None:
        return OfferLink(transaction.unlinked.means)
    if transaction.asks_for_whom:
        return ChooseRepresented()
    if transaction.request.service.confirm and not transaction.confirmed:
        return Confirm()
    if transaction.invitation is not None and transaction.invitation.open:
        return Invite(transaction.invitation)
    return Answer()


def _towards_proof(transaction: Transaction) -> Step:
    if transaction.attempts >= MOST_ATTEMPTS:
        return Refuse(LevelNotProven.code)
    if transaction.chosen is not None:
        return GoToMeans(transaction.chosen)
    if not any(offer.offered for offer in transaction.choice):
        return Refuse(_why_none(transaction))
    return ChooseMeans(transaction.choice)


def _why_none(transaction: Transaction) -> str:
    """Return why nothing can be chosen."""
    if transaction.unlinked is not None:
        return NotLinked.code
    own = any(offer.reason == OWN_FLOOR for offer in transaction.offers)
    return BelowOwnFloor.code if own else LevelUnreachable.code
