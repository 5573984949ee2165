"""Applying for an account: who you are, a name and a password, a number, and a letter.

    start > person > credentials > number > code > sent
    desk           > credentials > number > code > opened    with the code of a desk, which asks no letter

How a page finds its application is in journeys.py. Every page says the same
whether or not anybody has these particulars or an account (security line L03).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from toegang.errors import (
    CredentialsWrong,
    NumberNotUsable,
    OneTimeGone,
    PasswordTooWeak,
    Refusal,
    TooManyTries,
    ValueRefused,
)
from toegang.identity.numbers import Bsn
from toegang.means.citizen.applying import Particulars
from toegang.means.citizen.attempts import Credentials
from toegang.registers.population import BirthDate, parse_postcode
from toegang.web.answers import page, redirect
from toegang.web.journeys import Journey
from toegang.web.sheets import Desk, Fields, Sheet, new_password
from toegang.web.visits import read_form, read_visit
from toegang.web.wrong import NO_ERRORS, WHOLE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.means.citizen.records import Application
    from toegang.web.journeys import At
    from toegang.web.rooms import Rooms
    from toegang.web.wrong import Errors

    Here = At[Application]

PAGES = "/account/apply"
BY_DESK = "/account/desk"
SENT, OPENED = PAGES + "/sent", BY_DESK + "/opened"
TAKEN: Errors = {"user_name": ("user-name-taken",)}

PERSON = Sheet(
    name="citizen/apply_person",
    places={TooManyTries: (WHOLE, "too-many-tries")},
    kept=("bsn", "birth_date", "postal_code", "house_number", "large_print"),
)
DESK_CODE = Sheet(
    name="citizen/desk_code",
    places={
        OneTimeGone: ("desk_code", "desk-code-wrong"),
        TooManyTries: ("desk_code", "too-many-tries"),
    },
    kept=("birth_date",),
)
CREDENTIALS = Sheet(
    name="citizen/choose_credentials",
    places={PasswordTooWeak: ("new_password", "password-guessable")},
    kept=("user_name",),
)
NUMBER = Sheet(
    name="citizen/phone",
    places={
        NumberNotUsable: ("telephone", "number-not-usable"),
        TooManyTries: ("telephone", "too-many-tries"),
    },
    kept=("telephone",),
)
CODE = Sheet(
    name="citizen/sms_code",
    places={
        CredentialsWrong: ("code", "code-wrong"),
        OneTimeGone: ("code", "code-expired"),
        TooManyTries: ("code", "too-many-tries"),
    },
)

_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_HOUSE_NUMBER = re.compile(r"[1-9]\d{0,4}", re.ASCII)


APPLICATION = Journey(start=PAGES, parameter="application", keeper=lambda rooms: rooms.citizen.applying)


async def start(request: Request, rooms: Rooms) -> Response:
    """Say what it takes."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return page(rooms, visit, "citizen/apply_start", {"next": PAGES + "/person", "by_desk": BY_DESK})


async def show_person(request: Request, rooms: Rooms) -> Response:
    """Ask who somebody is."""
    return Desk(rooms=rooms, visit=read_visit(request, rooms.cookies, rooms.ids), values={}).show(PERSON)


async def person(request: Request, rooms: Rooms) -> Response:
    """Begin an application with who somebody says they are."""
    form = await read_form(request, rooms.cookies)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    desk, fields = Desk(rooms=rooms, visit=visit, values={}, form=form), Fields(form)
    particulars = _particulars(fields)
    if particulars is None:
        return desk.wrong(PERSON, fields.errors)
    try:
        applying = rooms.citizen.applying
        id_ = await applying.begin(visit.visitor, particulars, visit.language.value, now)
    except Refusal as refusal:
        return desk.refuse(PERSON, refusal)
    return redirect(rooms, f"{PAGES}/{id_}/credentials", visit)


async def show_desk_code(request: Request, rooms: Rooms) -> Response:
    """Ask the code that a desk gave."""
    return Desk(rooms=rooms, visit=read_visit(request, rooms.cookies, rooms.ids), values={}).show(DESK_CODE)


async def desk_code(request: Request, rooms: Rooms) -> Response:
    """Begin an application with the code of a desk."""
    form = await read_form(request, rooms.cookies)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    desk, fields = Desk(rooms=rooms, visit=visit, values={}, form=form), Fields(form)
    typed = fields.read("desk_code", _code, "empty")
    born = fields.read("birth_date", parse_day, "date-invalid")
    if typed is None or born is None:
        return desk.wrong(DESK_CODE, fields.errors)
    try:
        language = visit.language.value
        id_ = await rooms.citizen.by_desk.begin(visit.visitor, typed, born, language, now)
    except Refusal as refusal:
        return desk.refuse(DESK_CODE, refusal)
    return redirect(rooms, f"{PAGES}/{id_}/credentials", visit)


