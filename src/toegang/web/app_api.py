"""The app's interface (docs/protocols/app.md): JSON in and out, no cookies, problems as RFC 9457 has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from starlette.responses import Response

from toegang import errors, log
from toegang.catalogue.values import Text
from toegang.errors import AppClosed, Malformed, PinWrong, ToegangError
from toegang.jose.segments import parse_object
from toegang.means.app import statements
from toegang.means.app.logging_in import shown
from toegang.means.app.pairing import Flow
from toegang.web.agents import UNKNOWN
from toegang.web.answers import json, wait
from toegang.web.security_headers import data_headers
from toegang.web.visits import read_body, read_visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from toegang.jose.segments import JsonObject
    from toegang.means.app.meeting import Scanned
    from toegang.web.rooms import Rooms

    Handler = Callable[[Request, Rooms], Awaitable[Response]]
    Call = Callable[["Said"], Awaitable[Response]]

BASE = "/app/v1"
LIMIT = 16_384  # bytes of a request
CREATED = 201
NO_CONTENT = 204
SECRET_MOST = 64  # characters of a contact or a token
NUMBER_MOST = 10
CODE_MOST = 64

# The status of a refusal; every other is a 403.
STATUS: Mapping[type[ToegangError], int] = {
    errors.Malformed: 400,
    errors.TooLarge: 413,
    errors.OneTimeGone: 404,
    errors.StepOutOfOrder: 409,
    errors.TooManyTries: 429,
    errors.Unavailable: 503,
    errors.Misconfigured: 500,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One request of an app, read."""

    request: Request
    rooms: Rooms
    body: JsonObject
    now: datetime

    @property
    def session(self) -> str:
        """The session that its address names."""
        session: str = self.request.path_params["session"]
        return session

    def text(self, name: str, most: int) -> str:
        """Return a short text of the body; empty when it is not there.

        Raises:
            Malformed: something else, or too long.

        """
        value = self.body.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            message = f"{name} is not a text of at most {most} characters"
            raise Malformed(message)
        return value

    def answer(self, content: object, status: int = 200) -> Response:
        """Answer with JSON."""
        return json(self.rooms, content, status=status)

    def nothing(self) -> Response:
        """Answer that it was done."""
        response = Response(status_code=NO_CONTENT)
        response.raw_headers.extend(data_headers(https=self.rooms.cookies.https))
        return response


def spoken(call: Call) -> Handler:
    """Make a handler of a call: its body is read strictly, and a refusal becomes a problem."""

    @wraps(call)
    async def handler(request: Request, rooms: Rooms) -> Response:
        try:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                message = "a body of another type than application/json"
                raise Malformed(message)
            body = parse_object(await read_body(request, LIMIT))
            return await call(Said(request=request, rooms=rooms, body=body, now=rooms.clock.now()))
        except ToegangError as error:
            return problem(rooms, error)

    return handler


def problem(rooms: Rooms, error: ToegangError) -> Response:
    """RFC9457-3: say no; the title is for developers, the reference is found in the log."""
    code = f"app-{error.state}" if isinstance(error, AppClosed) else error.code
    reference = rooms.ids.reference()
    rooms.meter.refused_with(code)
    log.event("app:refused", reference=reference, code=code, detail=error.detail)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 403)
    content: dict[str, object] = {
        "type": f"urn:toegang:problem:{code}",
        "title": (type(error).__doc__ or "").partition("\n")[0],
        "status": status,
        "code": code,
        "reference": reference,
    }
    if isinstance(error, PinWrong):
        content["tries_left"] = error.tries_left
    response = json(rooms, content, status=status)
    response.headers["content-type"] = "application/problem+json"
    wait(response, error)
    return response


async def open_contact(said: Said) -> Response:
    """Open a contact."""
    network = read_visit(said.request, said.rooms.cookies, said.rooms.ids).visitor.network
    opened = await said.rooms.apps.meeting.open_contact(network, said.now)
    content = {"contact": opened.contact, "code": opened.code, "until": opened.until}
    return said.answer(content, CREATED)


