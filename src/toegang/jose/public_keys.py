"""Other parties' public keys: parsed once, when they are registered or fetched; believed ever after."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from joserfc.jwk import ECKey, RSAKey

from toegang.errors import Malformed, Misconfigured
from toegang.jose.compact import name
from toegang.jose.segments import decode
from toegang.keys.jwk import PublicKeyObject, public_members, thumbprint
from toegang.keys.ring import Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.jose.segments import JsonObject
    from toegang.keys.ring import KeyRecord

SIGNATURE_ALGORITHMS = frozenset({"ES256", "RS256", "PS256"})
ENCRYPTION_ALGORITHMS = frozenset({"RSA-OAEP", "RSA-OAEP-256", "ECDH-ES"})

ALGORITHMS_BY_KEY = {
    ("EC", Use.SIGNING): frozenset({"ES256"}),
    ("RSA", Use.SIGNING): frozenset({"RS256", "PS256"}),
    ("EC", Use.ENCRYPTION): frozenset({"ECDH-ES"}),
    ("RSA", Use.ENCRYPTION): frozenset({"RSA-OAEP", "RSA-OAEP-256"}),
}
"""What a key without `alg` may be used with: never symmetric, never none, so there is nothing to confuse."""

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
LARGEST_RSA = 8_192
LARGEST_EXPONENT = 1 << 32
SET_LIMIT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """One public key with the only algorithms and the only uses that it may serve."""

    kid: str | None
    uses: frozenset[Use]
    algorithms: frozenset[str]
    thumbprint: str
    native: ECKey | RSAKey = field(repr=False, compare=False)

    @classmethod
    def parse(cls, jwk: JsonObject) -> Self | None:
        """RFC7517-4: read one key; None for a kind of key that we do not use (RFC7517-5 asks to skip it).

        Raises:
            Malformed: private or symmetric parts, RSA under 2048 or over 8192 bits, a point that is not
                on the curve, or members that contradict each other.

        """
        kty = name(jwk, "kty")
        if kty is None or kty == "oct" or jwk.keys() & PRIVATE_MEMBERS:
            message = "a public key set holds a private, symmetric or nameless key"
            raise Malformed(message)
        public = _public_object(kty, jwk)
        uses = _uses(jwk)
        if public is None or not uses:
            return None
        algorithms = frozenset().union(*(ALGORITHMS_BY_KEY[kty, use] for use in uses))
        alg = name(jwk, "alg")
        if alg is not None:
            algorithms &= {alg}
        if not algorithms:
            return None
        return cls._of(public, kid=name(jwk, "kid"), uses=uses, algorithms=algorithms)

    @classmethod
    def of_record(cls, record: KeyRecord) -> Self:
        """Return the public half of one of our own keys."""
        return cls._of(
            record.private.public_key(),
            kid=record.kid,
            uses=frozenset({record.use}),
            algorithms=frozenset({record.algorithm.value}),
        )

    @classmethod
    def _of(
        cls, public: PublicKeyObject, *, kid: str | None, uses: frozenset[Use], algorithms: frozenset[str]
    ) -> Self:
        try:
            members = public_members(public)
        except Misconfigured as error:
            # The same rule as for our own keys, but here it is the other party that must mend it.
            raise Malformed(error.detail) from error
        native: ECKey | RSAKey
        if isinstance(public, EllipticCurvePublicKey):
            native = ECKey.import_key(public)
        else:
            native = RSAKey.import_key(public)
        return cls(kid=kid, uses=uses, algorithms=algorithms, thumbprint=thumbprint(members), native=native)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeySet:
    """RFC7517-5: the keys of one party."""

    keys: tuple[PublicKey, ...]

    @classmethod
    def parse(cls, document: JsonObject) -> Self:
        """Read a key set, skipping kinds of keys that we do not use.

        Raises:
            Malformed: no list of keys, more than SET_LIMIT, one name for two keys of one use, or any key
                that is refused by `PublicKey.parse`.

        """
        entries = document.get("keys")
        if not isinstance(entries, list) or len(entries) > SET_LIMIT:
            message = f"a key set has a list of at most {SET_LIMIT} keys"
            raise Malformed(message)
        keys: list[PublicKey] = []
        for entry in entries:
            if not isinstance(entry, dict):
                message = "a key is a JSON object"
                raise Malformed(message)
            key = PublicKey.parse(entry)
            if key is not None:
                keys.append(key)
        named = [(key.kid, use) for key in keys for use in key.uses if key.kid is not None]
        if len(set(named)) != len(named):
            message = "a key set has two keys under one name"
            raise Malformed(message)
        return cls(keys=tuple(keys))

    @classmethod
    def of_records(cls, records: Iterable[KeyRecord]) -> Self:
        """Return the public halves of our own keys, such as `ring.published(now)`."""
        return cls(keys=tuple(_public_half(record) for record in records))

    def candidates(self, *, use: Use, algorithm: str, kid: str | None) -> tuple[PublicKey, ...]:
        """Return the keys that may serve: this use, this algorithm, and this name if one is given."""
        return tuple(
            key
            for key in self.keys
            if use in key.uses and algorithm in key.algorithms and (kid is None or kid == key.kid)
        )


@lru_cache(maxsize=256)
def _public_half(record: KeyRecord) -> PublicKey:
    # Remembered by the identity of the record: converting a key costs more than verifying with it.
    return PublicKey.of_record(record)


def _uses(jwk: JsonObject) -> frozenset[Use]:
    use = name(jwk, "use")
    if use is None:
        return frozenset(Use)
    return frozenset(known for known in Use if known.value == use)


def _public_object(kty: str, jwk: JsonObject) -> PublicKeyObject | None:
    try:
        if kty == "EC" and jwk.get("crv") == "P-256":
            point = EllipticCurvePublicNumbers(_number(jwk, "x"), _number(jwk, "y"), SECP256R1())
            return point.public_key()
        if kty == "RSA":
            exponent, modulus = _number(jwk, "e"), _number(jwk, "n")
            if modulus.bit_length() > LARGEST_RSA or exponent > LARGEST_EXPONENT:
                message = f"an RSA key of more than {LARGEST_RSA} bits, or with an endless exponent"
                raise Malformed(message)
            return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        message = "the numbers of a key are not a key"
        raise Malformed(message) from error
    return None


def _number(jwk: JsonObject, member: str) -> int:
    value = jwk.get(member)
    if not isinstance(value, str):
        message = f"a key lacks {member}"
        raise Malformed(message)
    return int.from_bytes(decode(value), "big")
