"""The sequencer: gives events their place in the tree, and says so, signed, inside and outside.

Events are taken from those without an index, never "after the last id": ids are not in the order of
commits. Hashing and signing happen before the unit; the unit itself is one compare-and-set on the size
of the tree, so two sequencers cannot both win and a crash anywhere leaves the tree before or after,
never between. A lease keeps others from trying in vain; correctness does not hang on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang.audit.merkle import CompactRange, Node, TreeHead, leaf_hash
from toegang.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from toegang.audit.checkpoint import Signer
    from toegang.units import Unit, Units

INTERVAL = 0.25
"""Seconds between steps that found nothing: an event is in a checkpoint within a second."""

BATCH = 1000
"""Events per step: some 20 ms on SQLite, so that a login under way does not notice."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event without an index."""

    id: UUID
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A signed checkpoint and the size of the tree that it speaks of."""

    size: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the tree is to grow: from the size `before`, by these events, to `after`."""

    before: int
    ids: tuple[UUID, ...]
    hashes: tuple[bytes, ...]
    after: CompactRange
    nodes: tuple[tuple[Node, bytes], ...]
    checkpoint: Checkpoint


class TreeStore(Protocol):
    """Keeps the tree."""

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """Return events without an index, the oldest first."""
        ...

    async def tree(self) -> CompactRange:
        """Return the tree as it stands."""
        ...

    async def grow(self, unit: Unit, growth: Growth) -> bool:
        """Give the events their indexes, in order, and keep the new tree, its nodes and its checkpoint.

        False, changing nothing, when the tree no longer has the size that the growth begins at.

        Raises:
            Unavailable: one of the events is no longer waiting; the unit rolls back.

        """
        ...

    async def unsent(self, limit: int) -> Sequence[Checkpoint]:
        """Return checkpoints that have not left the database, the oldest first."""
        ...

    async def due(self, limit: int) -> tuple[Sequence[Checkpoint], bool]:
        """Return what `unsent` does, and whether any event waits, in one question."""
        ...

    async def mark_sent(self, unit: Unit, size: int) -> None:
        """Remember that every checkpoint up to this size has left the database."""
        ...


class Sink(Protocol):
    """A place outside the database where checkpoints are kept."""

    async def keep(self, note: str) -> None:
        """Keep the checkpoint for good before returning; the same one may come twice.

        Raises:
            Unavailable: it could not be kept; it will be offered again.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequencer:
    """Grows the tree by one step at a time; `sinks` are where checkpoints go besides the database."""

    units: Units
    store: TreeStore
    signer: Signer
    sinks: tuple[Sink, ...]
    batch: int = BATCH

    async def step(self) -> int:
        """Take up to a batch of events into the tree; return how many. 0: nothing to do, wait a little.

        Checkpoints that an earlier step (or a crashed node) could not send go first. A sink that does
        not answer holds up nothing but its checkpoints; `Lag.unsent` counts them. Where nothing is to be
        done, as nearly always in a quiet hour, one question tells so.
        """
        checkpoints, waits = await self.store.due(self.batch)
        await self._send(checkpoints)
        growth = await self._growth() if waits else None
        if growth is None:
            return 0
        async with self.units.begin() as unit:
            grown = await self.store.grow(unit, growth)
        if grown:
            await self._send(await self.store.unsent(self.batch))
        return len(growth.ids) if grown else 0

    async def _growth(self) -> Growth | None:
        # The tree is read first: whoever grows it meanwhile makes the compare-and-set fail.
        tree = await self.store.tree()
        waiting = await self.store.waiting(self.batch)
        if not waiting:
            return None
        hashes = tuple(leaf_hash(event.body) for event in waiting)
        after, nodes = tree.grow(hashes)
        head = TreeHead(after.size, after.root())
        return Growth(
            before=tree.size,
            ids=tuple(event.id for event in waiting),
            hashes=hashes,
            after=after,
            nodes=nodes,
            checkpoint=Checkpoint(size=head.size, note=self.signer.sign(head)),
        )

    async def _send(self, checkpoints: Sequence[Checkpoint]) -> None:
        sent = 0
        try:
            for checkpoint in checkpoints:
                for sink in self.sinks:
                    await sink.keep(checkpoint.note)
                sent = checkpoint.size
        except Unavailable:
            # They stay unsent and are offered again at the next step.
            pass
        if sent:
            async with self.units.begin() as unit:
                await self.store.mark_sent(unit, sent)
