"""RFC9162-2.1: the Merkle tree over the trail, as arithmetic without a store.

A tree of any size is a few complete subtrees side by side (`CompactRange`), so a leaf is added in
O(log n) with O(log n) memory. A proof is first a list of spans of leaves (`inclusion_spans`,
`consistency_spans`); whoever has the tree answers each span with its hash.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32
STEP = 8
"""Only nodes at levels 8, 16, 24, ... are kept: one row for each 256 below it."""


def leaf_hash(data: bytes) -> bytes:
    """RFC9162-2.1.1: the hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC9162-2.1.1: the hash of a node over two others; the prefix keeps nodes apart from leaves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A complete subtree: the `index`-th one of 2**`level` leaves."""

    level: int
    index: int


@dataclass(frozen=True, slots=True)
class Span:
    """The leaves [begin, end)."""

    begin: int
    end: int

    def nodes(self) -> tuple[Node, ...]:
        """Cut into complete subtrees, from left to right, largest first.

        Spans of proofs begin at a multiple of every subtree in them, so this is O(log n).
        """
        found: list[Node] = []
        at, left = self.begin, self.end - self.begin
        while left:
            level = left.bit_length() - 1
            found.append(Node(level, at >> level))
            at += 1 << level
            left -= 1 << level
        return tuple(found)


def fold(hashes: Sequence[bytes]) -> bytes:
    """RFC9162-2.1.1: the hash over complete subtrees that stand side by side, largest first."""
    if not hashes:
        return EMPTY_ROOT
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A whole tree in O(log n): its size and the hashes of its complete subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """RFC9162-2.1.1: the root hash."""
        return fold(self.peaks)

    def grow(self, leaves: Iterable[bytes]) -> tuple[CompactRange, tuple[tuple[Node, bytes], ...]]:
        """Append leaf hashes; return the larger tree and the nodes to keep (levels 8, 16, ...)."""
        size, peaks = self.size, list(self.peaks)
        kept: list[tuple[Node, bytes]] = []
        for leaf in leaves:
            level, index, made = 0, size, leaf
            while index & 1:
                made = node_hash(peaks.pop(), made)
                level, index = level + 1, index >> 1
                if level % STEP == 0:
                    kept.append((Node(level, index), made))
            peaks.append(made)
            size += 1
        return CompactRange(size, tuple(peaks)), tuple(kept)


def _split(begin: int, end: int) -> int:
    """RFC9162-2.1.1: where a span divides: the largest power of two smaller than its length."""
    return begin + (1 << ((end - begin - 1).bit_length() - 1))


def inclusion_spans(index: int, size: int) -> tuple[Span, ...]:
    """RFC9162-2.1.3.1: the spans whose hashes prove that leaf `index` is in the tree of `size`.

    Raises:
        ValueError: there is no such leaf in that tree.

    """
    if not 0 <= index < size:
        msg = "no such leaf in this tree"
        raise ValueError(msg)
    spans: list[Span] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = _split(begin, end)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(begin, middle))
            begin = middle
    return tuple(reversed(spans))


def consistency_spans(old: int, new: int) -> tuple[Span, ...]:
    """RFC9162-2.1.4.1: the spans whose hashes prove that the tree of `new` begins with that of `old`.

    Raises:
        ValueError: the sizes are not 0 < old <= new.

    """
    if not 0 < old <= new:
        msg = "an older, smaller, non-empty tree is needed"
        raise ValueError(msg)
    spans: list[Span] = []
    begin, end, from_root = 0, new, True
    while old != end:
        middle = _split(begin, end)
        if old <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(begin, middle))
            begin, from_root = middle, False
    if not from_root:
        spans.append(Span(begin, end))
    return tuple(reversed(spans))


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A tree by its size and its root hash."""

    size: int
    root: bytes


def check_inclusion(leaf: bytes, index: int, head: TreeHead, proof: Sequence[bytes]) -> None:
    """RFC9162-2.1.3.2: refuse unless `proof` leads from the leaf hash to the root.

    Raises:
        ProofInvalid: it does not.

    """
    if not 0 <= index < head.size:
        detail = "no such leaf in this tree"
        raise ProofInvalid(detail)
    known = _answered(inclusion_spans(index, head.size), proof)
    known[Span(index, index + 1)] = leaf
    _check_same(_assembled(Span(0, head.size), known), head.root)


def check_consistency(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """RFC9162-2.1.4.2: refuse unless the new tree begins with the whole old one.

    Raises:
        ProofInvalid: it does not, or the proof has another shape.

    """
    if not 0 < old.size <= new.size:
        detail = "an older, smaller, non-empty tree is needed"
        raise ProofInvalid(detail)
    known = _answered(consistency_spans(old.size, new.size), proof)
    if all(span.begin for span in known):
        # The whole old tree is one complete subtree of the new one: its root is the missing answer.
        known[Span(0, old.size)] = old.root
    lefts = sorted((span for span in known if span.end <= old.size), key=lambda span: span.begin)
    _check_same(fold([known[span] for span in lefts]), old.root)
    _check_same(_assembled(Span(0, new.size), known), new.root)


def _answered(spans: Sequence[Span], proof: Sequence[bytes]) -> dict[Span, bytes]:
    if len(spans) != len(proof):
        detail = "the proof has another length than these trees ask for"
        raise ProofInvalid(detail)
    return dict(zip(spans, proof, strict=True))


def _assembled(span: Span, known: dict[Span, bytes]) -> bytes:
    """Hash the span from the known ones inside it; the depth is that of the tree."""
    if span in known:
        return known[span]
    middle = _split(span.begin, span.end)
    left, right = Span(span.begin, middle), Span(middle, span.end)
    return node_hash(_assembled(left, known), _assembled(right, known))


def _check_same(made: bytes, root: bytes) -> None:
    if not hmac.compare_digest(made, root):
        detail = "the proof does not lead to the root"
        raise ProofInvalid(detail)
