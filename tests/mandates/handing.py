"""Two firms, of Sanne and of Pieter, and the clients of the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.hostile.test_l19_in_another_name import ANCHOR, KOMPAS, director, firm
from tests.mandates import builders as b
from tests.mandates.giving_people import PIETER, RETURNS, SANNE, People, people
from tests.mandates.merging import jobs_over
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.handing_over import HandingOver
from toegang.mandates.job import Job, JobState
from toegang.mandates.jobs import Jobs
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.mandates.teams import Steward
from toegang.storage import Database

NOW = b.NOW


@dataclass
class Handing:
    """The two firms, everybody around them, and the jobs."""

    house: People
    jobs: Jobs
    first: PartyId
    second: PartyId

    @property
    def room(self) -> HandingOver:
        return self.jobs.handing_over

    async def steward(
        self, bsn: Bsn, organisation: PartyId, level: Level = Level.SUBSTANTIAL, now: datetime = NOW
    ) -> Steward:
        return await self.room.teams.steward(self.house.ids[bsn], organisation, level, now)

    async def mine(self, level: Level = Level.SUBSTANTIAL, now: datetime = NOW) -> Steward:
        """Return Sanne for the first firm."""
        return await self.steward(SANNE, self.first, level, now)

    async def theirs(self, level: Level = Level.SUBSTANTIAL, now: datetime = NOW) -> Steward:
        """Return Pieter for the second firm."""
        return await self.steward(PIETER, self.second, level, now)

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
            "kind": EdgeKind.VOLUNTARY,
            "terms": b.terms(scopes=(Scope.of_service(RETURNS.id),), substitution=Substitution.EMPLOYEES),
        }
        edge = b.edge(**usual | changes)
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, edge)
        return edge

    async def proposed(self) -> Job:
        return await self.room.propose(await self.mine(), self.second, NOW)

    async def agreed(self) -> Job:
        job = await self.proposed()
        return await self.room.agree(await self.theirs(), job.id, NOW)

    async def finish(self, job: Job, jobs: Jobs | None = None, stretch: int = 1000) -> Job:
        while job.state is JobState.RUNNING:
            worker = replace(jobs or self.jobs, stretch=stretch)
            job = await worker.step(job) or await self.jobs.find(job.id)
        return job

    async def done(self) -> Job:
        return await self.finish(await self.agreed())

    async def asked(self, principal: PartyId) -> list[Edge]:
        """Return what somebody was asked to give the second firm."""
        return list(await self.house.voluntary.mandates.edges.between(principal, self.second))

    async def state(self, edge: Edge) -> State:
        found = await self.house.voluntary.mandates.edges.find(edge.id)
        assert found is not None
        return found.state

    async def whys(self, job: Job) -> list[str]:
        return [why for _, why in await self.jobs.refusals(job.id)]


async def handing(database: Database) -> Handing:
    """Open it: Sanne directs the first firm, Pieter the second."""
    house = await people(database)
    first, second = await firm(house, KOMPAS), await firm(house, ANCHOR)
    for party, bsn in ((first, SANNE), (second, PIETER)):
        links = (director(party, house.ids[bsn]),)
        house.courts.told[party] = replace(NOTHING_TOLD, links=links)
    return Handing(house, jobs_over(house, database), first, second)
