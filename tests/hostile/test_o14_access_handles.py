"""O14: an access token that only we can read is good for its grant, its kind and its time, nothing else."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from tests.hostile.scenes import is_good, refused, tokens_for
from tests.journeys.house import House
from tests.journeys.party import TOWN_PARTY
from toegang.oidc.profile import BASIC

MOMENT = timedelta(microseconds=1)


async def introspected(house: House, token: str) -> dict[str, object]:
    found: dict[str, object] = (
        await TOWN_PARTY.post(house.browser(), "/oidc/introspect", token=token)
    ).json()
    return found


async def shown(house: House, token: str) -> httpx2.Response:
    return await house.browser().get("/oidc/userinfo", headers={"authorization": f"Bearer {token}"})


async def test_it_says_nothing_to_whoever_finds_it_and_introspection_tells_its_client(
    lone_house: House,
) -> None:
    token = (await tokens_for(lone_house))["access_token"]
    told = await introspected(lone_house, token)
    assert told["active"] is True
    assert told["client_id"] == TOWN_PARTY.id
    assert told["exp"] == told["iat"] + BASIC.access_token_lifetime.total_seconds()  # type: ignore[operator]
    assert not [value for value in (told["sub"], told["client_id"], told["acr"]) if str(value) in token]


async def test_one_that_was_changed_or_made_up_is_refused_as_no_token_of_ours(lone_house: House) -> None:
    token = (await tokens_for(lone_house))["access_token"]
    other = (await tokens_for(lone_house))["access_token"]
    grant, second, mac = token.split(".")
    later = f"{grant}.{int(second) + 3600}.{mac}"
    swapped = f"{other.split('.')[0]}.{second}.{mac}"
    for forged in (later, swapped, f"{grant}.{second}.", f"{grant}..{mac}", f"..{mac}", f"{token}A", "a.b.c"):
        response = await shown(lone_house, forged)
        assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
        assert await introspected(lone_house, forged) == {"active": False}
    assert await is_good(lone_house, {"access_token": token})


async def test_a_refresh_token_opens_nothing_and_an_access_token_renews_nothing(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    response = await shown(lone_house, tokens["refresh_token"])
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
    refused(await TOWN_PARTY.refresh(lone_house.browser(), tokens["access_token"]))
    assert await is_good(lone_house, tokens)


@pytest.mark.requires("RFC6750-3.1")
async def test_its_time_ends_to_the_second_and_its_grant_ends_it_sooner(lone_house: House) -> None:
    tokens, revoked = await tokens_for(lone_house), await tokens_for(lone_house)
    await TOWN_PARTY.post(lone_house.browser(), "/oidc/revoke", token=revoked["access_token"])
    assert not await is_good(lone_house, revoked)
    lone_house.clock.advance(BASIC.access_token_lifetime - MOMENT)
    assert await is_good(lone_house, tokens)
    lone_house.clock.advance(MOMENT)
    assert not await is_good(lone_house, tokens)
