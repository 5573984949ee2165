"""On any world SQLite, PostgreSQL and the oracle give the same answers, one by one and as lists."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.mandates import oracle
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.worlds import START, Made, worlds
from tests.parts import full
from tests.volumes import volume
from toegang.mandates.decide import Decision, Listed, Permit
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page

World = dict[str, Any]
MANY = settings(max_examples=volume(25, 2_000), suppress_health_check=list(HealthCheck))


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


@pytest.mark.requires(
    "MANDATES-P1", "MANDATES-P2", "MANDATES-P5", "MANDATES-P8", "MANDATES-P10", "MANDATES-P13"
)
def test_of_everybody_about_everybody_all_three_say_the_same(engines: Engines) -> None:
    chains: Counter[int] = Counter()

    @MANY
    @given(worlds())
    def agree(world: World) -> None:
        made = engines.kept(Made(world, next(OFFSETS)))
        for actor in world["parties"]:
            for principal in world["parties"]:
                expected = oracle.decide(world, actor, principal)
                if expected is not None:
                    chains[len(expected["path"])] += 1

                async def ask(mandates: Mandates, actor: int = actor, principal: int = principal) -> Decision:
                    asker, whom = made.asker(actor), made.party_id(principal)
                    return await mandates.decide(asker, whom, made.now, made.told())

                answers = [told(decision) for decision in engines.each(ask)]
                assert answers == [expected, expected], (actor, principal)

    agree()
    # Else these worlds say too little; a few of them need not hold every length.
    assert all(chains[length] for length in ((1, 2, 3) if full() else (1,))), chains


@pytest.mark.requires("MANDATES-P18", "MANDATES-P19")
def test_lists_are_what_single_questions_say_without_gap_or_double(engines: Engines) -> None:
    async def whole(mandates: Mandates, made: Made, actor: int, size: int) -> tuple[list[int], list[int]]:
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

    @MANY
    @given(worlds())
    def agree(world: World) -> None:
        made = engines.kept(Made(world, next(OFFSETS)))
        size = 1 + made.offset % 4
        for actor in world["parties"]:
            expected = (oracle.listed(world, actor), oracle.acting(world, actor))

            async def ask(mandates: Mandates, actor: int = actor) -> tuple[list[int], list[int]]:
                return await whole(mandates, made, actor, size)

            assert engines.each(ask) == [expected, expected], actor

    agree()
