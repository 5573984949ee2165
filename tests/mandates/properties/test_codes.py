"""P15: a code by letter opens one mandate, for one agent, in time; guesses count over all who guess."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.mandates.builders import DAY, NOW
from tests.mandates.engines import Engines
from tests.mandates.giving_people import NOOR, PIETER, SANNE, People, people, proposal
from tests.mandates.test_at_once import at_once
from tests.volumes import volume
from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone
from toegang.identity.numbers import Bsn
from toegang.ids import REFERENCE_ALPHABET
from toegang.mandates.bounds import GUESSING, LETTERS_GOT
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.finding import Found
from toegang.mandates.letter_codes import GUESSES
from toegang.post import letter
from toegang.post.letter import Letter
from toegang.storage import Database

APART = 100 * DAY
"""Histories share their people: so long after one, nothing that it counted counts any more."""

TICK = timedelta(microseconds=1)
WRONG = "BBBB-CCCC-DDDD"
AGENTS = (PIETER, NOOR)


async def asked(house: People, agent: Bsn, now: datetime) -> tuple[Edge, str]:
    """Ask for a mandate and a letter; return what was asked, and the code of its letter."""
    other = Found(party=house.ids[SANNE], nobody=house.ids[SANNE])
    actor = house.actor(agent)
    edge = await house.voluntary.request(actor, other, proposal(until=now + 90 * DAY), now)
    edge = await house.voluntary.send_letter(actor, edge.id, edge.version, now)
    [sent] = await house.taken(letter.KIND, now)
    return edge, Letter.read(sent.payload).values["code"]


@dataclass
class Counted:
    """What the model knows of the guesses of one agent at all letters to one principal."""

    count: int = 0
    until: datetime = NOW

    def one(self, now: datetime) -> bool:
        """Count a guess; False when it is one too many."""
        if now >= self.until:
            self.count, self.until = 0, now + GUESSING.period
        self.count += 1
        return self.count <= GUESSING.most

    def over(self, now: datetime) -> bool:
        return now < self.until and self.count >= GUESSING.most


@dataclass
class Waiting:
    """A mandate that waits for the code of its letter, on each engine, and what the model knows of it."""

    agent: Bsn
    edges: list[EdgeId]
    codes: list[str]
    version: int
    until: datetime
    guesses: Counted
    left: int = GUESSES
    state: State = State.CODE_SENT

    def opens(self, who: Bsn, typed: str, now: datetime) -> type[Exception] | None:
        """Return how an attempt must fail; None when it opens. A guess that is looked at is counted."""
        if who != self.agent or self.state is not State.CODE_SENT or now >= self.until:
            return NotEntitled
        if not self.guesses.one(now):
            self.guesses.count = GUESSING.most
            return OneTimeGone
        if self.left and typed in {"right", "right, otherwise written"}:
            self.guesses.count -= 1
            return None
        self.left = max(0, self.left - 1)
        return OneTimeGone


class Guessing(RuleBasedStateMachine):
    """Two who each got leave to type a code, and guess at their own and at the other's, in any order."""

    def __init__(self, engines: Engines, houses: list[People], begins: datetime) -> None:
        """Begin with a letter for each of the two."""
        super().__init__()
        self.engines, self.houses = engines, houses
        self.now = begins
        self.waiting: list[Waiting] = []
        self.guesses = {agent: Counted(until=self.now) for agent in AGENTS}
        self.declined = False  # then Pieter asks nothing for a while (P29)
        for agent in AGENTS:
            self.ask(agent)

    def ask(self, agent: Bsn) -> None:
        both = [self.engines.run(asked(house, agent, self.now)) for house in self.houses]
        edge = both[0][0]
        assert edge.pending_until is not None
        ids, codes = [each.id for each, _ in both], [code for _, code in both]
        self.waiting.append(Waiting(agent, ids, codes, edge.version, edge.pending_until, self.guesses[agent]))

    @precondition(lambda self: len(self.waiting) < LETTERS_GOT.most and not self.declined)
    @precondition(lambda self: not self.guesses[PIETER].over(self.now))
    @rule()
    def ask_anew(self) -> None:
        """Guesses at an earlier code are counted on at the next."""
        for each in self.waiting:
            if each.agent == PIETER:
                self.end(each, PIETER)
        self.ask(PIETER)

    @rule(
        which=st.integers(0, LETTERS_GOT.most - 1),
        who=st.sampled_from([None, None, None, PIETER, NOOR, SANNE]),
        typed=st.sampled_from(["wrong", "wrong", "right", "right, otherwise written", "nearly", "another's"]),
        level=st.sampled_from([Level.SUBSTANTIAL, Level.HIGH]),
    )
    def guess(self, which: int, who: Bsn | None, typed: str, level: Level) -> None:
        waiting = self.waiting[which % len(self.waiting)]
        who = who or waiting.agent
        expected = waiting.opens(who, typed, self.now)
        for place, house in enumerate(self.houses):
            code = self.written(waiting, typed, place)
            attempt = house.voluntary.activate(
                house.actor(who, level), waiting.edges[place], waiting.version, code, self.now
            )
            try:
                done = self.engines.run(attempt)
            except (NotEntitled, OneTimeGone) as refused:
                assert type(refused) is expected, (typed, waiting)  # noqa: PT017 which of the two is the question
            else:
                assert expected is None
                assert (done.state, done.terms.level) == (State.ACTIVE, Level.LOW)
        if expected is None:
            waiting.state, waiting.version = State.ACTIVE, waiting.version + 1

    def written(self, waiting: Waiting, typed: str, place: int) -> str:
        right = waiting.codes[place]
        other = next(each for each in self.waiting if each is not waiting)
        last = next(sign for sign in REFERENCE_ALPHABET if sign != right[-1])
        return {
            "wrong": WRONG,
            "right": right,
            "right, otherwise written": f" {right.lower().replace('-', ' ')}",
            "nearly": right[:-1] + last,
            "another's": other.codes[place],
        }[typed]

    @rule(which=st.integers(0, LETTERS_GOT.most - 1), who=st.sampled_from([None, SANNE]))
    def end_one(self, which: int, who: Bsn | None) -> None:
        waiting = self.waiting[which % len(self.waiting)]
        self.end(waiting, who or waiting.agent)

    def end(self, waiting: Waiting, who: Bsn) -> None:
        if waiting.state is not State.CODE_SENT or self.now >= waiting.until:
            return
        for house, edge in zip(self.houses, waiting.edges, strict=True):
            self.engines.run(house.voluntary.end(house.actor(who), edge, waiting.version, self.now))
        self.declined |= who == SANNE
        waiting.state, waiting.version = State.WITHDRAWN, waiting.version + 1

    @rule(step=st.sampled_from([timedelta(hours=1), DAY, None]))
    def wait(self, step: timedelta | None) -> None:
        """Wait, or until just before the first code is too old; a tick more and it is."""
        ends = [each.until for each in self.waiting if each.until > self.now]
        last = min(ends, default=self.now)
        self.now = self.now + step if step else (last - TICK if last - TICK > self.now else last)


