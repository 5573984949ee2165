"""Keys and tokens for tests: made once per run, by script, and worth nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from toegang.jose.public_keys import PublicKeySet
from toegang.jose.segments import encode
from toegang.keys.jwk import public_members, thumbprint
from toegang.keys.ring import Algorithm, KeyRecord, KeyRing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@cache
def record(algorithm: Algorithm, label: str = "first") -> KeyRecord:
    """Return a key for the algorithm; another label is another key."""
    del label
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if algorithm.elliptic:
        private = ec.generate_private_key(ec.SECP256R1())
    else:
        private = rsa.generate_private_key(65537, 2048)
    return KeyRecord(
        kid=thumbprint(public_members(private.public_key())),
        algorithm=algorithm,
        published_from=NOW,
        active_from=NOW,
        private=private,
    )


def ring(*algorithms: Algorithm) -> KeyRing:
    """Return a ring with one active key per algorithm."""
    return KeyRing(keys=tuple(record(algorithm) for algorithm in algorithms))


def key_set(*records: KeyRecord) -> PublicKeySet:
    """Return the public halves as the other party would register them."""
    return PublicKeySet.parse({"keys": [dict(key.jwk) for key in records]})


def resegment(token: str, *, header: bytes | None = None, claims: bytes | None = None) -> str:
    """Return the token with another header or other claims under the old signature."""
    first, second, third = token.split(".")
    return ".".join(
        (
            first if header is None else encode(header),
            second if claims is None else encode(claims),
            third,
        )
    )
