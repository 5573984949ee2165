"""Problems in a catalogue file: where, what, and how to mend it. Always all of them, never the first only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A place in a file; lines and columns count from 1, as editors do."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Write the place as editors and compilers do, so that it can be clicked."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Something that keeps a catalogue from being used; no secret and no rejected secret in its text."""

    place: Place
    what: str
    remedy: str

    def __str__(self) -> str:
        """Write place, problem and remedy on one line."""
        return f"{self.place}: {self.what}; {self.remedy}"


class Wrong(Exception):  # control flow within this room, never seen outside it
    """One value cannot be read. Raised by forms.py, caught by nodes.py, which knows the place."""

    def __init__(self, what: str, remedy: str) -> None:
        """Say what is wrong and how to mend it."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy
