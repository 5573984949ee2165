"""One request as the rooms need it: whose browser, from where, in which language, with which form.

Cookies, each of one browser and of this host only (`__Host-` where TLS is used, ASVS-V3.3):
    browser     binds logins and forms to the browser; made at the first page
    session     opens single sign-on; new after every login
    account     opens My account
    device      tells that somebody logged in here before (throttling)
    means       the remembered choice of a means
    app         opens nothing: by it the app can be called that its person used here before
    language    the chosen language
    leaving     the logout that the browser is in
    waiting     the login that waits while a step is taken in My account
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect

from toegang.errors import FormExpired, Malformed, TooLarge
from toegang.hot import hot
from toegang.login.transaction import Browser
from toegang.means.citizen.visitor import Visitor, network_of
from toegang.web.agents import browser_of
from toegang.web.languages import PARAMETER, Language, language_wished

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.ids import Ids

FORM_LIMIT = 65_536  # bytes of a form's body
FIELD_COUNT = 64
BROWSER, SESSION, ACCOUNT = "browser", "session", "account"
DEVICE, MEANS, LANGUAGE, APP = "device", "means", "language", "app"
LEAVING, WAITING = "leaving", "waiting"
_HARMLESS = re.compile(r"[A-Za-z0-9._~-]*")
_YEAR = 365 * 24 * 3600  # seconds
_LASTING = {DEVICE: _YEAR, MEANS: _YEAR, LANGUAGE: _YEAR, APP: 180 * 24 * 3600, WAITING: 3600}
_LOGIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """Names and attributes of our cookies; `key` (32 secret bytes) makes the proof of a form's origin."""

    https: bool
    origin: str
    key: bytes = field(repr=False)

    def name(self, cookie: str) -> str:
        """Return the name that a cookie goes by."""
        return ("__Host-toegang-" if self.https else "toegang-") + cookie

    def read(self, request: Request, cookie: str) -> str | None:
        """Return a cookie's value."""
        return request.cookies.get(self.name(cookie))

    def write(self, response: Response, cookie: str, value: str) -> None:
        """Set a cookie (RFC6265-4.1.1); an empty value removes it.

        Raises:
            ValueError: a value that no cookie of ours has; a defect of ours.

        """
        if not _HARMLESS.fullmatch(value):
            message = f"cookie {cookie}: a value that a cookie cannot have"
            raise ValueError(message)
        age = _LASTING.get(cookie) if value else 0
        lasts = "" if age is None else f" Max-Age={age};"
        secure = " Secure;" if self.https else ""
        written = f"{self.name(cookie)}={value};{lasts} Path=/;{secure} HttpOnly; SameSite=lax"
        response.raw_headers.append((b"set-cookie", written.encode("ascii")))

    def proof(self, browser: str) -> str:
        """Return what proves that a form came from a page of ours in this browser (ASVS-V3.5.1)."""
        return hmac.digest(self.key, b"form\x00" + browser.encode(), "sha256").hex()


