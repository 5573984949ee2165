"""Whether the trail is still what was once said about it: everything is computed anew from the leaves.

What the database says about itself (hashes, nodes, checkpoints) is compared, never believed. The only
things believed are the public key and the checkpoints kept outside.
"""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from toegang.audit.checkpoint import read_checkpoint
from toegang.audit.encoding import commitments, decode, headings, is_committed
from toegang.audit.events import PersonalErased
from toegang.audit.merkle import CompactRange, Node, leaf_hash
from toegang.errors import Malformed, ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toegang.audit.checkpoint import Verifier
    from toegang.audit.encoding import Kept
    from toegang.audit.merkle import TreeHead
    from toegang.audit.sequencer import Checkpoint, Waiting

PAGE = 1000
MOST_FINDINGS = 100
MOST_WAITING = 100_000
LOWEST = -(1 << 63)
NO_HASH = bytes(32)


class Fault(enum.StrEnum):
    """What can be wrong with a trail."""

    EVENT_CHANGED = "event-changed"  # an event's bytes are not those that were hashed
    EVENT_MISSING = "event-missing"  # an index has no event
    EVENT_ADDED = "event-added"  # an event stands outside the tree
    COLUMN_CHANGED = "column-changed"  # what an event is found by is not what it says
    NODE_CHANGED = "node-changed"  # a kept node, or the tree's own state, is not what the leaves make
    PERSONAL_CHANGED = "personal-changed"  # a personal value is not the one committed to
    PERSONAL_ADDED = "personal-added"  # a personal value belongs to no event
    PERSONAL_MISSING = "personal-missing"  # more values are gone than were erased by decision
    CHECKPOINT_UNPROVEN = "checkpoint-unproven"  # a checkpoint in the database is not signed by the key
    CHECKPOINT_CONTRADICTED = "checkpoint-contradicted"  # one in the database is not about these events
    CHECKPOINT_MISSING = "checkpoint-missing"  # the tree has no checkpoint, or lacks one that left
    OUTSIDE_UNPROVEN = "outside-unproven"  # a checkpoint kept outside is not signed by the key
    OUTSIDE_CONTRADICTED = "outside-contradicted"  # one kept outside is not about these events
    TRUNCATED = "truncated"  # one kept outside speaks of more events than there are


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; `index` is the event, or the size of the tree, that it was noticed at."""

    fault: Fault
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What checking came to.

    `size` is how many events were checked, `outside` how many checkpoints from outside were compared,
    `beyond` how many events come after the last of those (protected by the database's checkpoints only),
    `waiting` how many events have no index yet, `erased` how many personal values are gone by decision.
    At most 100 findings are listed.
    """

    size: int
    outside: int
    beyond: int
    waiting: int
    erased: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing at all was found."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLeaf:
    """A row of the trail, unbelieved: columns as text, whatever they hold."""

    index: int
    id: str
    name: str
    at: str
    reference: str | None
    hash: bytes
    body: bytes
    kept: tuple[Kept, ...]


class Archive(Protocol):
    """Hands out everything, as it is stored."""

    async def leaves(self, begin: int, limit: int) -> Sequence[StoredLeaf]:
        """Return rows with an index of at least `begin`, in the order of their index."""
        ...

    async def nodes(self, begin: int, end: int) -> Mapping[Node, bytes]:
        """Return the kept nodes whose last leaf is one of [begin, end)."""
        ...

    async def checkpoints(self, after: int, upto: int) -> Sequence[Checkpoint]:
        """Return the checkpoints of sizes in (after, upto], smallest first."""
        ...

    async def head(self) -> tuple[CompactRange, int]:
        """Return what the database says the tree is, and the size of its last checkpoint (0: none)."""
        ...

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """Return events without an index."""
        ...

    async def orphans(self) -> int:
        """Count personal values that belong to no event."""
        ...


async def verify(archive: Archive, outside: Iterable[str], verifier: Verifier) -> Findings:
    """Check the whole trail against its checkpoints inside and outside.

    Steps: 1. the checkpoints from outside are proven; 2. every event is hashed anew, in order, and
    compared with its row, its personal values, the kept nodes and every checkpoint on the way; 3. what
    remains beyond the last event is compared: the tree's state, later checkpoints, erasures.
    The caller must bring checkpoints that were kept where the database's owner cannot write, and a
    public key obtained likewise, and erase nothing meanwhile. O(n) time, O(log n) memory besides those
    checkpoints.
    """
    check = _Check(verifier)
    # 1.
    check.prove_outside(outside)
    # 2.
    while rows := await archive.leaves(check.begin, PAGE):
        await check.take_page(archive, rows)
    # 3.
    head = await archive.head()
    while rows := await archive.leaves(check.begin, PAGE):
        # The trail grew while it was read.
        await check.take_page(archive, rows)
        head = await archive.head()
    waiting = await archive.waiting(MOST_WAITING)
    check.compare_head(*head)
    check.compare_rest(waiting, await archive.orphans())
    last = max(check.outside, default=0)
    return Findings(
        size=check.tree.size,
        outside=check.compared,
        beyond=max(0, check.tree.size - last),
        waiting=len(waiting),
        erased=check.gone,
        findings=tuple(check.findings),
    )


