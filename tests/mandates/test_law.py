"""What registers told: nothing is permitted about whom they did not tell, whatever else they told (P25)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.test_judging import candidates, grounds_of, pairs
from tests.mandates.test_register import PIETERS, SERVICE, made
from tests.mandates.worlds import Made, worlds
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue.representation import Power
from toegang.errors import NotEntitled
from toegang.mandates.decide import Permit, Refused, chosen
from toegang.mandates.edge import State
from toegang.mandates.law import NOT_ASKED, NOTHING_TOLD, Law
from toegang.mandates.legal.court import Capacity
from toegang.mandates.life import ENDING, Act
from toegang.mandates.why import Why
from toegang.storage import Database

World = dict[str, Any]
MANY = settings(max_examples=volume(20, 2_000), suppress_health_check=list(HealthCheck))
PROPERTY_LOST = Capacity(lost=((Power.PROPERTY, b.NOW),))
CURATELE = Capacity(incapable_since=b.NOW)


def of(party: Any, capacity: Capacity) -> Law:  # noqa: ANN401 a party's id
    return b.told(capacities={party: capacity})


def test_nothing_of_what_registers_told_has_a_default() -> None:
    with pytest.raises(TypeError):
        Law()  # type: ignore[call-arg]
    assert {field.name for field in fields(Law)} == {
        "links",
        "capacities",
        "silent",
        "doubted",
        # Of whom it was asked, and whether who is silent was asked at all: no words of a register.
        "over",
        "crowded",
        # Over whom what is not there proves nothing: it permits nothing.
        "partly",
    }


UNSURE = [
    (NOT_ASKED, Why.REGISTER_SILENT),
    (b.told(silent=frozenset({b.SANNE})), Why.REGISTER_SILENT),
    (b.told(silent=frozenset({b.PIETER})), Why.REGISTER_SILENT),
    (b.told(doubted=frozenset({b.SANNE})), Why.UNCERTAIN),
    (b.told(doubted=frozenset({b.PIETER})), Why.UNCERTAIN),
    (of(b.SANNE, Capacity(unknown=True)), Why.REGISTER_SILENT),
]


@pytest.mark.requires("MANDATES-P25")
@pytest.mark.parametrize(("law", "why"), UNSURE)
async def test_of_whom_a_register_is_unsure_nobody_acts_and_none_acts_for_them(
    database: Database, law: Law, why: Why
) -> None:
    mandates = await made(database, b.edge())
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, law) == Refused(whys=(why,))
    curator = replace(law, links=(b.law(),))
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, curator), Refused)


@pytest.mark.requires("MANDATES-P25")
@pytest.mark.parametrize(("law", "why"), [*UNSURE, (of(b.SANNE, CURATELE), Why.OVERRULED)])
async def test_nothing_is_given_or_taken_then_and_everything_can_be_ended(
    database: Database, law: Law, why: Why
) -> None:
    mandates = await made(database, b.edge(state=State.REQUESTED, initiator=b.PIETER))
    ours = law.unsure(b.PIETER) is None or law is NOT_ASKED
    if ours:
        with pytest.raises(NotEntitled) as refused:
            await mandates.move(b.edge().id, 1, b.move(Act.APPROVE, b.SANNE), (SERVICE,), b.NOW, law)
        assert refused.value.why == why.value
    await mandates.move(b.edge().id, 1, b.move(Act.DECLINE, b.SANNE), (SERVICE,), b.NOW, law)


@pytest.mark.requires("MANDATES-P25", "BW-1:381")
@pytest.mark.parametrize(
    ("law", "why"),
    [(of(b.PIETER, CURATELE), Why.NOT_CAPABLE), (b.told(silent=frozenset({b.PIETER})), Why.REGISTER_SILENT)],
)
async def test_who_may_be_under_curatele_takes_no_mandate(database: Database, law: Law, why: Why) -> None:
    mandates = await made(database, b.edge(state=State.OFFERED, pending_until=b.NOW + b.DAY))
    with pytest.raises(NotEntitled) as refused:
        await mandates.move(b.edge().id, 1, b.move(Act.ACCEPT, b.PIETER), (SERVICE,), b.NOW, law)
    assert refused.value.why == why.value


@pytest.mark.requires("BW-1:438", "BW-1:453")
async def test_what_was_given_before_a_measure_is_not_used_for_what_the_court_took_away(
    database: Database,
) -> None:
    money, care = (replace(PIETERS, service=b.service(1, b.rules(powers=(power,)))) for power in Power)
    mandates = await made(database, b.edge())
    law = of(b.SANNE, PROPERTY_LOST)
    assert await mandates.decide(money, b.SANNE, b.NOW, law) == Refused(whys=(Why.OVERRULED,))
    assert isinstance(await mandates.decide(care, b.SANNE, b.NOW, law), Permit)
    before = b.NOW - b.DAY / 2
    assert isinstance(await mandates.decide(money, b.SANNE, before, law), Permit)
    unsaid = await mandates.decide(PIETERS, b.SANNE, b.NOW, law)
    assert unsaid == Refused(whys=(Why.OVERRULED,))


@pytest.mark.requires("BW-1:381")
async def test_under_curatele_nothing_that_was_given_works_though_nobody_is_curator(
    database: Database,
) -> None:
    mandates = await made(database, b.edge())
    law = of(b.SANNE, CURATELE)
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, law) == Refused(whys=(Why.OVERRULED,))
    agent = of(b.PIETER, CURATELE)
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, agent) == Refused(whys=(Why.NOT_CAPABLE,))


@pytest.mark.requires("MANDATES-P25", "MANDATES-P17")
@MANY
@given(worlds(), st.data())
def test_in_no_world_does_a_silence_or_a_doubt_make_a_permit(world: World, data: st.DataObject) -> None:
    made_ = Made(world, 1)
    before, auth = grounds_of(made_), Level(world["auth"])
    struck = made_.party_id(data.draw(st.sampled_from(sorted(world["parties"]))))
    worse = data.draw(
        st.sampled_from(
            [
                b.told(silent=frozenset({struck})),
                b.told(doubted=frozenset({struck})),
                of(struck, CURATELE),
                of(struck, Capacity(unknown=True)),
                of(struck, PROPERTY_LOST),
                NOT_ASKED,
            ]
        )
    )
    after = replace(before, law=before.law.and_(worse))
    for actor, principal in pairs(world):
        paths = candidates(world, made_, actor, principal)
        decision = chosen(paths, after, auth)
        if isinstance(decision, Permit):
            assert isinstance(chosen(paths, before, auth), Permit)
            assert all(after.law.unsure(party.id) is None for party in decision.parties)


LAWS = st.sampled_from(
    [NOTHING_TOLD, NOT_ASKED, of(b.SANNE, CURATELE), of(b.SANNE, PROPERTY_LOST), b.told(b.law())]
)


@given(LAWS, LAWS)
def test_of_two_that_told_either_takes_away(one: Law, other: Law) -> None:
    both = one.and_(other)
    assert set(both.links) == {*one.links, *other.links}
    for law in (one, other):
        assert law.unsure(b.SANNE) is None or both.unsure(b.SANNE) is not None
        for over in (frozenset({power}) for power in Power):
            assert not law.capacity(b.SANNE).has_lost(over, b.NOW) or both.capacity(b.SANNE).has_lost(
                over, b.NOW
            )
    assert one.and_(NOTHING_TOLD) == one


def test_every_act_that_ends_needs_no_register() -> None:
    assert {Act.DECLINE, Act.WITHDRAW, Act.REVOKE, Act.RENOUNCE} == ENDING
