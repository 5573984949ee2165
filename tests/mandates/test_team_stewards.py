"""Stewards: who may change the teams of a firm, and who may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import Engines
from tests.mandates.team_worlds import (
    ANNA,
    BY,
    DIRECTOR,
    ONE,
    OTHER_FIRM,
    PAGE,
    SERVICE,
    STRANGER,
    directs,
    furnish,
    staff,
    teams_of,
    why,
)
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service
from toegang.mandates.edge import State
from toegang.mandates.filling import Filling, Outcome
from toegang.mandates.law import Law
from toegang.mandates.party import Standing
from toegang.mandates.register import Mandates
from toegang.mandates.scope import EVERYTHING, Restriction, Scope

MAY_NOT = {
    "nobody of the firm": b.told(),
    "no register told": Law(links=(), capacities={}, silent=None, doubted=frozenset()),
    "the register doubts the firm": replace(directs(), doubted=frozenset({b.FIRM})),
    "not alone": directs(needed=2),
    "not certain": directs(certain=False),
    "not any more": directs(until=b.NOW),
    "of another firm": directs(principal=OTHER_FIRM),
    "a proxy": directs(kind=EdgeKind.PROXY),
}


@pytest.mark.requires("MANDATES-P3")
@pytest.mark.parametrize("case", MAY_NOT)
def test_nobody_manages_teams_but_who_directs_the_firm(engines: Engines, case: str) -> None:
    async def asked(door: Mandates) -> str:
        await furnish(door)
        return await why(teams_of(door, MAY_NOT[case]).steward(DIRECTOR, b.FIRM, Level.HIGH, b.NOW))

    assert engines.each(asked) == ["not-yours"] * 2


@pytest.mark.requires("MANDATES-P3")
@pytest.mark.parametrize(
    ("terms", "state", "may"),
    [
        ({"grants": True}, State.ACTIVE, True),
        ({"grants": False}, State.ACTIVE, False),
        ({"grants": True, "teams_only": True}, State.ACTIVE, False),
        ({"grants": True, "scopes": (Scope.of_service(SERVICE.id),)}, State.ACTIVE, False),
        ({"grants": True, "until": b.NOW}, State.ACTIVE, False),
        ({"grants": True, "needed": 2}, State.ACTIVE, False),
        ({"grants": True, "restriction": Restriction(branches=frozenset({"1"}))}, State.ACTIVE, False),
        ({"grants": True}, State.SUSPENDED, False),
        ({"grants": True}, State.OFFERED, False),
    ],
)
def test_an_employee_manages_teams_by_a_mandate_for_everything_that_is_given_on(
    engines: Engines, terms: dict[str, Any], state: State, *, may: bool
) -> None:
    async def asked(door: Mandates) -> object:
        await furnish(door)
        edge = staff(21, DIRECTOR, **{"teams_only": False, "scopes": (EVERYTHING,), **terms})
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, replace(edge, state=state))
        teams = teams_of(door, b.told())
        if may:
            return await teams.steward(DIRECTOR, b.FIRM, Level.HIGH, b.NOW)
        return await why(teams.steward(DIRECTOR, b.FIRM, Level.HIGH, b.NOW))

    worth = replace(BY, level=Level.SUBSTANTIAL)  # as their mandate is
    assert engines.each(asked) == [worth if may else "not-yours"] * 2


@pytest.mark.requires("MANDATES-P3")
def test_what_an_employee_says_of_teams_is_worth_no_more_than_their_mandate(engines: Engines) -> None:
    async def asked(door: Mandates) -> list[object]:
        await furnish(door)
        low = staff(21, DIRECTOR, teams_only=False, scopes=(EVERYTHING,), grants=True, level=Level.LOW)
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, low)
        teams = teams_of(door, b.told())
        by = await teams.steward(DIRECTOR, b.FIRM, Level.HIGH, b.NOW)
        team = await teams.make(by, "Zorg", b.NOW)
        added = await teams.add_person(by, team, ANNA, b.NOW)
        return [by.level, added.terms.level]

    assert engines.each(asked) == [[Level.LOW, Level.LOW]] * 2


@pytest.mark.parametrize(
    "ended", [b.firm(standing=Standing.DISSOLVED), b.person(DIRECTOR, standing=Standing.DECEASED)]
)
def test_nobody_manages_teams_who_ended_or_of_what_ended(engines: Engines, ended: Any) -> None:  # noqa: ANN401
    async def asked(door: Mandates) -> str:
        await furnish(door)
        async with door.units.begin() as unit:
            await door.parties.put(unit, replace(ended, told_at=b.NOW))
        return await why(teams_of(door).steward(DIRECTOR, b.FIRM, Level.HIGH, b.NOW))

    assert engines.each(asked) == ["not-yours"] * 2


@dataclass(frozen=True)
class Strict:
    """A catalogue of one service, that asks the highest level of who acts in another's name."""

    def reached(self, scopes: object, now: object) -> Sequence[Service]:  # noqa: ARG002
        """Return it."""
        return (b.service(1, b.rules(depth=3, administer=Level.HIGH)),)


@pytest.mark.requires("MANDATES-P1")
def test_below_the_level_for_administering_nobody_comes_on_a_team_and_anybody_is_taken_off(
    engines: Engines,
) -> None:
    async def asked(door: Mandates) -> list[object]:
        await furnish(door)
        high = teams_of(door)
        strict = replace(high, services=Strict())
        low = replace(BY, level=Level.SUBSTANTIAL)
        team = await high.make(BY, "Zorg", b.NOW)
        refused = [
            await why(add(low, team, each, b.NOW))
            for add, each in (
                (strict.add_person, ANNA),
                (strict.add_client, ONE),
                (strict.add_client, STRANGER),
            )
        ]
        filling = Filling(teams=strict, by=low, team=team)
        judged = await filling.judge([ANNA, ONE, STRANGER], b.NOW)
        await filling.fill(judged, b.NOW)
        nobody = [*await high.people(team, PAGE, b.NOW), *await high.clients(team, PAGE, b.NOW)]
        await strict.add_person(BY, team, ANNA, b.NOW)
        again = (await filling.judge([ANNA], b.NOW))[ANNA]
        return [refused, list(judged.values()), nobody, again, await strict.remove(low, team, ANNA, b.NOW)]

    too_low, judged = "level-too-low", Outcome.LEVEL_TOO_LOW
    expected = [
        [too_low, too_low, "no-authority"],
        [judged, judged, Outcome.NOT_THEIRS],
        [],
        Outcome.ALREADY,
        1,
    ]
    assert engines.each(asked) == [expected] * 2
