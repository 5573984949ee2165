"""Scope: what a mandate reaches as services come and go, and what a chain of them leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mandates import builders as b
from toegang.catalogue.representation import Group
from toegang.catalogue.values import ServiceId
from toegang.mandates.scope import (
    EVERYTHING,
    UNRESTRICTED,
    Action,
    Restriction,
    Scope,
    ScopeKind,
    covering,
)

LIVING = Scope(ScopeKind.GROUP, "living")
JOINED = b.SINCE + 100 * b.DAY
TICK = timedelta(microseconds=1)


def reached(scope: Scope, **changes: object) -> bool:
    grouped = b.rules(**{"groups": (Group(id="living", since=JOINED),), **changes})
    return any(each.covers(scope) for each in covering(b.service(1, grouped)))


def test_a_service_without_rules_is_reached_by_nothing_not_even_by_its_name() -> None:
    assert covering(b.service(1)) == ()


@pytest.mark.requires("MANDATES-P13")
def test_no_group_no_provider_and_no_everything_reaches_an_excluded_service() -> None:
    wide = (LIVING, Scope.of_provider(b.TAXES), EVERYTHING)
    assert [reached(scope) for scope in wide] == [True, True, True]
    assert [reached(scope, excluded=True) for scope in wide] == [False, False, False]
    assert reached(Scope.of_service(ServiceId(UUID(int=1))), excluded=True)


@pytest.mark.requires("MANDATES-P13")
def test_a_frozen_mandate_reaches_what_was_in_the_group_when_it_was_given() -> None:
    assert reached(replace(LIVING, as_of=JOINED))
    assert not reached(replace(LIVING, as_of=JOINED - TICK))
    assert reached(LIVING)


def test_a_service_that_left_its_group_is_not_reached_by_it() -> None:
    assert not reached(LIVING, groups=())


def test_another_providers_mandate_or_one_for_another_service_does_not_reach() -> None:
    assert not reached(Scope(ScopeKind.PROVIDER, "another"))
    assert not reached(Scope.of_service(ServiceId(UUID(int=2))))


def test_what_grows_is_not_inside_what_is_frozen() -> None:
    frozen = replace(LIVING, as_of=JOINED)
    assert LIVING.contains(frozen)
    assert not frozen.contains(LIVING)
    assert EVERYTHING.contains(LIVING)
    assert not LIVING.contains(EVERYTHING)
    assert not LIVING.contains(Scope.of_provider(b.TAXES))


def some(values: list[str]) -> st.SearchStrategy[frozenset[str] | None]:
    return st.none() | st.frozensets(st.sampled_from(values))


RESTRICTIONS = st.builds(
    Restriction,
    actions=st.frozensets(st.sampled_from(Action)),
    branches=some(["a", "b", "c"]),
    cases=some(["1", "2"]),
    most=st.none() | st.integers(0, 5),
    looks_back_to=st.none() | st.sampled_from([b.NOW, b.SINCE]),
)


@pytest.mark.requires("MANDATES-P2")
@given(RESTRICTIONS, RESTRICTIONS, RESTRICTIONS)
def test_narrowing_never_widens_and_its_order_does_not_matter(
    one: Restriction, other: Restriction, third: Restriction
) -> None:
    both = one.narrowed(other)
    assert both.within(one)
    assert both.within(other)
    assert both == other.narrowed(one)
    assert both.narrowed(third) == one.narrowed(other.narrowed(third))
    assert one.narrowed(UNRESTRICTED) == one
    assert not both.empty or one.narrowed(other).empty


DONE = st.tuples(
    st.sampled_from(Action),
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["1", "2", "3"]),
    st.integers(0, 6),
    st.sampled_from([b.SINCE - TICK, b.SINCE, b.NOW - TICK, b.NOW]),
)


def allows(left: Restriction, done: tuple[Action, str, str, int, datetime]) -> bool:
    """Tell by itself whether something may be done: what, for which, how much, and about what moment."""
    action, branch, case, amount, about = done
    return (
        action in left.actions
        and (left.branches is None or branch in left.branches)
        and (left.cases is None or case in left.cases)
        and (left.most is None or amount <= left.most)
        and (left.looks_back_to is None or about >= left.looks_back_to)
    )


@pytest.mark.requires("MANDATES-P2")
@given(RESTRICTIONS, RESTRICTIONS, DONE)
@example(Restriction(most=5), Restriction(most=1), (Action.VIEW, "a", "1", 3, b.NOW))
@example(
    Restriction(looks_back_to=b.NOW), Restriction(looks_back_to=b.SINCE), (Action.VIEW, "a", "1", 0, b.SINCE)
)
def test_together_two_restrictions_allow_what_each_of_them_does(
    one: Restriction, other: Restriction, done: tuple[Action, str, str, int, datetime]
) -> None:
    assert allows(one.narrowed(other), done) is (allows(one, done) and allows(other, done))
