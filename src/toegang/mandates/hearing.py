"""Hearing registers for one question: what each told, side by side and within one time.

What is not here was not told. Nothing is judged here but by the derivations of `legal`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.legal.asking import all_held
from toegang.mandates.legal.court import by_court
from toegang.mandates.legal.derived import SILENT
from toegang.mandates.legal.parental.outcome import Gap
from toegang.mandates.legal.rules import Rule
from toegang.mandates.party import AMSTERDAM, MAJORITY
from toegang.mandates.side_by_side import ask_each, moment_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator
    from datetime import datetime

    from toegang.mandates.legal.asking import Holds, LegalRegisters, Registration
    from toegang.mandates.legal.authority import Authority
    from toegang.mandates.legal.court import ByCourt
    from toegang.mandates.legal.derived import Derived
    from toegang.mandates.legal.parental.asking import Parental, ParentalAuthority
    from toegang.registers.courts import Measures
    from toegang.registers.population import Population, Registered
    from toegang.registers.spoken import Holder

    Question = Callable[[], Awaitable[None]]

MOST_PEOPLE: Final = 60
"""People who are looked at for one login besides the one who logs in; others are reached by their number."""
MOST_ORGANISATIONS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The registers that tell who people are and what the law gives.

    `patience` is how long one question waits for all that it needs, in seconds.
    """

    population: Population
    parental: ParentalAuthority
    legal: LegalRegisters
    patience: float = 4.0

    def hearing(self, now: datetime) -> Hearing:
        """Begin to hear them, about `now`."""
        return Hearing(registers=self, now=now, until=moment_in(self.patience))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What was heard, by whom it is about; `None` is that the register knows nobody by that number.

    `asked` are all about whom something was asked, `parental` and `estates` what was derived over each.
    Over `minors` it was asked who has parental authority, and who acts for what those in `left` left.
    `missed` has something in it when some register was not asked, because too many ask it.
    """

    registers: Registers
    now: datetime
    until: float
    asked: set[Holder] = field(default_factory=set, repr=False)
    people: dict[Bsn, Registered | None] = field(default_factory=dict, repr=False)
    measures: dict[Bsn, Measures] = field(default_factory=dict, repr=False)
    parental: dict[Bsn, Parental] = field(default_factory=dict, repr=False)
    estates: dict[Bsn, Derived] = field(default_factory=dict, repr=False)
    organisations: dict[KvkNumber, Registration | None] = field(default_factory=dict, repr=False)
    held: set[Holder] = field(default_factory=set, repr=False)
    minors: set[Bsn] = field(default_factory=set, repr=False)
    left: set[Bsn] = field(default_factory=set, repr=False)
    missed: set[str] = field(default_factory=set, repr=False)

    async def ask(self, *questions: Iterable[Question]) -> None:
        """Ask all of these, side by side with each other."""
        if not await ask_each((each for some in questions for each in some), self.until):
            self.missed.add("crowded")

    def person(self, bsn: Bsn) -> Iterator[Question]:
        """Ask who somebody is, and what a court ordered about them, unless that was asked."""
        if bsn in self.asked:
            return
        self.asked.add(bsn)
        yield partial(self._person, bsn)
        yield partial(self._measures, bsn)

    def organisation(self, kvk: KvkNumber) -> Iterator[Question]:
        """Ask about an organisation, unless that was asked."""
        if kvk in self.asked:
            return
        self.asked.add(kvk)
        yield partial(self._organisation, kvk)

    def party(self, holder: Holder) -> Iterator[Question]:
        """Ask about a person or an organisation."""
        return self.person(holder) if isinstance(holder, Bsn) else self.organisation(holder)

    def over_child(self, child: Bsn) -> Iterator[Question]:
        """Ask who has parental authority over somebody."""
        self.minors.add(child)
        yield partial(self._over_child, child)

    def children_of(self, person: Bsn) -> Iterator[Question]:
        """Ask over whom somebody has parental authority."""
        yield partial(self._children, person)

    def estate(self, bsn: Bsn) -> Iterator[Question]:
        """Ask who acts for what somebody left."""
        self.left.add(bsn)
        yield partial(self._estate, bsn)

    def held_by(self, register: Holds, holder: Holder) -> Iterator[Question]:
        """Ask for whom somebody is registered as acting: who they are is added to `held`."""
        yield partial(self._held, register, holder)

    def by_court(self, bsn: Bsn) -> ByCourt | None:
        """Return what follows from the orders about somebody; None when a register was silent."""
        if bsn not in self.measures or bsn not in self.people:
            return None
        registered = self.people[bsn]
        died_on = None if registered is None else registered.deceased_on
        return by_court(self.measures[bsn], self.now, died_on)

    def may_be_minor(self, bsn: Bsn) -> bool:
        """Tell whether somebody was heard of who is not surely an adult."""
        found = self.people.get(bsn)
        on = self.now.astimezone(AMSTERDAM).date()
        return found is not None and not found.birth_date.is_at_least(MAJORITY, on)

    def partly(self) -> Iterator[Holder]:
        """Return those over whom the law may give more than was told, because a register was silent."""
        for child in self.minors:
            told = self.parental.get(child)
            if told is None or told.outcome.gap is Gap.SOURCE_SILENT:
                yield child
        for dead in self.left:
            if Rule.SOURCE_SILENT in self.estates.get(dead, SILENT).undetermined:
                yield dead
        for kvk, registration in self.organisations.items():
            if registration is not None and not registration.complete:
                yield kvk

    def authorities(self) -> Iterator[Authority]:
        """Return all that follows from what was heard, whoever holds it."""
        for parental in self.parental.values():
            yield from parental.authorities
        for bsn in self.measures:
            measured = self.by_court(bsn)
            yield from () if measured is None else measured.acting.authorities
        for estate in self.estates.values():
            yield from estate.authorities
        for registration in self.organisations.values():
            yield from () if registration is None else registration.acting.authorities

    async def _person(self, bsn: Bsn) -> None:
        self.people[bsn] = await self.registers.population.find(bsn)

    async def _measures(self, bsn: Bsn) -> None:
        self.measures[bsn] = await self.registers.legal.courts.find(bsn)

    async def _organisation(self, kvk: KvkNumber) -> None:
        self.organisations[kvk] = await self.registers.legal.registration(kvk, self.now)

    async def _over_child(self, child: Bsn) -> None:
        self.parental[child] = await self.registers.parental.over(child, self.now)

    async def _children(self, person: Bsn) -> None:
        found = await self.registers.parental.of(person, self.now)
        self.parental.update((each.outcome.child, each) for each in found.found)

    async def _estate(self, bsn: Bsn) -> None:
        self.estates[bsn] = await self.registers.legal.for_estate(bsn, self.now)

    async def _held(self, register: Holds, holder: Holder) -> None:
        found, _ = await all_held(register, holder)
        self.held.update(found)
