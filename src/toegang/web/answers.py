"""The bridge from what rooms return or raise to what travels back: pages, redirects, JSON, OAuth errors.

A refusal is raised where it is noticed and translated here, once. A page gets a reference code that the
log has too; nothing of an error's detail reaches a person or a party.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from toegang import errors, log
from toegang.catalogue.values import Text
from toegang.errors import NonceRequired, Refusal, RefusedAtParty, ToegangError
from toegang.login.answer import Reply
from toegang.oidc.errors import Endpoint, word_for
from toegang.saml.bindings import soap
from toegang.web.forms import Form
from toegang.web.pages import MEDIA_TYPE
from toegang.web.security_headers import data_headers, page_headers
from toegang.web.visits import BROWSER, LANGUAGE, read_visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

UNAUTHORIZED = 401
FORBIDDEN = 403
UNAVAILABLE = 503
NO_STORE = "no-store"
_NO_STORE = (b"cache-control", NO_STORE.encode())
_AS_IT_STANDS = "%:/?#[]@!$&'()*+,;="
_JSON = msgspec.json.Encoder()

# The status of a page that says so; every other refusal is a 400.
STATUS: Mapping[type[ToegangError], int] = {
    errors.TooLarge: 413,
    errors.TooManyTries: 429,
    errors.LoginUnknown: 404,
    errors.RegisterWithoutKey: 404,
    errors.LoginEnded: 410,
    errors.LoginExpired: 410,
    errors.LoginElsewhere: 403,
    errors.FormExpired: 403,
    errors.PartyClosed: 403,
    errors.AccountClosed: 403,
    errors.AppClosed: 403,
    errors.PasskeyRefused: 403,
    errors.NotEntitled: 403,
    errors.Unavailable: 503,
    errors.Misconfigured: 500,
}

# SAMLBind-3.2.3.3: what cannot be read is a 400; whoever is not proven, and all else, is a 403.
SOAP_STATUS: Mapping[type[ToegangError], int] = {
    errors.Malformed: 400,
    errors.ProtocolRefusal: 400,
    errors.TooLarge: 413,
}

# Refusals that say more than the general page can.
PAGES: Mapping[type[ToegangError], str] = {
    errors.LoginElsewhere: "login/elsewhere",
    errors.UploadRefused: "cockpit/metadata_refused",
}


def page(  # noqa: PLR0913 a page has a frame (rooms, visit, status, form, targets) and values of its own
    rooms: Rooms,
    visit: Visit,
    name: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
    form: Form | None = None,
    targets: Iterable[str] = (),
) -> Response:
    """Render a page; its forms lead to this host and to `targets` only."""
    frame = {"place": visit.place, "form": form or Form(csrf=visit.csrf), "login_waiting": visit.waiting}
    body = rooms.pages.render(name, visit.language, **frame, **values)
    response = Response(body, status)
    _set(response, page_headers(https=rooms.cookies.https, form_targets=targets))
    response.headers["content-type"] = MEDIA_TYPE
    _remember(rooms, response, visit)
    return response


def suggestions(
    rooms: Rooms, visit: Visit, found: Iterable[Mapping[str, object]], *, status: int = 200
) -> Response:
    """Answer a page's script with what it may suggest: a list, of which it reads texts and nothing else."""
    response = Response(rooms.pages.render("login/_suggestions", visit.language, found=found), status)
    _set(response, data_headers(https=rooms.cookies.https))
    response.headers["content-type"] = MEDIA_TYPE
    response.raw_headers.append(_NO_STORE)
    return response


def redirect(rooms: Rooms, location: str, visit: Visit | None = None) -> Response:
    """Send the browser on with GET, whatever it came with (RFC9700-4.12: 303, never 307).

    RFC3986-2.1: what may not stand in an address is written with percents, so that no part of a path that
    came in ends the header (RFC9110-5.5) or cannot be written.
    """
    response = Response(status_code=303)
    response.raw_headers.append((b"location", quote(location, safe=_AS_IT_STANDS).encode("ascii")))
    response.raw_headers.append(_NO_STORE)
    _set(response, data_headers(https=rooms.cookies.https))
    if visit is not None:
        _remember(rooms, response, visit)
    return response


def json(rooms: Rooms, content: object, *, status: int = 200, cache: str = NO_STORE) -> Response:
    """Answer with JSON."""
    response = Response(_JSON.encode(content), status, media_type="application/json")
    _set(response, data_headers(https=rooms.cookies.https))
    response.raw_headers.append(_NO_STORE if cache == NO_STORE else (b"cache-control", cache.encode()))
    return response


