"""How a pseudonym is spelt: base64url as it is derived, or without capitals where these mean nothing."""

from __future__ import annotations

import binascii
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode


def caseless(pseudonym: str) -> str:
    """SAML-SubjectID-3.1.1: such a name means the same in capitals, so it is written in base32."""
    octets = urlsafe_b64decode(pseudonym + "=" * (-len(pseudonym) % 4))
    return b32encode(octets).rstrip(b"=").decode().lower()


def as_derived(name: str, scope: str) -> str:
    """Return a pseudonym as it is derived, also of a name with a scope that was told in SAML.

    What is spelt in no way of ours is returned as it is: it stands for nobody.
    """
    local, at, behind = name.partition("@")
    if not at or behind.lower() != scope.lower():
        return name
    padded = local.upper() + "=" * (-len(local) % 8)
    try:
        octets = b32decode(padded)
    except (binascii.Error, ValueError):
        return name
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
