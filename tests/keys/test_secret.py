"""What is sealed opens only whole, in its own place; what is hashed is found only with the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.errors import Misconfigured, ProofInvalid
from toegang.keys.secret import FindingKey, SealingKey, read_secret

if TYPE_CHECKING:
    from pathlib import Path

FIRST = bytes(range(32))
SECOND = bytes(range(32, 64))
SEALING = SealingKey.derive({1: FIRST}, "test")


@pytest.mark.parametrize("content", [b"", b"short", bytes(31), bytes(32), bytes(range(33))])
def test_a_secret_of_another_size_or_all_zero_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(Misconfigured, match="32 random bytes"):
        read_secret(path)


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(FIRST)
    path.chmod(0o644)
    with pytest.raises(Misconfigured, match="only its owner"):
        read_secret(path)
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_secret(tmp_path / "absent")
    path.chmod(0o600)
    assert read_secret(path) == FIRST


@given(st.binary(max_size=200), st.binary(max_size=40), st.data())
def test_a_value_altered_anywhere_does_not_open(value: bytes, context: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEALING.seal(value, context))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ProofInvalid):
        SEALING.open(bytes(sealed), context)


@given(st.binary(max_size=64))
def test_a_value_cut_off_does_not_open(rest: bytes) -> None:
    with pytest.raises(ProofInvalid):
        SEALING.open(rest, b"row 1")


def test_a_value_does_not_open_in_another_place_or_for_another_purpose() -> None:
    sealed = SEALING.seal(b"value", b"row 1")
    with pytest.raises(ProofInvalid):
        SEALING.open(sealed, b"row 2")
    with pytest.raises(ProofInvalid):
        SealingKey.derive({1: FIRST}, "other").open(sealed, b"row 1")


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_sealed_opens_and_never_looks_the_same(value: bytes, context: bytes) -> None:
    sealed = SEALING.seal(value, context)
    assert SEALING.open(sealed, context) == value
    assert SEALING.seal(value, context) != sealed


def test_an_older_version_still_opens_and_is_told_apart() -> None:
    old = SEALING.seal(b"value", b"row 1")
    both = SealingKey.derive({1: FIRST, 2: SECOND}, "test")
    assert both.open(old, b"row 1") == b"value"
    assert not both.is_newest(old)
    fresh = both.seal(b"value", b"row 1")
    assert both.is_newest(fresh)
    with pytest.raises(ProofInvalid, match="unknown key version"):
        SEALING.open(fresh, b"row 1")


@pytest.mark.parametrize("secrets", [{}, {0: FIRST}, {256: FIRST}, {1: b"short"}])
def test_sealing_keys_that_cannot_be_right_are_refused(secrets: dict[int, bytes]) -> None:
    with pytest.raises(Misconfigured):
        SealingKey.derive(secrets, "test")


def test_a_hash_differs_by_purpose_and_by_secret() -> None:
    hashes = {
        FindingKey.derive(FIRST, "bsn").find(b"value"),
        FindingKey.derive(FIRST, "telephone").find(b"value"),
        FindingKey.derive(SECOND, "bsn").find(b"value"),
    }
    assert len(hashes) == 3
    assert FindingKey.derive(FIRST, "bsn").find(b"value") in hashes
    with pytest.raises(Misconfigured):
        FindingKey.derive(FIRST, "")


def test_keys_do_not_show_themselves() -> None:
    assert "key=" not in repr(FindingKey.derive(FIRST, "bsn"))
    assert "ciphers" not in repr(SEALING)
