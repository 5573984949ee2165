"""Knowing: what registers tell of parties, in whichever order, and what was stated before they told it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.mandates.party import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.statement import Statement, StatementId
    from toegang.mandates.stores import Parties, Statements
    from toegang.units import Units


FRESH: Final = timedelta(minutes=10)
"""How long what a register told needs no writing down again while it tells the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """Keeps the newest that was told, and remembers what was known when."""

    units: Units
    parties: Parties
    statements: Statements

    async def know(self, told: Sequence[Party], now: datetime) -> None:
        """P6: keep what was told; what says no moment of its own was told now.

        Of what is asked at every login, and was told the same a moment ago, nothing is written: at a busy
        firm all would wait for one row.
        """
        known = await self.parties.of(each.id for each in told)
        news = [each for each in told if not _is_fresh(known.get(each.id), each, now)]
        stamped = [each if each.told_at is not None else replace(each, told_at=now) for each in news]
        if not stamped:
            return
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


def _is_fresh(kept: Party | None, told: Party, now: datetime) -> bool:
    """Tell whether this was told just now, and nothing else is known.

    Only of what comes with no moment of its own: a message that is late is weighed by when it was told.
    """
    if kept is None or kept != told or kept.told_at is None or told.told_at is not None:
        return False
    return timedelta() <= now - kept.told_at < FRESH
