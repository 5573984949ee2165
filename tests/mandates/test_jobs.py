"""Work on many mandates: done once whatever breaks off, and stopped and seen by whom it is for."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults import Crash, Faults, FaultyDatabase
from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, People, people
from tests.mandates.merging import Merging, merging
from tests.mandates.two_firms import NOW, jobs_over
from tests.volumes import volume
from toegang.catalogue.representation import EdgeKind
from toegang.errors import Crossed, NotEntitled
from toegang.identity.numbers import KvkNumber
from toegang.mandates import everything
from toegang.mandates.acting import Actor
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.job import Job, JobId, JobKind, JobState
from toegang.mandates.jobs import KEPT, Jobs
from toegang.mandates.reasons import Reason
from toegang.mandates.register import Mandates
from toegang.mandates.scope import Scope
from toegang.storage import Database
from toegang.storage.edges import EdgeTable

WHY = Reason.NOT_NEEDED
ROOT = Path(__file__).parents[2]

# -- whatever breaks off -------------------------------------------------------------------------------------

GOES, GOES_FOR_TWO, STAYS, HELD, STILL, OVER = "goes", "goes for two", "stays", "held", "still", "over"
KINDS = (GOES, GOES, GOES_FOR_TWO, STAYS, HELD, STILL, OVER)
BOTH = b.terms(scopes=(Scope.of_service(RETURNS.id), Scope.of_service(CARE.id)))


async def client(world: Merging, number: int, kind: str) -> Edge:
    if kind == GOES_FOR_TWO:
        return await world.client(number, terms=BOTH)
    if kind == STAYS:
        return await world.client(number, kind=EdgeKind.PROXY)
    if kind == STILL:
        return await world.client(number, state=State.SUSPENDED)
    if kind == OVER:
        return await world.client(number, terms=b.terms(until=NOW))
    edge = await world.client(number)
    if kind == HELD:
        await world.client(number + 50, principal=edge.principal, agent=world.into)
    return edge


async def came_of(world: Merging, edges: dict[int, Edge]) -> dict[int, tuple[State, int, int]]:
    """Return of each its state, its version, and how many its principal has with who took over."""
    found = {}
    for number, edge in edges.items():
        now = await world.at(edge)
        mine = [each for each in await world.new(edge.principal) if each.renews == edge.id]
        assert {each.state for each in mine} <= {edge.state}, "what stood still stands still"
        found[number] = (now.state, now.version, len(mine))
    return found


def expected(kinds: list[str]) -> tuple[list[tuple[State, int, int]], int, int]:
    goes, stays = (State.SUPERSEDED, 2, 1), (State.ACTIVE, 1, 0)
    became = {GOES: goes, GOES_FOR_TWO: goes, STILL: goes, STAYS: stays, HELD: stays, OVER: stays}
    one_by_one = [became[each] for each in kinds]
    return one_by_one, one_by_one.count(goes), sum(each in {STAYS, HELD} for each in kinds)


async def finished(jobs: Jobs, job: Job) -> Job:
    while job.state is JobState.RUNNING:
        after = await jobs.step(await jobs.find(job.id))
        job = after or await jobs.find(job.id)
    return job


async def broken_off(world: Merging, database: Database, job: Job, stretch: int, at: int) -> bool:
    """Go on with a job until its process ends at a point; tell whether it did."""
    faults = Faults(at)
    faulty = FaultyDatabase(database, faults)
    jobs = replace(jobs_over(world.house, faulty), stretch=stretch)
    with suppress(Crash):
        await finished(jobs, job)
    return faults.happened


async def played(database: Database, kinds: list[str], stretch: int, points: list[int]) -> None:
    offset = next(OFFSETS)
    firms = (KvkNumber.parse(f"91{offset:06}"), KvkNumber.parse(f"92{offset:06}"))
    world = await merging(database, firms)
    edges = {each: await client(world, offset * 100 + each, kind) for each, kind in enumerate(kinds)}
    job = await world.order()
    for at in points:
        await broken_off(world, database, job, stretch, at)
    over = await finished(replace(world.jobs, stretch=stretch), job)
    one_by_one, goes, stays = expected(kinds)
    assert [*(await came_of(world, edges)).values()] == one_by_one
    assert (over.state, over.done, over.refused) == (JobState.DONE, goes, stays)
    assert len(await world.jobs.refusals(job.id)) == stays


@pytest.mark.requires("MANDATES-P16", "MANDATES-P22")
@settings(max_examples=volume(12, 400), suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=6),
    st.integers(1, 8),
    st.lists(st.integers(1, 60), max_size=4),
)
def test_in_whatever_stretches_and_broken_off_wherever_it_comes_to_the_same(
    engines: Engines, kinds: list[str], stretch: int, points: list[int]
) -> None:
    async def play(mandates: Mandates) -> None:
        assert isinstance(mandates.edges, EdgeTable)
        await played(mandates.edges.database, kinds, stretch, points)

    engines.each(play)


async def test_broken_off_at_any_point_of_one_it_is_done_once(database: Database) -> None:
    for at in count(1):
        offset = next(OFFSETS)
        world = await merging(
            database, (KvkNumber.parse(f"93{offset:06}"), KvkNumber.parse(f"94{offset:06}"))
        )
        edge = await client(world, offset * 100, GOES)
        job = await world.order()
        happened = await broken_off(world, database, job, 1, at)
        over = await finished(world.jobs, job)
        assert (over.done, over.refused, (await world.at(edge)).version) == (1, 0, 2)
        assert len(await world.new(edge.principal)) == 1
        if not happened:
            break


def cross() -> None:
    """Have the store undo a unit, because others changed the same."""
    raise Crossed


async def test_what_the_store_undid_for_others_is_done_again_at_once(database: Database) -> None:
    world = await merging(database)
    edges = {each: await client(world, each, GOES) for each in range(3)}
    job = await world.order()
    for at in (9, 17, 31):
        jobs = jobs_over(world.house, FaultyDatabase(database, Faults(at, cross)))
        after = await jobs.step(await jobs.find(job.id))
        assert after is not None
    await finished(world.jobs, job)
    assert set((await came_of(world, edges)).values()) == {(State.SUPERSEDED, 2, 1)}


KILLED = """
import asyncio, os, signal, sys
from tests.faults import Faults, FaultyDatabase
from tests.mandates.merging import merging
from tests.mandates.two_firms import jobs_over
from toegang.storage import database_at

