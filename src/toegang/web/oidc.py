"""The OpenID provider's endpoints: parse, call, render."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from toegang.errors import Malformed, ToegangError
from toegang.oidc.errors import Endpoint
from toegang.oidc.parameters import parse_parameters
from toegang.oidc.request import REQUEST_URI_PREFIX
from toegang.provider.logout.leave import Wish
from toegang.provider.logout.records import ReturnTo
from toegang.provider.oidc.backchannel import Call
from toegang.provider.oidc.letter import PROVIDER
from toegang.provider.oidc.possession import Presented
from toegang.web.answers import json, oauth_error, page, redirect
from toegang.web.certificates import presented
from toegang.web.languages import Language
from toegang.web.login import proceed
from toegang.web.logout import begun_at, browser_of
from toegang.web.security_headers import data_headers
from toegang.web.unproven import keep
from toegang.web.visits import (
    ACCOUNT,
    BROWSER,
    SESSION,
    open_form,
    parse_form,
    path_of,
    query_of,
    read_body,
    read_visit,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from toegang.provider.oidc.logout import LogoutQuestion
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

HOUR = "public, max-age=3600"


async def discovery(_: Request, rooms: Rooms) -> Response:
    """OIDCD-4: the provider's metadata."""
    return json(rooms, rooms.openid.metadata, cache=HOUR)


async def jwks(_: Request, rooms: Rooms) -> Response:
    """OIDCC-10.1.1: the keys of now, and of the eight days around it."""
    return json(rooms, rooms.openid.keys.ring().jwks(rooms.clock.now()), cache=HOUR)


async def authorize(request: Request, rooms: Rooms) -> Response:
    """OIDCC-3.1.2: a client asks for a login, by GET or POST."""
    octets = await read_body(request) if request.method == "POST" else query_of(request)
    if request.method == "POST" and not rooms.cookies.read(request, BROWSER):
        # A browser keeps our cookies back from another site's POST, but not from the GET after it: so
        # its other logins under way keep their cookie.
        name = await keep(request, rooms, rooms.openid.posted, octets)
        return redirect(rooms, f"{path_of(request)}/{name}")
    return await _begin(request, rooms, octets)


async def authorize_posted(request: Request, rooms: Rooms) -> Response:
    """OIDCC-3.1.2: the GET after a request that was posted without our cookie."""
    octets = await rooms.openid.posted.get(request.path_params["posted"], rooms.clock.now())
    return await _begin(request, rooms, octets)


async def _begin(request: Request, rooms: Rooms, octets: bytes) -> Response:
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    asked = await rooms.openid.admission.admit(octets, visit.language.value, now)
    if asked.language != visit.language.value:
        # The language was asked where the address does not show it: pushed, or in a request object.
        visit = replace(visit, language=Language(asked.language), language_chosen=True)
    begun = await rooms.logins.begin(asked, visit.bound(), now)
    return await proceed(rooms, visit, begun, now)


async def push(request: Request, rooms: Rooms) -> Response:
    """RFC9126-2: a client leaves its request here."""
    try:
        answer = await rooms.openid.pushed.push(await _call(request, rooms, "par"), rooms.clock.now())
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.PUSHED)
    uri = REQUEST_URI_PREFIX + answer.request_id
    return json(rooms, {"request_uri": uri, "expires_in": answer.expires_in}, status=201)


async def token(request: Request, rooms: Rooms) -> Response:
    """OIDCC-3.1.3: a code or a refresh token becomes tokens."""
    try:
        answer = await rooms.openid.tokens.exchange(await _call(request, rooms, "token"), rooms.clock.now())
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.TOKEN)
    content: dict[str, object] = {
        "access_token": answer.access_token,
        "token_type": answer.token_type,
        "expires_in": answer.expires_in,
        "scope": answer.scope,
    }
    if answer.id_token:
        content["id_token"] = answer.id_token
    if answer.refresh_token:
        content["refresh_token"] = answer.refresh_token
    return json(rooms, content | dict(answer.more))


