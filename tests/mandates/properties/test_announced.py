"""MANDATES-P5: what a service announced counts from its moment on, as if its file had been written then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.worlds import HOUR, Made, worlds
from tests.volumes import volume
from toegang.catalogue import gate
from toegang.catalogue.representation import Announced, Representation
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import Kind, Organisation, Service
from toegang.mandates.decide import Decision
from toegang.mandates.register import Mandates

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
