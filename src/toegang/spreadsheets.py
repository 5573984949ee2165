"""Tables as CSV files: the one place where they are written, for people's spreadsheets and for programs.

A spreadsheet that is set up in Dutch parts cells at `;`, writes a comma in a number, and knows UTF-8 by the
mark in front; one set up in English parts cells at `,`.
"""

from __future__ import annotations

import csv
import enum
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARK: Final = "\ufeff"
"""By which spreadsheets know UTF-8."""
_FORMULA: Final = re.compile(r"(^|[;,\t\r\n])(?=[ \"]*[=+\-@\t\r])")
"""What a spreadsheet takes for a formula when a cell begins so, at whichever sign it parts cells."""


class Reader(enum.Enum):
    """For whom a file is."""

    PROGRAM = "program"
    DUTCH = "nl"
    ENGLISH = "en"

    @classmethod
    def of(cls, language: str) -> Reader:
        """Return who reads a page in this language."""
        return cls.DUTCH if language == cls.DUTCH.value else cls.ENGLISH

    def number(self, value: float, digits: int) -> str:
        """Write a number with so many digits behind its point, or comma."""
        written = f"{value:.{digits}f}"
        return written.replace(".", ",") if self is Reader.DUTCH else written


def table(columns: Sequence[str], rows: Iterable[Sequence[str | int]], reader: Reader) -> str:
    """RFC4180: write a table with the names of its columns; no cell is one that a spreadsheet computes."""
    paper = io.StringIO(newline="")
    writer = csv.writer(paper, delimiter=";" if reader is Reader.DUTCH else ",")
    writer.writerow([_safe(each) for each in columns])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return paper.getvalue() if reader is Reader.PROGRAM else MARK + paper.getvalue()


def _safe(cell: str | int) -> str | int:
    """Keep a spreadsheet from computing what somebody is called."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
