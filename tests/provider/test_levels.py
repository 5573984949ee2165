"""The one rule for `acr`, held against the table that service providers read, and against its promises."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import NOON
from tests.hostile.scenes import town_client
from toegang.assurance import Level, level_named
from toegang.assurance.levels import parse_level
from toegang.catalogue.values import AcrAlias
from toegang.errors import LevelNotProven, LevelUnreachable
from toegang.provider.oidc.levels import answer_name, resolve

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "protocols" / "oidc.md"
HEADER = "| service's floor | asked | to be proven | proven | `acr` in the answer |"
ERROR = "error `unmet_authentication_requirements`"
NOBODY = "nobody can"
URI = {level: f"http://eidas.europa.eu/LoA/{level.name.lower()}" for level in Level if level >= Level.LOW} | {
    Level.BASIC: "http://eid.logius.nl/LoA/basic"
}
CLIENT = town_client()
OLD = AcrAlias(name="sea-2", level=Level.LOW, until=NOON + timedelta(days=30))
NEW = AcrAlias(name="sea-two-factor", level=Level.LOW)
HIGHER = AcrAlias(name="sea-high", level=Level.HIGH)
CHANGING = town_client(acr_aliases=(OLD, NEW, HIGHER))
LATER = NOON + timedelta(days=30)


def rows() -> list[tuple[str, ...]]:
    """Return the lines of the document's table."""
    table = DOCUMENT.read_text().partition(HEADER)[2].partition("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table]


def names(asked: str) -> tuple[str, ...]:
    """Return the names that a line asks: URIs and URNs as they stand there, or words of ours."""
    words = asked.replace("`acr_values`", "").replace("essential", "").replace("nothing", "")
    found = (word.strip("`,") for word in words.split())
    return tuple(whole(word) if ":" in word else URI[parse_level(word)] for word in found if word)


def whole(name: str) -> str:
    return name.replace("urn:etoegang:...:", "urn:etoegang:core:assurance-class:")


@pytest.mark.requires("OIDCC-5.5.1.1", "OIDCUAR")
@pytest.mark.parametrize("row", rows(), ids=lambda row: "-".join(re.findall(r"\w+", " ".join(row)))[:60])
def test_every_line_of_the_document_is_what_happens(row: tuple[str, ...]) -> None:
    floor, asked, required, proven, told = row
    essential = "essential" in asked
    if not required:
        with pytest.raises(LevelUnreachable):
            resolve(CLIENT, parse_level(floor), names(asked), essential=essential, now=NOON)
        assert told == ERROR
        return
    found = resolve(CLIENT, parse_level(floor), names(asked), essential=essential, now=NOON)
    assert found.required == parse_level(required)
    if proven == NOBODY:
        assert told == ERROR
        return
    assert answer_name(CLIENT, found, parse_level(proven), NOON) == whole(told.strip("`"))


def test_the_document_has_its_table() -> None:
    assert len(rows()) == 12


def answered(proven: Level, *asked: str, essential: bool = False, later: bool = False) -> str:
    """Return the name that the client in the middle of a change is answered with."""
    now = LATER if later else NOON
    return answer_name(
        CHANGING, resolve(CHANGING, Level.LOW, asked, essential=essential, now=now), proven, now
    )


def test_in_a_dual_run_both_names_are_understood_until_the_old_one_ends() -> None:
    for name in (OLD.name, NEW.name):
        assert resolve(CHANGING, Level.BASIC, (name,), essential=True, now=NOON).required is Level.LOW
    assert resolve(CHANGING, Level.BASIC, (NEW.name,), essential=True, now=LATER).required is Level.LOW
    with pytest.raises(LevelUnreachable):
        resolve(CHANGING, Level.BASIC, (OLD.name,), essential=False, now=LATER)


def test_in_a_dual_run_the_answer_is_the_name_to_grow_into_unless_the_old_one_is_essential() -> None:
    assert answered(Level.LOW) == NEW.name
    assert answered(Level.LOW, OLD.name) == NEW.name
    assert answered(Level.LOW, OLD.name, essential=True) == OLD.name
    assert answered(Level.LOW, NEW.name, essential=True) == NEW.name
    assert answered(Level.LOW, later=True) == NEW.name


def test_a_client_with_names_of_its_own_that_asks_by_uri_is_answered_by_uri() -> None:
    assert answered(Level.LOW, URI[Level.LOW]) == URI[Level.LOW]


def test_a_name_of_its_own_says_no_more_than_was_proven() -> None:
    assert answered(Level.SUBSTANTIAL) == NEW.name
    assert answered(Level.HIGH) == HIGHER.name
    only_high = replace(CHANGING, acr_aliases=(HIGHER,))
    asked = resolve(only_high, Level.LOW, (), essential=False, now=NOON)
    with pytest.raises(LevelNotProven):
        answer_name(only_high, asked, Level.LOW, NOON)


def test_a_name_of_another_client_is_a_name_that_nobody_knows() -> None:
    with pytest.raises(LevelUnreachable):
        resolve(CLIENT, Level.LOW, (NEW.name,), essential=False, now=NOON)


ASKABLE = st.lists(
    st.sampled_from([*URI.values(), "urn:etoegang:core:assurance-class:loa3", "urn:nobody:knows", NEW.name]),
    max_size=4,
    unique=True,
)


@given(floor=st.sampled_from(Level), asked=ASKABLE, essential=st.booleans(), proven=st.sampled_from(Level))
def test_whatever_is_asked_no_proof_below_the_floor_is_enough_and_no_answer_says_more_than_was_proven(
    floor: Level, asked: list[str], *, essential: bool, proven: Level
) -> None:
    try:
        found = resolve(CHANGING, floor, tuple(asked), essential=essential, now=NOON)
    except LevelUnreachable:
        assert "urn:nobody:knows" in asked
        return
    assert found.required >= floor
    assume(proven >= found.required)
    try:
        name = answer_name(CHANGING, found, proven, NOON)
    except LevelNotProven:
        return
    own = {alias.name: alias.level for alias in CHANGING.acr_aliases}
    known = level_named(name)
    assert (known[1] if known else own[name]) <= proven
