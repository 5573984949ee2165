"""A public key as a JSON Web Key, and the name that follows from it."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from toegang.errors import Misconfigured

PublicKeyObject = EllipticCurvePublicKey | RSAPublicKey
PrivateKeyObject = EllipticCurvePrivateKey | RSAPrivateKey

WEAKEST_RSA = 2048
"""Bits; smaller RSA keys are refused everywhere (RFC7518-3.3)."""

P256_BYTES = 32


def public_members(key: PublicKeyObject) -> dict[str, str]:
    """RFC7517-4 and RFC7518-6: the members that make the public key, and nothing else.

    Raises:
        Misconfigured: the key is on another curve than P-256, or RSA under 2048 bits.

    """
    if isinstance(key, EllipticCurvePublicKey):
        if not isinstance(key.curve, SECP256R1):
            message = f"an elliptic curve key is on {key.curve.name}; use P-256"
            raise Misconfigured(message)
        point = key.public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": _base64url(point.x, P256_BYTES),
            "y": _base64url(point.y, P256_BYTES),
        }
    if key.key_size < WEAKEST_RSA:
        message = f"an RSA key has {key.key_size} bits; use at least {WEAKEST_RSA}"
        raise Misconfigured(message)
    numbers = key.public_numbers()
    return {
        "kty": "RSA",
        "n": _base64url(numbers.n, (numbers.n.bit_length() + 7) // 8),
        "e": _base64url(numbers.e, (numbers.e.bit_length() + 7) // 8),
    }


def thumbprint(members: dict[str, str]) -> str:
    """RFC7638-3: SHA-256 over the required members in order, as base64url without padding."""
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    return _encode(hashlib.sha256(canonical).digest())


def _base64url(number: int, size: int) -> str:
    return _encode(number.to_bytes(size, "big"))


def _encode(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
