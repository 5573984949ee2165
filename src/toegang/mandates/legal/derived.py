"""What a derivation yields, and how the days of a register become moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from toegang.mandates.legal.authority import ALONE, Authority, Certainty
from toegang.mandates.legal.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.mandates.legal.authority import Basis, Party, Powers, Source, Together

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Period: TypeAlias = tuple[date, date | None]
"""From a day, until a day on which it no longer holds; None is without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What follows from the facts of one register about one party, at one moment.

    `undetermined` are the rules for which nothing could be derived although somebody may have authority: for
    who wants to act, that is a refusal with advice. `nothing` are those for which the law itself gives none.
    The same facts give the same value, in whichever order they came.
    """

    authorities: tuple[Authority, ...] = ()
    undetermined: tuple[Rule, ...] = ()
    nothing: tuple[Rule, ...] = ()

    def of(self, holder: Party) -> tuple[Authority, ...]:
        """Return what this holder may rest on: what is certain."""
        return tuple(each for each in self.authorities if each.holder == holder and each.certain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is the same for everything that one record of a register gives.

    `change` is the first day on which anything in it changes: nothing is promised beyond.
    """

    represented: Party
    source: Source
    period: Period
    change: date | None
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a rule gives one holder, for a period of their own."""

    holder: Party
    basis: Basis
    powers: Powers
    period: Period
    reasons: tuple[Rule, ...]
    together: Together = ALONE

    def by(self, told: Told) -> Authority:
        """Make the authority of it."""
        ends = [self.period[1], told.period[1], told.change]
        until = min((end for end in ends if end is not None), default=None)
        return Authority(
            represented=told.represented,
            holder=self.holder,
            basis=self.basis,
            powers=self.powers,
            together=self.together,
            valid_from=begins(max(self.period[0], told.period[0])),
            valid_until=None if until is None else begins(until),
            source=told.source,
            certainty=Certainty.UNDER_INVESTIGATION if told.disputed else Certainty.CERTAIN,
            reasons=self.reasons,
        )


SILENT = Derived(undetermined=(Rule.SOURCE_SILENT,))
"""What follows when the register does not answer."""


def derived(
    authorities: Iterable[Authority] = (), undetermined: Iterable[Rule] = (), nothing: Iterable[Rule] = ()
) -> Derived:
    """Put what was found in an order that does not depend on that of the facts, without repeats."""
    found = tuple(sorted(set(authorities), key=_place))
    disputed = [Rule.SOURCE_DISPUTES] if any(not each.certain for each in found) else []
    return Derived(
        authorities=found,
        undetermined=tuple(sorted({*undetermined, *disputed})),
        nothing=tuple(sorted(set(nothing))),
    )


def begins(day: date) -> datetime:
    """Return the moment at which a day begins in Amsterdam, in UTC."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def today(at: datetime) -> date:
    """Return which day it is in Amsterdam."""
    return at.astimezone(AMSTERDAM).date()


def runs(period: Period, day: date) -> bool:
    """Tell whether something holds on a day: `[since, until)`."""
    since, until = period
    return since <= day and (until is None or day < until)


def next_change(periods: Iterable[Period], day: date) -> date | None:
    """Return the first day after this one on which any of these begins or ends: till then nothing changes."""
    return min(
        (edge for period in periods for edge in period if edge is not None and edge > day), default=None
    )


def _place(found: Authority) -> tuple[str, ...]:
    return found.basis, type(found.holder).__name__, found.holder.digits, found.source.reference
