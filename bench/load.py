"""Complete logins at an OpenID provider, as many at once as asked; a process of its own.

Reads one JSON object with the target (`Target`), then a line `COUNT AT_ONCE` per run; after each run it
writes one line of JSON: the time of every login, in milliseconds. Every answer is checked; the first that
is not right ends the process. A browser is new for each login, its connection is kept.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import uvloop

HOPS = 6  # redirects between a request and its code, at most
FOUND = frozenset({302, 303})
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A provider and its client; the endpoints are paths."""

    port: int
    authorize: str
    token: str
    userinfo: str
    client: str
    secret: str
    redirect: str


class WrongAnswerError(Exception):
    """The provider did not do what a login needs."""


class Connection:
    """One kept connection of HTTP/1.1, just enough for answers with a length."""

    def __init__(self, port: int) -> None:
        """Connect when first asked."""
        self._port = port
        self._host = f"Host: localhost:{port}\r\n"
        self._reader: asyncio.StreamReader | None = None

    def close(self) -> None:
        """Hang up: between two runs the other side would, after some seconds."""
        if self._reader is not None:
            self._writer.close()
            self._reader = None

    async def ask(self, method: str, path: str, headers: str = "", body: str = "") -> Answer:
        """Send a request and read its answer."""
        if self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{self._host}{headers}{length}\r\n{body}".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        lines = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in head[1:])]
        named = dict(lines)
        if "content-length" not in named:
            message = f"{path}: an answer without a length"
            raise WrongAnswerError(message)
        content = await self._reader.readexactly(int(named["content-length"]))
        cookies = [value.partition(";")[0] for name, value in lines if name == "set-cookie"]
        return Answer(int(head[0].split(" ", 2)[1]), named.get("location", ""), cookies, content)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    cookies: list[str]
    body: bytes

    def json(self, path: str) -> dict[str, object]:
        """Return the object in a good answer."""
        if self.status != OK:
            message = f"{path}: {self.status} {self.body[:300]!r}"
            raise WrongAnswerError(message)
        found: dict[str, object] = json.loads(self.body)
        return found


class Visitor:
    """Logs in again and again, as one client's users."""

    def __init__(self, target: Target) -> None:
        """Prepare what is the same in every login."""
        self._target = target
        self._connection = Connection(target.port)
        self._verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(sha256(self._verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": target.client,
            "redirect_uri": target.redirect,
            "scope": "openid",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        self._start = f"{target.authorize}?{urlencode(asked)}"
        basic = base64.b64encode(f"{quote(target.client)}:{quote(target.secret)}".encode()).decode()
        self._form = f"Authorization: Basic {basic}\r\nContent-Type: application/x-www-form-urlencoded\r\n"

    def leave(self) -> None:
        """Hang up until the next run."""
        self._connection.close()

    async def log_in(self) -> float:
        """Log in once, from authorize to userinfo; return the milliseconds that it took."""
        begun = time.perf_counter()
        state, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        code = await self._code(f"{self._start}&state={state}&nonce={nonce}", state)
        body = urlencode(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._target.redirect,
                "code_verifier": self._verifier,
            }
        )
        answer = await self._connection.ask("POST", self._target.token, self._form, body)
        tokens = answer.json(self._target.token)
        bearer = f"Authorization: Bearer {tokens['access_token']}\r\n"
        person = (await self._connection.ask("GET", self._target.userinfo, bearer)).json("userinfo")
        claims = _claims(str(tokens["id_token"]))
        if claims["nonce"] != nonce or claims["sub"] != person["sub"] or not claims["sub"]:
            message = "the ID token is not this login's"
            raise WrongAnswerError(message)
        return (time.perf_counter() - begun) * 1000

    async def _code(self, path: str, state: str) -> str:
        """Follow redirects as a new browser does, until the code comes back to the client."""
        jar: dict[str, str] = {}
        for _ in range(HOPS):
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            answer = await self._connection.ask("GET", path, f"Cookie: {cookies}\r\n" if jar else "")
            if answer.status not in FOUND:
                message = f"{path}: {answer.status} {answer.body[:300]!r}"
                raise WrongAnswerError(message)
            for cookie in answer.cookies:
                name, _, value = cookie.partition("=")
                jar[name] = value
            if answer.location.startswith(self._target.redirect):
                return _code_in(answer.location, state)
            place = urlsplit(answer.location)
            path = place.path + (f"?{place.query}" if place.query else "")
        message = "redirected without end"
        raise WrongAnswerError(message)


def _code_in(location: str, state: str) -> str:
    given = parse_qs(urlsplit(location).query)
    if given.get("state") != [state] or "code" not in given:
        message = f"no code for this login: {location}"
        raise WrongAnswerError(message)
    return given["code"][0]


def _claims(token: str) -> dict[str, str]:
    payload = token.split(".")[1]
    found: dict[str, str] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


async def _run(visitors: list[Visitor], count: int) -> list[float]:
    turns = iter(range(count))

    async def work(visitor: Visitor) -> list[float]:
        return [await visitor.log_in() for _ in turns]

    times = await asyncio.gather(*map(work, visitors))
    for visitor in visitors:
        visitor.leave()
    return [took for each in times for took in each]


async def _main() -> None:
    target = Target(**json.loads(sys.stdin.readline()))
    visitors: list[Visitor] = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        count, at_once = map(int, line.split())
        visitors += [Visitor(target) for _ in range(at_once - len(visitors))]
        times = await _run(visitors[:at_once], count)
        print(json.dumps([round(took, 3) for took in times]), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
