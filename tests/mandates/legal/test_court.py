"""Who acts by order of a court: a function of the set of orders, and never more than the orders say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mandates.legal.facts import (
    ANN,
    AT,
    BEFORE,
    BEN,
    FIRM,
    LATER,
    PERSON,
    TOMORROW,
    measure,
    measures,
    representative,
)
from toegang.mandates.legal.authority import EVERYTHING, Basis, Power, Powers
from toegang.mandates.legal.court import ByCourt, by_court
from toegang.mandates.legal.derived import begins, today
from toegang.mandates.legal.rules import Rule
from toegang.registers.courts import REACH, Measure, MeasureKind, Representative, Sphere

if TYPE_CHECKING:
    from toegang.registers.spoken import Holder

CURATELE, BEWIND = MeasureKind.CURATELE, MeasureKind.BEWIND
MENTORSHIP, PROVISIONAL = MeasureKind.MENTORSHIP, MeasureKind.PROVISIONAL_BEWIND
PROPERTY, CARE = Powers(over=frozenset({Power.PROPERTY})), Powers(over=frozenset({Power.PERSONAL_CARE}))


def derive(*found: Measure, at: datetime = AT) -> ByCourt:
    return by_court(measures(*found), at)


REFUSED: list[tuple[str, list[Measure], Rule]] = [
    ("ended", [measure(BEWIND, ANN, until=LATER)], Rule.SOURCE_SILENT),
    ("ends today", [measure(BEWIND, ANN, until=today(AT))], Rule.SOURCE_SILENT),
    ("not begun", [measure(BEWIND, ANN, since=TOMORROW)], Rule.SOURCE_SILENT),
    ("some goods only", [measure(BEWIND, ANN, whole=False)], Rule.COURT_PART_OF_GOODS),
    ("nobody appointed", [measure(BEWIND)], Rule.COURT_NOBODY_APPOINTED),
    (
        "dismissed",
        [measure(BEWIND, representative(ANN, until=LATER))],
        Rule.COURT_NOBODY_APPOINTED,
    ),
    (
        "one of two who act together is gone",
        [measure(BEWIND, ANN, representative(BEN, until=LATER), needed=2)],
        Rule.COURT_QUORUM_GONE,
    ),
    (
        "one appointed twice is no two",
        [measure(BEWIND, ANN, representative(ANN, since=LATER), needed=2)],
        Rule.COURT_QUORUM_GONE,
    ),
    (
        "two over the same",
        [measure(BEWIND, ANN), measure(BEWIND, BEN, since=LATER)],
        Rule.COURT_CONCURRENT,
    ),
    (
        "the later says that it replaces, and was pronounced on the same day",
        [measure(BEWIND, ANN, number="one"), measure(BEWIND, BEN, number="two", replaces="one")],
        Rule.COURT_CONCURRENT,
    ),
    (
        "only one of two says separately",
        [measure(BEWIND, ANN, needed=1), measure(BEWIND, BEN, since=LATER)],
        Rule.COURT_CONCURRENT,
    ),
    (
        "bewind after curatele that goes on",
        [measure(CURATELE, ANN), measure(BEWIND, BEN, since=LATER)],
        Rule.COURT_CONCURRENT,
    ),
    (
        "what came in its place has ended",
        [
            measure(BEWIND, ANN, number="one"),
            measure(BEWIND, BEN, number="two", since=LATER, until=date(2025, 1, 1), replaces="one"),
        ],
        Rule.COURT_SUCCESSOR_ENDED,
    ),
    (
        "curatele came and went, and bewind was never ended",
        [measure(BEWIND, ANN), measure(CURATELE, BEN, since=LATER, until=date(2025, 1, 1))],
        Rule.COURT_SUCCESSOR_ENDED,
    ),
]


@pytest.mark.parametrize(("orders", "why"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
@pytest.mark.requires("BW-1:437", "BW-1:449")
def test_nobody_acts(orders: list[Measure], why: Rule) -> None:
    found = derive(*orders).acting
    assert found.authorities == ()
    assert found.undetermined == (() if why is Rule.SOURCE_SILENT else (why,))


@pytest.mark.parametrize(
    ("kind", "basis", "over"),
    [
        (CURATELE, Basis.CURATELE, EVERYTHING),
        (BEWIND, Basis.BEWIND, PROPERTY),
        (MENTORSHIP, Basis.MENTORSHIP, CARE),
        (PROVISIONAL, Basis.PROVISIONAL_BEWIND, PROPERTY),
    ],
)
@pytest.mark.requires("BW-1:381", "BW-1:441", "BW-1:453", "BW-1:380")
def test_each_measure_gives_what_it_is_about(kind: MeasureKind, basis: Basis, over: Powers) -> None:
    found = derive(measure(kind, FIRM))
    (authority,) = found.acting.authorities
    assert (authority.basis, authority.powers, authority.holder) == (basis, over, FIRM)
    assert (authority.represented, authority.together.alone) == (PERSON, True)
    assert authority.reasons == (Rule.COURT_APPOINTED,)
    assert authority.source.reference == f"{kind}-{BEFORE}"
    assert not found.own.may_grant(over)
    assert found.own.may_grant(CARE) is (over == PROPERTY)


@pytest.mark.requires("BW-1:437")
def test_two_of_one_order_act_each_alone_unless_the_court_said_together() -> None:
    each = derive(measure(BEWIND, ANN, BEN)).acting.authorities
    assert [(found.holder, found.together.needed) for found in each] == [(ANN, 1), (BEN, 1)]
    jointly = derive(measure(BEWIND, ANN, BEN, needed=2)).acting.authorities
    assert [(found.holder, found.together.needed) for found in jointly] == [(ANN, 2), (BEN, 2)]
    assert jointly[0].together.others == {BEN}
    assert jointly[0].reasons == (Rule.COURT_APPOINTED, Rule.COURT_JOINTLY)
    left = derive(measure(BEWIND, ANN, representative(BEN, until=LATER))).acting.authorities
    assert [found.holder for found in left] == [ANN]


@pytest.mark.parametrize(
    ("earlier", "later", "why"),
    [
        (measure(BEWIND, ANN), measure(CURATELE, FIRM, since=LATER), Rule.COURT_CURATELE_TAKES_OVER),
        (measure(MENTORSHIP, ANN), measure(CURATELE, FIRM, since=LATER), Rule.COURT_CURATELE_TAKES_OVER),
        (measure(PROVISIONAL, ANN), measure(CURATELE, FIRM, since=LATER), Rule.COURT_PROVISIONAL_ENDED),
        (
            measure(BEWIND, ANN, number="one"),
            measure(BEWIND, FIRM, since=LATER, replaces="one"),
            Rule.COURT_REPLACED,
        ),
    ],
)
@pytest.mark.requires("BW-1:449", "BW-1:462", "BW-1:380")
def test_a_later_order_takes_the_place_of_an_earlier_one(earlier: Measure, later: Measure, why: Rule) -> None:
    found = derive(earlier, later).acting
    assert [each.holder for each in found.authorities] == [FIRM]
    assert found.nothing == (why,)
    before = derive(earlier, later, at=datetime(2023, 6, 1, tzinfo=UTC)).acting
    assert [(each.holder, each.valid_until) for each in before.authorities] == [(ANN, begins(LATER))]


def test_a_chain_of_replacements_leaves_the_last() -> None:
    one = measure(BEWIND, ANN, number="one")
    two = measure(BEWIND, BEN, number="two", since=date(2022, 1, 1), until=LATER, replaces="one")
    three = measure(BEWIND, FIRM, number="three", since=LATER, replaces="two")
    assert [each.holder for each in derive(one, two, three).acting.authorities] == [FIRM]


def test_orders_over_different_matters_and_separate_ones_stand_side_by_side() -> None:
    both = derive(measure(BEWIND, ANN), measure(MENTORSHIP, BEN)).acting
    assert [(each.holder, each.basis) for each in both.authorities] == [
        (ANN, Basis.BEWIND),
        (BEN, Basis.MENTORSHIP),
    ]
    separate = derive(measure(BEWIND, ANN, needed=1), measure(BEWIND, BEN, since=LATER, needed=1)).acting
    assert [each.holder for each in separate.authorities] == [ANN, BEN]
    assert separate.undetermined == ()


@pytest.mark.requires("BW-1:381")
def test_curatele_takes_away_what_a_person_can_grant_from_its_first_day() -> None:
    own = derive(measure(CURATELE, FIRM, since=LATER)).own
    assert own.incapable_since == begins(LATER)
    assert not own.may_grant(CARE)
    assert own.granted_in_time(begins(LATER) - timedelta(seconds=1))
    assert not own.granted_in_time(begins(LATER))
    # Also where nobody can act for them.
    assert not derive(measure(CURATELE)).own.may_grant()
    assert derive(measure(CURATELE, FIRM, until=LATER)).own.may_grant()
    assert derive().own.may_grant()


def test_what_the_court_looks_into_is_told_and_nothing_rests_on_it() -> None:
    found = derive(measure(BEWIND, ANN, disputed=True)).acting
    assert found.of(ANN) == ()
    assert found.undetermined == (Rule.SOURCE_DISPUTES,)
    assert derive(measure(BEWIND, ANN)).acting.of(ANN) != ()


@pytest.mark.requires("BW-1:449", "BW-1:462")
def test_with_a_death_every_measure_ends() -> None:
    orders = measures(measure(CURATELE, FIRM))
    found = by_court(orders, AT, died_on=today(AT))
    assert (found.acting.authorities, found.acting.nothing) == ((), (Rule.COURT_ENDED_BY_DEATH,))
    still = by_court(orders, AT, died_on=TOMORROW).acting.authorities
    assert [each.valid_until for each in still] == [begins(TOMORROW)]


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (date(2026, 1, 1), datetime(2025, 12, 31, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the clock goes forward that night
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # and back
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_and_ends_at_midnight_in_amsterdam(day: date, utc: datetime) -> None:
    second = timedelta(seconds=1)
    begun = measure(BEWIND, ANN, since=day)
    ended = measure(BEWIND, ANN, since=date(2019, 1, 1), until=day)
    assert derive(begun, at=utc - second).acting.authorities == ()
    (authority,) = derive(begun, at=utc).acting.authorities
    assert authority.valid_from == utc
    (last,) = derive(ended, at=utc - second).acting.authorities
    assert last.valid_until == utc
    assert derive(ended, at=utc).acting.authorities == ()


# Few days and few people, so that orders meet.
DAYS = st.sampled_from([date(2026, 11, 24) + timedelta(days=step) for step in range(5)])
UNTIL = st.none() | DAYS.map(lambda day: day + timedelta(days=2))


HOLDERS: list[Holder] = [ANN, BEN, FIRM]


@st.composite
def an_order(draw: st.DrawFn) -> Measure:
    kind = draw(st.sampled_from(MeasureKind))
    since = draw(DAYS)
    until = draw(UNTIL)
    parties = st.sampled_from(HOLDERS)
    appointed = draw(st.lists(st.tuples(parties, DAYS, UNTIL), max_size=3))
    return Measure(
        number=draw(st.sampled_from(["a", "b", "c", "d"])),
        about=PERSON,
        kind=kind,
        spheres=frozenset(draw(st.sets(st.sampled_from(sorted(REACH[kind])), min_size=1))),
        whole=draw(st.sampled_from([True, True, False])),
        pronounced=draw(DAYS),
        since=since,
        until=None if until is None or until <= since else until,
        needed=draw(st.sampled_from([None, 1, 1, 2])),
        representatives=tuple(
            Representative(party=party, since=begun, until=None if end is None or end <= begun else end)
            for party, begun, end in appointed
        ),
        replaces=draw(st.sampled_from([None, "a", "b"])),
        disputed=draw(st.booleans()),
    )


ORDERS = st.lists(an_order(), max_size=4, unique_by=lambda each: each.number)
MOMENTS = st.datetimes(datetime(2026, 11, 24), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.requires("MANDATES-P12", "MANDATES-P24")
@given(ORDERS, MOMENTS, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_outcome_does_not_depend_on_the_order_of_orders(
    orders: list[Measure], at: datetime, random: object
) -> None:
    mixed = [
        replace(each, representatives=tuple(reversed(each.representatives))) for each in reversed(orders)
    ]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert derive(*orders, at=at) == derive(*mixed, at=at)


@pytest.mark.requires("MANDATES-P12")
@given(ORDERS, MOMENTS)
@settings(max_examples=100)
def test_two_orders_over_the_same_matters_give_somebody_authority_only_when_each_says_separately(
    orders: list[Measure], at: datetime
) -> None:
    by = {each.number: each for each in orders}
    found = derive(*orders, at=at).acting.authorities
    for one in found:
        order = by[one.source.reference]
        assert one.holds(at)
        assert order.whole
        assert one.powers.over == {Power(sphere.value) for sphere in order.spheres}
        for other in found:
            if other.source.reference != order.number and one.powers.over & other.powers.over:
                assert order.needed == by[other.source.reference].needed == 1


@given(ORDERS, MOMENTS)
@settings(max_examples=100)
def test_what_is_derived_stays_so_until_it_ends(orders: list[Measure], at: datetime) -> None:
    found = derive(*orders, at=at).acting.authorities
    for each in found:
        last = (at + timedelta(days=400)) if each.valid_until is None else each.valid_until
        later = derive(*orders, at=last - timedelta(seconds=1)).acting.authorities
        assert each.holder in {other.holder for other in later if other.basis is each.basis}


@pytest.mark.requires("MANDATES-P17")
@given(ORDERS, MOMENTS, an_order())
@settings(max_examples=100)
def test_one_more_order_of_others_gives_nobody_what_they_did_not_have(
    orders: list[Measure], at: datetime, more: Measure
) -> None:
    """An order adds authority for those whom it appoints, and for nobody else."""
    more = replace(more, number="e")
    before = {(each.holder, each.source.reference) for each in derive(*orders, at=at).acting.authorities}
    after = {(each.holder, each.source.reference) for each in derive(*orders, more, at=at).acting.authorities}
    assert {reference for _, reference in after - before} <= {"e"} | {
        each.number for each in orders if _gave_way(each, orders, more)
    }


def _gave_way(order: Measure, orders: list[Measure], more: Measure) -> bool:
    """Tell whether what stood in the way of an order can have given way to one more: P17 counts these out."""
    return any(
        each.spheres & order.spheres
        and (more.replaces == each.number or more.kind is CURATELE)
        and more.pronounced > each.pronounced
        for each in orders
        if each != order
    )


def test_spheres_and_powers_have_the_same_names() -> None:
    assert {sphere.value for sphere in Sphere} == {power.value for power in Power}
