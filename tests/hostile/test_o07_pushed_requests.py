"""O07: a pushed request is its client's, for a while, used up by the answer; O11 and O12 across nodes."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx2

from tests.hostile.scenes import code_for, refused, second_node, town_client
from tests.journeys.house import ISSUER, REDIRECT, SECRET, TOWN_CLIENT, House
from tests.journeys.party import CHALLENGE, TOWN_PARTY, VERIFIER, Party, answer, follow
from tests.oidc.clients import KEY, PROOF_KEY, assertion, proof
from toegang.catalogue.values import ClientId
from toegang.clock import epoch
from toegang.oidc.dpop import ProvenRequest
from toegang.oidc.profile import ClientAuthentication

ASKED = {
    "response_type": "code",
    "client_id": str(TOWN_CLIENT),
    "redirect_uri": REDIRECT,
    "scope": "openid",
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


async def pushed(house: House, **changed: str) -> str:
    response = await TOWN_PARTY.post(house.browser(), "/oidc/par", **(ASKED | changed))
    assert response.status_code == 201, response.text
    return str(response.json()["request_uri"])


def visit(uri: str, client: str = TOWN_CLIENT) -> str:
    return f"/oidc/authorize?client_id={client}&request_uri={uri}"


async def test_a_visit_does_not_burn_it_and_the_answer_does(house: House) -> None:
    uri = await pushed(house)
    for _ in range(3):
        assert (await house.browser().get(visit(uri))).status_code == 303
    assert answer(await follow(house.browser(), visit(uri)))["code"]
    again = await follow(house.browser(), visit(uri))
    assert "code=" not in again.headers.get("location", "")


async def test_two_tabs_with_one_request_get_one_code(lone_house: House) -> None:
    uri, first, second = await pushed(lone_house), lone_house.browser(), lone_house.browser()
    gone = [(await browser.get(visit(uri))).headers["location"] for browser in (first, second)]
    came = [answer(await browser.get(at)) for browser, at in zip((first, second), gone, strict=True)]
    assert ["code" in each for each in came] == [True, False]
    assert came[1]["error"] == "invalid_request_uri"


async def test_it_is_of_one_client_for_ninety_seconds(lone_house: House) -> None:
    await lone_house.put(town_client(id=ClientId("other-client")))
    uri = await pushed(lone_house)
    other = await lone_house.browser().get(visit(uri, "other-client"))
    assert (other.status_code, "location" in other.headers) == (400, False)
    lone_house.clock.advance(timedelta(seconds=90))
    late = await lone_house.browser().get(visit(uri))
    assert (late.status_code, "location" in late.headers) == (400, False)


async def test_what_stands_beside_it_does_not_count(lone_house: House) -> None:
    uri = await pushed(lone_house)
    beside = visit(uri) + "&redirect_uri=https://evil.example&scope=profile&state=other&nonce=other"
    told = answer(await follow(lone_house.browser(), beside))
    assert told["state"] == "a-state"


async def test_nobody_pushes_without_proof_or_in_another_way(lone_house: House) -> None:
    browser = lone_house.browser()
    assert (await browser.post("/oidc/par", data=ASKED)).status_code == 401
    assert (await browser.post("/oidc/par", data=ASKED, auth=(TOWN_CLIENT, "wrong"))).status_code == 401
    assert (await browser.get("/oidc/par")).status_code == 405
    uri = await pushed(lone_house)
    for changed in (
        {"request_uri": uri},
        {"client_id": "somebody-else"},
        {"redirect_uri": "https://evil.example"},
    ):
        response = await TOWN_PARTY.post(browser, "/oidc/par", **(ASKED | changed))
        assert response.status_code in {400, 401}, changed
        assert "request_uri" not in response.json()


async def test_a_request_uri_cannot_be_guessed(lone_house: House) -> None:
    names = {(await pushed(lone_house)).rpartition(":")[2] for _ in range(8)}
    assert len(names) == 8
    assert min(map(len, names)) >= 43


async def test_an_assertion_is_used_once_on_whichever_node(house: House) -> None:
    public = {name: KEY.jwk[name] for name in ("kty", "crv", "x", "y")} | {"kid": KEY.kid, "use": "sig"}
    keyed = town_client(
        authentication=ClientAuthentication.PRIVATE_KEY_JWT,
        secret_hashes=(),
        jwks=json.dumps({"keys": [public]}),
    )
    await house.put(keyed)
    now = epoch(house.clock.now())
    shown = assertion(
        iss=TOWN_CLIENT, sub=TOWN_CLIENT, aud=ISSUER, iat=now, exp=now + 60, jti="wired-assertion"
    )
    form = {
        "client_assertion": shown,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "token": "anything",
    }
    async with second_node(house) as other:
        first = await house.browser().post("/oidc/revoke", data=form)
        second = await other.browser().post("/oidc/revoke", data=form)
        third = await house.browser().post("/oidc/par", data=form | ASKED)
    assert (first.status_code, second.status_code, third.status_code) == (200, 401, 401)


async def test_a_proof_of_possession_is_used_once_on_whichever_node(house: House) -> None:
    about = ProvenRequest(method="POST", url=f"{ISSUER}/oidc/token")
    shown = proof(about, key=PROOF_KEY, iat=epoch(house.clock.now()), jti="wired-proof")
    codes = [await code_for(house) for _ in range(2)]
    async with second_node(house) as other:
        first = await redeem(house.browser(), codes[0], shown)
        assert first.status_code in {200, 400}
        if first.json().get("error") == "use_dpop_nonce":
            nonce = first.headers["dpop-nonce"]
            shown = proof(about, key=PROOF_KEY, iat=epoch(house.clock.now()), jti="wired-proof", nonce=nonce)
            first = await redeem(house.browser(), codes[0], shown)
        second = await redeem(other.browser(), codes[1], shown)
    assert first.json()["token_type"] == "DPoP"
    refused(second)


async def redeem(browser: httpx2.AsyncClient, code: str, shown: str) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    return await browser.post("/oidc/token", data=form, auth=(TOWN_CLIENT, SECRET), headers={"dpop": shown})


async def test_introspection_tells_a_stranger_nothing(lone_house: House) -> None:
    """O19: another client's token is as unknown as one that never was."""
    await lone_house.put(town_client(id=ClientId("other-client")))
    code = await code_for(lone_house)
    token = (await TOWN_PARTY.redeem(lone_house.browser(), code)).json()["access_token"]
    other = Party(ClientId("other-client"))
    for asked in (token, token[:-1], "never-was"):
        told = await other.post(lone_house.browser(), "/oidc/introspect", token=asked)
        assert told.json() == {"active": False}
    assert (await TOWN_PARTY.post(lone_house.browser(), "/oidc/introspect", token=token)).json()["active"]
    taken = await other.post(lone_house.browser(), "/oidc/revoke", token=token)
    assert taken.status_code in {200, 400}
    assert (await TOWN_PARTY.post(lone_house.browser(), "/oidc/introspect", token=token)).json()["active"]
