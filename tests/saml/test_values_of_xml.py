"""Moments, durations, indexes, names and markup: what is written is exact, what is read is strict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from toegang.errors import Malformed
from toegang.saml import elements, markup, times

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def an(text: str) -> etree._Element:
    """Return an element whose attribute `a` holds the text."""
    element = etree.Element("x")
    element.set("a", text)
    return element


@pytest.mark.requires("SAMLCore-1.3.3")
def test_a_moment_is_written_in_utc_without_fractions() -> None:
    there = AT.replace(microsecond=999_999).astimezone(timezone(timedelta(hours=2)))
    assert times.write_moment(there) == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-01-02T03:04:05Z", 0),
        ("2026-01-02T03:04:05.1Z", 100_000),
        ("2026-01-02T03:04:05.000999Z", 999),
        ("2026-01-02T03:04:05.123456789Z", 123_456),
    ],
)
@pytest.mark.requires("SAMLCore-1.3.3")
def test_a_moment_is_read_to_the_microsecond(text: str, microsecond: int) -> None:
    assert times.parse_moment(text) == AT.replace(microsecond=microsecond)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05+00:00",
        "2026-01-02T03:04:05-01:00",
        "2026-01-02T03:04:05z",
        "2026-01-02 03:04:05Z",
        " 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05Z\n",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05,1Z",
        "2026-01-02T03:04Z",
        "2026-01-02Z",
        "20260102T030405Z",
        "-2026-01-02T03:04:05Z",
        "12026-01-02T03:04:05Z",
        "0000-01-02T03:04:05Z",
        "2026-02-30T03:04:05Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:60Z",
        "\u0662026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.0000000000000000000001Z",
    ],
)
def test_what_is_no_moment_in_utc_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        times.parse_moment(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT0S", 0),
        ("PT3600S", 3_600),
        ("P1D", 86_400),
        ("P1Y2M3DT4H5M6.7S", 365 * 86_400 + 60 * 86_400 + 3 * 86_400 + 4 * 3_600 + 5 * 60 + 6),
    ],
)
@pytest.mark.requires("SAMLMeta-2.3.2")
def test_a_duration_is_read_in_seconds(text: str, seconds: int) -> None:
    assert times.parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "-PT1S", "PT-1S", "1", "PT1", "P1S", "PT1.S", "PT1S "]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        times.parse_duration(text)


@given(st.integers(0, 10**9 - 1))
def test_a_duration_that_is_written_is_read_back(seconds: int) -> None:
    assert times.parse_duration(times.write_duration(seconds)) == seconds


@given(st.text(st.characters(max_codepoint=0xD7FF) | st.characters(min_codepoint=0xE000)))
def test_a_text_is_read_back_as_it_was_written_or_cannot_be_written(text: str) -> None:
    try:
        octets = markup.element("x", {"a": text}, markup.leaf("y", text))
    except Malformed:
        assert any(ord(letter) < 32 or letter in "\ufffe\uffff" for letter in text)
        return
    element = etree.fromstring(octets)
    assert (element.get("a"), element[0].text or "") == (text, text)


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
@pytest.mark.requires("XML-2.2")
def test_what_xml_cannot_write_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        markup.leaf("x", text)
    with pytest.raises(Malformed):
        markup.element("x", {"a": text})


def test_an_attribute_that_is_none_is_left_out_and_an_element_without_content_is_empty() -> None:
    assert markup.element("x", {"a": None, "b": ""}) == b'<x b=""></x>'
    assert (markup.truth(True), markup.truth(False), markup.truth(None)) == ("true", "false", None)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (elements.index, "0", 0),
        (elements.index, "00007", 7),
        (elements.index, "65535", 65_535),
        (elements.boolean, "true", True),
        (elements.boolean, "1", True),
        (elements.boolean, "false", False),
        (elements.boolean, "0", False),
        (elements.identifier, "_a.b-c", "_a.b-c"),
        (elements.address, "urn:x:y", "urn:x:y"),
    ],
)
def test_a_value_is_read(read: Callable[[etree._Element, str], object], text: str, value: object) -> None:
    assert read(an(text), "a") == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((elements.index, text) for text in ("", "-1", "+1", " 1", "65536", "1.0", "0x1", "1e1", "\u0661")),
        *((elements.boolean, text) for text in ("", "TRUE", "True", "yes", "01", " true")),
        *((elements.identifier, text) for text in ("", "1a", "-a", "a b", "a:b", "#a", "a" * 257)),
        *(
            (elements.address, text)
            for text in ("", " urn:x", "urn:x y", "urn:x\n", "x" * 1_025, "urn:x\u0301a\u0301")
        ),
    ],
)
@pytest.mark.requires("SAMLCore-3.4.1")
def test_a_value_that_is_not_of_its_type_is_refused(
    read: Callable[[etree._Element, str], object], text: str
) -> None:
    with pytest.raises(Malformed):
        read(an(text), "a")
