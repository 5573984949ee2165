"""The one dispatcher: what comes next in a login, from the stored record alone.

Steps never call steps. After every act of the person the browser comes back here. A new step is a
dataclass, a branch in `next_step` and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toegang.catalogue.values import MeansId
    from toegang.login.transaction import Offer, Transaction


@dataclass(frozen=True, slots=True)
class ChooseMeans:
    """The person chooses a means; with nothing offered they read why, and stop."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class GoToMeans:
    """The browser goes to the chosen means."""

    means: MeansId


@dataclass(frozen=True, slots=True)
class Confirm:
    """The person sees what the service will learn, and agrees or stops."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything is there: the service gets its answer."""


Step = ChooseMeans | GoToMeans | Confirm | Answer


def next_step(transaction: Transaction) -> Step:
    """Decide what comes next."""
    if not transaction.proven_enough:
        if transaction.chosen is None:
            return ChooseMeans(transaction.offers)
        return GoToMeans(transaction.chosen)
    if transaction.request.service.confirm and not transaction.confirmed:
        return Confirm()
    return Answer()
