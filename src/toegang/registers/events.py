"""What the population register tells of its own accord: events in people's lives, as a list to read on in."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from toegang.identity.life import LifeEvent
from toegang.identity.numbers import Bsn

if TYPE_CHECKING:
    from datetime import datetime


class DocumentType(enum.StrEnum):
    """Documents of which the register hears that they are lost."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity-card"
    DRIVING_LICENCE = "driving-licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document: what it is and the number that stands on it."""

    type: DocumentType
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event. Of two about one person the later has the higher `number`.

    `bsn` is the number by which the register knew the person just before; `new_bsn` stands in a correction
    of it, `document` in what is told of a document.
    """

    number: int
    event: LifeEvent
    bsn: Bsn
    at: datetime
    new_bsn: Bsn | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Part of the list: events as they came, not read yet, and where to read on after them."""

    events: tuple[bytes, ...] = field(repr=False)
    next: str


class RegisterEvents(Protocol):
    """Reads the list of events."""

    async def read(self, after: str, most: int) -> Told:
        """Return at most so many events from `after` on; empty reads from the oldest that the register has.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...

    def parse(self, octets: bytes) -> Notice | None:
        """Read one event; None for a kind that we do not know.

        Raises:
            Malformed: it is not in the agreed form.

        """
        ...