async def opened(request: Request, rooms: Rooms) -> Response:
    """Say that the account works."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return page(rooms, visit, "citizen/account_opened", {"account": "/account"})


async def show_credentials(at: Here) -> Response:
    """Ask for a user name and a password; again when somebody else took the name meanwhile."""
    return at.desk().show(CREDENTIALS, TAKEN if "taken" in at.request.query_params else NO_ERRORS)


async def credentials(at: Here) -> Response:
    """Take a user name and a password."""
    try:
        typed = Credentials(name=at.form.get("user_name", ""), password=new_password(at.form))
        await at.rooms.citizen.applying.choose_credentials(at.id, at.visit.visitor, typed, at.now)
    except Refusal as refusal:
        return at.desk().refuse(CREDENTIALS, refusal)
    return redirect(at.rooms, _address(at, "number"), at.visit)


async def show_number(at: Here) -> Response:
    """Ask for a telephone number."""
    if _reached(at, "number") != at.path:
        return redirect(at.rooms, _reached(at, "number"), at.visit)
    return at.desk(may_skip=True).show(NUMBER)


async def number(at: Here) -> Response:
    """Take a telephone number and send a code to it; or go without one."""
    if at.form.get("do") == "skip":
        return await _finish(at)
    try:
        typed = at.form.get("telephone", "")
        await at.rooms.citizen.applying.give_number(at.id, at.visit.visitor, typed, at.now)
    except Refusal as refusal:
        return at.desk(may_skip=True).refuse(NUMBER, refusal)
    return redirect(at.rooms, _address(at, "code"), at.visit)


async def show_code(at: Here) -> Response:
    """Ask for the code that was sent to the number."""
    if _reached(at, "code") != at.path:
        return redirect(at.rooms, _reached(at, "code"), at.visit)
    return _code_desk(at).show(CODE)


async def code(at: Here) -> Response:
    """Take the code and send the application; or send another code, or take another number."""
    wish, applying = at.form.get("do", ""), at.rooms.citizen.applying
    if wish == "back":
        return redirect(at.rooms, _address(at, "number"), at.visit)
    try:
        if wish == "resend":
            await applying.send_again(at.id, at.visit.visitor, at.now)
            return redirect(at.rooms, _address(at, "code"), at.visit)
        # A number that was confirmed is not asked again when sending failed after it.
        if not at.kept.number_confirmed:
            await applying.confirm_number(at.id, at.visit.visitor, at.form.get("code", ""), at.now)
    except Refusal as refusal:
        return _code_desk(at).refuse(CODE, refusal)
    return await _finish(at)


async def sent(request: Request, rooms: Rooms) -> Response:
    """Say that a letter comes, if all was right; logging in then asks for its code."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    until = now + rooms.citizen.applying.desk.policy.letter_code_lifetime
    return page(rooms, visit, "citizen/apply_sent", {"until": until, "activate": "/account"})


async def _finish(at: Here) -> Response:
    try:
        await at.rooms.citizen.applying.finish(at.id, at.visit.visitor, at.now)
    except ValueRefused:
        return redirect(at.rooms, _address(at, "credentials") + "?taken", at.visit)
    return redirect(at.rooms, OPENED if at.kept.desk_code else SENT, at.visit)


def _reached(at: Here, name: str) -> str:
    """Return the address of the page `name`, or of the last one that was reached before it."""
    pages = ["credentials", "number", "code"]
    furthest = 0 if at.kept.password is None else 1 if at.kept.number is None else 2
    return _address(at, pages[min(pages.index(name), furthest)])


def _address(at: Here, name: str) -> str:
    """Return the address of a page of this application."""
    return f"{PAGES}/{at.id}/{name}"


def _code_desk(at: Here) -> Desk:
    return at.desk(number_end=at.kept.number_ending, purpose="phone")


def _particulars(fields: Fields) -> Particulars | None:
    bsn = fields.read("bsn", Bsn.parse, "bsn-invalid")
    born = fields.read("birth_date", parse_day, "date-invalid")
    postcode = fields.read("postal_code", parse_postcode, "postal-code-invalid")
    house_number = fields.read("house_number", parse_house_number, "house-number-invalid")
    if bsn is None or born is None or postcode is None or house_number is None:
        return None
    large = fields.ticked("large_print")
    return Particulars(
        bsn=bsn, birth_date=born, postcode=postcode, house_number=house_number, large_print=large
    )


def _code(typed: str) -> str:
    if not typed:
        message = "a code is typed"
        raise ValueError(message)
    return typed


def parse_day(typed: str) -> BirthDate:
    """Read a birth date as people write it, `31-12-1980`; zeros stand for an unknown day or month.

    Raises:
        ValueError: not a date.

    """
    found = _DAY.fullmatch(typed)
    if found is None:
        message = "a birth date is typed as day-month-year"
        raise ValueError(message)
    day, month, year = (int(part) for part in found.groups())
    return BirthDate.parse(f"{year:04d}-{month:02d}-{day:02d}")


def parse_house_number(typed: str) -> int:
    """Read a house number without its letter or addition.

    Raises:
        ValueError: not a number from 1 to 99999.

    """
    if _HOUSE_NUMBER.fullmatch(typed) is None:
        message = "a house number is a number"
        raise ValueError(message)
    return int(typed)


ROUTES = (
    ("GET", PAGES, start),
    ("GET", PAGES + "/person", show_person),
    ("POST", PAGES + "/person", person),
    ("GET", SENT, sent),
    ("GET", BY_DESK, show_desk_code),
    ("POST", BY_DESK, desk_code),
    ("GET", OPENED, opened),
    ("GET", PAGES + "/{application}/credentials", APPLICATION.shows(show_credentials)),
    ("POST", PAGES + "/{application}/credentials", APPLICATION.takes(credentials, show_credentials)),
    ("GET", PAGES + "/{application}/number", APPLICATION.shows(show_number)),
    ("POST", PAGES + "/{application}/number", APPLICATION.takes(number, show_number)),
    ("GET", PAGES + "/{application}/code", APPLICATION.shows(show_code)),
    ("POST", PAGES + "/{application}/code", APPLICATION.takes(code, show_code)),
)
