"""What a device does with push: it makes its keys, subscribes, waits for a message and opens it (RFC 8291).

Written from the receiver's side of the norm and by hand, so that it agrees with the hub by the norm alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Any

import httpx2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.app_device import encode

SALT = 16
HEADER = SALT + 5
MARK = b"\x02"


@dataclass(slots=True, kw_only=True)
class Pushes:
    """One device's keys for push, and its subscription once there is one."""

    key: EllipticCurvePrivateKey = field(
        default_factory=lambda: generate_private_key(SECP256R1()), repr=False
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16), repr=False)
    endpoint: str = ""
    own: str = field(default="", repr=False)

    async def subscribe(self, service: str, hub_key: str) -> dict[str, str]:
        """Subscribe at a push service for the hub's key; return what the hub is told."""
        async with httpx2.AsyncClient(timeout=30) as client:
            made = await client.post(f"{service}/subscribe", content=hub_key.encode())
        self.own = made.headers["location"]
        self.endpoint = made.headers["link"].partition("<")[2].partition(">")[0]
        return self.told()

    def told(self) -> dict[str, str]:
        """Return what the hub is told."""
        return {"endpoint": self.endpoint, "p256dh": encode(self.point), "auth": encode(self.auth)}

    async def receive(self) -> dict[str, Any]:
        """Wait for a message, and open it; empty when none came."""
        async with httpx2.AsyncClient(timeout=30) as client:
            answer = await client.get(self.own)
        return dict(json.loads(self.opened(answer.content))) if answer.content else {}

    async def end(self) -> None:
        """End the subscription."""
        async with httpx2.AsyncClient(timeout=30) as client:
            await client.delete(self.own)

    def opened(self, body: bytes) -> bytes:
        """RFC8188-2.1, RFC8291-3: open one record."""
        salt, length = body[:SALT], body[HEADER - 1]
        theirs, sealed = body[HEADER : HEADER + length], body[HEADER + length :]
        sender = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs)
        agreed = self.key.exchange(ECDH(), sender)
        mixed = hmac.digest(self.auth, agreed, hashlib.sha256)
        secret = _expanded(mixed, b"WebPush: info\x00" + self.point + theirs, 32)
        base = hmac.digest(salt, secret, hashlib.sha256)
        key = _expanded(base, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _expanded(base, b"Content-Encoding: nonce\x00", 12)
        text, mark, _ = AESGCM(key).decrypt(nonce, sealed, None).rpartition(MARK)
        if mark != MARK:
            message = "no last record"
            raise ValueError(message)
        return text

    @property
    def point(self) -> bytes:
        """The public half of the key, uncompressed."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _expanded(key: bytes, info: bytes, length: int) -> bytes:
    """RFC5869-2.3: the first block is all that is ever needed here."""
    return hmac.digest(key, info + b"\x01", hashlib.sha256)[:length]
