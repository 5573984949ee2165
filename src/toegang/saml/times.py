"""Moments and durations as XML writes them (XMLSchema-2-3.2.6, -3.2.7); here they are UTC and seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from toegang.errors import Malformed

_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,12}))?Z")
_DURATION = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\.[0-9]{1,9})?S)?)?"
)
_SECONDS: Final = (365 * 86_400, 30 * 86_400, 86_400, 3_600, 60, 1)  # of what _DURATION names, in its order


def write_moment(at: datetime) -> str:
    """SAMLCore-1.3.3: a moment in UTC, without fractions, as `2026-01-01T00:00:00Z`."""
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def parse_moment(text: str) -> datetime:
    """SAMLCore-1.3.3: read a moment; it MUST be in UTC, written with Z. Finer than microseconds is cut off.

    Raises:
        Malformed: it is something else, or no moment of the calendar.

    """
    found = _MOMENT.fullmatch(text)
    if not found:
        message = "a moment is not written as UTC with Z"
        raise Malformed(message)
    try:
        return datetime.fromisoformat(f"{found[1]}.{(found[2] or '')[:6]:0<6}+00:00")
    except ValueError as error:
        message = "a moment does not exist in the calendar"
        raise Malformed(message) from error


def write_duration(seconds: int) -> str:
    """Return an xs:duration of whole seconds."""
    return f"PT{seconds}S"


def parse_duration(text: str) -> int:
    """Read an xs:duration as whole seconds; a year counts as 365 days and a month as 30.

    Raises:
        Malformed: it is something else, or negative.

    """
    found = _DURATION.fullmatch(text)
    if not found:
        message = "not a duration"
        raise Malformed(message)
    return sum(int(part) * unit for part, unit in zip(found.groups(), _SECONDS, strict=True) if part)
