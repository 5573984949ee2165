"""A made-up family, to change one fact at a time: Mila, born in 2020, of Anna and Bram, who are married."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from toegang.identity.numbers import Bsn
from toegang.mandates.legal.parental.case import Case
from toegang.registers.families import (
    Award,
    Deed,
    End,
    Parent,
    PartialDate,
    Record,
    Ruling,
    Sex,
    Union,
)


def number(head: int) -> Bsn:
    """Return the nth made-up number that passes the eleven test."""
    found = (Bsn.parse(digits) for digits in map(str, range(999_970_000, 999_999_999)) if passes(digits))
    return next(bsn for index, bsn in enumerate(found) if index == head)


def passes(digits: str) -> bool:
    """Tell whether nine digits pass the eleven test."""
    weighed = sum(
        int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)
    )
    return weighed % 11 == 0


MILA, ANNA, BRAM, CARO, DIRK, EVA = map(number, range(6))
TODAY = date(2026, 11, 26)


def day(text: str) -> PartialDate:
    """Read a date of which parts may be unknown."""
    return PartialDate.parse(text)


BORN = day("2020-05-04")


def grown(bsn: Bsn, **changes: Any) -> Record:  # noqa: ANN401 (each field has its own type)
    """Return an adult who lives here."""
    return replace(Record(bsn=bsn, born=day("1990-02-03"), native=True, resident=True), **changes)


def parent(bsn: Bsn | None, sex: Sex = Sex.UNKNOWN, **changes: Any) -> Parent:  # noqa: ANN401 (the same)
    """Return a legal parent since the birth."""
    usual = Parent(bsn=bsn, named=True, sex=sex, since=BORN, deeds=frozenset({Deed.BIRTH}))
    return replace(usual, **changes)


def married(partner: Bsn | None, began: str = "2018-06-01", ended: str = "", end: End | None = None) -> Union:
    """Return a marriage, of which the end is by divorce."""
    return Union(
        partner=partner,
        began=day(began),
        ended=day(ended) if ended else None,
        end=(end or End.DIVORCE) if ended else None,
    )


def ruled(award: Award, since: str = "2022-01-10", *thirds: Bsn) -> Ruling:
    """Return a ruling of a court."""
    return Ruling(award=award, since=day(since) if since else None, thirds=frozenset(thirds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A family of which any record can be changed."""

    child: Record
    others: tuple[Record, ...] = field(default=())

    def about(self, bsn: Bsn, **changes: Any) -> Household:  # noqa: ANN401 (the same)
        """Change what is registered of somebody."""
        if bsn == self.child.bsn:
            return replace(self, child=replace(self.child, **changes))
        others = tuple(replace(each, **changes) if each.bsn == bsn else each for each in self.others)
        return replace(self, others=others)

    def without(self, bsn: Bsn) -> Household:
        """Take somebody's record out of the register."""
        return replace(self, others=tuple(each for each in self.others if each.bsn != bsn))

    def with_(self, *records: Record) -> Household:
        """Add people."""
        return replace(self, others=(*self.others, *records))

    def wed(self, *unions: tuple[str, str], to: Bsn | None = None) -> Household:
        """Give Anna and Bram, or `to`, these marriages to each other, and no others; an empty end lasts."""
        other = to or BRAM
        return self.about(ANNA, unions=tuple(married(other, *each) for each in unions)).about(
            other, unions=tuple(married(ANNA, *each) for each in unions)
        )

    def adopted(self, *, by: tuple[Bsn, ...] = (), **changes: Any) -> Household:  # noqa: ANN401 (the same)
        """Let the child be adopted: by both parents, or by whom of them."""
        found = self.about(MILA, deeds=self.child.deeds | {Deed.ADOPTION})
        for place in ("first", "second"):
            one = getattr(found.child, place)
            if one is not None and (not by or one.bsn in by):
                deeds = one.deeds | {Deed.ADOPTION}
                found = found.about(MILA, **{place: replace(one, deeds=deeds, **changes)})
        return found

    def swapped(self) -> Household:
        """Let the parents change places, and what a court said of the places with them."""
        turned = {
            Award.FIRST: Award.SECOND,
            Award.SECOND: Award.FIRST,
            Award.FIRST_AND_THIRD: Award.SECOND_AND_THIRD,
            Award.SECOND_AND_THIRD: Award.FIRST_AND_THIRD,
        }
        rulings = tuple(
            replace(each, award=turned.get(each.award, each.award)) for each in self.child.rulings
        )
        return self.about(self.child.bsn, first=self.child.second, second=self.child.first, rulings=rulings)

    def case(self, on: date = TODAY) -> Case:
        """Put the case of the child on a day."""
        people = {record.bsn: record for record in (self.child, *self.others)}
        return Case(child=self.child, people=people, on=on)


FAMILY = Household(
    child=Record(
        bsn=MILA,
        born=BORN,
        native=True,
        resident=True,
        deeds=frozenset({Deed.BIRTH}),
        first=parent(ANNA, Sex.FEMALE),
        second=parent(BRAM, Sex.MALE),
    ),
    others=(grown(ANNA, unions=(married(BRAM),)), grown(BRAM, unions=(married(ANNA),))),
)
UNMARRIED = FAMILY.wed()
RECOGNISED = UNMARRIED.about(
    MILA,
    deeds=frozenset({Deed.BIRTH, Deed.RECOGNITION}),
    second=parent(BRAM, Sex.MALE, deeds=frozenset({Deed.RECOGNITION}), since=day("2020-05-06")),
)
RECOGNISED_LATER = RECOGNISED.about(
    MILA, second=parent(BRAM, Sex.MALE, deeds=frozenset({Deed.RECOGNITION}), since=day("2023-01-01"))
)
ONE_PARENT = UNMARRIED.about(MILA, second=None).without(BRAM)
DUO = ONE_PARENT.about(ANNA, unions=(married(CARO),)).with_(grown(CARO, unions=(married(ANNA),)))
