"""One check of one document: what it is bound to, drawn once and kept by the server until the answer came."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from toegang.emrtd.access import AccessKey
from toegang.emrtd.faults import Fault, refuse

LEAST: Final = 32
"""Octets of a nonce and of a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A nonce of ours that a reader may know, a secret that never leaves the server, and the key announced.

    Everything random in a check is derived from these, each under a label of its own: the chip's challenge
    from the nonce, private keys from the secret. So nothing else is kept, and an answer to another session is
    an answer to other questions. `key` is what the person typed or scanned; None when nothing was announced.
    """

    nonce: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    key: AccessKey | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what could be guessed."""
        if len(self.nonce) < LEAST or len(self.secret) < LEAST:
            refuse(Fault.UNREADABLE, "a nonce and a secret are 32 octets or more")

    def public(self, label: str, size: int) -> bytes:
        """Derive octets that may be known, at most 32, from the nonce alone."""
        return hashlib.sha256(b"toegang emrtd\x00" + label.encode() + b"\x00" + self.nonce).digest()[:size]

    def private(self, label: str, size: int) -> bytes:
        """Derive octets that stay here, at most 128, from nonce and secret."""
        seed = label.encode() + b"\x00" + self.nonce
        blocks = (hmac.digest(self.secret, bytes([at]) + seed, "sha256") for at in range(4))
        return b"".join(blocks)[:size]
