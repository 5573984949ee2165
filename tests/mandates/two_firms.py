"""Two firms, the clients of the first, and the jobs over a database: what every kind of job is tried on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.giving_people import RETURNS, People
from toegang.audit.event import Event
from toegang.clock import FixedClock
from toegang.ids import SystemIds
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.everything import Everything
from toegang.mandates.handing_over import HandingOver
from toegang.mandates.job import Job, JobState
from toegang.mandates.jobs import Jobs
from toegang.mandates.party import PartyId
from toegang.mandates.reasons import Reasons
from toegang.mandates.scope import Scope
from toegang.mandates.stores import Laws
from toegang.mandates.teams import Teams
from toegang.mandates.transferring import Transferring
from toegang.storage import Database
from toegang.storage.mandate_jobs import ClientTable, JobTable
from toegang.storage.teams import TeamTable
from toegang.storage.trail import TrailTables

NOW = b.NOW


@dataclass
class TwoFirms:
    """The two, everybody around them, and the jobs; `by_employees` is whether who works there acts too."""

    house: People
    jobs: Jobs
    first: PartyId
    second: PartyId

    by_employees: ClassVar[Substitution] = Substitution.EMPLOYEES

    async def client(self, number: int, **changes: Any) -> Edge:  # noqa: ANN401 any field of the edge
        """Let somebody, whom no register of people knows, have let the first firm act for them."""
        principal = changes.get("principal", b.party_id(1_000 + number))
        mandates = self.house.voluntary.mandates
        if principal not in await mandates.parties.of((principal,)):
            await mandates.know(b.person(principal), now=NOW)
        usual = {
            "id": EdgeId(UUID(int=5_000 + number)),
            "principal": principal,
            "agent": self.first,
            "initiator": principal,
            "terms": b.terms(scopes=(Scope.of_service(RETURNS.id),), substitution=self.by_employees),
        }
        edge = b.edge(**usual | changes)
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, edge)
        return edge

    async def finish(self, job: Job, jobs: Jobs | None = None, stretch: int = 1000) -> Job:
        """Do all of a job."""
        while job.state is JobState.RUNNING:
            worker = replace(jobs or self.jobs, stretch=stretch)
            job = await worker.step(job) or await self.jobs.find(job.id)
        return job

    async def at(self, edge: Edge) -> Edge:
        found = await self.house.voluntary.mandates.edges.find(edge.id)
        assert found is not None
        return found

    async def state(self, edge: Edge) -> State:
        return (await self.at(edge)).state

    async def new(self, principal: PartyId) -> list[Edge]:
        """Return what is between somebody and the second firm."""
        return list(await self.house.voluntary.mandates.edges.between(principal, self.second))

    async def whys(self, job: Job) -> list[str]:
        return [why for _, why in await self.jobs.refusals(job.id)]


def jobs_over(house: People, database: Database, laws: Laws | None = None) -> Jobs:
    """Return the jobs over a database that may crash; `laws` are asked instead of those of the house."""
    voluntary = replace(house.voluntary, mandates=door(database))
    clients, ids = ClientTable(database), SystemIds()
    store, laws = JobTable(database), laws or house.courts
    transferring = Transferring(
        mandates=voluntary.mandates,
        telling=voluntary.telling,
        services=house.offered,
        laws=laws,
        finding=voluntary.finding,
        clients=clients,
    )
    teams = Teams(mandates=voluntary.mandates, kept=TeamTable(database), laws=laws, services=house.offered)
    return Jobs(
        units=database.units(),
        trail=TrailTables(database=database, ids=ids),
        ids=ids,
        clock=FixedClock(NOW),
        store=store,
        clients=clients,
        at_once=Everything(voluntary=voluntary),
        everything=Everything(voluntary=voluntary),
        transferring=transferring,
        handing_over=HandingOver(voluntary=voluntary, transferring=transferring, teams=teams, store=store),
        reasons=Reasons(voluntary=voluntary, trail=TrailTables(database=database, ids=ids)),
    )


async def recorded(database: Database, job: Job) -> list[Event]:
    """Return what the trail has of a job."""
    trail = TrailTables(database=database, ids=SystemIds())
    return [each.event for each in await trail.by_reference(str(job.id))]
