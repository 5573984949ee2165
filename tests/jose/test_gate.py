"""What passes the gate is signed by the party it is said to be from; all else is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, RSAKey

from tests.jose.keyrings import NOW, key_set, record, resegment, ring
from toegang.errors import Malformed, Misconfigured, ProofInvalid, Refusal, TooLarge
from toegang.jose.compact import parse_compact
from toegang.jose.encryption import decrypt, encrypt, is_encrypted
from toegang.jose.public_keys import PublicKey, PublicKeySet
from toegang.jose.segments import decode, encode, parse_object
from toegang.jose.sign import joserfc_key, sign
from toegang.jose.verify import VerifiedToken, verify
from toegang.keys.ring import Algorithm

ES = record(Algorithm.ES256)
CLAIMS: dict[str, object] = {"iss": "https://hub.example", "sub": "someone", "exp": 1}
SIGNING = (Algorithm.ES256, Algorithm.RS256, Algorithm.PS256)
ENCRYPTING = (Algorithm.RSA_OAEP, Algorithm.RSA_OAEP_256, Algorithm.ECDH_ES)


def accept(text: str, keys: PublicKeySet) -> VerifiedToken:
    return verify(parse_compact(text), keys, algorithms={"ES256", "RS256", "PS256"}, types={"jwt"})


@pytest.mark.parametrize("text", ["YQ==", "YQ=", "Y", "YR", "Y Q", "YQ\n", "Y+Q", "Y/Q", "YQé"])
@pytest.mark.requires("RFC4648-3.5")
def test_base64url_with_a_second_spelling_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        decode(text)


@given(st.binary(max_size=300))
def test_base64url_has_one_spelling_per_value(octets: bytes) -> None:
    assert decode(encode(octets)) == octets


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":2}',
        b'{"b":{"a":1,"a":1}}',
        b'{"b":[{"a":1,"a":1}]}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\ud800"}',
        b'{"\\uD800":1}',
        b'{"a":"\xff"}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 9000 + b"]" * 9000 + b"}",
        b"[]",
        b"null",
        b"",
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1} x',
    ],
)
@pytest.mark.requires("RFC7519-4")
def test_json_that_can_be_read_in_two_ways_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        parse_object(text)


def test_a_whole_surrogate_pair_is_an_ordinary_character() -> None:
    assert parse_object(b'{"a":"\\ud83d\\ude00"}') == {"a": "\U0001f600"}


@pytest.mark.parametrize("algorithm", SIGNING)
@pytest.mark.requires("RFC7515-5.1", "RFC7515-5.2")
def test_what_we_sign_holds_under_our_published_key_and_in_another_library(algorithm: Algorithm) -> None:
    key = record(algorithm)
    text = sign(CLAIMS, key, "JWT")
    verified = accept(text, key_set(key))
    assert verified.claims == CLAIMS
    assert verified.thumbprint == key.kid
    foreign = (ECKey if algorithm.elliptic else RSAKey).import_key(dict(key.jwk))
    decoded = jwt.decode(text, foreign, algorithms=[algorithm.value])
    assert decoded.claims == CLAIMS
    assert decoded.header == {"alg": algorithm.value, "kid": key.kid, "typ": "JWT"}


@pytest.mark.parametrize("algorithm", SIGNING)
def test_a_signature_by_another_key_is_refused(algorithm: Algorithm) -> None:
    text = sign(CLAIMS, record(algorithm, "thief"), "JWT")
    thief, header = parse_compact(text), json.dumps({"alg": algorithm.value, "kid": record(algorithm).kid})
    assert thief.header.kid != record(algorithm).kid
    with pytest.raises(ProofInvalid, match="keys of the party fit"):
        accept(text, key_set(record(algorithm)))
    with pytest.raises(ProofInvalid):
        accept(resegment(text, header=header.encode()), key_set(record(algorithm)))


@pytest.mark.requires("RFC8725-3.11")
def test_a_token_of_another_type_is_refused() -> None:
    for typ in ("at+jwt", "logout+jwt", "dpop+jwt"):
        with pytest.raises(ProofInvalid, match="another type"):
            accept(sign(CLAIMS, ES, typ), key_set(ES))
    accept(sign(CLAIMS, ES, "application/JWT"), key_set(ES))


def test_an_algorithm_that_the_party_may_not_use_is_refused() -> None:
    token = parse_compact(sign(CLAIMS, ES, "JWT"))
    with pytest.raises(ProofInvalid, match="not accepted from this party"):
        verify(token, key_set(ES), algorithms={"PS256"}, types={"jwt"})


def test_an_encryption_key_neither_signs_nor_verifies() -> None:
    agreeing = record(Algorithm.ECDH_ES)
    with pytest.raises(Misconfigured, match="does not sign"):
        sign(CLAIMS, agreeing, "JWT")
    jwk = dict(ES.jwk) | {"use": "enc"}
    del jwk["alg"]
    with pytest.raises(ProofInvalid, match="0 keys"):
        accept(sign(CLAIMS, ES, "JWT"), PublicKeySet.parse({"keys": [jwk]}))


def test_a_token_without_kid_needs_a_party_with_one_fitting_key() -> None:
    other = record(Algorithm.ES256, "other")
    signer = joserfc_key(ES)
    text = jwt.encode({"alg": "ES256", "typ": "JWT"}, dict(CLAIMS), signer)
    assert accept(text, key_set(ES)).claims == CLAIMS
    with pytest.raises(ProofInvalid, match="2 keys"):
        accept(text, key_set(ES, other))


def test_a_token_larger_than_anything_honest_is_not_looked_at() -> None:
    with pytest.raises(TooLarge):
        parse_compact("a" * 20_000)
    wide = encode(json.dumps({"alg": "ES256", "kid": "k" * 2_000}).encode())
    with pytest.raises(TooLarge):
        parse_compact(f"{wide}.e30.e30")


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_key_set_with_private_parts_is_refused(member: str) -> None:
    with pytest.raises(Malformed, match="private"):
        PublicKeySet.parse({"keys": [dict(ES.jwk) | {member: "AQAB"}]})


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "AAAA"},
        {"kty": "oct"},
        {},
        {"kty": 3},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA"},
        {"kty": "EC", "crv": "P-256", "x": encode(bytes(32)), "y": encode(bytes(32))},
        {"kty": "RSA", "n": encode(b"\xff" * 128), "e": "AQAB"},
        {"kty": "RSA", "n": encode(b"\xff" * 1025), "e": "AQAB"},
        {"kty": "RSA", "n": encode(b"\xff" * 256), "e": "AQ"},
        {"kty": "RSA", "n": encode(b"\xff" * 256), "e": encode(b"\xff" * 256)},
        {"kty": "RSA", "n": encode(b"\xff" * 256), "e": "AQAB="},
        {"kty": "RSA", "n": 5, "e": "AQAB"},
        dict(ES.jwk) | {"kid": ""},
        dict(ES.jwk) | {"kid": 7},
        dict(ES.jwk) | {"kid": "k" * 300},
    ],
)
def test_a_key_that_cannot_be_right_is_refused(jwk: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        PublicKey.parse(jwk)


@pytest.mark.parametrize(
    "document",
    [{}, {"keys": {}}, {"keys": [3]}, {"keys": [ES.jwk, ES.jwk]}, {"keys": [{"kty": "X"}] * 33}],
)
def test_a_key_set_that_cannot_be_right_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        PublicKeySet.parse(document)


@pytest.mark.requires("RFC7517-5")
def test_kinds_of_keys_that_we_do_not_use_are_skipped() -> None:
    unknown: list[dict[str, object]] = [
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"},
        {**ES.jwk, "kid": "es512", "alg": "ES512"},
        {**ES.jwk, "kid": "odd", "use": "odd"},
    ]
    assert PublicKeySet.parse({"keys": [*unknown, dict(ES.jwk)]}) == key_set(ES)


@pytest.mark.parametrize("algorithm", ENCRYPTING)
@pytest.mark.requires("RFC7516-5.1", "RFC7516-5.2")
def test_what_is_encrypted_to_us_opens_here_and_ours_opens_elsewhere(algorithm: Algorithm) -> None:
    key, text = record(algorithm), sign(CLAIMS, ES, "JWT")
    sealed = encrypt(text, key_set(key), algorithm=algorithm.value)
    assert is_encrypted(sealed)
    assert decrypt(sealed, ring(algorithm), now=NOW) == text
    foreign = joserfc_key(key)
    opened = jwe.decrypt_compact(sealed, foreign, algorithms=[algorithm.value, "A256GCM"])
    assert opened.plaintext == text.encode()
    assert opened.protected["cty"] == "JWT"


@pytest.mark.parametrize("algorithm", ENCRYPTING)
@given(data=st.data())
def test_an_encrypted_token_altered_anywhere_does_not_open(algorithm: Algorithm, data: st.DataObject) -> None:
    sealed = encrypt("text", key_set(record(algorithm)), algorithm=algorithm.value)
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from("Aa0_.-="))
    altered = sealed[:at] + letter + sealed[at + 1 :]
    if altered != sealed:
        with pytest.raises(Refusal):
            decrypt(altered, ring(algorithm), now=NOW)


def test_encrypting_to_a_party_without_a_fitting_key_is_refused() -> None:
    with pytest.raises(Malformed, match="no key to encrypt to"):
        encrypt("text", key_set(ES), algorithm="ECDH-ES")
    with pytest.raises(Malformed, match="no key to encrypt to"):
        encrypt("text", key_set(record(Algorithm.ECDH_ES)), algorithm="ECDH-ES", content="A128CBC-HS256")


def test_an_ephemeral_key_off_our_curve_or_with_a_secret_is_refused() -> None:
    sealed = encrypt("text", key_set(record(Algorithm.ECDH_ES)), algorithm="ECDH-ES")
    header = json.loads(decode(sealed.split(".")[0]))
    for change in ({"d": "AA"}, {"crv": "P-521"}, {"x": encode(bytes(32))}, {"kid": "x"}):
        crafted = header | {"epk": header["epk"] | change}
        text = ".".join([encode(json.dumps(crafted).encode()), *sealed.split(".")[1:]])
        with pytest.raises(Malformed):
            decrypt(text, ring(Algorithm.ECDH_ES), now=NOW)
    for wrong in ({**header, "epk": None}, {**header, "alg": "RSA-OAEP"}, {**header, "p2c": 1_000_000_000}):
        text = ".".join([encode(json.dumps(wrong).encode()), *sealed.split(".")[1:]])
        with pytest.raises(Malformed):
            decrypt(text, ring(Algorithm.ECDH_ES), now=NOW)


def test_our_own_keys_are_remembered_as_public_halves() -> None:
    keys = PublicKeySet.of_records(ring(Algorithm.ES256).published(NOW))
    assert accept(sign(CLAIMS, ES, "JWT"), keys).claims == CLAIMS
    assert PublicKeySet.of_records([ES]).keys[0] is keys.keys[0]
