"""O08: request objects that are unsigned, foreign, stale or contradictory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.jose.keyrings import NOW, key_set, record, resegment, ring
from tests.oidc.clients import (
    CLIENT,
    ISSUER,
    KEY,
    NOW_SECONDS,
    OTHER_KEY,
    assertion,
    request_object,
    signer,
)
from toegang.errors import ProtocolRefusal
from toegang.jose.encryption import encrypt
from toegang.jose.segments import encode
from toegang.keys.ring import Algorithm
from toegang.oidc.parameters import Parameters
from toegang.oidc.request import AuthorizationRequest
from toegang.oidc.request_object import open_request_object

HOUR = 3600


def opened(text: str, *, dated: bool = True) -> Parameters:
    keys = ring(Algorithm.RSA_OAEP_256)
    return open_request_object(text, signer(dated=dated), issuer=ISSUER, ring=keys, now=NOW)


def refused(text: str) -> None:
    with pytest.raises(ProtocolRefusal) as caught:
        opened(text)
    assert caught.value.error == "invalid_request_object"


@pytest.mark.requires("RFC9101-6.2")
def test_an_unsigned_request_object_is_refused() -> None:
    unsigned = resegment(request_object(), header=b'{"alg":"none"}').rsplit(".", 1)[0] + "."
    refused(unsigned)
    refused("")
    refused(f"{encode(b'{}')}..")


def test_a_request_object_of_another_client_is_refused() -> None:
    refused(request_object(OTHER_KEY))
    refused(request_object(iss="client-2"))
    refused(request_object(client_id="client-2"))
    refused(request_object(client_id=None))
    refused(request_object(iss=None))


def test_a_signature_algorithm_that_the_client_did_not_register_is_refused() -> None:
    key = record(Algorithm.RS256, "client")
    with pytest.raises(ProtocolRefusal):
        open_request_object(request_object(key), signer(key), issuer=ISSUER, ring=None, now=NOW)


@pytest.mark.parametrize(
    "aud", [None, "", "https://other.example", [], [CLIENT], [[ISSUER]], ISSUER + "/", 7]
)
def test_a_request_object_for_another_server_is_refused(aud: object) -> None:
    refused(request_object(aud=aud))


@pytest.mark.parametrize(
    "times",
    [
        {"exp": None},
        {"nbf": None},
        {"exp": NOW_SECONDS},
        {"exp": NOW_SECONDS - 1},
        {"exp": NOW_SECONDS + HOUR + 60},
        {"nbf": NOW_SECONDS - HOUR - 60},
        {"nbf": NOW_SECONDS + 60},
        {"iat": NOW_SECONDS + 60},
        {"exp": "soon"},
        {"exp": True},
        {"exp": -1},
        {"exp": 1e300},
        {"nbf": [NOW_SECONDS]},
    ],
)
def test_a_request_object_outside_its_hour_is_refused(times: dict[str, Any]) -> None:
    refused(request_object(**times))


@pytest.mark.parametrize("ahead", [0, 8, 10])
def test_a_clock_that_is_a_little_ahead_is_accepted(ahead: int) -> None:
    assert opened(request_object(nbf=NOW_SECONDS + ahead))["state"] == "inside"


def test_a_request_object_that_refers_to_another_is_refused() -> None:
    refused(request_object(request="x.y.z"))
    refused(request_object(request_uri="urn:x"))


def test_another_kind_of_token_is_no_request_object() -> None:
    refused(request_object(typ="dpop+jwt"))
    refused(request_object(typ="client-authentication+jwt"))
    refused(assertion(client_id=CLIENT, nbf=NOW_SECONDS))


def test_values_that_are_no_text_are_refused() -> None:
    refused(request_object(state=["a"]))
    refused(request_object(redirect_uri={"a": 1}))
    refused(request_object(prompt=True))


@pytest.mark.requires("RFC9101-6.3")
def test_only_the_parameters_inside_count() -> None:
    inside = opened(request_object(max_age=60, claims={"id_token": {"acr": {"essential": True}}}))
    request = AuthorizationRequest.parse(inside)
    assert request.state == "inside"
    assert request.nonce is None
    assert request.max_age == 60
    wish = request.claims.find("acr")
    assert wish is not None
    assert wish.essential
    assert inside.keys() & {"iss", "aud", "exp", "nbf"} == set()


def test_an_encrypted_request_object_must_be_signed_inside() -> None:
    keys = key_set(record(Algorithm.RSA_OAEP_256))
    sealed = encrypt(request_object(), keys, algorithm="RSA-OAEP-256")
    assert opened(sealed)["state"] == "inside"
    refused(encrypt('{"client_id":"client-1"}', keys, algorithm="RSA-OAEP-256"))
    refused(encrypt(request_object(OTHER_KEY), keys, algorithm="RSA-OAEP-256"))
    refused(encrypt(sealed, keys, algorithm="RSA-OAEP-256"))


def test_undated_request_objects_pass_only_where_the_profile_lets_them() -> None:
    undated = request_object(exp=None, nbf=None)
    refused(undated)
    assert opened(undated, dated=False)["scope"] == "openid"
    assert KEY is not OTHER_KEY


@pytest.mark.requires("RFC9396-3")
def test_authorization_details_stand_inside_as_an_array_and_in_no_other_form() -> None:
    inside = [{"type": "urn:toegang:act-for", "kinds": ["voluntary"]}]
    assert json.loads(opened(request_object(authorization_details=inside))["authorization_details"]) == inside
    refused(request_object(authorization_details={"type": "urn:toegang:act-for"}))
    refused(request_object(scope=["openid"]))
