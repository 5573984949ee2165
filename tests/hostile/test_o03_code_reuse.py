"""O03: a code is redeemed once, by whom it was given to, as it was asked; a second time ends everything."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.hostile.scenes import (
    OFFLINE,
    OTHER_PARTY,
    code_for,
    is_good,
    names_of_events,
    refused,
    second_node,
    town_client,
)
from tests.journeys.house import House
from tests.journeys.party import TOWN_PARTY
from toegang.catalogue.values import ClientId

MANY = 64


@pytest.mark.requires("RFC6749-4.1.2")
async def test_of_many_at_once_on_two_nodes_one_gets_tokens_and_they_end_with_the_second(
    house: House,
) -> None:
    code = await code_for(house, scope=OFFLINE)
    async with second_node(house) as other:
        browsers = [node.browser() for node in (house, other)]
        tries = [TOWN_PARTY.redeem(browsers[at % 2], code) for at in range(MANY)]
        responses = await asyncio.gather(*tries)
    won = [each for each in responses if each.status_code == 200]
    assert len(won) <= 1
    tokens = [each.json() for each in won]
    for each in tokens:
        assert not await is_good(house, each)
        refused(await TOWN_PARTY.refresh(house.browser(), each["refresh_token"]))
    for each in responses:
        assert each.status_code in {200, 400, 503}, each.text
    recorded = await names_of_events(house)
    assert recorded.count("code:redeemed") == 1
    assert "code:reused" in recorded


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=31), timedelta(minutes=10)])
async def test_reuse_however_late_ends_what_came_of_the_code(lone_house: House, later: timedelta) -> None:
    code = await code_for(lone_house, scope=OFFLINE)
    tokens = (await TOWN_PARTY.redeem(lone_house.browser(), code)).json()
    assert await is_good(lone_house, tokens)
    lone_house.clock.advance(later)
    refused(await TOWN_PARTY.redeem(lone_house.browser(), code))
    assert not await is_good(lone_house, tokens)
    refused(await TOWN_PARTY.refresh(lone_house.browser(), tokens["refresh_token"]))
    assert (await names_of_events(lone_house)).count("code:reused") == 1


WRONG = {
    "other redirect": {"redirect_uri": "http://localhost:9000/callback/"},
    "no redirect": {"redirect_uri": None},
    "other verifier": {"code_verifier": "w" * 64},
    "no verifier": {"code_verifier": None},
    "short verifier": {"code_verifier": "v" * 42},
}


@pytest.mark.requires("RFC7636-4.6")
async def test_a_code_brought_in_another_way_is_refused_and_gone(lone_house: House) -> None:
    for name, changed in WRONG.items():
        code = await code_for(lone_house)
        first = await TOWN_PARTY.redeem(lone_house.browser(), code, **changed)  # type: ignore[arg-type]
        assert first.status_code == 400, name
        assert set(first.json()) == {"error", "error_description"}, name
        if first.json()["error"] == "invalid_grant":
            refused(await TOWN_PARTY.redeem(lone_house.browser(), code))


async def test_another_client_gets_nothing_and_neither_does_anybody_after_it(lone_house: House) -> None:
    await lone_house.put(town_client(id=ClientId("other-client")))
    code = await code_for(lone_house)
    refused(await OTHER_PARTY.redeem(lone_house.browser(), code))
    refused(await TOWN_PARTY.redeem(lone_house.browser(), code))
    assert "code:redeemed" not in await names_of_events(lone_house)


async def test_a_code_that_is_not_exactly_the_one_is_no_code(lone_house: House) -> None:
    code = await code_for(lone_house)
    for bent in (code[:-1], code[1:], code.swapcase(), code + "A", code + "\x00", f" {code}", code[:20], "%"):
        response = await TOWN_PARTY.redeem(lone_house.browser(), bent)
        assert response.status_code == 400, bent
    assert (await TOWN_PARTY.redeem(lone_house.browser(), code)).status_code == 200


async def test_a_code_is_over_after_a_minute_to_the_microsecond(lone_house: House) -> None:
    early, late = await code_for(lone_house), await code_for(lone_house)
    lone_house.clock.advance(timedelta(seconds=60) - timedelta(microseconds=1))
    assert (await TOWN_PARTY.redeem(lone_house.browser(), early)).status_code == 200
    lone_house.clock.advance(timedelta(microseconds=1))
    refused(await TOWN_PARTY.redeem(lone_house.browser(), late))


async def test_a_wrong_secret_does_not_burn_the_code(lone_house: House) -> None:
    code = await code_for(lone_house)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": TOWN_PARTY.redirect_uri}
    response = await lone_house.browser().post("/oidc/token", data=form, auth=(TOWN_PARTY.id, "wrong"))
    refused(response, "invalid_client")
    assert (await TOWN_PARTY.redeem(lone_house.browser(), code)).status_code == 200
