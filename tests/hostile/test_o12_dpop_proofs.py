"""O12: proofs of possession that are missing, borrowed, old, or about something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jose.keyrings import NOW, record
from tests.oidc.clients import ISSUER, NOW_SECONDS, OTHER_KEY, PROOF_KEY, TOKEN, proof
from toegang.errors import NonceRequired, ProtocolRefusal, Refusal
from toegang.jose.sign import sign
from toegang.keys.ring import Algorithm
from toegang.oidc.dpop import OLDEST, Nonces, Possession, ProvenRequest, check_proof
from toegang.oidc.times import SKEW

AT_TOKEN = ProvenRequest(method="POST", url=TOKEN)
AT_USERINFO = ProvenRequest(method="GET", url=f"{ISSUER}/oidc/userinfo", access_token="made-up-token")
NONCES = Nonces(key=b"n" * 32)


def check(*headers: str, about: ProvenRequest = AT_TOKEN, nonces: Nonces | None = None) -> Possession:
    return check_proof(headers, about, nonces=nonces, now=NOW)


def refused(*headers: str, about: ProvenRequest = AT_TOKEN) -> None:
    with pytest.raises(ProtocolRefusal) as caught:
        check(*headers, about=about)
    assert caught.value.error == "invalid_dpop_proof"


@pytest.mark.requires("RFC9449-4.3")
def test_none_two_or_garbage_is_refused() -> None:
    refused()
    refused(proof(AT_TOKEN), proof(AT_TOKEN))
    refused(f"{proof(AT_TOKEN)}, {proof(AT_TOKEN)}")
    refused("")
    refused("a.b.c")
    refused("x" * 5000)


@pytest.mark.requires("RFC9449-4.3")
@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"htu": None},
        {"htu": ISSUER},
        {"htu": TOKEN + "/"},
        {"htu": TOKEN.replace("https", "http")},
        {"htu": TOKEN.replace("hub", "thief")},
        {"htu": TOKEN.replace("hub.example", "thief@hub.example")},
        {"htu": TOKEN.replace("hub.example", "hub.example:8443")},
        {"htu": "https://[::1"},
        {"htu": TOKEN.upper()},
        {"htu": 7},
        {"iat": None},
        {"iat": NOW_SECONDS + 11},
        {"iat": NOW_SECONDS - 71},
        {"iat": "now"},
        {"jti": None},
        {"jti": ""},
        {"jti": "j" * 300},
        {"jti": 7},
    ],
)
def test_a_proof_about_something_else_is_refused(changes: dict[str, Any]) -> None:
    refused(proof(AT_TOKEN, **changes))


@pytest.mark.parametrize("iat", [NOW_SECONDS + 10, NOW_SECONDS - 10, NOW_SECONDS - 60])
def test_a_clock_that_is_a_little_off_is_accepted(iat: int) -> None:
    assert check(proof(AT_TOKEN, iat=iat)).thumbprint == PROOF_KEY.kid


@pytest.mark.parametrize(
    "htu", [TOKEN + "?a=b", TOKEN + "#c", TOKEN.replace("hub.example", "HUB.example:443")]
)
def test_another_spelling_of_the_same_url_is_accepted(htu: str) -> None:
    check(proof(AT_TOKEN, htu=htu))


@pytest.mark.requires("RFC9449-4.2")
def test_a_key_that_is_private_symmetric_or_absent_is_refused() -> None:
    public = {name: PROOF_KEY.jwk[name] for name in ("kty", "crv", "x", "y")}
    refused(proof(AT_TOKEN, jwk={**public, "d": "AAAA"}))
    refused(proof(AT_TOKEN, jwk={"kty": "oct", "k": "AAAA"}))
    refused(proof(AT_TOKEN, jwk={}))
    refused(proof(AT_TOKEN, jwk={**public, "use": "enc"}))
    refused(proof(AT_TOKEN, jwk={name: OTHER_KEY.jwk[name] for name in public}))
    refused(sign({"jti": "a", "htm": "POST", "htu": TOKEN, "iat": NOW_SECONDS}, PROOF_KEY, "dpop+jwt"))


def test_a_token_of_another_type_is_no_proof() -> None:
    for typ in ("JWT", "at+jwt", "jwt"):
        refused(proof(AT_TOKEN, typ=typ))


@pytest.mark.requires("RFC9449-7.1")
def test_a_proof_for_another_access_token_is_refused() -> None:
    check(proof(AT_USERINFO), about=AT_USERINFO)
    refused(proof(AT_USERINFO, ath=None), about=AT_USERINFO)
    refused(proof(AT_USERINFO, ath=7), about=AT_USERINFO)
    refused(proof(replace(AT_USERINFO, access_token="another")), about=AT_USERINFO)


@pytest.mark.requires("RFC9449-6")
def test_a_proof_by_another_key_than_the_one_bound_to_is_refused() -> None:
    bound = replace(AT_TOKEN, bound_to=PROOF_KEY.kid)
    assert check(proof(bound), about=bound).thumbprint == PROOF_KEY.kid
    refused(proof(bound, key=OTHER_KEY), about=bound)


def test_an_rsa_key_proves_as_well() -> None:
    key = record(Algorithm.PS256, "proof")
    assert check(proof(AT_TOKEN, key=key)).thumbprint == key.kid


@pytest.mark.requires("RFC9449-8")
def test_without_a_nonce_of_ours_the_proof_is_sent_back_with_one() -> None:
    for given_nonce in (None, "", "made-up", 7, "1." + "a" * 22, NONCES.issue(NOW)[:-1] + "?"):
        with pytest.raises(NonceRequired) as caught:
            check(proof(AT_TOKEN, nonce=given_nonce), nonces=NONCES)
        check(proof(AT_TOKEN, nonce=caught.value.nonce), nonces=NONCES)


@given(st.integers(0, 600))
def test_a_nonce_counts_in_its_span_and_the_next_and_never_after(seconds: int) -> None:
    later = NOW + timedelta(seconds=seconds)
    try:
        NONCES.check(NONCES.issue(NOW), later)
    except NonceRequired:
        assert seconds >= 120
    else:
        assert seconds < 240


def test_a_nonce_of_another_house_does_not_count() -> None:
    with pytest.raises(NonceRequired):
        NONCES.check(Nonces(key=b"m" * 32).issue(NOW), NOW)


@pytest.mark.requires("RFC9449-11.1")
def test_a_replay_is_recognised_until_the_proof_could_not_pass_any_more() -> None:
    at_edge = proof(AT_TOKEN, iat=NOW_SECONDS + 10)
    possession = check(at_edge)
    assert check(at_edge).proof_id == possession.proof_id
    assert check(proof(AT_TOKEN, jti="proof-2")).proof_id != possession.proof_id
    assert check(proof(AT_TOKEN, key=OTHER_KEY)).proof_id != possession.proof_id
    with pytest.raises(ProtocolRefusal):
        check_proof([at_edge], AT_TOKEN, nonces=None, now=possession.expires)
    assert possession.expires >= NOW + OLDEST + 2 * SKEW


@given(st.data())
def test_no_mutation_of_a_proof_is_accepted_for_another_key(data: st.DataObject) -> None:
    good = proof(AT_TOKEN)
    at = data.draw(st.integers(0, len(good) - 1))
    letter = data.draw(st.sampled_from("ABab01_-."))
    text = good[:at] + letter + good[at + 1 :]
    if text != good:
        with pytest.raises(Refusal):
            check(text)
