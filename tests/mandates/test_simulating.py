"""A simulation counts what the rules of judging say, each mandate once, in stretches of any size."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue import builders as c
from tests.mandates import builders as b
from tests.mandates import oracle
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.worlds import Made, worlds
from tests.volumes import volume
from toegang.catalogue.representation import Announced, EdgeKind, Representation
from toegang.catalogue.snapshot import Snapshot
from toegang.errors import LevelNotProven, NotEntitled
from toegang.mandates.edge import EdgeId, State, Under
from toegang.mandates.link import link_of, met_on
from toegang.mandates.register import Mandates
from toegang.mandates.resting import standing
from toegang.mandates.simulating import (
    Change,
    Simulating,
    Tally,
    Verdict,
    changes,
)
from toegang.mandates.statement import Binding
from toegang.mandates.ways import Effect, People, effect, weigh
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage.simulated import SimulatedTables

World = dict[str, Any]
Weighed = tuple[Effect, Why | None]
# Each world is walked through with all that were kept before: ten times as many take a hundred times as long.
SOME = settings(max_examples=volume(10, 100), suppress_health_check=list(HealthCheck))


async def simulated(mandates: Mandates, change: Change, size: int = 3) -> Tally:
    questions = mandates.stating.questions
    walk = SimulatedTables(mandates.edges.database)  # type: ignore[attr-defined]
    heard: list[int] = []
    simulating = Simulating(walk=walk, questions=questions, size=size, lately=timedelta(days=4_000))
    [tally] = await simulating.run([change], change.at, lambda _, looked: heard.append(looked))
    assert heard
    return tally


async def by_hand(mandates: Mandates, made: Made, change: Change) -> Counter[Weighed]:
    """Weigh every mandate that stands by itself as it is, one by one."""
    found: Counter[Weighed] = Counter()
    questions = mandates.stating.questions
    for edge in made.edges():
        keys = {each.key for each in edge.terms.scopes}
        if edge.under or edge.state is not State.ACTIVE or not edge.terms.covers(change.at):
            continue
        if keys & change.keys:
            [(link,)] = await standing([(link_of(edge),)], questions.edges, made.told())
            parties = await questions.parties.of(met_on((link,)))
            people = People(parties=parties, helpers=await questions.helping([(link,)], change.at))
            sides = (weigh(link, each, people, change.at) for each in (change.before, change.after))
            found[effect(*sides)] += 1
    return found


def changed(made: Made, rules: Representation | None) -> Change:
    return Change(before=made.service, after=replace(made.service, representation=rules), at=made.now)


def test_each_mandate_is_counted_once_and_as_it_weighs_by_itself(engines: Engines) -> None:
    @SOME
    @given(worlds(), worlds(), st.sampled_from([1, 3, 1_000]))
    def holds(world: World, other: World, size: int) -> None:
        made = Made({**world, "edges": [{**each, "under": None} for each in world["edges"]]}, next(OFFSETS))
        change = changed(made, Made({**world, "rules": other["rules"]}, 0).service.representation)

        async def count(mandates: Mandates) -> Counter[Weighed]:
            return (await simulated(mandates, change, size)).mandates

        before = engines.each(count)
        engines.kept(made)
        after = engines.each(count)

        async def expected(mandates: Mandates) -> Counter[Weighed]:
            return await by_hand(mandates, made, change)

        for was, now, told in zip(before, after, engines.each(expected), strict=True):
            assert now - was == told

    holds()


def test_what_was_done_by_the_rules_of_now_is_admitted_by_them_and_by_no_rules_refused(
    engines: Engines,
) -> None:
    @SOME
    @given(worlds())
    def holds(world: World) -> None:
        made = engines.kept(Made(world, next(OFFSETS)))
        good = [
            (actor, whom)
            for actor in world["parties"]
            for whom in world["parties"]
            if oracle.decide(world, actor, whom) is not None
        ]

        async def used(mandates: Mandates) -> tuple[int, Tally, Tally]:
            before = await simulated(mandates, changed(made, None))
            times = 0
            for place, (actor, whom) in enumerate(good[:3]):
                binding = Binding(transaction=f"{made.offset}-{place}", audience="a", nonce="n", session="s")
                try:
                    asker = made.asker(actor)
                    await mandates.state(asker, made.party_id(whom), binding, made.now, made.told())
                except (NotEntitled, LevelNotProven):
                    continue
                await mandates.redeem(binding, made.service, made.now)
                times += 1
            return times, before, await simulated(mandates, changed(made, None))

        for times, before, after in engines.each(used):
            new = after.acts - before.acts
            assert sum(new.values()) == times
            assert {verdict for verdict, _ in new} <= {Verdict.REFUSED}

    holds()


BEGINS = b.NOW + 10 * b.DAY
CHILD = BirthDate.parse("2016-01-01")
OLD = b.rules()
NEW = b.rules(version=2, kinds=(EdgeKind.COURT,))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(OLD, OLD, [], id="nothing"),
        pytest.param(OLD, b.rules(version=9), [], id="another number only"),
        pytest.param(OLD, NEW, [(b.NOW, 2)], id="at once"),
        pytest.param(OLD, None, [(b.NOW, None)], id="nobody any more"),
        pytest.param(None, NEW, [(b.NOW, 2)], id="somebody from now on"),
        pytest.param(
            OLD, replace(OLD, announced=Announced(from_=BEGINS, rules=NEW)), [(BEGINS, 2)], id="announced"
        ),
        pytest.param(
            OLD,
            replace(b.rules(version=2, depth=1), announced=Announced(from_=BEGINS, ends=True)),
            [(b.NOW, 2), (BEGINS, None)],
            id="both",
        ),
        pytest.param(
            replace(OLD, announced=Announced(from_=b.NOW, rules=NEW)), NEW, [], id="what was announced began"
        ),
    ],
)
def test_each_change_is_laid_beside_what_is_in_force_now(
    before: Representation | None, after: Representation | None, told: list[Any]
) -> None:
    one, other = (Snapshot.of([c.organisation(), c.service(representation=each)]) for each in (before, after))
    found = changes(one, other, b.NOW)
    versions = [each.after.representation and each.after.representation.version for each in found]
    assert [(each.at, version) for each, version in zip(found, versions, strict=True)] == told
    gone = changes(one, Snapshot.of([]), b.NOW)
    assert [each.after.representation for each in gone] == ([None] if before is not None else [])


def test_a_mandate_that_a_parent_gave_goes_by_what_the_law_gives_them(engines: Engines) -> None:
    rules, without = b.rules(), b.rules(version=2, kinds=(EdgeKind.VOLUNTARY,))
    given_ = b.edge(
        id=EdgeId(UUID(int=next(OFFSETS) << 32)),
        agent=b.PIETER,
        principal=b.NOOR,
        kind=EdgeKind.VOLUNTARY,
        under=Under(by=b.SANNE, kind=EdgeKind.PARENTAL, edge=None),
    )
    service = b.service(rules_=rules)
    change = Change(before=service, after=replace(service, representation=without), at=b.NOW)

    async def count(mandates: Mandates) -> Tally:
        async with mandates.units.begin() as unit:
            for party in (
                b.person(b.PIETER),
                b.person(b.SANNE),
                b.person(b.NOOR, born=BirthDate.parse("2016-01-01")),
            ):
                await mandates.parties.put(unit, party)
            assert await mandates.edges.add(unit, given_)
        return await simulated(mandates, change)

    for tally in engines.each(count):
        [(what, _)] = tally.mandates
        assert what is Effect.STOPS
