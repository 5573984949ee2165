"""O11: client assertions that are foreign, meant for others, stale or unsigned."""

from __future__ import annotations

from typing import Any

import pytest

from tests.jose.keyrings import NOW, record, resegment
from tests.oidc.clients import (
    AT_PAR,
    AT_TOKEN,
    CLIENT,
    ISSUER,
    NOW_SECONDS,
    OTHER_KEY,
    PAR,
    TOKEN,
    assertion,
    client,
)
from toegang.errors import ClientNotProven
from toegang.keys.ring import Algorithm
from toegang.oidc.client_assertion import Door, ProvenClient, check_assertion, read_assertion
from toegang.oidc.profile import BASIC, FAPI2, NLGOV, PROFILES, SecurityProfile


def prove(text: str, profile: SecurityProfile, door: Door = AT_TOKEN) -> ProvenClient:
    _, token = read_assertion(text)
    return check_assertion(token, client(profile), door, now=NOW)


def refused(text: str, profile: SecurityProfile, door: Door = AT_TOKEN) -> None:
    with pytest.raises(ClientNotProven):
        prove(text, profile, door)


EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))


@EVERY_PROFILE
@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None},
        {"sub": None},
        {"sub": "client-2"},
        {"iss": "client-2"},
        {"iss": "client-2", "sub": "client-2"},
        {"aud": None},
        {"aud": []},
        {"aud": ""},
        {"aud": "https://other.example"},
        {"aud": [ISSUER, "https://other.example"]},
        {"aud": {"a": ISSUER}},
        {"aud": ISSUER + "/"},
        {"exp": None},
        {"exp": NOW_SECONDS},
        {"exp": NOW_SECONDS + 7200},
        {"exp": "9999999999"},
        {"iat": NOW_SECONDS + 60},
        {"iat": NOW_SECONDS - 7200},
        {"nbf": NOW_SECONDS + 60},
        {"jti": None},
        {"jti": ""},
        {"jti": "j" * 300},
        {"jti": 7},
    ],
)
def test_an_assertion_with_a_wrong_or_missing_claim_is_refused(
    profile: SecurityProfile, changes: dict[str, Any]
) -> None:
    refused(assertion(**changes), profile)


@EVERY_PROFILE
def test_an_assertion_by_another_key_or_of_another_type_is_refused(profile: SecurityProfile) -> None:
    refused(assertion(OTHER_KEY), profile)
    refused(assertion(typ="oauth-authz-req+jwt"), profile)
    refused(assertion(typ="at+jwt"), profile)
    refused(resegment(assertion(), header=b'{"alg":"none"}'), profile)
    refused("x", profile)


@pytest.mark.requires("FAPI2-5.3.2.1")
def test_under_fapi2_the_audience_is_the_issuer_and_nothing_like_it() -> None:
    assert prove(assertion(aud=ISSUER), FAPI2).client_id == CLIENT
    for aud in (TOKEN, PAR, [ISSUER], [ISSUER, TOKEN]):
        refused(assertion(aud=aud), FAPI2)
        refused(assertion(aud=aud), FAPI2, AT_PAR)


@pytest.mark.requires("NLGOV-OAuth-client-authentication")
def test_under_nlgov_the_token_endpoint_is_an_audience_at_the_token_endpoint_only() -> None:
    prove(assertion(aud=TOKEN), NLGOV)
    prove(assertion(aud=[TOKEN]), NLGOV)
    prove(assertion(aud=ISSUER), NLGOV, AT_PAR)
    refused(assertion(aud=TOKEN), NLGOV, AT_PAR)
    refused(assertion(aud=PAR), NLGOV, AT_PAR)


@pytest.mark.requires("OIDCC-9")
def test_under_basic_the_endpoint_called_is_an_audience_too() -> None:
    for aud in (ISSUER, TOKEN, PAR, [TOKEN, ISSUER]):
        prove(assertion(aud=aud), BASIC, AT_PAR)
    refused(assertion(aud=PAR), BASIC, AT_TOKEN)


def test_rs256_is_refused_under_fapi2_and_accepted_under_nlgov() -> None:
    key = record(Algorithm.RS256, "client")
    _, token = read_assertion(assertion(key))
    check_assertion(token, client(NLGOV, key), AT_TOKEN, now=NOW)
    with pytest.raises(ClientNotProven):
        check_assertion(token, client(FAPI2, key), AT_TOKEN, now=NOW)


def test_a_missing_iat_is_refused_except_under_basic() -> None:
    refused(assertion(iat=None), NLGOV)
    refused(assertion(iat=None), FAPI2)
    prove(assertion(iat=None), BASIC)


def test_a_replay_has_the_same_id_and_another_assertion_another() -> None:
    first, again = prove(assertion(), NLGOV), prove(assertion(), NLGOV)
    assert first.assertion_id == again.assertion_id
    assert prove(assertion(jti="assertion-2"), NLGOV).assertion_id != first.assertion_id
    assert (first.expires - NOW).total_seconds() == 60