def download(rooms: Rooms, content: bytes, name: str, media_type: str) -> Response:
    """Hand out a file of one's own: to be saved, by nobody to be kept for others, never to be run."""
    headers = {"cache-control": NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
    response = Response(content, media_type=media_type, headers=headers)
    _set(response, data_headers(https=rooms.cookies.https))
    return response


def json_text(content: object) -> str:
    """Write JSON for a page's script to read, where the template puts it in an attribute."""
    return _JSON.encode(content).decode()


def xml(
    rooms: Rooms, octets: bytes, media_type: str, *, status: int = 200, cache: str = NO_STORE
) -> Response:
    """Answer with XML: metadata, or an envelope to another server."""
    response = Response(octets, status)
    response.headers["content-type"] = media_type
    _set(response, data_headers(https=rooms.cookies.https))
    response.raw_headers.append(_NO_STORE if cache == NO_STORE else (b"cache-control", cache.encode()))
    return response


def reply(rooms: Rooms, visit: Visit, answer: Reply, name: Text | None = None) -> Response:
    """Bring a role's answer to its service through the browser: by redirect or by a form."""
    if answer.fields is None:
        return redirect(rooms, answer.location, visit)
    return page(
        rooms,
        visit,
        "login/posting",
        {
            "address": answer.location,
            "fields": answer.fields,
            "service": name or Text("de website", "the website"),
            "send": False,
        },
        targets=(answer.location,),
    )


def error_page(rooms: Rooms, visit: Visit, error: ToegangError, go_back: str = "") -> Response:
    """Say what is wrong, what to do now, and by which code the help desk finds it in the log.

    A refusal that has a page of its own (`PAGES`) gets that one.
    """
    rooms.meter.refused_with(error.code)
    reference = rooms.ids.reference()
    log.event("page:error", reference=reference, code=error.code, detail=error.detail)
    values = {"code": error.code, "reference": reference, "at": rooms.clock.now(), "go_back": go_back}
    if isinstance(error, errors.UploadRefused):
        values |= {"why": error.why, "about": error.about, "signed_in": True}
    response = page(rooms, visit, PAGES.get(type(error), "error"), values, status=status_of(error))
    wait(response, error)
    return response


def oauth_error(rooms: Rooms, error: ToegangError, endpoint: Endpoint) -> Response:
    """RFC6749-5.2, RFC6750-3, RFC9449-8: say no in the protocol's own form."""
    rooms.meter.refused_with(error.code)
    word = word_for(error, endpoint)
    log.event("client:error", endpoint=endpoint.value, error=word.error, code=error.code, detail=error.detail)
    content = {"error": word.error, "error_description": word.description}
    response = json(rooms, content, status=word.status)
    if isinstance(error, NonceRequired):
        response.headers["dpop-nonce"] = error.nonce
    if word.status == UNAUTHORIZED:
        # RFC9110-11.6.1: a 401 says how to do it right.
        scheme = "Bearer" if endpoint.takes_tokens else "Basic"
        challenge = f'{scheme} realm="toegang", error="{word.error}"'
        response.headers["www-authenticate"] = challenge
        if endpoint.takes_tokens:
            response.headers.append("www-authenticate", f'DPoP error="{word.error}", algs="ES256 PS256"')
    wait(response, error)
    return response


def soap_error(rooms: Rooms, error: ToegangError) -> Response:
    """SAMLBind-3.2.3.3: say no to another server; nothing tells it how far it came."""
    rooms.meter.refused_with(error.code)
    log.event("partner:error", code=error.code, detail=error.detail)
    refused = isinstance(error, Refusal)
    kind = soap.Fault.CLIENT if refused else soap.Fault.SERVER
    if isinstance(error, errors.ProtocolRefusal) and isinstance(error.error, soap.Fault):
        kind = error.error
    sentence = "the request is refused" if refused else "try again later"
    status = SOAP_STATUS.get(type(error), FORBIDDEN if refused else UNAVAILABLE)
    response = xml(rooms, soap.fault(kind, sentence), soap.CONTENT_TYPE, status=status)
    wait(response, error)
    return response


def answer_error(request: Request, rooms: Rooms, error: ToegangError) -> Response:
    """Answer a refusal of a page: at the party that asked if it can be told, else to the person."""
    visit = read_visit(request, rooms.cookies, rooms.ids)
    if isinstance(error, RefusedAtParty):
        rooms.meter.refused_with(error.refusal.code)
        log.event("request:refused", code=error.refusal.code, detail=error.refusal.detail)
        return reply(rooms, visit, Reply(location=error.location, fields=error.fields))
    return error_page(rooms, visit, error)


def status_of(error: ToegangError) -> int:
    """Return the HTTP status of a page about `error`."""
    found = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
    return found or (400 if isinstance(error, Refusal) else 500)


def wait(response: Response, error: ToegangError) -> None:
    """RFC9110-10.2.3: say after how many seconds it may be tried again."""
    if isinstance(error, errors.Unavailable | errors.TooManyTries):
        response.headers["retry-after"] = str(error.retry_after)


def _remember(rooms: Rooms, response: Response, visit: Visit) -> None:
    """Give a new browser its cookie, and remember a language that was chosen."""
    if visit.fresh_browser:
        rooms.cookies.write(response, BROWSER, visit.fresh_browser)
    if visit.language_chosen:
        rooms.cookies.write(response, LANGUAGE, visit.language.value)


def _set(response: Response, headers: Iterable[tuple[bytes, bytes]]) -> None:
    response.raw_headers.extend(headers)
