"""The public figures: of the last twelve whole months, as a page, as pictures and as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from starlette.responses import Response

from toegang.catalogue.values import Text
from toegang.errors import UnknownParty
from toegang.means.card.listed import TITLES as TITLES_OF_CARDS
from toegang.reports.figures import PER_MILLE, FigureId, Measure, Wanted
from toegang.reports.paper import csv_of, rollout_csv
from toegang.reports.words import MEANINGS, TITLES, labels_of
from toegang.spreadsheets import Reader
from toegang.web.answers import page
from toegang.web.languages import PARAMETER, Language
from toegang.web.moments import AMSTERDAM, in_language
from toegang.web.security_headers import data_headers
from toegang.web.visits import read_visit

if TYPE_CHECKING:
    from starlette.requests import Request

    from toegang.reports.figures import Figures, Row, Table
    from toegang.reports.rollout import Rollout
    from toegang.reports.words import Labels
    from toegang.web.rooms import Rooms

PAGES = "/figures"
CARDS_FILE = PAGES + "/cards.csv"
MOST_ROWS = 50
"""Lines of one table on the page, the largest; the file has them all."""

HOUR = "public, max-age=3600"
WHAT = Text(nl="Wat is geteld", en="What is counted")


async def figures(request: Request, rooms: Rooms) -> Response:
    """Show every figure: a picture, a table, a file."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    made = await rooms.reports.figures(_wanted(rooms.clock.now()))
    labels = labels_of(made, rooms.catalogue.current, visit.language.value)
    shown = [_shown(made, table, labels) for table in made.tables]
    rollout = [
        {"name": TITLES_OF_CARDS[each.kind], "numbers": (each.issued, each.active, each.used)}
        for each in await _rollout(rooms)
    ]
    values = {
        "until": _midnight(made.wanted.until),
        "figures": shown,
        "rollout": rollout,
        "csv": _in(CARDS_FILE, visit.language),
    }
    return page(rooms, visit, "figures", values)


async def _rollout(rooms: Rooms) -> tuple[Rollout, ...]:
    """Return the roll-out of cards; nothing where there are none, or their register does not answer."""
    if rooms.cards is None:
        return ()
    desk = rooms.cards.desk
    return await rooms.rollouts.find(desk.register, desk.cards, rooms.clock.now())


async def cards(request: Request, rooms: Rooms) -> Response:
    """RFC4180: the roll-out of cards as a file; where there is none, there is no such figure."""
    found = await _rollout(rooms)
    if not found:
        message = "no such figure"
        raise UnknownParty(message)
    today = rooms.clock.now().astimezone(AMSTERDAM).date()
    return _file(rooms, rollout_csv(found, today, _reader(request)), "text/csv")


async def everything(request: Request, rooms: Rooms) -> Response:
    """RFC4180: every figure in one file."""
    made = await rooms.reports.figures(_wanted(rooms.clock.now()))
    return _file(rooms, csv_of(made, _reader(request)), "text/csv")


async def table(request: Request, rooms: Rooms) -> Response:
    """RFC4180: one figure as a file."""
    made = await rooms.reports.figures(_wanted(rooms.clock.now()))
    one = made.table(_figure(request))
    return _file(rooms, csv_of(replace(made, tables=(one,)), _reader(request)), "text/csv")


async def picture(request: Request, rooms: Rooms) -> Response:
    """Draw one figure, in the language of its page."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    made = await rooms.reports.figures(_wanted(rooms.clock.now()))
    labels = labels_of(made, rooms.catalogue.current, visit.language.value)
    svg = await rooms.charts.draw(made, made.table(_figure(request)), labels)
    return _file(rooms, svg, "image/svg+xml")


def _reader(request: Request) -> Reader:
    """Return who reads a file: a program, unless its address says in which language its page was.

    What everybody gets at one address is kept on the way, so no cookie and no header decides.
    """
    asked = request.query_params.get(PARAMETER, "")
    return Reader.of(asked) if asked in {each.value for each in Language} else Reader.PROGRAM


def _figure(request: Request) -> FigureId:
    try:
        return FigureId(request.path_params["figure"])
    except ValueError:
        message = "no such figure"
        raise UnknownParty(message) from None


def _wanted(now: datetime) -> Wanted:
    """Want whole months that are over: a running count would show single people come in."""
    until = now.astimezone(AMSTERDAM).date().replace(day=1)
    return Wanted(from_=until.replace(year=until.year - 1), until=until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _shown(made: Figures, one: Table, labels: Labels) -> dict[str, object]:
    rows = [row for row in one.rows if one.measure is Measure.COUNT or _is_told(row)]
    largest = sorted(rows, key=_size, reverse=True)[:MOST_ROWS]
    months = [Text(nl=_month(day, Language.NL), en=_month(day, Language.EN)) for day in made.periods]
    return {
        "id": one.id.value,
        "title": TITLES[one.id],
        "explanation": MEANINGS[one.id],
        "picture": _in(f"{PAGES}/{one.id.value}.svg", Language(labels.language)) if rows else "",
        "columns": [WHAT, *months],
        "rows": [
            [labels.row(one.id, row.key), *(_cell(cell, one, made, labels) for cell in row.cells)]
            for row in rows
            if row in largest
        ],
        "numeric": set(range(1, len(months) + 1)),
        "csv": _in(f"{PAGES}/{one.id.value}.csv", Language(labels.language)),
    }


def _in(address: str, language: Language) -> str:
    """Return the address of a picture or a file for who reads this language."""
    return f"{address}?{PARAMETER}={language.value}"


def _is_told(row: Row) -> bool:
    """Tell whether a line of shares has any: a share of nothing, or of too few, is not told."""
    return any(cell is not None for cell in row.cells)


def _size(row: Row) -> int:
    return sum(cell or 0 for cell in row.cells)


def _cell(cell: int | None, one: Table, made: Figures, labels: Labels) -> str:
    """Write a number as its language does; what is hidden, as in the file."""
    write = in_language(Language(labels.language))
    if one.measure is Measure.PER_MILLE:
        return "" if cell is None else write["share"](cell / PER_MILLE)
    return f"<{made.wanted.threshold}" if cell is None else write["number"](cell)


def _month(day: date, language: Language) -> str:
    return in_language(language)["month"](day)


def _file(rooms: Rooms, text: str, media_type: str) -> Response:
    response = Response(text, media_type=media_type, headers={"cache-control": HOUR})
    response.raw_headers.extend(data_headers(https=rooms.cookies.https))
    return response


ROUTES = (
    ("GET", PAGES, figures),
    ("GET", PAGES + ".csv", everything),
    ("GET", CARDS_FILE, cards),
    ("GET", PAGES + "/{figure}.csv", table),
    ("GET", PAGES + "/{figure}.svg", picture),
)
