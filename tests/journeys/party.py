"""A service provider in a test: asks, follows the browser, redeems, as a client of profile basic does."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2

from tests.journeys.house import CLINIC_CLIENT, REDIRECT, SECRET, TOWN_CLIENT
from toegang.catalogue.values import ClientId, ServiceId

VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Party:
    """A client by its id and secret."""

    id: ClientId
    secret: str = SECRET
    redirect_uri: str = REDIRECT
    scope: str = "openid"
    extra: dict[str, str] = field(default_factory=dict)

    def url(self, **asked: str | None) -> str:
        """Return the address to send the browser to; None leaves a parameter out."""
        parameters: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        found = {name: value for name, value in (parameters | asked).items() if value is not None}
        return f"/oidc/authorize?{urlencode(found)}"

    def for_service(self, service: ServiceId, **asked: str | None) -> str:
        """Return the address for one service."""
        return self.url(scope=f"openid service:{service}", **asked)

    async def redeem(self, browser: httpx2.AsyncClient, code: str, **changed: str | None) -> httpx2.Response:
        """Exchange a code for tokens."""
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
        }
        sent = {name: value for name, value in (form | changed).items() if value is not None}
        return await browser.post("/oidc/token", data=sent, auth=(self.id, self.secret))

    async def refresh(self, browser: httpx2.AsyncClient, token: str) -> httpx2.Response:
        """Exchange a refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return await browser.post("/oidc/token", data=form, auth=(self.id, self.secret))

    async def post(self, browser: httpx2.AsyncClient, path: str, **form: str) -> httpx2.Response:
        """Call a back-channel endpoint."""
        return await browser.post(path, data=form, auth=(self.id, self.secret))


TOWN_PARTY = Party(TOWN_CLIENT)
CLINIC_PARTY = Party(CLINIC_CLIENT)


async def follow(browser: httpx2.AsyncClient, url: str, **params: str) -> httpx2.Response:
    """Follow redirects inside the hub, giving `params` to the means; stop at a page or at the client."""
    response = await browser.get(url)
    while response.status_code == 303 and not response.headers["location"].startswith(
        "http://localhost:9000"
    ):
        location = response.headers["location"]
        if "/means/bench/" in location:
            location += "?" + urlencode(params)
        response = await browser.get(location)
    return response


def answer(response: httpx2.Response) -> dict[str, str]:
    """Return the parameters with which the browser came back to the client."""
    assert response.status_code == 303, (response.status_code, response.text[:400])
    location = response.headers["location"]
    assert location.startswith(REDIRECT), location
    return dict(parse_qsl(urlsplit(location).query))


def claims(token: str) -> dict[str, Any]:
    """Read a token's claims without checking it."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found
