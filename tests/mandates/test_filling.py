"""Filling a team with many: each gets what adding them by hand would do, on either engine."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from tests.mandates import builders as b
from tests.mandates.engines import Engines
from tests.mandates.team_worlds import (
    ANNA,
    BAS,
    BY,
    ONE,
    OTHER_FIRM,
    PAGE,
    STRANGER,
    TWO,
    Overtaken,
    client,
    database_of,
    furnish,
    staff,
    teams_of,
    why,
)
from toegang.errors import NotEntitled
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.filling import Filling, Outcome
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates

NOBODY = PartyId(UUID(int=0xDEAD))
ALL = (ANNA, BAS, ONE, TWO, STRANGER, OTHER_FIRM, b.FIRM, NOBODY)


async def crowded(mandates: Mandates) -> Filling:
    """Let Anna be a client too, Bas be on the team already, and somebody be a client elsewhere."""
    await furnish(mandates)
    over = replace(client(23, STRANGER), state=State.REVOKED)
    async with mandates.units.begin() as unit:
        for edge in (client(21, ANNA), client(22, STRANGER, OTHER_FIRM), over):
            assert await mandates.edges.add(unit, edge)
    teams = teams_of(mandates)
    team = await teams.make(BY, "Zorg", b.NOW)
    await teams.add_person(BY, team, BAS, b.NOW)
    return Filling(teams=teams, by=BY, team=team)


def test_many_are_judged_and_added_as_one_by_one(engines: Engines) -> None:
    async def read(door: Mandates) -> list[object]:
        filling = await crowded(door)
        teams, team = filling.teams, filling.team
        judged = await filling.judge(ALL, b.NOW)
        await filling.fill(judged, b.NOW)
        people = await teams.people(team, PAGE, b.NOW)
        clients = await teams.clients(team, PAGE, b.NOW)
        again = set((await filling.judge(ALL, b.NOW)).values())
        # By hand to another team: the same.
        other = await teams.make(BY, "Werk", b.NOW)
        for each in ALL:
            for add in (teams.add_person, teams.add_client):
                try:
                    await add(BY, other, each, b.NOW)
                except NotEntitled:
                    continue
        same = (
            await teams.people(other, PAGE, b.NOW) == people
            and await teams.clients(other, PAGE, b.NOW) == clients
        )
        return [[judged[each] for each in ALL], set(people), set(clients), again, same]

    stranger = Outcome.NOT_THEIRS
    first = [Outcome.BOTH, Outcome.ALREADY, Outcome.CLIENT, Outcome.CLIENT, *[stranger] * 4]
    expected = [first, {ANNA, BAS}, {ANNA, ONE, TWO}, {Outcome.ALREADY, stranger}, True]
    assert engines.each(read) == [expected] * 2


def test_who_works_there_by_what_is_over_is_not_put_on_a_team(engines: Engines) -> None:
    async def judged(door: Mandates) -> list[Outcome]:
        filling = await crowded(door)
        edge = staff(1, ANNA)
        async with door.units.begin() as unit:
            assert await door.edges.replace(unit, replace(edge, state=State.REVOKED, version=2), 1)
        return [(await filling.judge([ANNA], b.NOW))[ANNA]]

    assert engines.each(judged) == [[Outcome.CLIENT]] * 2


def test_nobody_is_put_on_a_team_that_is_closed_meanwhile_or_is_anothers(engines: Engines) -> None:
    async def filled(door: Mandates) -> list[object]:
        filling = await crowded(door)
        theirs = replace(filling, by=replace(BY, organisation=OTHER_FIRM))
        late = replace(filling, teams=replace(filling.teams, kept=Overtaken(database_of(door))))
        judged = await late.judge([ONE], b.NOW)
        return [
            await why(theirs.judge([ONE], b.NOW)),
            await why(late.fill(judged, b.NOW)),
            await filling.teams.clients(filling.team, PAGE, b.NOW),
            await door.edges.find(EdgeId(UUID(int=1))) == staff(1, ANNA),
        ]

    assert engines.each(filled) == [["not-yours", "changed", (), True]] * 2
