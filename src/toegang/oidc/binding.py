"""What tokens are bound to: a key of the client (DPoP), or the certificate that it presents (mutual TLS)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Self


class Confirmation(enum.StrEnum):
    """RFC7800-3.1: the member of `cnf` that says how possession is shown."""

    KEY = "jkt"  # RFC9449-6.1
    CERTIFICATE = "x5t#S256"  # RFC8705-3.1


@dataclass(frozen=True, slots=True)
class Binding:
    """A thumbprint, and how possession of what it is of is shown."""

    by: Confirmation
    thumbprint: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what `str` wrote; None for an empty text, which binds to nothing."""
        if not text:
            return None
        word, _, thumbprint = text.rpartition(" ")
        return cls(Confirmation(word) if word else Confirmation.KEY, thumbprint)

    def __str__(self) -> str:
        """Write it to be kept: a bare thumbprint is of a key, as it was before there was another kind."""
        return self.thumbprint if self.by is Confirmation.KEY else f"{self.by.value} {self.thumbprint}"

    @property
    def cnf(self) -> dict[str, str]:
        """RFC7800-3.1: the claim that tells it."""
        return {self.by.value: self.thumbprint}


def token_type(binding: Binding | None) -> str:
    """RFC9449-5 and RFC8705-3: how a token is presented; with a certificate it stays a bearer token."""
    return "DPoP" if binding is not None and binding.by is Confirmation.KEY else "Bearer"
