"""The register of courts: measures for adults who cannot look after all of their affairs.

Curatele, bewind and mentorship, and provisional bewind while a court has curatele before it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from toegang.identity.numbers import Bsn
    from toegang.registers.spoken import Held, Holder


class MeasureKind(enum.StrEnum):
    """What a court can order for an adult."""

    CURATELE = "curatele"
    BEWIND = "bewind"
    MENTORSHIP = "mentorship"
    PROVISIONAL_BEWIND = "provisional-bewind"


class Sphere(enum.StrEnum):
    """What a measure is about."""

    PROPERTY = "property"
    PERSONAL_CARE = "personal-care"


REACH = {
    MeasureKind.CURATELE: frozenset(Sphere),
    MeasureKind.BEWIND: frozenset({Sphere.PROPERTY}),
    MeasureKind.MENTORSHIP: frozenset({Sphere.PERSONAL_CARE}),
    MeasureKind.PROVISIONAL_BEWIND: frozenset({Sphere.PROPERTY}),
}
"""What each kind is about at most; a court can order less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Who a court appointed: from `since`, and from `until` no longer (dismissed, or dead)."""

    party: Holder = field(repr=False)
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One order for one person, in force from the day `since`, and from the day `until` no longer.

    `whole` is False for bewind over some goods only. Of the representatives `needed` act together; 1 is where
    the court said that each acts separately, None where it said nothing. `replaces` is the `number` of an
    order that this one takes the place of. `disputed` is for what the court itself is looking into.
    """

    number: str
    about: Bsn
    kind: MeasureKind
    spheres: frozenset[Sphere]
    whole: bool
    pronounced: date
    since: date
    until: date | None
    needed: int | None
    representatives: tuple[Representative, ...]
    replaces: str | None = None
    disputed: bool = False
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Every order about one person that the register at `source` knew at `as_of`, ended ones too."""

    about: Bsn
    measures: tuple[Measure, ...]
    as_of: datetime
    source: str


class Courts(Protocol):
    """Asks the register of courts."""

    async def find(self, bsn: Bsn) -> Measures:
        """Return every order about this person, none for who has none.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of those whom `holder` represents by an order, from `after` on.

        Raises:
            Unavailable: as `find`.

        """
        ...
