"""Requests to the authorization endpoint: each parameter once, in bounds, and of a kind offered."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.errors import Malformed, ProtocolRefusal, Refusal, TooLarge
from toegang.oidc.claims_request import ClaimsRequest
from toegang.oidc.parameters import parse_parameters
from toegang.oidc.profile import ResponseMode
from toegang.oidc.request import AuthorizationRequest, Prompt, ReplyTo

GOOD = {
    "client_id": "client-1",
    "response_type": "code",
    "redirect_uri": "https://client.example/cb",
    "scope": "openid",
}


def parsed(**changes: str) -> AuthorizationRequest:
    return AuthorizationRequest.parse(parse_parameters(urlencode(GOOD | changes).encode()))


@pytest.mark.requires("RFC6749-3.1")
@pytest.mark.parametrize("name", [*GOOD, "state", "nonce", "made_up"])
def test_a_parameter_given_twice_is_refused(name: str) -> None:
    octets = f"{urlencode(GOOD)}&{name}=a&{name}=a".encode()
    with pytest.raises(ProtocolRefusal, match="more than once"):
        parse_parameters(octets)


@pytest.mark.parametrize("octets", [b"a=%ff", b"a=\xc3\xa9", b"a=%00", b"a=%ed%a0%80"])
def test_octets_that_are_no_text_are_refused(octets: bytes) -> None:
    with pytest.raises(Malformed):
        parse_parameters(octets)


@pytest.mark.parametrize("octets", [b"a=" + b"x" * 40_000, b"a=" + b"x" * 20_000, b"&".join([b"a=b"] * 100)])
def test_a_request_larger_than_anything_honest_is_refused(octets: bytes) -> None:
    with pytest.raises(TooLarge):
        parse_parameters(octets)


def test_an_empty_value_counts_as_absent() -> None:
    assert parse_parameters(b"a=&b=c&d") == {"b": "c"}
    assert parse_parameters(b"resource=a&resource=b", repeatable=frozenset({"resource"})) == {"resource": "a"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "query.jwt"}, "invalid_request"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1.5"}, "invalid_request"),
        ({"max_age": "٣"}, "invalid_request"),
        ({"max_age": "9" * 10}, "invalid_request"),
        ({"state": "é"}, "invalid_request"),
        ({"state": "a\r\nb"}, "invalid_request"),
        ({"state": "s" * 2049}, "invalid_request"),
        ({"nonce": "n" * 1025}, "invalid_request"),
        ({"scope": 'openid "x"'}, "invalid_scope"),
        ({"scope": "\\"}, "invalid_scope"),
        ({"scope": " ".join(f"s{n}" for n in range(65))}, "invalid_scope"),
        ({"acr_values": "é"}, "invalid_request"),
        ({"dpop_jkt": "short"}, "invalid_request"),
        ({"login_hint": "l" * 513}, "invalid_request"),
        ({"claims": "x"}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"claims": '{"id_token":[]}'}, "invalid_request"),
        ({"claims": '{"id_token":{"acr":"high"}}'}, "invalid_request"),
        ({"claims": '{"id_token":{"acr":{"essential":"yes"}}}'}, "invalid_request"),
        ({"claims": '{"id_token":{"acr":{"values":"high"}}}'}, "invalid_request"),
        ({"claims": '{"id_token":{"a":null,"a":null}}'}, "invalid_request"),
        ({"claims": '{"id_token":{"":null}}'}, "invalid_request"),
        ({"client_id": ""}, "invalid_request"),
    ],
)
def test_a_parameter_that_cannot_be_right_is_refused_by_its_word(changes: dict[str, str], error: str) -> None:
    with pytest.raises(ProtocolRefusal) as caught:
        parsed(**changes)
    assert caught.value.error == error


@pytest.mark.requires("OIDCC-3.1.2.1")
def test_all_parameters_of_the_norm_are_read() -> None:
    request = parsed(
        scope="openid profile openid",
        state="s t",
        nonce="n",
        prompt="login consent",
        max_age="0",
        ui_locales="nl en",
        acr_values="high low",
        claims=json.dumps(
            {"userinfo": {"email": None}, "id_token": {"acr": {"essential": True, "value": "high"}}}
        ),
        response_mode="form_post",
        login_hint="x",
        unknown="ignored",
    )
    assert request.scope == ("openid", "profile")
    assert request.prompt == {Prompt.LOGIN, Prompt.CONSENT}
    assert request.max_age == 0
    assert request.acr_values == ("high", "low")
    assert request.claims.essential_acr_values == ("high",)
    assert request.claims.voluntary_acr_values == ()
    assert request.response_mode is ResponseMode.FORM_POST
    assert [wish.name for wish in request.claims.userinfo] == ["email"]


@pytest.mark.requires("OIDCC-5.5.1.1")
def test_an_acr_that_is_wished_is_told_from_one_that_must_be() -> None:
    wished = ClaimsRequest.parse('{"id_token":{"acr":{"values":["high","low"]}}}')
    assert wished.voluntary_acr_values == ("high", "low")
    assert wished.essential_acr_values == ()
    assert wished.find("sub") is None


def test_where_to_reply_can_be_read_from_a_request_that_is_otherwise_wrong() -> None:
    reply_to = ReplyTo.parse(
        parse_parameters(urlencode(GOOD | {"response_type": "x", "state": "s"}).encode())
    )
    assert (reply_to.redirect_uri, reply_to.state) == (GOOD["redirect_uri"], "s")
    assert ReplyTo.parse({"client_id": "a", "state": "\x07"}).state is None


@given(
    st.dictionaries(st.sampled_from([*GOOD, "claims", "prompt", "max_age", "state"]), st.text(max_size=40))
)
def test_no_request_causes_anything_but_a_refusal(parameters: dict[str, str]) -> None:
    try:
        parsed(**parameters)
    except Refusal:
        return
    except UnicodeEncodeError:
        return


@given(st.binary(max_size=300))
def test_no_octets_cause_anything_but_a_refusal(octets: bytes) -> None:
    try:
        AuthorizationRequest.parse(parse_parameters(octets))
    except Refusal:
        return
