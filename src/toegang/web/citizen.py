"""The sign-in pages of the citizen account: name and password, a code by text message, a letter's code.

Every page belongs to one login and one browser. A page that is not where the sign-in is now leads there:
the stored record decides, not the address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.errors import (
    CredentialsWrong,
    LevelUnreachable,
    LoginUnknown,
    OneTimeGone,
    Refusal,
    TooManyTries,
)
from toegang.means.base import TransactionId
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.records import Proven, SignIn, Stage
from toegang.means.passkey.kind import PAGES as PASSKEYS
from toegang.web.answers import page, redirect, status_of, wait
from toegang.web.forms import Form
from toegang.web.login import address_of, proceed, time_left
from toegang.web.meeting import listening
from toegang.web.passkeys import offered
from toegang.web.visits import DEVICE, MEANS, path_of, read_form, read_visit
from toegang.web.wrong import NO_ERRORS, WHOLE, errors_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.login.transaction import Transaction
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit
    from toegang.web.wrong import Errors, Places

PAGES = "/means/citizen"
NOTHING: Mapping[str, str] = {}

# What a refusal is shown at, per page.
AT_PASSWORD: Places = {
    CredentialsWrong: (WHOLE, "credentials-wrong"),
    TooManyTries: (WHOLE, "too-many-tries"),
}
AT_CODE: Places = {
    CredentialsWrong: ("code", "code-wrong"),
    OneTimeGone: ("code", "code-expired"),
    TooManyTries: ("code", "too-many-tries"),
}
AT_NUMBER: Places = {
    CredentialsWrong: ("letter_code", "code-wrong"),
    OneTimeGone: ("letter_code", "number-letter-gone"),
    TooManyTries: (WHOLE, "too-many-tries"),
}
AT_ACTIVATION: Places = {
    CredentialsWrong: ("activation_code", "code-wrong"),
    OneTimeGone: ("activation_code", "letter-code-gone"),
    TooManyTries: ("activation_code", "too-many-tries"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where somebody stands: their login, their sign-in, and the form that they sent.

    `waiting` are the last digits of a first number that waits for the code of its letter.
    """

    rooms: Rooms
    visit: Visit
    now: datetime
    transaction: Transaction
    sign_in: SignIn
    form: Mapping[str, str]
    waiting: str = ""

    @property
    def login(self) -> TransactionId:
        """The login that this is for."""
        return self.transaction.id

    @property
    def address(self) -> str:
        """The page that is next in this sign-in; the login's own page when it is over or left."""
        if self.sign_in.stage is Stage.DONE or self.transaction.chosen != self.sign_in.means:
            return address_of(self.login)
        return f"{PAGES}/{self.login}/{self.sign_in.stage.value}"


async def show(request: Request, rooms: Rooms) -> Response:
    """Show the page of a sign-in; another page than the next one leads to the next one."""
    at = await _arrive(request, rooms, NOTHING)
    if at is None:
        return await _again(request, rooms)
    if at.address != path_of(request):
        return redirect(rooms, at.address, at.visit)
    return _page(at, at.sign_in.stage)


async def password(request: Request, rooms: Rooms) -> Response:
    """Take a user name and a password."""
    return await _act(request, rooms, Stage.PASSWORD, _prove_password)


async def code(request: Request, rooms: Rooms) -> Response:
    """Take the code of a text message, or send another."""
    return await _act(request, rooms, Stage.CODE, _prove_code)


async def number(request: Request, rooms: Rooms) -> Response:
    """Take the code of the letter about a first number."""
    return await _act(request, rooms, Stage.NUMBER, _add_number)


async def activation(request: Request, rooms: Rooms) -> Response:
    """Take the code of the letter."""
    return await _act(request, rooms, Stage.ACTIVATION, _activate)


async def _prove_password(at: _At) -> Proven | SignIn:
    typed = Credentials(name=at.form.get("user_name", ""), password=at.form.get("password", ""))
    return await at.rooms.citizen.signing_in.password(at.login, at.visit.visitor, typed, at.now)


async def _prove_code(at: _At) -> Proven | SignIn:
    signing_in = at.rooms.citizen.signing_in
    if at.form.get("do") == "resend":
        return await signing_in.resend(at.login, at.visit.visitor, at.now)
    return await signing_in.sms_code(at.login, at.visit.visitor, at.form.get("code", ""), at.now)


async def _add_number(at: _At) -> Proven | SignIn:
    typed = at.form.get("letter_code", "")
    return await at.rooms.citizen.signing_in.add_number(at.login, at.visit.visitor, typed, at.now)


async def _activate(at: _At) -> Proven | SignIn:
    typed = at.form.get("activation_code", "")
    return await at.rooms.citizen.signing_in.activate(at.login, at.visit.visitor, typed, at.now)


async def _act(
    request: Request, rooms: Rooms, stage: Stage, prove: Callable[[_At], Awaitable[Proven | SignIn]]
) -> Response:
    """Do what the person asked on the page of `stage`: go back, take more time, or prove something."""
    at = await _arrive(request, rooms, await read_form(request, rooms.cookies))
    if at is None:
        return await _again(request, rooms)
    wish = at.form.get("do", "")
    if wish == "extend":
        return await _extend(at, stage)
    if wish in _LEAVING:
        return await _LEAVING[wish](at)
    gate.open_means(rooms.catalogue.current, at.sign_in.means, at.now)  # before anything is guessed or sent
    try:
        result = await prove(at)
    except Refusal as refusal:
        return _refused(at, stage, refusal)
    if isinstance(result, Proven):
        return await _proven(at, result)
    return redirect(rooms, f"{PAGES}/{at.login}/{result.stage.value}", at.visit)


