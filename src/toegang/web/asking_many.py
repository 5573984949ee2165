"""Asking many clients of an organisation for the same mandate: the list, and what became of each line.

A list in which something is wrong is refused as a whole: its lines are named, and nobody is asked. What is
told of a line is what asking one by one tells: of a BSN never whether anybody has it (L03).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Final

from toegang.errors import LoginExpired, LoginUnknown, PersonNotFound, TooManyTries, ValueRefused
from toegang.identity.numbers import KVK_LENGTH, Bsn, KvkNumber
from toegang.mandates.asking_many import WITHIN
from toegang.mandates.drafts import MOST_LISTED, Draft, Other
from toegang.mandates.finding import LAST_DIGITS, Found, Typed
from toegang.registers.population import BirthDate
from toegang.web.apply import parse_day
from toegang.web.giving_whom import ASK, kind_of
from toegang.web.mandate_drafts import DRAFT, at, begun, draft_of
from toegang.web.mandate_files import as_sheet
from toegang.web.mandates_of import in_name
from toegang.web.number_files import LARGEST, numbers_in
from toegang.web.own_mandates import FOR, MANDATES, actor, base, door, for_organisation
from toegang.web.sheets import Sheet
from toegang.web.staying import changing, changing_by_file, inside
from toegang.web.team_lists import BESIDES
from toegang.web.words_of_mandates import LIST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Page

FIELD: Final = "client_list"
FILE: Final = "client_file"
SHEET = Sheet(
    name="account/mandate_ask_many",
    places={TooManyTries: ("", "too-many-tries")},
    kept=(FIELD,),
    signed_in=True,
)
_LINE: Final = re.compile(r"([0-9 .]+?)(?:[\s;,]+(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}))?", re.ASCII)
"""A number, and a date behind it, as people write it or cut it out of a table."""


async def show(here: Here) -> Response:
    """Ask for the list."""
    return _desk(here).show(SHEET)


async def ask(here: Here) -> Response:
    """Find everybody on the list that was typed, and go on to what it is for."""
    return await _begin(here, FIELD)


async def bring(here: Here) -> Response:
    """Find everybody on the list in a file."""
    try:
        lines = numbers_in(here.files.get(FILE), FILE, born=True)
    except ValueRefused as wrong:
        return _desk(here).refuse(SHEET, wrong)
    return await _begin(replace(here, form={FIELD: "\n".join(lines)}), FILE)


async def too_large(here: Here) -> Response:
    """Refuse a file of which no more is read."""
    return _desk(here).refuse(SHEET, ValueRefused(FILE, "file-too-large"))


async def show_asked(here: Here) -> Response:
    """Show what became of each line."""
    id_, draft = await _asked(here)
    words = list(_words(draft))
    return here.page(
        "account/mandate_asked_many",
        lines=words,
        asked=sum(word == "asked" for _, _, word in words),
        left=len(draft.listed) - len(draft.asked),
        busy=draft.is_busy(here.now),
        file_at=at(here, id_, "asked/file"),
        check_at=at(here, id_, "check"),
    )


async def asked_file(here: Here) -> Response:
    """RFC4180: hand that out as a file."""
    _, draft = await _asked(here)
    say = here.rooms.pages.words(here.visit.language)
    lines = [(str(place), ending, say["line_words"](word)) for place, ending, word in _words(draft)]
    return as_sheet(here, "asked", [say["column_name"](each) for each in LIST_COLUMNS], lines)


async def _begin(here: Here, field: str) -> Response:
    """Begin a draft with everybody on the list in the form, which was brought in `field`."""
    desk, me = _desk(here), actor(here).party
    texts = [text for line in here.form.get(FIELD, "").splitlines() if (text := line.strip())]
    if not texts or len(texts) > MOST_LISTED:
        return desk.wrong(SHEET, {field: ("client-list-too-long" if texts else "empty",)})
    read = _checked([_read(text) for text in texts])
    those = [each for each in read if not isinstance(each, str)]
    if len(those) < len(read):
        return _wrong(desk, field, [each if isinstance(each, str) else "" for each in read])
    try:
        found = await door(here).finding.each(me, those, here.now, lambda: _in_time(here))
    except TooManyTries as refusal:
        return desk.refuse(SHEET, refusal)
    if len(found) < len(those):
        return desk.wrong(SHEET, {field: ("client-list-too-slow",)})
    others = [
        Other(found=one, to_organisation=True, ending=_number(typed)[-LAST_DIGITS:])
        for one, typed in zip(found, those, strict=True)
        if isinstance(one, Found)
    ]
    if len(others) < len(found):
        return _wrong(desk, field, [_why(each) for each in found])
    firm = others[0].found.party if isinstance(those[0], KvkNumber) else None
    draft = Draft(
        by=me,
        session=here.stay.session,
        asking=True,
        other=others[0].found,
        begun_at=here.now,
        kind=await kind_of(here, asking=True, other=firm),
        to_organisation=True,
        listed=tuple(others),
    )
    return await begun(here, draft, "services")


def _in_time(here: Here) -> bool:
    return here.rooms.clock.now() - here.now <= WITHIN


def _read(text: str) -> Typed | KvkNumber | str:
    """Read a line: who is meant, or what is wrong with it."""
    found = _LINE.fullmatch(text)
    digits = "".join(filter(str.isdigit, found[1])) if found else ""
    if found is None or (len(digits) == KVK_LENGTH and found[2]):
        return "invalid"
    with suppress(ValueError):
        if len(digits) == KVK_LENGTH:
            return KvkNumber.parse(digits)
        bsn, born = Bsn.parse(digits), _day(found[2] or "")
        return "no-date" if born is None else Typed(bsn=bsn, born=born)
    return "invalid"


def _day(text: str) -> BirthDate | None:
    """Read a date as people write it, or as spreadsheets and registers do (ISO8601)."""
    for parse in (parse_day, BirthDate.parse):
        with suppress(ValueError):
            return parse(text)
    return None


def _checked(read: Sequence[Typed | KvkNumber | str]) -> Sequence[Typed | KvkNumber | str]:
    """Say of lines that are right alone what is wrong with them beside the others."""
    sort = next((type(each) for each in read if not isinstance(each, str)), None)
    seen: set[str] = set()
    checked: list[Typed | KvkNumber | str] = []
    for each in read:
        number = "" if isinstance(each, str) else _number(each)
        wrong = "twice" if number in seen else "other-kind" if type(each) is not sort else ""
        checked.append(wrong if number and wrong else each)
        seen |= {number} if number else set()
    return checked


def _number(typed: Typed | KvkNumber) -> str:
    return typed.bsn.digits if isinstance(typed, Typed) else typed.digits


def _why(found: object) -> str:
    """Return what is against one who was looked for: an organisation that is not there, or is oneself."""
    return "" if isinstance(found, Found) else "unknown" if isinstance(found, PersonNotFound) else "own"


def _wrong(desk: Desk, field: str, words: Sequence[str]) -> Response:
    """Refuse the list, and name its lines."""
    wrongs = [(place, word) for place, word in enumerate(words, 1) if word]
    return replace(desk, values={**desk.values, "wrongs": wrongs}).wrong(
        SHEET, {field: ("client-list-wrong",)}
    )


def _desk(here: Here) -> Desk:
    return here.desk(address=f"{base(here)}/ask/many", most=MOST_LISTED, largest=LARGEST // 1024, wrongs=())


async def _asked(here: Here) -> tuple[str, Draft]:
    """Return the draft of a list.

    Raises:
        LoginExpired: it is of none.

    """
    id_, draft = await draft_of(here)
    if not draft.listed:
        raise LoginExpired
    return id_, draft


def _words(draft: Draft) -> Iterator[tuple[int, str, str]]:
    """Yield each line: its place, the end of its number, and what became of it as a word."""
    for place, other in enumerate(draft.listed):
        done = place < len(draft.asked)
        yield place + 1, other.ending, (draft.asked[place] or "asked") if done else "left"


def in_firms_name(show: Page) -> Page:
    """Make a page of it that stands in the name of an organisation, and is nowhere for anybody else."""

    @wraps(show)
    async def page(here: Here) -> Response:
        if not for_organisation(here):
            raise LoginUnknown
        return await show(here)

    return in_name(page)


MANY = ASK.replace(MANDATES, FOR + "/{whom}", 1) + "/many"
ASKED = DRAFT.replace(MANDATES, FOR + "/{whom}", 1) + "/asked"
ROUTES = (
    ("GET", MANY, changing(in_firms_name(show))),
    ("POST", MANY, changing(in_firms_name(ask))),
    (
        "POST",
        MANY + "/file",
        changing_by_file(in_firms_name(bring), LARGEST + BESIDES, in_firms_name(too_large)),
    ),
    ("GET", ASKED, inside(in_firms_name(show_asked))),
    ("GET", ASKED + "/file", inside(in_firms_name(asked_file))),
)
