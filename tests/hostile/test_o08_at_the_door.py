"""O08: a request object at the authorization endpoint and at the pushed one, through the whole hub.

Who opens it, what counts of it, and where a refusal goes: until it is opened nobody vouches for an address,
so a browser shows a page, and a client that pushes is told `invalid_request_object`.

What is not there cannot be attacked: request objects by a client's own URL (`request_uri` outside ours is
refused, O09), and answers as signed objects (JARM).
"""

from __future__ import annotations

import json

import httpx2
import pytest

from tests.hostile.calling import keyed
from tests.jose.keyrings import record, resegment
from tests.journeys.house import ISSUER, REDIRECT, TOWN_CLIENT, House
from tests.journeys.party import CHALLENGE, TOWN_PARTY, answer, claims, follow
from tests.oidc.clients import KEY, OTHER_KEY, assertion, request_object
from toegang.catalogue.values import Client, ClientId
from toegang.clock import epoch
from toegang.jose.encryption import encrypt
from toegang.jose.public_keys import PublicKeySet
from toegang.keys.ring import Algorithm, KeyRecord
from toegang.oidc.client_assertion import ASSERTION_TYPE

RSA = record(Algorithm.RS256, "client of the house")
HOUR = 3600
EVIL = "https://evil.example/cb"


def with_keys(*keys: KeyRecord, **more: object) -> Client:
    public = [{name: value for name, value in key.jwk.items() if name != "alg"} for key in keys]
    return keyed(jwks=json.dumps({"keys": public}), **more)


def inside(house: House, key: KeyRecord = KEY, typ: str = "oauth-authz-req+jwt", **bent: object) -> str:
    """Return a request object that is good now, but for what is bent."""
    now = epoch(house.clock.now())
    made: dict[str, object] = {
        "iss": TOWN_CLIENT,
        "aud": ISSUER,
        "client_id": TOWN_CLIENT,
        "nbf": now,
        "exp": now + 300,
        "redirect_uri": REDIRECT,
        "nonce": "nonce-inside",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return request_object(key, typ, **(made | bent))


def outside(text: str, **beside: str) -> str:
    """Return the address with the object by value, and nothing beside it that must be there."""
    bare = dict.fromkeys(
        ("redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method")
    )
    return TOWN_PARTY.url(**(bare | {"request": text} | beside))


async def push(house: House, text: str, jti: str) -> httpx2.Response:
    now = epoch(house.clock.now())
    shown = assertion(iss=TOWN_CLIENT, sub=TOWN_CLIENT, aud=ISSUER, iat=now, exp=now + 60, jti=jti)
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": shown}
    return await house.browser().post("/oidc/par", data=form | {"client_id": TOWN_CLIENT, "request": text})


def bent_objects(house: House) -> dict[str, str]:
    """Return request objects of which nothing may come, by what is wrong with them."""
    now = epoch(house.clock.now())
    good = inside(house)
    return {
        "unsigned": resegment(good, header=b'{"alg":"none"}').rsplit(".", 1)[0] + ".",
        "signature cut": good.rsplit(".", 1)[0] + ".",
        "claims swapped": resegment(good, claims=b'{"client_id":"town-client","redirect_uri":"x"}'),
        "foreign key": inside(house, OTHER_KEY),
        "brings its key": resegment(
            good, header=json.dumps({"alg": "ES256", "jwk": OTHER_KEY.jwk, "typ": "JWT"}).encode()
        ),
        "an assertion": inside(house, typ="client-authentication+jwt"),
        "a proof": inside(house, typ="dpop+jwt"),
        "subject as an assertion": inside(house, sub=TOWN_CLIENT),
        "no audience": inside(house, aud=None),
        "other audience": inside(house, aud="https://other.example"),
        "other issuer": inside(house, iss="clinic-client"),
        "other client inside": inside(house, client_id="clinic-client"),
        "no client inside": inside(house, client_id=None),
        "no end": inside(house, exp=None),
        "no begin": inside(house, nbf=None),
        "over": inside(house, exp=now),
        "too long": inside(house, exp=now + HOUR + 60),
        "too old": inside(house, nbf=now - HOUR - 60),
        "begins later": inside(house, nbf=now + 60),
        "refers further": inside(house, request_uri="https://evil.example/request"),
        "nested": inside(house, request=good),
        "not text": inside(house, scope=["openid"]),
    }


async def test_no_bent_object_begins_a_login_or_moves_a_browser_or_is_kept(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY, profile="nlgov"))
    for name, text in bent_objects(lone_house).items():
        for url in (outside(text), TOWN_PARTY.url(request=text)):
            response = await lone_house.browser().get(url)
            assert (response.status_code, "location" in response.headers) == (400, False), name
        told = await push(lone_house, text, f"push {name}")
        assert (told.status_code, told.json()["error"]) == (400, "invalid_request_object"), name
    assert "code" in answer(await follow(lone_house.browser(), outside(inside(lone_house))))