@dataclass(slots=True)
class _Check:
    """The state of one verification."""

    verifier: Verifier
    begin: int = LOWEST
    tree: CompactRange = field(default_factory=CompactRange)
    outside: dict[int, set[bytes]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    compared: int = 0
    gone: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, fault: Fault, index: int | None = None) -> None:
        """Note a fault, unless there are too many to read already."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(fault, index))

    def prove_outside(self, notes: Iterable[str]) -> None:
        """Prove each checkpoint from outside; keep its root under its size."""
        for note in notes:
            head = self.proven(note)
            if head is None:
                self.find(Fault.OUTSIDE_UNPROVEN)
            else:
                self.outside.setdefault(head.size, set()).add(head.root)
        self.sizes = sorted(self.outside, reverse=True)

    def proven(self, note: str) -> TreeHead | None:
        """Return what a note says, or None when it is not signed by the key."""
        try:
            return read_checkpoint(note, self.verifier)
        except (Malformed, ProofInvalid):
            return None

    async def take_page(self, archive: Archive, rows: Sequence[StoredLeaf]) -> None:
        """Take rows into the tree, stopping at every size that a checkpoint speaks of."""
        begin = self.tree.size
        self.begin = rows[-1].index + 1
        hashes = self._hashes(rows)
        end = begin + len(hashes)
        inside = {each.size: each for each in await archive.checkpoints(begin, end)}
        grown: dict[Node, bytes] = {}
        stops = sorted({*inside, *(size for size in self.sizes if begin < size <= end), end})
        for stop in stops:
            self.tree, nodes = self.tree.grow(hashes[self.tree.size - begin : stop - begin])
            grown.update(nodes)
            self._compare(inside.get(stop))
        if await archive.nodes(begin, end) != grown:
            self.find(Fault.NODE_CHANGED, end)

    def _hashes(self, rows: Sequence[StoredLeaf]) -> list[bytes]:
        hashes: list[bytes] = []
        for row in rows:
            hole = row.index - self.tree.size - len(hashes)
            if hole < 0 or hole > PAGE:
                self.find(Fault.EVENT_ADDED, row.index)
                continue
            if hole:
                # What is missing keeps its place, so that what follows can still be compared.
                self.find(Fault.EVENT_MISSING, row.index - hole)
            hashes += [NO_HASH] * hole
            hashes.append(self._hash(row))
        return hashes

    def _hash(self, row: StoredLeaf) -> bytes:
        made = leaf_hash(row.body)
        if not hmac.compare_digest(made, row.hash):
            self.find(Fault.EVENT_CHANGED, row.index)
        try:
            if headings(row.body) != (row.id, row.name, row.at, row.reference):
                self.find(Fault.COLUMN_CHANGED, row.index)
            self._compare_personal(row)
            self._count_erased(row.name, row.body)
        except Malformed:
            self.find(Fault.EVENT_CHANGED, row.index)
        return made

    def _compare_personal(self, row: StoredLeaf) -> None:
        committed = commitments(row.body)
        for kept in row.kept:
            if not is_committed(kept, committed.pop(kept.name, None)):
                self.find(Fault.PERSONAL_CHANGED, row.index)
        self.gone += len(committed)

    def _count_erased(self, name: str, body: bytes) -> None:
        if name == PersonalErased.name:
            event = decode(body, {})
            if isinstance(event, PersonalErased):
                self.erased += event.count

    def _compare(self, inside: Checkpoint | None) -> None:
        size, root = self.tree.size, self.tree.root()
        if inside is not None:
            head = self.proven(inside.note)
            if head is None or head.size != inside.size:
                self.find(Fault.CHECKPOINT_UNPROVEN, size)
            elif not hmac.compare_digest(head.root, root):
                self.find(Fault.CHECKPOINT_CONTRADICTED, size)
        if size in self.outside:
            self.compared += 1
            if self.outside[size] != {root}:
                self.find(Fault.OUTSIDE_CONTRADICTED, size)
            if inside is None:
                self.find(Fault.CHECKPOINT_MISSING, size)

    def compare_head(self, state: CompactRange, last_checkpoint: int) -> None:
        """Compare what the database says of the whole tree."""
        size = self.tree.size
        if state.size < size:
            self.find(Fault.EVENT_ADDED, state.size)
        elif state.size > size:
            self.find(Fault.EVENT_MISSING, size)
        elif state != self.tree:
            self.find(Fault.NODE_CHANGED, size)
        if last_checkpoint != size:
            self.find(Fault.CHECKPOINT_MISSING, size)
        if max(self.outside, default=0) > size:
            self.find(Fault.TRUNCATED, size)

    def compare_rest(self, waiting: Sequence[Waiting], orphans: int) -> None:
        """Compare what belongs to no event, and what was erased with what was erased by decision."""
        if orphans:
            self.find(Fault.PERSONAL_ADDED)
        for event in waiting:
            self._count_waiting(event)
        if self.gone != self.erased:
            self.find(Fault.PERSONAL_MISSING)

    def _count_waiting(self, event: Waiting) -> None:
        try:
            self._count_erased(headings(event.body)[1], event.body)
        except Malformed:
            self.find(Fault.EVENT_CHANGED)
