"""Knowing: what registers tell of parties, in whichever order, and what was stated before they told it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.mandates.party import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.statement import Statement, StatementId
    from toegang.mandates.stores import Parties, Statements
    from toegang.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """Keeps the newest that was told, and remembers what was known when."""

    units: Units
    parties: Parties
    statements: Statements

    async def know(self, told: Sequence[Party], now: datetime) -> None:
        """P6: keep what was told; what says no moment of its own was told now."""
        known = await self.parties.of(each.id for each in told)
        stamped = [each if each.told_at is not None else replace(each, told_at=now) for each in told]
        async with self.units.begin() as unit:
            # In the order in which `hold` takes them, so that nobody waits for each other.
            for party in sorted(stamped, key=lambda each: each.id):
                put = await self.parties.put(unit, party)
                if put and known.get(party.id) != party:
                    await self.parties.remember(unit, party, now)

    async def made_too_early(
        self, party: PartyId, after: StatementId | None, size: int
    ) -> Sequence[Statement]:
        """P6: list what was stated between when something began to hold of a party and our being told."""
        told = (await self.parties.of((party,))).get(party)
        recorded = await self.parties.recorded(party)
        if told is None or recorded is None or told.standing is Standing.ABLE:
            return ()
        return await self.statements.about(party, told.since, recorded, after, size)
