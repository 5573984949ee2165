"""What comes out of the flow: who has authority over a minor, nobody for now, or that it cannot be told."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from toegang.identity.numbers import Bsn


class Kind(enum.StrEnum):
    """The kinds of authority that the published interface tells, and that it does not apply."""

    JOINT = "joint"  # both parents
    SOLE = "sole"  # one parent
    WITH_THIRD = "with-third"  # a parent and somebody who is no parent
    GUARDIANSHIP = "guardianship"  # somebody who is no parent
    NONE_FOR_NOW = "none-for-now"  # nobody can have it; a court will provide
    UNDETERMINED = "undetermined"  # the register does not tell enough
    NOT_APPLICABLE = "not-applicable"  # no minor, or no longer alive


class Gap(enum.StrEnum):
    """Why it cannot be told; docs/parental-authority.md explains each."""

    NOT_FOUND = "not-found"
    NOT_RESIDENT = "not-resident"
    AGE_UNCERTAIN = "age-uncertain"
    BIRTH_COUNTRY_UNKNOWN = "birth-country-unknown"
    HAS_LIVED_ABROAD = "has-lived-abroad"
    BORN_ABROAD = "born-abroad"
    RULING_UNREADABLE = "ruling-unreadable"
    RULING_WITHOUT_DATE = "ruling-without-date"
    RULINGS_CONTRADICT = "rulings-contradict"
    RULING_CONTRADICTS_RECORD = "ruling-contradicts-record"
    MARRIED_AFTER_RULING = "married-after-ruling"
    PARENT_UNKNOWN = "parent-unknown"
    PARENT_NOT_REGISTERED = "parent-not-registered"
    PARTNER_NOT_REGISTERED = "partner-not-registered"
    DATES_INCOMPLETE = "dates-incomplete"
    RECORDS_CONTRADICT = "records-contradict"
    RECOGNITION_UNCLEAR = "recognition-unclear"
    RECOGNISED_WITHOUT_AUTHORITY = "recognised-without-authority"
    BORN_IN_OTHER_UNION = "born-in-other-union"
    ADOPTION_UNCLEAR = "adoption-unclear"
    BIRTH_MOTHER_UNCLEAR = "birth-mother-unclear"
    ESTABLISHED_BY_COURT = "established-by-court"
    SOURCE_SILENT = "source-silent"  # the register does not answer
    SAID_BY_REGISTER = "said-by-register"  # the register's own answer is that it cannot tell


HOLDERS: dict[Kind, tuple[int, int]] = {
    Kind.JOINT: (2, 2),
    Kind.SOLE: (1, 1),
    Kind.WITH_THIRD: (2, 2),
    Kind.GUARDIANSHIP: (1, 2),
    Kind.NONE_FOR_NOW: (0, 0),
    Kind.UNDETERMINED: (0, 0),
    Kind.NOT_APPLICABLE: (0, 0),
}
"""The fewest and the most who hold each kind, those included whom the register does not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Who has authority over `child`, at the moment for which it was asked.

    `unnamed` counts who has it too and whom the register does not name. `since` is from when a court gave it,
    None where it follows from the law or the register does not say. `investigated` means that the register is
    looking into something that it rests on. `reasons` are the questions of the flow with their answers, in
    their order. `gap` is there exactly where it is undetermined.
    """

    child: Bsn = field(repr=False)
    kind: Kind
    holders: frozenset[Bsn] = field(default=frozenset(), repr=False)
    unnamed: int = 0
    since: date | None = None
    investigated: bool = False
    reasons: tuple[str, ...] = ()
    gap: Gap | None = None

    def __post_init__(self) -> None:
        """Refuse an outcome with other holders than its kind has.

        Raises:
            ValueError: too many, too few, the child itself, or a gap where there is none.

        """
        fewest, most = HOLDERS[self.kind]
        if not fewest <= len(self.holders) + self.unnamed <= most or self.child in self.holders:
            msg = "other holders than this kind of authority has"
            raise ValueError(msg)
        if (self.gap is not None) != (self.kind is Kind.UNDETERMINED):
            msg = "a gap is what makes it undetermined"
            raise ValueError(msg)
