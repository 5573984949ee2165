"""An authenticator in software: passkeys as WebAuthn has them, behind the browser that shows a page.

Real keys and real signatures (WEBAUTHN3-6). Its person is always verified, unless whoever uses it says
otherwise; what it says of itself can be set, since that is what a hub must not simply believe.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, WITH_CREDENTIAL = 0x01, 0x04, 0x08, 0x10, 0x40
NO_MODEL = bytes(16)
SHORT = 24  # RFC8949-3: numbers below it stand in the head itself

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Kept:
    """One passkey on the device."""

    id: bytes
    rp_id: str
    handle: bytes
    key: EllipticCurvePrivateKey = field(repr=False)
    count: int = 0


@dataclass(slots=True, kw_only=True)
class Authenticator:
    """A device with passkeys; `origin` is that of the page that its browser shows.

    `eligible` and `backed_up` are what it says of its passkeys, `counts` whether it has a counter.
    """

    origin: str
    model: bytes = NO_MODEL
    verified: bool = True
    eligible: bool = False
    backed_up: bool = False
    counts: bool = True
    kept: list[Kept] = field(default_factory=list)

    def create(self, options: Mapping[str, Any], **changes: Any) -> Json:  # noqa: ANN401 any member of client data
        """WEBAUTHN3-5.1.3: make a passkey as a page asks; `changes` are to what the browser writes down."""
        rp_id, handle = options["rp"]["id"], decode(options["user"]["id"])
        made = Kept(id=os.urandom(32), rp_id=rp_id, handle=handle, key=generate_private_key(SECP256R1()))
        self.kept = [each for each in self.kept if (each.rp_id, each.handle) != (rp_id, handle)] + [made]
        return self.show(made, options, **changes)

    def show(self, made: Kept, options: Mapping[str, Any], **changes: Any) -> Json:  # noqa: ANN401 the same
        """WEBAUTHN3-6.5: show a passkey as a new one, to whoever asked for it."""
        client_data = self._client_data("webauthn.create", options["challenge"], changes)
        data = self._data(made, WITH_CREDENTIAL) + self._credential(made)
        attestation = {"fmt": "none", "attStmt": {}, "authData": data} | self.vouch(made, data, client_data)
        return self._answer(
            made, client_data, {"attestationObject": encode(cbor(attestation)), "transports": ["internal"]}
        )

    def use(self, options: Mapping[str, Any], kept: Kept | None = None, **changes: Any) -> Json:  # noqa: ANN401 the same
        """WEBAUTHN3-5.1.4: use a passkey as a page asks, the newest when nobody says which."""
        used = kept or next(each for each in reversed(self.kept) if each.rp_id == options["rpId"])
        if self.counts:
            used.count += 1
        client_data = self._client_data("webauthn.get", options["challenge"], changes)
        data = self._data(used)
        signed = used.key.sign(data + hashlib.sha256(client_data).digest(), ECDSA(SHA256()))
        told = {"authenticatorData": data, "signature": signed, "userHandle": used.handle}
        return self._answer(used, client_data, {name: encode(value) for name, value in told.items()})

    def vouch(self, made: Kept, data: bytes, client_data: bytes) -> Json:  # noqa: ARG002 for devices that do
        """Return what vouches for a new passkey: nothing; other devices have a certificate."""
        return {}

    def _answer(self, kept: Kept, client_data: bytes, response: Json) -> Json:
        return {
            "id": encode(kept.id),
            "rawId": encode(kept.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {"clientDataJSON": encode(client_data)} | response,
        }

    def _client_data(self, kind: str, challenge: str, changes: Mapping[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | dict(changes)).encode()

    def _data(self, kept: Kept, more: int = 0) -> bytes:
        """WEBAUTHN3-6.1: write authenticator data, up to the counter."""
        flags = PRESENT | more | (VERIFIED if self.verified else 0)
        flags |= (ELIGIBLE if self.eligible else 0) | (BACKED_UP if self.backed_up else 0)
        return hashlib.sha256(kept.rp_id.encode()).digest() + bytes([flags]) + kept.count.to_bytes(4, "big")

    def _credential(self, kept: Kept) -> bytes:
        """WEBAUTHN3-6.5.1: write the new credential, with its key on P-256 (RFC9053-7.1.1)."""
        point = kept.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        key = cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return self.model + len(kept.id).to_bytes(2, "big") + kept.id + key


def encode(octets: bytes) -> str:
    """RFC4648-5: base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """RFC4648-5: the octets."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value: object) -> bytes:
    """RFC8949-4.2.1: write whole numbers, octets, texts, lists and mappings, as WebAuthn has them."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(cbor(name) + cbor(each) for name, each in value.items())
    message = f"cannot be written: {type(value)}"
    raise TypeError(message)


def _head(kind: int, number: int) -> bytes:
    if number < SHORT:
        return bytes([kind << 5 | number])
    size = max(1, (number.bit_length() + 7) // 8)
    size = 1 << (size - 1).bit_length()
    return bytes([kind << 5 | 23 + size.bit_length()]) + number.to_bytes(size, "big")
