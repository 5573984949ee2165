"""The trade register: organisations, their form and state, and who may act in their name."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from toegang.identity.numbers import KvkNumber, Rsin
    from toegang.registers.spoken import Held, Holder


class LegalForm(enum.StrEnum):
    """What an organisation is in law."""

    SOLE_TRADER = "sole-trader"  # eenmanszaak
    PARTNERSHIP = "partnership"  # vennootschap onder firma, maatschap
    LIMITED_PARTNERSHIP = "limited-partnership"  # commanditaire vennootschap
    PRIVATE_COMPANY = "private-company"  # B.V.
    PUBLIC_COMPANY = "public-company"  # N.V.
    FOUNDATION = "foundation"
    ASSOCIATION = "association"
    COOPERATIVE = "cooperative"
    MUTUAL = "mutual"  # onderlinge waarborgmaatschappij
    CHURCH = "church"
    PUBLIC_BODY = "public-body"
    FOREIGN = "foreign"


class Standing(enum.StrEnum):
    """Whether an organisation takes part in legal life."""

    ACTIVE = "active"
    MORATORIUM = "moratorium"  # surseance van betaling
    INSOLVENT = "insolvent"  # faillissement
    DISSOLVED = "dissolved"
    MERGED = "merged"  # ceased to exist by a merger
    STRUCK_OFF = "struck-off"


class Representing(enum.StrEnum):
    """How somebody may act in an organisation's name."""

    ALONE = "alone"
    TOGETHER = "together"
    NOT = "not"


class Role(enum.StrEnum):
    """As what somebody acts."""

    OWNER = "owner"  # of a sole trader's business
    PARTNER = "partner"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A director, partner or owner, from `since`, and from `until` no longer.

    `needed` of all officials act together, this one included; None is all of them. `most` is the largest
    amount of one act in eurocents, None for any.
    """

    party: Holder = field(repr=False)
    role: Role
    representing: Representing
    since: date
    until: date | None
    needed: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Who has a registered proxy; `branch` limits it to one branch, `full` is False for a described part."""

    party: Holder = field(repr=False)
    full: bool
    since: date
    until: date | None
    most: int | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch by its number of twelve digits."""

    number: str
    name: str
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredOrganisation:
    """An organisation as the register at `source` knew it at `as_of`.

    `standing` holds from `standing_since`. `into` is what it merged into.
    """

    kvk: KvkNumber
    rsin: Rsin | None
    name: str
    form: LegalForm
    registered_on: date
    standing: Standing
    standing_since: date
    officials: tuple[Official, ...]
    proxies: tuple[Proxy, ...]
    branches: tuple[Branch, ...]
    as_of: datetime
    source: str
    into: KvkNumber | None = None
    disputed: bool = False
    recorded_at: datetime | None = None


class Organisations(Protocol):
    """Asks the trade register."""

    async def find(self, kvk: KvkNumber) -> RegisteredOrganisation | None:
        """Find the organisation with this number.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of the organisations in which `holder` is registered, from `after` on.

        Raises:
            Unavailable: as `find`.

        """
        ...
