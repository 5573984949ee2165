"""A list of mandates: page by page, and as a file for a spreadsheet, as far back as it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from toegang import spreadsheets
from toegang.errors import LoginUnknown, settle
from toegang.mandates.bounds import FILES
from toegang.mandates.listing import Cut, ends
from toegang.mandates.party import AMSTERDAM
from toegang.web.answers import download
from toegang.web.own_mandates import LISTS, PAGE, WORDS, actor, base, door, last_of, rows
from toegang.web.staying import inside, made
from toegang.web.words_of_mandates import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from starlette.responses import Response

    from toegang.catalogue.values import Text
    from toegang.mandates.edge import Edge
    from toegang.mandates.listing import Last, Leaf, Listing
    from toegang.web.languages import Language
    from toegang.web.staying import Here, Pages

    Words = Mapping[str, Any]

AHEAD: Final = (30, 60, 90)
"""Days within which something ends soon."""
IN_ONE: Final = 200
"""Mandates in one file."""
NAMED: Final = 50
"""Mandates whose names registers are asked at once: of more, who came last would have none in time."""


async def one_list(here: Here) -> Response:
    """Show a list, a page at a time; of a long one also where the next file begins."""
    word, listing, last = _asked(here)
    found = await _leaf(here, listing, Cut(last=last, size=PAGE))
    far = await _leaf(here, listing, Cut(last=last, size=IN_ONE)) if found.last is not None else found
    shown = await rows(here, found.edges)
    return here.page(
        "account/mandate_list",
        listing=word,
        rows=shown,
        more=_after(here, word, found.last),
        file=f"{base(here)}/list/{word}/file?{urlencode(here.request.query_params.multi_items())}",
        beyond=_after(here, word, far.last),
    )


async def as_file(here: Here) -> Response:
    """RFC4180: hand out a list, from where its page begins.

    Raises:
        TooManyTries: registers were asked for the names in so many files today.

    """
    word, listing, last = _asked(here)
    me, bounds = actor(here), here.rooms.logins.choosing.bounds
    async with here.rooms.representing.mandates.units.begin() as unit:
        counted = await bounds.count(unit, f"mandate-files:{me.by or me.party}", FILES, here.now)
    settle(counted)
    days = here.request.query_params.get("days")
    before = None if days is None else before_of(days, here.now)[1]
    found = await _leaf(here, listing, Cut(last=last, size=IN_ONE, before=before))
    shown: list[Mapping[str, object]] = []
    for begin in range(0, len(found.edges), NAMED):
        shown += await rows(here, found.edges[begin : begin + NAMED])
    return as_sheet(here, f"mandates-{word}", *_written(here, found.edges, shown))


def _asked(here: Here) -> tuple[str, Listing, Last | None]:
    """Return which list an address means, and from where."""
    word, asked = here.request.path_params["listing"], here.request.query_params
    listing = WORDS.get(word)
    if listing is None:
        raise LoginUnknown
    return word, listing, last_of(asked.get("ends", ""), asked.get("edge", ""))


async def _leaf(here: Here, listing: Listing, cut: Cut) -> Leaf:
    return await door(here).page(actor(here), listing, cut, here.now)


def _after(here: Here, word: str, last: Last | None) -> str:
    """Return where the list goes on; empty where it does not."""
    if last is None:
        return ""
    return f"{base(here)}/list/{word}?{urlencode({'ends': last.ends.isoformat(), 'edge': str(last.edge)})}"


def as_sheet(here: Here, name: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> Response:
    """RFC4180: hand out a table as a file, for a spreadsheet in the language of the page."""
    text = spreadsheets.table(columns, lines, spreadsheets.Reader.of(here.visit.language.value))
    return download(here.rooms, text.encode(), f"{name}.csv", "text/csv; charset=utf-8")


def before_of(days: str, now: datetime) -> tuple[int, datetime]:
    """Return within how many days something must end to be listed, and the moment of that."""
    wanted = next((each for each in AHEAD if str(each) == days), AHEAD[0])
    return wanted, now + timedelta(days=wanted)


def _written(
    here: Here, found: Sequence[Edge], shown: Sequence[Mapping[str, object]]
) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return the names of the columns, and the cells of each mandate."""
    language = here.visit.language
    words = here.rooms.pages.words(language)
    lines = [list(_cells(edge, row, words, language)) for edge, row in zip(found, shown, strict=True)]
    return [words["column_name"](each) for each in COLUMNS], lines


def _cells(edge: Edge, row: Mapping[str, Any], words: Words, language: Language) -> Iterator[str]:
    """Yield the cells of one mandate, in the order of `COLUMNS`."""
    yield str(edge.id)
    yield words["side_name"](row["mine"])
    yield words["party_name"](row["other"]) if row["other"] else _end(row)
    yield words["party_name"](row["given_on_by"]) if row["given_on_by"] else ""
    principal = row["on_for"] or row["beside"]  # where that is neither of the two sides
    yield words["party_name"](principal) if principal else ""
    yield "; ".join(
        words["scope_words"](each["wide"], _named(each["names"], language)) for each in row["services"]
    )
    yield "; ".join(words["limit_words"](*each) for each in row["limits"])
    yield _day(edge.terms.from_)
    yield _day(edge.terms.until - timedelta(seconds=1))
    yield words["mandate_stands"](row, _day(edge.terms.from_))
    yield _day(ends(edge) if row["over"] else edge.since)


def _named(names: Text | None, language: Language) -> str:
    return "" if names is None else names[language.value]


def _end(row: Mapping[str, object]) -> str:
    """Return what is known of who did not answer: the end of the number that was typed."""
    return f"…{row['hint']}" if row["hint"] else ""


def _day(at: datetime) -> str:
    return at.astimezone(AMSTERDAM).date().isoformat()


PAGES: Pages = (
    ("GET", LISTS + "/{listing}", inside, one_list),
    ("GET", LISTS + "/{listing}/file", inside, as_file),
)
ROUTES = made(PAGES)
