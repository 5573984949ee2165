"""An OpenID provider of another party: real HTTP on loopback, and answers bent as a test wishes."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from tests.jose.keyrings import record
from tests.means.speaking import speaking
from toegang.clock import FixedClock, epoch
from toegang.jose.segments import encode
from toegang.jose.sign import sign
from toegang.keys.ring import Algorithm, KeyRecord
from toegang.oidc.id_token import half_hash

CLIENT_ID = "the-hub"
SUBJECT = "customer-4711"
LOW = "urn:bank:2"
SUBSTANTIAL = "urn:bank:3"
SECRET = "obviously-not-a-secret-of-the-bank"

Bent = Mapping[str, Any]


@dataclass(kw_only=True)
class Login:
    """A login at the provider: what was asked, and what is told; None leaves a claim out."""

    asked: dict[str, str]
    claims: Bent = field(default_factory=dict)
    key: KeyRecord = field(default_factory=lambda: record(Algorithm.RS256))
    access_token: str = "an-access-token"
    userinfo: Bent = field(default_factory=dict)


@dataclass(kw_only=True)
class OpenIdProvider:
    """A provider that logs in whom a test says, and remembers what it was sent."""

    clock: FixedClock
    url: str = ""
    keys: tuple[KeyRecord, ...] = field(default_factory=lambda: (record(Algorithm.RS256),))
    metadata: dict[str, Any] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def asked(self, location: str) -> dict[str, str]:
        """Return what the browser, or the hub before it, asked."""
        assert location.startswith(f"{self.url}/authorize?"), location
        asked = dict(parse_qsl(urlsplit(location).query))
        return self.pushed.get(asked.get("request_uri", ""), asked)

    def answer(self, location: str, told: Bent | None = None, **login: Any) -> str:  # noqa: ANN401
        """Log somebody in; return where the browser goes. `told` bends what it takes along."""
        asked = self.asked(location)
        code = f"code-{len(self.logins)}-" + "x" * 24
        self.logins[code] = Login(asked=asked, **login)
        back: Bent = {"code": code, "state": asked["state"], "iss": self.url} | dict(told or {})
        query = urlencode({name: value for name, value in back.items() if value is not None})
        return f"{asked['redirect_uri']}?{query}"

    def document(self) -> dict[str, Any]:
        endpoints = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "authorization_response_iss_parameter_supported": True,
        }
        return endpoints | self.metadata

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.seen.append((method, path, headers, body))
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self.document()).encode()
        if path == "/jwks":
            return 200, json.dumps({"keys": [dict(key.jwk) for key in self.keys]}).encode()
        if path == "/userinfo":
            return self._userinfo(headers)
        form = dict(parse_qsl(body.decode()))
        if path == "/par":
            name = f"urn:ietf:params:oauth:request_uri:{len(self.pushed)}"
            self.pushed[name] = form
            return 201, json.dumps({"request_uri": name, "expires_in": 60}).encode()
        return self._tokens(form, headers) if path == "/token" else (404, b"{}")

    def _tokens(self, form: dict[str, str], headers: dict[str, str]) -> tuple[int, bytes]:
        login = self.logins.pop(form.get("code", ""), None)
        challenge = encode(sha256(form.get("code_verifier", "").encode()).digest())
        if not self._knows(form, headers):
            return 401, b'{"error": "invalid_client"}'
        if login is None or challenge != login.asked["code_challenge"]:
            return 400, b'{"error": "invalid_grant"}'
        self.logins[login.access_token] = login
        told = {
            "access_token": login.access_token,
            "token_type": "Bearer",
            "id_token": self._id_token(login, form["code"]),
        }
        return 200, json.dumps(told).encode()

    def _knows(self, form: dict[str, str], headers: dict[str, str]) -> bool:
        """Tell whether the hub proved itself: by a token of its own, or by the secret."""
        if "client_assertion" in form:
            claims = json.loads(urlsafe_b64decode(form["client_assertion"].split(".")[1] + "=="))
            return bool(claims["iss"] == claims["sub"] == CLIENT_ID and claims["aud"] == self.url)
        if "client_secret" in form:
            return form["client_secret"] == SECRET
        pair = b64decode(headers.get("authorization", "").partition("Basic ")[2]).decode()
        return tuple(map(unquote_plus, pair.split(":"))) == (CLIENT_ID, SECRET)

    def _id_token(self, login: Login, code: str) -> str:
        now = epoch(self.clock.now())
        claims: Bent = {
            "iss": self.url,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": login.asked.get("nonce"),
            "acr": SUBSTANTIAL,
            "at_hash": half_hash(login.access_token),
            "c_hash": half_hash(code),
        } | dict(login.claims)
        return sign({name: value for name, value in claims.items() if value is not None}, login.key, "JWT")

    def _userinfo(self, headers: dict[str, str]) -> tuple[int, bytes]:
        login = self.logins.get(headers.get("authorization", "").removeprefix("Bearer "))
        if login is None:
            return 401, b"{}"
        return 200, json.dumps({"sub": SUBJECT} | dict(login.userinfo)).encode()


@asynccontextmanager
async def openid_provider(clock: FixedClock) -> AsyncIterator[OpenIdProvider]:
    """Run a provider."""
    provider = OpenIdProvider(clock=clock)
    async with speaking(provider.respond) as provider.url:
        yield provider
