"""The wire as an attacker has it: any method, any octets in target, headers and body; no client library.

A request is handed to the application as a server would, but nothing is made proper on the way.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp

Headers = tuple[tuple[bytes, bytes], ...]

# What no answer may hold: the insides of an interpreter, a library or a database.
INSIDES = (b"Traceback", b'File "', b"sqlite3", b"psycopg", b"site-packages", b"starlette", b"SELECT ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request, octet by octet; `target` is path and query."""

    method: str = "GET"
    target: bytes = b"/"
    headers: Headers = ((b"host", b"localhost:8000"),)
    body: bytes = b""

    def but(self, **changed: Any) -> Sent:  # noqa: ANN401 the fields of this class
        """Return it with something changed."""
        return replace(self, **changed)

    def header(self, name: bytes) -> bytes:
        """Return the first value of a header; empty when there is none."""
        return next((value for known, value in self.headers if known == name), b"")


@dataclass(slots=True, kw_only=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int = 0
    headers: Headers = ()
    body: bytes = b""
    seconds: float = 0.0
    raised: BaseException | None = field(default=None, repr=True)

    def header(self, name: bytes) -> bytes:
        """Return the first value of a header; empty when there is none."""
        return next((value for known, value in self.headers if known.lower() == name), b"")

    @property
    def said(self) -> bytes:
        """Everything that the other side reads."""
        return self.body + b"\n".join(name + b": " + value for name, value in self.headers)


async def call(web: ASGIApp, sent: Sent) -> Answer:
    """Send a request and collect the answer; an exception that left the application is kept."""
    path, _, query = sent.target.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": list(sent.headers),
        "client": ("192.0.2.7", 50000),
        "server": ("localhost", 8000),
        "state": {},
    }
    pieces = [{"type": "http.request", "body": sent.body, "more_body": False}]
    answer, loop = Answer(), asyncio.get_running_loop()

    async def receive() -> dict[str, object]:
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 as ASGI has it
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], tuple(message["headers"])
        else:
            answer.body += message.get("body", b"")

    begun = loop.time()
    try:
        await web(scope, receive, send)
    except Exception as error:  # noqa: BLE001 an attacker sees a broken connection; a test sees why
        answer.raised = error
    answer.seconds = loop.time() - begun
    return answer


def faults_of(answer: Answer, canaries: tuple[bytes, ...] = (), *, patience: float = 2.0) -> list[str]:
    """Say what an answer to a hostile request must never be; empty when nothing is wrong with it."""
    wrong = []
    if answer.raised is not None:
        wrong.append(f"{answer.raised!r} left the application")
    clean = answer.status == 503 and answer.header(b"retry-after")
    if answer.status >= 500 and not clean:
        wrong.append(f"status {answer.status}")
    if answer.seconds > patience:
        wrong.append(f"took {answer.seconds:.1f} s")
    if any(inside in answer.body for inside in INSIDES):
        wrong.append("shows its insides")
    wrong += [f"echoes {canary!r}" for canary in canaries if canary in answer.said]
    if answer.status in {301, 302, 307, 308}:
        wrong.append(f"redirects with {answer.status}")
    wrong += _missing_headers(answer)
    return wrong


def _missing_headers(answer: Answer) -> list[str]:
    if answer.raised is not None:
        return []
    wanted = [b"x-content-type-options", b"referrer-policy", b"content-security-policy"]
    if answer.body:
        wanted.append(b"content-type")
    return [f"no {name.decode()}" for name in wanted if not answer.header(name)]
