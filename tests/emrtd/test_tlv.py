"""Objects: strictly one, whole and of definite length, in bounded time."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emrtd.refused import refused
from toegang.emrtd.faults import Fault
from toegang.emrtd.tlv import DEEPEST, MOST_NODES, check_der, encode, read_all, read_one, read_set

octets = bytes.fromhex
TAGS = st.sampled_from([0x01, 0x30, 0x5C, 0x61, 0x77, 0x5F1F, 0x5F01, 0x7F61, 0x5F8102])


@given(tag=TAGS, value=st.binary(max_size=300))
def test_what_is_written_is_read(tag: int, value: bytes) -> None:
    found = read_one(encode(tag, value), tag)
    assert (found.tag, found.value) == (tag, value)
    assert found.constructed == bool(int(f"{tag:X}"[:2], 16) & 0x20)


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_535, 65_536])
def test_every_length_has_its_form(size: int) -> None:
    assert read_one(encode(0x61, bytes(size))).value == bytes(size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "61",
        "6101",
        "618101",
        "6180",
        "61800000",
        "618400000001 00",
        "61FF",
        "5F",
        "5F81828301 00",
        "5F8182",
        "0000",
        "6100 00",
        "610100 6100",
    ],
)
@pytest.mark.requires("ISO7816-4-5.2.2.1")
def test_what_is_cut_off_followed_or_indefinite_is_refused(text: str) -> None:
    with refused(Fault.UNREADABLE, Fault.TOO_LARGE):
        read_one(octets(text))


def test_another_tag_is_refused() -> None:
    with refused(Fault.UNREADABLE):
        read_one(octets("6100"), 0x60)


def test_the_same_tag_twice_is_refused() -> None:
    with refused(Fault.UNREADABLE):
        read_set(octets("5C00 5C00"))


def test_too_many_objects_are_refused() -> None:
    with refused(Fault.TOO_LARGE):
        read_all(octets("0100") * 257)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3080 0000",
        "308100",
        "30820001 00",
        "3005 0203 010001 00",
        "3003 0203 01",
        "1F0100",
        "3002 1F01",
        "30 04 0482 0000",
    ],
)
@pytest.mark.requires("X690-10")
def test_what_is_not_der_is_refused(text: str) -> None:
    with refused(Fault.UNREADABLE):
        check_der(octets(text))


def test_der_is_taken() -> None:
    check_der(octets("3006 020101 0101FF"))


def nested(depth: int) -> bytes:
    value = b""
    for _ in range(depth):
        value = encode(0x30, value)
    return value


def test_deep_and_wide_structures_are_refused_at_a_bound() -> None:
    check_der(nested(DEEPEST))
    with refused(Fault.TOO_LARGE):
        check_der(nested(5_000))
    with refused(Fault.TOO_LARGE):
        check_der(encode(0x30, b"\x05\x00" * (MOST_NODES + 1)))


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(value: bytes) -> None:
    for read in (read_one, read_all, read_set, check_der):
        try:
            read(value)
        except Exception as error:  # noqa: BLE001 whatever is raised is the point
            assert type(error).__name__ == "DocumentRefused"  # noqa: PT017


def test_a_length_that_promises_more_costs_no_memory() -> None:
    tracemalloc.start()
    with refused(Fault.UNREADABLE):
        read_one(octets("6183FFFFFF00"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000
