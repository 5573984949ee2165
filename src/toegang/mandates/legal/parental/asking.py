"""Asking who has authority over a minor, and over whom somebody has it: derived, or as the register says.

A register that does not answer gives nobody anything. Nothing is kept between questions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from toegang.errors import Unavailable
from toegang.mandates.legal.authority import Source
from toegang.mandates.legal.derived import today
from toegang.mandates.legal.parental import told
from toegang.mandates.legal.parental.case import Case
from toegang.mandates.legal.parental.flow import determine
from toegang.mandates.legal.parental.granting import authorities
from toegang.mandates.legal.parental.outcome import Gap, Kind, Outcome
from toegang.registers.families import MOST_ASKED, Record, Records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.mandates.legal.authority import Authority
    from toegang.registers.custody import Answers, CustodyRegister
    from toegang.registers.families import Families

MOST_CHILDREN: Final = 60
"""Children about whom is asked for one person; of who has more the rest is not found."""
REGISTER: Final = "population-register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parental:
    """Who has authority over one child: the outcome, and what it gives each holder whom a register names."""

    outcome: Outcome
    authorities: tuple[Authority, ...] = ()

    def of(self, holder: Bsn) -> tuple[Authority, ...]:
        """Return what this holder may rest on: what is certain."""
        return tuple(each for each in self.authorities if each.holder == holder and each.certain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """Over whom somebody has authority, or may have: one for each child, by number.

    `complete` is False when the register was silent, or there are more than are asked about.
    """

    found: tuple[Parental, ...] = field(default=())
    complete: bool = True


class ParentalAuthority(Protocol):
    """Tells who has parental authority, at a moment; silence of a register is never a yes."""

    async def over(self, child: Bsn, at: datetime) -> Parental:
        """Tell who has authority over a child."""
        ...

    async def of(self, person: Bsn, at: datetime) -> Children:
        """Tell over whom a person has authority, or why that cannot be told of a child of theirs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ByFlow:
    """Derives it from the records of the family, by the published flow."""

    families: Families

    async def over(self, child: Bsn, at: datetime) -> Parental:
        """Tell who has authority over a child."""
        try:
            records = await self._around(frozenset({child}))
        except Unavailable:
            return silent(child)
        return _derive(child, records, at)

    async def of(self, person: Bsn, at: datetime) -> Children:
        """Tell over whom a person has authority: children of their own or of a spouse, and wards."""
        try:
            own = await self.families.find(frozenset({person}))
            partners = {union.partner for record in own.people.values() for union in record.unions} - {None}
            theirs = await self._find(own, partners)
            listed = [bsn for record in theirs.people.values() for bsn in (*record.children, *record.wards)]
            candidates = sorted({*listed} - {person}, key=lambda bsn: bsn.digits)
            asked = frozenset(candidates[:MOST_CHILDREN])
            records = await self._around(asked) if asked else theirs
        except Unavailable:
            return Children(complete=False)
        found = [_derive(child, records, at) for child in candidates[:MOST_CHILDREN]]
        children = {child for record in own.people.values() for child in (*record.children, *record.wards)}
        return Children(
            found=tuple(each for each in found if _concerns(each.outcome, person, children)),
            complete=len(candidates) <= MOST_CHILDREN,
        )

    async def _around(self, children: frozenset[Bsn]) -> Records:
        """Return the records of children, of all who may have authority over them, and of their spouses."""
        records = await self._find(None, children)
        near = {bsn for record in records.people.values() for bsn in _near(record)}
        records = await self._find(records, near)
        # Only of a single parent does it matter whom they were married to.
        single = [record for record in records.people.values() if record.bsn in children and _single(record)]
        parents = {bsn for record in single for bsn in _near(record)}
        spouses = {
            union.partner
            for record in records.people.values()
            if record.bsn in parents
            for union in record.unions
        }
        return await self._find(records, spouses)

    async def _find(self, known: Records | None, people: Iterable[Bsn | None]) -> Records:
        """Add the records of people to those that are known, in as few questions as there can be."""
        found = {} if known is None else dict(known.people)
        missing = sorted(
            {bsn for bsn in people if bsn is not None and bsn not in found}, key=lambda bsn: bsn.digits
        )
        last = known
        for start in range(0, len(missing), MOST_ASKED):
            last = await self.families.find(frozenset(missing[start : start + MOST_ASKED]))
            found |= last.people
        if last is None:
            message = "nobody was asked about"
            raise ValueError(message)
        oldest = last if known is None else known
        return Records(people=found, as_of=oldest.as_of, source=oldest.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsRegistered:
    """Takes the register's own answer."""

    register: CustodyRegister

    async def over(self, child: Bsn, at: datetime) -> Parental:
        """Tell who has authority over a child."""
        answers = await self._answers(child)
        if answers is None:
            return silent(child)
        return _as_said(child, answers, child, at) if child in answers.about else _unknown(child)

    async def of(self, person: Bsn, at: datetime) -> Children:
        """Tell over whom a person has authority."""
        answers = await self._answers(person)
        if answers is None:
            return Children(complete=False)
        minors = {each.child for each in answers.about.get(person, ())} - {person}
        said = [_as_said(child, answers, person, at) for child in sorted(minors, key=lambda bsn: bsn.digits)]
        return Children(found=tuple(each for each in said if person in each.outcome.holders))

    async def _answers(self, about: Bsn) -> Answers | None:
        try:
            return await self.register.find(frozenset({about}))
        except Unavailable:
            return None


def _as_said(child: Bsn, answers: Answers, about: Bsn, at: datetime) -> Parental:
    """Return what was said of a child, when somebody was asked about."""
    found = [each for each in answers.about[about] if each.child == child]
    outcome = told.over(child, tuple(found), today(at))
    source = Source(register=REGISTER, reference="", retrieved_at=answers.as_of)
    born = found[0].born if found else None
    given = () if born is None else authorities(outcome, born, source)
    return Parental(outcome=outcome, authorities=given)


def silent(child: Bsn) -> Parental:
    """Return what follows when the register does not answer: nothing."""
    reasons = ("register silent",)
    outcome = Outcome(child=child, kind=Kind.UNDETERMINED, reasons=reasons, gap=Gap.SOURCE_SILENT)
    return Parental(outcome=outcome)


def _unknown(child: Bsn) -> Parental:
    outcome = Outcome(child=child, kind=Kind.UNDETERMINED, reasons=("register unknown",), gap=Gap.NOT_FOUND)
    return Parental(outcome=outcome)


def _derive(child: Bsn, records: Records, at: datetime) -> Parental:
    record = records.people.get(child)
    if record is None:
        return _unknown(child)
    on = today(at)
    outcome = determine(Case(child=record, people=records.people, on=on))
    source = Source(register=REGISTER, reference="", retrieved_at=records.as_of)
    return Parental(outcome=outcome, authorities=authorities(outcome, record.born, source))


def _concerns(outcome: Outcome, person: Bsn, children: set[Bsn]) -> bool:
    """Tell whether a person has it, or would like to know why it cannot be told of their own child."""
    return person in outcome.holders or (outcome.kind is Kind.UNDETERMINED and outcome.child in children)


def _near(record: Record) -> set[Bsn]:
    parents = {parent.bsn for parent in (record.first, record.second) if parent is not None}
    thirds = {third for ruling in record.rulings for third in ruling.thirds}
    return {bsn for bsn in parents | thirds if bsn is not None}


def _single(record: Record) -> bool:
    return (record.first is None) != (record.second is None)
