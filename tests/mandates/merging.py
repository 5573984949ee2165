"""A firm that merged into another, and its clients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.mandates.giving_people import people
from tests.mandates.legal.facts import organisation as registered
from tests.mandates.two_firms import NOW, TwoFirms, jobs_over
from toegang.identity.numbers import KvkNumber
from toegang.mandates.job import Job
from toegang.mandates.party import PartyId
from toegang.registers.organisations import Standing
from toegang.storage import Database

GONE, INTO, THIRD = (KvkNumber.parse(f"9000009{each}") for each in range(3))
BY, GROUND = "command:officer", "FUS-2027-0003"
MERGED = registered(GONE, standing=Standing.MERGED, standing_since=date(2027, 1, 1), into=INTO)
ACTIVE = registered(INTO)


@dataclass
class Merging(TwoFirms):
    """The first merged into the second."""

    both: tuple[KvkNumber, KvkNumber]

    @property
    def gone(self) -> PartyId:
        return self.first

    @property
    def into(self) -> PartyId:
        return self.second

    async def order(self) -> Job:
        return await self.jobs.transfer(self.both, BY, GROUND, NOW)

    async def done(self, stretch: int = 1000) -> Job:
        """Order it, and do all of it."""
        return await self.finish(await self.order(), stretch=stretch)


async def merging(database: Database, both: tuple[KvkNumber, KvkNumber] = (GONE, INTO)) -> Merging:
    """Open it: the register says that the first firm merged into the second."""
    house = await people(database)
    gone, into = both
    house.firms.told |= {gone: replace(MERGED, kvk=gone, into=into), into: replace(ACTIVE, kvk=into)}
    met = await house.voluntary.finding.numbers.meet(both, NOW)
    return Merging(house, jobs_over(house, database), met[gone], met[into], both)
