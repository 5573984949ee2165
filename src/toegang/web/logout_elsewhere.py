"""Logout at means of other parties: they tell us of one, or send a browser back that we sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from toegang.catalogue.values import MeansId
from toegang.errors import Refusal, ToegangError
from toegang.means.oidc.kind import LOGGED_OUT
from toegang.oidc.errors import Endpoint
from toegang.provider.saml.metadata import MEANS_LOGOUT
from toegang.provider.saml.received import Arrived
from toegang.saml.names import Binding
from toegang.web.answers import NO_STORE, oauth_error, redirect
from toegang.web.logout import PAGE, browser_of, unbelieved
from toegang.web.saml import LIMIT, logged_out
from toegang.web.security_headers import data_headers
from toegang.web.unproven import keep
from toegang.web.visits import path_of, query_of, read_body, read_visit

if TYPE_CHECKING:
    from starlette.requests import Request

    from toegang.web.rooms import Rooms

TOLD = "/means/oidc/logout/"


async def saml(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: an identity provider ends a session or answers, in an address."""
    return await _heard(request, rooms, Arrived(binding=Binding.REDIRECT, octets=query_of(request)))


async def saml_posted(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: the same in a form, which waits for the GET that follows."""
    octets = await read_body(request, LIMIT)
    try:
        name = await keep(request, rooms, rooms.saml.posted, octets)
    except Refusal:
        if not Arrived(binding=Binding.POST, octets=octets).is_answer:
            raise
        return redirect(rooms, PAGE)
    return redirect(rooms, f"{path_of(request)}/{name}")


async def saml_kept(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: the GET after a form."""
    return await _heard(
        request, rooms, await rooms.saml.posted.get(request.path_params["posted"], rooms.clock.now())
    )


async def _heard(request: Request, rooms: Rooms, arrived: Arrived) -> Response:
    visit, now, door = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now(), rooms.upstream.saml
    if not arrived.is_answer:
        return await logged_out(rooms, visit, await door.log_out(arrived, browser_of(visit), now))
    try:
        name = await door.take(arrived, browser_of(visit), now)
    except Refusal as refusal:
        return await unbelieved(request, rooms, refusal)
    return redirect(rooms, f"{PAGE}/{name}", visit)


async def oidc_told(request: Request, rooms: Rooms) -> Response:
    """OIDCBCL-2.8: an OpenID provider tells that somebody logged out there."""
    try:
        means, octets = MeansId(request.path_params["means"]), await read_body(request)
        await rooms.upstream.oidc.hear(means, octets, rooms.clock.now())
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.REVOCATION)
    response = Response(status_code=200, headers={"cache-control": NO_STORE})
    response.raw_headers.extend(data_headers(https=rooms.cookies.https))
    return response


async def oidc_back(request: Request, rooms: Rooms) -> Response:
    """OIDCRPL-3: a browser comes back from logging out at an OpenID provider."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    try:
        name = await rooms.upstream.oidc.back(query_of(request), browser_of(visit), rooms.clock.now())
    except Refusal as refusal:
        return await unbelieved(request, rooms, refusal)
    return redirect(rooms, f"{PAGE}/{name}", visit)


ROUTES = (
    ("GET", MEANS_LOGOUT, saml),
    ("POST", MEANS_LOGOUT, saml_posted),
    ("GET", MEANS_LOGOUT + "/{posted}", saml_kept),
    ("POST", TOLD + "{means}", oidc_told),
    ("GET", LOGGED_OUT, oidc_back),
)
