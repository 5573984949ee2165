"""O10: forged tokens. Whatever is done to a token of ours or of a party, the gate does not open.

The short form tries a few thousand mutations; with `--full` it is a million.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.jose.keyrings import NOW, key_set, record, resegment, ring
from tests.volumes import Counting, volume
from toegang.errors import Refusal
from toegang.jose.compact import parse_compact
from toegang.jose.encryption import decrypt
from toegang.jose.segments import encode
from toegang.jose.sign import sign
from toegang.jose.verify import VerifiedToken, verify
from toegang.keys.ring import Algorithm, KeyRing

if TYPE_CHECKING:
    from collections.abc import Callable

MUTATIONS = volume(1_000, 300_000)  # of each token
TEXTS = volume(500, 100_000)
KEYS = {
    algorithm.value: record(algorithm) for algorithm in (Algorithm.ES256, Algorithm.RS256, Algorithm.PS256)
}
PARTY = key_set(*KEYS.values())
CLAIMS: dict[str, object] = {"iss": "client", "aud": "https://hub.example", "exp": 2_000_000_000}
TOKENS = {name: sign(CLAIMS, key, "JWT") for name, key in KEYS.items()}
ALPHABET = "ABCXYZabcxyz0189-_.=+/\n\x00é"
LETTERS = '{}[]":,\\ \u200b\ud800\U0001f600' + "abcdefghijklmnopqrstuvwxyz"


def accept(text: str) -> VerifiedToken:
    return verify(parse_compact(text), PARTY, algorithms=set(KEYS), types={"jwt"})


def header(**members: object) -> bytes:
    return json.dumps({"alg": "ES256", "kid": KEYS["ES256"].kid, "typ": "JWT"} | members).encode()


def test_the_tokens_that_are_mutated_here_are_themselves_accepted() -> None:
    for token in TOKENS.values():
        assert accept(token).claims == CLAIMS


@pytest.mark.parametrize(
    "name", ["none", "None", "NONE", "nOnE", "", "HS256", "HS512", "EdDSA", "ES512", "RS1"]
)
@pytest.mark.requires("RFC8725-3.1")
def test_no_signature_and_foreign_algorithms_are_refused(name: str) -> None:
    for token in TOKENS.values():
        forged = resegment(token, header=header(alg=name))
        for text in (forged, forged.rsplit(".", 1)[0] + "."):
            with pytest.raises(Refusal):
                accept(text)


@pytest.mark.requires("RFC8725-2.1")
def test_a_public_key_is_no_shared_secret() -> None:
    jwk = json.dumps(KEYS["RS256"].jwk).encode()
    for secret in (jwk, b"", KEYS["RS256"].jwk["n"].encode()):
        signed = f"{encode(header(alg='HS256', kid=KEYS['RS256'].kid))}.{encode(b'{}')}"
        mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
        with pytest.raises(Refusal):
            accept(f"{signed}.{encode(mac)}")


@pytest.mark.parametrize(
    "members",
    [
        {"jwk": dict(KEYS["ES256"].jwk)},
        {"jku": "https://thief.example/jwks"},
        {"x5u": "https://thief.example/chain"},
        {"x5c": ["MIIB"]},
        {"x5t": "AAAA"},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
        {"enc": "A256GCM"},
        {"p2c": 1_000_000_000, "p2s": "AAAA"},
        {"kid": "../../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"kid": None},
        {"kid": ["a"]},
        {"alg": None},
        {"alg": ["ES256"]},
        {"typ": 1},
    ],
)
def test_a_header_that_brings_or_bends_anything_is_refused(members: dict[str, object]) -> None:
    # Signed for real by the thief's own key, and, for the parts that can, by the right key.
    thief = record(Algorithm.ES256, "thief")
    for key in (thief, KEYS["ES256"]):
        signer = sign(CLAIMS, key, "JWT")
        with pytest.raises(Refusal):
            accept(resegment(signer, header=header(**members)))


def test_a_duplicate_name_in_header_or_claims_is_refused() -> None:
    doubled = b'{"alg":"none","alg":"ES256","typ":"JWT"}'
    with pytest.raises(Refusal):
        accept(resegment(TOKENS["ES256"], header=doubled))
    with pytest.raises(Refusal):
        accept(resegment(TOKENS["ES256"], claims=b'{"aud":"a","aud":"b"}'))


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        bytes(64),
        bytes(63) + b"\x01",
        b"\xff" * 64,
        bytes(32) + b"\xff" * 32,
        bytes(72),
        b"\x30\x06\x02\x01\x00\x02\x01\x00",
    ],
)
def test_an_empty_zero_or_overlong_elliptic_signature_is_refused(signature: bytes) -> None:
    first, second, _ = TOKENS["ES256"].split(".")
    with pytest.raises(Refusal):
        accept(f"{first}.{second}.{encode(signature)}")


def test_a_signature_by_one_rsa_padding_does_not_pass_for_the_other() -> None:
    for mine, other in (("RS256", "PS256"), ("PS256", "RS256")):
        swapped = header(alg=other, kid=KEYS[mine].kid)
        with pytest.raises(Refusal):
            accept(resegment(TOKENS[mine], header=swapped))


@pytest.mark.parametrize(
    "spell",
    [
        lambda token: token + "=",
        lambda token: token + ".",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token.replace(".", "..", 1),
        lambda token: token.replace("-", "+").replace("_", "/") + "+",
        lambda token: token[:-1],
        lambda token: ".".join(part + "==" for part in token.split(".")),
        lambda token: json.dumps({"payload": token.split(".")[1], "signatures": []}),
        lambda token: token + "." + token,
        lambda token: token.upper(),
    ],
)
def test_another_spelling_of_a_good_token_is_refused(spell: Callable[[str], str]) -> None:
    for token in TOKENS.values():
        with pytest.raises(Refusal):
            accept(spell(token))


def test_unused_bits_of_a_signature_are_not_ignored() -> None:
    # 64 octets end in a letter of which four bits are unused; each other value is another spelling.
    token = TOKENS["ES256"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for letter in letters:
        if letter != token[-1]:
            with pytest.raises(Refusal):
                accept(token[:-1] + letter)


def test_a_signed_token_is_no_encrypted_one_and_the_other_way_round() -> None:
    with pytest.raises(Refusal):
        decrypt(TOKENS["ES256"], ring(Algorithm.ECDH_ES), now=NOW)
    with pytest.raises(Refusal):
        accept(TOKENS["ES256"] + ".AAAA.AAAA")


@pytest.mark.parametrize(
    "members",
    [
        {"alg": "RSA1_5", "enc": "A256GCM"},
        {"alg": "PBES2-HS256+A128KW", "enc": "A256GCM", "p2c": 1_000_000_000, "p2s": "AAAA"},
        {"alg": "dir", "enc": "A256GCM"},
        {"alg": "A256KW", "enc": "A256GCM"},
        {"alg": "RSA-OAEP-256", "enc": "A128CBC-HS256"},
        {"alg": "RSA-OAEP-256", "enc": "A256GCM", "zip": "DEF"},
        {"alg": "RSA-OAEP-256", "enc": "A256GCM", "crit": ["zip"]},
        {"alg": "RSA-OAEP-256", "enc": "A256GCM", "jwk": {}},
        {"alg": "RSA-OAEP-256"},
        {"enc": "A256GCM"},
    ],
)
def test_an_encrypted_token_that_bends_or_bombs_is_refused(members: dict[str, object]) -> None:
    bomb = encode(zlib.compress(bytes(10_000_000), 9)[:8_000])
    parts = [
        encode(json.dumps(members).encode()),
        encode(bytes(256)),
        encode(bytes(12)),
        bomb,
        encode(bytes(16)),
    ]
    with pytest.raises(Refusal):
        decrypt(".".join(parts), ring(Algorithm.RSA_OAEP_256), now=NOW)


def mutate(dice: Random, token: str) -> str:
    """Make one to four small changes: replace, drop, double, swap, move a dot."""
    text = token
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, max(len(text) - 2, 0))
        letter = dice.choice(ALPHABET)
        head, here, tail = text[:at], text[at : at + 1], text[at + 1 :]
        undotted = text.replace(".", "", 1)
        text = dice.choice(
            (
                head + letter + tail,
                head + tail,
                head + here + here + tail,
                head + tail[:1] + here + tail[1:],
                undotted[:at] + "." + undotted[at:],
            )
        )
    return text


def invented(dice: Random) -> str:
    """Make up a text, or segments of octets with dots between them."""
    if dice.random() < 0.5:
        return "".join(dice.choices(ALPHABET + LETTERS, k=dice.randint(0, 400)))
    return ".".join(encode(dice.randbytes(dice.randint(0, 60))) for _ in range(dice.randint(0, 6)))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", list(TOKENS))
def test_no_mutation_of_a_token_is_accepted(name: str, counting: Counting) -> None:
    dice = Random(name)  # noqa: S311 the same dice every time
    accepted = []
    for _ in counting(f"mutations of {name}", MUTATIONS):
        text = mutate(dice, TOKENS[name])
        if text != TOKENS[name] and is_accepted(text):
            accepted.append(text)
    assert accepted == []


def is_accepted(text: str) -> bool:
    """Tell whether the gate opens; anything that is raised but a refusal is a fault of ours."""
    try:
        accept(text)
    except Refusal:
        return False
    return True


@pytest.mark.timeout(3600)
def test_no_text_at_all_causes_anything_but_a_refusal(counting: Counting) -> None:
    dice, keys = Random("texts"), ring(Algorithm.RSA_OAEP_256)  # noqa: S311 the same dice every time
    for _ in counting("texts", TEXTS):
        refuse(invented(dice), keys)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=400)
    | st.lists(st.binary(max_size=60), max_size=6).map(lambda p: ".".join(map(encode, p)))
)
def test_no_text_that_hypothesis_thinks_of_causes_anything_but_a_refusal(text: str) -> None:
    refuse(text, ring(Algorithm.RSA_OAEP_256))


def refuse(text: str, keys: KeyRing) -> None:
    with pytest.raises(Refusal):
        accept(text)
    with pytest.raises(Refusal):
        decrypt(text, keys, now=NOW)
