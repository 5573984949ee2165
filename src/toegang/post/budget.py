"""The budget for text messages: no country, and not the whole, may cost more than was foreseen.

Whoever earns from messages to numbers of their own (pumping) makes us send many that nobody ever uses.
So there is a budget per country code and for all together, per hour and per day, and a watch on how many
of the codes are used at all (security line L05). Days and hours are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from toegang.errors import TooManyTries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from toegang.post.telephone import Telephone
    from toegang.units import Unit

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How many codes went to one country code since some moment, and how many of them were used."""

    prefix: str
    sent: int
    used: int


class SmsCounters(Protocol):
    """Counts codes per country code and hour."""

    async def count(self, unit: Unit, prefix: str, now: datetime, *, sent: int = 0, used: int = 0) -> None:
        """Add to the counts of the hour of `now`; senders do not wait for each other."""
        ...

    async def spent(self, unit: Unit, since: datetime, until: datetime) -> Sequence[Spent]:
        """Add up per country code over the hours in `[since, until)`, both on the hour."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many codes may be sent, per clock hour and per day.

    `prefixes` gives country codes an hour and a day of their own; the others share `prefix_hour` and
    `prefix_day` as their limit each. A country code without limits of its own is also watched: when
    `watched` codes or more went there in the last full hour and less than the share `used_at_least` of
    them was used, it gets none this hour. Home is not stopped that way, or whoever wastes codes there
    would lock out everybody.
    """

    hour: int = 20_000
    day: int = 200_000
    prefix_hour: int = 500
    prefix_day: int = 3_000
    prefixes: Mapping[str, tuple[int, int]] = field(default_factory=lambda: {"+31": (20_000, 200_000)})
    watched: int = 50
    used_at_least: float = 0.2

    def of(self, prefix: str) -> tuple[int, int]:
        """Return the limits of a country code, per hour and per day."""
        return self.prefixes.get(prefix, (self.prefix_hour, self.prefix_day))


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsBudget:
    """Spends the budget; the count is exact to within the messages of one moment."""

    counters: SmsCounters
    limits: Limits

    async def spend(self, unit: Unit, to: Telephone, now: datetime) -> TooManyTries | None:
        """Count one code to `to`, or return why it may not be sent, counting nothing."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        day = hour.replace(hour=0)
        per_hour, per_day = self.limits.of(to.prefix)
        in_hour = await self.counters.spent(unit, hour, hour + HOUR)
        if _is_spent(in_hour, to.prefix, per_hour, self.limits.hour):
            return _later(hour + HOUR, now, f"sms budget of the hour for {to.prefix}")
        in_day = await self.counters.spent(unit, day, day + DAY)
        if _is_spent(in_day, to.prefix, per_day, self.limits.day):
            return _later(day + DAY, now, f"sms budget of the day for {to.prefix}")
        before = await self.counters.spent(unit, hour - HOUR, hour)
        if self.is_wasted(before, to.prefix) and to.prefix not in self.limits.prefixes:
            return _later(hour + HOUR, now, f"sms codes to {to.prefix} are not used")
        await self.counters.count(unit, to.prefix, now, sent=1)
        return None

    async def used(self, unit: Unit, to: Telephone, now: datetime) -> None:
        """Note that a code sent to `to` was entered."""
        await self.counters.count(unit, to.prefix, now, used=1)

    def is_wasted(self, spent: Sequence[Spent], prefix: str) -> bool:
        """Tell whether so few codes to this country code were used that somebody should look."""
        own = _of(spent, prefix)
        return own.sent >= self.limits.watched and own.used < own.sent * self.limits.used_at_least


def _is_spent(spent: Sequence[Spent], prefix: str, own: int, whole: int) -> bool:
    return _of(spent, prefix).sent >= own or sum(each.sent for each in spent) >= whole


def _of(spent: Sequence[Spent], prefix: str) -> Spent:
    return next((each for each in spent if each.prefix == prefix), Spent(prefix=prefix, sent=0, used=0))


def _later(at: datetime, now: datetime, detail: str) -> TooManyTries:
    return TooManyTries(max(1, round((at - now).total_seconds())), detail)
