"""How far a long check or import is: told as it goes, so that a person waits knowingly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Is told what is being done (`files read`, `records checked`), how many are done, and of how many."""

EVERY = 500


def silent(_: str, __: int, ___: int) -> None:
    """Tell nobody."""


def told(what: str, items: Sequence[T], progress: Progress) -> Iterator[T]:
    """Yield the items; tell at every 500th, and at the last, how many were dealt with."""
    for number, item in enumerate(items, 1):
        yield item
        if number % EVERY == 0 or number == len(items):
            progress(what, number, len(items))
