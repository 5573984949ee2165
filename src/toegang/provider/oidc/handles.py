"""Handles: tokens that nobody but us reads, numbered, authenticated by a key of ours, and not stored.

A handle is `grant.number.mac`; each kind has a key of its own. Of a refresh token the number counts, and
only the one that is good now is kept with the grant: a copy of the database gives nobody a refresh token,
and a number that was used before is known for what it is. Of an access token it is the second of issue.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

LIMIT = 200  # characters


@dataclass(frozen=True, slots=True)
class Handle:
    """A handle whose mac was right: which grant, and the number."""

    grant: str
    number: int


@dataclass(frozen=True, slots=True)
class Handles:
    """Writes and reads one kind of handle; `key` is 32 secret bytes, for that kind only."""

    key: bytes = field(repr=False)

    def write(self, handle: Handle) -> str:
        """Write a handle, under 100 characters."""
        body = f"{handle.grant}.{handle.number}"
        return f"{body}.{self._mac(body)}"

    def read(self, text: str) -> Handle | None:
        """Read a handle of ours; None when it is none of this kind."""
        body, _, mac = text[:LIMIT].rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            return None
        grant, _, number = body.rpartition(".")
        return Handle(grant, int(number))

    def _mac(self, body: str) -> str:
        digest = hmac.digest(self.key, body.encode(), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
