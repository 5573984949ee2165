"""A website of a few lines for the Python libraries: addresses, forms, sessions in memory, answers in JSON.

Its cookie is `SameSite=Lax`, as the frameworks set it: it does not come along with a form that another site
posts, and comes back with the redirect after it.
"""

from __future__ import annotations

import json
import secrets
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIServer, make_server

Environ = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a browser, or another server, asks."""

    path: str
    method: str
    query: dict[str, str]
    raw_query: str
    body: str
    form: dict[str, str]
    session: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What it gets."""

    body: str = ""
    kind: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()


Page = Callable[[Asked], Answer]


def told(**values: Any) -> Answer:  # noqa: ANN401 whatever JSON can say
    """Show values."""
    return Answer(body=json.dumps(values, default=str), kind="application/json")


def sent_to(url: str) -> Answer:
    """Send the browser on."""
    return Answer(status="303 See Other", headers=(("Location", url),))


def where(asked: Asked) -> Answer:
    """Say where this is."""
    return told(at=asked.path)


def as_said(info: Mapping[str, Any]) -> Answer:
    """Answer as pysaml2 says that its message travels: by redirect, or by a form that posts itself."""
    headers = dict(info["headers"])
    if "Location" in headers:
        return sent_to(headers["Location"])
    data = info["data"]
    return Answer(body=data if isinstance(data, str) else "".join(data))


def xml(octets: bytes | str) -> Answer:
    """Give a document."""
    return Answer(
        body=octets.decode() if isinstance(octets, bytes) else octets, kind="text/xml; charset=utf-8"
    )


@dataclass(slots=True)
class Site:
    """The pages by address; every other address says where it is."""

    cookie: str
    pages: Mapping[str, Page]
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def serve(self, port: int) -> None:
        """Answer until stopped."""
        with make_server("127.0.0.1", port, self, server_class=_Server) as server:
            server.serve_forever()

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> list[bytes]:
        """Answer one request, with a session."""
        key = self._key(environ)
        asked = _read(environ, self.sessions.setdefault(key, {}))
        try:
            answer = self.pages.get(asked.path, where)(asked)
        except Exception as error:  # noqa: BLE001 shown, so that a test sees why
            traceback.print_exc()
            answer = told(error=type(error).__name__, description=str(error))
        headers = [
            ("Content-Type", answer.kind),
            ("Cache-Control", "no-store"),
            ("Set-Cookie", f"{self.cookie}={key}; Path=/; HttpOnly; SameSite=Lax"),
            *answer.headers,
        ]
        start(answer.status, headers)
        return [answer.body.encode()]

    def _key(self, environ: Environ) -> str:
        pairs = (pair.strip().partition("=") for pair in environ.get("HTTP_COOKIE", "").split(";"))
        found = next((value for name, _, value in pairs if name == self.cookie), "")
        return found if found in self.sessions else secrets.token_urlsafe(24)


class _Server(ThreadingMixIn, WSGIServer):
    """Answers beside each other: a browser opens connections that it does not use."""

    daemon_threads = True


def _read(environ: Environ, session: dict[str, Any]) -> Asked:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    query = environ.get("QUERY_STRING", "")
    return Asked(
        path=environ["PATH_INFO"],
        method=environ["REQUEST_METHOD"],
        query=dict(parse_qsl(query)),
        raw_query=query,
        body=body,
        form=dict(parse_qsl(body)) if "form" in environ.get("CONTENT_TYPE", "") else {},
        session=session,
    )


def settings(folder: Path) -> dict[str, Any]:
    """Read who this is and who its partner is."""
    found: dict[str, Any] = json.loads((folder / "site.json").read_text())
    return found
