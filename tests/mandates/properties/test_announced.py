"""MANDATES-P5: what a service announced counts from its moment on, as if its file had been written then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.worlds import HOUR, Made, worlds
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue import gate
from toegang.catalogue.representation import Announced, EdgeKind, Representation
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import Kind, Organisation, Service
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker, Decision
from toegang.mandates.register import Mandates
from toegang.mandates.statement import Binding

MANY = settings(max_examples=volume(8, 400), suppress_health_check=list(HealthCheck))
TICK = HOUR / 3_600_000_000


@pytest.mark.requires("MANDATES-P5")
@MANY
@given(worlds(), worlds(), st.booleans(), st.sampled_from([-HOUR, -TICK, 0 * HOUR, TICK, HOUR]))
def test_a_decision_is_the_one_of_the_file_of_its_moment(
    engines: Engines, world: dict[str, Any], other: dict[str, Any], ends: bool, step: timedelta
) -> None:
    made = engines.kept(Made(world, next(OFFSETS)))
    old = rules_of(made)
    new = None if ends else replace(rules_of(Made({**world, "rules": other["rules"]}, 0)), version=7)
    begins = made.now - step
    promised = replace(old, announced=Announced(from_=begins, rules=new, ends=ends))
    written = old if made.now < begins else new
    for actor in list(world["parties"])[:3]:
        for principal in world["parties"]:

            async def ask(mandates: Mandates, rules: Representation | None, who: tuple[int, int]) -> Decision:
                asker = replace(made.asker(who[0]), service=read(made.service, rules, made))
                return await mandates.decide(asker, made.party_id(who[1]), made.now, made.told())

            for door in engines.doors[:1]:
                answers = [engines.run(ask(door, rules, (actor, principal))) for rules in (promised, written)]
                assert answers[0] == answers[1], (actor, principal)


@pytest.mark.requires("MANDATES-P5", "MANDATES-P4")
@pytest.mark.parametrize("ends", [True, False])
def test_what_was_stated_the_moment_before_is_used_no_more_from_the_moment_on(
    engines: Engines, *, ends: bool
) -> None:
    begins = b.NOW + HOUR
    rules = None if ends else b.rules(version=2, kinds=(EdgeKind.COURT,))
    promised = b.rules(announced=Announced(from_=begins, rules=rules, ends=ends))
    owner = Organisation(id=b.TAXES, names=b.service().names, kind=Kind.PUBLIC, sector="tax", oin="0" * 20)
    snapshot = Snapshot.of([owner, b.service(1, promised)])
    id_ = b.service().id

    async def lived(mandates: Mandates) -> None:
        given_ = b.edge(agent=b.PIETER, principal=b.SANNE, kind=EdgeKind.VOLUNTARY)
        async with mandates.units.begin() as unit:
            for party in (b.person(b.PIETER), b.person(b.SANNE)):
                await mandates.parties.put(unit, party)
            assert await mandates.edges.add(unit, given_)
        before = gate.service_now(snapshot, id_, begins - TICK)
        asker = Asker(actor=b.PIETER, authenticated=Level.HIGH, service=before, requested=Level.LOW)
        binding = Binding(transaction=f"{next(OFFSETS)}", audience="portal", nonce="n", session="s")
        told = await mandates.state(asker, b.SANNE, binding, begins - TICK, b.told())
        assert told.rules == 1
        taken = await mandates.redeem(binding, before, begins - TICK)
        assert taken is not None
        await mandates.stating.check_holds(taken, before, begins - TICK)
        with pytest.raises(OneTimeGone):
            await mandates.stating.check_holds(taken, gate.service_now(snapshot, id_, begins), begins)
        now = replace(asker, service=gate.service_now(snapshot, id_, begins))
        another = replace(binding, transaction=f"{next(OFFSETS)}")
        with pytest.raises(NotEntitled):
            await mandates.state(now, b.SANNE, another, begins, b.told())

    engines.each(lived)


def rules_of(made: Made) -> Representation:
    assert made.service.representation is not None
    return made.service.representation


def read(service: Service, rules: Representation | None, made: Made) -> Service:
    """Return a service with these rules as a login reads it."""
    owner = Organisation(
        id=service.organisation, names=service.names, kind=Kind.PUBLIC, sector="tax", oin="0" * 20
    )
    snapshot = Snapshot.of([owner, replace(service, representation=rules)])
    return gate.service_now(snapshot, service.id, made.now)
