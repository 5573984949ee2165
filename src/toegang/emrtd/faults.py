"""Why a document is not believed: one family of refusals with a closed list of reasons.

The reasons are stable: they stand in the log and in figures. What a person reads is for who uses this room.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from toegang.errors import DocumentRefused


class Fault(StrEnum):
    """What is wrong with a document, its proofs, or the channel to its chip."""

    UNREADABLE = "unreadable"
    """Octets that are not what the norm says stands there."""
    TOO_LARGE = "too-large"
    """More octets, deeper nesting or more parts than anything honest."""
    ALGORITHM = "algorithm"
    """A signature, hash, key or curve that is not on the list."""
    NOT_SIGNED = "not-signed"
    """The signature over the hashes does not hold, or is not one signature over them."""
    ALTERED = "altered"
    """A data group is not the one that was signed."""
    STRIPPED = "stripped"
    """What was signed announces a data group that was not shown."""
    SIGNER_UNKNOWN = "signer-unknown"
    """No authority that is trusted vouches for who signed."""
    SIGNER_NOT_ENTITLED = "signer-not-entitled"
    """A certificate that may not do this: its uses, its country, its kinds of documents."""
    SIGNER_EXPIRED = "signer-expired"
    """Outside the dates of a certificate."""
    SIGNER_REVOKED = "signer-revoked"
    """Its authority took a certificate back."""
    REVOCATION_UNKNOWN = "revocation-unknown"
    """No list of revoked certificates that is signed and fresh."""
    CHIP_NOT_PROVEN = "chip-not-proven"
    """An answer of the chip does not hold, for this key or for our question."""
    CLONE_POSSIBLE = "clone-possible"
    """Nothing proves that this is the chip and no copy of its data."""
    OTHER_DOCUMENT = "other-document"
    """A real document, and not the one that was announced."""
    EXPIRED = "expired"
    """The document is no longer valid."""
    DOWNGRADED = "downgraded"
    """The chip was opened in a weaker way than it offers."""
    ACCESS_REFUSED = "access-refused"
    """The chip did not open: another key, or no answer that holds."""
    TERMINAL_REFUSED = "terminal-refused"
    """A card does not take our certificates or our signature, or gives us nothing after them."""
    CHANNEL_BROKEN = "channel-broken"
    """A protected answer is not the next one of this chip."""


def refuse(fault: Fault, detail: str) -> NoReturn:
    """Refuse; `detail` is for the log and holds nothing about a person.

    Raises:
        DocumentRefused: always.

    """
    raise DocumentRefused(fault.value, detail)
