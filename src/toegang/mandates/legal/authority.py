"""Authority that follows from the law: who may act for whom, on which ground and until when.

Every derivation yields this one value: parental authority, court orders, estates, boards of organisations. It
says what the law gives. Whether a service admits it, at which level and age, is asked elsewhere (decide).
What could not be determined is no authority and never becomes one: there is no value for it here.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from toegang.catalogue.representation import Power
from toegang.identity.numbers import Bsn, KvkNumber, Rsin

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Power"]

Party: TypeAlias = Bsn | KvkNumber | Rsin
"""A person, or an organisation by one of its numbers."""


class Family(enum.StrEnum):
    """Which part of the law a basis comes from; each has its own register and its own derivation."""

    PARENTAL = "parental"  # over a minor
    COURT = "court"  # a measure for an adult
    ESTATE = "estate"  # of somebody who died
    ORGANISATION = "organisation"


class Basis(enum.StrEnum):
    """On which ground somebody has authority."""

    PARENTAL_JOINT = "parental-joint"
    PARENTAL_SOLE = "parental-sole"
    PARENTAL_WITH_THIRD = "parental-with-third"  # a parent and somebody who is not a parent
    GUARDIANSHIP = "guardianship"  # voogdij: over a minor, by who is not a parent
    CURATELE = "curatele"
    BEWIND = "bewind"
    MENTORSHIP = "mentorship"
    PROVISIONAL_BEWIND = "provisional-bewind"  # until the court has decided on curatele
    HEIR = "heir"
    EXECUTOR = "executor"
    AUTHORISED_HEIR = "authorised-heir"  # by all heirs together
    DIRECTOR_SOLE = "director-sole"
    DIRECTOR_JOINT = "director-joint"
    DIRECTOR_LIMITED = "director-limited"
    PROXY = "proxy"  # procuratie, as registered in the trade register

    @property
    def family(self) -> Family:
        """Return which part of the law it comes from."""
        return _FAMILIES[self]


_FAMILIES = {
    Basis.PARENTAL_JOINT: Family.PARENTAL,
    Basis.PARENTAL_SOLE: Family.PARENTAL,
    Basis.PARENTAL_WITH_THIRD: Family.PARENTAL,
    Basis.GUARDIANSHIP: Family.PARENTAL,
    Basis.CURATELE: Family.COURT,
    Basis.BEWIND: Family.COURT,
    Basis.MENTORSHIP: Family.COURT,
    Basis.PROVISIONAL_BEWIND: Family.COURT,
    Basis.HEIR: Family.ESTATE,
    Basis.EXECUTOR: Family.ESTATE,
    Basis.AUTHORISED_HEIR: Family.ESTATE,
    Basis.DIRECTOR_SOLE: Family.ORGANISATION,
    Basis.DIRECTOR_JOINT: Family.ORGANISATION,
    Basis.DIRECTOR_LIMITED: Family.ORGANISATION,
    Basis.PROXY: Family.ORGANISATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """Of which matters somebody decides.

    `most` is the largest amount of one act, in eurocents; None for any. `services` are those that it is
    limited to, by their identifiers, `branch` is the only branch of an organisation that it is for; None for
    no such limit.
    """

    over: frozenset[Power]
    most: int | None = None
    services: frozenset[str] | None = None
    branch: str | None = None

    def __post_init__(self) -> None:
        """Refuse authority over nothing.

        Raises:
            ValueError: no power, no service, or an amount that is not positive.

        """
        nothing = not self.over or (self.services is not None and not self.services)
        if nothing or (self.most is not None and self.most <= 0):
            msg = "authority is over something, and of a positive amount"
            raise ValueError(msg)


EVERYTHING = Powers(over=frozenset(Power))


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """How many of those who hold it must act: `needed`, the holder included; 1 is alone.

    `others` are those who hold it too and whom the register names. Where fewer are named than are needed,
    no number of logins is enough.
    """

    others: frozenset[Party] = frozenset()
    needed: int = 1

    def __post_init__(self) -> None:
        """Refuse authority that nobody needs to use.

        Raises:
            ValueError: less than one is needed.

        """
        if self.needed < 1:
            msg = "at least one acts"
            raise ValueError(msg)

    @property
    def alone(self) -> bool:
        """Tell whether the holder may act without the others."""
        return self.needed == 1


ALONE = Together()


class Certainty(enum.StrEnum):
    """How sure the register is of what it told."""

    CERTAIN = "certain"
    UNDER_INVESTIGATION = "under-investigation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Which register told it: `reference` is its own name for the record, ruling or registration, or empty.

    `recorded_at` is when the register wrote it down, None where it does not say; `retrieved_at` when it was
    read.
    """

    register: str
    reference: str
    retrieved_at: datetime
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What the law gives `holder` to do for `represented`.

    It holds from `valid_from` until just before `valid_until`; None is without a known beginning, or without
    an end. `reasons` names the rules that it follows from, in the order in which they were asked.
    """

    represented: Party = field(repr=False)
    holder: Party = field(repr=False)
    basis: Basis
    powers: Powers
    together: Together = field(repr=False)
    valid_from: datetime | None
    valid_until: datetime | None
    source: Source
    certainty: Certainty
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: nobody has it over themselves or twice, and it ends after it begins.

        """
        if self.holder == self.represented or self.holder in self.together.others:
            msg = "nobody holds authority over themselves, or twice"
            raise ValueError(msg)
        if (
            self.valid_from is not None
            and self.valid_until is not None
            and self.valid_until <= self.valid_from
        ):
            msg = "authority ends after it begins"
            raise ValueError(msg)

    def holds(self, at: datetime) -> bool:
        """Tell whether it is in force, whatever else a service asks of it: `[valid_from, valid_until)`."""
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_until is None or at < self.valid_until)

    @property
    def certain(self) -> bool:
        """Tell whether the register stands for it: only then may anything rest on it."""
        return self.certainty is Certainty.CERTAIN
