"""The register of documents: whether one is in circulation, by its kind, its state and its number."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.emrtd.document import DocumentKind
    from toegang.identity.numbers import Bsn


class DocumentStatus(enum.StrEnum):
    """What the register says of a document."""

    IN_CIRCULATION = "in-circulation"
    LOST = "lost"
    STOLEN = "stolen"
    EXPIRED = "expired"
    REVOKED = "revoked"  # taken back or replaced by its issuer
    UNKNOWN = "unknown"  # the register has no such document


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFact:
    """What the register said at `as_of`, by `source`; `holder` is to whom it was issued, where told."""

    status: DocumentStatus
    as_of: datetime
    source: str
    holder: Bsn | None = field(default=None, repr=False)


class Documents(Protocol):
    """Asks the register of documents."""

    async def find(self, kind: DocumentKind, issuer: str, number: str) -> DocumentFact:
        """Find a document by its kind, the state that issued it (three letters) and its number.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...
