"""Knowing: what registers tell of parties, in whichever order, and what was stated before they told it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.mandates.ended import LIVES, PartyChanged
from toegang.mandates.legal.derived import begins
from toegang.mandates.party import Party, PartyKind, Standing
from toegang.mandates.statement import CLOCKS_APART

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from toegang.ids import Ids
    from toegang.mandates.party import PartyId
    from toegang.mandates.statement import Statement, StatementId
    from toegang.mandates.stores import Parties, Statements
    from toegang.post.outbox import Outbox
    from toegang.registers.population import BirthDate
    from toegang.units import Unit, Units


FRESH: Final = timedelta(minutes=10)
"""How long what a register told needs no writing down again while it tells the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """Keeps the newest that was told, remembers what was known when, and has told who relies on what was."""

    units: Units
    parties: Parties
    statements: Statements
    outbox: Outbox
    ids: Ids

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
                await self.put(unit, party, now)

    async def learn(self, party: PartyId, born: BirthDate, died_on: date | None, now: datetime) -> None:
        """P6: keep the age of a person, and that they died, beside what courts told of them meanwhile.

        A standing that was not asked about stays what it is, and as old as it is.
        """
        async with self.units.begin() as unit:
            kept = await self.parties.alone(unit, party)
            known = Party(id=party, kind=PartyKind.PERSON) if kept is None else kept
            told = replace(known, born=born)
            if died_on is not None:
                dead = replace(told, standing=Standing.DECEASED, since=begins(died_on))
                told = told if dead == told else replace(dead, told_at=_later(known, now))
            if kept != told:
                await self.put(unit, told, now)

    async def put(self, unit: Unit, told: Party, now: datetime) -> None:
        """P6: keep what was told of a party, unless later is known; all that follows is in the same unit."""
        before = await self.parties.alone(unit, told.id)
        if not await self.parties.put(unit, told) or before == told:
            return
        await self.parties.remember(unit, told, now)
        if before is None or (before.standing, before.since) == (told.standing, told.since):
            return
        if await self.statements.is_about(unit, told.id, now - LIVES - CLOCKS_APART):
            changed = PartyChanged(party=told.id, at=now)
            await self.outbox.put(unit, changed.message(self.ids), now)

    async def made_too_early(
        self, party: PartyId, after: StatementId | None = None, size: int = 50
    ) -> Sequence[Statement]:
        """P6: list what was stated between when something began to hold of a party and our being told."""
        told = (await self.parties.of((party,))).get(party)
        recorded = await self.parties.recorded(party)
        if told is None or recorded is None or told.standing is Standing.ABLE:
            return ()
        return await self.statements.about(party, told.since, recorded, after, size)


def _later(known: Party, now: datetime) -> datetime:
    """Return a moment that comes after what is known was told, also by a clock that is ahead of ours."""
    return now if known.told_at is None else max(now, known.told_at + timedelta(microseconds=1))


def _is_fresh(kept: Party | None, told: Party, now: datetime) -> bool:
    """Tell whether this was told just now, and nothing else is known.

    Only of what comes with no moment of its own: a message that is late is weighed by when it was told.
    """
    if kept is None or kept != told or kept.told_at is None or told.told_at is not None:
        return False
    return timedelta() <= now - kept.told_at < FRESH
