"""The tree: RFC 9162's definition, written out plainly, against the arithmetic that is used."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.audit.merkle import (
    CompactRange,
    Node,
    Span,
    TreeHead,
    check_consistency,
    check_inclusion,
    consistency_spans,
    fold,
    inclusion_spans,
    leaf_hash,
    node_hash,
)
from toegang.errors import ProofInvalid

SIZES = st.integers(min_value=1, max_value=300)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def plain_root(hashes: list[bytes]) -> bytes:
    """Follow the recursive definition of the norm, and nothing cleverer."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return node_hash(plain_root(hashes[:middle]), plain_root(hashes[middle:]))


def answers(spans: tuple[Span, ...], hashes: list[bytes]) -> list[bytes]:
    return [plain_root(hashes[span.begin : span.end]) for span in spans]


@pytest.mark.requires("RFC9162-2.1.3.2")
@given(SIZES, st.data())
def test_a_proof_for_another_leaf_root_or_place_is_refused(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = answers(inclusion_spans(index, size), hashes)
    head = TreeHead(size, plain_root(hashes))
    with pytest.raises(ProofInvalid):
        check_inclusion(leaf_hash(b"another"), index, head, proof)
    with pytest.raises(ProofInvalid):
        check_inclusion(hashes[index], index, TreeHead(size, leaf_hash(b"root")), proof)
    with pytest.raises(ProofInvalid):
        check_inclusion(hashes[index], size, head, proof)
    with pytest.raises(ProofInvalid):
        check_inclusion(hashes[index], index, head, [*proof, hashes[0]])


@pytest.mark.requires("RFC9162-2.1.4.2")
@given(SIZES, SIZES, st.data())
def test_a_tree_that_does_not_begin_with_the_old_one_is_refused(
    first: int, second: int, data: st.DataObject
) -> None:
    old, new = sorted((first, second))
    hashes = leaves(new)
    forged = list(hashes)
    forged[data.draw(st.integers(0, old - 1))] = leaf_hash(b"forged")
    before = TreeHead(old, plain_root(hashes[:old]))
    after = TreeHead(new, plain_root(forged))
    with pytest.raises(ProofInvalid):
        check_consistency(before, after, answers(consistency_spans(old, new), forged))
    with pytest.raises(ProofInvalid):
        check_consistency(before, after, answers(consistency_spans(old, new), hashes))


def test_an_empty_or_shrunken_tree_proves_nothing() -> None:
    head = TreeHead(3, plain_root(leaves(3)))
    for old, new in ((TreeHead(0, plain_root([])), head), (head, TreeHead(2, plain_root(leaves(2))))):
        with pytest.raises(ProofInvalid):
            check_consistency(old, new, [])
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_spans(3, 3)
    with pytest.raises(ValueError, match="older"):
        consistency_spans(4, 3)


@pytest.mark.requires("RFC9162-2.1.3.1")
@given(SIZES, st.data())
def test_each_leaf_is_proven_to_be_in_the_tree(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = answers(inclusion_spans(index, size), hashes)
    check_inclusion(hashes[index], index, TreeHead(size, plain_root(hashes)), proof)


@pytest.mark.requires("RFC9162-2.1.4.1")
@given(SIZES, SIZES)
def test_a_grown_tree_is_proven_to_begin_with_the_old_one(first: int, second: int) -> None:
    old, new = sorted((first, second))
    hashes = leaves(new)
    proof = answers(consistency_spans(old, new), hashes)
    heads = TreeHead(old, plain_root(hashes[:old])), TreeHead(new, plain_root(hashes))
    check_consistency(*heads, proof)


@pytest.mark.requires("RFC9162-2.1.1")
@given(st.lists(st.integers(0, 400), max_size=6))
def test_a_tree_grown_in_batches_is_the_tree_of_the_norm(batches: list[int]) -> None:
    hashes = leaves(sum(batches))
    tree = CompactRange()
    kept: list[tuple[Node, bytes]] = []
    for batch in batches:
        tree, more = tree.grow(hashes[tree.size : tree.size + batch])
        kept += more
    assert tree.root() == plain_root(hashes)
    assert [node for node, _ in kept if node.level == 8] == [Node(8, at) for at in range(len(hashes) // 256)]
    for node, made in kept:
        width = 1 << node.level
        assert made == plain_root(hashes[node.index * width : (node.index + 1) * width])


@given(SIZES, st.data())
def test_every_span_of_a_proof_is_a_few_complete_subtrees(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    for span in inclusion_spans(index, size):
        pieces = [
            plain_root(hashes[node.index << node.level : (node.index + 1) << node.level])
            for node in span.nodes()
        ]
        assert fold(pieces) == plain_root(hashes[span.begin : span.end])


@pytest.mark.requires("RFC9162-2.1.5")
def test_the_example_tree_of_seven_leaves_has_the_proofs_of_the_norm() -> None:
    assert inclusion_spans(0, 7) == (Span(1, 2), Span(2, 4), Span(4, 7))
    assert inclusion_spans(3, 7) == (Span(2, 3), Span(0, 2), Span(4, 7))
    assert inclusion_spans(4, 7) == (Span(5, 6), Span(6, 7), Span(0, 4))
    assert inclusion_spans(6, 7) == (Span(4, 6), Span(0, 4))
    assert consistency_spans(3, 7) == (Span(2, 3), Span(3, 4), Span(0, 2), Span(4, 7))
    assert consistency_spans(4, 7) == (Span(4, 7),)
    assert consistency_spans(6, 7) == (Span(4, 6), Span(6, 7), Span(0, 4))
