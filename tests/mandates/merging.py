"""A firm that merged into another, its clients, and the jobs over a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.giving_people import RETURNS, People, people
from tests.mandates.legal.facts import organisation as registered
from toegang.audit.event import Event
from toegang.clock import FixedClock
from toegang.identity.numbers import KvkNumber
from toegang.ids import SystemIds
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.everything import Everything
from toegang.mandates.handing_over import HandingOver
from toegang.mandates.job import Job
from toegang.mandates.jobs import Jobs
from toegang.mandates.party import PartyId
from toegang.mandates.reasons import Reasons
from toegang.mandates.scope import Scope
from toegang.mandates.stores import Laws
from toegang.mandates.teams import Teams
from toegang.mandates.transferring import Transferring
from toegang.registers.organisations import Standing
from toegang.storage import Database
from toegang.storage.mandate_jobs import ClientTable, JobTable
from toegang.storage.teams import TeamTable
from toegang.storage.trail import TrailTables

NOW = b.NOW
GONE, INTO, THIRD = (KvkNumber.parse(f"9000009{each}") for each in range(3))
BY, GROUND = "command:officer", "FUS-2027-0003"
MERGED = registered(GONE, standing=Standing.MERGED, standing_since=date(2027, 1, 1), into=INTO)
ACTIVE = registered(INTO)


@dataclass
class Merging:
    """The two firms, everybody around them, and the jobs."""

    house: People
    jobs: Jobs
    gone: PartyId
    into: PartyId
    both: tuple[KvkNumber, KvkNumber]

    async def client(self, number: int, **changes: Any) -> Edge:  # noqa: ANN401 any field of the edge
        """Let somebody, whom no register of people knows, have let the first firm act for them."""
        principal = changes.get("principal", b.party_id(1_000 + number))
        mandates = self.house.voluntary.mandates
        if principal not in await mandates.parties.of((principal,)):
            await mandates.know(b.person(principal), now=NOW)
        usual = {
            "id": EdgeId(UUID(int=5_000 + number)),
            "principal": principal,
            "agent": self.gone,
            "initiator": principal,
            "terms": b.terms(scopes=(Scope.of_service(RETURNS.id),)),
        }
        edge = b.edge(**usual | changes)
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, edge)
        return edge

    async def order(self) -> Job:
        return await self.jobs.transfer(self.both, BY, GROUND, NOW)

    async def done(self, stretch: int = 1000) -> Job:
        """Order it, and do all of it."""
        job = await self.order()
        while job.state.value == "running":
            after = await replace(self.jobs, stretch=stretch).step(job)
            assert after is not None
            job = after
        return job

    async def at(self, edge: Edge) -> Edge:
        found = await self.house.voluntary.mandates.edges.find(edge.id)
        assert found is not None
        return found

    async def state(self, edge: Edge) -> State:
        return (await self.at(edge)).state

    async def new(self, principal: PartyId) -> list[Edge]:
        """Return what somebody has with the firm that is there now."""
        return list(await self.house.voluntary.mandates.edges.between(principal, self.into))

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


async def merging(database: Database, both: tuple[KvkNumber, KvkNumber] = (GONE, INTO)) -> Merging:
    """Open it: the register says that the first firm merged into the second."""
    house = await people(database)
    gone, into = both
    house.firms.told |= {gone: replace(MERGED, kvk=gone, into=into), into: replace(ACTIVE, kvk=into)}
    met = await house.voluntary.finding.numbers.meet(both, NOW)
    return Merging(house, jobs_over(house, database), met[gone], met[into], both)


async def recorded(database: Database, job: Job) -> list[Event]:
    """Return what the trail has of a job."""
    trail = TrailTables(database=database, ids=SystemIds())
    return [each.event for each in await trail.by_reference(str(job.id))]
