"""Values that every login makes: as frozen as others to the type checker, and made without a guard.

`dataclass(frozen=True)` sets every field by a call that goes past its own guard. A login makes some 125
values with 670 fields, most of them of a few classes, which was a twentieth of its time. `hot` takes the same
words and is the same decorator to the type checker, which lets nobody set a field; it leaves out the guard
at run time, and nothing else. It is for what every login makes (docs/decisions/0023-hot-values.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

__all__ = ("hot",)

if TYPE_CHECKING:
    from dataclasses import dataclass as hot
else:
    T = TypeVar("T")

    def hot(*, frozen: bool, slots: bool, kw_only: bool, eq: bool = True) -> Callable[[type[T]], type[T]]:
        """Make a dataclass that compares and hashes as a frozen one does."""
        if not frozen:
            message = "what is hot is frozen"
            raise TypeError(message)
        return dataclass(slots=slots, kw_only=kw_only, eq=eq, unsafe_hash=eq)
