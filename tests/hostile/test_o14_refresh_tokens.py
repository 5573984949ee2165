"""O14: a refresh token is used once, by its client, while everyone may still take part and in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bench.means import PERSON
from tests.hostile.scenes import (
    OTHER_PARTY,
    is_good,
    names_of_events,
    refused,
    second_node,
    tokens_for,
    town_client,
)
from tests.journeys.house import House
from tests.journeys.party import TOWN_PARTY
from toegang.catalogue.values import ClientId

MANY = 64


@pytest.mark.requires("RFC9700-4.14.2")
async def test_a_rotated_token_that_comes_again_ends_the_family(lone_house: House) -> None:
    first = await tokens_for(lone_house)
    second = (await TOWN_PARTY.refresh(lone_house.browser(), first["refresh_token"])).json()
    assert await is_good(lone_house, second)
    refused(await TOWN_PARTY.refresh(lone_house.browser(), first["refresh_token"]))
    refused(await TOWN_PARTY.refresh(lone_house.browser(), second["refresh_token"]))
    assert not await is_good(lone_house, first)
    assert not await is_good(lone_house, second)
    assert (await names_of_events(lone_house)).count("token:reused") == 1


async def test_of_many_at_once_on_two_nodes_at_most_one_wins_and_the_family_does_not_fork(
    house: House,
) -> None:
    tokens = await tokens_for(house)
    async with second_node(house) as other:
        browsers = [node.browser() for node in (house, other)]
        tries = [TOWN_PARTY.refresh(browsers[at % 2], tokens["refresh_token"]) for at in range(MANY)]
        responses = await asyncio.gather(*tries)
    won = [each.json() for each in responses if each.status_code == 200]
    assert len(won) <= 1
    for each in won:
        refused(await TOWN_PARTY.refresh(house.browser(), each["refresh_token"]))
    recorded = await names_of_events(house)
    assert recorded.count("token:refreshed") == 1
    assert "token:reused" in recorded


async def test_another_client_gets_nothing_and_ends_nothing(lone_house: House) -> None:
    await lone_house.put(town_client(id=ClientId("other-client")))
    tokens = await tokens_for(lone_house)
    refused(await OTHER_PARTY.refresh(lone_house.browser(), tokens["refresh_token"]))
    assert (await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"])).status_code == 200


async def test_a_bent_token_is_nobodys(lone_house: House) -> None:
    good = (await tokens_for(lone_house))["refresh_token"]
    grant, number, mac = good.split(".")
    for bent in (
        f"{grant}.2.{mac}",
        f"{grant}.01.{mac}",
        f"{grant}.{number}.{mac[:-1]}",
        f"{grant}.{number}.{mac.swapcase()}",
        f"{grant}.{number}.",
        f"{grant}..{mac}",
        f"{grant.upper()}.{number}.{mac}",
        good + "A",
        "..",
        "x" * 9000,
    ):
        refused(await TOWN_PARTY.refresh(lone_house.browser(), bent))
    assert (await TOWN_PARTY.refresh(lone_house.browser(), good)).status_code == 200


async def test_after_a_logout_nothing_is_refreshed(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    await lone_house.browser().get(f"/oidc/logout?id_token_hint={tokens['id_token']}")
    refused(await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"]))
    assert not await is_good(lone_house, tokens)


async def test_a_client_that_may_no_longer_refresh_does_not(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    await lone_house.put(town_client(refresh_tokens=False))
    response = await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"])
    assert response.status_code == 400


async def test_a_stopped_account_is_refreshed_again_only_when_it_opens(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    lone_house.means.closed.add(str(PERSON))
    assert (await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"])).status_code == 400
    lone_house.means.closed.clear()
    assert (await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"])).status_code == 200


async def test_a_token_that_lies_idle_for_six_hours_is_over(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    lone_house.clock.advance(timedelta(hours=6))
    refused(await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"]))


async def test_no_series_of_refreshes_outlives_a_day(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    for _ in range(4):
        lone_house.clock.advance(timedelta(hours=5))
        tokens = (await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"])).json()
    lone_house.clock.advance(timedelta(hours=4))
    refused(await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"]))


async def test_a_wider_scope_is_refused_and_the_token_stays(lone_house: House) -> None:
    tokens = await tokens_for(lone_house)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": tokens["refresh_token"],
        "scope": "openid profile offline_access",
    }
    response = await TOWN_PARTY.post(lone_house.browser(), "/oidc/token", **form)
    refused(response, "invalid_scope")
    assert (await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"])).status_code == 200
