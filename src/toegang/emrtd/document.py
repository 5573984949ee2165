"""What a reader brings of a document, and what is believed of it after it was verified: two types.

Only verify.py makes a `VerifiedDocument`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from toegang.emrtd.access import Access
from toegang.emrtd.data_groups import Application
from toegang.emrtd.dates import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedDocument:
    """Octets from a reader. `groups` are whole files, by their numbers.

    `access` is how the channel was opened, as whoever opened it says; `card_access` is EF.CardAccess, None
    where the chip has none. `active` is the data of the response to active authentication, `chip` the whole
    response to the proof of chip authentication; None where it was not done.
    """

    application: Application
    security_object: bytes = field(repr=False)
    groups: Mapping[int, bytes] = field(repr=False)
    access: Access
    card_access: bytes | None = field(default=None, repr=False)
    active: bytes | None = field(default=None, repr=False)
    chip: bytes | None = field(default=None, repr=False)


class Proof(Enum):
    """What was proven of a document."""

    PASSIVE = "passive-authentication"
    """Its data was signed by its state."""
    ACTIVE = "active-authentication"
    CHIP = "chip-authentication"
    """The chip that was asked is the one that it was signed for."""


class DocumentKind(Enum):
    """Which kind of document it is."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity-card"
    OTHER_TRAVEL = "other-travel-document"
    DRIVING_LICENCE = "driving-licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose document it is, as it says.

    `primary` and `secondary` are as printed: in capitals, spelled by the norm, for `names.same_name` to
    compare; `whole_name` is False where they may have been cut off. `full_name` is as the state writes it,
    where the document has it. `bsn` are nine digits where the document has one.
    """

    primary: str = field(repr=False)
    secondary: str = field(repr=False)
    whole_name: bool
    full_name: str | None = field(repr=False)
    birth: PartialDate = field(repr=False)
    bsn: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedDocument:
    """A document that was believed, and by which proofs. `issuer` is the code of three letters (or fewer).

    `expiry` is the last day on which it is valid. `signed_by` is the fingerprint of the signer's certificate.
    """

    kind: DocumentKind
    issuer: str
    number: str = field(repr=False)
    nationality: str | None
    expiry: date
    holder: Holder = field(repr=False)
    proofs: frozenset[Proof]
    signed_by: str
