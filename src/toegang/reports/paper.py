"""Figures as text that a spreadsheet reads (RFC4180): one line for each number."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from toegang.reports.figures import Measure

if TYPE_CHECKING:
    from toegang.reports.figures import Figures

HEADER = ("figure", "per", "period", "key", "measure", "value")
TOTAL = "total"


def csv_of(figures: Figures) -> str:
    """RFC4180: write every table; periods as ISO 8601, shares as percentages, `<10` for a hidden count.

    A hidden share is empty: it is hidden because of a count that it could be turned back into.
    """
    paper = io.StringIO(newline="")
    writer = csv.writer(paper)
    writer.writerow(HEADER)
    for table in figures.tables:
        lines = [(row.key, row.cells) for row in table.rows]
        if table.totals:
            lines.append((TOTAL, table.totals))
        for key, cells in lines:
            for period, cell in zip(figures.periods, cells, strict=True):
                place = (table.id.value, figures.wanted.per.value, period.isoformat(), key)
                value = _value(cell, table.measure, figures.wanted.threshold)
                writer.writerow((*place, "percent" if table.measure is Measure.PER_MILLE else "count", value))
    return paper.getvalue()


def _value(cell: int | None, measure: Measure, threshold: int) -> str:
    if measure is Measure.PER_MILLE:
        return "" if cell is None else f"{cell / 10:.1f}"
    return f"<{threshold}" if cell is None else str(cell)
