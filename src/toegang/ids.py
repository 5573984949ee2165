"""The only place where randomness is drawn: identifiers, secrets and codes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Protocol

import uuid_utils.compat

if TYPE_CHECKING:
    from uuid import UUID

# Without vowels, and without letters and digits that people confuse on paper.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


class Ids(Protocol):
    """Draws identifiers and secrets."""

    def uuid(self) -> UUID:
        """Return a UUIDv7: unique, ordered by time, not secret (RFC9562-5.7)."""
        ...

    def token(self, size: int = 32) -> str:
        """Return a secret of `size` random bytes as base64url without padding."""
        ...

    def secret(self, size: int) -> bytes:
        """Return `size` random bytes, for a key."""
        ...

    def digits(self, count: int) -> str:
        """Return a code of `count` decimal digits, each equally likely."""
        ...

    def reference(self) -> str:
        """Return a code that a person can read aloud: 3 x 4 characters, 57 bits."""
        ...


class SystemIds:
    """Randomness of the operating system."""

    def uuid(self) -> UUID:
        """Return a UUIDv7 (RFC9562-5.7)."""
        return uuid_utils.compat.uuid7()

    def token(self, size: int = 32) -> str:
        """Return a secret of `size` random bytes as base64url without padding."""
        return secrets.token_urlsafe(size)

    def secret(self, size: int) -> bytes:
        """Return `size` random bytes, for a key."""
        return secrets.token_bytes(size)

    def digits(self, count: int) -> str:
        """Return a code of `count` decimal digits, each equally likely."""
        return f"{secrets.randbelow(10**count):0{count}d}"

    def reference(self) -> str:
        """Return a code that a person can read aloud: 3 x 4 characters, 57 bits."""
        number = secrets.randbelow(len(REFERENCE_ALPHABET) ** 12)
        letters = ""
        for _ in range(12):
            number, at = divmod(number, len(REFERENCE_ALPHABET))
            letters += REFERENCE_ALPHABET[at]
        return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
