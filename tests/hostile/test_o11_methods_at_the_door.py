"""O11, O19: at every back-channel door a client comes in by its own method, of its profile."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx2
import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from tests.authorities import issue
from tests.edge import over_socket, passed
from tests.hostile.scenes import events, town_client
from tests.hostile.test_o07_pushed_requests import ASKED
from tests.journeys.house import ISSUER, SECRET, TOWN_CLIENT, House
from tests.oidc.clients import KEY, assertion, basic
from toegang.audit.events import ClientRefused
from toegang.catalogue.values import Client
from toegang.clock import epoch
from toegang.keys.presented import CertificateName
from toegang.oidc.client_assertion import ASSERTION_TYPE
from toegang.oidc.profile import BY_CERTIFICATE, PROFILES, ClientAuthentication

BASIC = ClientAuthentication.SECRET_BASIC
POST = ClientAuthentication.SECRET_POST
SIGNED = ClientAuthentication.PRIVATE_KEY_JWT
NONE = ClientAuthentication.NONE
LINE = "the certificate of the line"
CERTIFICATE = issue("town", "client.town.example")

DOORS = {
    "token": {"grant_type": "authorization_code", "code": "x"},
    "par": {name: value for name, value in ASKED.items() if name != "client_id"},
    "introspect": {"token": "x"},
    "revoke": {"token": "x"},
}
ENDPOINTS = {"token": "token", "par": "par", "introspect": "introspection", "revoke": "revocation"}


def registered(profile: str, method: ClientAuthentication) -> Client:
    """Return the town's client by this profile and method; key, secret and certificate would all be right."""
    public = {name: KEY.jwk[name] for name in ("kty", "crv", "x", "y")} | {"kid": KEY.kid, "use": "sig"}
    return town_client(
        profile=profile,
        authentication=method,
        jwks=json.dumps({"keys": [public]}),
        dpop_required=profile == "fapi2",
        certificate_name=CertificateName.parse("dns:client.town.example"),
        certificate_thumbprints=(CERTIFICATE.thumbprint,),
    )


def way_of(method: ClientAuthentication) -> str:
    """Return how a method looks on the wire; both kinds of certificate look the same there."""
    return LINE if method in BY_CERTIFICATE else method.value


def by_hmac(now: int) -> str:
    """Return an assertion as client_secret_jwt makes it: with the secret itself as the key."""
    claims = {
        "iss": TOWN_CLIENT,
        "sub": TOWN_CLIENT,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": "hmac",
    }
    key = OctKey.import_key((SECRET * 2).encode())
    return jws.serialize_compact({"alg": "HS256", "typ": "JWT"}, json.dumps(claims), key)


async def knock(house: House, door: str, way: str) -> httpx2.Response:
    """Come to a door in one of the ways, with everything right about it."""
    now, form, headers = epoch(house.clock.now()), dict(DOORS[door]), {}
    signed = assertion(
        iss=TOWN_CLIENT, sub=TOWN_CLIENT, aud=ISSUER, iat=now, exp=now + 60, jti=f"{door}-{way}"
    )
    if way == BASIC:
        headers["authorization"] = basic(TOWN_CLIENT, SECRET)
    if way == POST:
        form |= {"client_id": TOWN_CLIENT, "client_secret": SECRET}
    if way in {NONE, LINE}:
        form |= {"client_id": TOWN_CLIENT}
    if way in {SIGNED, "client_secret_jwt"}:
        shown = signed if way == SIGNED else by_hmac(now)
        form |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": shown}
    if way == LINE:
        headers |= passed(CERTIFICATE)
    return await over_socket(house).post(f"/oidc/{door}", data=form, headers=headers)


WAYS = (*dict.fromkeys(map(way_of, ClientAuthentication)), "client_secret_jwt")
CASES = [
    (profile, method, way)
    for profile in PROFILES
    for method in ClientAuthentication
    for way in WAYS
    if way != way_of(method) or method not in PROFILES[profile].auth_methods
]


@pytest.mark.requires("OIDCC-9", "NLGOV-OAuth-client-authentication", "FAPI2-5.3.2.1")
@pytest.mark.parametrize("door", DOORS)
async def test_no_door_opens_by_a_method_that_is_not_of_the_profile_and_the_clients_own(
    lone_house: House, door: str
) -> None:
    for profile, method, way in CASES:
        await lone_house.put(registered(profile, method))
        response = await knock(lone_house, door, way)
        named = f"{profile} client registered with {method} by {way} at {door}"
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client"), named
        assert response.headers["www-authenticate"].startswith("Basic "), named
        lone_house.clock.advance(timedelta(minutes=1))  # of what is alike within one, few are recorded
    refused = [event for event in await events(lone_house) if isinstance(event, ClientRefused)]
    told = [(event.client, event.endpoint, event.code) for event in refused]
    assert told == [(TOWN_CLIENT, ENDPOINTS[door], "client-not-proven")] * len(CASES)


@pytest.mark.parametrize("door", DOORS)
async def test_every_door_opens_by_the_clients_own_method_of_its_profile(
    lone_house: House, door: str
) -> None:
    for profile in PROFILES.values():
        for method in profile.auth_methods:
            await lone_house.put(registered(profile.name, method))
            response = await knock(lone_house, door, way_of(method))
            assert response.status_code != 401, f"{profile.name} by {method} at {door}: {response.text}"
            lone_house.clock.advance(timedelta(hours=1))


@pytest.mark.parametrize("door", DOORS)
async def test_two_methods_at_once_are_one_too_many_even_when_both_are_right(
    lone_house: House, door: str
) -> None:
    await lone_house.put(registered("basic", BASIC))
    both = DOORS[door] | {"client_id": TOWN_CLIENT, "client_secret": SECRET}
    headers = {"authorization": basic(TOWN_CLIENT, SECRET)}
    response = await lone_house.browser().post(f"/oidc/{door}", data=both, headers=headers)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
