"""On any world SQLite, PostgreSQL and the oracle give the same answers, one by one and as lists."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import oracle
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.plain_worlds import PLAIN
from tests.mandates.worlds import START, Made, worlds
from tests.parts import full
from tests.volumes import volume
from toegang.mandates.decide import Decision, Listed, Permit
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page

World = dict[str, Any]
# A world takes about a sixth of a second on both engines: the long form stays within five minutes.
MANY = settings(max_examples=volume(25, 1_000), suppress_health_check=list(HealthCheck))


def told(decision: Decision) -> dict[str, Any] | None:
    """Return a decision in the words of the oracle."""
    if not isinstance(decision, Permit):
        return None
    until = decision.until
    return {
        "path": [0 if link.edge is None else link.edge.int & 0x7FFFFFFF for link in decision.path],
        "level": int(decision.level),
        "until": None if until is None else (until - START).total_seconds() / 3600,
        "actions": {action.value for action in decision.restriction.actions},
        "branches": None if decision.restriction.branches is None else set(decision.restriction.branches),
        "most": decision.restriction.most,
    }


def check_answers(engines: Engines, world: World) -> set[int]:
    """See that all three say the same of everybody about everybody; return how long the paths were."""
    made, lengths = engines.kept(Made(world, next(OFFSETS))), set()
    for actor in world["parties"]:
        for principal in world["parties"]:
            expected = oracle.decide(world, actor, principal)
            if expected is not None:
                lengths.add(len(expected["path"]))

            async def ask(mandates: Mandates, actor: int = actor, principal: int = principal) -> Decision:
                asker, whom = made.asker(actor), made.party_id(principal)
                return await mandates.decide(asker, whom, made.now, made.told())

            answers = [told(decision) for decision in engines.each(ask)]
            assert answers == [expected, expected], (actor, principal)
    return lengths


async def whole(mandates: Mandates, made: Made, actor: int, size: int) -> tuple[list[int], list[int]]:
    """Return both lists of somebody, page by page."""
    asker, law = made.asker(actor), made.told()
    mine: list[int] = []
    page: Page | None = Page(size=size)
    while page is not None:
        answer = await mandates.represented(asker, page, made.now, law)
        if not isinstance(answer, Listed):
            break
        mine += [made.number(permit.principal) for permit in answer.found]
        page = None if answer.after is None else Page(after=answer.after, size=size)
    theirs: list[int] = []
    page = Page(size=size)
    while page is not None:
        other = await mandates.representatives(asker, page, made.now, law)
        theirs += [made.number(agent) for agent in other.found]
        page = None if other.after is None else Page(after=other.after, size=size)
    return mine, theirs


def check_lists(engines: Engines, world: World, size: int) -> None:
    """See that lists have exactly whom single questions permit."""
    made = engines.kept(Made(world, next(OFFSETS)))
    for actor in world["parties"]:
        expected = (oracle.listed(world, actor), oracle.acting(world, actor))

        async def ask(mandates: Mandates, actor: int = actor) -> tuple[list[int], list[int]]:
            return await whole(mandates, made, actor, size)

        assert engines.each(ask) == [expected, expected], actor


@pytest.mark.requires(
    "MANDATES-P1", "MANDATES-P2", "MANDATES-P5", "MANDATES-P8", "MANDATES-P10", "MANDATES-P13"
)
def test_of_everybody_about_everybody_all_three_say_the_same(engines: Engines) -> None:
    chains: Counter[int] = Counter()

    @MANY
    @given(worlds())
    def agree(world: World) -> None:
        chains.update(check_answers(engines, world))

    agree()
    # Else these worlds say too little; a few of them need not hold every length.
    assert all(chains[length] for length in ((1, 2, 3) if full() else (1,))), chains


@pytest.mark.requires("MANDATES-P18", "MANDATES-P19")
def test_lists_are_what_single_questions_say_without_gap_or_double(engines: Engines) -> None:
    @MANY
    @given(worlds(), st.integers(1, 4))
    def agree(world: World, size: int) -> None:
        check_lists(engines, world, size)

    agree()


@pytest.mark.requires("MANDATES-P5", "MANDATES-P8", "MANDATES-P13", "MANDATES-P18", "MANDATES-P19")
@pytest.mark.parametrize("name", PLAIN)
def test_so_it_is_in_worlds_where_everything_holds(engines: Engines, name: str) -> None:
    lengths = check_answers(engines, PLAIN[name])
    check_lists(engines, PLAIN[name], 2)
    if name == "everything holds":
        assert lengths == {1, 2, 3}