@pytest.mark.requires("MANDATES-P15")
def test_however_guesses_are_spread_no_code_is_guessed_at_more_often_nor_opens_anything_else(
    engines: Engines,
) -> None:
    houses = [engines.run(people(door.edges.database)) for door in engines.doors]  # type: ignore[attr-defined]
    numbers = count(1)

    class Here(Guessing):
        def __init__(self) -> None:
            super().__init__(engines, houses, NOW + next(numbers) * APART)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=volume(10, 300),
            stateful_step_count=volume(14, 30),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.requires("MANDATES-P15")
async def test_guesses_in_many_tabs_at_once_are_no_more_guesses(database: Database) -> None:
    house = await people(database)
    edge, code = await asked(house, PIETER, NOW)
    pieter = house.actor(PIETER)

    def typing(typed: str) -> Callable[[], Awaitable[bool]]:
        async def attempt() -> bool:
            try:
                await house.voluntary.activate(pieter, edge.id, edge.version, typed, NOW)
            except (NotEntitled, OneTimeGone):
                return False
            return True

        return attempt

    # All but one, in as many tabs; then the right one in several, of which one activates it.
    assert not any(await at_once(*[typing(WRONG)] * (GUESSES - 1)))
    assert sum(map(bool, await at_once(*[typing(code)] * 4))) == 1
    edge, code = await asked(house, PIETER, NOW + APART)
    late = NOW + APART
    attempts = [house.voluntary.activate(pieter, edge.id, edge.version, WRONG, late) for _ in range(9)]
    told = await asyncio.gather(*attempts, return_exceptions=True)
    assert {type(each) for each in told} == {OneTimeGone}
    with pytest.raises(OneTimeGone):
        await house.voluntary.activate(pieter, edge.id, edge.version, code, late)


