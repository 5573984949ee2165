"""Limits: a service that does not hold people to one lets nobody act by it, and nobody sets it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, LimitKind
from toegang.mandates.demands import demands_of
from toegang.mandates.guards import objection
from toegang.mandates.judging import Grounds, against
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.link import Link, link_of
from toegang.mandates.scope import UNRESTRICTED, Action, Restriction
from toegang.mandates.why import Objection, Why

ONE_OF_EACH = {
    LimitKind.ACTIONS: Restriction(actions=frozenset({Action.VIEW})),
    LimitKind.BRANCH: Restriction(branches=frozenset({"000012345678"})),
    LimitKind.CASE: Restriction(cases=frozenset({"Z=4711", "2026-001"})),
    LimitKind.AMOUNT: Restriction(most=1),
    LimitKind.LOOK_BACK: Restriction(looks_back_to=b.NOW),
}
DAYS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 the zone is drawn
RESTRICTIONS = st.builds(
    Restriction,
    actions=st.frozensets(st.sampled_from(Action), min_size=1),
    branches=st.none() | st.frozensets(st.text("0123456789", min_size=1), min_size=1, max_size=3),
    cases=st.none() | st.frozensets(st.text(min_size=1), min_size=1, max_size=3),
    most=st.none() | st.integers(1, 10**12),
    looks_back_to=st.none() | DAYS,
)


def judged(restriction: Restriction, *limits: LimitKind, link: Link | None = None) -> Why | None:
    rules = b.rules(limits=limits)
    known = {each.id: each for each in (b.person(b.SANNE), b.person(b.PIETER), b.firm())}
    given_ = link or link_of(b.edge(terms=b.terms(restriction=restriction)))
    grounds = Grounds.of(
        b.service(1, rules), rules, level=Level.LOW, now=b.NOW, parties=known, law=NOTHING_TOLD
    )
    return against((given_,), grounds)


@pytest.mark.requires("MANDATES-P2")
@pytest.mark.parametrize("kind", LimitKind)
def test_by_a_limit_to_which_a_service_does_not_hold_nobody_acts(kind: LimitKind) -> None:
    others = [each for each in LimitKind if each is not kind]
    assert judged(ONE_OF_EACH[kind], *others) is Why.LIMIT_NOT_HONOURED
    assert judged(ONE_OF_EACH[kind], kind) is None
    assert judged(UNRESTRICTED) is None


@pytest.mark.requires("MANDATES-P2")
@pytest.mark.parametrize("kind", [LimitKind.AMOUNT, LimitKind.BRANCH])
def test_nor_does_a_director_to_whom_the_law_gives_a_limit(kind: LimitKind) -> None:
    made = {"agent": b.PIETER, "principal": b.FIRM, "kind": EdgeKind.STATUTORY, "overrules": False}
    director = replace(b.law(**made), restriction=ONE_OF_EACH[kind])
    assert judged(UNRESTRICTED, link=director) is Why.LIMIT_NOT_HONOURED
    assert judged(UNRESTRICTED, kind, link=director) is None


@pytest.mark.requires("MANDATES-P17")
@given(RESTRICTIONS, RESTRICTIONS, st.frozensets(st.sampled_from(LimitKind)))
def test_no_limit_more_makes_a_permit_and_no_limit_that_is_held_to_takes_one_away(
    one: Restriction, other: Restriction, limits: frozenset[LimitKind]
) -> None:
    both = one.narrowed(other)
    if both.empty:
        return
    if judged(both, *limits) is None:
        assert judged(one, *limits) is None
    assert judged(one, *LimitKind) is None


@given(RESTRICTIONS)
def test_what_is_said_of_a_limit_is_read_back(restriction: Restriction) -> None:
    assert Restriction.parse(restriction.said) == restriction
    assert bool(restriction.said) is bool(restriction.kinds)
    assert (restriction == UNRESTRICTED) is (not restriction.kinds)
    assert restriction.only(restriction.kinds) == restriction
    for kind in LimitKind:
        one = restriction.only((kind,))
        assert one.kinds == restriction.kinds & {kind}
        assert restriction.within(one)


@pytest.mark.parametrize("said", ["colour=blue", "amount=much", "look-back=soon", "actions=shout", ""])
def test_what_says_no_limit_is_not_read(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Restriction.parse([said])


def told(edge: Any, act: Act, by: Any, limits: tuple[LimitKind, ...], **changes: Any) -> Objection | None:  # noqa: ANN401
    demands = demands_of([b.rules(limits=limits), b.rules()])
    return objection(edge, b.move(act, by, **changes), b.scene(demands=demands))


@pytest.mark.requires("MANDATES-P2")
@pytest.mark.parametrize("kind", LimitKind)
def test_nobody_sets_a_limit_to_which_one_of_the_services_does_not_hold(kind: LimitKind) -> None:
    proposed = b.edge(terms=b.terms(restriction=ONE_OF_EACH[kind]))
    for act, by in ((Act.REQUEST, b.PIETER), (Act.OFFER, b.SANNE)):
        assert told(proposed, act, by, ()) == Objection(Why.LIMIT_NOT_HONOURED)
        assert told(proposed, act, by, (kind,)) is None


@pytest.mark.requires("MANDATES-P2")
@pytest.mark.parametrize("by", [b.SANNE, b.PIETER])
def test_who_makes_it_less_sets_no_limit_that_is_none_and_keeps_those_that_there_are(by: Any) -> None:  # noqa: ANN401
    wide, narrow = b.terms(), b.terms(restriction=ONE_OF_EACH[LimitKind.AMOUNT])
    assert told(b.edge(terms=wide), Act.RESTRICT, by, (), terms=narrow) == Objection(Why.LIMIT_NOT_HONOURED)
    assert told(b.edge(terms=wide), Act.RESTRICT, by, (LimitKind.AMOUNT,), terms=narrow) is None
    sooner = replace(narrow, until=narrow.until - b.DAY)
    assert told(b.edge(terms=narrow), Act.RESTRICT, by, (), terms=sooner) is None
    assert told(b.edge(terms=narrow), Act.RESTRICT, by, tuple(LimitKind), terms=wide) == Objection(Why.WIDER)


def test_where_no_service_is_open_no_limit_is_set_and_it_still_ends_earlier() -> None:
    edge = b.edge()
    nowhere = b.scene(demands=None)
    narrow, sooner = (
        replace(edge.terms, restriction=ONE_OF_EACH[LimitKind.CASE]),
        replace(edge.terms, until=edge.terms.until - b.DAY),
    )
    moves = [b.move(Act.RESTRICT, b.SANNE, terms=each) for each in (narrow, sooner)]
    assert [objection(edge, each, nowhere) for each in moves] == [Objection(Why.LIMIT_NOT_HONOURED), None]
