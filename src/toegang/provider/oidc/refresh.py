"""Refresh tokens: numbered, authenticated by a key of ours, and not stored.

A token is `grant.number.mac`. Only the number that is good now is kept with the grant, so a copy of
the database gives nobody a refresh token, and a number that was used before is known for what it is.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from toegang.errors import OneTimeGone

LIMIT = 200  # characters


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token whose mac was right: which grant, and which of its tokens."""

    grant: str
    number: int


@dataclass(frozen=True, slots=True)
class RefreshTokens:
    """Writes and reads refresh tokens; `key` is 32 secret bytes."""

    key: bytes = field(repr=False)

    def write(self, token: RefreshToken) -> str:
        """Write a token, under 100 characters."""
        body = f"{token.grant}.{token.number}"
        return f"{body}.{self._mac(body)}"

    def read(self, text: str) -> RefreshToken:
        """Read a token of ours.

        Raises:
            OneTimeGone: it is not one.

        """
        body, _, mac = text[:LIMIT].rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(body).encode()):
            message = "not a refresh token of ours"
            raise OneTimeGone(message)
        grant, _, number = body.rpartition(".")
        return RefreshToken(grant, int(number))

    def _mac(self, body: str) -> str:
        digest = hmac.digest(self.key, b"refresh token\x00" + body.encode(), sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
