"""Parties as a page names them to a browser: sealed, so that the id of somebody else travels nowhere.

A sealed name serves on the page that it was made for (`place`), and decides nothing: whatever comes back is
asked anew, as if anybody could have made it.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import Malformed, ProofInvalid
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from toegang.keys.secret import SealingKey


@dataclass(frozen=True, slots=True)
class SealedParties:
    """Seals and opens them."""

    key: SealingKey

    def seal(self, party: PartyId, place: str) -> str:
        """Return the name of a party on one page: letters, digits, hyphens and underscores."""
        return urlsafe_b64encode(self.key.seal(party.bytes, place.encode())).rstrip(b"=").decode()

    def open(self, name: str, place: str) -> PartyId:
        """Return who has a name on this page.

        Raises:
            Malformed: nobody; it was altered, or is of another page.

        """
        try:
            sealed = urlsafe_b64decode(name + "=" * (-len(name) % 4))
            return PartyId(UUID(bytes=self.key.open(sealed, place.encode())))
        except (binascii.Error, ProofInvalid, ValueError) as error:
            message = "no name of a party on this page"
            raise Malformed(message) from error
