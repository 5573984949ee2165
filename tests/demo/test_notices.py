"""The demo's municipality believes notices of the hub, and of nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from demo import municipality, notices, town_counter
from demo.web import EVERYWHERE, Sessions
from tests.demo.running import running
from tests.hostile.systems import EVERYTHING, SYSTEM, open_world, system
from tests.journeys.conftest import house_secrets, lone_quiet
from tests.journeys.house import ISSUER, House
from tests.journeys.leaving import sites
from tests.journeys.test_mandate_notices import deliver, given, stated
from tests.oidc.clients import KEY
from toegang.clock import epoch
from toegang.jose.segments import encode
from toegang.jose.sign import sign
from toegang.keys.ring import Algorithm
from toegang.provider.authzen import notices as told

__all__ = ["house_secrets", "lone_quiet"]

HEADERS = {"content-type": notices.MEDIA_TYPE}


def town(house: House, hub: httpx2.AsyncClient) -> tuple[Starlette, Sessions]:
    """Open the counter and what receives notices, as the town's own client at the hub of a test."""
    sessions = Sessions(cookie="demo-town")
    received = notices.Notices(
        issuer=ISSUER,
        audience=SYSTEM,
        http=hub,
        sessions=sessions,
        now=lambda: float(epoch(house.clock.now())),
    )
    client: Any = None  # nobody asks at this counter
    counter = town_counter.TownCounter(
        client=client, registration=municipality.REGISTRATION, received=received.received
    )
    routes = [*town_counter.routes(counter), notices.route(received)]
    return Starlette(routes=routes, middleware=EVERYWHERE), sessions


async def signed(house: House) -> str:
    """Have a mandate end on which a login rests, and return the notice that the hub sends of it."""
    world = await open_world(house)
    async with sites() as served:
        served.answers["/events"] = lambda *_: ("202 Accepted", b"")
        await house.put(system(api=replace(EVERYTHING, events_uri=served.url + "/events")))
        await stated(world)
        await world.revoke(await given(world))
        await deliver(house)
        return served.heard["/events"][0].decode()


async def test_an_authority_that_ended_logs_out_who_rests_on_it_and_stands_at_the_counter(
    lone_quiet: House,
) -> None:
    house = lone_quiet
    world = await open_world(house)
    async with house.browser() as hub:
        app, sessions = town(house, hub)
        async with running(app) as url, httpx2.AsyncClient(base_url=url) as clerk:
            await house.put(
                system(
                    api=replace(EVERYTHING, events_uri=url.replace("127.0.0.1", "localhost") + notices.PATH)
                )
            )
            made = await stated(world)
            rests = {"taxes": {"claims": {"representation": {"statement": str(made.id)}}}}
            sessions.kept |= {"rests": {"logins": rests}, "own": {"logins": {"taxes": {"claims": {}}}}}
            assert "Toegang ingetrokken" not in (await clerk.get("/balie")).text
            await world.revoke(await given(world))
            await deliver(house)
            page = (await clerk.get("/balie")).text
    assert list(sessions.kept) == ["own"]
    assert "Toegang ingetrokken" in page
    assert str(made.id)[-8:] in page
    assert house.app.loops.delivery.outcomes[told.KIND, "delivered"] == 1


@pytest.mark.requires("RFC8935-2.3", "RFC8417-2.2")
async def test_a_notice_of_somebody_else_for_somebody_else_or_too_old_is_refused_and_one_twice_is_one(
    lone_quiet: House,
) -> None:
    house = lone_quiet
    token = await signed(house)
    async with house.browser() as hub:
        app, _ = town(house, hub)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://town.example") as sender:

            async def sent(body: str, headers: dict[str, str] = HEADERS) -> tuple[int, str]:
                answer = await sender.post(notices.PATH, content=body, headers=headers)
                return answer.status_code, answer.json()["err"] if answer.content else ""

            now = epoch(house.clock.now())
            claims: dict[str, object] = {"iss": ISSUER, "aud": SYSTEM, "jti": "1", "iat": now}
            assert await sent(sign(claims, KEY, "secevent+jwt")) == (400, "invalid_key")
            assert await sent(token, {"content-type": "application/jwt"}) == (400, "invalid_request")
            assert await sent("x" * 10_000) == (400, "invalid_request")
            assert await sent("no.token") == (400, "invalid_request")
            odd = encode(b'{"alg":"ES256","crit":1}')
            assert await sent(f"{odd}.e30.AAAA") == (400, "invalid_request")
            ring = house.app.rooms.openid.keys.ring()
            key = ring.active(Algorithm.ES256, house.clock.now())
            for wrong, kind, why in (
                ({"iss": "https://elsewhere.example"}, "secevent+jwt", "invalid_issuer"),
                ({"aud": "another"}, "secevent+jwt", "invalid_audience"),
                ({"iat": now - 2 * 86_400}, "secevent+jwt", "invalid_request"),
                ({"events": {"urn:other": {}}}, "secevent+jwt", "invalid_request"),
                ({"sub": "somebody"}, "secevent+jwt", "invalid_request"),
                ({}, "JWT", "invalid_request"),
            ):
                whole = claims | {"sub_id": {"format": "opaque", "id": "1"}, "events": {notices.ENDED: {}}}
                assert await sent(sign(whole | wrong, key, kind)) == (400, why), wrong
            assert "Toegang ingetrokken" not in (await sender.get("/balie")).text
            for number, algorithm in enumerate(notices.ALGORITHMS):
                whole = claims | {"sub_id": {"format": "opaque", "id": "1"}, "events": {notices.ENDED: {}}}
                signer = ring.active(Algorithm(algorithm), house.clock.now())
                assert await sent(sign(whole | {"jti": f"by {number}"}, signer, "secevent+jwt")) == (202, "")
            assert [await sent(token) for _ in range(2)] == [(202, "")] * 2
            assert (await sender.get("/balie")).text.count("<li>") == 1 + len(notices.ALGORITHMS)
