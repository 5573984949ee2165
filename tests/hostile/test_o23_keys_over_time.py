"""O23: keys come, serve and go over weeks; who cached our key set for a week never meets an unknown key.

Ours: published 8 days before they sign and 8 days after. Those of clients: as the catalogue has them now.
What is not there cannot be attacked: the hub fetches no key set of a client (`jwks_uri`), so nothing can be
poisoned on the way and no unknown `kid` makes it fetch; a key set behind a cache of ours is the client's own
affair, with an hour in `cache-control`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest

from tests.hostile.calling import keyed
from tests.hostile.scenes import OFFLINE
from tests.jose.keyrings import record, resegment
from tests.journeys.house import CLINIC_CLIENT, ISSUER, PORTAL, TOWN_CLIENT, House, keys_in, open_house
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from tests.oidc.clients import KEY, OTHER_KEY, assertion
from toegang.catalogue.values import ClientId
from toegang.clock import epoch
from toegang.jose.sign import sign
from toegang.keys import changes
from toegang.keys.ring import OVERLAP, Algorithm
from toegang.oidc.client_assertion import ASSERTION_TYPE

HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k"}


@dataclass(frozen=True, slots=True)
class Keys:
    """The hub's own ring, and a client that looks at what is published."""

    house: House
    folder: Path

    async def published(self) -> dict[str, dict[str, Any]]:
        found = (await self.house.browser().get("/oidc/jwks")).json()["keys"]
        assert len({key["kid"] for key in found}) == len(found)
        return {key["kid"]: key for key in found}

    def rotate(self) -> str:
        return changes.rotate(self.folder, Algorithm.ES256, now=self.house.clock.now()).kid

    async def tokens(self) -> dict[str, str]:
        browser = self.house.browser()
        url = CLINIC_PARTY.url(scope=f"{OFFLINE} service:{PORTAL}")
        code = answer(await follow(browser, url))["code"]
        found: dict[str, str] = (await CLINIC_PARTY.redeem(browser, code)).json()
        return found

    async def may_log_out_by(self, token: str) -> bool:
        """Tell whether the hub knows an old ID token for one of its own."""
        page = await self.house.browser().get(f"/oidc/logout?id_token_hint={token}")
        return "csrf" not in page.text and page.status_code == 200

    async def opens_userinfo(self, token: str) -> bool:
        bearer = {"authorization": f"Bearer {token}"}
        return (await self.house.browser().get("/oidc/userinfo", headers=bearer)).status_code == 200


pytestmark = pytest.mark.usefixtures("signed_access_tokens")


@pytest.fixture
async def keys(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Keys]:
    """Open a house with a ring of its own, that this test may change."""
    own, path = tmp_path / "own", tmp_path / "toegang.db"
    shutil.copytree(house_secrets, own)
    shutil.copy(sqlite_template, path)
    keys_in(own).oidc.look_every = 0.0  # weeks go by in a moment here
    async with open_house(own, tmp_path, f"sqlite:///{path}") as opened:
        yield Keys(opened, own / "oidc")


