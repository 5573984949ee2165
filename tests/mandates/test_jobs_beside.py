"""Work on many mandates beside other such work: what one waits for, or is wrong with it, is no other's."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import NOOR, PIETER, SANNE, Courts, People, people
from tests.mandates.merging import Merging, merging
from tests.mandates.two_firms import NOW, jobs_over
from tests.means.bureau import Register
from toegang.catalogue.representation import Power
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates import everything
from toegang.mandates import jobs as jobs_module
from toegang.mandates.acting import Actor
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.everything import Everything
from toegang.mandates.job import Job, JobId, JobKind, JobState
from toegang.mandates.jobs import Jobs
from toegang.mandates.law import NOT_ASKED, NOTHING_TOLD, Law
from toegang.mandates.party import PartyId
from toegang.mandates.walks import WAITS
from toegang.mandates.why import Why
from toegang.registers.population import Registered
from toegang.storage import Database
from toegang.storage.mandate_jobs import JobTable


async def unreadable(world: Merging, second: PartyId) -> Job:
    """Keep a job, ordered before others, whose reason is a word that nobody knows any more."""
    job = Job(
        id=JobId(world.jobs.ids.uuid()),
        kind=JobKind.END_EVERYTHING,
        first=world.house.ids[SANNE],
        second=second,
        by=str(world.house.ids[SANNE]),
        ground="a word of another version",
        created=NOW,
    )
    async with world.house.database.begin() as unit:
        assert await world.jobs.store.add(unit, job)
    return job


async def test_one_that_cannot_be_done_keeps_no_other_from_going_on(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    world = await merging(database)
    edge = await world.client(1)
    bad = await unreadable(world, world.into)
    job = await world.order()
    await world.jobs.round()
    assert (await world.jobs.find(job.id)).state is JobState.DONE
    assert await world.state(edge) is State.SUPERSEDED
    assert await world.jobs.find(bad.id) == bad
    assert "mandate-job:trouble" in "".join(capsys.readouterr())


async def test_however_many_wait_the_next_has_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "AT_ONCE", 2)
    world = await merging(database)
    edge = await world.client(1)
    for second in (world.into, world.gone, world.house.ids[SANNE]):
        await unreadable(world, second)
    job = await world.order()
    await world.jobs.round()
    assert (await world.jobs.find(job.id)).state is JobState.DONE
    assert await world.state(edge) is State.SUPERSEDED


class JustOver(JobTable):
    """A store in which whatever is in the way of a new job ends at that very moment."""

    async def running_like(self, job: Job) -> Job | None:
        found = await super().running_like(job)
        if found is not None:
            async with self.database.begin() as unit:
                assert await self.advance(unit, found.over_as(JobState.DONE, NOW))
        return await super().running_like(job)


async def test_an_order_while_an_equal_one_just_ends_is_kept(database: Database) -> None:
    world = await merging(database)
    first = await world.order()
    jobs = replace(world.jobs, store=JustOver(database))
    second = await jobs.transfer(world.both, "command:officer", "FUS-2027-0003", NOW)
    assert second.id != first.id
    assert await world.jobs.find(second.id) == second


class Unreadable(Register):
    """A register of people that answers about some in no form that was agreed."""

    odd: frozenset[Bsn] = frozenset()

    async def find(self, bsn: Bsn) -> Registered | None:
        if bsn in self.odd:
            message = "answered in another form than agreed"
            raise Unavailable(message)
        return await super().find(bsn)


@pytest.mark.parametrize("odd", [{SANNE}, {PIETER}, {SANNE, PIETER}])
async def test_one_about_whom_alone_a_register_is_silent_is_in_nobodys_way(
    database: Database, odd: set[Bsn]
) -> None:
    world = await merging(database)
    edges = {
        bsn: await world.client(each, principal=world.house.ids[bsn])
        for each, bsn in enumerate((SANNE, PIETER, NOOR))
    }
    register = Unreadable(world.house.register.people)
    register.odd = frozenset(odd)
    job, jobs = await world.order(), asked_of(world, register)
    while job.state is JobState.RUNNING:
        job = await jobs.step(job) or await jobs.find(job.id)
    assert (job.done, job.refused) == (3 - len(odd), len(odd))
    assert set(await world.whys(job)) == {Why.REGISTER_SILENT}
    stay = {bsn for bsn, edge in edges.items() if await world.state(edge) is State.ACTIVE}
    assert stay == odd


async def test_a_register_that_is_silent_about_all_is_waited_for(database: Database) -> None:
    world = await merging(database)
    for each, bsn in enumerate((SANNE, PIETER)):
        await world.client(each, principal=world.house.ids[bsn])
    await world.client(9)
    register = Unreadable(world.house.register.people)
    register.odd = frozenset({SANNE, PIETER, NOOR})
    job = await world.order()
    with pytest.raises(Unavailable):
        await asked_of(world, register).step(job)
    assert (await world.jobs.find(job.id)).refused == 0


def asked_of(world: Merging, register: Register) -> Jobs:
    """Return the jobs, asking another register of people."""
    finding = replace(world.house.voluntary.finding, population=register)
    return replace(world.jobs, transferring=replace(world.jobs.transferring, finding=finding))


# -- in another's name, by registers -------------------------------------------------------------------------


async def ordered(database: Database, monkeypatch: pytest.MonkeyPatch) -> tuple[People, Jobs, Job, Edge]:
    """Let Noor, who decides for Sanne by order of a court, end all that Sanne gave Pieter; one is left."""
    monkeypatch.setattr(everything, "FIRST", 1)
    monkeypatch.setattr(everything, "AT_A_TIME", 1)
    house = await people(database)
    sanne, pieter, noor = (house.ids[each] for each in (SANNE, PIETER, NOOR))
    edges = [b.edge(id=EdgeId(UUID(int=each)), principal=sanne, agent=pieter) for each in (7_001, 7_002)]
    async with database.begin() as unit:
        for edge in edges:
            assert await house.voluntary.mandates.edges.add(unit, edge)
    house.courts.told[sanne] = replace(NOTHING_TOLD, links=(b.law(principal=sanne, agent=noor),))
    jobs = jobs_over(house, database)
    actor = Actor(party=sanne, level=edges[0].terms.level, by=noor)
    job = await jobs.end_everything(actor, pieter, None, NOW)
    assert job is not None
    assert job.done == 1
    return house, jobs, job, edges[1]


NOT_TOLD = {
    "silent": NOT_ASKED,
    "crowded": replace(NOTHING_TOLD, crowded=True),
    "in part": replace(NOTHING_TOLD, partly=frozenset({PartyId(UUID(int=1))})),
}


@pytest.mark.parametrize("what", NOT_TOLD)
async def test_what_somebody_ends_in_anothers_name_waits_for_a_register_that_does_not_tell(
    database: Database, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    house, jobs, job, left = await ordered(database, monkeypatch)
    sanne = house.ids[SANNE]
    told = house.courts.told[sanne]
    house.courts.told[sanne] = untold(NOT_TOLD[what], sanne)
    with pytest.raises(Unavailable):
        await jobs.step(job)
    assert await jobs.find(job.id) == job
    house.courts.told[sanne] = told
    after = await jobs.step(job)
    assert after is not None
    assert (after.done, after.refused) == (2, 0)
    ended = await house.voluntary.mandates.edges.find(left.id)
    assert ended is not None
    assert ended.state is State.REVOKED


async def test_the_first_end_at_once_although_others_are_asked_about_later(database: Database) -> None:
    house = await people(database)
    sanne, pieter, noor = (house.ids[each] for each in (SANNE, PIETER, NOOR))
    edge = b.edge(principal=sanne, agent=pieter)
    async with database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, edge)
    house.courts.told[sanne] = replace(NOTHING_TOLD, links=(b.law(principal=sanne, agent=noor),))
    crowded = Courts(told={sanne: replace(NOTHING_TOLD, crowded=True)})
    jobs = jobs_over(house, database)
    later = Everything(voluntary=replace(house.voluntary, laws=crowded))
    actor = Actor(party=sanne, level=edge.terms.level, by=noor)
    assert await replace(jobs, everything=later).end_everything(actor, pieter, None, NOW) is None
    ended = await house.voluntary.mandates.edges.find(edge.id)
    assert ended is not None
    assert ended.state is State.REVOKED


async def test_it_waits_for_a_day_and_not_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, jobs, job, _ = await ordered(database, monkeypatch)
    house.courts.told[house.ids[SANNE]] = NOT_ASKED
    after = await replace(jobs, clock=FixedClock(NOW + WAITS)).step(job)
    assert after is not None
    assert (after.done, after.refused) == (1, 1)


async def test_who_may_not_any_more_is_not_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, jobs, job, _ = await ordered(database, monkeypatch)
    house.courts.told[house.ids[SANNE]] = NOTHING_TOLD
    after = await jobs.step(job)
    assert after is not None
    assert (after.done, after.refused) == (1, 1)


async def test_what_is_not_theirs_to_see_is_not_counted_among_what_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, jobs, job, left = await ordered(database, monkeypatch)
    mine = replace(job, over=frozenset({Power.PERSONAL_CARE}), version=2)
    async with database.begin() as unit:
        assert await jobs.store.advance(unit, mine)
    after = await jobs.step(mine)
    assert after is not None
    assert (after.done, after.refused) == (1, 0)
    assert await house.voluntary.mandates.edges.find(left.id) == left


def untold(law: Law, party: PartyId) -> Law:
    """Return it about somebody."""
    return replace(law, partly=frozenset({party})) if law.partly else law