@pytest.mark.requires("RFC9101-6.3")
async def test_nothing_beside_the_object_counts(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY, profile="nlgov"))
    beside = {
        "redirect_uri": EVIL,
        "state": "state-outside",
        "nonce": "nonce-outside",
        "scope": "openid profile offline_access",
        "acr_values": "urn:unknown",
        "prompt": "none",
        "code_challenge": "x" * 43,
        "response_mode": "fragment",
    }
    told = answer(await follow(lone_house.browser(), outside(inside(lone_house), **beside)))
    assert told["state"] == "inside"
    form = {"client_assertion_type": ASSERTION_TYPE, "code": told["code"]}
    now = epoch(lone_house.clock.now())
    shown = assertion(iss=TOWN_CLIENT, sub=TOWN_CLIENT, aud=ISSUER, iat=now, exp=now + 60)
    form |= {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": "v" * 64}
    tokens = await lone_house.browser().post("/oidc/token", data=form | {"client_assertion": shown})
    assert claims(tokens.json()["id_token"])["nonce"] == "nonce-inside"
    assert "refresh_token" not in tokens.json()


async def test_what_must_stand_in_both_places_must_be_the_same(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY))
    text = inside(lone_house)
    for beside in ({"client_id": "clinic-client"}, {"response_type": "token"}):
        response = await lone_house.browser().get(outside(text, **beside))
        assert (response.status_code, "location" in response.headers) == (400, False), beside


async def test_what_is_asked_inside_is_held_against_every_rule(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY, profile="nlgov"))
    page = await lone_house.browser().get(outside(inside(lone_house, redirect_uri=EVIL)))
    assert (page.status_code, "location" in page.headers) == (400, False)
    for changed, word in (
        ({"scope": "profile"}, "invalid_scope"),
        ({"nonce": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"acr_values": "urn:unknown"}, "unmet_authentication_requirements"),
    ):
        beside = {"response_type": str(changed["response_type"])} if "response_type" in changed else {}
        told = answer(await lone_house.browser().get(outside(inside(lone_house, **changed), **beside)))
        assert told["error"] == word, changed


async def test_the_signature_must_be_by_an_algorithm_of_the_profile(lone_house: House) -> None:
    for profile, opened in (("nlgov", True), ("basic", True), ("fapi2", False)):
        await lone_house.put(with_keys(KEY, RSA, profile=profile, dpop_required=profile == "fapi2"))
        told = await push(lone_house, inside(lone_house, RSA), f"algorithm {profile}")
        assert (told.status_code == 201) is opened, profile
        assert opened or told.json()["error"] == "invalid_request_object"


async def test_a_key_that_was_taken_out_of_the_register_signs_nothing_more(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY, OTHER_KEY))
    for key in (KEY, OTHER_KEY):
        assert "code" in answer(await follow(lone_house.browser(), outside(inside(lone_house, key))))
    await lone_house.put(with_keys(KEY))
    response = await lone_house.browser().get(outside(inside(lone_house, OTHER_KEY)))
    assert (response.status_code, "location" in response.headers) == (400, False)


async def test_another_client_does_not_use_an_object_that_it_found(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY), with_keys(OTHER_KEY, id=ClientId("other-client")))
    stolen = outside(inside(lone_house), client_id="other-client")
    response = await lone_house.browser().get(stolen)
    assert (response.status_code, "location" in response.headers) == (400, False)


async def test_an_object_encrypted_to_us_is_opened_only_when_it_is_signed_inside(lone_house: House) -> None:
    await lone_house.put(with_keys(KEY))
    published = PublicKeySet.parse((await lone_house.browser().get("/oidc/jwks")).json())

    def sealed(text: str) -> str:
        return encrypt(text, published, algorithm="RSA-OAEP-256")

    assert "code" in answer(await follow(lone_house.browser(), outside(sealed(inside(lone_house)))))
    plain = json.dumps({"client_id": TOWN_CLIENT, "redirect_uri": REDIRECT, "scope": "openid"})
    for text in (plain, inside(lone_house, OTHER_KEY), sealed(inside(lone_house))):
        response = await lone_house.browser().get(outside(sealed(text)))
        assert (response.status_code, "location" in response.headers) == (400, False)
