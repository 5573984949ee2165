"""The tree over the trail, in the database: events move from `trail_waiting` to `trail` with their index.

`trail_node` keeps the hashes of complete subtrees of 256, 65,536, ... events, so that a proof reads a few
hundred rows whatever the size. `trail_tree` is one row, changed by compare-and-set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from toegang.audit.encoding import Kept
from toegang.audit.merkle import HASH_BYTES, STEP, CompactRange, Node, fold, inclusion_spans, node_hash
from toegang.audit.sequencer import Checkpoint, Growth, Waiting
from toegang.audit.trail import EventProof
from toegang.audit.verify import StoredLeaf
from toegang.errors import Unavailable
from toegang.storage.database import Dialect, inside
from toegang.storage.statements import NOTHING, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_ID_BYTES = 16
_OCTETS = {Dialect.SQLITE: "BLOB", Dialect.POSTGRES: "BYTEA"}

# The ids and hashes of a batch travel as two long values, cut up by the engine: one statement a batch.
_MOVE = """
    INSERT INTO trail (idx, id, at, name, reference, hash, body)
    WITH RECURSIVE place(i) AS (
        SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < CAST(:count AS INTEGER)
    )
    SELECT CAST(:before AS BIGINT) + i, w.id, w.at, w.name, w.reference,
           substr(CAST(:hashes AS {octets}), i * 32 + 1, 32), w.body
    FROM place JOIN trail_waiting w ON w.id = substr(CAST(:ids AS {octets}), i * 16 + 1, 16)
"""
_MOVED = "DELETE FROM trail_waiting WHERE id IN (SELECT id FROM trail WHERE idx >= :before AND idx < :after)"
_GROW = "UPDATE trail_tree SET size = :after, peaks = :peaks WHERE one = 1 AND size = :before"
_HEAD = """
    SELECT size, peaks, (SELECT coalesce(max(size), 0) FROM trail_checkpoint) FROM trail_tree WHERE one = 1
"""
_UNSENT = "SELECT size, note FROM trail_checkpoint WHERE sent = 0 ORDER BY size LIMIT :page"
_WAITS = "SELECT 1 FROM trail_waiting LIMIT 1"
_LEAVES = """
    SELECT idx, id, name, at, reference, hash, body FROM trail WHERE idx >= :begin ORDER BY idx LIMIT :page
"""
_KEPT = """
    SELECT event, name, salt, value FROM trail_personal
    WHERE event IN (SELECT id FROM trail WHERE idx >= :first AND idx <= :last)
