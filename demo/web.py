"""What the demo's web pages share: templates, headers, bounds, proof of the hub, sessions of browsers."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from demo.words import LANGUAGE_COOKIE, LANGUAGES, Words, language_from, other_than

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    import httpx2
    from starlette.middleware.base import RequestResponseEndpoint
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

HERE: Final = Path(__file__).parent

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Headers(BaseHTTPMiddleware):
    """Puts the headers that a page with personal data has on every answer, and keeps a chosen language."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Answer, with the headers."""
        response = await call_next(request)
        response.headers.update(HEADERS)
        if request.query_params.get("language") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language_of(request), httponly=True, samesite="lax")
        return response


LARGEST: Final = 262_144
"""Bytes of a body that a party reads: a letter with its pages is the largest thing that anybody sends."""

PATIENCE: Final = 20.0
"""Seconds that a body may take to come."""


@dataclass(slots=True)
class Bounded:
    """Middleware that stops reading a body that is too large (413) or too slow (408)."""

    app: ASGIApp
    largest: int = LARGEST
    patience: float = PATIENCE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; whoever reads the body in there meets the bounds."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        left, until = self.largest, asyncio.get_running_loop().time() + self.patience
        whole = False

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal left, whole
            if whole:  # what comes after the body is that the other side went away
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            whole = not message.get("more_body", False)
            return message

        await self.app(scope, bounded, send)


async def read_at_most(request: Request, most: int) -> bytes | None:
    """Read a body; None when it is larger than so many bytes, of which no more is read than shows that."""
    found = b""
    async for piece in request.stream():
        found += piece
        if len(found) > most:
            return None
    return found


@dataclass(slots=True)
class Sessions:
    """The sessions of one service provider, in its memory, found by a cookie of its own name."""

    cookie: str
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def end_where(self, is_meant: Callable[[dict[str, Any]], bool]) -> int:
        """End the sessions that are meant; return how many."""
        ended = [name for name, kept in self.kept.items() if is_meant(kept)]
        for name in ended:
            del self.kept[name]
        return len(ended)


@dataclass(slots=True)
class SessionsOf:
    """Middleware that brings the browser's session, and gives a new one a name that cannot be guessed."""

    app: ASGIApp
    sessions: Sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the session in the scope, and set the cookie when the session is new."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = _cookie(scope, self.sessions.cookie)
        known = name in self.sessions.kept
        if not known:
            name = secrets.token_urlsafe(32)
        scope["session"] = session = self.sessions.kept.get(name, {})

        async def send_with_cookie(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and session and not known:
                self.sessions.kept[name] = session
                value = f"{self.sessions.cookie}={name}; Path=/; HttpOnly; SameSite=Lax"
                message["headers"] = [*message["headers"], (b"set-cookie", value.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _cookie(scope: Scope, name: str) -> str:
    for key, value in scope["headers"]:
        if key == b"cookie":
            for part in value.decode("latin-1").split(";"):
                found, _, content = part.strip().partition("=")
                if found == name:
                    return str(content)
    return ""


def language_of(request: Request) -> str:
    """Return `nl` or `en`: asked by the link on this page, chosen before, wished by the browser, or Dutch."""
    return language_from(
        request.query_params.get("language"),
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language", ""),
    )


def _said(request: Request) -> dict[str, Any]:
    """Give a page its language, and `t` and `w`, which say texts and Words in it."""
    language = language_of(request)
    return {
        "language": language,
        "other": other_than(language),
        "t": lambda nl, en: Words(nl, en).said(language),
        "w": lambda words: words.said(language),
    }


PAGES: Final = Jinja2Templates(directory=HERE / "templates", context_processors=[_said])


def is_hub(request: Request, secret: str) -> bool:
    """Tell whether the request carries the bearer secret that the hub was given."""
    given = request.headers.get("authorization", "").encode()
    return hmac.compare_digest(given, f"Bearer {secret}".encode())


AWAY: Final = Words(
    "Toegang antwoordt niet. Probeer het later nog eens.", "Toegang does not answer. Try again later."
)
"""What a page says when the hub is away."""


def hub_answer(answer: httpx2.Response) -> tuple[int, dict[str, Any]]:
    """Return status and body of what the hub answered to a device.

    Raises:
        httpx2.HTTPStatusError: it could not answer; there is no word of it in such an answer.

    """
    if answer.is_server_error:
        answer.raise_for_status()
    return answer.status_code, answer.json() if answer.content else {}


async def health(_: Request) -> Response:
    """Answer that the party is up."""
    return PlainTextResponse("ok")


def routes_of(*routes: BaseRoute) -> list[BaseRoute]:
    """Add what every party has: its style and its health."""
    static = Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return [*routes, Route("/healthz", health), static]


EVERYWHERE: Final = (Middleware(Headers), Middleware(Bounded))
"""What stands before the pages of every party."""
