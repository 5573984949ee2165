"""Interfaces for programs of people (the app, a reader): JSON in and out, no cookies, problems (RFC9457)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from starlette.responses import Response

from toegang import errors, log
from toegang.errors import AppClosed, Malformed, PinWrong, ToegangError
from toegang.jose.segments import parse_object
from toegang.web.answers import json, wait
from toegang.web.security_headers import data_headers
from toegang.web.visits import read_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from toegang.catalogue.values import Text
    from toegang.jose.segments import JsonObject
    from toegang.web.rooms import Rooms

    Handler = Callable[[Request, Rooms], Awaitable[Response]]
    Call = Callable[["Said"], Awaitable[Response]]

LIMIT = 16_384  # bytes of a request
CREATED = 201
NO_CONTENT = 204
SECRET_MOST = 64  # characters of a contact, a token or a turn

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


def spoken(call: Call, limit: int = LIMIT) -> Handler:
    """Make a handler of a call: a body of `limit` bytes is read strictly, a refusal becomes a problem."""

    @wraps(call)
    async def handler(request: Request, rooms: Rooms) -> Response:
        try:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                message = "a body of another type than application/json"
                raise Malformed(message)
            body = parse_object(await read_body(request, limit))
            return await call(Said(request=request, rooms=rooms, body=body, now=rooms.clock.now()))
        except ToegangError as error:
            return problem(rooms, error)

    return handler


def problem(rooms: Rooms, error: ToegangError) -> Response:
    """RFC9457-3: say no; the title is for developers, the reference is found in the log."""
    code = f"app-{error.state}" if isinstance(error, AppClosed) else error.code
    reference = rooms.ids.reference()
    rooms.meter.refused_with(code)
    log.event("call:refused", reference=reference, code=code, detail=error.detail)
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


def both(text: Text) -> dict[str, str]:
    """Return a text in both languages."""
    return {"nl": text["nl"], "en": text["en"]}
