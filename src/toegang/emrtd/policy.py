"""What must have been proven before a document counts, and which old things still count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

SKEW: Final = timedelta(seconds=60)
"""How far two honest clocks may be apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a check asks; every default is the strict one.

    `chip_proof`: the chip proved itself, so that a copy of its data is refused.
    `revocation`: a signed and fresh list says that the signer was not revoked.
    `old_hashes`: SHA-1 and SHA-224 count in signatures over data and certificates.
    `old_chip_hashes`: they count in what the chip signs.
    """

    chip_proof: bool = True
    revocation: bool = True
    old_hashes: bool = False
    old_chip_hashes: bool = False


SUBSTANTIAL: Final = Policy()
"""eIDAS-2015/1502-2.1.2, TR03105-5.1: for substantial and high all of it is asked."""