@pytest.mark.requires("MANDATES-P15")
async def test_another_letter_gives_no_new_guesses(database: Database) -> None:
    house = await people(database)
    pieter = house.actor(PIETER)
    edge, _ = await asked(house, PIETER, NOW)
    for _ in range(GUESSING.most - 1):
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(pieter, edge.id, edge.version, WRONG, NOW)
    await house.voluntary.end(pieter, edge.id, edge.version, NOW)
    edge, code = await asked(house, PIETER, NOW)
    for typed in (WRONG, code):
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(pieter, edge.id, edge.version, typed, NOW)


@pytest.mark.requires("MANDATES-P15")
async def test_a_new_month_gives_no_new_guesses_at_the_same_code(database: Database) -> None:
    # Within one month the count of all letters together stands before the code's own; here it begins anew.
    house = await people(database)
    pieter = house.actor(PIETER)

    async def wrong(edge: Edge, now: datetime) -> None:
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(pieter, edge.id, edge.version, WRONG, now)

    edge, _ = await asked(house, PIETER, NOW)
    await wrong(edge, NOW)
    await house.voluntary.end(pieter, edge.id, edge.version, NOW)
    later = NOW + GUESSING.period
    edge, code = await asked(house, PIETER, later - DAY)
    for _ in range(GUESSES - 1):
        await wrong(edge, later - DAY)
    await wrong(edge, later)
    with pytest.raises(OneTimeGone):
        await house.voluntary.activate(pieter, edge.id, edge.version, code, later)
    await house.voluntary.end(pieter, edge.id, edge.version, later)
    edge, code = await asked(house, PIETER, later)
    done = await house.voluntary.activate(pieter, edge.id, edge.version, code, later)
    assert done.state is State.ACTIVE, "it was the code that was dead"


@pytest.mark.requires("MANDATES-P15")
async def test_a_code_that_is_kept_with_another_mandate_opens_neither(database: Database) -> None:
    # Codes are looked up by their mandate, so that of another is never compared: here it is put there.
    house = await people(database)
    one, code = await asked(house, PIETER, NOW)
    other, own = await asked(house, NOOR, NOW)
    codes = house.voluntary.letters.codes
    kept = await codes.find(str(one.id), NOW)
    assert kept is not None
    async with database.begin() as unit:
        await codes.rewrite(unit, str(other.id), kept)
    for typed in (code, own):
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(house.actor(NOOR), other.id, other.version, typed, NOW)


@pytest.mark.requires("MANDATES-P15")
def test_all_the_guesses_that_anybody_has_in_ten_years_find_no_code() -> None:
    codes = len(REFERENCE_ALPHABET) ** 12
    months = 10 * 366 * DAY / LETTERS_GOT.period
    assert GUESSING.period == LETTERS_GOT.period
    assert months * GUESSING.most <= months * LETTERS_GOT.most * GUESSES
    assert months * LETTERS_GOT.most * GUESSES / codes < 10**-12
