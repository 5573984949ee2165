"""Authority by order of a court: curatele, bewind, mentorship and provisional bewind.

The outcome is a function of the set of orders. An order gives way only to one that is legally later:
pronounced later, begun, and by its own words or by law in its place. Two that hold at once over the same
matters give nobody anything, unless the court said of each that its representatives act separately.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from toegang.mandates.legal.authority import EVERYTHING, Basis, Power, Powers, Source, Together
from toegang.mandates.legal.derived import Given, Told, begins, derived, next_change, runs, today
from toegang.mandates.legal.rules import Rule
from toegang.registers.courts import MeasureKind, Sphere

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.mandates.legal.authority import Authority
    from toegang.mandates.legal.derived import Derived, Period
    from toegang.registers.courts import Measure, Measures, Representative

_BASES = {
    MeasureKind.CURATELE: Basis.CURATELE,
    MeasureKind.BEWIND: Basis.BEWIND,
    MeasureKind.MENTORSHIP: Basis.MENTORSHIP,
    MeasureKind.PROVISIONAL_BEWIND: Basis.PROVISIONAL_BEWIND,
}
_POWERS = {Sphere.PROPERTY: Power.PROPERTY, Sphere.PERSONAL_CARE: Power.PERSONAL_CARE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a person can no longer decide alone, by the orders about them.

    `lost` is when each power was lost, a moment in UTC; what the person granted from then on gives nothing.
    `incapable_since` is when curatele began: from then on they grant, accept and approve nothing at all.
    `unknown` is when the register was silent: an order may stand in it, so nothing is taken for granted.
    """

    lost: tuple[tuple[Power, datetime], ...] = ()
    incapable_since: datetime | None = None
    unknown: bool = False

    def may_grant(self, powers: Powers = EVERYTHING) -> bool:
        """BW-1:381, BW-1:438, BW-1:453: tell whether the person can give somebody these powers now."""
        able = self.incapable_since is None and not self.unknown
        return able and not powers.over & {power for power, _ in self.lost}

    def has_lost(self, over: frozenset[Power], at: datetime) -> bool:
        """BW-1:381, BW-1:438, BW-1:453: tell whether at `at` any of these is no longer the person's own."""
        return self.incapable(at) or any(power in over and since <= at for power, since in self.lost)

    def incapable(self, at: datetime) -> bool:
        """BW-1:381: tell whether the person is under curatele at `at`."""
        return self.incapable_since is not None and self.incapable_since <= at

    def and_(self, other: Capacity) -> Capacity:
        """Return what is left when both were told: of each loss the earliest."""
        lost: dict[Power, datetime] = {}
        for power, since in (*self.lost, *other.lost):
            lost[power] = min(since, lost.get(power, since))
        incapable = [each for each in (self.incapable_since, other.incapable_since) if each is not None]
        return Capacity(
            lost=tuple(sorted(lost.items())),
            incapable_since=min(incapable, default=None),
            unknown=self.unknown or other.unknown,
        )

    def granted_in_time(self, at: datetime, powers: Powers = EVERYTHING) -> bool:
        """Tell whether what the person granted at `at` was granted before they lost the power to."""
        whole = self.incapable_since is None or at < self.incapable_since
        return (
            not self.unknown
            and whole
            and all(at < since for power, since in self.lost if power in powers.over)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCourt:
    """Who acts for a person by order of a court, and what the person can still decide."""

    acting: Derived
    own: Capacity


def by_court(found: Measures, at: datetime, died_on: date | None = None) -> ByCourt:
    """Derive from every order about one person what holds at `at`; with their death every measure ends."""
    day = today(at)
    if died_on is not None and died_on <= day:
        ended = [Rule.COURT_ENDED_BY_DEATH] if found.measures else []
        return ByCourt(acting=derived(nothing=ended), own=Capacity())
    change = next_change(_periods(found.measures, died_on), day)
    running = [each for each in found.measures if runs((each.since, each.until), day)]
    passed = {each.number: _passed(each, found.measures, day) for each in running}
    standing = [each for each in running if passed[each.number] in (None, Rule.COURT_SUCCESSOR_ENDED)]
    authorities: list[Authority] = []
    nothing = [rule for rule in passed.values() if rule not in (None, Rule.COURT_SUCCESSOR_ENDED)]
    undetermined: list[Rule] = []
    for measure in standing:
        if passed[measure.number] is not None:
            undetermined.append(Rule.COURT_SUCCESSOR_ENDED)
        elif any(_collide(measure, other) for other in standing if other != measure):
            undetermined.append(Rule.COURT_CONCURRENT)
        else:
            given = _given(measure, found, day, change)
            authorities += given if isinstance(given, list) else []
            undetermined += [given] if isinstance(given, Rule) else []
    return ByCourt(acting=derived(authorities, undetermined, filter(None, nothing)), own=_capacity(running))


def _passed(measure: Measure, every: Sequence[Measure], day: date) -> Rule | None:
    """Return the rule by which an order gave way to a later one; None for one that did not.

    Where everything that came in its place has ended too, nobody but the court can say whether it revives.
    """
    later = _successors(measure, every, day)
    if not later:
        return None
    if not any(runs((each.since, each.until), day) for each in later):
        return Rule.COURT_SUCCESSOR_ENDED
    return min(rule for each in later if (rule := _takes_over(each, measure, day)) is not None)


def _successors(measure: Measure, every: Sequence[Measure], day: date) -> list[Measure]:
    """Return every order in the place of this one, those in the place of these, and so on."""
    found: dict[str, Measure] = {}
    looking = [measure]
    while looking:
        earlier = looking.pop()
        for each in every:
            if each.number not in found and _takes_over(each, earlier, day) is not None:
                found[each.number] = each
                looking.append(each)
    return list(found.values())


def _takes_over(later: Measure, earlier: Measure, day: date) -> Rule | None:
    """Return by which rule an order stands in the place of an earlier one, if it does."""
    if later.pronounced <= earlier.pronounced or later.since > day:
        return None
    if later.replaces == earlier.number:
        return Rule.COURT_REPLACED
    provisional = earlier.kind is MeasureKind.PROVISIONAL_BEWIND
    if provisional and later.kind is MeasureKind.CURATELE:
        return Rule.COURT_PROVISIONAL_ENDED
    if later.kind is MeasureKind.CURATELE and earlier.kind is not MeasureKind.CURATELE:
        return Rule.COURT_CURATELE_TAKES_OVER
    return None


def _collide(one: Measure, other: Measure) -> bool:
    separately = one.needed == 1 and other.needed == 1
    return not separately and bool(one.spheres & other.spheres)


def _given(measure: Measure, found: Measures, day: date, change: date | None) -> list[Authority] | Rule:
    """Return what one order gives to those whom the court appointed, or why that cannot be said."""
    current = _one_each(each for each in measure.representatives if runs((each.since, each.until), day))
    holders, needed = {each.party for each in current}, measure.needed or 1
    if not measure.whole:
        return Rule.COURT_PART_OF_GOODS
    if not holders:
        return Rule.COURT_NOBODY_APPOINTED
    if needed > len(holders):
        return Rule.COURT_QUORUM_GONE
    how = Rule.COURT_JOINTLY if needed > 1 else Rule.COURT_EACH_ALONE
    told = Told(
        represented=measure.about,
        source=Source(
            register=found.source,
            reference=measure.number,
            retrieved_at=found.as_of,
            recorded_at=measure.recorded_at,
        ),
        period=(measure.since, measure.until),
        change=change,
        disputed=measure.disputed,
    )
    return [
        Given(
            holder=each.party,
            basis=_BASES[measure.kind],
            powers=Powers(over=frozenset(_POWERS[sphere] for sphere in measure.spheres)),
            period=(each.since, each.until),
            reasons=(Rule.COURT_APPOINTED, how) if len(holders) > 1 else (Rule.COURT_APPOINTED,),
            together=Together(others=frozenset(holders - {each.party}), needed=needed),
        ).by(told)
        for each in current
    ]


def _one_each(current: Iterable[Representative]) -> list[Representative]:
    """Leave one appointment of each party: who was appointed twice is one representative."""
    latest_first = sorted(current, key=lambda each: (each.since, each.until or date.max), reverse=True)
    return list({each.party: each for each in latest_first}.values())


def _periods(measures: Iterable[Measure], died_on: date | None) -> list[Period]:
    periods: list[Period] = [] if died_on is None else [(died_on, None)]
    for measure in measures:
        periods.append((measure.since, measure.until))
        periods += [(each.since, each.until) for each in measure.representatives]
    return periods


def _capacity(running: Iterable[Measure]) -> Capacity:
    """BW-1:381, BW-1:438, BW-1:453: what cannot be decided alone, also where nobody acts for the person."""
    lost: dict[Power, datetime] = {}
    incapable: list[datetime] = []
    for measure in running:
        since = begins(measure.since)
        for power in (_POWERS[sphere] for sphere in measure.spheres):
            lost[power] = min(since, lost.get(power, since))
        if measure.kind is MeasureKind.CURATELE:
            incapable.append(since)
    return Capacity(lost=tuple(sorted(lost.items())), incapable_since=min(incapable, default=None))
