"""Token requests, the tokens that answer them, userinfo, logout, metadata and the words for no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.jose.keyrings import NOW, key_set, record
from tests.oidc.clients import CLIENT, ISSUER, KEY, NOW_SECONDS, assertion, basic
from toegang import errors
from toegang.errors import ClientNotProven, Misconfigured, ProofInvalid, ProtocolRefusal
from toegang.jose.sign import sign
from toegang.keys.ring import Algorithm
from toegang.oidc import access_token, discovery, id_token, logout, userinfo
from toegang.oidc.binding import Binding, Confirmation
from toegang.oidc.client_assertion import ASSERTION_TYPE
from toegang.oidc.errors import Endpoint, word_for
from toegang.oidc.profile import BASIC, FAPI2, NLGOV, ClientAuthentication
from toegang.oidc.token_request import (
    ClientCredentialsGrant,
    CodeGrant,
    PresentedAssertion,
    PresentedSecret,
    RefreshGrant,
    parse_client,
    parse_grant,
)

HUB = record(Algorithm.ES256, "hub")


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
    ],
)
def test_a_grant_that_is_not_offered_or_not_whole_is_refused(parameters: dict[str, str], error: str) -> None:
    with pytest.raises(ProtocolRefusal) as caught:
        parse_grant(parameters)
    assert caught.value.error == error


@pytest.mark.requires("RFC6749-4.1.3", "RFC6749-6", "RFC6749-4.4.2")
def test_the_grants_are_read() -> None:
    code = parse_grant({"grant_type": "authorization_code", "code": "c", "code_verifier": "v"})
    assert code == CodeGrant(code="c", redirect_uri=None, code_verifier="v")
    fresh = parse_grant({"grant_type": "refresh_token", "refresh_token": "r", "scope": "a b"})
    assert fresh == RefreshGrant(refresh_token="r", scope=("a", "b"))
    assert parse_grant({"grant_type": "client_credentials"}) == ClientCredentialsGrant(scope=())


@pytest.mark.parametrize(
    "authorization",
    [None, "Basic", "Basic ", "Basic !!!", "Basic YQ==", "Basic /w==", "Bearer x", "Basic " + "A" * 5000],
)
def test_a_client_that_does_not_say_who_it_is_is_refused(authorization: str | None) -> None:
    with pytest.raises(ClientNotProven):
        parse_client(authorization, {"client_id": CLIENT})


@pytest.mark.requires("RFC6749-2.3")
def test_two_ways_at_once_are_refused() -> None:
    by_assertion = {"client_assertion": assertion(), "client_assertion_type": ASSERTION_TYPE}
    for authorization, parameters in (
        (basic(CLIENT, "s"), {"client_secret": "s"}),
        (basic(CLIENT, "s"), by_assertion),
        (None, {"client_id": CLIENT, "client_secret": "s"} | by_assertion),
    ):
        with pytest.raises(ProtocolRefusal, match="more than one way"):
            parse_client(authorization, parameters)


def test_two_clients_in_one_request_are_refused() -> None:
    with pytest.raises(ClientNotProven):
        parse_client(basic(CLIENT, "s"), {"client_id": "client-2"})
    with pytest.raises(ClientNotProven):
        parse_client(None, {"client_secret": "s"})
    with pytest.raises(ClientNotProven):
        parse_client(None, {"client_assertion": assertion()})


@pytest.mark.requires("RFC6749-2.3.1")
def test_secrets_are_read_from_header_and_form() -> None:
    by_header = parse_client(basic("client%3A1", "s%26+t"), {})
    assert by_header == PresentedSecret(
        client_id="client:1", secret="s& t", method=ClientAuthentication.SECRET_BASIC
    )
    by_form = parse_client(None, {"client_id": CLIENT, "client_secret": "s"})
    assert isinstance(by_form, PresentedSecret)
    assert "secret=" not in repr(by_form)
    signed = parse_client(None, {"client_assertion": assertion(), "client_assertion_type": ASSERTION_TYPE})
    assert isinstance(signed, PresentedAssertion)
    assert signed.client_id == CLIENT


def login(**changes: object) -> id_token.AuthenticatedSubject:
    values: dict[str, object] = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "subject": "pairwise-1",
        "acr": "http://eidas.europa.eu/LoA/substantial",
        "auth_time": NOW,
        "nonce": "n",
        "sid": "session-1",
        "amr": ("pwd", "sms"),
    }
    return id_token.AuthenticatedSubject(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.requires("NLGOV-OIDC-id-token", "OIDCC-2")
def test_an_id_token_under_nlgov_lives_five_minutes_and_tells_the_level_not_the_methods() -> None:
    claims = id_token.id_token_claims(login(), NLGOV, jti="j", access_token="made-up", now=NOW)
    assert claims["exp"] == NOW_SECONDS + 300
    assert claims["nbf"] == claims["iat"] == NOW_SECONDS
    assert {"jti", "acr", "nonce", "sid", "auth_time", "at_hash"} <= claims.keys()
    assert "amr" not in claims
    assert claims["aud"] == CLIENT


def test_further_claims_never_replace_those_of_the_login() -> None:
    bad = {"sub": "someone else", "acr": "high", "represents": {"sub": "x", "iss": "y"}}
    claims = id_token.id_token_claims(login(claims=bad), BASIC, jti="j", access_token=None, now=NOW)
    assert claims["sub"] == "pairwise-1"
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert claims["represents"] == bad["represents"]


@pytest.mark.requires("OIDCC-3.1.3.6")
def test_at_hash_is_the_left_half_of_the_hash() -> None:
    assert id_token.half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"


@pytest.mark.requires("OIDCRPL-2")
def test_a_hint_is_read_when_it_is_ours_also_after_it_expired() -> None:
    claims = id_token.id_token_claims(login(), NLGOV, jti="j", access_token=None, now=NOW - timedelta(days=3))
    text = sign(claims, HUB, id_token.TYPE)
    hint = id_token.read_hint(text, key_set(HUB), ISSUER)
    assert (hint.subject, hint.client_id, hint.sid) == ("pairwise-1", CLIENT, "session-1")
    for bad in (
        sign(claims, KEY, "JWT"),
        sign(claims, HUB, "at+jwt"),
        sign(claims | {"iss": "x"}, HUB, "JWT"),
    ):
        with pytest.raises(ProofInvalid):
            id_token.read_hint(bad, key_set(HUB), ISSUER)


def grant() -> access_token.AccessGrant:
    return access_token.AccessGrant(
        issuer=ISSUER,
        client_id=CLIENT,
        subject="pairwise-1",
        audience=f"{ISSUER}/oidc/userinfo",
        scope=("openid",),
        bound_to=Binding(Confirmation.KEY, "t" * 43),
    )


@pytest.mark.requires("RFC9068-2.2", "RFC9068-4")
def test_an_access_token_is_accepted_as_itself_only() -> None:
    rules = access_token.AccessTokenRules(
        issuer=ISSUER, audience=f"{ISSUER}/oidc/userinfo", longest=FAPI2.access_token_lifetime
    )
    claims = access_token.access_token_claims(grant(), FAPI2, jti="j", now=NOW)
    text = sign(claims, HUB, access_token.TYPE)
    checked = access_token.check_access_token(text, key_set(HUB), rules, now=NOW)
    assert checked["cnf"] == {"jkt": "t" * 43}
    for bad in (
        sign(claims, HUB, "JWT"),
        sign(claims | {"aud": "other"}, HUB, access_token.TYPE),
        sign(claims | {"iss": "other"}, HUB, access_token.TYPE),
        sign(claims | {"exp": NOW_SECONDS + 999_999}, HUB, access_token.TYPE),
    ):
        with pytest.raises(ProofInvalid):
            access_token.check_access_token(bad, key_set(HUB), rules, now=NOW)
    late = NOW + FAPI2.access_token_lifetime
    with pytest.raises(ProofInvalid, match="expired"):
        access_token.check_access_token(text, key_set(HUB), rules, now=late)


@pytest.mark.requires("OIDCC-5.3.2")
def test_userinfo_has_the_subject_of_the_login_and_no_empty_claims() -> None:
    claims = userinfo.signed_userinfo_claims(
        "me", {"sub": "other", "email": None, "name": "x"}, issuer=ISSUER, client_id=CLIENT, now=NOW
    )
    assert claims["sub"] == "me"
    assert "email" not in claims
    assert (claims["iss"], claims["aud"]) == (ISSUER, CLIENT)


@pytest.mark.requires("RFC6750-2")
def test_an_access_token_is_presented_in_one_way() -> None:
    assert userinfo.presented_token("bearer abc", {}) == ("bearer", "abc")
    assert userinfo.presented_token("DPoP abc", {}) == ("dpop", "abc")
    assert userinfo.presented_token(None, {"access_token": "abc"}) == ("bearer", "abc")
    for authorization, form in (
        (None, {}),
        ("Bearer ", {}),
        ("Basic abc", {}),
        ("Bearer a", {"access_token": "b"}),
    ):
        with pytest.raises(ProtocolRefusal):
            userinfo.presented_token(authorization, form)


@pytest.mark.requires("OIDCBCL-2.4")
def test_a_logout_token_says_who_and_never_has_a_nonce() -> None:
    ended = logout.EndedSession(issuer=ISSUER, client_id=CLIENT, subject="s", sid="x")
    claims = logout.logout_token_claims(ended, jti="j", now=NOW)
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in claims
    assert claims["exp"] == NOW_SECONDS + 120
    nobody = logout.EndedSession(issuer=ISSUER, client_id=CLIENT, subject=None, sid=None)
    with pytest.raises(Misconfigured):
        logout.logout_token_claims(nobody, jti="j", now=NOW)


@pytest.mark.requires("OIDCRPL-2")
def test_a_logout_request_is_read_and_its_state_bounded() -> None:
    request = logout.LogoutRequest.parse({"client_id": CLIENT, "state": "s", "ui_locales": "nl en"})
    assert (request.client_id, request.state, request.ui_locales) == (CLIENT, "s", ("nl", "en"))
    for state in ("s" * 2049, "a\nb"):
        with pytest.raises(ProtocolRefusal):
            logout.LogoutRequest.parse({"state": state})


@pytest.mark.requires("OIDCD-3", "RFC9207-3", "RFC9126-5")
def test_the_metadata_offers_what_the_rooms_accept_and_nothing_else() -> None:
    endpoints = {
        name: f"{ISSUER}/{name}" for name in discovery.Endpoints.__slots__ if name != "documentation"
    }
    document = discovery.metadata_document(
        discovery.ProviderMetadata(
            issuer=ISSUER,
            endpoints=discovery.Endpoints(**endpoints),
            scopes=("openid",),
            claims=("sub",),
            acr_values=("high",),
            ui_locales=("nl", "en"),
            subject_types=("pairwise",),
            signing_algorithms=("ES256",),
            encryption_algorithms=("RSA-OAEP-256",),
        )
    )
    assert document["issuer"] == ISSUER
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert "none" not in str(document["token_endpoint_auth_methods_supported"])
    assert None not in document.values()


@pytest.mark.parametrize(
    ("refusal", "endpoint", "error", "status"),
    [
        (errors.NonceRequired("n"), Endpoint.TOKEN, "use_dpop_nonce", 400),
        (errors.NonceRequired("n"), Endpoint.USERINFO, "use_dpop_nonce", 401),
        (errors.ProtocolRefusal("invalid_dpop_proof", "d"), Endpoint.USERINFO, "invalid_dpop_proof", 401),
        (errors.ProtocolRefusal("invalid_scope", "d"), Endpoint.TOKEN, "invalid_scope", 400),
        (errors.ClientNotProven(), Endpoint.TOKEN, "invalid_client", 401),
        (errors.OneTimeGone(), Endpoint.TOKEN, "invalid_grant", 400),
        (errors.OneTimeGone(), Endpoint.AUTHORIZATION, "invalid_request_uri", 400),
        (errors.OneTimeGone(), Endpoint.USERINFO, "invalid_token", 401),
        (errors.PartyClosed(), Endpoint.TOKEN, "invalid_grant", 400),
        (errors.LevelUnreachable(), Endpoint.AUTHORIZATION, "unmet_authentication_requirements", 400),
        (errors.UserInteractionNeeded(), Endpoint.AUTHORIZATION, "login_required", 400),
        (errors.Cancelled(), Endpoint.AUTHORIZATION, "access_denied", 400),
        (errors.TooLarge(), Endpoint.TOKEN, "invalid_request", 413),
        (errors.Unavailable(), Endpoint.TOKEN, "temporarily_unavailable", 503),
        (errors.Misconfigured("secret detail"), Endpoint.TOKEN, "server_error", 500),
    ],
)
def test_each_refusal_has_its_word_at_each_door(
    refusal: errors.ToegangError, endpoint: Endpoint, error: str, status: int
) -> None:
    word = word_for(refusal, endpoint)
    assert (word.error, word.status) == (error, status)
    assert "detail" not in word.description
