"""Each refusal of a token leaves its counter and its event, and ends no more than the norm says."""

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
from tests.hostile.refusals import before, counted_since, since, told
from tests.journeys.house import House


async def refresh_too_late(scene: Scene) -> httpx2.Response:
    scene.house.clock.advance(timedelta(hours=6))
    return await scene.refresh()


async def refresh_taken_away(scene: Scene) -> httpx2.Response:
    await scene.house.put(keyed(refresh_tokens=False))
    return await scene.refresh()


async def refresh_when_closed(scene: Scene) -> httpx2.Response:
    await closed(scene)
    return await scene.refresh()


async def refresh_when_stopped(scene: Scene) -> httpx2.Response:
    scene.house.means.closed.add(str(PERSON))
    return await scene.refresh()


async def refresh_of_another(scene: Scene) -> httpx2.Response:
    return await scene.refresh(OTHER)


async def refresh_with_a_bad_proof(scene: Scene) -> httpx2.Response:
    form = {"grant_type": "refresh_token", "refresh_token": scene.tokens["refresh_token"]}
    return await scene.post("token", form | scene.sign(), {"dpop": "x.y.z"})


def refreshed(**changed: str) -> Act:
    async def act(scene: Scene) -> httpx2.Response:
        return await scene.refresh(**changed)

    return act


REFRESHES: dict[str, Row] = {
    "no token of ours": Row(act=refreshed(refresh_token="a.1.b"), word="invalid_grant", code=GONE),
    "other client": Row(act=refresh_of_another, word="invalid_grant", code=GONE),
    "wider scope": Row(act=refreshed(scope="openid profile"), word="invalid_scope", code=RULE),
    "too late": Row(act=refresh_too_late, word="invalid_grant", code=GONE, lives=False),
    "taken away": Row(act=refresh_taken_away, word="unauthorized_client", code="not-entitled"),
    "closed": Row(act=refresh_when_closed, word="invalid_grant", code="party-closed"),
    "stopped": Row(act=refresh_when_stopped, word="invalid_grant", code="account-closed"),
    "bad proof": Row(act=refresh_with_a_bad_proof, word="invalid_dpop_proof", code=RULE),
}


@pytest.mark.parametrize("name", REFRESHES)
async def test_a_refused_refresh_is_counted_and_takes_nothing(lone_house: House, name: str) -> None:
    row, scene = REFRESHES[name], await open_scene(lone_house)
    await refused(scene, row)
    await opened(scene)
    assert (await scene.refresh()).status_code == (200 if row.lives else 400)


@pytest.mark.requires("RFC9700-4.14.2")
async def test_a_refresh_token_that_comes_again_is_counted_recorded_and_ends_the_family(house: House) -> None:
    scene = await open_scene(house)
    newer = (await scene.refresh()).json()
    await refused(scene, Row(act=refreshed(), word="invalid_grant", code=GONE, events=("token:reused",)))
    scene.tokens = newer
    assert (await scene.refresh()).status_code == 400
    assert (await scene.userinfo()).status_code == 401


async def userinfo_when_closed(scene: Scene) -> httpx2.Response:
    await closed(scene)
    return await scene.userinfo()


async def userinfo_when_stopped(scene: Scene) -> httpx2.Response:
    scene.house.means.closed.add(str(PERSON))
    return await scene.userinfo()


async def userinfo_when_not_its_service(scene: Scene) -> httpx2.Response:
    await scene.house.put(keyed(services=()))
    return await scene.userinfo()


async def userinfo_bent(scene: Scene) -> httpx2.Response:
    bent = scene.tokens["access_token"][:-4] + "AAAA"
    return await scene.post("userinfo", {}, {"authorization": f"Bearer {bent}"})


async def userinfo_the_wrong_way(scene: Scene) -> httpx2.Response:
    return await scene.userinfo("DPoP")


async def userinfo_too_late(scene: Scene) -> httpx2.Response:
    scene.house.clock.advance(timedelta(hours=2))
    return await scene.userinfo()


INFOS: dict[str, Row] = {
    "bent": Row(act=userinfo_bent, word="invalid_token", code="proof-invalid"),
    "wrong way": Row(act=userinfo_the_wrong_way, word="invalid_token", code=RULE),
    "too late": Row(act=userinfo_too_late, word="invalid_token", code="proof-invalid", lives=False),
    "closed": Row(act=userinfo_when_closed, word="invalid_token", code="party-closed"),
    "stopped": Row(act=userinfo_when_stopped, word="invalid_token", code="account-closed"),
    "not its service": Row(act=userinfo_when_not_its_service, word="invalid_token", code="not-entitled"),
}


@pytest.mark.parametrize("name", INFOS)
async def test_a_refused_look_at_userinfo_is_counted_and_ends_nothing(lone_house: House, name: str) -> None:
    row, scene = INFOS[name], await open_scene(lone_house)
    await refused(scene, row)
    await opened(scene)
    assert (await scene.userinfo()).status_code == (200 if row.lives else 401)


@pytest.mark.requires("RFC9449-11.1")
async def test_a_proof_that_comes_again_at_userinfo_is_counted_and_recorded(house: House) -> None:
    scene = await open_scene(house)
    bound = await scene.post("token", scene.redemption() | scene.sign(), scene.prove())
    scene.tokens = bound.json()
    shown = scene.prove("userinfo", token=scene.tokens["access_token"])
    assert (await scene.userinfo("DPoP", **shown)).status_code == 200
    was = await before(house)
    again = await scene.userinfo("DPoP", **shown)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_dpop_proof")
    assert counted_since(house, was) == {"replayed": 1.0}
    assert [told(event) for event in await since(house, was)] == ["client:refused replayed replayed"]


async def revoke_of_another(scene: Scene) -> httpx2.Response:
    return await scene.revoke(OTHER)


async def revoke_nothing(scene: Scene) -> httpx2.Response:
    return await scene.post("revoke", scene.sign())


REVOCATIONS: dict[str, Row] = {
    "other client": Row(act=revoke_of_another, word="unauthorized_client", code="not-entitled"),
    "no token": Row(act=revoke_nothing, word="invalid_request", code=RULE),
}


@pytest.mark.parametrize("name", REVOCATIONS)
async def test_a_refused_revocation_is_counted_and_ends_nothing(lone_house: House, name: str) -> None:
    scene = await open_scene(lone_house)
    await refused(scene, REVOCATIONS[name])
    assert (await scene.userinfo()).status_code == 200
    was = await before(lone_house)
    assert (await scene.revoke()).status_code == 200
    assert [told(event) for event in await since(lone_house, was)] == ["token:revoked client"]
    assert (await scene.userinfo()).status_code == 401
