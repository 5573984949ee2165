"""Each refusal of a code leaves its counter and its event, and what was taken or shown stays used."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from bench.means import PERSON
from tests.hostile.calling import (
    GONE,
    OTHER,
    RULE,
    Act,
    Row,
    Scene,
    closed,
    keyed,
    open_scene,
    opened,
    refused,
)
from tests.journeys.house import REDIRECT, TOWN_CLIENT, House
from toegang.oidc.client_assertion import ASSERTION_TYPE


async def code_when_closed(scene: Scene) -> httpx2.Response:
    await closed(scene)
    return await scene.redeem()


async def code_when_stopped(scene: Scene) -> httpx2.Response:
    scene.house.means.closed.add(str(PERSON))
    return await scene.redeem()


async def code_too_late(scene: Scene) -> httpx2.Response:
    scene.house.clock.advance(timedelta(seconds=60))
    return await scene.redeem()


async def code_of_another(scene: Scene) -> httpx2.Response:
    return await scene.post("token", scene.redemption() | scene.sign(OTHER))


async def code_without_a_key(scene: Scene) -> httpx2.Response:
    await scene.house.put(keyed(dpop_required=True))
    return await scene.redeem()


async def code_with_a_bad_proof(scene: Scene) -> httpx2.Response:
    return await scene.post("token", scene.redemption() | scene.sign(), scene.prove("userinfo"))


async def code_without_a_nonce(scene: Scene) -> httpx2.Response:
    return await scene.post("token", scene.redemption() | scene.sign(), scene.prove(nonce=None))


async def code_by_a_foreign_key(scene: Scene) -> httpx2.Response:
    return await scene.post("token", scene.redemption() | scene.sign(foreign=True))


async def code_by_nobody(scene: Scene) -> httpx2.Response:
    scene.sign()
    return await scene.post("token", scene.redemption() | {"client_id": TOWN_CLIENT})


async def code_by_an_assertion_used_before(scene: Scene) -> httpx2.Response:
    await scene.revoke(token="nothing")
    used = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": scene.shown}
    return await scene.post("token", scene.redemption() | used)


async def code_by_a_proof_used_before(scene: Scene) -> httpx2.Response:
    used = scene.prove()
    await scene.post("token", scene.redemption(code="unknown") | scene.sign(), used)
    return await scene.post("token", scene.redemption() | scene.sign(), used)


def redeemed(**changed: str | None) -> Act:
    async def act(scene: Scene) -> httpx2.Response:
        return await scene.redeem(**changed)

    return act


REUSE = ("token:revoked reuse",)
CLOSED = ("code:redeemed", "token:revoked closed")
CODES: dict[str, Row] = {
    "another grant": Row(act=redeemed(grant_type="password"), word="unsupported_grant_type", code=RULE),
    "for itself": Row(act=redeemed(grant_type="client_credentials"), word="unauthorized_client", code=RULE),
    "no code": Row(act=redeemed(code=None), word="invalid_request", code=RULE),
    "unknown code": Row(act=redeemed(code="unknown"), word="invalid_grant", code=GONE),
    "too late": Row(act=code_too_late, word="invalid_grant", code=GONE, lives=False),
    "other address": Row(
        act=redeemed(redirect_uri=REDIRECT + "/"), word="invalid_grant", code=RULE, events=REUSE, lives=False
    ),
    "other verifier": Row(
        act=redeemed(code_verifier="w" * 64), word="invalid_grant", code=RULE, events=REUSE, lives=False
    ),
    "no verifier": Row(
        act=redeemed(code_verifier=None), word="invalid_grant", code=RULE, events=REUSE, lives=False
    ),
    "other client": Row(act=code_of_another, word="invalid_grant", code=GONE, events=REUSE, lives=False),
    "closed": Row(
        act=code_when_closed, word="invalid_grant", code="party-closed", events=CLOSED, lives=False
    ),
    "stopped": Row(
        act=code_when_stopped, word="invalid_grant", code="account-closed", events=CLOSED, lives=False
    ),
    "no key shown": Row(act=code_without_a_key, word="invalid_dpop_proof", code=RULE),
    "bad proof": Row(act=code_with_a_bad_proof, word="invalid_dpop_proof", code=RULE),
    "no nonce": Row(act=code_without_a_nonce, word="use_dpop_nonce", code="nonce-required", spent=False),
    "foreign key": Row(
        act=code_by_a_foreign_key,
        word="invalid_client",
        code="client-not-proven",
        events=("client:refused client-not-proven credentials",),
        spent=False,
    ),
    "nobody": Row(
        act=code_by_nobody,
        word="invalid_client",
        code="client-not-proven",
        events=("client:refused client-not-proven missing",),
        spent=False,
    ),
    "used assertion": Row(
        act=code_by_an_assertion_used_before,
        word="invalid_client",
        code="client-not-proven",
        events=("client:refused client-not-proven replayed",),
    ),
    "used proof": Row(
        act=code_by_a_proof_used_before,
        word="invalid_grant",
        code="replayed",
        events=("client:refused replayed replayed",),
    ),
}


@pytest.mark.parametrize("name", CODES)
async def test_a_refused_code_is_counted_recorded_and_gone_if_taken(lone_house: House, name: str) -> None:
    row, scene = CODES[name], await open_scene(lone_house)
    await refused(scene, row)
    await opened(scene)
    assert (await scene.redeem()).status_code == (200 if row.lives else 400)


@pytest.mark.requires("RFC6749-4.1.2")
async def test_a_code_that_comes_again_is_counted_recorded_and_ends_what_came_of_it(house: House) -> None:
    scene = await open_scene(house)
    scene.tokens = (await scene.redeem()).json()
    row = Row(act=redeemed(), word="invalid_grant", code=GONE, events=("code:reused",))
    await refused(scene, row)
    assert (await scene.userinfo()).status_code == 401
    assert (await scene.refresh()).status_code == 400
