"""What a desk gives to who has no account: a code, with which they open one alone (citizen/by_desk.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import NotEntitled, ValueRefused
from toegang.means.app.visits import Entitled
from toegang.means.citizen.by_desk import keep_code, newcomer

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.means.app.visits import Case, Officer
    from toegang.means.citizen.desk import Desk
    from toegang.registers.population import Registered
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAccount:
    """An account for who has none (visits.Gift)."""

    desk: Desk

    async def entitled(self, officer: Officer, bsn: Bsn, now: datetime) -> Entitled:
        """Return who it can be given to; refuses as Gift says."""
        known = await self.desk.enrolment.find(bsn)
        if known is not None and known.id == officer.person:
            message = "nobody checks themselves"
            raise NotEntitled(message)
        await newcomer(self.desk, bsn, now)
        return Entitled(bsn=bsn, person=known.id if known else None)

    async def check(self, case: Case, now: datetime) -> Registered | None:
        """Return whom the register knows when they have no account still; refuses as Gift says."""
        who = await self.desk.registered(case.person)
        try:
            return await newcomer(self.desk, who.bsn, now) if who else None
        except ValueRefused:
            return None

    async def make_code(self, unit: Unit, name: str, case: Case, now: datetime) -> tuple[str, datetime]:
        """Make the code, for the person to type with their date of birth."""
        return await keep_code(self.desk, unit, name, case.person, now)
