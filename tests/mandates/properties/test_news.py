"""P30, P29: whatever is done, exactly those whom it concerns are told, of nothing but that there is news."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.mandates.builders import DAY, NOW
from tests.mandates.engines import Engines
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, People, people, proposal
from tests.volumes import volume
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.asked import COOL_DOWN, MOST_ASKED, WITHIN
from toegang.mandates.edge import PENDING, TERMINAL, Edge
from toegang.mandates.finding import Found
from toegang.mandates.reminding import Reminding, remind_at
from toegang.mandates.scope import Scope
from toegang.post.person_notices import KIND
from toegang.storage.edge_lists import ReminderTable

ROLES = st.sampled_from(["principal", "agent", "principal", "agent", "third"])
APART = 1_000 * DAY
"""Histories share their people: so long after one nothing of it is in force, or counts."""

LASTS = 100 * DAY
EVERYBODY = (SANNE, PIETER, NOOR)
Told = Counter[tuple[Bsn, str]]
Act = Callable[[People, Edge], Awaitable[Edge]]


class News(RuleBasedStateMachine):
    """People who give, ask, answer, change and end, while one of them may not be found by the others.

    Each engine has its own ids, so each has its own copies of the same mandates, in one order.
    """

    def __init__(self, engines: Engines, houses: list[People], begins: datetime) -> None:
        """Begin with nothing."""
        super().__init__()
        self.engines, self.houses = engines, houses
        self.now, self.waits_until = begins, begins + APART - 4 * LASTS
        self.protected: frozenset[Bsn] = frozenset()
        self.edges: list[list[Edge]] = []
        self.asked: dict[tuple[Bsn, Bsn], list[datetime]] = {}
        self.quiet_until: dict[tuple[Bsn, Bsn], datetime] = {}
        self.reminded: set[tuple[int, datetime]] = set()
        for house in houses:
            self.engines.run(house.taken(KIND, self.now))

    @initialize(protected=st.frozensets(st.sampled_from(EVERYBODY)), offering=st.booleans())
    def hide_some_and_begin(self, protected: frozenset[Bsn], offering: bool) -> None:
        self.protected = protected
        for house in self.houses:
            for bsn in EVERYBODY:
                kept = house.register.people[bsn]
                house.register.people[bsn] = replace(kept, address_secret=bsn in protected)
        self.begin(list(EVERYBODY), offering)

    # -- what is done ----------------------------------------------------------------------------------------

    @rule(ends=st.permutations(EVERYBODY), offering=st.booleans())
    def begin_another(self, ends: list[Bsn], offering: bool) -> None:
        self.begin(ends, offering)

    def begin(self, ends: list[Bsn], offering: bool) -> None:
        by, other, *_ = ends
        allowed = offering or self.may_ask(by, other)
        made: list[Edge] = []
        for house in self.houses:
            found = Found(party=house.ids[other], nobody=house.ids[other])
            wanted = replace(proposal(RETURNS, CARE, until=self.now + LASTS), from_=self.now)
            act = house.voluntary.offer if offering else house.voluntary.request
            done = self.tried(act(house.actor(by), found, wanted, self.now))
            made += [] if done is None else [done]
        assert len(made) in {0, len(self.houses)}
        assert allowed or not made
        if made:
            self.edges.append(made)
            if not offering:  # what waits already is asked no more, and does not count
                self.asked.setdefault((by, other), []).append(self.now)
        self.was_told(Counter({(other, "mandate-offered" if offering else "mandate-asked"): bool(made)}))

    def may_ask(self, by: Bsn, other: Bsn) -> bool:
        """P29: so many in a month from the first on, and none for a month after one was declined."""
        times = self.asked.get((by, other), [])
        if times and times[0] + WITHIN <= self.now:
            times = self.asked[by, other] = []
        quiet = self.now < self.quiet_until.get((by, other), self.now)
        return not quiet and len(times) < MOST_ASKED

    @precondition(lambda self: self.edges)
    @rule(which=st.integers(0, 9), role=ROLES)
    def agree(self, which: int, role: str) -> None:
        who = self.playing(which, role)
        edge = self.done(
            which,
            who,
            lambda house, edge: house.voluntary.agree(house.actor(who), edge.id, edge.version, self.now),
        )
        if edge:
            both = {self.principal(edge): "mandate-given", self.agent(edge): "mandate-received"}
            self.was_told(Counter(both.items()))

    @precondition(lambda self: self.edges)
    @rule(
        which=st.integers(0, 9),
        role=ROLES,
        how=st.sampled_from(["shorten", "extend", "drop"]),
    )
    def change(self, which: int, role: str, how: str) -> None:
        who = self.playing(which, role)

        def act(house: People, edge: Edge) -> Awaitable[Edge]:
            asked = (house.actor(who), edge.id, edge.version)
            if how == "drop":
                return house.voluntary.drop(*asked, Scope.of_service(CARE.id), self.now)
            step = DAY if how == "extend" else -DAY
            return getattr(house.voluntary, how)(*asked, edge.terms.until + step, self.now)  # type: ignore[no-any-return]

        edge = self.done(which, who, act)
        if edge:
            quiet = how != "extend" and who in self.protected
            self.was_told(Counter() if quiet else Counter([(self.other(edge, who), "mandate-changed")]))

    @precondition(lambda self: self.edges)
    @rule(which=st.integers(0, 9), role=ROLES)
    def end(self, which: int, role: str) -> None:
        who = self.playing(which, role)
        before = self.edges[which % len(self.edges)][0]
        edge = self.done(
            which,
            who,
            lambda house, edge: house.voluntary.end(house.actor(who), edge.id, edge.version, self.now),
        )
        if edge is None:
            return
        if before.state in PENDING and before.initiator == before.agent and who == self.principal(edge):
            self.quiet_until[self.agent(edge), who] = self.now + COOL_DOWN
        # Of who is protected we send the other side nothing because they ended something.
        self.was_told(
            Counter() if who in self.protected else Counter([(self.other(edge, who), "mandate-ended")])
        )
        if self.now < self.quiet_until.get((self.agent(edge), self.principal(edge)), self.now):
            self.begin([self.agent(edge), self.principal(edge)], offering=False)

    @precondition(lambda self: self.now < self.waits_until)
    @rule(step=st.sampled_from([timedelta(hours=1), 8 * DAY, WITHIN, LASTS]))
    def wait(self, step: timedelta) -> None:
        self.now += step

    @rule(twice=st.booleans())
    def remind(self, twice: bool) -> None:
        """Both sides of what ends within thirty days, once, however often anybody looks."""
        expected: Told = Counter()
        for place, copies in enumerate(self.edges):
            edge, at = copies[0], remind_at(copies[0])
            if at is not None and at <= self.now and (place, at) not in self.reminded:
                self.reminded.add((place, at))
                if edge.effective(self.now):
                    expected += Counter(
                        [(each, "mandate-ends") for each in (self.principal(edge), self.agent(edge))]
                    )
        for house in self.houses:
            reminding = Reminding(
                units=house.database.units(),
                reminders=ReminderTable(house.database),
                telling=house.voluntary.telling,
            )
            for _ in range(1 + twice):
                self.engines.run(reminding.round(self.now))
        self.was_told(expected)

    # -- what the model knows --------------------------------------------------------------------------------

    def done(self, which: int, who: Bsn, act: Act) -> Edge | None:
        """Do it on both engines; return what came of it, None when it was refused and nobody was told."""
        place = which % len(self.edges)
        found = [
            self.tried(act(house, edge)) for house, edge in zip(self.houses, self.edges[place], strict=True)
        ]
        made = [edge for edge in found if edge is not None]
        assert len(made) in {0, len(found)}
        if not made:
            self.was_told(Counter())
            return None
        assert who in {self.principal(made[0]), self.agent(made[0])}
        assert self.edges[place][0].state not in TERMINAL
        self.edges[place] = made
        return made[0]

    def tried(self, act: Awaitable[Edge]) -> Edge | None:
        async def outcome() -> Edge | None:
            try:
                return await act
            except NotEntitled:
                return None

        return self.engines.run(outcome())

    def playing(self, which: int, role: str) -> Bsn:
        """Return who has a part in one of the mandates, or the one who has none."""
        edge = self.edges[which % len(self.edges)][0]
        principal, agent = self.principal(edge), self.agent(edge)
        third = next(each for each in EVERYBODY if each not in {principal, agent})
        return {"principal": principal, "agent": agent, "third": third}[role]

    def bsn(self, party: object) -> Bsn:
        return next(bsn for bsn, id_ in self.houses[0].ids.items() if id_ == party)

    def principal(self, edge: Edge) -> Bsn:
        return self.bsn(edge.principal)

    def agent(self, edge: Edge) -> Bsn:
        return self.bsn(edge.agent)

    def other(self, edge: Edge, who: Bsn) -> Bsn:
        return self.agent(edge) if who == self.principal(edge) else self.principal(edge)

    def was_told(self, expected: Told) -> None:
        """Hold exactly this against what waits to be sent, in which nothing stands but whom and what sort."""
        for house in self.houses:
            names = {str(id_): bsn for bsn, id_ in house.ids.items()}
            told: Told = Counter()
            for message in self.engines.run(house.taken(KIND, self.now)):
                content = json.loads(message.payload)
                assert content.keys() == {"person", "purpose"}
                assert message.purpose == content["purpose"]
                assert message.to_party == "account"
                told[names[content["person"]], content["purpose"].removesuffix("-notice")] += 1
            assert +told == +expected


@pytest.mark.requires("MANDATES-P30", "MANDATES-P29", "MANDATES-P16")
def test_each_act_tells_whom_it_concerns_and_nobody_else_and_no_more_is_asked_than_may_be(
    engines: Engines,
) -> None:
    houses = [engines.run(people(door.edges.database)) for door in engines.doors]  # type: ignore[attr-defined]
    numbers = count(1)

    class Here(News):
        def __init__(self) -> None:
            super().__init__(engines, houses, NOW + next(numbers) * APART)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=volume(10, 300),
            stateful_step_count=volume(14, 40),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
