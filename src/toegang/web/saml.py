"""The SAML identity provider's endpoints: parse, call, render."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang import log
from toegang.errors import Refusal, ToegangError
from toegang.login.transaction import browser_hash
from toegang.provider.saml.received import Arrived
from toegang.saml.bindings.soap import CONTENT_TYPE
from toegang.saml.names import Binding
from toegang.web.answers import page, redirect, soap_error, xml
from toegang.web.certificates import presented
from toegang.web.login import proceed
from toegang.web.logout import PAGE as LOGOUT
from toegang.web.logout import begun_at, browser_of, unbelieved
from toegang.web.unproven import keep
from toegang.web.visits import ACCOUNT, BROWSER, SESSION, path_of, query_of, read_body, read_visit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.provider.saml.logout import Answered
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

LIMIT = 128 * 1024  # bytes of a form or an envelope: whoever sends it proved nothing yet, and it may be kept
METADATA_TYPE = "application/samlmetadata+xml"
HOUR = "public, max-age=3600"


async def metadata(_: Request, rooms: Rooms) -> Response:
    """SAMLMeta-4.1: our own metadata, signed."""
    return xml(rooms, rooms.saml.metadata.written(rooms.clock.now()), METADATA_TYPE, cache=HOUR)


async def metadata_of_mandates(_: Request, rooms: Rooms) -> Response:
    """SAMLMeta-4.1: that of our register of mandates, which signs who acts for whom."""
    return xml(rooms, rooms.saml.register.written(rooms.clock.now()), METADATA_TYPE, cache=HOUR)


async def sign_on(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.1.3.3: a service provider asks for a login, in an address."""
    return await _begin(request, rooms, Arrived(binding=Binding.REDIRECT, octets=query_of(request)))


