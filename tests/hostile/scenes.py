"""Scenes that attacks begin from: somebody logged in, a second node, what the trail and the tables hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx2

from bench.means import KIND, ROUTES
from tests.journeys.house import PERMIT, TOWN, TOWN_CLIENT, House, client
from tests.journeys.party import TOWN_PARTY, Party, answer, follow
from toegang.app import build
from toegang.app.ground import Rings
from toegang.audit.encoding import decode
from toegang.audit.event import Event
from toegang.catalogue.values import Client, ClientId
from toegang.storage.tree import TreeTables
from toegang.web.application import application
from toegang.web.rooms import Rooms

OFFLINE = "openid offline_access"
OTHER_PARTY = Party(ClientId("other-client"))


async def code_for(house: House, party: Party = TOWN_PARTY, **asked: str) -> str:
    """Log somebody in with a browser of their own; return the code that came back."""
    return answer(await follow(house.browser(), party.url(**asked)))["code"]


async def tokens_for(house: House, party: Party = TOWN_PARTY, **asked: str) -> dict[str, str]:
    """Log somebody in; return the tokens, with a refresh token."""
    code = await code_for(house, party, **({"scope": OFFLINE} | asked))
    response = await party.redeem(house.browser(), code)
    assert response.status_code == 200, response.text
    tokens: dict[str, str] = response.json()
    return tokens


async def is_good(house: House, tokens: dict[str, str]) -> bool:
    """Tell whether the access token still opens userinfo."""
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    return (await house.browser().get("/oidc/userinfo", headers=bearer)).status_code == 200


def refused(response: httpx2.Response, word: str = "invalid_grant") -> None:
    """Check that the token endpoint said no, and nothing else."""
    assert response.status_code in {400, 401}, response.text
    assert set(response.json()) == {"error", "error_description"}
    assert response.json()["error"] == word


async def events(house: House) -> list[Event]:
    """Return the whole trail, in the order of writing."""
    waiting = await TreeTables(database=house.app.ground.database).waiting(10_000)
    return [decode(each.body, {}) for each in waiting]


async def names_of_events(house: House) -> list[str]:
    """Return the names of what was recorded, in the order of writing."""
    return [event.name for event in await events(house)]


def town_client(**more: object) -> Client:
    """Return the town's client with something else registered."""
    return replace(client(TOWN_CLIENT, TOWN, (PERMIT,)), **more)  # type: ignore[arg-type]


@asynccontextmanager
async def second_node(house: House) -> AsyncIterator[House]:
    """Open another node on the same data, as another machine has."""
    ground = house.app.ground
    rings = Rings(oidc=ground.keys, saml=ground.saml_keys, mandates=ground.mandate_keys)
    app = await build(ground.settings, {KIND: house.means}, house.clock, rings)

    @asynccontextmanager
    async def rooms() -> AsyncIterator[Rooms]:
        yield app.rooms

    web = application(rooms, ROUTES)
    try:
        async with web.opened():
            yield House(app=app, web=web, clock=house.clock, means=house.means)
    finally:
        await app.close()
