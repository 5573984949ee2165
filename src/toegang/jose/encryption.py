"""Encrypting to other parties' keys and decrypting what was encrypted to ours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from joserfc import jwe
from joserfc.errors import JoseError

from toegang.errors import Malformed, ProofInvalid
from toegang.jose.compact import check_size, name
from toegang.jose.public_keys import ENCRYPTION_ALGORITHMS, PublicKey
from toegang.jose.segments import decode, parse_object
from toegang.jose.sign import joserfc_key
from toegang.keys.ring import Use

if TYPE_CHECKING:
    from datetime import datetime

    from joserfc.jwk import ECKey, RSAKey

    from toegang.jose.public_keys import PublicKeySet
    from toegang.jose.segments import JsonObject
    from toegang.keys.ring import KeyRecord, KeyRing

CONTENT_ENCRYPTIONS = frozenset({"A256GCM", "A128GCM"})
"""Authenticated and without padding: there is no padding to ask an oracle about."""

ENCRYPTED_LIMIT = 32_768
"""Characters; a signed token of TOKEN_LIMIT, encrypted, is about 22,000."""

HEADER_NAMES = frozenset({"alg", "enc", "kid", "typ", "cty", "epk", "apu", "apv"})
EPHEMERAL_MEMBERS = frozenset({"kty", "crv", "x", "y"})
PARTS = 5

REGISTRY = jwe.JWERegistry(algorithms=ENCRYPTION_ALGORITHMS | CONTENT_ENCRYPTIONS)


def is_encrypted(text: str) -> bool:
    """Return whether a compact token has the five parts of an encrypted one."""
    return text.count(".") == PARTS - 1


def encrypt(payload: str, keys: PublicKeySet, *, algorithm: str, content: str = "A256GCM") -> str:
    """RFC7516-5.1: encrypt a token (or JSON text) to a party's newest fitting key.

    `algorithm` and `content` are what the party registered; the first fitting key of its set is used.

    Raises:
        Malformed: the party has no encryption key for this algorithm, or one of them is not offered.

    """
    candidates = keys.candidates(use=Use.ENCRYPTION, algorithm=algorithm, kid=None)
    if not candidates or content not in CONTENT_ENCRYPTIONS:
        message = f"no key to encrypt to with {algorithm} and {content}"
        raise Malformed(message)
    recipient = candidates[0]
    header = {"alg": algorithm, "enc": content}
    if payload.count(".") == 2:  # noqa: PLR2004 - a signed token inside, RFC7519-5.2
        header["cty"] = "JWT"
    if recipient.kid is not None:
        header["kid"] = recipient.kid
    return jwe.encrypt_compact(header, payload.encode(), recipient.native, registry=REGISTRY)


def decrypt(text: str, ring: KeyRing, *, now: datetime, limit: int = ENCRYPTED_LIMIT) -> str:
    """RFC7516-5.2: decrypt what was encrypted to one of our published keys; `limit` in characters.

    Encryption proves nothing about who sent it: the caller must verify the signed token inside.

    Raises:
        TooLarge: longer than `limit`.
        Malformed: not five canonical segments, or a header outside the allow-list.
        ProofInvalid: it does not decrypt; no difference is made between the reasons.

    """
    check_size(text, limit)
    parts = text.split(".")
    if len(parts) != PARTS or not text.isascii():
        message = "not an encrypted token of five parts"
        raise Malformed(message)
    header = parse_object(decode(parts[0]))
    for part in parts[1:]:
        decode(part)
    native = _own_key(ring, header, now)
    try:
        opened = jwe.decrypt_compact(text, native, registry=REGISTRY)
        return (opened.plaintext or b"").decode("utf-8")
    except (JoseError, InvalidTag, ValueError, AssertionError) as error:
        message = "the encrypted token does not open"
        raise ProofInvalid(message) from error


def _own_key(ring: KeyRing, header: JsonObject, now: datetime) -> ECKey | RSAKey:
    algorithm, content, kid = name(header, "alg"), name(header, "enc"), name(header, "kid")
    if not header.keys() <= HEADER_NAMES or algorithm is None or content not in CONTENT_ENCRYPTIONS:
        message = "the header of an encrypted token has a member or value that is not accepted"
        raise Malformed(message)
    _check_ephemeral(algorithm, header.get("epk"))
    fitting = [
        key
        for key in ring.published(now)
        if key.use is Use.ENCRYPTION and key.algorithm.value == algorithm and kid in {None, key.kid}
    ]
    if len(fitting) != 1:
        message = f"{len(fitting)} of our keys fit the encrypted token; exactly one must"
        raise ProofInvalid(message)
    return _private_half(fitting[0])


def _check_ephemeral(algorithm: str, epk: object) -> None:
    """RFC7518-4.6.1: a public point on P-256 with ECDH-ES (else the agreement leaks our key), or nothing."""
    if algorithm != "ECDH-ES":
        if epk is not None:
            message = "an ephemeral key with an algorithm that has none"
            raise Malformed(message)
        return
    if not isinstance(epk, dict) or epk.keys() != EPHEMERAL_MEMBERS or PublicKey.parse(epk) is None:
        message = "the ephemeral key is not a public point on P-256"
        raise Malformed(message)


@lru_cache(maxsize=64)
def _private_half(record: KeyRecord) -> ECKey | RSAKey:
    # Remembered by the identity of the record: preparing a key costs more than decrypting with it.
    return joserfc_key(record)
