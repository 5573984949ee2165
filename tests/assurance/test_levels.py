"""One scale, its names per scheme, and that no name ever says more than was proven."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toegang.assurance import Level, Scheme, level_named, name_of
from toegang.assurance.levels import BASIC_URI, parse_level

URIS = [Scheme.EIDAS, Scheme.EIDAS_NOT_NOTIFIED, Scheme.CLASSES, Scheme.ETD]


@pytest.mark.parametrize("word", ["", "LOW", "midden", "2", "loa3", "low ", "high\n"])
def test_a_word_that_is_not_ours_is_refused_and_the_right_ones_are_named(word: str) -> None:
    with pytest.raises(ValueError, match="minimal, basic, low, substantial, high"):
        parse_level(word)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "low",
        "http://eidas.europa.eu/LoA/LOW",
        "http://eidas.europa.eu/LoA/low/",
        "http://eidas.europa.eu/LoA/basic",
        "https://eidas.europa.eu/LoA/low",
        "urn:etoegang:core:assurance-class:loa5",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    ],
)
def test_a_name_that_nobody_gave_means_no_level(name: str) -> None:
    assert level_named(name) is None


def test_a_short_word_means_nothing_without_its_scheme() -> None:
    assert level_named("substantial") is None
    assert level_named("substantial", Scheme.EIDAS_SHORT) == (Scheme.EIDAS_SHORT, Level.SUBSTANTIAL)
    assert level_named("basic", Scheme.EIDAS_SHORT) is None


def test_a_name_is_not_found_in_another_scheme() -> None:
    assert level_named("urn:etoegang:core:assurance-class:loa3", Scheme.EIDAS) is None


@pytest.mark.requires("eIDAS-2015/1502-2.2.1")
def test_the_levels_stand_in_one_order() -> None:
    assert Level.MINIMAL < Level.BASIC < Level.LOW < Level.SUBSTANTIAL < Level.HIGH


@pytest.mark.requires("STSAML-LoA")
def test_the_name_low_means_two_factors_and_basic_has_its_own() -> None:
    assert level_named("http://eidas.europa.eu/LoA/low") == (Scheme.EIDAS, Level.LOW)
    assert level_named("http://eid.logius.nl/LoA/basic") == (Scheme.EIDAS, Level.BASIC)


@pytest.mark.requires("STSAML-LoA")
def test_both_spellings_of_basic_are_read_and_one_is_written() -> None:
    assert level_named("http://eID.logius.nl/LoA/basic") == (Scheme.EIDAS, Level.BASIC)
    assert level_named("http://eID.logius.nl/LoA/basic", Scheme.EIDAS) == (Scheme.EIDAS, Level.BASIC)
    assert name_of(Level.BASIC, Scheme.EIDAS) == BASIC_URI == "http://eid.logius.nl/LoA/basic"


@pytest.mark.requires("eIDAS-SAML-3.2")
def test_a_means_that_was_not_notified_is_not_answered_as_if_it_were() -> None:
    name = "http://eidas.europa.eu/NotNotified/LoA/substantial"
    assert level_named(name) == (Scheme.EIDAS_NOT_NOTIFIED, Level.SUBSTANTIAL)
    assert name_of(Level.SUBSTANTIAL, Scheme.EIDAS_NOT_NOTIFIED) == name


@pytest.mark.requires("ETD-LoA")
@pytest.mark.parametrize(
    ("name", "level"),
    [("loa1", Level.MINIMAL), ("loa2", Level.BASIC), ("loa2plus", Level.LOW), ("loa3", Level.SUBSTANTIAL)],
)
def test_the_business_scheme_stands_on_the_same_scale(name: str, level: Level) -> None:
    assert level_named(f"urn:etoegang:core:assurance-class:{name}") == (Scheme.ETD, level)


@given(st.sampled_from(Level), st.sampled_from(Scheme))
def test_a_name_never_says_more_than_the_level(level: Level, scheme: Scheme) -> None:
    name = name_of(level, scheme)
    if name is not None:
        found = level_named(name, scheme)
        assert found is not None
        assert found[1] <= level


@given(st.sampled_from(Level), st.sampled_from(Level), st.sampled_from(Scheme))
def test_a_higher_level_never_gets_a_lower_name(one: Level, other: Level, scheme: Scheme) -> None:
    low, high = sorted((one, other))
    lower, higher = name_of(low, scheme), name_of(high, scheme)
    if lower is not None:
        assert higher is not None
        found, above = level_named(lower, scheme), level_named(higher, scheme)
        assert found is not None
        assert above is not None
        assert found[1] <= above[1]


def test_a_level_below_every_name_of_a_scheme_has_none_there() -> None:
    assert name_of(Level.MINIMAL, Scheme.EIDAS) is None
    assert name_of(Level.BASIC, Scheme.EIDAS_SHORT) is None
    assert name_of(Level.BASIC, Scheme.EIDAS_NOT_NOTIFIED) is None


@pytest.mark.parametrize("scheme", URIS)
def test_a_name_that_stands_for_itself_leads_back_to_its_scheme_and_level(scheme: Scheme) -> None:
    for level in Level:
        name = name_of(level, scheme)
        if name is not None:
            found = level_named(name)
            assert found is not None
            assert found[0] is scheme


@given(st.sampled_from(Level))
def test_our_own_words_name_every_level_and_are_read_back(level: Level) -> None:
    word = name_of(level, Scheme.CATALOGUE)
    assert word is not None
    assert parse_level(word) is level


def test_the_stored_numbers_never_change() -> None:
    assert {level.name: int(level) for level in Level} == {
        "MINIMAL": 5,
        "BASIC": 10,
        "LOW": 20,
        "SUBSTANTIAL": 25,
        "HIGH": 30,
    }
