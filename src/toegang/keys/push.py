"""RFC8291, RFC8188: what is pushed to a browser or telephone, sealed so that its push service reads nothing.

One record, with fresh keys for each message; and the key by which push services know us (RFC8292).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toegang.errors import Malformed
from toegang.keys.jwk import public_members, thumbprint
from toegang.keys.ring import Algorithm, KeyRecord
from toegang.keys.secret import derive, fresh

if TYPE_CHECKING:
    from datetime import datetime

KEY_BYTES = 65  # a point of P-256 as two coordinates, uncompressed
AUTH_BYTES = 16
SALT_BYTES = 16
RECORD_BYTES = 4096
LARGEST = 3993  # RFC8291-4: octets of a text that every push service takes
LAST_RECORD = b"\x02"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True, kw_only=True)
class PushKey:
    """RFC8292-2: the key by which every push service knows us; subscriptions are bound to it."""

    record: KeyRecord = field(repr=False)
    public: bytes

    @classmethod
    def derive(cls, secret: bytes, since: datetime) -> Self:
        """Make it of a secret of 32 bytes: the same secret makes the same key.

        Twice the octets that a key has, so that no key is likelier than another (FIPS186-5-A.2.1).

        Raises:
            Misconfigured: the secret has another length.

        """
        octets = derive(secret, "push", "identity, first half") + derive(
            secret, "push", "identity, second half"
        )
        private = derive_private_key(int.from_bytes(octets, "big") % (_ORDER - 1) + 1, SECP256R1())
        record = KeyRecord(
            kid=thumbprint(public_members(private.public_key())),
            algorithm=Algorithm.ES256,
            published_from=since,
            active_from=since,
            private=private,
        )
        return cls(record=record, public=point_of(private))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """RFC8291-2: what one subscription gives us to seal for it: a point on P-256 and a shared secret."""

    key: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what nothing can be sealed for.

        Raises:
            Malformed: not a point on the curve, or a secret of another length.

        """
        if len(self.key) != KEY_BYTES or len(self.auth) != AUTH_BYTES:
            message = "a subscription has a key of 65 octets and a secret of 16"
            raise Malformed(message)
        self.point()

    def point(self) -> EllipticCurvePublicKey:
        """Return the key as a point that is on the curve.

        Raises:
            Malformed: it is not.

        """
        try:
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.key)
        except ValueError as error:
            message = "the key of a subscription is no point on P-256"
            raise Malformed(message) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What is used for one message and never again: our half of the agreement, and the salt."""

    private: EllipticCurvePrivateKey = field(repr=False)
    salt: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Self:
        """Draw both."""
        return cls(private=generate_private_key(SECP256R1()), salt=fresh(SALT_BYTES))


def seal_push(text: bytes, receiver: Receiver, once: Once) -> bytes:
    """RFC8291-3.4, RFC8188-2: seal a text for one subscription, as one record.

    1. Agree on a secret with the receiver's point, and mix in what only it and we know.
    2. Make of that the key and the nonce of this one message, under its salt.
    3. Seal the text and the mark of the last record; before it goes what the receiver needs to open it.

    Raises:
        Malformed: the text is longer than every push service takes.

    """
    if len(text) > LARGEST:
        message = f"a push message has at most {LARGEST} octets"
        raise Malformed(message)
    # 1.
    ours = point_of(once.private)
    agreed = once.private.exchange(ECDH(), receiver.point())
    secret = _hkdf(receiver.auth, b"WebPush: info\x00" + receiver.key + ours, 32).derive(agreed)
    # 2.
    key = _hkdf(once.salt, b"Content-Encoding: aes128gcm\x00", 16).derive(secret)
    nonce = _hkdf(once.salt, b"Content-Encoding: nonce\x00", 12).derive(secret)
    # 3.
    header = once.salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, text + LAST_RECORD, None)


def point_of(private: EllipticCurvePrivateKey) -> bytes:
    """Return the public half of a key, uncompressed (RFC8291-3.1)."""
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, info: bytes, length: int) -> HKDF:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info)
