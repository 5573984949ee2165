"""Files of numbers: plain lines, or a table as CSV of which one column is called BSN, KVK or number.

Where dates of birth are asked too, a column is called so, and each stands behind its number.

Nothing is guessed: a table without such a name is refused, for a telephone number may look like a BSN.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from toegang.errors import ValueRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toegang.web.multipart import File

LARGEST: Final = 262_144  # octets
LONGEST: Final = 40
"""Signs of a cell; no number is longer."""
LONGEST_NAMES: Final = 4_096
"""Signs of a first line that are looked at for what parts it."""
BETWEEN: Final = (";", "\t", ",")
# What a column can be called, without case and signs > the digits of its numbers, 0 where two sorts may come.
NAMES: Mapping[str, int] = (
    dict.fromkeys(("bsn", "bsnnummer", "burgerservicenummer", "citizenservicenumber"), 9)
    | dict.fromkeys(("kvk", "kvknummer", "kvknr", "kvknumber"), 8)
    | dict.fromkeys(("nummer", "number"), 0)
)


DATES: Final = frozenset({"geboortedatum", "geboren", "geborenop", "birthdate", "dateofbirth"})
"""What a column with dates of birth can be called."""


def numbers_in(file: File | None, field: str, *, born: bool = False) -> Sequence[str]:
    """Return the numbers in a file as they stand there, one for each line; with `born` dates of birth too.

    A zero in front that a spreadsheet left out of a named column is put back.

    Raises:
        ValueRefused: there is no file, it is no text, or it is not clear where its numbers stand.

    """
    if file is None or not file.octets:
        raise ValueRefused(field, "file-missing")
    rows = [row for row in _rows(_text(file.octets, field), field) if any(cell.strip() for cell in row)]
    columns = _columns(rows[0]) if rows else {}
    if not columns and any(len(row) > 1 for row in rows):
        raise ValueRefused(field, "file-no-column")
    if not rows or (columns and len(rows) == 1):
        raise ValueRefused(field, "file-empty")
    if not columns:
        return [_shortened(row[0]) for row in rows]
    dates = [place for place, name in enumerate(map(_plain, rows[0])) if born and name in DATES]
    return [_shortened(" ".join([_number(row, columns), *_cells(row, dates)])) for row in rows[1:]]


def _text(octets: bytes, field: str) -> str:
    """Read UTF-8, with or without a mark in front, or what older spreadsheets write in its place."""
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    if "\x00" in text:  # no text: a workbook, or another encoding
        raise ValueRefused(field, "file-unreadable")
    return text


def _rows(text: str, field: str) -> list[list[str]]:
    """Read a table: parted by what its columns are found by, else by what its first line has most of."""
    first = next(iter(text.lstrip()[:LONGEST_NAMES].splitlines()), "")
    ways = sorted(BETWEEN, key=first.count, reverse=True)
    named = (each for each in ways if any(map(_columns, csv.reader([first], delimiter=each))))
    parted = next(named, ways[0])  # a name with commas in it may stand between semicolons
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True))
    except csv.Error as error:
        raise ValueRefused(field, "file-unreadable") from error


def _columns(first: Sequence[str]) -> Mapping[int, int]:
    """Return which columns have numbers, by the first row, with the digits of each."""
    return {place: NAMES[name] for place, name in enumerate(map(_plain, first)) if name in NAMES}


def _plain(cell: str) -> str:
    """Return a name of a column without case and signs."""
    return "".join(filter(str.isalnum, cell.casefold()))


def _cells(row: Sequence[str], places: Sequence[int]) -> Sequence[str]:
    return [cell for place in places if place < len(row) and (cell := row[place].strip())]


def _number(row: Sequence[str], columns: Mapping[int, int]) -> str:
    """Return the number of a row; all of them, which is none, where there are more."""
    cells = ((row[place].strip(), digits) for place, digits in columns.items() if place < len(row))
    filled = [(cell, digits) for cell, digits in cells if cell]
    if len(filled) != 1:
        return " / ".join(cell for cell, _ in filled) or "-"
    [(cell, digits)] = filled
    return cell.zfill(digits) if cell.isdecimal() and len(cell) == digits - 1 else cell


def _shortened(cell: str) -> str:
    """Return it on one line, and so that what is too long stays no number."""
    line = " ".join(cell.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
