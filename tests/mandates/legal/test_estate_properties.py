"""What holds of every estate: who acts is alive, and at an exclusive service there is one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mandates.legal.facts import ANN, BEN, CAS, DEE, FIRM, certificate, estate, kin
from toegang.mandates.legal.derived import begins, today
from toegang.mandates.legal.estate import by_estate, for_service
from toegang.registers.estates import Authorised, Choice, Estate, Executor, Kinship, Will

if TYPE_CHECKING:
    from toegang.registers.spoken import Holder

DAYS = st.sampled_from([date(2026, 11, 24) + timedelta(days=step) for step in range(5)])
PARTIES: list[Holder] = [ANN, BEN, CAS, DEE, FIRM]
HOLDERS = st.sampled_from(PARTIES)


@st.composite
def an_estate(draw: st.DrawFn) -> Estate:
    died_on = draw(DAYS)
    heirs = draw(st.lists(HOLDERS, unique=True, max_size=4))
    later = st.none() | DAYS.filter(lambda day: day > died_on)
    after = DAYS.filter(lambda day: day >= died_on)
    executors = draw(st.lists(st.tuples(HOLDERS, after, later, st.none() | DAYS, st.booleans()), max_size=2))
    named = draw(st.lists(st.tuples(HOLDERS, st.sampled_from(["tax", "care"]), after), max_size=3))
    return estate(
        *(
            kin(
                party,
                draw(st.sampled_from([Kinship.CHILD, *Kinship])),
                choice=draw(st.sampled_from([Choice.ACCEPTED, *Choice])),
                deceased_on=draw(st.none() | DAYS),
                in_place_of=draw(st.sampled_from([None, *(other for other in PARTIES if other != party)])),
            )
            for party in heirs
        ),
        died_on=died_on,
        will=draw(st.sampled_from([Will.NONE, *Will])),
        executors=tuple(
            Executor(
                party=party,
                since=since,
                until=None if until is None or until <= since else until,
                court=court,
                deceased_on=dead,
            )
            for party, since, until, dead, court in executors
        ),
        executors_needed=draw(st.sampled_from([1, 2])),
        certificate=draw(st.none() | st.just(certificate(*heirs[:2], issued=died_on))),
        authorised=tuple(
            Authorised(
                party=party, services=frozenset({service}), since=since, until=None, number=f"A-{place}"
            )
            for place, (party, service, since) in enumerate(named)
        ),
        division_undone=draw(st.booleans()),
        settled_on=draw(later),
    )


MOMENTS = st.datetimes(datetime(2026, 11, 23), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.requires("MANDATES-P8")
@given(an_estate(), MOMENTS)
@settings(max_examples=100)
def test_the_dead_act_for_nobody_and_an_exclusive_service_has_one_party_at_most(
    found: Estate, at: datetime
) -> None:
    told = by_estate(found, at)
    day = today(at)
    records = [*((each.party, each.deceased_on) for each in found.kin)]
    records += [(each.party, each.deceased_on) for each in found.executors]
    dead = {party for party, on in records if on is not None and on <= day}
    for each in told.authorities:
        assert each.holds(at)
        assert each.represented == found.deceased
        assert each.holder != found.deceased
        assert begins(found.died_on) <= at
        assert each.holder not in dead
    for service in ("tax", "care", "other"):
        one = for_service(told, service, exclusive=True).authorities
        assert len(one) <= 1
        assert all(each.together.alone for each in one)
        assert set(one) <= set(for_service(told, service, exclusive=False).authorities)


@pytest.mark.requires("MANDATES-P24")
@given(an_estate(), MOMENTS)
@settings(max_examples=100)
def test_the_outcome_does_not_depend_on_the_order_of_facts(found: Estate, at: datetime) -> None:
    turned = replace(
        found,
        kin=found.kin[::-1],
        executors=found.executors[::-1],
        authorised=found.authorised[::-1],
    )
    assert by_estate(turned, at) == by_estate(found, at)


@given(an_estate(), MOMENTS)
@settings(max_examples=60)
def test_what_is_derived_stays_so_until_it_ends(found: Estate, at: datetime) -> None:
    for each in by_estate(found, at).authorities:
        last = (at + timedelta(days=400)) if each.valid_until is None else each.valid_until
        assert each in by_estate(found, last - timedelta(seconds=1)).authorities
