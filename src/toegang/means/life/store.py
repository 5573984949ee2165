"""What is kept of life events, and what its store promises."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How far the list was read.

    `heard_at` is when the register answered last; `told_at` when it was told that it does not, None while it
    does.
    """

    cursor: str
    heard_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """Whose number a number was until the correction with this `number` in the list."""

    person: PersonId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An event that could not be done: how often it was tried, why not, and the event itself, sealed."""

    id: bytes
    kind: str
    code: str
    tries: int
    at: datetime
    sealed: bytes = field(repr=False)


class DocumentState(enum.StrEnum):
    """What the register last heard of a document."""

    LOST = "lost"
    STOLEN = "stolen"
    FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    """A document of a person was reported; `document` is the keyed hash of its type and number."""

    document: bytes = field(repr=False)
    person: PersonId
    type: str
    state: DocumentState
    since: datetime


LOWERS: Final = frozenset({DocumentState.LOST, DocumentState.STOLEN})
"""States in which what was raised by a document of the person is worth what it was before."""


class LifeStore(Protocol):
    """Keeps how far we are, what was done, and what was set aside."""

    async def feed(self) -> Feed | None:
        """Return how far the list was read, None when it never was."""
        ...

    async def keep_feed(self, unit: Unit, feed: Feed) -> None:
        """Keep how far it was read."""
        ...

    async def mark(self, unit: Unit, subject: bytes, number: int) -> bool:
        """Note that the event with this number about a subject is done; False when it or a later one was.

        Atomic: of two that do the same event, one gets True.
        """
        ...

    async def former(self, found_by: bytes) -> Former | None:
        """Return whose number this was before it was corrected, if that ever was."""
        ...

    async def keep_former(self, unit: Unit, found_by: bytes, former: Former) -> None:
        """Keep whose number this was."""
        ...

    async def set_aside(self, unit: Unit, aside: Aside) -> bool:
        """Keep an event that could not be done; False when it lay aside already: then the try is counted."""
        ...

    async def aside(self, most: int) -> tuple[Aside, ...]:
        """Return what lies aside, the oldest first."""
        ...

    async def count_aside(self) -> int:
        """Return how many lie aside."""
        ...

    async def drop_aside(self, unit: Unit, id_: bytes) -> bool:
        """Take one away; False when it is gone."""
        ...

    async def report(self, unit: Unit, report: DocumentReport) -> None:
        """Keep what was heard last of a document."""
        ...

    async def reports_of(self, person: PersonId) -> tuple[DocumentReport, ...]:
        """Return what was heard of a person's documents, the oldest first."""
        ...


class RestsOnDocuments(Protocol):
    """A room with something that rests on a document of a person: a check of one, or a card."""

    async def document_reported(self, unit: Unit, report: DocumentReport, now: datetime) -> None:
        """Do what follows for what rests on this document, with its own events, in this unit."""
        ...


class KnowsLives(Protocol):
    """A room that keeps whether a person lives, for others than the person themselves."""

    async def heard(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Believe nothing any more, in this unit, that was told of a person before."""
        ...

    async def moved(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Let codes in letters to the address that a person left open nothing any more, in this unit."""
        ...

    async def died(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Do what follows from a death, in this unit."""
        ...

    async def lives(self, unit: Unit, person: PersonId, at: datetime) -> None:
        """Take it back, in this unit."""
        ...
