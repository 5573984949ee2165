"""Two firms, of Sanne and of Pieter, and the clients of the first, who are handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from tests.hostile.test_l19_in_another_name import ANCHOR, KOMPAS, director, firm
from tests.mandates.giving_people import PIETER, SANNE, people
from tests.mandates.two_firms import NOW, TwoFirms, jobs_over
from toegang.assurance import Level
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge, Substitution
from toegang.mandates.handing_over import HandingOver
from toegang.mandates.job import Job
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.mandates.teams import Steward
from toegang.storage import Database


@dataclass
class Handing(TwoFirms):
    """The first hands its clients over to the second."""

    by_employees: ClassVar[Substitution] = Substitution.EMPLOYEES

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

    async def proposed(self) -> Job:
        return await self.room.propose(await self.mine(), self.second, NOW)

    async def agreed(self) -> Job:
        job = await self.proposed()
        return await self.room.agree(await self.theirs(), job.id, NOW)

    async def done(self) -> Job:
        return await self.finish(await self.agreed())

    async def asked(self, principal: PartyId) -> list[Edge]:
        """Return what somebody was asked to give the second firm."""
        return await self.new(principal)


async def handing(database: Database) -> Handing:
    """Open it: Sanne directs the first firm, Pieter the second."""
    house = await people(database)
    first, second = await firm(house, KOMPAS), await firm(house, ANCHOR)
    for party, bsn in ((first, SANNE), (second, PIETER)):
        links = (director(party, house.ids[bsn]),)
        house.courts.told[party] = replace(NOTHING_TOLD, links=links)
    return Handing(house, jobs_over(house, database), first, second)
