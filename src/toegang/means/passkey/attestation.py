"""Whether a model vouches for a passkey: by a certificate that leads to a root of that very model.

The library checks the statement itself: the signature, and what it is over. What it leaves to us is done
here: whose roots count, at which moment, and what WEBAUTHN3-8.2.1 says of the certificate.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from toegang.errors import ProofInvalid
from toegang.keys.chains import Leaf, check_chain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

UNIT = "Authenticator Attestation"  # WEBAUTHN3-8.2.1
PACKED = "packed"


class Rooted(Protocol):
    """Who knows which roots vouch for a model."""

    def roots_of(self, model: str) -> tuple[bytes, ...]:
        """Return the roots (DER) that may vouch for it; none for one that nobody knows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """Whose word counts: `listed` are the AAGUIDs of the policy, and `models` knows their roots."""

    models: Rooted
    listed: Collection[str]

    def roots_of(self, model: str) -> tuple[bytes, ...]:
        """Return the roots of a model that is listed."""
        return self.models.roots_of(model) if model in self.listed else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What came along to vouch for a passkey: its format, the model, and certificates (DER), leaf first."""

    kind: str
    model: str
    chain: Sequence[bytes]


def is_attested(statement: Statement, trusted: Trusted, now: datetime) -> bool:
    """WEBAUTHN3-7.1: tell whether a listed model vouches for a passkey whose statement holds.

    1. there is a certificate: a passkey that vouches for itself says nothing of a model; 2. the model is
    listed, and has not fallen; 3. the certificate leads to a root of that model, now; 4. it is an end
    certificate, for this model where it names one, and as its format wants it.

    A passkey that nobody believes in this is no forgery: many people have a device of another model.
    """
    # 1. and 2.
    roots = trusted.roots_of(statement.model)
    if not statement.chain or not roots:
        return False
    # 3.
    try:
        leaf = check_chain(statement.chain, roots, now)
    except ProofInvalid:
        return False
    # 4.
    return _fits(leaf, statement)


def _fits(leaf: Leaf, statement: Statement) -> bool:
    if leaf.authority:
        return False
    if leaf.model is not None and not hmac.compare_digest(leaf.model, UUID(statement.model).bytes):
        return False
    return statement.kind != PACKED or (leaf.version_3 and leaf.unit == UNIT)
