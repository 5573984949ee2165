"""O04: a code cannot be used by someone who did not begin the login."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.errors import ProtocolRefusal
from toegang.jose.segments import encode
from toegang.oidc.pkce import check_challenge, check_verifier

VERIFIER = "v" * 43
CHALLENGE = encode(hashlib.sha256(VERIFIER.encode()).digest())


@pytest.mark.requires("RFC7636-4.3")
@pytest.mark.parametrize(
    ("challenge", "method"),
    [
        (VERIFIER, "plain"),
        (CHALLENGE, None),
        (CHALLENGE, "s256"),
        (CHALLENGE, "S512"),
        (None, "S256"),
        ("", "S256"),
        (CHALLENGE[:-1], "S256"),
        (CHALLENGE + "=", "S256"),
        (CHALLENGE + "\n", "S256"),
    ],
)
def test_a_challenge_that_is_no_sha256_is_refused(challenge: str | None, method: str | None) -> None:
    for required in (True, False):
        with pytest.raises(ProtocolRefusal) as caught:
            check_challenge(challenge, method, required=required)
        assert caught.value.error == "invalid_request"


def test_a_missing_challenge_is_refused_where_it_is_asked() -> None:
    with pytest.raises(ProtocolRefusal, match="required"):
        check_challenge(None, None, required=True)
    check_challenge(None, None, required=False)
    check_challenge(CHALLENGE, "S256", required=True)


@pytest.mark.requires("RFC7636-4.6", "RFC9700-2.1.1")
@pytest.mark.parametrize(
    ("verifier", "challenge"),
    [
        (None, CHALLENGE),
        (VERIFIER, None),
        ("w" * 43, CHALLENGE),
        (CHALLENGE, CHALLENGE),
        ("", CHALLENGE),
        (VERIFIER + "v", CHALLENGE),
    ],
)
def test_a_verifier_that_does_not_fit_is_refused(verifier: str | None, challenge: str | None) -> None:
    with pytest.raises(ProtocolRefusal) as caught:
        check_verifier(verifier, challenge)
    assert caught.value.error == "invalid_grant"


@pytest.mark.requires("RFC7636-4.1")
@pytest.mark.parametrize("verifier", ["v" * 42, "v" * 129, "é" * 43, "v" * 43 + "\n", "v" * 42 + "+"])
def test_a_verifier_of_another_size_or_alphabet_is_refused(verifier: str) -> None:
    with pytest.raises(ProtocolRefusal):
        check_verifier(verifier, encode(hashlib.sha256(verifier.encode()).digest()))


@given(st.from_regex(r"[A-Za-z0-9._~-]{43,128}", fullmatch=True))
def test_every_honest_verifier_fits_its_own_challenge(verifier: str) -> None:
    check_verifier(verifier, encode(hashlib.sha256(verifier.encode()).digest()))


def test_without_pkce_there_is_neither() -> None:
    check_verifier(None, None)
