"""Means of other parties: where browsers come back from them.

What comes back is found by what was remembered when the browser left (means/external/errands.py). From then
on whatever is refused is told on a page of its login, with the ways on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.values import MeansId
from toegang.errors import ToegangError
from toegang.login.transaction import browser_hash
from toegang.means.oidc.kind import CALLBACK
from toegang.means.saml.kind import CONSUMER, LEAVING
from toegang.web import login
from toegang.web.answers import page, redirect
from toegang.web.login import proceed
from toegang.web.unproven import keep
from toegang.web.visits import path_of, query_of, read_body, read_visit

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.means.base import Authentication, TransactionId
    from toegang.means.saml.arrival import Arrival
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

LIMIT = 512 * 1024  # bytes of a form; base64 makes the largest message no larger


async def oidc_callback(request: Request, rooms: Rooms) -> Response:
    """OIDCC-3.1.2.5: a browser comes back from an OpenID provider."""
    visit, now, browser = _arrived(request, rooms)
    means, door = MeansId(request.path_params["means"]), rooms.oidc_means
    returned = await door.take(means, query_of(request), browser, now)
    return await _accept(rooms, visit, returned.errand.transaction, door.prove(returned, now))


async def leave(request: Request, rooms: Rooms) -> Response:
    """SAMLBind-3.5.4: hand the browser the form with which it goes to an identity provider."""
    visit, now, browser = _arrived(request, rooms)
    form = await rooms.saml_means.leave(request.path_params["name"], browser, now)
    values = {"address": form.action, "fields": form.fields, "means": form.name}
    return page(rooms, visit, "login/leaving", values, targets=(form.action, form.beyond))


async def consume_posted(request: Request, rooms: Rooms) -> Response:
    """SAMLBind-3.5.4: an answer in a form, which comes without our cookie: it waits for the GET after it."""
    octets = await read_body(request, LIMIT)
    name = await keep(request, rooms, rooms.saml_means.arrivals, octets)
    return redirect(rooms, f"{path_of(request)}/{name}")


async def consume_kept(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.1.4: the GET after an answer in a form, by which we know the browser."""
    arrival = await rooms.saml_means.arrivals.get(request.path_params["posted"], rooms.clock.now())
    return await _consume(request, rooms, arrival)


async def consume(request: Request, rooms: Rooms) -> Response:
    """SAMLBind-3.6.3: an artifact in an address."""
    return await _consume(request, rooms, rooms.saml_means.arrivals.carried(query_of(request)))


async def _consume(request: Request, rooms: Rooms, arrival: Arrival) -> Response:
    visit, now, browser = _arrived(request, rooms)
    returned = await rooms.saml_means.take(arrival, browser, now)
    proving = rooms.saml_means.prove(returned, now)
    return await _accept(rooms, visit, returned.errand.transaction, proving)


async def _accept(
    rooms: Rooms, visit: Visit, transaction: TransactionId, proving: Awaitable[Authentication]
) -> Response:
    """Bring what is proven to its login; whatever is refused from here on is told on its page."""
    try:
        at = await rooms.logins.accept(transaction, await proving, visit.browser, rooms.clock.now())
    except ToegangError as error:
        told = await login.tell(rooms, visit, transaction, error)
        if told is None:
            raise
        return told
    return await proceed(rooms, visit, at, rooms.clock.now())


def _arrived(request: Request, rooms: Rooms) -> tuple[Visit, datetime, str]:
    """Return who visits, when, and the hash of the browser's secret."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    return visit, rooms.clock.now(), browser_hash(visit.browser.secret or "")


ROUTES = (
    ("GET", CALLBACK + "{means}", oidc_callback),
    ("GET", LEAVING + "{name}", leave),
    ("POST", CONSUMER, consume_posted),
    ("GET", CONSUMER, consume),
    ("GET", CONSUMER + "/{posted}", consume_kept),
)
