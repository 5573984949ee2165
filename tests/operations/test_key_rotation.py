"""Keys are rotated while people log in: both are published, and no token that was good stops being good."""

from __future__ import annotations

import json
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest

from tests.journeys.house import House
from tests.journeys.party import TOWN_PARTY, answer, follow
from tests.operations.hub import Hub, command, eventually
from toegang.keys import changes
from toegang.keys.ring import Algorithm


async def test_a_login_under_way_ends_well_while_its_key_is_rotated(rotating: House, tmp_path: Path) -> None:
    house, folder = rotating, tmp_path / "keys" / "oidc"
    browser = house.browser()
    under_way = await browser.get(TOWN_PARTY.url())
    new = changes.rotate(folder, Algorithm.ES256, now=house.clock.now()).kid
    house.clock.advance(timedelta(seconds=5))
    token = await id_token(browser, answer(await follow(browser, under_way.headers["location"]))["code"])
    published = await key_set(browser)
    house.clock.advance(timedelta(days=8, minutes=1))
    later = house.browser()
    newer = await id_token(later, answer(await follow(later, TOWN_PARTY.url()))["code"])

    assert jwt.get_unverified_header(token)["kid"] != new
    assert jwt.get_unverified_header(newer)["kid"] == new
    assert {jwt.get_unverified_header(one)["kid"] for one in (token, newer)} <= set(published)
    for one in (token, newer):
        assert verified(one, await key_set(later))["aud"] == TOWN_PARTY.id


async def id_token(browser: httpx2.AsyncClient, code: str) -> str:
    return str((await TOWN_PARTY.redeem(browser, code)).json()["id_token"])


async def key_set(browser: httpx2.AsyncClient) -> dict[str, Any]:
    """Return what a client fetches, by kid."""
    return {key["kid"]: key for key in (await browser.get("/oidc/jwks")).json()["keys"]}


def verified(token: str, published: dict[str, Any]) -> dict[str, Any]:
    """Verify a token as a client does, but for the time, which stands still here."""
    key = jwt.PyJWK(published[jwt.get_unverified_header(token)["kid"]])
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    found: dict[str, Any] = jwt.decode(token, key, audience=TOWN_PARTY.id, options=options)  # type: ignore[arg-type]
    return found


@pytest.mark.timeout(400)
def test_the_command_rotates_and_every_worker_publishes_both_without_a_restart(sqlite_hub: Hub) -> None:
    sqlite_hub.ready()
    before = kids(sqlite_hub)
    done = command(sqlite_hub.folder, "toegang keys rotate ES256")
    eventually("published", lambda: all(len(kids(sqlite_hub)) == len(before) + 1 for _ in range(12)))

    assert done.returncode == 0
    assert before < kids(sqlite_hub)
    assert "signs from" in done.stdout


def kids(hub: Hub) -> set[str]:
    """Fetch the key set over a new connection, which any worker may answer."""
    with urllib.request.urlopen(hub.url("/oidc/jwks")) as found:
        return {key["kid"] for key in json.load(found)["keys"]}
