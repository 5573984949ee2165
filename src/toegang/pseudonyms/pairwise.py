"""Pairwise identifiers: one person, one name per sector, and no way from one to the other.

OIDCC-8.1: the same person always has the same identifier at the services of one sector, another one
elsewhere, and none can be turned back without the hub's key. It is derived from the person, never from
the means or the account: by any means, after re-issue, on every node and after a restart the name is
the same. The key has versions: a sector keeps the version it began with, so a new key renames nobody.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.identity.people import PersonId


@dataclass(frozen=True, slots=True, repr=False)
class Pairwise:
    """Derives pairwise identifiers; `keys` maps a key version to 32 secret bytes."""

    keys: Mapping[int, bytes]

    def of_person(self, person: PersonId, sector: str, version: int) -> str:
        """Name `person` in `sector`: 43 characters of base64url (OIDCC-8.1).

        Raises:
            Misconfigured: no key of this version is loaded.

        """
        return self._derive(b"person", person.bytes, sector, version)

    def of_account(self, issuer: str, identifier: str, sector: str, version: int) -> str:
        """Name somebody whom we do not know as a person, by their account at `issuer`.

        Raises:
            Misconfigured: no key of this version is loaded.

        """
        return self._derive(b"account", _framed(issuer) + _framed(identifier), sector, version)

    def _derive(self, label: bytes, who: bytes, sector: str, version: int) -> str:
        key = self.keys.get(version)
        if key is None:
            msg = f"no pairwise key of version {version}; restore it, or the people there lose their names"
            raise Misconfigured(msg)
        message = b"toegang pairwise 1\x00" + label + b"\x00" + _framed(sector) + who
        digest = hmac.digest(key, message, "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _framed(text: str) -> bytes:
    """Prefix a text with its length, so that no two sequences of texts read the same."""
    data = text.encode()
    return len(data).to_bytes(4, "big") + data
