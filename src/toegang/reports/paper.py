"""Figures as text: for a spreadsheet (RFC4180) and for a terminal, one line for each number."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from toegang.reports.figures import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from toegang.reports.figures import Figures, Table
    from toegang.reports.rollout import Rollout
    from toegang.reports.words import Labels

HEADER = ("figure", "per", "period", "key", "measure", "value")
TOTAL = "total"
NONE = ("", "0")


def csv_of(figures: Figures) -> str:
    """RFC4180: write every table; periods as ISO 8601, shares as percentages, `<10` for a hidden count.

    A hidden share is empty: it is hidden because of a count that it could be turned back into.
    """
    paper = io.StringIO(newline="")
    writer = csv.writer(paper)
    writer.writerow(HEADER)
    for table in figures.tables:
        for key, cells in _rows(table):
            for period, cell in zip(figures.periods, cells, strict=True):
                place = (table.id.value, figures.wanted.per.value, period.isoformat(), key)
                value = _value(cell, table.measure, figures.wanted.threshold)
                writer.writerow((*place, "percent" if table.measure is Measure.PER_MILLE else "count", value))
    return paper.getvalue()


def rollout_csv(found: Sequence[Rollout], day: date) -> str:
    """RFC4180: write the roll-out of cards as it is on a day, in the columns of every figure."""
    paper = io.StringIO(newline="")
    writer = csv.writer(paper)
    writer.writerow(HEADER)
    for each in found:
        for measure, value in (("issued", each.issued), ("active", each.active), ("used", each.used)):
            writer.writerow(("cards", "day", day.isoformat(), each.kind.value, measure, value))
    return paper.getvalue()


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


def _value(cell: int | None, measure: Measure, threshold: int) -> str:
    if measure is Measure.PER_MILLE:
        return "" if cell is None else f"{cell / 10:.1f}"
    return f"<{threshold}" if cell is None else str(cell)