"""
_ORPHANS = """
    SELECT count(*) FROM trail_personal p
    WHERE NOT EXISTS (SELECT 1 FROM trail t WHERE t.id = p.event)
      AND NOT EXISTS (SELECT 1 FROM trail_waiting w WHERE w.id = p.event)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeTables:
    """Keeps the tree (audit.sequencer: TreeStore; audit.verify: Archive; audit.trail: TrailProver)."""

    database: Database

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """Return events without an index, the oldest first."""
        sql = "SELECT id, body FROM trail_waiting ORDER BY id LIMIT :page"
        rows = await self.database.all(sql, {"page": limit})
        return [Waiting(UUID(bytes=bytes(id_)), bytes(body)) for id_, body in rows]

    async def tree(self) -> CompactRange:
        """Return the tree as it stands."""
        return (await self.head())[0]

    async def grow(self, unit: Unit, growth: Growth) -> bool:
        """Give the events their indexes and keep the new tree, its nodes and its checkpoint."""
        connection = inside(unit)
        sizes = {"before": growth.before, "after": growth.after.size}
        if not await connection.execute(_GROW, {**sizes, "peaks": b"".join(growth.after.peaks)}):
            return False
        move = _MOVE.format(octets=_OCTETS[self.database.dialect])
        batch: Params = {
            "before": growth.before,
            "count": len(growth.ids),
            "ids": b"".join(id_.bytes for id_ in growth.ids),
            "hashes": b"".join(growth.hashes),
        }
        if await connection.execute(move, batch) != len(growth.ids):
            raise Unavailable(detail="trail: an event left the waiting room by another door")
        await connection.put(_MOVED, sizes)
        for node, made in growth.nodes:
            await connection.put(
                "INSERT INTO trail_node (level, idx, ends_at, hash) VALUES (:level, :idx, :ends_at, :hash)",
                {
                    "level": node.level,
                    "idx": node.index,
                    "ends_at": (node.index + 1) << node.level,
                    "hash": made,
                },
            )
        await connection.put(
            "INSERT INTO trail_checkpoint (size, note, sent) VALUES (:size, :note, 0)",
            {"size": growth.checkpoint.size, "note": growth.checkpoint.note},
        )
        return True

    async def unsent(self, limit: int) -> Sequence[Checkpoint]:
        """Return checkpoints that have not left the database, the oldest first."""
        return _checkpoints(await self.database.all(_UNSENT, {"page": limit}))

    async def due(self, limit: int) -> tuple[Sequence[Checkpoint], bool]:
        """Return what `unsent` does, and whether any event waits, in one question."""
        unsent, waits = await self.database.both((_UNSENT, {"page": limit}), (_WAITS, NOTHING))
        return _checkpoints(unsent), bool(waits)

    async def mark_sent(self, unit: Unit, size: int) -> None:
        """Remember that every checkpoint up to this size has left the database."""
        sql = "UPDATE trail_checkpoint SET sent = 1 WHERE sent = 0 AND size <= :size"
        await inside(unit).put(sql, {"size": size})

    async def head(self) -> tuple[CompactRange, int]:
        """Return what the database says the tree is, and the size of its last checkpoint."""
        row = await self.database.one(_HEAD)
        if row is None:
            return CompactRange(), 0
        peaks = _octets(row[1])
        cut = tuple(peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES))
        return CompactRange(row[0], cut), row[2]

    async def leaves(self, begin: int, limit: int) -> Sequence[StoredLeaf]:
        """Return rows with an index of at least `begin`, in the order of their index."""
        rows = await self.database.all(_LEAVES, {"begin": begin, "page": limit})
        if not rows:
            return ()
        kept: dict[bytes, list[Kept]] = {}
        span = {"first": rows[0][0], "last": rows[-1][0]}
        for event, name, salt, value in await self.database.all(_KEPT, span):
            kept.setdefault(_octets(event), []).append(Kept(name, salt, value))
        return [
            StoredLeaf(
                index=idx,
                id=_uuid_text(_octets(id_)),
                name=name,
                at=msgspec.to_builtins(moment(at)),
                reference=reference,
                hash=_octets(hash_),
                body=_octets(body),
                kept=tuple(kept.get(_octets(id_), ())),
            )
            for idx, id_, name, at, reference, hash_, body in rows
        ]

    async def nodes(self, begin: int, end: int) -> Mapping[Node, bytes]:
        """Return the kept nodes whose last leaf is one of [begin, end)."""
        sql = "SELECT level, idx, hash FROM trail_node WHERE ends_at > :begin AND ends_at <= :until"
        rows = await self.database.all(sql, {"begin": begin, "until": end})
        return {Node(level, idx): _octets(made) for level, idx, made in rows}

    async def checkpoints(self, after: int, upto: int) -> Sequence[Checkpoint]:
        """Return the checkpoints of sizes in (after, upto], smallest first."""
        sql = "SELECT size, note FROM trail_checkpoint WHERE size > :after AND size <= :upto ORDER BY size"
        rows = await self.database.all(sql, {"after": after, "upto": upto})
        return [Checkpoint(size=size, note=note) for size, note in rows]

    async def orphans(self) -> int:
        """Count personal values that belong to no event."""
        row = await self.database.one(_ORPHANS)
        return int(row[0]) if row else 0

    async def prove(self, id: UUID) -> EventProof | None:  # noqa: A002
        """RFC9162-2.1.3.1: prove that this event stands in the trail."""
        row = await self.database.one("SELECT idx, body FROM trail WHERE id = :id", {"id": id.bytes})
        sql = "SELECT size, note FROM trail_checkpoint ORDER BY size DESC LIMIT 1"
        checkpoint = await self.database.one(sql)
        if row is None or checkpoint is None:
            return None
        path = [
            fold([await self._hash_of(node) for node in span.nodes()])
            for span in inclusion_spans(row[0], checkpoint[0])
        ]
        return EventProof(index=row[0], leaf=bytes(row[1]), path=tuple(path), checkpoint=checkpoint[1])

    async def _hash_of(self, node: Node) -> bytes:
        """Make a node's hash from the kept ones just below it: at most 128."""
        base = node.level - node.level % STEP
        width = 1 << (node.level - base)
        table = "trail WHERE" if base == 0 else "trail_node WHERE level = :level AND"
        sql = f"SELECT hash FROM {table} idx >= :first AND idx < :until ORDER BY idx"  # noqa: S608 our own words
        first = node.index * width
        params = {"first": first, "until": first + width} | ({"level": base} if base else {})
        hashes = [bytes(made) for (made,) in await self.database.all(sql, params)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return hashes[0]


def _checkpoints(rows: Sequence[Row]) -> list[Checkpoint]:
    return [Checkpoint(size=size, note=note) for size, note in rows]


def _octets(value: object) -> bytes:
    """Read what should be octets; whoever tampers with SQLite can make them anything."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _uuid_text(octets: bytes) -> str:
    return str(UUID(bytes=octets)) if len(octets) == _ID_BYTES else octets.hex()
