"""Who acts alone through holdings has what every registration on the way allows, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mandates.legal.facts import (
    ANN,
    AT,
    BEFORE,
    BEN,
    CAS,
    FIRM,
    HOLDING,
    LATER,
    OTHER_FIRM,
    TOMORROW,
    TOP,
    alone,
    by_number,
    joint,
    organisation,
)
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.legal.authority import Basis
from toegang.mandates.legal.board import by_registration
from toegang.mandates.legal.derived import begins
from toegang.mandates.legal.holdings import DEEPEST, through_holdings
from toegang.mandates.legal.rules import Rule
from toegang.mandates.legal.signing import binds
from toegang.registers.organisations import RegisteredOrganisation, Standing

if TYPE_CHECKING:
    from toegang.mandates.legal.authority import Authority
    from toegang.registers.spoken import Holder


def through(*world: RegisteredOrganisation) -> tuple[Authority, ...]:
    return through_holdings(FIRM, {each.kvk: by_registration(each, AT) for each in world})


@pytest.mark.parametrize(
    "world",
    [
        [organisation(FIRM, alone(ANN))],
        [organisation(FIRM, alone(HOLDING))],
        [organisation(FIRM, joint(HOLDING, 2), joint(BEN, 2)), organisation(HOLDING, alone(ANN))],
        [organisation(FIRM, alone(HOLDING)), organisation(HOLDING, joint(ANN, 2), joint(BEN, 2))],
        [
            organisation(FIRM, alone(HOLDING)),
            organisation(HOLDING, alone(ANN), standing=Standing.DISSOLVED, standing_since=LATER),
        ],
        [organisation(FIRM, alone(HOLDING)), organisation(HOLDING, alone(ANN), disputed=True)],
        [organisation(FIRM, alone(HOLDING), disputed=True), organisation(HOLDING, alone(ANN))],
        [organisation(FIRM, alone(HOLDING)), organisation(HOLDING, alone(FIRM))],
        [organisation(FIRM, alone(HOLDING, until=LATER)), organisation(HOLDING, alone(ANN))],
    ],
    ids=[
        "directly",
        "of whom nothing is known",
        "the holding acts with another",
        "two act for the holding",
        "dissolved",
        "the holding is disputed",
        "the organisation is disputed",
        "a loop",
        "the holding has left",
    ],
)
@pytest.mark.requires("BW-2:240")
def test_nobody_acts_through_a_holding(world: list[RegisteredOrganisation]) -> None:
    assert through(*world) == ()


@pytest.mark.requires("BW-2:240")
def test_a_person_has_what_every_registration_on_the_way_allows() -> None:
    (found,) = through(
        organisation(FIRM, alone(HOLDING, most=5_000_00, since=LATER)),
        organisation(HOLDING, alone(TOP, until=TOMORROW)),
        organisation(TOP, alone(ANN, most=9_000_00)),
    )
    assert (found.represented, found.holder, found.basis) == (FIRM, ANN, Basis.DIRECTOR_LIMITED)
    assert found.powers.most == 5_000_00
    assert (found.valid_from, found.valid_until) == (begins(LATER), begins(TOMORROW))
    assert Rule.ORGANISATION_THROUGH_HOLDING in found.reasons
    assert found.source.reference == FIRM.digits


def test_of_two_ways_the_widest_counts() -> None:
    world = [
        organisation(FIRM, alone(HOLDING, most=100), alone(TOP)),
        organisation(HOLDING, alone(ANN)),
        organisation(TOP, alone(ANN, most=500)),
    ]
    for way in (world, world[::-1]):
        (found,) = through(*way)
        assert found.powers.most == 500


def test_no_more_organisations_stand_between_than_is_bounded() -> None:
    numbers = [FIRM, *(KvkNumber(f"9000020{each}") for each in range(1, DEEPEST + 2))]
    chain = [organisation(one, alone(other)) for one, other in pairwise(numbers)]
    near = [*chain[:DEEPEST], organisation(numbers[DEEPEST], alone(ANN))]
    assert [each.holder for each in through(*near)] == [ANN]
    assert through(*chain, organisation(numbers[-1], alone(ANN))) == ()


NUMBERS: list[KvkNumber] = [FIRM, HOLDING, TOP, OTHER_FIRM]
PEOPLE: list[Holder] = [ANN, BEN, CAS]


@st.composite
def a_world(draw: st.DrawFn) -> dict[KvkNumber, RegisteredOrganisation]:
    found = []
    for kvk in NUMBERS:
        others = st.sampled_from([*PEOPLE, *(each for each in NUMBERS if each != kvk)])
        officials = []
        for party in draw(st.lists(others, unique=True, max_size=3)):
            ended = alone(party, until=date(2026, 11, 26))
            officials.append(draw(st.sampled_from([alone(party), alone(party), ended, joint(party, 2)])))
        found.append(organisation(kvk, *officials, registered_on=BEFORE))
    return by_number(found)


@given(a_world())
@settings(max_examples=100)
def test_p11_who_acts_alone_through_holdings_is_who_binds_alone(
    world: dict[KvkNumber, RegisteredOrganisation],
) -> None:
    edges = {kvk: by_registration(one, AT) for kvk, one in world.items()}
    own = [each for each in edges[FIRM].authorities if isinstance(each.holder, Bsn)]
    direct = {each.holder for each in own if each.together.alone}
    found = direct | {each.holder for each in through_holdings(FIRM, edges)}
    assert found == {each for each in (ANN, BEN, CAS) if binds(FIRM, frozenset({each}), world, AT)}
    turned = {kvk: replace(one, officials=one.officials[::-1]) for kvk, one in reversed(world.items())}
    again = {kvk: by_registration(one, AT) for kvk, one in turned.items()}
    assert set(through_holdings(FIRM, again)) == set(through_holdings(FIRM, edges))
