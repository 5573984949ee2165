"""The decision point for systems (docs/protocols/mandates-api.md): JSON in and out, tokens of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.authzen import discovery
from toegang.authzen.questions import Batch, parse_batch, parse_question
from toegang.authzen.search import Wanted, parse_search
from toegang.errors import Malformed, ToegangError
from toegang.jose.segments import parse_object
from toegang.oidc.errors import Endpoint
from toegang.provider.oidc.possession import Presented
from toegang.web.answers import json, oauth_error
from toegang.web.calls import problem
from toegang.web.certificates import presented
from toegang.web.visits import path_of, read_body

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.jose.segments import JsonObject
    from toegang.web.rooms import Rooms

BASE = "/access/v1"
HOUR = "public, max-age=3600"
LIMIT = 65_536  # bytes of a request
REQUEST_ID = "x-request-id"
LONGEST_ID = 128
NOT_FOUND = 404


async def metadata(_: Request, rooms: Rooms) -> Response:
    """AuthZEN-9.2: where the endpoints are."""
    return json(
        rooms,
        discovery.metadata_document(rooms.openid.issuer, rooms.systems.deciding.counter.base),
        cache=HOUR,
    )


async def openapi(_: Request, rooms: Rooms) -> Response:
    """OAS-3.1: what may be asked here, and what is answered, for machines."""
    return json(rooms, discovery.openapi_document(rooms.openid.issuer), cache=HOUR)


async def evaluation(request: Request, rooms: Rooms) -> Response:
    """AuthZEN-6: may this one act for that one."""
    return await _evaluated(request, rooms, batch=False)


async def evaluations(request: Request, rooms: Rooms) -> Response:
    """AuthZEN-7: the same, for many at once."""
    return await _evaluated(request, rooms, batch=True)


async def _evaluated(request: Request, rooms: Rooms, *, batch: bool) -> Response:
    now = rooms.clock.now()
    try:
        system = await rooms.systems.deciding.enter(shown(request, rooms), now, batch=batch)
    except ToegangError as error:
        return named(request, oauth_error(rooms, error, Endpoint.SYSTEMS))
    try:
        body = await body_of(request)
        asked = parse_batch(body) if batch else Batch(questions=(parse_question(body),), alone=True)
        answer = await rooms.systems.deciding.answer(system, asked, now)
    except ToegangError as error:
        return named(request, problem(rooms, error))
    return named(request, json(rooms, answer))


async def subjects(request: Request, rooms: Rooms) -> Response:
    """AuthZEN-8.4: who may act for this one."""
    return await _searched(request, rooms, Wanted.SUBJECT)


async def resources(request: Request, rooms: Rooms) -> Response:
    """AuthZEN-8.5: for whom may this one act."""
    return await _searched(request, rooms, Wanted.RESOURCE)


async def actions(request: Request, rooms: Rooms) -> Response:
    """AuthZEN-8.6: what may this one do for that one."""
    return await _searched(request, rooms, Wanted.ACTION)


async def _searched(request: Request, rooms: Rooms, wanted: Wanted) -> Response:
    now, searching = rooms.clock.now(), rooms.systems.searching
    try:
        system = await searching.enter(shown(request, rooms), wanted, now)
    except ToegangError as error:
        return named(request, oauth_error(rooms, error, Endpoint.SYSTEMS))
    try:
        search = parse_search(await body_of(request), wanted)
        answer = await searching.answer(system, search, now)
    except ToegangError as error:
        return named(request, problem(rooms, error))
    return named(request, json(rooms, answer))


async def status(request: Request, rooms: Rooms) -> Response:
    """Tell the service that was told a statement whether it still holds; nobody else anything."""
    now, statement = rooms.clock.now(), request.path_params["statement"]
    try:
        system = await rooms.systems.statuses.enter(shown(request, rooms), statement, now)
    except ToegangError as error:
        return named(request, oauth_error(rooms, error, Endpoint.SYSTEMS))
    try:
        answer = await rooms.systems.statuses.status(system, statement, now)
    except ToegangError as error:
        return named(request, problem(rooms, error))
    if answer is None:
        return named(request, json(rooms, {"error": "not_found"}, status=NOT_FOUND))
    return named(request, json(rooms, answer))


def shown(request: Request, rooms: Rooms) -> Presented:
    """Return what a system shows: tokens travel in the header only."""
    back_channel = rooms.openid.back_channel
    return Presented(
        method=request.method,
        authorization=request.headers.get("authorization"),
        proofs=request.headers.getlist("dpop"),
        form={},
        alias=back_channel and back_channel + path_of(request),
        certificate=presented(request),
    )


async def body_of(request: Request) -> JsonObject:
    """AuthZEN-10.1: read the body, which is JSON and says so.

    Raises:
        Malformed, TooLarge: it is not.

    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        message = "a body of another type than application/json"
        raise Malformed(message)
    return parse_object(await read_body(request, LIMIT))


def named(request: Request, response: Response) -> Response:
    """AuthZEN-10.1.6: give the name back that a client gave to its request, if it can stand in a header."""
    name = request.headers.get(REQUEST_ID, "")
    if name and len(name) <= LONGEST_ID and name.isascii() and name.isprintable():
        response.headers[REQUEST_ID] = name
    return response


ROUTES = (
    ("GET", "/.well-known/authzen-configuration", metadata),
    ("GET", BASE + "/openapi.json", openapi),
    ("POST", BASE + discovery.EVALUATION, evaluation),
    ("POST", BASE + discovery.EVALUATIONS, evaluations),
    ("POST", BASE + discovery.SUBJECTS, subjects),
    ("POST", BASE + discovery.RESOURCES, resources),
    ("POST", BASE + discovery.ACTIONS, actions),
    ("GET", BASE + "/statements/{statement}", status),
)