async def main(url, at):
    database = database_at(url)
    await database.open()
    world = await merging(database)
    faulty = FaultyDatabase(database, Faults(at, lambda: os.kill(os.getpid(), signal.SIGKILL)))
    while await jobs_over(world.house, faulty).round():
        pass

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def test_a_worker_that_is_killed_leaves_it_to_the_next_where_it_was(
    database: Database, make_database: Callable[[], Database]
) -> None:
    world = await merging(database)
    edges = {each: await client(world, each, kind) for each, kind in enumerate((*KINDS, GOES))}
    job = await world.order()
    for at in (20, 55):
        done = subprocess.run(  # noqa: ASYNC221 nothing else runs here meanwhile
            [sys.executable, "-c", KILLED, database.url, str(at)],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    between = await world.jobs.find(job.id)
    assert between.state is JobState.RUNNING
    assert between.done + between.refused > 0
    other = make_database()
    await other.open()
    assert not await jobs_over(world.house, other).round()
    one_by_one, goes, stays = expected([*KINDS, GOES])
    assert [*(await came_of(world, edges)).values()] == one_by_one
    over = await world.jobs.find(job.id)
    assert (over.state, over.done, over.refused) == (JobState.DONE, goes, stays)


async def test_of_two_workers_at_once_each_mandate_is_moved_by_one(
    database: Database, make_database: Callable[[], Database]
) -> None:
    world = await merging(database)
    edges = {each: await client(world, each, GOES) for each in range(8)}
    job = await world.order()
    other = make_database()
    await other.open()
    both = [world.jobs, jobs_over(world.house, other)]
    await asyncio.gather(*(finished(jobs, job) for jobs in both))
    assert set((await came_of(world, edges)).values()) == {(State.SUPERSEDED, 2, 1)}
    assert (await world.jobs.find(job.id)).done == len(edges)


# -- stopped -------------------------------------------------------------------------------------------------


async def test_a_job_is_stopped_between_two_for_good(database: Database) -> None:
    world = await merging(database)
    edges = [await client(world, each, GOES) for each in range(4)]
    job = await replace(world.jobs, stretch=2).step(await world.order())
    assert job is not None
    stopped = await world.jobs.stop(job.id, "command:officer", NOW)
    assert (stopped.state, stopped.done, stopped.ended) == (JobState.STOPPED, 2, NOW)
    assert await world.jobs.step(job) is None, "who still had it in hand goes no further"
    assert not await world.jobs.round()
    assert [await world.state(edge) for edge in edges].count(State.ACTIVE) == 2
    assert await world.jobs.stop(job.id, "command:officer", NOW) == stopped
    with pytest.raises(NotEntitled):
        await world.jobs.stop(JobId(UUID(int=9)), "command:officer", NOW)


async def test_what_ended_long_ago_is_forgotten_and_what_runs_never(database: Database) -> None:
    world = await merging(database)
    await client(world, 1, STAYS)
    job = await world.done()
    running = await world.order()
    await world.jobs.sweep(NOW + KEPT)
    assert await world.jobs.store.find(job.id) == job
    await world.jobs.sweep(NOW + KEPT + timedelta(seconds=1))
    assert await world.jobs.store.find(job.id) is None
    assert await world.jobs.refusals(job.id) == ()
    assert await world.jobs.store.find(running.id) == running


# -- everything with somebody --------------------------------------------------------------------------------


async def many(house: People, number: int) -> list[Edge]:
    """Let Sanne and Pieter have given each other so many mandates, some each way."""
    made, edges = [], house.voluntary.mandates.edges
    for each in range(number):
        both = (house.ids[SANNE], house.ids[PIETER])
        principal, agent = both if each % 3 else both[::-1]
        edge = b.edge(
            id=EdgeId(UUID(int=7_000 + each)), principal=principal, agent=agent, initiator=principal
        )
        async with house.database.begin() as unit:
            assert await edges.add(unit, edge)
        made.append(edge)
    return made


async def states(house: People, found: list[Edge]) -> list[State]:
    now = await house.voluntary.mandates.edges.of(edge.id for edge in found)
    return [now[edge.id].state for edge in found]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two be as many as somebody waits for."""
    monkeypatch.setattr(everything, "FIRST", 2)
    monkeypatch.setattr(everything, "AT_A_TIME", 2)


async def test_what_is_few_ends_at_once_and_leaves_no_job(database: Database) -> None:
    house = await people(database)
    found, jobs = await many(house, 5), jobs_over(house, database)
    assert await jobs.end_everything(house.actor(SANNE), house.ids[PIETER], WHY, NOW) is None
    assert set(await states(house, found)) == {State.REVOKED, State.RENOUNCED}
    assert await jobs.store.latest(5) == ()


@pytest.mark.usefixtures("few")
async def test_of_many_the_first_end_at_once_and_the_rest_by_itself(database: Database) -> None:
    house = await people(database)
    found, jobs = await many(house, 9), jobs_over(house, database)
    job = await jobs.end_everything(house.actor(SANNE), house.ids[PIETER], WHY, NOW)
    assert job is not None
    assert (job.done, job.state) == (2, JobState.RUNNING)
    assert (await states(house, found)).count(State.ACTIVE) == 7
    again = await jobs.end_everything(house.actor(SANNE), house.ids[PIETER], WHY, NOW)
    assert again is not None
    assert again.id == job.id
    later = b.edge(id=EdgeId(jobs.ids.uuid()), principal=house.ids[SANNE], agent=house.ids[PIETER])
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, later)
    while await replace(jobs, stretch=2).round():
        pass
    assert set(await states(house, found)) == {State.REVOKED, State.RENOUNCED}
    assert await states(house, [later]) == [State.ACTIVE], "what begins after the order is not ended by it"
    over = await jobs.own(house.actor(SANNE), job.id)
    assert (over.state, over.done, over.refused) == (JobState.DONE, 7, 0)
    ended = await house.voluntary.mandates.edges.of(edge.id for edge in found)
    assert {await jobs.reasons.read(each, house.ids[PIETER]) for each in ended.values()} == {WHY}


@pytest.mark.usefixtures("few")
async def test_only_who_ordered_it_sees_it(database: Database) -> None:
    house = await people(database)
    await many(house, 6)
    jobs = jobs_over(house, database)
    job = await jobs.end_everything(house.actor(SANNE), house.ids[PIETER], WHY, NOW)
    assert job is not None
    in_her_name = Actor(party=house.ids[SANNE], level=b.edge().terms.level, by=house.ids[NOOR])
    for other in (house.actor(PIETER), house.actor(NOOR), in_her_name):
        with pytest.raises(NotEntitled):
            await jobs.own(other, job.id)
    with pytest.raises(NotEntitled):
        await jobs.own(house.actor(SANNE), JobId(UUID(int=9)))
    world = await merging(database)
    merger = await world.order()
    with pytest.raises(NotEntitled):
        await jobs.own(Actor(party=world.gone, level=b.edge().terms.level), merger.id)


@pytest.mark.usefixtures("few")
async def test_who_may_not_any_more_ends_nothing_in_the_others_name(database: Database) -> None:
    house = await people(database)
    found, jobs = await many(house, 6), jobs_over(house, database)
    job = Job(
        id=JobId(jobs.ids.uuid()),
        kind=JobKind.END_EVERYTHING,
        first=house.ids[SANNE],
        second=house.ids[PIETER],
        by=str(house.ids[NOOR]),
        created=NOW,
    )
    async with house.database.begin() as unit:
        assert await jobs.store.add(unit, job)
    over = await finished(jobs, job)
    assert (over.done, over.refused) == (0, 6)
    assert set(await states(house, found)) == {State.ACTIVE}


@pytest.mark.usefixtures("few")
async def test_what_stays_while_somebody_waits_is_counted_with_the_rest(database: Database) -> None:
    house = await people(database)
    found, jobs = await many(house, 6), jobs_over(house, database)
    noor = Actor(party=house.ids[SANNE], level=b.edge().terms.level, by=house.ids[NOOR])
    job = await jobs.end_everything(noor, house.ids[PIETER], None, NOW)
    assert job is not None
    assert (job.done, job.refused, len(await jobs.refusals(job.id))) == (0, 2, 2)
    over = await finished(jobs, job)
    assert (over.done, over.refused) == (0, 6)
    assert {edge for edge, _ in await jobs.refusals(job.id)} == {each.id for each in found}
    assert set(await states(house, found)) == {State.ACTIVE}


@pytest.mark.usefixtures("few")
async def test_a_job_for_a_person_is_broken_off_as_any_other(database: Database) -> None:
    house = await people(database)
    found, jobs = await many(house, 6), jobs_over(house, database)
    job = await jobs.end_everything(house.actor(SANNE), house.ids[PIETER], WHY, NOW)
    assert job is not None
    for at in (9, 17, 30):
        faulty = FaultyDatabase(database, Faults(at))
        with suppress(Crash):
            await finished(jobs_over(house, faulty), job)
    over = await finished(jobs, job)
    assert over.done == len(found)
    assert set(await states(house, found)) == {State.REVOKED, State.RENOUNCED}
    now = await house.voluntary.mandates.edges.of(edge.id for edge in found)
    assert {each.version for each in now.values()} == {2}