async def _proven(at: _At, proven: Proven) -> Response:
    """Bring what was proven to the login, and remember this device (throttling)."""
    rooms, visit = at.rooms, at.visit
    result = await rooms.logins.accept(at.login, proven.authentication, visit.browser, at.now)
    response = await proceed(rooms, visit, result, at.now)
    rooms.cookies.write(response, DEVICE, proven.device)
    return response


async def _back(at: _At) -> Response:
    """Leave this means: choose again, and forget what this browser remembered."""
    rooms = at.rooms
    transaction = await rooms.logins.choose(at.login, None, at.visit.browser, at.now)
    response = await proceed(rooms, at.visit, transaction, at.now)
    rooms.cookies.write(response, MEANS, "")
    return response


async def _stop(at: _At) -> Response:
    """Go back to the service, which is told that the level could not be reached."""
    rooms = at.rooms
    await rooms.logins.note(at.transaction, LevelUnreachable(), at.now)
    return await proceed(rooms, at.visit, await rooms.logins.stop(at.login, at.visit.browser, at.now), at.now)


_LEAVING: Mapping[str, Callable[[_At], Awaitable[Response]]] = {"back": _back, "stop": _stop}


async def _extend(at: _At, stage: Stage) -> Response:
    """WCAG22-2.2.1: give more time, keeping what was filled in."""
    transaction = await at.rooms.logins.extend(at.login, at.visit.browser, at.now)
    return _page(replace(at, transaction=transaction), stage)


def _refused(at: _At, stage: Stage, refusal: Refusal) -> Response:
    response = _page(at, stage, errors_of(refusal, _PLACES[stage]), status_of(refusal))
    wait(response, refusal)
    return response


async def _arrive(request: Request, rooms: Rooms, form: Mapping[str, str]) -> _At | None:
    """Find the login and the sign-in of a page; None when only the sign-in is over."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    login = TransactionId(request.path_params["login"])
    transaction = await rooms.logins.find(login, visit.browser, now)
    try:
        sign_in = await rooms.citizen.signing_in.find(login, visit.visitor, now)
    except LoginUnknown:
        return None
    at = _At(rooms=rooms, visit=visit, now=now, transaction=transaction, sign_in=sign_in, form=form)
    if sign_in.stage is not Stage.NUMBER:
        return at
    return replace(at, waiting=await rooms.citizen.signing_in.waiting_number(sign_in, now))


async def _again(request: Request, rooms: Rooms) -> Response:
    """Let the login decide: the sign-in took too long, the login may have time left."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return redirect(rooms, address_of(TransactionId(request.path_params["login"])), visit)


def _page(at: _At, stage: Stage, errors: Errors = NO_ERRORS, status: int = 200) -> Response:
    name, values = _PAGES[stage](at)
    kept = {"user_name": at.form["user_name"]} if "user_name" in at.form else NOTHING
    response = page(
        at.rooms,
        at.visit,
        name,
        {**values, "time_left": time_left(at.transaction, at.now)},
        status=status,
        form=Form(csrf=at.visit.csrf, values=kept, errors=errors),
        targets=(at.transaction.request.reply_to.destination,),
    )
    return listening(response) if values.get("passkeys") else response


def _password_page(at: _At) -> tuple[str, dict[str, object]]:
    service = at.transaction.request.service
    return "citizen/sign_in", {
        "service": service.name,
        "provider": service.provider,
        "level": at.transaction.required,
        "forgotten": "/account/forgotten",
        "apply": "/account/apply",
        "passkeys": f"{PASSKEYS}/{at.login}" if offered(at.rooms, at.transaction) else "",
    }


def _code_page(at: _At) -> tuple[str, dict[str, object]]:
    return "citizen/sms_code", {"number_end": at.sign_in.number_ending, "purpose": "login"}


def _number_page(at: _At) -> tuple[str, dict[str, object]]:
    service = at.transaction.request.service
    return "citizen/no_number", {
        "service": service.name,
        "provider": service.provider,
        "level": at.transaction.required,
        "waiting": at.waiting,
    }


def _activation_page(_: _At) -> tuple[str, dict[str, object]]:
    return "citizen/activate", {}


_PAGES: Mapping[Stage, Callable[[_At], tuple[str, dict[str, object]]]] = {
    Stage.PASSWORD: _password_page,
    Stage.NUMBER: _number_page,
    Stage.CODE: _code_page,
    Stage.ACTIVATION: _activation_page,
}
_PLACES: Mapping[Stage, Places] = {
    Stage.PASSWORD: AT_PASSWORD,
    Stage.NUMBER: AT_NUMBER,
    Stage.CODE: AT_CODE,
    Stage.ACTIVATION: AT_ACTIVATION,
}

ROUTES = (
    ("GET", PAGES + "/{login}/password", show),
    ("POST", PAGES + "/{login}/password", password),
    ("GET", PAGES + "/{login}/code", show),
    ("POST", PAGES + "/{login}/code", code),
    ("GET", PAGES + "/{login}/number", show),
    ("POST", PAGES + "/{login}/number", number),
    ("GET", PAGES + "/{login}/activation", show),
    ("POST", PAGES + "/{login}/activation", activation),
)