async def userinfo(request: Request, rooms: Rooms) -> Response:
    """OIDCC-5.3: what the service may learn about the person."""
    try:
        form = parse_parameters(await read_body(request)) if request.method == "POST" else {}
        shown = Presented(
            method=request.method,
            authorization=request.headers.get("authorization"),
            proofs=request.headers.getlist("dpop"),
            form=form,
            alias=_alias(request, rooms),
            certificate=presented(request),
        )
        answer = await rooms.openid.userinfo.answer(shown, rooms.clock.now())
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.USERINFO)
    if answer.claims is not None:
        return json(rooms, answer.claims)
    response = Response(answer.token, media_type="application/jwt", headers={"cache-control": "no-store"})
    response.raw_headers.extend(data_headers(https=rooms.cookies.https))
    return response


async def introspect(request: Request, rooms: Rooms) -> Response:
    """RFC7662-2: whether a token is good."""
    try:
        call = await _call(request, rooms, "introspection")
        return json(rooms, await rooms.openid.endings.introspect(call, rooms.clock.now()))
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.INTROSPECTION)


async def revoke(request: Request, rooms: Rooms) -> Response:
    """RFC7009-2: a client gives up a token."""
    try:
        await rooms.openid.endings.revoke(await _call(request, rooms, "revocation"), rooms.clock.now())
    except ToegangError as error:
        return oauth_error(rooms, error, Endpoint.REVOCATION)
    return json(rooms, {})


async def logout(request: Request, rooms: Rooms) -> Response:
    """OIDCRPL-2: log out at once for who shows an ID token of ours; ask everybody else."""
    return await _ask_or_log_out(request, rooms, query_of(request))


async def logout_posted(request: Request, rooms: Rooms) -> Response:
    """OIDCRPL-2: the same by POST; or what the person answered on our page."""
    body = await read_body(request)
    if "csrf" not in parse_form(body):
        return await _ask_or_log_out(request, rooms, body)
    form = open_form(request, rooms.cookies, body)
    if form.get("do") != "confirm":
        return redirect(rooms, "/")
    visit = read_visit(request, rooms.cookies, rooms.ids)
    question = rooms.openid.logout.read(query_of(request), rooms.clock.now())
    return await _log_out(rooms, visit, question)


async def _ask_or_log_out(request: Request, rooms: Rooms, octets: bytes) -> Response:
    visit = read_visit(request, rooms.cookies, rooms.ids)
    question = rooms.openid.logout.read(octets, rooms.clock.now())
    if question.sure:
        return await _log_out(rooms, visit, question)
    targets = (question.return_to,) if question.return_to else ()
    values: dict[str, object] = {"service": question.client_name, "others": []}
    return page(rooms, visit, "logout/ask", values, targets=targets)


async def _log_out(rooms: Rooms, visit: Visit, question: LogoutQuestion) -> Response:
    """End the session of the hint; this browser's own when that is the same, or when the person agreed.

    Somebody's own ID token in a link would else log out whoever follows it (O20).
    """
    now = rooms.clock.now()
    own = await rooms.logins.sessions.find(visit.browser, now)
    mine = own.id if own else ""
    leaves = not question.sure or mine == question.session
    wish = Wish(
        sessions=frozenset({question.session, mine if leaves else ""} - {""}),
        # Only who shows a token is known to have asked, and to know of it already.
        asked_by=question.client if question.sure else "",
        back=ReturnTo(provider=PROVIDER, letter=question.return_to),
        browser=browser_of(visit),
    )
    response = await begun_at(rooms, visit, await rooms.logouts.begin(wish, now))
    if leaves:
        rooms.cookies.write(response, SESSION, "")
        rooms.cookies.write(response, ACCOUNT, "")
    return response


async def _call(request: Request, rooms: Rooms, endpoint: str) -> Call:
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        message = "the body is not a form"
        raise Malformed(message)
    return Call(
        url=rooms.openid.issuer + path_of(request),
        endpoint=endpoint,
        authorization=request.headers.get("authorization"),
        proofs=request.headers.getlist("dpop"),
        form=parse_parameters(await read_body(request)),
        alias=_alias(request, rooms),
        certificate=presented(request),
    )


def _alias(request: Request, rooms: Rooms) -> str:
    return rooms.openid.back_channel and rooms.openid.back_channel + path_of(request)
