"""Simulating: what other rules of a service would do to mandates in force, and to what was done lately.

1. Each change of a service is laid beside what is in force now: what counts at once, and what is announced.
2. The index of mandates in force is walked through once, in its order, a stretch at a time, whatever the
   number of services. Each mandate under one of their scopes is weighed by both sets of rules (ways.py).
3. What was stated lately is judged by both, as of the moment at which it was made (rechecking.py).

Registers are not asked: who is acted for is taken to be as kept, and what the law gave as it was stated. Only
counts come out, nothing is written, and no more is held than one stretch.
"""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from toegang.assurance import Level
from toegang.catalogue.representation import Power
from toegang.mandates.edge import State, Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.link import Link, link_of, met_on
from toegang.mandates.rechecking import against_stated
from toegang.mandates.resting import standing
from toegang.mandates.scope import covering
from toegang.mandates.statement import Status
from toegang.mandates.ways import Effect, People, alike, effect, weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Service, ServiceId
    from toegang.mandates.asking import Questions
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.law import Law
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.statement import Statement, StatementId
    from toegang.mandates.ways import Weight
    from toegang.mandates.why import Why

    Told = Callable[[str, int], None]
    Weighed = tuple[Effect, Why | None]

LATELY: Final = timedelta(days=90)
SIZE: Final = 2_000
"""Places of the index, or statements, that are held at once."""
MOST_KNOWN: Final = 10_000
_USED: Final = {Status.REDEEMED, Status.ENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Other rules of a service: `before` are those in force now, `after` those that count from `at` on."""

    before: Service
    after: Service
    at: datetime

    @property
    def keys(self) -> frozenset[str]:
        """The scopes by which a mandate reaches the service, before or after."""
        return frozenset(each.key for each in (*covering(self.before), *covering(self.after)))


class Verdict(enum.StrEnum):
    """What would have become of an act, had the other rules been in force."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    UNSURE = "unsure"  # it cannot be judged again: what it rested on is erased, or was changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a change does: to how many mandates in force what, and to how many acts; and the rule, if any.

    `known` is what was weighed before, by what it is alike.
    """

    change: Change
    mandates: Counter[Weighed] = field(default_factory=Counter)
    acts: Counter[tuple[Verdict, Why | None]] = field(default_factory=Counter)
    known: dict[object, Weighed] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was found in `looked` places: mandates with the scope of each; `after` is where to go on."""

    found: tuple[tuple[EdgeId, str], ...]
    looked: int
    after: bytes | None


class Walk(Protocol):
    """Walks through what is kept, by keys."""

    async def scoped(self, keys: Collection[str], after: bytes, size: int) -> Stretch:
        """Return which of the next places in the index are under one of these scopes."""
        ...

    async def stated(self, since: datetime, after: StatementId | None, size: int) -> Sequence[Statement]:
        """Return the next statements made since, in the order of their making."""
        ...


def changes(before: Snapshot, after: Snapshot, now: datetime) -> tuple[Change, ...]:
    """Return what another catalogue would change of whom services admit, at once and as it announces."""
    found: list[Change] = []
    for id_ in sorted(before.representable() | after.representable()):
        old, new = before.service(id_), after.service(id_)
        service = new or old
        if service is None:
            continue
        in_force = _nobody(service) if old is None else old.at(now)
        then = _nobody(service) if new is None else new
        change = None if then.representation is None else then.representation.announced
        moments = [now] if change is None or change.from_ <= now else [now, change.from_]
        found += [
            Change(before=in_force, after=then.at(each), at=each)
            for each in moments
            if _rules(in_force) != _rules(then.at(each))
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulating:
    """Walks through what is kept and counts; `size` is how much it holds at once, `lately` how long ago."""

    walk: Walk
    questions: Questions
    size: int = SIZE
    lately: timedelta = LATELY

    async def run(self, changes_: Sequence[Change], now: datetime, told: Told) -> tuple[Tally, ...]:
        """Count what each of these changes would do; `told` hears how far it is."""
        tallies = tuple(Tally(change=each) for each in changes_)
        if tallies:
            await self._mandates(tallies, now, told)
            await self._acts(tallies, now, told)
        return tallies

    async def _mandates(self, tallies: Sequence[Tally], now: datetime, told: Told) -> None:
        under: dict[str, list[Tally]] = {}
        for tally in tallies:
            for key in tally.change.keys:
                under.setdefault(key, []).append(tally)
        looked, after = 0, b""
        while True:
            stretch = await self.walk.scoped(under, after, self.size)
            await self._weigh(stretch, under, now)
            looked += stretch.looked
            told("places of the index of mandates", looked)
            if stretch.after is None:
                return
            after = stretch.after

    async def _weigh(self, stretch: Stretch, under: Mapping[str, Sequence[Tally]], now: datetime) -> None:
        edges = await self.questions.edges.of({id_ for id_, _ in stretch.found})
        stands = await self._stands(edges.values())
        links = [link for each in stands.values() for link in each]
        people = People(
            parties=await self.questions.parties.of({party for link in links for party in met_on((link,))}),
            helpers=await self.questions.helping([(link,) for link in links], now),
        )
        for id_, key in stretch.found:
            edge = edges.get(id_)
            for tally in () if edge is None else under[key]:
                if _counts(edge, key, tally.change):
                    tally.mandates[_looked_up(stands[id_], tally, people)] += 1

    async def _stands(self, edges: Iterable[Edge]) -> Mapping[EdgeId, Sequence[Link]]:
        """Return each mandate in every way in which it stands; what the law gave is taken to be there."""
        found: dict[EdgeId, list[Link]] = {}
        given = list(edges)
        law: Law = replace(NOTHING_TOLD, links=tuple(_given_by_law(given)))
        for (link,) in await standing([(link_of(each),) for each in given], self.questions.edges, law):
            if link.edge is not None:
                found.setdefault(link.edge, []).append(link)
        return found

    async def _acts(self, tallies: Sequence[Tally], now: datetime, told: Told) -> None:
        at: dict[ServiceId, list[Tally]] = {}
        for tally in tallies:
            at.setdefault(tally.change.before.id, []).append(tally)
        looked, after = 0, None
        while True:
            some = await self.walk.stated(now - self.lately, after, self.size)
            await self._judge([each for each in some if each.service in at and each.status in _USED], at, now)
            looked += len(some)
            told("logins for somebody else", looked)
            if len(some) < self.size:
                return
            after = some[-1].id

    async def _judge(
        self, taken: Sequence[Statement], at: Mapping[ServiceId, Sequence[Tally]], now: datetime
    ) -> None:
        steps = [step for each in taken for step in (*each.path, *each.under)]
        edges = await self.questions.edges.of({step.edge for step in steps if step.edge is not None})
        parties = await self.questions.parties.of({met.party for each in taken for met in each.met})
        helpers = await self.questions.helping([(link_of(each),) for each in edges.values()], now)
        for each in taken:
            known, met = _as_used(each, edges), _as_met(each, parties)
            whole = {step.edge for step in (*each.path, *each.under)} - {None} <= known.keys()
            for tally in at[each.service]:
                was, then = (
                    against_stated(service, each, known, met, helpers, each.issued_at) if whole else None
                    for service in (tally.change.before, tally.change.after)
                )
                if not whole or was is not None:
                    tally.acts[Verdict.UNSURE, None] += 1
                else:
                    tally.acts[Verdict.ADMITTED if then is None else Verdict.REFUSED, then] += 1


def _counts(edge: Edge | None, key: str, change: Change) -> bool:
    """Tell whether a mandate is in force when it changes, and is counted here: once, by its first scope."""
    if edge is None or edge.state is not State.ACTIVE or not edge.terms.covers(change.at):
        return False
    return key == min(each.key for each in edge.terms.scopes if each.key in change.keys)


def _looked_up(links: Sequence[Link], tally: Tally, people: People) -> Weighed:
    """Return what becomes of a mandate, as was found of one that is alike, if that was looked at before."""
    first = links[0]
    if len(links) > 1 or first.rests_on:
        return _weighed(links, tally.change, people)
    link, own = alike(first, people, tally.change.at)
    key = (link, *own.parties.values(), own.helpers)
    found = tally.known.get(key)
    if found is None:
        if len(tally.known) >= MOST_KNOWN:
            tally.known.clear()
        found = tally.known[key] = _weighed((link,), tally.change, own)
    return found


def _weighed(links: Sequence[Link], change: Change, people: People) -> Weighed:
    """Weigh a mandate in the best of the ways in which it stands, before and after."""
    before = [weigh(link, change.before, people, change.at) for link in links]
    after = [weigh(link, change.after, people, change.at) for link in links]
    best = max(range(len(links)), key=lambda place: _worth(before[place]))
    works = any(each.level is not None for each in after)
    return effect(before[best], max(after, key=_worth) if works else after[best])


def _worth(weight: Weight) -> tuple[int, int]:
    return (0 if weight.level is None else int(weight.level)), weight.depth


def _nobody(service: Service) -> Service:
    return replace(service, representation=None)


def _rules(service: Service) -> object:
    """Return what a service admits, whatever that is numbered and whatever comes after it."""
    rules = service.representation
    return None if rules is None else (service.level, replace(rules, version=0, announced=None))


def _given_by_law(edges: Iterable[Edge]) -> Iterator[Link]:
    """Yield what the law gave those who gave these in another's name, as wide as it can be."""
    for edge in edges:
        if edge.under is not None and edge.under.edge is None:
            yield Link(
                principal=edge.principal,
                agent=edge.under.by,
                kind=edge.under.kind,
                basis=edge.under.kind.value,
                worth=Level.HIGH,
                from_=None,
                until=None,
                powers=frozenset(Power),
                substitution=Substitution.EMPLOYEES,
            )


def _as_used(taken: Statement, edges: Mapping[EdgeId, Edge]) -> Mapping[EdgeId, Edge]:
    """Return mandates as they were when this rested on them: in force, whatever people did to them since."""
    ids = {step.edge for step in (*taken.path, *taken.under) if step.edge is not None}
    found = (edges[each] for each in ids if each in edges)
    at = taken.issued_at
    return {
        each.id: replace(
            each,
            state=State.ACTIVE,
            terms=replace(
                each.terms,
                from_=min(each.terms.from_, at),
                until=max(each.terms.until, at + timedelta(seconds=1)),
            ),
        )
        for each in found
    }


def _as_met(taken: Statement, parties: Mapping[PartyId, Party]) -> Mapping[PartyId, Party]:
    """Return parties as they were met, whatever became of them since."""
    return {
        met.party: replace(parties[met.party], standing=met.standing, since=met.since)
        for met in taken.met
        if met.party in parties
    }
