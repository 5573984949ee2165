"""P12: of orders of courts that stand beside each other nobody acts by one unless each says that they may."""

from __future__ import annotations

from datetime import date, datetime
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.legal.facts import ANN, BEN, FIRM, PERSON, measure, measures
from tests.mandates.legal.test_court import HOLDERS, MOMENTS, ORDERS
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, JointRule, Power
from toegang.mandates.decide import Permit, chosen
from toegang.mandates.judging import Grounds
from toegang.mandates.legal.court import by_court
from toegang.mandates.legal.derived import runs, today
from toegang.mandates.link import link_by_law
from toegang.registers.courts import Measure, MeasureKind, Representative
from toegang.registers.spoken import Holder

PARTIES = {PERSON: b.SANNE, ANN: b.PIETER, BEN: b.NOOR, FIRM: b.FIRM}
CURATELE = MeasureKind.CURATELE
ABOUT = st.sampled_from([(Power.PROPERTY,), (Power.PERSONAL_CARE,), (Power.PROPERTY, Power.PERSONAL_CARE)])


def acting(orders: list[Measure], about: tuple[Power, ...], at: datetime) -> set[Holder]:
    """Return who acts for the person at a service about this, by the orders alone."""
    told = by_court(measures(*orders), at)
    links = [
        link_by_law(each, principal=b.SANNE, agent=PARTIES[each.holder]) for each in told.acting.authorities
    ]
    rules = b.rules(powers=about, kinds=(EdgeKind.COURT,), joint=JointRule.TOGETHER)
    everybody = {
        each.id: each for each in (b.person(b.SANNE), b.person(b.PIETER), b.person(b.NOOR), b.firm())
    }
    grounds = Grounds.of(
        b.service(1, rules), rules, level=Level.LOW, now=at, parties=everybody, law=b.told(*links)
    )
    return {
        holder
        for holder in HOLDERS
        if isinstance(
            chosen(
                [(link,) for link in links if link.agent == PARTIES[holder]],
                grounds,
                Level.HIGH,
            ),
            Permit,
        )
    }


def in_place_of(later: Measure, earlier: Measure, day: date) -> bool:
    """Tell whether one order is legally later: it says so, or it is curatele after a lesser one."""
    named = later.replaces == earlier.number
    greater = later.kind is CURATELE and earlier.kind is not CURATELE
    return later.pronounced > earlier.pronounced and later.since <= day and (named or greater)


def powers_of(order: Measure) -> set[str]:
    return {sphere.value for sphere in order.spheres}


def current(order: Measure, day: date) -> set[Holder]:
    return {each.party for each in order.representatives if runs((each.since, each.until), day)}


@pytest.mark.requires("MANDATES-P12", "MANDATES-P11")
@settings(max_examples=volume(150, 10_000))
@given(ORDERS, ABOUT, MOMENTS)
@example(
    [measure(CURATELE, ANN, number="a"), measure(CURATELE, BEN, number="b")],
    (Power.PROPERTY,),
    datetime.fromisoformat("2026-11-26T12:00:00+00:00"),
)
@example(
    [
        measure(MeasureKind.BEWIND, ANN, number="a", needed=1),
        measure(MeasureKind.BEWIND, BEN, FIRM, number="b", needed=2),
    ],
    (Power.PROPERTY,),
    datetime.fromisoformat("2026-11-26T12:00:00+00:00"),
)
def test_who_acts_at_a_service_has_an_order_that_stands_alone_or_beside_others_by_the_word_of_each(
    orders: list[Measure], about: tuple[Power, ...], at: datetime
) -> None:
    day, wanted = today(at), {each.value for each in about}
    running = [each for each in orders if runs((each.since, each.until), day)]
    found = acting(orders, about, at)
    assert acting(orders[::-1], about, at) == found
    # Each who acts has an order that is in force, over all that the service is about, by themselves alone.
    able = {
        order.number: {
            holder
            for holder in current(order, day)
            if order.whole and not order.disputed and (order.needed or 1) == 1 and wanted <= powers_of(order)
        }
        for order in running
    }
    first = [each for each in running if not any(in_place_of(other, each, day) for other in orders)]
    assert found <= {holder for each in first for holder in able[each.number]} & set(HOLDERS[:2])
    # Two that stand over the same matters, where one does not say that each acts alone, give nothing.
    collide = {
        each.number
        for pair in combinations(first, 2)
        for each in pair
        if pair[0].spheres & pair[1].spheres and any(one.needed != 1 for one in pair)
    }
    for order in first:
        alone = able[order.number] - {
            holder for other in first if other.number != order.number for holder in able[other.number]
        }
        assert order.number not in collide or not found & alone
    # One that stands where nothing else ever stood gives each of its representatives what it says.
    if len(orders) == 1 and first:
        assert found == able[first[0].number] & set(HOLDERS[:2])


@pytest.mark.requires("MANDATES-P11")
@settings(max_examples=volume(100, 5_000))
@given(
    st.lists(st.sampled_from(HOLDERS), unique=True, min_size=1, max_size=3),
    st.sampled_from([None, 1, 2, 3]),
    st.integers(0, 3),
)
def test_when_one_of_several_representatives_is_gone_those_left_act_only_if_each_may_alone(
    parties: list[Holder], needed: int | None, gone: int
) -> None:
    at = datetime.fromisoformat("2026-11-26T12:00:00+00:00")
    ended = [
        Representative(party=each, since=date(2020, 1, 1), until=date(2026, 1, 1) if place < gone else None)
        for place, each in enumerate(parties)
    ]
    order = measure(MeasureKind.BEWIND, *ended, needed=needed)
    told = by_court(measures(order), at).acting.authorities
    left = parties[gone:]
    assert {each.holder for each in told} == (set(left) if (needed or 1) <= len(left) else set())
    for each in told:
        assert each.together.others == set(left) - {each.holder}
        assert each.together.alone is ((needed or 1) == 1)
    people = set(left) & {ANN, BEN}
    assert acting([order], (Power.PROPERTY,), at) == (people if (needed or 1) == 1 else set())
