"""Codes that reach a person by another way (a letter, a text message), and guesses at them.

A guess is one atomic change of the stored code: it counts, and it fits or not. Nothing but a keyed
hash is stored, made for one purpose and one subject, so that a code fits nowhere else.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone

if TYPE_CHECKING:
    from toegang.errors import Refusal
    from toegang.keys.secret import FindingKey

LONGEST_TYPED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code under way: `[.., until)`, with `tries` guesses left; `sent` counts how often one was sent.

    A new code in place of an old one never gives tries back.
    """

    hash: bytes = field(repr=False)
    until: datetime
    tries: int
    sent: int = 1
    fitted: bool = False

    def tried(self, hashed: bytes, now: datetime) -> Code | Refusal:
        """NIST-SP800-63B-3.1.3.2: count one guess; the result is `fitted` when it was right.

        A code that was used, has expired or has no tries left is gone, and no guess is looked at.
        """
        if self.fitted or self.tries <= 0 or now >= self.until:
            return OneTimeGone()
        fits = hmac.compare_digest(self.hash, hashed)
        return replace(self, tries=self.tries - 1, fitted=fits)

    def after(self, before: Code | None) -> Code:
        """Return this code with no more tries than `before` has left by now: guesses go on meanwhile."""
        return self if before is None else replace(self, tries=min(self.tries, before.tries))

    def replaced(self, hashed: bytes, until: datetime) -> Code:
        """Return the code that is sent in place of this one, with the tries that were left."""
        return replace(self, hash=hashed, until=until, sent=self.sent + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeHash:
    """Hashes codes under a key: six digits alone would be found back at once."""

    key: FindingKey

    def of(self, purpose: str, subject: str, typed: str) -> bytes:
        """Hash a code for one purpose and one subject, however it was typed (case, spaces, hyphens)."""
        letters = "".join(sign for sign in typed[:LONGEST_TYPED].upper() if sign.isalnum())
        return self.key.find(f"{purpose}\0{subject}\0{letters}".encode())
