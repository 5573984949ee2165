"""The client that the repository gives along asks what a service needs, and says what the hub said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from demo.mandates_client import MandatesClient, Question, Refused, bsn, kvk
from tests.hostile.systems import EVERYTHING, FIRM, NOBODY, NOOR, PIETER, SANNE, SYSTEM, open_world, system
from tests.journeys.house import ISSUER, PERMIT, House
from tests.journeys.test_mandate_notices import given, stated
from tests.oidc.clients import KEY
from toegang.clock import epoch
from toegang.jose.sign import sign

SERVICE = str(PERMIT)


def signed(claims: Mapping[str, object]) -> str:
    return sign(dict(claims), KEY, "JWT")


def client_of(house: House, http: httpx2.AsyncClient) -> MandatesClient:
    return MandatesClient(
        issuer=ISSUER,
        client_id=SYSTEM,
        sign=signed,
        http=http,
        now=lambda: float(epoch(house.clock.now())),
    )


async def test_it_asks_one_many_and_all(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    await world.give(NOOR, PIETER)
    await world.give(FIRM, PIETER)
    async with lone_quiet.browser() as http:
        client, pieter = client_of(lone_quiet, http), bsn(PIETER.digits)
        yes = await client.may_act(Question(pieter, bsn(SANNE.digits), SERVICE, purpose="counter"))
        assert (yes.permitted, yes.level) == (True, "http://eidas.europa.eu/LoA/low")
        assert yes.actions == ("view", "prepare", "submit", "sign")
        no = await client.may_act(Question(bsn(SANNE.digits), pieter, SERVICE))
        assert (no.permitted, no.level, no.context) == (False, "", {})
        principals = [bsn(each.digits) for each in (SANNE, NOBODY, NOOR)] + [kvk(FIRM.digits)]
        many = await client.may_act_for_each(pieter, principals, SERVICE)
        assert [each.permitted for each in many] == [True, False, True, True]
        found = [each async for each in client.represented_by(pieter, "bsn", SERVICE)]
        assert {each.id for each in found} == {SANNE.digits, NOOR.digits}
        agents = [each async for each in client.who_may_act_for(kvk(FIRM.digits), "bsn", SERVICE)]
        assert agents == [pieter]


async def test_it_gets_a_new_token_when_the_old_one_is_nearly_over_and_says_why_it_got_no_answer(
    lone_quiet: House,
) -> None:
    await open_world(lone_quiet)
    await lone_quiet.put(system(api=replace(EVERYTHING, per_hour=2)))
    asked = Question(bsn(PIETER.digits), bsn(SANNE.digits), SERVICE)
    async with lone_quiet.browser() as http:
        client = client_of(lone_quiet, http)
        assert (await client.may_act(asked)).permitted
        lone_quiet.clock.advance(timedelta(minutes=4, seconds=45))
        assert (await client.may_act(asked)).permitted
        with pytest.raises(Refused) as refused:
            await client.may_act(asked)
        assert (refused.value.status, refused.value.code) == (429, "too-many-tries")
        assert refused.value.retry_after > 0
        with pytest.raises(Refused) as refused:
            await client.may_act(replace(asked, action="dance"))
        assert (refused.value.status, refused.value.code) == (400, "malformed")
    assert PIETER.digits not in repr(asked)


async def test_it_asks_the_status_at_the_hub_only(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    made = await stated(world)
    async with lone_quiet.browser() as http:
        client = client_of(lone_quiet, http)
        address = f"{ISSUER}/access/v1/statements/{made.id}"
        assert await client.holds(address)
        await world.revoke(await given(world))
        assert not await client.holds(address)
        with pytest.raises(ValueError, match="not an address of this hub"):
            await client.holds(f"https://elsewhere.example/access/v1/statements/{made.id}")
        with pytest.raises(Refused) as refused:
            await client.holds(f"{ISSUER}/access/v1/statements/{made.principal}")
        assert refused.value.status == 404
