"""Histories: whatever is done in whatever order, both engines and a model of dicts agree at every moment.

One engine is swept of what lapsed, the other never is: no answer may differ for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.volumes import volume
from toegang.assurance import Level
from toegang.errors import NotEntitled
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.edge import PENDING, TERMINAL, Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import TABLE, Act, Side
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page

SERVICE = b.service(1, b.rules(letter=True))
PEOPLE = 4
BETWEEN = sorted(set(Act) - {Act.REQUEST, Act.OFFER, Act.LAPSE})
AFTER = {(line.act, from_): line.to for line in TABLE for from_ in line.from_}


class Histories(RuleBasedStateMachine):
    """People who ask, give, end and wait; the model knows each edge's state and version, and nothing else."""

    def __init__(self, engines: Engines) -> None:
        """Begin with a few people and no edge."""
        super().__init__()
        self.engines, self.now = engines, b.NOW
        self.model: dict[EdgeId, Edge] = {}
        self.first = next(OFFSETS) * 1_000_000
        for number in range(PEOPLE):
            self.each(lambda mandates, number=number: mandates.know(b.person(self.who(number)), now=b.NOW))

    def who(self, number: int) -> PartyId:
        return b.party_id(self.first + number)

    def each(self, ask: Any) -> list[Any]:  # noqa: ANN401 whatever is asked
        """Ask both engines; a refusal is an answer too."""

        async def told(mandates: Mandates) -> Any:  # noqa: ANN401
            try:
                return await ask(mandates)
            except NotEntitled as refused:
                return refused.why

        return self.engines.each(told)

    @rule(
        act=st.sampled_from([Act.REQUEST, Act.OFFER]),
        ends=st.permutations(range(PEOPLE)),
        days=st.integers(1, 9),
    )
    def begin(self, act: Act, ends: list[int], days: int) -> None:
        principal, agent = self.who(ends[0]), self.who(ends[1])
        by = agent if act is Act.REQUEST else principal
        proposed = b.edge(
            id=EdgeId(b.party_id(self.first + 100 + len(self.model))),
            principal=principal,
            agent=agent,
            initiator=by,
            terms=b.terms(from_=self.now, until=self.now + days * b.DAY),
        )
        move = b.move(act, by)
        one, other = self.each(
            lambda mandates: mandates.begin(proposed, move, (SERVICE,), self.now, NOTHING_TOLD)
        )
        assert one == other
        if isinstance(one, Edge):
            assert one.state in PENDING
            self.model[one.id] = one
        else:
            assert one in {"pending-already", "too-often"}

    @precondition(lambda self: self.model)
    @rule(
        data=st.data(),
        act=st.sampled_from(BETWEEN),
        side=st.sampled_from(["principal", "agent", *map(str, Side)]),
    )
    def move(self, data: st.DataObject, act: Act, side: str) -> None:
        before = data.draw(st.sampled_from(sorted(self.model.values(), key=lambda each: each.id)))
        by = {
            "principal": Mover.self(before.principal, Level.HIGH),
            "agent": Mover.self(before.agent, Level.HIGH),
        }
        house = Side(side) if side in {Side.OFFICE, Side.LAW, Side.CLOCK} else Side.OFFICE
        terms = replace(
            before.terms, until=before.terms.until + (b.DAY if act is Act.EXTEND else -timedelta(hours=1))
        )
        move = Move(
            act=act,
            by=by.get(side, Mover.of_house(house)),
            terms=terms if act in {Act.EXTEND, Act.RESTRICT} else None,
            letter=Level.LOW,
        )
        state = before.state_at(self.now)
        told = []
        for mandates, door in enumerate(self.engines.doors):
            # One engine may have swept it, and is a version further.
            kept = self.engines.run(door.edges.find(before.id))
            assert kept is not None
            told.append(self.one(mandates, before.id, kept.version, move))
        states = [each.state if isinstance(each, Edge) else each for each in told]
        assert states[0] == states[1]
        if isinstance(told[1], Edge):
            expected = AFTER[act, state]
            assert told[1].state is (State.ACTIVE if expected is None else expected)
            assert told[1].version == before.version + 1
            self.model[before.id] = told[1]
        stale = self.one(1, before.id, before.version - 1, move)
        assert stale == "changed"

    def one(self, place: int, edge: EdgeId, seen: int, move: Move) -> Edge | str:
        async def told() -> Edge | str:
            try:
                return await self.engines.doors[place].move(
                    edge, seen, move, (SERVICE,), self.now, NOTHING_TOLD
                )
            except NotEntitled as refused:
                return refused.why

        return self.engines.run(told())

    @rule(step=st.sampled_from([timedelta(hours=1), b.DAY, 21 * b.DAY, timedelta(microseconds=1)]))
    def wait(self, step: timedelta) -> None:
        self.now += step

    @rule()
    def wait_until_something_ends(self) -> None:
        ends = [each.terms.until for each in self.model.values()]
        ends += [each.pending_until for each in self.model.values() if each.pending_until is not None]
        self.now = min((end for end in ends if end > self.now), default=self.now)

    @rule()
    def sweep_one_of_the_two(self) -> None:
        lapse = Move(act=Act.LAPSE, by=Mover.of_house(Side.CLOCK))
        for edge in self.model.values():
            if edge.state in PENDING and edge.state_at(self.now) is State.LAPSED:
                kept = self.engines.run(self.engines.doors[0].edges.find(edge.id))
                assert kept is not None
                told = self.one(0, edge.id, kept.version, lapse)
                assert kept.state is State.LAPSED or isinstance(told, Edge)

    @invariant()
    def both_keep_what_the_model_says(self) -> None:
        for edge in self.model.values():
            swept, never = self.each(lambda mandates, edge=edge: mandates.edges.find(edge.id))
            assert never == edge
            assert swept.state_at(self.now) is edge.state_at(self.now)
            assert edge.state in TERMINAL or edge.state_at(self.now) in TERMINAL or swept == edge

    @invariant()
    def whoever_holds_an_active_edge_now_may_act_and_nobody_else(self) -> None:
        for actor in map(self.who, range(PEOPLE)):
            asker = Asker(actor=actor, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
            expected = {
                edge.principal
                for edge in self.model.values()
                if edge.agent == actor and edge.state is State.ACTIVE
                if edge.terms.from_ <= self.now < edge.terms.until
            }
            for listed in self.each(
                lambda mandates, asker=asker: mandates.represented(asker, Page(), self.now, NOTHING_TOLD)
            ):
                assert {permit.principal for permit in listed.found} == expected
            for whom in map(self.who, range(PEOPLE)):
                for told in self.each(
                    lambda mandates, asker=asker, whom=whom: mandates.decide(
                        asker, whom, self.now, NOTHING_TOLD
                    )
                ):
                    assert isinstance(told, Permit) is (whom in expected)


@pytest.mark.requires("MANDATES-P5", "MANDATES-P16", "MANDATES-P18")
def test_both_engines_and_the_model_agree_whatever_happens(engines: Engines) -> None:
    class Here(Histories):
        def __init__(self) -> None:
            super().__init__(engines)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=volume(8, 400),
            stateful_step_count=volume(12, 40),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
