"""Packing: what is held comes back as it was, and takes less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import builders as b
from toegang.catalogue.packed import opened, pack, remembered, unpack
from toegang.catalogue.records import Change, RecordKind
from toegang.catalogue.usual import USUAL
from toegang.errors import Misconfigured

HELD = [
    *map(Change.put, b.snapshot(b.entity()).records()),
    *map(Change.put, USUAL.values()),
]


@pytest.mark.parametrize("change", HELD)
def test_a_record_comes_back_as_it_was_and_takes_less(change: Change) -> None:
    assert change.body is not None
    packed = pack(change.kind, change.body)
    assert len(packed) < 0.8 * len(change.body)
    assert unpack(change.kind, packed) == change.body
    assert opened(change.kind, packed) == change.record == remembered(change.kind, packed)


@given(st.sampled_from(RecordKind), st.binary(max_size=40_000))
def test_whatever_a_store_holds_comes_back_also_when_it_is_much_longer_than_is_usual(
    kind: RecordKind, body: bytes
) -> None:
    assert unpack(kind, pack(kind, body)) == body
    assert pack(kind, body) == pack(kind, body)


def test_what_is_no_record_says_so_to_the_operator() -> None:
    with pytest.raises(Misconfigured, match="client"):
        opened(RecordKind.CLIENT, pack(RecordKind.CLIENT, b'{"id": 1}'))


def test_every_kind_has_a_usual_record_to_leave_out() -> None:
    assert set(USUAL) == set(RecordKind)
