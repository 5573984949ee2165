"""The room's door: keep the counts up to date with the trail, and make figures of them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.trail import Asked
from toegang.reports.facts import COUNTED, Subject, fold
from toegang.reports.figures import Tally, figures_of

if TYPE_CHECKING:
    from toegang.audit.trail import Recorded, TrailReader
    from toegang.reports.facts import FactStore
    from toegang.reports.figures import Figures, Wanted
    from toegang.units import Units

BATCH = 2000
"""Events counted in one unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Counts events of the tree, each once, and answers with figures."""

    units: Units
    trail: TrailReader
    facts: FactStore
    batch: int = BATCH

    async def count(self) -> int:
        """Count what was not counted yet; return how many events.

        The counts and the cursor change in one unit, so a crash or a second counter changes nothing.
        """
        counted = 0
        while True:
            before = await self.facts.cursor()
            recorded = await self._next(before)
            if not recorded:
                return counted
            after = (recorded[-1].index or 0) + 1
            counts = fold(each.event for each in recorded)
            async with self.units.begin() as unit:
                added = await self.facts.add(unit, counts, before, after)
            counted += len(recorded) if added else 0

    async def rebuild(self) -> int:
        """Forget every count and count the whole trail; the outcome is the same, to the byte."""
        async with self.units.begin() as unit:
            await self.facts.clear(unit)
        return await self.count()

    async def figures(self, wanted: Wanted) -> Figures:
        """Make the figures from the counts as they are; `count` first for the newest."""
        tally = Tally(
            logins=await self.facts.facts(Subject.LOGIN, wanted.from_, wanted.until),
            refusals=await self.facts.facts(Subject.REFUSAL, wanted.from_, wanted.until),
            accounts=await self.facts.facts(Subject.ACCOUNT, None, wanted.until),
            moves=await self.facts.facts(Subject.MOVE, wanted.from_, wanted.until),
            campaigns=await self.facts.facts(Subject.CAMPAIGN, wanted.from_, wanted.until),
            acting=await self.facts.facts(Subject.ACTING, wanted.from_, wanted.until),
            mandates=await self.facts.facts(Subject.MANDATE, wanted.from_, wanted.until),
            reasons=await self.facts.facts(Subject.REASON, wanted.from_, wanted.until),
            passkeys=await self.facts.facts(Subject.PASSKEY, None, wanted.until),
        )
        return figures_of(tally, wanted, await self.facts.cursor())

    async def _next(self, index: int) -> list[Recorded]:
        found: list[Recorded] = []
        async with aclosing(self.trail.events(Asked(names=COUNTED, index=index))) as events:
            async for recorded in events:
                found.append(recorded)
                if len(found) == self.batch:
                    break
        return found
