"""A website of a few lines: addresses, forms, sessions in memory, a language. It asks no library.

Its cookie is `SameSite=Lax`, as the frameworks set it: it does not come along with a form that another site
posts, and comes back with the redirect after it.
"""

from __future__ import annotations

import json
import mimetypes
import secrets
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from demo.foreign.pages import HEADERS, STATIC, Page, written
from demo.words import LANGUAGE_COOKIE, LANGUAGES, language_from

Environ = dict[str, Any]
LARGEST: Final = 262_144
"""Bytes of a body that is read; a message of SAML with its certificates is a tenth of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a browser, or another server, asks."""

    path: str
    query: dict[str, str]
    raw_query: str
    body: str
    form: dict[str, str]
    session: dict[str, Any]
    language: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What it gets."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Asked], Answer]


def shown(page: Page, asked: Asked, status: str = "200 OK") -> Answer:
    """Show a page in the language of who asks."""
    return Answer(body=written(page, asked.language).encode(), status=status)


def sent_to(url: str) -> Answer:
    """Send the browser on."""
    return Answer(status="303 See Other", headers=(("Location", url),))


def document(octets: bytes | str, name: str = "") -> Answer:
    """Give a document of XML; with a name, to be kept as a file."""
    body = octets if isinstance(octets, bytes) else octets.encode()
    headers = (("Content-Disposition", f'attachment; filename="{name}"'),) if name else ()
    return Answer(body=body, kind="text/xml; charset=utf-8", headers=headers)


def read_static(path: str) -> Answer:
    """Give a file of the demo's look."""
    found = STATIC / Path(path).name
    if not found.is_file():
        return Answer(status="404 Not Found")
    return Answer(body=found.read_bytes(), kind=mimetypes.guess_type(found.name)[0] or "text/plain")


@dataclass(slots=True)
class Site:
    """The pages by address."""

    cookie: str
    pages: Mapping[str, Handler]
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> list[bytes]:
        """Answer one request, with a session; one whose body is too large is not read."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST:
            start("413 Content Too Large", [("Content-Type", "text/plain"), ("Connection", "close")])
            return []
        cookies = cookies_of(environ)
        key = cookies.get(self.cookie, "")
        if key not in self.sessions:
            key = secrets.token_urlsafe(24)
        asked = _read(environ, cookies, self.sessions.get(key, {}))
        answer = self._answer(asked)
        headers = {"Content-Type": answer.kind} | HEADERS
        cookie = []
        if asked.session and key not in self.sessions:
            self.sessions[key] = asked.session
            cookie = [("Set-Cookie", f"{self.cookie}={key}; Path=/; HttpOnly; SameSite=Lax")]
        if asked.query.get("language") in LANGUAGES:
            cookie.append(("Set-Cookie", language_cookie(asked.language)))
        start(answer.status, [*headers.items(), *cookie, *answer.headers])
        return [answer.body]

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/static/"):
            return read_static(asked.path)
        try:
            return self.pages.get(asked.path, _nowhere)(asked)
        except Exception:  # noqa: BLE001 whatever a library raises is a refusal here, and stands in the log
            traceback.print_exc()
            return self.pages["/refused"](asked)


def _nowhere(_: Asked) -> Answer:
    return Answer(status="404 Not Found")


def cookies_of(environ: Environ) -> dict[str, str]:
    """Read the cookies of a request."""
    pairs = (pair.strip().partition("=") for pair in environ.get("HTTP_COOKIE", "").split(";"))
    return {name: value for name, _, value in pairs}


def language_cookie(language: str) -> str:
    """Return the cookie that keeps a language for all parties on this host."""
    return f"{LANGUAGE_COOKIE}={language}; Path=/; HttpOnly; SameSite=Lax"


def _read(environ: Environ, cookies: Mapping[str, str], session: dict[str, Any]) -> Asked:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    raw_query = environ.get("QUERY_STRING", "")
    query = dict(parse_qsl(raw_query))
    wished = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return Asked(
        path=environ["PATH_INFO"],
        query=query,
        raw_query=raw_query,
        body=body,
        form=dict(parse_qsl(body)) if "form" in environ.get("CONTENT_TYPE", "") else {},
        session=session,
        language=language_from(query.get("language"), cookies.get(LANGUAGE_COOKIE), wished),
        headers={name[5:].lower(): value for name, value in environ.items() if name.startswith("HTTP_")},
    )


class Patient(WSGIRequestHandler):
    """Waits no longer than so many seconds for the next part of a request."""

    timeout = 20


class Server(ThreadingMixIn, WSGIServer):
    """Answers beside each other: a browser opens connections that it does not use."""

    daemon_threads = True


def serve(application: Callable[..., Any], port: int) -> None:
    """Answer on this machine until stopped."""
    with make_server("127.0.0.1", port, application, Server, Patient) as server:
        server.serve_forever()


def told() -> tuple[int, Path, dict[str, Any]]:
    """Return port, folder and who this is, as the command line and `site.json` in the folder say."""
    folder = Path(sys.argv[2])
    found: dict[str, Any] = json.loads((folder / "site.json").read_text())
    return int(sys.argv[1]), folder, found
