"""The only place where the present is read; everywhere else time is an argument, in UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import timedelta


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until told to advance; for tests and rebuilding figures."""

    def __init__(self, at: datetime) -> None:
        """Stand at `at`, an aware datetime."""
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return where the clock stands."""
        return self._at

    def advance(self, step: timedelta) -> None:
        """Move forward, or back, by `step`."""
        self._at += step


def epoch(at: datetime) -> int:
    """Return whole seconds since 1970-01-01T00:00:00Z (JSON's NumericDate, RFC7519-2)."""
    return int(at.timestamp())


def from_epoch(seconds: float) -> datetime:
    """Return the moment `seconds` after 1970-01-01T00:00:00Z, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def monotonic() -> float:
    """Return seconds that never run back; for measuring durations only."""
    return time.monotonic()