def kid_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def verified(token: str, published: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Verify as a client with a copy of the key set does; a kid that is not in it is a KeyError."""
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    key = jwt.PyJWK(published[kid_of(token)])
    found: dict[str, Any] = jwt.decode(token, key, audience=CLINIC_CLIENT, issuer=ISSUER, options=options)  # type: ignore[arg-type]
    return found


async def test_a_copy_of_a_week_verifies_what_is_signed_on_every_day_of_a_rotation(keys: Keys) -> None:
    copies: list[tuple[Any, dict[str, dict[str, Any]]]] = []
    signers, new = [], ""
    for day in range(28):
        now = keys.house.clock.now()
        if day == 5:
            new = keys.rotate()
        copies.append((now, await keys.published()))
        token = (await keys.tokens())["id_token"]
        signers.append(kid_of(token))
        for taken, copy in copies:
            if now - taken <= timedelta(days=7):
                assert verified(token, copy)["iss"] == ISSUER, f"day {day}, copy of {taken}"
        keys.house.clock.advance(DAY)
    assert signers.index(new) == 5 + OVERLAP.days
    assert set(signers[5 + OVERLAP.days :]) == {new}


async def test_an_old_key_verifies_until_eight_days_after_its_last_use_and_not_a_moment_longer(
    keys: Keys,
) -> None:
    old = await keys.tokens()
    new = keys.rotate()
    assert {kid_of(old["id_token"]), new} <= set(await keys.published())
    keys.house.clock.advance(OVERLAP - MOMENT)
    last = await keys.tokens()
    assert kid_of(last["id_token"]) == kid_of(old["id_token"])
    keys.house.clock.advance(MOMENT)
    assert kid_of((await keys.tokens())["id_token"]) == new
    keys.house.clock.advance(OVERLAP - MOMENT)
    assert verified(last["id_token"], await keys.published())
    assert await keys.may_log_out_by(last["id_token"])
    keys.house.clock.advance(MOMENT)
    assert kid_of(last["id_token"]) not in await keys.published()
    assert not await keys.may_log_out_by(last["id_token"])


async def test_tokens_of_the_hour_of_a_change_go_on_working(keys: Keys) -> None:
    keys.rotate()
    keys.house.clock.advance(OVERLAP - timedelta(minutes=1))
    before = await keys.tokens()
    keys.house.clock.advance(timedelta(minutes=2))
    after = (await CLINIC_PARTY.refresh(keys.house.browser(), before["refresh_token"])).json()
    assert kid_of(before["access_token"]) != kid_of(after["access_token"])
    assert [await keys.opens_userinfo(each["access_token"]) for each in (before, after)] == [True, True]


async def test_a_key_that_was_withdrawn_is_believed_by_nobody_from_that_moment(keys: Keys) -> None:
    tokens = await keys.tokens()
    assert await keys.opens_userinfo(tokens["access_token"])
    changes.withdraw(keys.folder, kid_of(tokens["id_token"]), now=keys.house.clock.now())
    assert kid_of(tokens["id_token"]) not in await keys.published()
    assert not await keys.opens_userinfo(tokens["access_token"])
    assert not await keys.may_log_out_by(tokens["id_token"])
    assert kid_of((await keys.tokens())["id_token"]) in await keys.published()


async def test_a_kid_that_is_unknown_or_of_another_key_opens_nothing(keys: Keys) -> None:
    tokens = await keys.tokens()
    mine = record(Algorithm.ES256, "of an attacker")
    told = claims(tokens["access_token"])
    clash = {"alg": "ES256", "typ": "at+jwt", "kid": kid_of(tokens["access_token"])}
    forged = sign(told, mine, "at+jwt")
    for token in (
        forged,
        resegment(forged, header=json.dumps(clash).encode()),
        resegment(forged, header=b'{"alg":"ES256","typ":"at+jwt"}'),
        resegment(tokens["access_token"], header=json.dumps(clash | {"kid": mine.kid}).encode()),
        resegment(tokens["access_token"], header=json.dumps(clash | {"kid": "../../oidc/ring"}).encode()),
        resegment(
            tokens["access_token"], header=json.dumps(clash | {"jku": "https://evil.example"}).encode()
        ),
    ):
        assert not await keys.opens_userinfo(token)
    assert await keys.opens_userinfo(tokens["access_token"])


async def test_the_key_set_and_the_metadata_are_ours_and_hold_nothing_private(keys: Keys) -> None:
    keys.rotate()
    for key in (await keys.published()).values():
        assert not PRIVATE & set(key)
        assert key["use"] in {"sig", "enc"}
        assert key["alg"]
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    metadata = (await keys.house.browser().get("/.well-known/openid-configuration", headers=evil)).json()
    assert metadata["issuer"] == ISSUER
    assert metadata["jwks_uri"] == f"{ISSUER}/oidc/jwks"
    response = await keys.house.browser().get("/oidc/jwks")
    assert response.headers["cache-control"] == "public, max-age=3600"


async def shown(house: House, key: Any, jti: str, client: str = TOWN_CLIENT) -> httpx2.Response:  # noqa: ANN401
    """Prove to be a client with a key."""
    now = epoch(house.clock.now())
    text = assertion(key, iss=client, sub=client, aud=ISSUER, iat=now, exp=now + 60, jti=jti)
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text, "token": "nothing"}
    return await house.browser().post("/oidc/revoke", data=form)


def jwks(*keys: Any, kid: str = "") -> str:  # noqa: ANN401
    named = [{n: key.jwk[n] for n in ("kty", "crv", "x", "y")} | {"kid": kid or key.kid} for key in keys]
    return json.dumps({"keys": [key | {"use": "sig"} for key in named]})


async def test_a_client_changes_its_key_without_a_moment_in_which_neither_or_a_removed_one_works(
    lone_house: House,
) -> None:
    steps = (((KEY,), (200, 401)), ((KEY, OTHER_KEY), (200, 200)), ((OTHER_KEY,), (401, 200)))
    for step, (registered, expected) in enumerate(steps):
        await lone_house.put(keyed(jwks=jwks(*registered)))
        told = [await shown(lone_house, key, f"{step} {key.kid}") for key in (KEY, OTHER_KEY)]
        assert tuple(each.status_code for each in told) == expected, step


async def test_the_key_of_one_client_does_not_prove_another_whatever_its_kid(lone_house: House) -> None:
    other = ClientId("other-client")
    await lone_house.put(keyed(jwks=jwks(KEY)), keyed(id=other, jwks=jwks(OTHER_KEY, kid=KEY.kid)))
    assert (await shown(lone_house, KEY, "own")).status_code == 200
    assert (await shown(lone_house, KEY, "others", other)).status_code == 401
    assert (await shown(lone_house, replace(OTHER_KEY), "back")).status_code == 401


async def test_the_hubs_own_keys_prove_no_client(keys: Keys) -> None:
    await keys.house.put(keyed())
    ours = keys.house.app.ground.keys.ring().active(Algorithm.ES256, keys.house.clock.now())
    assert (await shown(keys.house, ours, "by the hub")).status_code == 401
    tokens = await keys.tokens()
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": tokens["id_token"], "token": "x"}
    assert (await keys.house.browser().post("/oidc/revoke", data=form)).status_code == 401
