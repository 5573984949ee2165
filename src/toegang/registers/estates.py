"""The register of estates: who died, who inherits, and who may act for what somebody left."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from toegang.identity.numbers import Bsn
    from toegang.registers.spoken import Held, Holder


class Will(enum.StrEnum):
    """Whether the dead left a will."""

    NONE = "none"
    MADE = "made"
    UNKNOWN = "unknown"


class Kinship(enum.StrEnum):
    """What somebody was to the dead."""

    SPOUSE = "spouse"  # or registered partner, not separated
    CHILD = "child"
    DESCENDANT = "descendant"  # in the place of a child
    PARENT = "parent"
    SIBLING = "sibling"
    SIBLING_DESCENDANT = "sibling-descendant"  # in the place of a brother or sister
    GRANDPARENT = "grandparent"
    GREAT_GRANDPARENT = "great-grandparent"
    OTHER = "other"  # inherits by a will only


class Choice(enum.StrEnum):
    """What an heir did with the inheritance."""

    ACCEPTED = "accepted"
    WITHIN_ASSETS = "within-assets"  # beneficiair: not liable for more than there is
    OPEN = "open"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """Somebody who inherits by law or by will; `deceased_on` is their own death, after or before.

    `in_place_of` is who they stand in the place of: somebody who died first, or rejected.
    """

    party: Holder = field(repr=False)
    kinship: Kinship
    choice: Choice
    deceased_on: date | None = None
    in_place_of: Holder | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """Who winds the estate up by the will, from `since`, and from `until` no longer.

    `court` is True for a liquidator (vereffenaar), who comes from a court instead of a will.
    """

    party: Holder = field(repr=False)
    since: date
    until: date | None
    court: bool = False
    deceased_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A notary's certificate: who the heirs are, or that somebody is executor (`heirs` is empty then)."""

    number: str
    issued: date
    heirs: frozenset[Holder] = field(repr=False)
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorised:
    """Who was authorised for these services (by their identifiers), by the heirs or by who offers them."""

    party: Holder = field(repr=False)
    services: frozenset[str]
    since: date
    until: date | None
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """What one person left, as the register at `source` knew it at `as_of`.

    `executors_needed` act together; 1 is each separately. `division_undone` is True when the spouse undid the
    division by law. `settled_on` is the day from which there is no estate any more.
    """

    deceased: Bsn
    died_on: date
    will: Will
    kin: tuple[Kin, ...]
    executors: tuple[Executor, ...]
    executors_needed: int
    certificate: Certificate | None
    authorised: tuple[Authorised, ...]
    as_of: datetime
    source: str
    division_undone: bool = False
    settled_on: date | None = None
    disputed: bool = False
    recorded_at: datetime | None = None


class Estates(Protocol):
    """Asks the register of estates."""

    async def find(self, bsn: Bsn) -> Estate | None:
        """Find what this person left; None for who has no estate registered.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of the dead in whose estates `holder` is registered, from `after` on.

        Raises:
            Unavailable: as `find`.

        """
        ...
