"""L19: handing clients over by whom it is not for, to oneself, twice, too often, about who is protected."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from tests.hostile.test_l19_in_another_name import UNKNOWN, director, firm
from tests.mandates import builders as b
from tests.mandates.giving_people import CARE, NOBODY, NOOR, PIETER, RETURNS, SANNE, proposal
from tests.mandates.handing import Handing, handing
from tests.mandates.two_firms import NOW
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.bounds import HAND_OVER_DECLINED, HANDING_OVER
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.finding import Typed
from toegang.mandates.job import JobId, JobState
from toegang.mandates.law import NOT_ASKED, NOTHING_TOLD
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.scope import Scope
from toegang.registers.population import BirthDate
from toegang.storage import Database


async def refused(world: Handing, to: PartyId | None = None) -> str:
    with pytest.raises(NotEntitled) as why:
        await world.room.propose(await world.mine(), to or world.second, NOW)
    return str(why.value.why)


def told(world: Handing, party: PartyId, *people: Bsn | PartyId, needed: int = 1) -> None:
    ids = [world.house.ids[each] if isinstance(each, Bsn) else each for each in people]
    world.house.courts.told[party] = replace(
        NOTHING_TOLD, links=tuple(director(party, each, needed) for each in ids)
    )


# -- who may propose, and to whom ----------------------------------------------------------------------------


async def test_an_employee_without_the_right_administers_no_organisation(database: Database) -> None:
    world = await handing(database)
    works = b.edge(
        id=EdgeId(UUID(int=9)), principal=world.first, agent=world.house.ids[NOOR], kind=EdgeKind.STAFF
    )
    async with database.begin() as unit:
        assert await world.house.voluntary.mandates.edges.add(unit, works)
    with pytest.raises(NotEntitled):
        await world.steward(NOOR, world.first)


async def test_an_organisation_hands_nothing_over_to_itself(database: Database) -> None:
    world = await handing(database)
    assert await refused(world, world.first) == "self-approval"


@pytest.mark.requires("MANDATES-P27")
async def test_who_decides_for_both_hands_nothing_over(database: Database) -> None:
    world = await handing(database)
    told(world, world.second, SANNE)
    assert await refused(world) == "self-approval"
    told(world, world.second, SANNE, PIETER, needed=2)
    assert await refused(world) == "self-approval", "who proposes it directs the other, together with others"
    told(world, world.second, PIETER)
    told(world, world.first, SANNE, PIETER)
    assert await refused(world) == "self-approval", "who controls the other controls this one too"


@pytest.mark.requires("MANDATES-P27")
async def test_who_controls_both_through_another_hands_nothing_over(database: Database) -> None:
    world = await handing(database)
    holding = await firm(world.house, UNKNOWN)
    own = replace(NOTHING_TOLD, links=(director(holding, world.house.ids[SANNE]),))
    links = (director(world.second, holding), director(world.second, world.house.ids[PIETER]), *own.links)
    world.house.courts.told[world.second] = replace(NOTHING_TOLD, links=links)
    assert await refused(world) == "self-approval"


@pytest.mark.requires("MANDATES-P27")
async def test_who_came_to_direct_both_meanwhile_agrees_to_nothing(database: Database) -> None:
    world = await handing(database)
    job = await world.proposed()
    told(world, world.second, PIETER, SANNE)
    for bsn in (SANNE, PIETER):
        with pytest.raises(NotEntitled, match="self-approval"):
            await world.room.agree(await world.steward(bsn, world.second), job.id, NOW)
    assert (await world.jobs.find(job.id)).state is JobState.PROPOSED


async def test_who_is_dissolved_is_proposed_nothing(database: Database) -> None:
    world = await handing(database)
    await world.house.voluntary.mandates.know(
        b.firm(world.second, standing=Standing.DISSOLVED, since=NOW - b.DAY, told_at=NOW), now=NOW
    )
    assert await refused(world) == "party-ended"


async def test_a_silent_register_lets_nobody_propose(database: Database) -> None:
    world = await handing(database)
    world.house.courts.told[world.second] = NOT_ASKED
    assert await refused(world) == "register-silent"


# -- twice, unanswered and too often -------------------------------------------------------------------------


async def test_one_waits_or_runs_at_a_time_whoever_it_is_for(database: Database) -> None:
    world = await handing(database)
    other = await firm(world.house, UNKNOWN, director(b.party_id(77), world.house.ids[NOOR]))
    job = await world.proposed()
    assert await refused(world) == "pending-already"
    assert await refused(world, other) == "pending-already"
    await world.room.agree(await world.theirs(), job.id, NOW)
    assert await refused(world, other) == "pending-already"


async def test_of_two_proposals_at_once_one_is_kept(database: Database) -> None:
    world = await handing(database)
    by = await world.mine()
    both = await asyncio.gather(
        *(world.room.propose(by, world.second, NOW) for _ in range(2)), return_exceptions=True
    )
    assert sorted(isinstance(each, NotEntitled) for each in both) == [False, True]


async def test_of_two_answers_one_counts(database: Database) -> None:
    world = await handing(database)
    job, by = await world.proposed(), await world.theirs()
    both = await asyncio.gather(
        world.room.agree(by, job.id, NOW), world.room.decline(by, job.id, NOW), return_exceptions=True
    )
    assert sorted(isinstance(each, NotEntitled) for each in both) == [False, True]
    with pytest.raises(NotEntitled):
        await world.room.agree(by, job.id, NOW)


@pytest.mark.requires("MANDATES-P29")
async def test_who_declined_is_left_alone_for_a_while(database: Database) -> None:
    world = await handing(database)
    edge = await world.client(1)
    job = await world.proposed()
    assert (await world.room.decline(await world.theirs(), job.id, NOW)).state is JobState.DECLINED
    assert not await world.jobs.round()
    assert await world.asked(edge.principal) == []
    assert await refused(world) == "too-often"
    later = NOW + HAND_OVER_DECLINED.period
    assert (await world.room.propose(await world.mine(now=later), world.second, later)).first == world.first


@pytest.mark.requires("MANDATES-P29")
async def test_proposals_are_bounded_however_they_end(database: Database) -> None:
    world = await handing(database)
    for _ in range(HANDING_OVER.most):
        job = await world.proposed()
        await world.room.stop(await world.mine(), job.id, NOW)
    assert await refused(world) == "too-often"


@pytest.mark.requires("MANDATES-P29")
async def test_a_client_who_declined_is_not_asked_again_and_is_named_by_no_reason(database: Database) -> None:
    world = await handing(database)
    edge = await world.client(1)
    await world.done()
    [asked] = await world.asked(edge.principal)
    client = Actor(party=edge.principal, level=Level.SUBSTANTIAL)
    await world.house.voluntary.end(client, asked.id, asked.version, NOW)
    again = await world.done()
    assert (again.done, await world.whys(again)) == (0, ["ask-first"])
    assert len(await world.asked(edge.principal)) == 1


# -- jobs of others ------------------------------------------------------------------------------------------


async def test_only_the_two_see_it_and_each_does_what_is_theirs(database: Database) -> None:
    world = await handing(database)
    third = await firm(world.house, UNKNOWN)
    told(world, third, NOOR)
    job, stranger = await world.proposed(), await world.steward(NOOR, third)
    for by, act in (
        (stranger, world.room.agree),
        (stranger, world.room.decline),
        (stranger, world.room.stop),
        (await world.mine(), world.room.agree),
        (await world.mine(), world.room.decline),
    ):
        with pytest.raises(NotEntitled, match="not-yours"):
            await act(by, job.id, NOW)
    with pytest.raises(NotEntitled, match="not-now"):
        await world.room.stop(await world.theirs(), job.id, NOW)  # what they did not agree to yet
    with pytest.raises(NotEntitled, match="not-yours"):
        await world.room.agree(await world.theirs(), JobId(UUID(int=9)), NOW)
    assert await world.room.waiting(stranger, NOW) == ()
    with pytest.raises(NotEntitled):
        await world.jobs.own(Actor(party=world.first, level=Level.HIGH), job.id)


# -- what it asks --------------------------------------------------------------------------------------------


async def test_below_the_level_at_which_it_is_administered_nobody_is_asked(database: Database) -> None:
    world = await handing(database)
    high = replace(RETURNS, representation=b.rules(administer=Level.HIGH))
    world.house.offered.services[:] = [high, CARE]
    edge = await world.client(1)
    for mine, theirs in ((Level.SUBSTANTIAL, Level.HIGH), (Level.HIGH, Level.SUBSTANTIAL)):
        job = await world.room.propose(await world.mine(mine), world.second, NOW)
        running = await world.room.agree(await world.theirs(theirs), job.id, NOW)
        over = await world.finish(running)
        assert await world.whys(over) == ["level-too-low"]
    assert await world.asked(edge.principal) == []


@pytest.mark.requires("MANDATES-P30")
async def test_of_who_is_not_asked_one_word_is_kept_whatever_it_is(database: Database) -> None:
    world = await handing(database)
    house, know = world.house, world.house.voluntary.mandates.know
    dead, child, guarded, held = (b.party_id(each) for each in range(2_001, 2_005))
    hides, both = house.ids[NOOR], await firm(house, UNKNOWN)
    told(world, both, PIETER)
    principals = (dead, child, guarded, held, hides, both)
    kinds = (*[EdgeKind.VOLUNTARY] * 5, EdgeKind.INTERMEDIARY)
    edges = [
        await world.client(each, principal=one, kind=kind)
        for each, (one, kind) in enumerate(zip(principals, kinds, strict=True))
    ]
    await know(
        b.person(dead, standing=Standing.DECEASED, since=NOW - b.DAY, told_at=NOW),
        b.person(child, born=BirthDate.parse("2015-01-01"), told_at=NOW),
        b.person(guarded, standing=Standing.UNDER_GUARDIANSHIP, since=NOW - b.DAY, told_at=NOW),
        now=NOW,
    )
    house.register.people[NOOR] = registered(NOOR, birth_date=b.GROWN, address_secret=True)
    await world.client(50, principal=held, agent=world.second)
    over = await world.done()
    assert await world.whys(over) == ["ask-first"] * len(edges)
    assert [len(await world.asked(each)) for each in principals] == [0, 0, 0, 1, 0, 0]
    assert {await world.state(each) for each in edges} == {State.ACTIVE}


async def test_it_goes_no_further_once_who_agreed_may_not_any_more(database: Database) -> None:
    world = await handing(database)
    edge = await world.client(1)
    job = await world.agreed()
    told(world, world.second, NOOR)
    over = await world.finish(job)
    assert (over.state, over.done) == (JobState.STOPPED, 0)
    assert await world.asked(edge.principal) == []


async def test_a_silent_register_makes_it_wait(database: Database) -> None:
    world = await handing(database)
    await world.client(1)
    job = await world.agreed()
    world.house.courts.told[world.second] = NOT_ASKED
    with pytest.raises(Unavailable):
        await world.jobs.step(job)
    told(world, world.second, PIETER)
    assert (await world.finish(await world.jobs.find(job.id))).done == 1


async def test_a_typed_number_tells_nothing_of_who_was_asked(database: Database) -> None:
    world = await handing(database)
    sanne, scope = world.house.ids[SANNE], (Scope.of_service(RETURNS.id),)
    told(world, world.first, NOOR)
    await world.client(1, principal=sanne)
    job = await world.room.propose(await world.steward(NOOR, world.first), world.second, NOW)
    await world.finish(await world.room.agree(await world.theirs(), job.id, NOW))
    [asked] = await world.asked(sanne)
    assert asked.terms.scopes == scope
    asker = Actor(party=world.second, level=Level.SUBSTANTIAL, by=world.house.ids[PIETER])
    finding = world.house.voluntary.finding
    wanted = replace(proposal(), to_organisation=True)
    told_of = []
    for number in (SANNE, NOBODY):
        found = await finding.by_number(world.second, Typed(bsn=number, born=b.GROWN), NOW)
        made = await world.house.voluntary.request(asker, found, wanted, NOW)
        told_of.append((made.state, made.agent, await world.house.voluntary.hint(made, NOW)))
        assert made.nobody == found.nobody
    assert [each[:2] for each in told_of] == [(State.REQUESTED, world.second)] * 2
