"""By whom a client is found by name: their organisation and its teams, for as long as they are its client."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tests.mandates import builders as b
from tests.mandates.engines import Engines
from tests.mandates.team_worlds import (
    ANNA,
    BY,
    ONE,
    OTHER_FIRM,
    PAGE,
    STRANGER,
    TWO,
    asker,
    client,
    database_of,
    furnish,
    on_team,
    teams_of,
)
from toegang.mandates.decide import StepUp
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.hearing import MOST_ORGANISATIONS
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.searching import ByName, folded, turned
from toegang.mandates.stores import Page
from toegang.mandates.teams import Team
from toegang.storage.client_names import ClientNameTable
from toegang.storage.database import inside

JAN = turned(folded("Jan van Een"))


def names_of(mandates: Mandates) -> ClientNameTable:
    return ClientNameTable(database_of(mandates))


async def teamed(mandates: Mandates) -> Team:
    """Let one client be on a team, found by name by the firm, by the team, and wrongly by another firm."""
    await furnish(mandates)
    team = await on_team(mandates)
    async with mandates.units.begin() as unit:
        for agent in (b.FIRM, team.id, OTHER_FIRM):
            await names_of(mandates).put(unit, agent, ONE, JAN)
    return team


async def ended(mandates: Mandates, number: int) -> None:
    """End a mandate."""
    edge = await mandates.edges.find(EdgeId(UUID(int=number)))
    assert edge is not None
    over = replace(edge, state=State.REVOKED, version=edge.version + 1)
    async with mandates.units.begin() as unit:
        assert await mandates.edges.replace(unit, over, edge.version)


async def finding(mandates: Mandates) -> set[PartyId]:
    """Return who finds the client by name."""
    rows = await database_of(mandates).all(
        "SELECT agent FROM client_names WHERE client = :c", {"c": ONE.bytes}
    )
    return {PartyId(UUID(bytes=row[0])) for row in rows}


def test_who_is_no_client_any_more_is_found_neither_by_the_firm_nor_by_its_teams(engines: Engines) -> None:
    async def read(door: Mandates) -> list[bool]:
        team = await teamed(door)
        names, both = names_of(door), {b.FIRM: True, team.id: True}
        found = [await names.by_whom(agent, ONE, b.NOW) == both for agent in (b.FIRM, team.id)]
        # By a firm that they let do nothing nobody finds them; what others know of them is left alone.
        found.append(await names.by_whom(OTHER_FIRM, ONE, b.NOW) == {OTHER_FIRM: False})
        await ended(door, 3)
        neither = {b.FIRM: False, team.id: False}
        found += [await names.by_whom(agent, ONE, b.NOW) == neither for agent in (b.FIRM, team.id)]
        # A client again: still on the team, and found by it again.
        async with door.units.begin() as unit:
            assert await door.edges.add(unit, client(33, ONE))
        found.append(await names.by_whom(b.FIRM, ONE, b.NOW) == both)
        await teams_of(door).remove(BY, team, ONE, b.NOW)
        found.append(await names.by_whom(team.id, ONE, b.NOW) == {b.FIRM: True, team.id: False})
        # Of a team that is gone, nothing stays.
        await teams_of(door).remove(BY, team, ANNA, b.NOW)
        await teams_of(door).close(BY, team, b.NOW)
        found.append((await names.by_whom(team.id, ONE, b.NOW))[team.id])
        return found

    assert engines.each(read) == [[*[True] * 7, False]] * 2


def test_a_name_is_forgotten_once_the_mandate_is_over_by_itself(engines: Engines) -> None:
    async def swept(door: Mandates, at: datetime) -> set[PartyId]:
        names, after = names_of(door), b""
        while True:
            async with door.units.begin() as unit:
                after = await names.sweep(unit, after, 1, at)
            if not after:
                return await finding(door)

    async def read(door: Mandates) -> list[bool]:
        team = await teamed(door)
        edge = await door.edges.find(EdgeId(UUID(int=3)))
        assert edge is not None
        assert edge.terms.until is not None
        return [
            await finding(door) == {b.FIRM, team.id, OTHER_FIRM},
            await swept(door, b.NOW) == {b.FIRM, team.id},
            await swept(door, edge.terms.until - timedelta(microseconds=1)) == {b.FIRM, team.id},
            await swept(door, edge.terms.until) == set(),
        ]

    assert engines.each(read) == [[True] * 4] * 2


def test_all_who_should_be_found_by_name_and_are_not_are_found_in_parts(engines: Engines) -> None:
    async def read(door: Mandates) -> list[object]:
        team = await teamed(door)
        # To a person, within a firm, and what is over, is no reason to keep a name.
        over = client(44, STRANGER, terms=b.terms(until=b.NOW))
        async with door.units.begin() as unit:
            for edge in (client(43, STRANGER, ANNA), over):
                assert await door.edges.add(unit, edge)
        names, after, found, looked = names_of(door), b"", list[tuple[PartyId, PartyId]](), 0
        while True:
            some = await names.unnamed(after, 2, b.NOW)
            found, looked, after = [*found, *some.found], looked + some.looked_at, some.after
            if not after:
                break
        async with door.units.begin() as unit:
            await names.put(unit, team.id, ONE, ())
        again = (await names.unnamed(b"", 100, b.NOW)).found
        return [found, looked == await names.places(), set(again) == {(b.FIRM, TWO), (team.id, ONE)}]

    assert engines.each(read) == [[[(b.FIRM, TWO)], True, True]] * 2


def test_names_are_looked_for_in_all_teams_that_somebody_is_in(engines: Engines) -> None:
    many = 2 * MOST_ORGANISATIONS + 90  # in more than one statement

    async def found(door: Mandates) -> list[list[PartyId]]:
        await furnish(door)
        teams, names = teams_of(door), names_of(door)
        made = [await teams.make(BY, f"Team {number}", b.NOW) for number in range(many)]
        for team in made:
            await teams.add_person(BY, team, ANNA, b.NOW)
        last = max(made, key=lambda team: team.id)
        await teams.add_client(BY, last, ONE, b.NOW)
        await teams.add_client(BY, made[0], TWO, b.NOW)
        async with door.units.begin() as unit:
            await names.put(unit, last.id, ONE, JAN)
            await names.put(unit, made[0].id, TWO, turned("jan zonder"))
        looking = ByName(questions=door.stating.questions, clients=names)
        answers = []
        for words in ("jan", "van"):
            answer = await looking.named(asker(), words, PAGE, b.NOW, NOTHING_TOLD)
            assert not isinstance(answer, StepUp)
            answers.append([each.principal for each in answer.found])
        return answers

    assert engines.each(found) == [[[ONE, TWO], [ONE]]] * 2


def test_whom_two_firms_know_by_other_names_is_found_once_and_nobody_after_them_is_lost(
    engines: Engines,
) -> None:
    async def found(door: Mandates) -> list[PartyId]:
        names, firms = names_of(door), (b.FIRM, OTHER_FIRM)
        async with door.units.begin() as unit:
            for agent, client_, name in (
                (b.FIRM, ONE, "jan jansen"),
                (OTHER_FIRM, ONE, "jan de vries"),
                (b.FIRM, TWO, "jan ebbers"),
                (OTHER_FIRM, STRANGER, "jan zwart"),
            ):
                await names.put(unit, agent, client_, turned(name))
        pages, after = list[PartyId](), None
        for _ in range(4):
            page = await names.starting(firms, "jan", Page(after=after, size=1))
            pages += page
            after = page[-1] if page else after
        return pages

    assert engines.each(found) == [[ONE, TWO, STRANGER]] * 2


def test_a_client_is_named_by_two_at_the_same_moment(engines: Engines) -> None:
    async def named(door: Mandates) -> set[PartyId]:
        await furnish(door)
        names = names_of(door)

        async def put(*by: str) -> None:
            async with door.units.begin() as unit:
                await names.put(unit, b.FIRM, ONE, by)

        await asyncio.gather(put(), put())  # so that there are two connections
        async with door.units.begin() as unit:
            await names.put(unit, b.FIRM, ONE, JAN)
            await inside(unit).all("SELECT 1")  # so that it is written, and not yet committed
            second = asyncio.create_task(put(*JAN))
            for _ in range(20):
                await inside(unit).all("SELECT 1")
        await second
        return await finding(door)

    assert engines.each(named) == [{b.FIRM}] * 2
