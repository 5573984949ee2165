"""Figures as text: for a spreadsheet (RFC4180) and for a terminal, one line for each number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang import spreadsheets
from toegang.reports.figures import Measure
from toegang.spreadsheets import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from toegang.reports.figures import Figures, Table
    from toegang.reports.rollout import Rollout
    from toegang.reports.words import Labels

HEADER = ("figure", "per", "period", "key", "measure", "value")
TOTAL = "total"
NONE = ("", "0")


def csv_of(figures: Figures, reader: Reader = Reader.PROGRAM) -> str:
    """RFC4180: write every table; periods as ISO 8601, shares as percentages, `<10` for a hidden count.

    A hidden share is empty: it is hidden because of a count that it could be turned back into.
    """
    return spreadsheets.table(HEADER, _cells(figures, reader), reader)


def _cells(figures: Figures, reader: Reader) -> Iterator[tuple[str, ...]]:
    for each in figures.tables:
        for key, cells in _rows(each):
            for period, cell in zip(figures.periods, cells, strict=True):
                place = (each.id.value, figures.wanted.per.value, period.isoformat(), key)
                value = _value(cell, each.measure, figures.wanted.threshold, reader)
                yield *place, "percent" if each.measure is Measure.PER_MILLE else "count", value


def rollout_csv(found: Sequence[Rollout], day: date, reader: Reader = Reader.PROGRAM) -> str:
    """RFC4180: write the roll-out of cards as it is on a day, in the columns of every figure."""
    cells = (
        ("cards", "day", day.isoformat(), each.kind.value, measure, value)
        for each in found
        for measure, value in (("issued", each.issued), ("active", each.active), ("used", each.used))
    )
    return spreadsheets.table(HEADER, cells, reader)


def lines_of(figures: Figures, labels: Labels) -> str:
    """Write what was counted for a person at a terminal; zeros are left out, and so are hidden shares."""
    lines: list[str] = []
    for table in figures.tables:
        found = list(_counted(figures, table, labels))
        lines += [labels.title(table.id), *(found or ["  nothing"])]
    return "".join(f"{line}\n" for line in lines)


def _counted(figures: Figures, table: Table, labels: Labels) -> Iterator[str]:
    for key, cells in _rows(table):
        name = TOTAL if key == TOTAL else labels.row(table.id, key)
        unit = " %" if table.measure is Measure.PER_MILLE else ""
        values = [_value(cell, table.measure, figures.wanted.threshold) for cell in cells]
        told = [(day, value) for day, value in zip(figures.periods, values, strict=True) if value not in NONE]
        if told:
            yield f"  {name}"
            yield from (f"    {day:%Y-%m-%d}  {value}{unit}" for day, value in told)


def _rows(table: Table) -> list[tuple[str, tuple[int | None, ...]]]:
    rows = [(row.key, row.cells) for row in table.rows]
    return [*rows, (TOTAL, table.totals)] if table.totals else rows


def _value(cell: int | None, measure: Measure, threshold: int, reader: Reader = Reader.PROGRAM) -> str:
    if measure is Measure.PER_MILLE:
        return "" if cell is None else reader.number(cell / 10, 1)
    return f"<{threshold}" if cell is None else str(cell)
