"""The trail as the other rooms see it: events go in within the unit of the act, and are read in order.

An event without an index was recorded less than a second ago and is not in the tree yet
(sequencer.py); it is read all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang.audit.checkpoint import read_checkpoint
from toegang.audit.encoding import decode
from toegang.audit.merkle import check_inclusion, leaf_hash

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    from toegang.audit.checkpoint import Verifier
    from toegang.audit.encoding import Kept
    from toegang.audit.event import Event
    from toegang.units import Unit


class Trail(Protocol):
    """Records what happened."""

    async def record(self, unit: Unit, *events: Event) -> None:
        """Append `events` in the unit of the act: they are kept if, and only if, the act is.

        One statement for all of them. Whatever makes this fail leaves the unit as an exception, so that
        an act that cannot be recorded does not happen.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in the trail: `index` is its place in the tree, None for not yet."""

    index: int | None
    id: UUID
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which events to read: of these names (empty: all), at `[from_, until)`, from this index on.

    Without `personal` the values about people are left where they are and read as erased.
    """

    names: tuple[str, ...] = ()
    from_: datetime | None = None
    until: datetime | None = None
    index: int = 0
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far the tree is behind: events not in it yet, the age of the oldest, checkpoints not yet outside.

    An event in this window is protected by nothing but the database; the window is at most a second
    while the sequencer runs, so `oldest` above that is an alarm.
    """

    waiting: int
    oldest: timedelta
    unsent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventProof:
    """RFC9162-2.1.3: that one event stands in the trail, checkable by anyone with the public key.

    `leaf` is the event's bytes, `path` the hashes from it to the root that `checkpoint` signs.
    """

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: str


class TrailReader(Protocol):
    """Reads what happened."""

    def events(self, asked: Asked) -> AsyncGenerator[Recorded, None]:
        """Yield events of the tree in the order of their index, reading in batches."""
        ...

    async def by_reference(self, reference: str) -> Sequence[Recorded]:
        """Return what is recorded of one login, in the order of the acts, in the tree or not yet."""
        ...

    async def latest(self, reference: str, limit: int, before: UUID | None = None) -> Sequence[Recorded]:
        """Return the latest events with a reference, newest first; with `before` those before that event."""
        ...

    async def by_person(self, value: str, limit: int = 200, before: UUID | None = None) -> Sequence[Recorded]:
        """Return the latest events with this personal value (a person's id), newest first.

        With `before` those that come before the event of that id: old ones cost no more than new.
        """
        ...

    async def find(self, id: UUID) -> Recorded | None:  # noqa: A002
        """Find one event, in the tree or not yet."""
        ...

    async def opened(self, id: UUID) -> Sequence[Kept]:  # noqa: A002
        """Return the values about people in one event with their salts, as far as they were not erased."""
        ...

    async def lag(self, now: datetime) -> Lag:
        """Tell how far the tree is behind."""
        ...


class TrailProver(Protocol):
    """Proves what happened."""

    async def prove(self, id: UUID) -> EventProof | None:  # noqa: A002
        """Prove that this event stands in the trail; None when it is unknown or not in the tree yet."""
        ...


class TrailEraser(Protocol):
    """Takes personal values away, and leaves the proofs."""

    async def erase(self, unit: Unit, value: str, ground: str, now: datetime) -> int:
        """GDPR-17: erase this personal value from every event; record how many, return it."""
        ...

    async def erase_before(
        self, unit: Unit, before: datetime, ground: str, now: datetime, *, limit: int
    ) -> int:
        """GDPR-5.1.e: erase the personal values of events in the tree from before `before`, likewise.

        At most `limit` events at once, oldest first: ask again, in another unit, until nothing is left.
        """
        ...


def check_proof(proof: EventProof, verifier: Verifier) -> Event:
    """RFC9162-2.1.3.2: return the event that the proof is about, once it is shown to be in the trail.

    Raises:
        Malformed: no checkpoint, or no event of the list.
        ProofInvalid: the checkpoint or the path does not hold.

    """
    head = read_checkpoint(proof.checkpoint, verifier)
    check_inclusion(leaf_hash(proof.leaf), proof.index, head, proof.path)
    return decode(proof.leaf, {})
