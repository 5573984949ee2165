"""Pages for everybody, and the look-up of a login by the service that asked it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from toegang.catalogue.values import Text
from toegang.errors import ToegangError
from toegang.oidc.errors import Endpoint
from toegang.oidc.parameters import parse_parameters
from toegang.provider.oidc.backchannel import Call
from toegang.provider.oidc.look_up import look_up
from toegang.web import figures
from toegang.web.answers import json, oauth_error, page
from toegang.web.certificates import presented
from toegang.web.visits import path_of, read_body, read_visit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.login.decision import ServiceView
    from toegang.web.rooms import Rooms

NOT_FOUND = 404

# What the accessibility statement says of our own tests (tests/browser).
TESTED = date(2026, 11, 23)
LIMITS = (
    Text(
        nl="De inlogapp werkt alleen met JavaScript. U kunt altijd een ander inlogmiddel kiezen.",
        en="The login app works only with JavaScript. You can always choose another login means.",
    ),
    Text(
        nl="De grafieken bij de cijfers zijn plaatjes. Dezelfde cijfers staan in de tabel eronder.",
        en="The charts with the figures are pictures. The same numbers are in the table below each.",
    ),
)


async def home(request: Request, rooms: Rooms) -> Response:
    """Say what this website is for, to whoever comes here without a service."""
    return page(rooms, read_visit(request, rooms.cookies, rooms.ids), "home", {})


async def help_(request: Request, rooms: Rooms) -> Response:
    """WCAG22-3.2.6: help, at the same place on every page."""
    return page(rooms, read_visit(request, rooms.cookies, rooms.ids), "help", {})


async def privacy(request: Request, rooms: Rooms) -> Response:
    """GDPR-13: say what is done with personal data."""
    return page(rooms, read_visit(request, rooms.cookies, rooms.ids), "privacy", {})


async def accessibility(request: Request, rooms: Rooms) -> Response:
    """Show the accessibility statement."""
    values = {"tested": TESTED, "limits": LIMITS}
    return page(rooms, read_visit(request, rooms.cookies, rooms.ids), "accessibility", values)


async def decision(request: Request, rooms: Rooms) -> Response:
    """Tell the service that asked how a login ended, by its reference code; nobody else anything."""
    form = parse_parameters(await read_body(request)) if request.method == "POST" else {}
    reference = request.path_params["reference"]
    try:
        call = Call(
            url=rooms.openid.issuer + path_of(request),
            endpoint="decision",
            authorization=request.headers.get("authorization"),
            proofs=(),
            form=form,
            certificate=presented(request),
        )
        view = await look_up(rooms.openid.endings, reference, call, rooms.clock.now())
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.INTROSPECTION)
    if view is None:
        return json(rooms, {"error": "not_found"}, status=NOT_FOUND)
    return json(rooms, _told(view))


def _told(view: ServiceView) -> dict[str, object]:
    return {
        "reference": view.reference,
        "outcome": view.end,
        "required_level": view.required.name.lower(),
        "proven_level": view.level.name.lower() if view.level else None,
        "started_at": view.started_at.isoformat(),
        "ended_at": view.ended_at.isoformat(),
    }


ROUTES = (
    ("GET", "/", home),
    ("GET", "/help", help_),
    ("GET", "/privacy", privacy),
    ("GET", "/toegankelijkheid", accessibility),
    *figures.ROUTES,
    ("GET", "/decisions/{reference}", decision),
    ("POST", "/decisions/{reference}", decision),
)
