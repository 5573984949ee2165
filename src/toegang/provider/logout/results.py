"""What came of telling participants: one row each, written in the unit of the event that says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.audit.events import LogoutNotified, NoticeResult
from toegang.provider.logout.records import RESULT_KEPT, Result

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.provider.logout.records import Told
    from toegang.units import Expiring, Unit, Units

_MEANING = {
    NoticeResult.DELIVERED: Result.CONFIRMED,
    NoticeResult.REFUSED: Result.FAILED,
    NoticeResult.UNREACHABLE: Result.FAILED,
    NoticeResult.EXPIRED: Result.FAILED,
    NoticeResult.SKIPPED: Result.FAILED,
}
_LAST = frozenset({Result.CONFIRMED, Result.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Keeps what came of it. What is confirmed stays so; a failure can still be made good."""

    units: Units
    kept: Expiring[Told]
    trail: Trail

    async def begin(self, unit: Unit, key: str, told: Told, now: datetime) -> bool:
        """Write that a participant is told; False when it was told before, and nothing changes.

        Who asks for the logout itself confirms it thereby, also when it was told before.
        """
        if await self.kept.add(unit, key, told, now + RESULT_KEPT, now):
            if told.result is Result.IMPOSSIBLE:
                await self.trail.record(unit, _notified(told, NoticeResult.UNSUPPORTED, now))
            return True
        if told.result is Result.CONFIRMED:
            await self.kept.keep(unit, key, told, now + RESULT_KEPT)
        return False

    async def find(self, key: str, now: datetime) -> Told | None:
        """Return what came of telling a participant."""
        return await self.kept.find(key, now)

    async def is_over(self, key: str, now: datetime) -> bool:
        """Tell whether nothing is to be done any more."""
        told = await self.kept.find(key, now)
        return told is not None and told.result in _LAST

    async def note(self, key: str, notice: NoticeResult, now: datetime) -> None:
        """Note how it ended, in a unit of its own."""
        async with self.units.begin() as unit:
            await self.write(unit, key, notice, now)

    async def write(self, unit: Unit, key: str, notice: NoticeResult, now: datetime) -> None:
        """Note how it ended; a second time, or after it was confirmed, nothing is written."""
        told, result = await self.kept.hold(unit, key, now), _MEANING[notice]
        if told is None or told.result in {result, Result.CONFIRMED}:
            return
        await self.kept.rewrite(unit, key, replace(told, result=result, at=now))
        await self.trail.record(unit, _notified(told, notice, now))


def _notified(told: Told, notice: NoticeResult, now: datetime) -> LogoutNotified:
    return LogoutNotified(
        at=now, client=told.party, reference=told.reference, result=notice, channel=told.way.value
    )