async def sign_on_posted(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.1.3.3: the same in a form; without our cookie it waits for the GET that follows."""
    octets = await read_body(request, LIMIT)
    if not rooms.cookies.read(request, BROWSER):
        name = await keep(request, rooms, rooms.saml.posted, octets)
        return redirect(rooms, f"{path_of(request)}/{name}")
    return await _begin(request, rooms, Arrived(binding=Binding.POST, octets=octets))


async def sign_on_kept(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.1.3.3: the GET after a request that was posted without our cookie."""
    return await _begin(request, rooms, await _kept(request, rooms))


async def _begin(request: Request, rooms: Rooms, arrived: Arrived) -> Response:
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    browser = visit.bound()
    hashed = browser_hash(browser.secret or "")
    asked = await rooms.saml.admission.admit(arrived, hashed, visit.language.value, now)
    begun = await rooms.logins.begin(asked.request, browser, now, asked.first_use)
    return await proceed(rooms, visit, begun, now)


async def answer(request: Request, rooms: Rooms) -> Response:
    """SAMLBind-3.5: hand the browser that asked the form with which it goes back to the service."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    browser = browser_hash(visit.browser.secret or "")
    form = await rooms.saml.answers.take(request.path_params["code"], browser, rooms.clock.now())
    values = {"address": form.action, "fields": form.fields, "service": form.name, "send": True}
    return page(rooms, visit, "login/posting", values, targets=(form.action,))


async def resolve(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-5: a service provider's server asks for the message behind an artifact."""
    try:
        octets = await read_body(request, LIMIT)
        envelope = await rooms.saml.resolution.resolve(octets, presented(request), rooms.clock.now())
    except ToegangError as error:
        return soap_error(rooms, error)
    return xml(rooms, envelope, CONTENT_TYPE)


async def log_out(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: a service provider ends a session, in an address."""
    return await _log_out(request, rooms, Arrived(binding=Binding.REDIRECT, octets=query_of(request)))


async def log_out_posted(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: the same in a form; without our cookie it waits for the GET that follows."""
    octets = await read_body(request, LIMIT)
    arrived = Arrived(binding=Binding.POST, octets=octets)
    if not arrived.is_answer and rooms.cookies.read(request, BROWSER):
        return await _log_out(request, rooms, arrived)
    try:
        name = await keep(request, rooms, rooms.saml.posted, octets)
    except Refusal as refusal:
        if not arrived.is_answer:
            raise
        # A partner's answer that cannot be read, or kept, keeps nobody here: the GET after it goes on, or
        # refuses. That partner stays unconfirmed, and this is where an operator reads why.
        log.event("logout:answer-dropped", code=refusal.code, detail=refusal.detail)
        rooms.meter.refused_with(refusal.code)
        return redirect(rooms, LOGOUT)
    return redirect(rooms, f"{path_of(request)}/{name}")


async def log_out_kept(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: the GET after a wish to log out that was posted without our cookie."""
    return await _log_out(request, rooms, await _kept(request, rooms))


async def log_out_by_soap(request: Request, rooms: Rooms) -> Response:
    """SAMLProf-4.4.3: the same, from server to server."""
    try:
        arrived = Arrived(binding=Binding.SOAP, octets=await read_body(request, LIMIT))
        answered = await rooms.saml.logout.log_out(arrived, "", "", rooms.clock.now())
    except ToegangError as error:
        return soap_error(rooms, error)
    return xml(rooms, answered.envelope, CONTENT_TYPE)


async def _log_out(request: Request, rooms: Rooms, arrived: Arrived) -> Response:
    if arrived.is_answer:
        return await _answered(request, rooms, arrived)
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    own = await rooms.logins.sessions.find(visit.browser, now)
    session = own.id if own else ""
    answered = await rooms.saml.logout.log_out(arrived, session, browser_of(visit), now)
    response = await logged_out(rooms, visit, answered)
    if own is not None and own.id in answered.sessions:
        await rooms.stays.leave(rooms.cookies.read(request, ACCOUNT), now)
        rooms.cookies.write(response, SESSION, "")
        rooms.cookies.write(response, ACCOUNT, "")
    return response


async def _answered(request: Request, rooms: Rooms, arrived: Arrived) -> Response:
    """SAMLProf-4.4.3.4: a partner answers what the browser was sent with; the logout goes on."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    try:
        name = await rooms.saml.logout_answers.take(arrived, browser_of(visit), rooms.clock.now())
    except Refusal as refusal:
        return await unbelieved(request, rooms, refusal)
    return redirect(rooms, f"{LOGOUT}/{name}", visit)


async def logged_out(rooms: Rooms, visit: Visit, answered: Answered) -> Response:
    """Answer a wish to log out: others are told first, or the partner is answered at once."""
    if answered.logout is not None:
        return await begun_at(rooms, visit, answered.logout)
    reply = answered.reply
    if reply is None:
        return page(rooms, visit, "logout/done", {"results": [], "go_back": "", "fields": ()})
    if reply.fields is None:
        return redirect(rooms, reply.location, visit)
    values: dict[str, object] = {"address": reply.location, "fields": reply.fields}
    values |= {"service": answered.name, "send": True}
    return page(rooms, visit, "login/posting", values, targets=(reply.location,))


async def _kept(request: Request, rooms: Rooms) -> Arrived:
    return await rooms.saml.posted.get(request.path_params["posted"], rooms.clock.now())


ROUTES = (
    ("GET", "/saml/sso", sign_on),
    ("POST", "/saml/sso", sign_on_posted),
    ("GET", "/saml/sso/{posted}", sign_on_kept),
    ("GET", "/saml/answer/{code}", answer),
    ("POST", "/saml/artifact", resolve),
    ("GET", "/saml/slo", log_out),
    ("POST", "/saml/slo", log_out_posted),
    ("GET", "/saml/slo/{posted}", log_out_kept),
    ("POST", "/saml/slo/soap", log_out_by_soap),
    ("GET", "/saml/metadata", metadata),
    ("GET", "/saml/mandates/metadata", metadata_of_mandates),
)