async def scan(said: Said) -> Response:
    """Take what was scanned."""
    contact, token = said.text("contact", SECRET_MOST), said.text("token", SECRET_MOST)
    number = said.text("number", NUMBER_MOST)
    if bool(token) is bool(number) or (number and not contact):
        message = "a token, or a number with its contact"
        raise Malformed(message)
    scanned = await said.rooms.apps.meeting.scan(contact, token, number, said.now)
    pairing = scanned.pairing
    content = {
        "kind": "login" if pairing.flow is Flow.LOGIN else "activation",
        "session": scanned.session,
        "challenge": pairing.challenge,
        "until": pairing.session_until,
        "details": _details(scanned),
    }
    return said.answer(content)


async def take_key(said: Said) -> Response:
    """Take a device key."""
    key = statements.read_device_key(said.body.get("device_key"))
    unproven = statements.read(said.body.get("statement"))
    keyed = await said.rooms.apps.activation.key(said.session, key, unproven, said.now)
    return said.answer({"app": str(keyed.app), "challenge": keyed.challenge})


async def take_pin(said: Said) -> Response:
    """Take a PIN key."""
    unproven = statements.read(said.body.get("device"), said.body.get("pin"), with_pin=True)
    done = await said.rooms.apps.activation.pin(said.session, unproven, said.now)
    content: dict[str, object] = {"app": str(done.app), "status": done.status.value, "turn": done.turn}
    if done.until is not None:
        content |= {"challenge": done.challenge, "until": done.until}
    return said.answer(content, CREATED)


async def take_letter_code(said: Said) -> Response:
    """Take the code of a letter."""
    unproven, code = statements.read(said.body.get("device")), said.text("code", CODE_MOST)
    done = await said.rooms.apps.activation.letter(said.session, unproven, code, said.now)
    return said.answer({"status": done.status.value, "turn": done.turn})


async def confirm(said: Said) -> Response:
    """Confirm a login."""
    unproven = statements.read(said.body.get("device"), said.body.get("pin"), with_pin=True)
    done = await said.rooms.apps.logging_in.confirm(said.session, unproven, said.now)
    content = {"turn": done.turn}
    if done.ticket:
        origin = said.rooms.cookies.origin
        content["return"] = f"{origin}/means/app/{done.login}/return/{done.ticket}"
    return said.answer(content)


async def refuse(said: Said) -> Response:
    """Refuse a login."""
    unproven, misuse = statements.read(said.body.get("device")), said.body.get("misuse", False)
    if not isinstance(misuse, bool):
        message = "misuse is true or false"
        raise Malformed(message)
    await said.rooms.apps.logging_in.refuse(said.session, unproven, said.now, misuse=misuse)
    return said.nothing()


async def refuse_activation(said: Said) -> Response:
    """Refuse to be added."""
    await said.rooms.apps.activation.refuse(said.session, said.now)
    return said.nothing()


def _details(scanned: Scanned) -> dict[str, object]:
    """Return what an app shows before it asks the PIN."""
    pairing, place = scanned.pairing, scanned.pairing.place
    where = place.network if place else ""
    network = Text(nl=f"netwerk {where}", en=f"network {where}") if where else UNKNOWN
    details: dict[str, object] = {
        "place": _both(network),
        "browser": _both(place.browser if place else UNKNOWN),
        "at": place.at if place else None,
    }
    if pairing.asked is None:
        return details | {"ground": pairing.flow.value}
    texts = {name: _both(text) for name, text in shown(pairing).items()}
    return details | texts | {"reference": pairing.asked.reference}


def _both(text: Text) -> dict[str, str]:
    return {"nl": text["nl"], "en": text["en"]}


ROUTES = (
    ("POST", BASE + "/contacts", spoken(open_contact)),
    ("POST", BASE + "/scans", spoken(scan)),
    ("POST", BASE + "/activations/{session}/key", spoken(take_key)),
    ("POST", BASE + "/activations/{session}/pin", spoken(take_pin)),
    ("POST", BASE + "/activations/{session}/code", spoken(take_letter_code)),
    ("POST", BASE + "/activations/{session}/refuse", spoken(refuse_activation)),
    ("POST", BASE + "/logins/{session}/confirm", spoken(confirm)),
    ("POST", BASE + "/logins/{session}/refuse", spoken(refuse)),
)