@hot(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request, read: what the handlers hand on to the rooms.

    `place` is where the page that is answered with can be read again, which is not always where a form went.
    `language_chosen` when this very request asks for its language: the answer remembers it. `waiting` is the
    login of this browser that waits, if there is one.
    """

    browser: Browser
    visitor: Visitor
    language: Language
    cookies: Cookies
    place: str
    language_chosen: bool = False
    waiting: str = ""
    fresh_browser: str = field(default="", repr=False)

    @property
    def csrf(self) -> str:
        """What proves that a form came from a page of ours in this browser (ASVS-V3.5.1)."""
        return self.cookies.proof(self.browser.secret or self.fresh_browser)

    def bound(self) -> Browser:
        """Return the browser as it will be after this answer: with its cookie."""
        return replace(self.browser, secret=self.fresh_browser) if self.fresh_browser else self.browser


def read_visit(request: Request, cookies: Cookies, ids: Ids) -> Visit:
    """Read who visits; a browser without our cookie gets one with the answer (`fresh_browser`)."""
    sent, name = request.cookies.get, cookies.name
    known = sent(name(BROWSER))
    query = query_of(request).decode("latin-1")
    wished = request.query_params.get(PARAMETER) if PARAMETER in query else None
    waiting = sent(name(WAITING)) or ""
    return Visit(
        browser=Browser(
            secret=known,
            session=sent(name(SESSION)),
            remembered=sent(name(MEANS)),
            agent=browser_of(header_of(request, b"user-agent")),
        ),
        visitor=Visitor(
            browser=known,
            network=network_behind(request),
            device=sent(name(DEVICE)) or "",
        ),
        language=language_wished(
            parameter=wished or "",
            cookie=sent(name(LANGUAGE)) or "",
            accept=header_of(request, b"accept-language"),
        ),
        cookies=cookies,
        place=_place(request, query),
        language_chosen=wished is not None,
        waiting=waiting if _LOGIN.fullmatch(waiting) else "",
        fresh_browser="" if known else ids.token(),
    )


def network_behind(request: Request) -> str:
    """Return the network that a request comes from (means.citizen.visitor); empty when unknown."""
    return network_of(request.client.host if request.client else "")


def path_of(request: Request) -> str:
    """Return the path, whatever octets the query has."""
    path: str = request.scope["path"]
    return path


def _place(request: Request, query: str) -> str:
    path = path_of(request)
    if request.method != "POST":
        return f"{path}?{query}" if query else path
    readable: Callable[[str], str] = request.scope["readable"]
    return readable(path)


def query_of(request: Request) -> bytes:
    """Return the query as it was sent; the framework's own reading fails on octets that are not UTF-8."""
    query: bytes = request.scope["query_string"]
    return query


def header_of(request: Request, name: bytes) -> str:
    """Return the first header of this name, written in lower case; empty when there is none.

    The framework's own way makes a mapping first, and an exception for each header that is not there.
    """
    for each, value in request.scope["headers"]:
        if each == name:
            return str(value, "latin-1")
    return ""


async def read_body(request: Request, limit: int = FORM_LIMIT) -> bytes:
    """Read a request's body, once.

    Raises:
        TooLarge: more than `limit` bytes.
        ClientDisconnect: whoever sends it hung up.

    """
    body, more = b"", True
    while more:
        piece = await request.receive()
        if piece["type"] == "http.disconnect":
            raise ClientDisconnect
        body += piece.get("body", b"")
        if len(body) > limit:
            message = f"a body of more than {limit} bytes"
            raise TooLarge(message)
        more = piece.get("more_body", False)
    return body


async def read_form(request: Request, cookies: Cookies) -> dict[str, str]:
    """Read a form of ours: sent by a page of ours, in this browser, each field once.

    Raises:
        FormExpired: it does not come from such a page, or the browser lost its cookie (ASVS-V3.5).
        Malformed, TooLarge: it cannot be read.

    """
    return open_form(request, cookies, await read_body(request))


def open_form(request: Request, cookies: Cookies, body: bytes) -> dict[str, str]:
    """Read a form of ours from a body that was read already; refuses as `read_form` does."""
    form = parse_form(body)
    check_site(request, cookies)
    return check_proof(request, cookies, form)


def check_site(request: Request, cookies: Cookies) -> None:
    """ASVS-V3.5: refuse what a browser says was sent by a page of somebody else, before it is read.

    Raises:
        FormExpired: it is so.

    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if (origin is not None and origin != cookies.origin) or site not in {None, "same-origin", "none"}:
        message = "the form was sent from another site"
        raise FormExpired(message)


def check_proof(request: Request, cookies: Cookies, form: dict[str, str]) -> dict[str, str]:
    """Return the form without its proof of origin, which must be that of this browser.

    Raises:
        FormExpired: it is another, or none.

    """
    browser = cookies.read(request, BROWSER) or ""
    if not hmac.compare_digest(form.pop("csrf", "").encode(), cookies.proof(browser).encode()):
        message = "the form has no proof of origin for this browser"
        raise FormExpired(message)
    return form


def parse_form(body: bytes) -> dict[str, str]:
    """Read application/x-www-form-urlencoded, every name once.

    Raises:
        Malformed: not UTF-8, a name twice, or more than anything honest.

    """
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELD_COUNT
        )
    except ValueError as error:
        message = "the form cannot be read"
        raise Malformed(message) from error
    form = dict(pairs)
    if len(form) != len(pairs) or any("\x00" in value for value in form.values()):
        message = "the form has a field twice, or one that holds a zero"
        raise Malformed(message)
    return form
