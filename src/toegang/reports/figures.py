"""The figures: tables over periods, made from counts alone.

Definitions (docs/reports.md): an active account is one that can be used at the end of the period, under
the highest level that it can prove; a login is one that was completed, under the level that was answered;
a login has two factors when two were used or the level stands for two (midden and above). An account
stands at one step, that of its best means (assurance/steps.py); a move is an account whose step became
another, from or to nowhere where it began or can no longer be used.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from toegang.assurance import Step
from toegang.reports.facts import ELSEWHERE, NOWHERE, Fact
from toegang.reports.privacy import THRESHOLD, hide_small, is_small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MONTHS = 12
PER_MILLE = 1000


_RANKS = {NOWHERE: 0} | {step.value: step.rank + 1 for step in Step} | {ELSEWHERE: len(Step) + 1}


class Period(enum.StrEnum):
    """What one column is about."""

    DAY = "day"
    MONTH = "month"


class FigureId(enum.StrEnum):
    """Which table."""

    ACCOUNTS_BY_LEVEL = "accounts-by-level"
    LOGINS_BY_LEVEL = "logins-by-level"
    LOGINS_BY_SERVICE = "logins-by-service"
    LOGINS_BY_MEANS = "logins-by-means"
    PASSKEYS_BY_BOND = "passkeys-by-bond"
    TWO_FACTOR_SHARE = "two-factor-share"
    REFUSALS_BY_CODE = "refusals-by-code"
    ACCOUNTS_BY_STEP = "accounts-by-step"
    MOVES_BETWEEN_STEPS = "moves-between-steps"
    LOGINS_BY_STEP = "logins-by-step"
    CAMPAIGNS = "campaigns"
    LOGINS_FOR_OTHERS = "logins-for-others"
    MANDATES_BY_ACT = "mandates-by-act"
    REASONS_OF_ENDING = "reasons-of-ending"


class Measure(enum.StrEnum):
    """What a number in a table is."""

    COUNT = "count"
    PER_MILLE = "per-mille"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which figures: days `[from_, until)`, per day or month, hiding counts under `threshold`.

    What is published has the threshold of 10 and whole months, and ends before today: whoever watches a
    running count sees single people come in.
    """

    from_: date
    until: date
    per: Period = Period.MONTH
    threshold: int = THRESHOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table: `key` is a level's number, a service's or means' id, a code; None is hidden."""

    key: str
    cells: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One figure: a cell for each row and period. `totals` is empty where adding up means nothing."""

    id: FigureId
    measure: Measure
    rows: tuple[Row, ...]
    totals: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All tables over the same periods (`periods` are their first days), from events up to `index`."""

    wanted: Wanted
    index: int
    periods: tuple[date, ...]
    tables: tuple[Table, ...]

    def table(self, figure: FigureId) -> Table:
        """Return one of the tables."""
        return next(table for table in self.tables if table.id is figure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The counts that figures are made of; accounts and passkeys from the beginning of time."""

    logins: Sequence[tuple[Fact, int]]
    refusals: Sequence[tuple[Fact, int]]
    accounts: Sequence[tuple[Fact, int]]
    moves: Sequence[tuple[Fact, int]] = ()
    campaigns: Sequence[tuple[Fact, int]] = ()
    passkeys: Sequence[tuple[Fact, int]] = ()
    acting: Sequence[tuple[Fact, int]] = ()
    mandates: Sequence[tuple[Fact, int]] = ()
    reasons: Sequence[tuple[Fact, int]] = ()


def figures_of(tally: Tally, wanted: Wanted, index: int) -> Figures:
    """Make every table."""
    periods = periods_of(wanted)
    make = _Maker(wanted, periods)
    return Figures(
        wanted=wanted,
        index=index,
        periods=periods,
        tables=(
            make.stock(FigureId.ACCOUNTS_BY_LEVEL, tally.accounts, lambda fact: str(fact.level)),
            make.flow(FigureId.LOGINS_BY_LEVEL, tally.logins, lambda fact: str(fact.level)),
            make.flow(FigureId.LOGINS_BY_SERVICE, tally.logins, lambda fact: fact.service),
            make.flow(FigureId.LOGINS_BY_MEANS, tally.logins, lambda fact: fact.means),
            make.stock(FigureId.PASSKEYS_BY_BOND, tally.passkeys, lambda fact: fact.detail),
            make.share(FigureId.TWO_FACTOR_SHARE, tally.logins),
            make.flow(FigureId.REFUSALS_BY_CODE, tally.refusals, lambda fact: fact.detail),
            make.stock(FigureId.ACCOUNTS_BY_STEP, tally.accounts, lambda fact: fact.detail),
            make.flow(FigureId.MOVES_BETWEEN_STEPS, tally.moves, lambda fact: fact.detail),
            make.flow(FigureId.LOGINS_BY_STEP, tally.logins, lambda fact: fact.detail),
            make.without_total(make.flow(FigureId.CAMPAIGNS, tally.campaigns, lambda fact: fact.detail)),
            make.flow(FigureId.LOGINS_FOR_OTHERS, tally.acting, lambda fact: fact.detail),
            make.without_total(make.flow(FigureId.MANDATES_BY_ACT, tally.mandates, lambda fact: fact.detail)),
            make.flow(FigureId.REASONS_OF_ENDING, tally.reasons, lambda fact: fact.detail),
        ),
    )


def periods_of(wanted: Wanted) -> tuple[date, ...]:
    """Return the first day of each period."""
    found: list[date] = []
    day = wanted.from_ if wanted.per is Period.DAY else wanted.from_.replace(day=1)
    while day < wanted.until:
        found.append(day)
        day = _next(day, wanted.per)
    return tuple(found)


def _next(day: date, per: Period) -> date:
    if per is Period.DAY:
        return day + timedelta(days=1)
    return date(day.year + day.month // MONTHS, day.month % MONTHS + 1, 1)


@dataclass(frozen=True, slots=True)
class _Maker:
    wanted: Wanted
    periods: tuple[date, ...]

    def flow(self, id_: FigureId, counts: Iterable[tuple[Fact, int]], key: Callable[[Fact], str]) -> Table:
        """Make a table of what happened in each period."""
        columns: dict[date, dict[str, int]] = {period: defaultdict(int) for period in self.periods}
        for fact, count in counts:
            columns[self._period(fact.day)][key(fact)] += count
        return self._hidden(id_, columns)

    def stock(self, id_: FigureId, changes: Iterable[tuple[Fact, int]], key: Callable[[Fact], str]) -> Table:
        """Make a table of what there was at the end of each period."""
        columns: dict[date, dict[str, int]] = {}
        counts: dict[str, int] = defaultdict(int)
        ordered = sorted(changes)
        at = 0
        for period in self.periods:
            end = min(_next(period, self.wanted.per), self.wanted.until)
            while at < len(ordered) and ordered[at][0].day < end:
                counts[key(ordered[at][0])] += ordered[at][1]
                at += 1
            columns[period] = dict(counts)
        return self._hidden(id_, columns)

    def without_total(self, table: Table) -> Table:
        """Leave out totals: what is shown, started and finished, or given and ended, adds up to nothing."""
        return replace(table, totals=())

    def share(self, id_: FigureId, counts: Iterable[tuple[Fact, int]]) -> Table:
        """Make the one line of the share of logins with two factors, in parts per thousand."""
        logins: dict[date, list[int]] = {period: [0, 0] for period in self.periods}
        for fact, count in counts:
            logins[self._period(fact.day)][fact.two_factor] += count
        cells = tuple(self._share(one, two) for one, two in logins.values())
        return Table(id=id_, measure=Measure.PER_MILLE, rows=(Row(key="two-factor", cells=cells),))

    def _share(self, one: int, two: int) -> int | None:
        threshold = self.wanted.threshold
        if one + two == 0 or is_small(one, threshold) or is_small(two, threshold):
            return None
        return round(PER_MILLE * two / (one + two))

    def _hidden(self, id_: FigureId, columns: dict[date, dict[str, int]]) -> Table:
        keys = sorted({key for column in columns.values() for key in column}, key=_order)
        shown = [
            hide_small({key: column.get(key, 0) for key in keys}, self.wanted.threshold)
            for column in columns.values()
        ]
        return Table(
            id=id_,
            measure=Measure.COUNT,
            rows=tuple(Row(key=key, cells=tuple(each.cells[key] for each in shown)) for key in keys),
            totals=tuple(each.total for each in shown),
        )

    def _period(self, day: date) -> date:
        return day if self.wanted.per is Period.DAY else day.replace(day=1)


def _order(key: str) -> tuple[int, tuple[int, ...], str]:
    """Order numbers (levels) as numbers, then steps and moves in the order of climbing, then words."""
    if key.isdigit():
        return 0, (int(key),), ""
    words = key.split(">")
    if all(word in _RANKS for word in words):
        return 1, tuple(_RANKS[word] for word in words), ""
    return 2, (), key
