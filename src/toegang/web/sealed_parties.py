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
    from collections.abc import Iterable, Sequence

    from toegang.keys.secret import SealingKey

SIZE = 16  # bytes of an id


@dataclass(frozen=True, slots=True)
class SealedParties:
    """Seals and opens them."""

    key: SealingKey

    def seal(self, party: PartyId, place: str) -> str:
        """Return the name of a party on one page: letters, digits, hyphens and underscores."""
        return self.seal_all((party,), place)

    def seal_all(self, parties: Iterable[PartyId], place: str) -> str:
        """Return the name of several, in their order."""
        octets = b"".join(party.bytes for party in parties)
        return urlsafe_b64encode(self.key.seal(octets, place.encode())).rstrip(b"=").decode()

    def open(self, name: str, place: str) -> PartyId:
        """Return who has a name on this page.

        Raises:
            Malformed: nobody; it was altered, or is of another page.

        """
        return self.open_all(name, place)[0]

    def open_all(self, name: str, place: str) -> Sequence[PartyId]:
        """Return who have a name together on this page, in their order: one at least.

        Raises:
            Malformed: nobody; it was altered, or is of another page.

        """
        try:
            sealed = urlsafe_b64decode(name + "=" * (-len(name) % 4))
            octets = self.key.open(sealed, place.encode())
            return [PartyId(UUID(bytes=octets[at : at + SIZE])) for at in range(0, len(octets), SIZE)]
        except (binascii.Error, ProofInvalid, ValueError) as error:
            message = "no name of a party on this page"
            raise Malformed(message) from error
