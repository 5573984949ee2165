"""Handing clients over: proposed, agreed to, and asked of each; nobody gets authority by it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from tests.faults import Crash, Faults, FaultyDatabase
from tests.mandates import builders as b
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE
from tests.mandates.handing import handing
from tests.mandates.two_firms import NOW, jobs_over, recorded
from toegang.audit.event import Personal
from toegang.audit.events import MandateJobAgreed, MandateJobEnded, MandateJobProposed
from toegang.catalogue.representation import EdgeKind, LimitKind
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.edge import State, Substitution
from toegang.mandates.job import ANSWERED_WITHIN, JobState
from toegang.mandates.jobs import KEPT
from toegang.mandates.scope import EVERYTHING, Restriction, Scope
from toegang.post.texts import SmsPurpose
from toegang.storage import Database


async def test_nothing_is_asked_before_the_other_agrees_and_each_client_then(database: Database) -> None:
    world = await handing(database)
    edges = [await world.client(each) for each in range(3)]
    job = await world.proposed()
    assert not await world.jobs.round()
    assert await world.asked(edges[0].principal) == []
    assert [each.id for each in await world.room.waiting(await world.theirs(), NOW)] == [job.id]
    running = await world.room.agree(await world.theirs(), job.id, NOW)
    assert (running.state, running.total) == (JobState.RUNNING, 3)
    over = await world.finish(running)
    assert (over.state, over.done, over.refused) == (JobState.DONE, 3, 0)
    for edge in edges:
        [asked] = await world.asked(edge.principal)
        assert (asked.state, asked.initiator, asked.kind) == (State.REQUESTED, world.second, edge.kind)
        assert asked.terms.within(replace(edge.terms, from_=asked.terms.from_))
        assert await world.state(edge) is State.ACTIVE
    kinds = [type(each) for each in await recorded(database, job)]
    assert kinds == [MandateJobProposed, MandateJobAgreed, MandateJobEnded]
    assert await world.room.waiting(await world.theirs(), NOW) == ()


@pytest.mark.requires("MANDATES-P30")
async def test_who_may_agree_is_told_that_it_waits_and_nobody_else(database: Database) -> None:
    world = await handing(database)
    room, pieter, noor = world.room, world.house.ids[PIETER], world.house.ids[NOOR]
    everything = b.terms(scopes=(EVERYTHING,), grants=True)
    staff = {"principal": world.second, "kind": EdgeKind.STAFF, "initiator": world.second}
    await world.client(1, **staff, agent=noor, terms=everything)
    only_works = replace(everything, grants=False)
    await world.client(2, **staff, agent=world.house.ids[SANNE], terms=only_works)
    job = await world.proposed()
    told = [each for each in await world.house.notices() if each[0] == SmsPurpose.MANDATE_OFFERED]
    assert sorted(told) == sorted((SmsPurpose.MANDATE_OFFERED.value, each) for each in (pieter, noor))
    for each in (pieter, noor):
        assert [one.id for one in await room.waiting_for(each, NOW)] == [job.id]
        assert await room.waiting_for(each, NOW + ANSWERED_WITHIN) == ()
    assert await room.waiting_for(world.house.ids[SANNE], NOW) == ()
    await room.decline(await world.theirs(), job.id, NOW)
    assert await room.waiting_for(pieter, NOW) == ()
    await world.jobs.sweep(NOW + KEPT + timedelta(days=1))
    kept = await database.one("SELECT COUNT(*) FROM mandate_job_told", {})
    assert kept is not None
    assert kept[0] == 0


async def test_who_agreed_takes_it_back_and_nobody_is_asked_any_more(database: Database) -> None:
    world = await handing(database)
    edges = [await world.client(each) for each in range(3)]
    job = await world.proposed()
    with pytest.raises(NotEntitled, match="not-now"):
        await world.room.stop(await world.theirs(), job.id, NOW)
    running = await world.room.agree(await world.theirs(), job.id, NOW)
    assert [each.id for each in await world.room.agreed_to(await world.theirs())] == [job.id]
    after = await replace(world.jobs, stretch=1).step(running)
    assert after is not None
    over = await world.room.stop(await world.theirs(), job.id, NOW)
    assert over.state is JobState.STOPPED
    assert await world.jobs.step(after) is None, "who worked on it is past nothing any more"
    assert sum([len(await world.asked(each.principal)) for each in edges]) == 1
    assert await world.room.agreed_to(await world.theirs()) == ()
    with pytest.raises(NotEntitled, match="not-now"):
        await world.room.stop(await world.theirs(), job.id, NOW)


@pytest.mark.parametrize(("act", "who"), [("stop", SANNE), ("stop", PIETER), ("decline", PIETER)])
async def test_the_trail_says_who_of_the_two_ended_it(database: Database, act: str, who: Bsn) -> None:
    world = await handing(database)
    job = await (world.proposed() if act == "decline" else world.agreed())
    first = who is SANNE
    await getattr(world.room, act)(await (world.mine() if first else world.theirs()), job.id, NOW)
    over = (await recorded(database, job))[-1]
    assert isinstance(over, MandateJobEnded)
    assert over.ender == Personal.of(world.house.ids[who])


async def test_the_same_is_asked_and_in_no_respect_more(database: Database) -> None:
    world = await handing(database)
    terms = b.terms(
        scopes=(Scope.of_service(RETURNS.id), Scope.of_service(CARE.id)),
        until=NOW + timedelta(days=5_000),
        restriction=Restriction(most=10_000),
        substitution=Substitution.ONE_LEVEL,
    )
    assert terms.restriction.kinds <= set(LimitKind)
    edge = await world.client(1, terms=terms)
    await world.done()
    [asked] = await world.asked(edge.principal)
    assert asked.terms.within(replace(terms, from_=asked.terms.from_))
    assert asked.terms.restriction == terms.restriction
    assert set(asked.terms.scopes) == set(terms.scopes)
    assert asked.terms.until < terms.until, "as long as is admitted now"


async def test_who_agrees_sees_no_client_before_that_client_approves(database: Database) -> None:
    world = await handing(database)
    edge = await world.client(1)
    await world.done()
    [asked] = await world.asked(edge.principal)
    door = world.house.voluntary
    assert await door.hint(asked, NOW) == ""
    client = Actor(party=edge.principal, level=b.edge().terms.level)
    made = await door.agree(client, asked.id, asked.version, NOW)
    assert made.state is State.ACTIVE
    assert await door.hint(made, NOW) is None
    assert await world.state(edge) is State.ACTIVE, "the first keeps what it has"


async def test_broken_off_at_any_point_each_is_asked_once(database: Database) -> None:
    world = await handing(database)
    edges = [await world.client(each) for each in range(2)]
    edges.append(await world.client(9, kind=EdgeKind.PROXY))
    job = await world.agreed()
    for at in count(3, 7):
        faulty = FaultyDatabase(database, faults := Faults(at))
        with suppress(Crash):
            await world.finish(await world.jobs.find(job.id), jobs_over(world.house, faulty), stretch=1)
        if not faults.happened:
            break
    over = await world.finish(await world.jobs.find(job.id))
    assert (over.state, over.done, over.refused) == (JobState.DONE, 2, 1)
    assert [len(await world.asked(each.principal)) for each in edges] == [1, 1, 0]


async def test_what_ended_meanwhile_is_not_asked_for(database: Database) -> None:
    world = await handing(database)
    edges = [await world.client(each) for each in range(3)]
    job = await world.agreed()
    for edge, actor in ((edges[0], edges[0].principal), (edges[1], world.first)):
        by = None if actor == edge.principal else (await world.mine()).party
        ending = Actor(party=actor, level=b.edge().terms.level, by=by)
        await world.house.voluntary.end(ending, edge.id, edge.version, NOW)
    over = await world.finish(job)
    assert (over.done, over.refused) == (1, 0)
    assert [len(await world.asked(each.principal)) for each in edges] == [0, 0, 1]


async def test_it_is_stopped_by_who_proposed_it_waiting_or_running(database: Database) -> None:
    world = await handing(database)
    edges = [await world.client(each) for each in range(3)]
    job = await world.proposed()
    assert (await world.room.stop(await world.mine(), job.id, NOW)).state is JobState.STOPPED
    with pytest.raises(NotEntitled):
        await world.room.agree(await world.theirs(), job.id, NOW)
    job = await world.agreed()
    await replace(world.jobs, stretch=1).step(job)
    await world.room.stop(await world.mine(), job.id, NOW)
    assert not await world.jobs.round()
    assert sum([len(await world.asked(each.principal)) for each in edges]) == 1


async def test_what_nobody_answers_lapses_by_its_date_and_another_may_be_proposed(database: Database) -> None:
    world = await handing(database)
    job, later = await world.proposed(), NOW + ANSWERED_WITHIN
    assert await world.room.waiting(await world.theirs(), later) == ()
    with pytest.raises(NotEntitled, match="not-now"):
        await world.room.agree(await world.theirs(now=later), job.id, later)
    again = await world.room.propose(await world.mine(now=later), world.second, later)
    kept = await world.jobs.find(job.id)
    assert (kept.state, again.state) == (JobState.LAPSED, JobState.PROPOSED)
    await world.jobs.sweep(later + KEPT + timedelta(days=1))
    assert await world.jobs.store.find(job.id) is None
    assert await world.jobs.store.find(again.id) is None
