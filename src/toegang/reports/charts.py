"""Charts: a table as SVG, drawn with the very numbers that stand in the table.

Lines differ by colour, by dashes and by the shape of their points (WCAG22-1.4.1); hidden counts leave a
gap. The picture is one image with a title and a description (WCAG22-1.1.1); who cannot see it reads the
table beside it, so nothing in it is spoken twice. It holds no style and no script (strict CSP).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree as ET

import msgspec

from toegang.errors import Unavailable
from toegang.reports.figures import Measure, Period

if TYPE_CHECKING:
    from toegang.reports.figures import Figures, Row, Table
    from toegang.reports.words import Labels

WIDTH, HEIGHT = 640, 300
"""Pixels of the plot; the picture scales with the page."""

MOST_LINES = 8
"""More lines than this cannot be told apart: the largest are drawn, the table has them all."""

KEPT = 64
"""Pictures kept, the latest used."""

NICENESS = 10
"""How far the drawing process gives way to the logins (nice)."""

COLOURS = ("#154273", "#a90061", "#275937", "#8c5200", "#42145f", "#007bc7", "#d52b1e", "#535353")
DASHES = ([1, 0], [8, 4], [2, 3], [10, 3, 2, 3], [14, 5], [4, 4], [6, 2, 2, 2], [1, 5])
SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-left",
    "triangle-right",
)
LOCALES: dict[str, Literal["nl-NL", "en-GB"]] = {"nl": "nl-NL", "en": "en-GB"}
_SVG = "http://www.w3.org/2000/svg"


class Charts:
    """Draws in a process of its own, and keeps what it drew. Opened with the house; `close` it with it.

    The drawing library holds Python's lock all the while (some 60 to 350 ms a picture), so in a thread it
    would stop every login under way. The process starts at the first picture (some 2 s) and gives way.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._drawn: OrderedDict[bytes, str] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()
        self._process: ProcessPoolExecutor | None = None

    async def draw(self, figures: Figures, table: Table, labels: Labels) -> str:
        """Return the picture of one table, as SVG text with its title and description.

        Raises:
            Unavailable: the process that draws has died; the next call starts another.

        """
        plan = _plan(figures, table, labels)
        key = hashlib.sha256(msgspec.json.encode(plan, order="sorted")).digest()
        if key not in self._drawn:
            async with self._one_at_a_time:
                if key not in self._drawn:
                    self._drawn[key] = await self._elsewhere(plan)
                    while len(self._drawn) > KEPT:
                        self._drawn.popitem(last=False)
        self._drawn.move_to_end(key)
        return self._drawn[key]

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.shutdown(cancel_futures=True)
            self._process = None

    async def _elsewhere(self, plan: _Plan) -> str:
        if self._process is None:
            # Spawned, not forked: a copy of a process with connections and threads is no good start.
            self._process = ProcessPoolExecutor(1, get_context("spawn"), os.nice, (NICENESS,))
        try:
            return await asyncio.get_running_loop().run_in_executor(self._process, _drawn, plan)
        except BrokenProcessPool as error:
            self.close()
            raise Unavailable(detail="charts: the process that draws has died") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """All that a picture depends on."""

    title: str
    meaning: str
    language: str
    months: bool
    share: bool
    lines: tuple[str, ...]
    points: tuple[tuple[str, str, float | None], ...]


def _plan(figures: Figures, table: Table, labels: Labels) -> _Plan:
    share = table.measure is Measure.PER_MILLE
    # The largest by what is shown, then in the order of the table.
    largest = sorted(table.rows, key=_size, reverse=True)[:MOST_LINES]
    rows = [row for row in table.rows if row in largest]
    return _Plan(
        title=labels.title(table.id),
        meaning=labels.meaning(table.id),
        language=labels.language,
        months=figures.wanted.per is Period.MONTH,
        share=share,
        lines=tuple(labels.row(table.id, row.key) for row in rows),
        points=tuple(
            (
                labels.row(table.id, row.key),
                period.isoformat(),
                cell / 1000 if share and cell is not None else cell,
            )
            for row in rows
            for period, cell in zip(figures.periods, row.cells, strict=True)
        ),
    )


def _size(row: Row) -> int:
    return sum(cell or 0 for cell in row.cells)


def _drawn(plan: _Plan) -> str:
    # Imported here: they are large, and a node that shows no figures never loads them.
    import vl_convert  # noqa: PLC0415

    locale = LOCALES.get(plan.language, LOCALES["nl"])
    svg: str = vl_convert.vegalite_to_svg(_spec(plan), format_locale=locale, time_format_locale=locale)
    return _described(svg, plan)


def _spec(plan: _Plan) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 as above

    lines = list(plan.lines)
    values = [{"line": line, "period": period, "value": value} for line, period, value in plan.points]
    x = alt.Axis(
        aria=False, title=None, format="%b %Y" if plan.months else "%-d %b", labelOverlap=True, labelAngle=0
    )
    y = alt.Axis(
        aria=False, title=None, format=".0%" if plan.share else ",d", tickMinStep=0.01 if plan.share else 1
    )
    # The browser's letters may be wider than those that this was measured with: room between the columns.
    legend = alt.Legend(
        aria=False,
        title=None,
        orient="bottom",
        symbolSize=120,
        labelLimit=400,
        columns=2,
        columnPadding=60,
    )
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(point={"size": 70, "filled": True}, strokeWidth=2.5, clip=False)
        .encode(
            # One place for each period, named once; in UTC, because a day of the calendar has no hour.
            x=alt.X("period:O", axis=x, timeUnit="utcyearmonthdate"),
            y=alt.Y("value:Q", axis=y, scale=alt.Scale(zero=True)),
            color=alt.Color("line:N", legend=legend, scale=alt.Scale(range=list(COLOURS), domain=lines)),
            strokeDash=alt.StrokeDash(
                "line:N", legend=legend, scale=alt.Scale(range=list(DASHES), domain=lines)
            ),
            shape=alt.Shape("line:N", legend=legend, scale=alt.Scale(range=list(SHAPES), domain=lines)),
        )
        .properties(width=WIDTH, height=HEIGHT)
        .configure(aria=False, font="Noto Sans, sans-serif", background="#ffffff")
        .configure_axis(labelFontSize=13, labelColor="#222222")
        .configure_legend(labelFontSize=13, labelColor="#222222")
    )
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _described(svg: str, plan: _Plan) -> str:
    """Make it one image with a name and a description, and take away what would be spoken twice."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)  # noqa: S314 our own drawing
    for element in root.iter():
        for name in ("role", "aria-roledescription", "aria-label", "aria-hidden"):
            element.attrib.pop(name, None)
    # Names that differ per picture, for pages that show several.
    mark = hashlib.sha256(plan.title.encode()).hexdigest()[:8]
    for at, (tag, text) in enumerate((("title", plan.title), ("desc", plan.meaning))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"chart-{tag}-{mark}"})
        element.text = text
        root.insert(at, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"chart-title-{mark}")
    root.set("aria-describedby", f"chart-desc-{mark}")
    return ET.tostring(root, encoding="unicode")
