"""Dates as documents have them: two digits of a year, and parts that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from toegang.emrtd.faults import Fault, refuse

UNKNOWN: Final = "<<"
CENTURY: Final = 100
LONGEST_LIFE: Final = 50
"""Years that an end may lie ahead before two digits of it mean the century before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date of which parts may be unknown (None), as a register has them too."""

    year: int | None
    month: int | None
    day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """ICAO9303-3-4.8: a date of six signs; which century it is depends on the day that it is read."""

    year: int | None
    month: int | None
    day: int | None

    @classmethod
    def parse(cls, text: str) -> PrintedDate:
        """ICAO9303-3-4.8: read YYMMDD; an unknown part is two fillers.

        Raises:
            DocumentRefused: no such month or day, or signs that are neither.

        """
        year, month, day = (_part(text[at : at + 2]) for at in (0, 2, 4))
        if month not in {None, *range(1, 13)} or day not in {None, *range(1, 32)}:
            refuse(Fault.UNREADABLE, "a date that is not in the calendar")
        return cls(year=year, month=month, day=day)

    def as_birth(self, today: date) -> PartialDate:
        """ICAO9303-3-4.8: a birth lies in the past, less than a hundred years ago or exactly so many.

        Whoever is older is read as a century younger: compare with a register, or take DG11.
        """
        year = self.year
        if year is not None:
            year += today.year - today.year % CENTURY
            later = (year, self.month or 1, self.day or 1) > (today.year, today.month, today.day)
            year -= CENTURY if later else 0
        return PartialDate(year=year, month=self.month, day=self.day)

    def as_end(self, today: date) -> date:
        """ICAO9303-3-4.8: an end is the last day on which the document is valid.

        Raises:
            DocumentRefused: part of it is unknown, or it is not in the calendar.

        """
        if self.year is None or self.month is None or self.day is None:
            refuse(Fault.UNREADABLE, "an end that is not known")
        year = self.year + today.year - today.year % CENTURY
        if year > today.year + LONGEST_LIFE:
            year -= CENTURY
        elif year <= today.year - LONGEST_LIFE:
            year += CENTURY
        return calendar(year, self.month, self.day)


def calendar(year: int, month: int, day: int) -> date:
    """Return a date that exists.

    Raises:
        DocumentRefused: it does not.

    """
    try:
        return date(year, month, day)
    except ValueError:
        return refuse(Fault.UNREADABLE, "a date that is not in the calendar")


def _part(signs: str) -> int | None:
    if signs == UNKNOWN:
        return None
    if len(signs) != len(UNKNOWN) or not (signs.isascii() and signs.isdigit()):
        refuse(Fault.UNREADABLE, "a date of other signs")
    return int(signs)
