"""More time for a journey of several pages: asked by the person, bounded in all (WCAG22-2.2.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from toegang.errors import LoginUnknown, settle
from toegang.means.citizen.records import Application, Recovery

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.policy import Policy
    from toegang.units import Expiring

T = TypeVar("T", Application, Recovery)


def last_moment(policy: Policy, lifetime: timedelta, now: datetime) -> datetime:
    """Return when a journey that begins now is over, however often more time is asked."""
    return now + lifetime * (1 + policy.extensions)


async def more_time(desk: Desk, store: Expiring[T], id_: str, lifetime: timedelta, now: datetime) -> T:
    """Let a journey live for its lifetime from now, never beyond its last moment.

    Raises:
        LoginUnknown: its time was over.

    """

    def longer(kept: T) -> T:
        return replace(kept, until=max(kept.until, min(now + lifetime, kept.last or kept.until)))

    async with desk.units.begin() as unit:
        result = await store.change(unit, id_, now, longer)
        if isinstance(result, Application | Recovery):
            await store.extend(unit, id_, result.until, now)
    return settle(result or LoginUnknown())
