"""A forgotten password: a letter with a code, a code by text message if there is a number, a new password.

    forgotten > sent > (the letter) > letter > code > password > done

How a page finds its recovery is in journeys.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import CredentialsWrong, OneTimeGone, PasswordTooWeak, Refusal, TooManyTries
from toegang.identity.numbers import Bsn
from toegang.means.citizen.records import Stage
from toegang.means.citizen.recovering import Claimant
from toegang.web.answers import page, redirect
from toegang.web.journeys import Journey
from toegang.web.sheets import Desk, Fields, Sheet, new_password
from toegang.web.visits import read_form, read_visit
from toegang.web.wrong import WHOLE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.means.citizen.records import Recovery
    from toegang.web.journeys import At
    from toegang.web.rooms import Rooms

    Here = At[Recovery]

PAGES = "/account/forgotten"
SENT, LETTER = PAGES + "/sent", PAGES + "/letter"

FORGOTTEN = Sheet(
    name="citizen/forgotten",
    places={TooManyTries: (WHOLE, "too-many-tries")},
    kept=("user_name", "bsn"),
)
LETTER_CODE = Sheet(
    name="citizen/letter_code",
    places={
        CredentialsWrong: ("activation_code", "code-wrong"),
        OneTimeGone: ("activation_code", "letter-code-gone"),
        TooManyTries: (WHOLE, "too-many-tries"),
    },
    kept=("user_name", "bsn"),
)
CODE = Sheet(
    name="citizen/sms_code",
    places={
        CredentialsWrong: ("code", "code-wrong"),
        OneTimeGone: ("code", "code-expired"),
        TooManyTries: ("code", "too-many-tries"),
    },
)
PASSWORD = Sheet(
    name="citizen/new_password", places={PasswordTooWeak: ("new_password", "password-guessable")}
)


RECOVERY = Journey(start=PAGES, parameter="recovery", keeper=lambda rooms: rooms.citizen.recovering)


async def show_forgotten(request: Request, rooms: Rooms) -> Response:
    """Ask whose account it is."""
    return Desk(rooms=rooms, visit=read_visit(request, rooms.cookies, rooms.ids), values={}).show(FORGOTTEN)


async def forgotten(request: Request, rooms: Rooms) -> Response:
    """Send a letter, if name and BSN belong together; the answer is the same either way."""
    form = await read_form(request, rooms.cookies)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    desk, fields = Desk(rooms=rooms, visit=visit, values={}, form=form), Fields(form)
    claimant = claimant_in(fields)
    if claimant is None:
        return desk.wrong(FORGOTTEN, fields.errors)
    try:
        await rooms.citizen.recovering.ask(visit.visitor, claimant, visit.language.value, now)
    except Refusal as refusal:
        return desk.refuse(FORGOTTEN, refusal)
    return redirect(rooms, SENT, visit)


async def sent(request: Request, rooms: Rooms) -> Response:
    """Say that a letter comes, if all was right."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    until = now + rooms.citizen.recovering.desk.policy.letter_code_lifetime
    return page(rooms, visit, "citizen/forgotten_sent", {"until": until, "next": LETTER})


async def show_letter(request: Request, rooms: Rooms) -> Response:
    """Ask for the code of the letter."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return Desk(rooms=rooms, visit=visit, values={}).show(LETTER_CODE)


async def letter(request: Request, rooms: Rooms) -> Response:
    """Take the code of the letter, and open the recovery."""
    form = await read_form(request, rooms.cookies)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    desk, fields = Desk(rooms=rooms, visit=visit, values={}, form=form), Fields(form)
    claimant = claimant_in(fields)
    if claimant is None:
        return desk.wrong(LETTER_CODE, fields.errors)
    typed, keep = form.get("activation_code", ""), form.get("number_lost") != "yes"
    try:
        id_ = await rooms.citizen.recovering.open(visit.visitor, claimant, typed, now, keep_number=keep)
    except Refusal as refusal:
        return desk.refuse(LETTER_CODE, refusal)
    return redirect(rooms, f"{PAGES}/{id_}/code", visit)


async def show_code(at: Here) -> Response:
    """Ask for the code by text message, of which the first is sent by a press of the button."""
    return _code_desk(at).show(CODE) if _next(at) == at.path else redirect(at.rooms, _next(at), at.visit)


async def code(at: Here) -> Response:
    """Send a code, or take it."""
    recovering, visitor = at.rooms.citizen.recovering, at.visit.visitor
    try:
        if at.form.get("do") == "resend":
            await recovering.send_code(at.id, visitor, at.now)
            return redirect(at.rooms, at.path, at.visit)
        await recovering.prove_number(at.id, visitor, at.form.get("code", ""), at.now)
    except Refusal as refusal:
        return _code_desk(at).refuse(CODE, refusal)
    return redirect(at.rooms, f"{PAGES}/{at.id}/{Stage.PASSWORD.value}", at.visit)


async def show_password(at: Here) -> Response:
    """Ask for a new password."""
    shown = _next(at) == at.path
    return at.desk(proof="").show(PASSWORD) if shown else redirect(at.rooms, _next(at), at.visit)


async def password(at: Here) -> Response:
    """Take the new password."""
    try:
        typed = new_password(at.form)
        await at.rooms.citizen.recovering.choose_password(at.id, at.visit.visitor, typed, at.now)
    except Refusal as refusal:
        return at.desk(proof="").refuse(PASSWORD, refusal)
    return page(at.rooms, at.visit, "citizen/password_changed", {"next": "/account"})


def _next(at: Here) -> str:
    """Return the address of the page that is next."""
    return f"{PAGES}/{at.id}/{at.kept.stage.value}"


def _code_desk(at: Here) -> Desk:
    purpose = "recovery" if at.kept.code else "recovery-first"
    return at.desk(number_end=at.kept.number_ending, purpose=purpose)


def claimant_in(fields: Fields) -> Claimant | None:
    """Read whose account somebody says it is; None when a field is wrong."""
    name = fields.read("user_name", _not_empty, "empty")
    bsn = fields.read("bsn", Bsn.parse, "bsn-invalid")
    return None if name is None or bsn is None else Claimant(name=name, bsn=bsn)


def _not_empty(typed: str) -> str:
    if not typed:
        raise ValueError
    return typed


ROUTES = (
    ("GET", PAGES, show_forgotten),
    ("POST", PAGES, forgotten),
    ("GET", SENT, sent),
    ("GET", LETTER, show_letter),
    ("POST", LETTER, letter),
    ("GET", PAGES + "/{recovery}/code", RECOVERY.shows(show_code)),
    ("POST", PAGES + "/{recovery}/code", RECOVERY.takes(code, show_code)),
    ("GET", PAGES + "/{recovery}/password", RECOVERY.shows(show_password)),
    ("POST", PAGES + "/{recovery}/password", RECOVERY.takes(password, show_password)),
)
