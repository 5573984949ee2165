"""What the demo's web pages share: templates, headers, proof of the hub, the sessions of a browser."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from demo.words import LANGUAGE_COOKIE, LANGUAGES, Words, language_from, other_than

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

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


async def health(_: Request) -> Response:
    """Answer that the party is up."""
    return PlainTextResponse("ok")


def routes_of(*routes: BaseRoute) -> list[BaseRoute]:
    """Add what every party has: its style and its health."""
    static = Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return [*routes, Route("/healthz", health), static]


HEADERS_ONLY: Final = (Middleware(Headers),)
