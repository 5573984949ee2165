"""The value that every derivation of legal authority yields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.legal.authority import (
    ALONE,
    EVERYTHING,
    Authority,
    Basis,
    Certainty,
    Power,
    Powers,
    Source,
    Together,
)

CHILD = Bsn.parse("999990019")
PARENT = Bsn.parse("999990032")
FIRM = KvkNumber.parse("90000001")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOLD = Source(register="population-register", reference="", retrieved_at=NOW)


def authority(**changes: object) -> Authority:
    usual: dict[str, Any] = {
        "represented": CHILD,
        "holder": PARENT,
        "basis": Basis.PARENTAL_SOLE,
        "powers": EVERYTHING,
        "together": ALONE,
        "valid_from": NOW,
        "valid_until": NOW + timedelta(days=1),
        "source": TOLD,
        "certainty": Certainty.CERTAIN,
    }
    return Authority(**usual | changes)


@pytest.mark.parametrize(
    "impossible",
    [
        {"holder": CHILD},
        {"together": Together(others=frozenset({PARENT}), needed=2)},
        {"valid_until": NOW},
        {"valid_until": NOW - timedelta(seconds=1)},
    ],
    ids=["over oneself", "held twice", "no time at all", "ended before it began"],
)
def test_what_cannot_be_is_refused(impossible: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="authority"):
        authority(**impossible)


@pytest.mark.parametrize(("over", "most"), [(frozenset(), None), (EVERYTHING.over, 0), (EVERYTHING.over, -1)])
def test_powers_are_over_something_and_of_a_positive_amount(over: frozenset[Power], most: int | None) -> None:
    with pytest.raises(ValueError, match="over something"):
        Powers(over=over, most=most)


def test_at_least_one_acts() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Together(needed=0)


def test_the_last_moment_is_the_one_before_the_end() -> None:
    held = authority()
    assert held.holds(NOW)
    assert not held.holds(NOW - timedelta(microseconds=1))
    assert held.holds(NOW + timedelta(days=1) - timedelta(microseconds=1))
    assert not held.holds(NOW + timedelta(days=1))


def test_without_a_beginning_or_an_end_it_always_holds() -> None:
    held = authority(valid_from=None, valid_until=None)
    assert held.holds(datetime.min.replace(tzinfo=UTC))
    assert held.holds(datetime.max.replace(tzinfo=UTC))


def test_nothing_rests_on_what_is_under_investigation() -> None:
    assert authority().certain
    assert not authority(certainty=Certainty.UNDER_INVESTIGATION).certain


def test_every_basis_comes_from_one_part_of_the_law() -> None:
    assert all(basis.family for basis in Basis)


def test_numbers_of_people_are_never_shown() -> None:
    shown = repr(authority(together=Together(others=frozenset({FIRM, Bsn.parse("999990044")}), needed=2)))
    assert "9999" not in shown
    assert "9000" not in shown
