"""What waits for a second officer is one list; whom only a register names for a side sees none of it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import People, people
from tests.mandates.test_office import given
from tests.mandates.test_proposing import FIRST, SECOND, eyes, kept, ordered, proposed, why
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.proposing import MOST_OPEN, PROPOSALS_LIVE, Officer
from toegang.storage import Database

NOW = b.NOW


async def others(house: People, count: int) -> list[Edge]:
    """Add mandates between two who are nobody else here."""
    made = [
        b.edge(id=EdgeId(UUID(int=600 + n)), principal=b.party_id(700 + n), agent=b.party_id(800 + n))
        for n in range(count)
    ]
    async with house.database.begin() as unit:
        for each in made:
            for party in (each.principal, each.agent):
                assert await house.voluntary.mandates.parties.put(unit, b.person(party))
            assert await house.voluntary.mandates.edges.add(unit, each)
    return made


async def listed(house: People, officer: Officer = SECOND, now: datetime = NOW) -> list[tuple[EdgeId, str]]:
    return [(edge.id, proposal.name) for edge, proposal in await eyes(house).open(officer, now)]


async def test_what_waits_is_listed_until_it_is_answered_or_over(database: Database) -> None:
    house = await people(database)
    edges = await others(house, 4)
    later = NOW + timedelta(hours=1)
    made = [
        await proposed(house, each, now=at) for each, at in zip(edges, (later, NOW, NOW, NOW), strict=True)
    ]
    names = [(edge.id, each.name) for edge, each in zip(edges, made, strict=True)]
    assert await listed(house) == [*names[1:], names[0]]
    assert await listed(house, FIRST) == await listed(house)
    await eyes(house).withdraw(FIRST, edges[1].id, made[1].name, NOW)
    await eyes(house).decline(SECOND, edges[2].id, made[2].name, NOW)
    await eyes(house).confirm(SECOND, edges[3].id, made[3].name, edges[3].version, NOW)
    assert await listed(house) == [names[0]]
    again = await proposed(house, edges[1], now=later)
    assert await listed(house, now=later) == [names[0], (edges[1].id, again.name)]
    assert await listed(house, now=NOW + PROPOSALS_LIVE) == [names[0], (edges[1].id, again.name)]
    assert await listed(house, now=later + PROPOSALS_LIVE) == []


async def test_two_that_are_proposed_at_once_are_both_listed(database: Database) -> None:
    house = await people(database)
    edges = await others(house, 6)
    made = await asyncio.gather(*(proposed(house, each) for each in edges))
    assert set(await listed(house)) == {(edge.id, each.name) for edge, each in zip(edges, made, strict=True)}


async def test_one_page_has_the_first(database: Database) -> None:
    house = await people(database)
    for each in await others(house, MOST_OPEN + 2):
        await proposed(house, each)
    assert len(await listed(house)) == MOST_OPEN


@pytest.mark.requires("MANDATES-P27")
@pytest.mark.parametrize("side", ["principal", "agent"])
async def test_whom_only_a_register_names_for_one_of_the_sides_decides_nothing_and_sees_nothing(
    database: Database, side: str
) -> None:
    house = await people(database)
    edge, mine = await given(house), Officer(name="mine", party=b.party_id(7100))
    party = edge.principal if side == "principal" else edge.agent
    made = await proposed(house, edge)
    door = eyes(house)
    assert await door.seen_by(mine, edge, NOW) == made
    by_law = b.law(principal=party, agent=mine.party, basis="parental-sole", kind=EdgeKind.PARENTAL)
    house.courts.told[party] = b.told(by_law)
    for doing in (
        door.suspend(mine, edge.id, edge.version, ordered(mine), NOW),
        proposed(house, edge, by=mine),
        door.confirm(mine, edge.id, made.name, edge.version, NOW),
        door.decline(mine, edge.id, made.name, NOW),
    ):
        assert await why(doing) == "desk-not-apart"
    assert await door.seen_by(mine, edge, NOW) is None
    assert await listed(house, mine) == []
    assert (await listed(house))[0][0] == edge.id
    house.courts.told[party] = b.told()
    assert (await door.confirm(mine, edge.id, made.name, edge.version, NOW)).state is State.VOID


@pytest.mark.requires("MANDATES-P27")
async def test_who_proposed_it_and_came_to_direct_a_side_since_lets_nobody_do_it(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    made = await proposed(house, edge)
    house.courts.told[edge.agent] = b.told(b.law(principal=edge.agent, agent=FIRST.party))
    assert await why(eyes(house).confirm(SECOND, edge.id, made.name, edge.version, NOW)) == "desk-not-apart"
    assert (await kept(house, edge)).state is State.ACTIVE


@pytest.mark.requires("MANDATES-P27")
async def test_nor_who_directs_an_organisation_that_acts_for_a_side(database: Database) -> None:
    house = await people(database)
    edge, firm = await given(house), b.party_id(7200)
    house.courts.told[firm] = b.told(b.law(principal=firm, agent=SECOND.party, kind=EdgeKind.STATUTORY))
    made = await proposed(house, edge)
    assert await listed(house) == [(edge.id, made.name)]
    acts = b.edge(principal=edge.principal, agent=firm, terms=edge.terms)
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, acts)
    assert await listed(house) == []
    assert await why(eyes(house).confirm(SECOND, edge.id, made.name, edge.version, NOW)) == "desk-not-apart"
