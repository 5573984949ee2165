"""Holds: why a person's means stand still for a while, and until when; taken away, all is as it was.

A hold is of the person and not of an account: with every account that they have now or get later. What is
stopped for good (blocked, ended) is no hold.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from toegang.errors import AccountHeld

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.units import Unit


class HoldReason(enum.StrEnum):
    """Why somebody's means stand still."""

    DIED = "died"  # by the population register
    TWO_ACCOUNTS = "two-accounts"  # two people of ours turned out to have one number: an operator decides
    SUSPENDED = "suspended"  # by an operator or an authority, for a while


OF_PERSON = frozenset({HoldReason.DIED, HoldReason.TWO_ACCOUNTS})
"""Holds on who somebody is: they stop means of other parties too. The other stops our own means alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One reason for one person. `until` is when the rule of that reason does what comes next, if ever.

    `words` is a short word that says more (the reason of a suspension); `other` is the other person where two
    turned out to have one number.
    """

    person: PersonId
    reason: HoldReason
    since: datetime
    until: datetime | None = None
    words: str = ""
    other: PersonId | None = field(default=None, repr=False)

    def is_over(self, now: datetime) -> bool:
        """Tell whether a suspension counts no more: from its `until` on (half-open)."""
        return self.reason is HoldReason.SUSPENDED and self.until is not None and self.until <= now

    @property
    def refusal(self) -> AccountHeld:
        """What whoever proved to be this person is told."""
        until = self.until if self.reason is HoldReason.SUSPENDED else None
        return AccountHeld(why=self.reason.value, about=self.words, until=until)


class Holds(Protocol):
    """Keeps holds; a person has one of each reason at most."""

    async def of_person(self, person: PersonId) -> tuple[Hold, ...]:
        """Return the person's holds, oldest first."""
        ...

    async def put(self, unit: Unit, hold: Hold) -> bool:
        """Keep a hold; False, changing nothing, when the person has one of this reason. Atomic."""
        ...

    async def lift(
        self, unit: Unit, person: PersonId, reason: HoldReason, over_at: datetime | None = None
    ) -> tuple[Hold, ...] | None:
        """Take a hold away and return those that are left; None when there is none of this reason. Atomic.

        With `over_at` only a hold whose `until` has come by then: another may have taken its place meanwhile.
        Of two that place or lift holds of one person, the second waits until the first has committed.
        """
        ...

    async def settle(self, unit: Unit, hold: Hold) -> bool:
        """Note that what was to come at `until` was done; False when it was, or the hold is gone. Atomic."""
        ...

    async def due(self, now: datetime, most: int) -> tuple[Hold, ...]:
        """Return holds whose `until` has come, the first to come first."""
        ...


def check_held(holds: tuple[Hold, ...]) -> None:
    """Refuse the person of `holds` by any of `OF_PERSON`, whatever they prove it with: the gate of persons.

    Raises:
        AccountHeld: they are held.

    """
    for hold in holds:
        if hold.reason in OF_PERSON:
            raise hold.refusal
