"""A client that calls our back channel with something wrong, and what is to be true afterwards."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2

from tests.hostile.refusals import before, counted_since, since, told
from tests.hostile.scenes import OFFLINE, code_for, town_client
from tests.journeys.house import ISSUER, PERMIT, REDIRECT, TOWN, TOWN_CLIENT, House, service
from tests.journeys.party import VERIFIER
from tests.oidc.clients import KEY, OTHER_KEY, PROOF_KEY, assertion, proof
from toegang.assurance import Level
from toegang.catalogue.values import Client, ClientId
from toegang.clock import epoch
from toegang.oidc.client_assertion import ASSERTION_TYPE
from toegang.oidc.dpop import ProvenRequest
from toegang.oidc.profile import ClientAuthentication

OTHER = ClientId("other-client")
GONE = "one-time-gone"
RULE = "protocol-refusal"
PATHS = {"token": "/oidc/token", "userinfo": "/oidc/userinfo", "revoke": "/oidc/revoke"}


def keyed(**more: object) -> Client:
    """Return the town's client with a key to prove itself by."""
    public = {name: KEY.jwk[name] for name in ("kty", "crv", "x", "y")} | {"kid": KEY.kid, "use": "sig"}
    keys = json.dumps({"keys": [public]})
    method = ClientAuthentication.PRIVATE_KEY_JWT
    return town_client(**({"authentication": method, "secret_hashes": (), "jwks": keys} | more))


@dataclass(slots=True)
class Scene:
    """A house with somebody logged in, and a client that calls; it shows a new assertion each time."""

    house: House
    code: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    numbers: count[int] = field(default_factory=count)
    nonce: str = ""

    def sign(self, client: str = TOWN_CLIENT, **bent: object) -> dict[str, str]:
        now = epoch(self.house.clock.now())
        made = {"iss": client, "sub": client, "aud": ISSUER, "iat": now, "exp": now + 300}
        key = OTHER_KEY if bent.pop("foreign", False) else KEY
        self.shown = assertion(key, "JWT", **(made | {"jti": f"shown-{next(self.numbers)}"} | bent))
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.shown}

    def prove(self, at: str = "token", token: str | None = None, **bent: object) -> dict[str, str]:
        about = ProvenRequest(method="POST", url=ISSUER + PATHS[at], access_token=token)
        now, jti = epoch(self.house.clock.now()), f"proof-{next(self.numbers)}"
        made: dict[str, Any] = {"iat": now, "jti": jti, "nonce": self.nonce} | bent
        return {"dpop": proof(about, key=PROOF_KEY, **made)}

    async def post(
        self, at: str, form: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx2.Response:
        return await self.house.browser().post(PATHS[at], data=form, headers=headers or {})

    def redemption(self, **changed: str | None) -> dict[str, str]:
        form: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": self.code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        return {name: value for name, value in (form | changed).items() if value is not None}

    async def redeem(self, **changed: str | None) -> httpx2.Response:
        return await self.post("token", self.redemption(**changed) | self.sign())

    async def refresh(self, client: str = TOWN_CLIENT, **changed: str) -> httpx2.Response:
        form = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        return await self.post("token", form | self.sign(client) | changed)

    async def userinfo(self, scheme: str = "Bearer", **headers: str) -> httpx2.Response:
        return await self.post(
            "userinfo", {}, {"authorization": f"{scheme} {self.tokens['access_token']}", **headers}
        )

    async def revoke(self, client: str = TOWN_CLIENT, **changed: str) -> httpx2.Response:
        return await self.post("revoke", {"token": self.tokens["access_token"]} | self.sign(client) | changed)

    async def know_nonce(self) -> None:
        first = await self.post("token", self.redemption() | self.sign(), self.prove(nonce="0.x"))
        self.nonce = first.headers["dpop-nonce"]


async def open_scene(house: House) -> Scene:
    await house.put(keyed(), keyed(id=OTHER))
    scene = Scene(house)
    scene.code = await code_for(house, scope=OFFLINE)
    scene.tokens = (await scene.redeem()).json()
    scene.code = await code_for(house, scope=OFFLINE)
    await scene.know_nonce()
    return scene


Act = Callable[[Scene], Awaitable[httpx2.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is done wrong; the word for it, its counter, its events; whether the right way still works."""

    act: Act
    word: str
    code: str
    events: tuple[str, ...] = ()
    lives: bool = True
    spent: bool = True


async def closed(scene: Scene) -> None:
    await scene.house.put(service(PERMIT, TOWN, Level.LOW, enabled=False))


async def opened(scene: Scene) -> None:
    """Open everything again, as it was."""
    scene.house.means.closed.clear()
    await scene.house.put(keyed(), service(PERMIT, TOWN, Level.LOW))


async def refused(scene: Scene, row: Row) -> None:
    """Do what is wrong, and see that the row says the truth about it."""
    was = await before(scene.house)
    response = await row.act(scene)
    assert response.json()["error"] == row.word, response.text
    assert response.status_code in {400, 401}
    assert counted_since(scene.house, was).get(row.code) == 1.0
    recorded = [told(event) for event in await since(scene.house, was)]
    assert tuple(event for event in recorded if event != "catalogue:changed") == row.events
    if row.word != "invalid_token":
        assert await is_spent(scene) is row.spent


async def is_spent(scene: Scene) -> bool:
    """Tell whether the assertion that was shown last is known as used at another door."""
    used = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": scene.shown, "token": "nothing"}
    was = await before(scene.house)
    await scene.post("revoke", used)
    return any(told(event).endswith("replayed") for event in await since(scene.house, was))
