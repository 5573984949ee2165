"""One party's trouble stays its own: so many calls at once, and none for a while when it is down."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one call and one party may take. `seconds` covers a call from name to last byte."""

    seconds: float = 5.0
    parallel: int = 16
    failures: int = 5
    """So many failures in a row open the breaker."""
    rest_seconds: float = 15.0
    """How long an open breaker lets nothing through, before one call may try."""


class Verdict:
    """Filled in by the caller: whether the answer said that the party itself is in trouble (5xx)."""

    __slots__ = ("troubled",)

    def __init__(self) -> None:
        """Begin without trouble."""
        self.troubled = False


@dataclass(slots=True, kw_only=True)
class Party:
    """The bulkhead and the breaker of one party."""

    name: str
    bounds: Bounds
    monotonic: Callable[[], float]
    _under_way: int = field(default=0, repr=False)
    _failures: int = field(default=0, repr=False)
    _closed_until: float = field(default=0.0, repr=False)
    _trying: bool = field(default=False, repr=False)

    @contextmanager
    def call(self) -> Iterator[Verdict]:
        """Hold one place. Unavailable and a verdict of trouble count as failures, being cut off does not.

        Raises:
            Unavailable: all places are taken (`crowded`), or the breaker is open.

        """
        trying = self._enter()
        verdict = Verdict()
        try:
            yield verdict
            self._count(failed=verdict.troubled)
        except Unavailable:
            self._count(failed=True)
            raise
        finally:
            self._under_way -= 1
            if trying:
                self._trying = False

    def _enter(self) -> bool:
        if self._under_way >= self.bounds.parallel:
            message = f"{self.name}: {self._under_way} calls are under way already"
            raise Unavailable(message, retry_after=1, crowded=True)
        resting = self._failures >= self.bounds.failures
        if resting and (self._trying or self.monotonic() < self._closed_until):
            message = f"{self.name}: not called, since the last {self._failures} calls failed"
            raise Unavailable(message, retry_after=round(self.bounds.rest_seconds))
        self._trying = self._trying or resting
        self._under_way += 1
        return resting

    def _count(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= self.bounds.failures:
            self._closed_until = self.monotonic() + self.bounds.rest_seconds
