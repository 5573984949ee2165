"""Families as the population register knows them: what parental authority is derived from, person by person.

Every date in it may have unknown parts. The places of the two parents say nothing: which of them is the first
differs from register to register, and only a court's ruling (`Award`) refers to them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from toegang.registers.population import BirthDate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.identity.numbers import Bsn

MOST_ASKED: Final = 30
"""People in one question: the published interface takes no more."""

PartialDate: TypeAlias = BirthDate
"""A date of which parts may be unknown, written as a birth date is."""


class Sex(enum.StrEnum):
    """As registered; asked only where the law follows who gave birth."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Deed(enum.StrEnum):
    """By which deed a child has a parent, or a parent a child."""

    BIRTH = "birth"  # a recognition before the birth stands in it too
    RECOGNITION = "recognition"  # at the declaration of birth, later, or before a notary
    ESTABLISHED = "established"  # a court established who is a parent
    ADOPTION = "adoption"  # by a Dutch deed
    DENIAL = "denial"  # of parenthood


class End(enum.StrEnum):
    """Why a marriage or partnership ended."""

    DIVORCE = "divorce"  # or dissolution by consent
    DEATH = "death"
    OTHER = "other"


class Award(enum.StrEnum):
    """To whom a court gave authority, in the codes of the register: parents by their place, `D` a third."""

    FIRST = "1"
    SECOND = "2"
    BOTH = "12"
    FIRST_AND_THIRD = "1D"
    SECOND_AND_THIRD = "2D"
    THIRD = "D"
    UNREADABLE = "."


class Part(enum.StrEnum):
    """What of a person's record the register may be looking into."""

    PERSON = "person"
    PARENTS = "parents"
    UNIONS = "unions"
    RESIDENCE = "residence"
    CUSTODY = "custody"
    STANDING = "standing"  # death, curatele


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A legal parent on the record of a child.

    `bsn` is None for who is not registered here. `named` is False where the register only knows that there
    is, or was, somebody. `since` is from when they are a parent in law, `deeds` by which deeds, also earlier.
    """

    bsn: Bsn | None
    named: bool
    sex: Sex
    since: PartialDate | None
    deeds: frozenset[Deed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """A marriage or registered partnership.

    `ended` is None while it lasts, `partner` is None for who is not registered here.
    """

    partner: Bsn | None
    began: PartialDate
    ended: PartialDate | None
    end: End | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Authority as a court gave it, in force from `since`.

    `thirds` are the third parties whom the register names; often it does not.
    """

    award: Award
    since: PartialDate | None
    thirds: frozenset[Bsn] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A person with their family, as registered.

    `native` is None where the country of birth is unknown. `settled` is from when somebody lives here (again)
    after having lived abroad. `deceased` and `curatele` are from when, None for not. `declared_adult` is from
    when a court declared a minor mother to be adult. `first` and `second` are the legal parents. `children`
    and `wards` are those whose parent or guardian the person is, as far as the register lists them.
    """

    bsn: Bsn
    born: PartialDate
    native: bool | None
    resident: bool
    settled: PartialDate | None = None
    deceased: PartialDate | None = None
    curatele: PartialDate | None = None
    declared_adult: PartialDate | None = None
    deeds: frozenset[Deed] = frozenset()
    first: Parent | None = None
    second: Parent | None = None
    unions: tuple[Union, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    children: tuple[Bsn, ...] = ()
    wards: tuple[Bsn, ...] = ()
    investigated: frozenset[Part] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the register at `source` knew of several people at `as_of`; who is unknown is not in it."""

    people: Mapping[Bsn, Record] = field(repr=False)
    as_of: datetime
    source: str


class Families(Protocol):
    """Asks the population register for people with their families."""

    async def find(self, people: frozenset[Bsn]) -> Records:
        """Find at most MOST_ASKED people.

        Raises:
            ValueError: more are asked.
            Unavailable: the register does not answer, or not in its own form.

        """
        ...
