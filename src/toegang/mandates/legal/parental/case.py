"""The case of one child on one day: its record, those of its family, and which dates come first.

Dates may have unknown parts. What then could be either way is neither: a comparison that is not sure says so.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.mandates.legal.parental.outcome import Gap
from toegang.mandates.party import MAJORITY
from toegang.registers.families import Deed, End

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from toegang.identity.numbers import Bsn
    from toegang.registers.families import Parent, PartialDate, Record, Ruling, Union


class Unable(enum.StrEnum):
    """Why somebody cannot have authority over a child (BW-1:246)."""

    DECEASED = "deceased"
    CURATELE = "curatele"
    MINOR = "minor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A child, the records of those around it that the register gave, and the day (in Amsterdam)."""

    child: Record
    people: Mapping[Bsn, Record] = field(repr=False)
    on: date

    @property
    def parents(self) -> tuple[Parent, ...]:
        """Return the legal parents; of who is not named too."""
        return tuple(parent for parent in (self.child.first, self.child.second) if parent is not None)

    def is_one_parent_twice(self) -> bool:
        """Tell whether the record has one person for both parents."""
        numbers = [parent.bsn for parent in self.parents if parent.bsn is not None]
        return len(set(numbers)) < len(numbers)

    def adopters(self) -> tuple[Parent, ...] | Gap:
        """Return the parents by adoption (BW-1:229); none for who was never adopted.

        Of an adoption by whom is no parent now nobody knows what became of it (BW-1:231).
        """
        found = tuple(parent for parent in self.parents if Deed.ADOPTION in parent.deeds)
        return Gap.ADOPTION_UNCLEAR if (Deed.ADOPTION in self.child.deeds) is not bool(found) else found

    def record(self, bsn: Bsn | None) -> Record | None:
        """Return the record of who is registered as a resident, or was until death."""
        found = None if bsn is None else self.people.get(bsn)
        return found if found is not None and (found.resident or found.deceased is not None) else None

    def unable(self, record: Record) -> Unable | Gap | None:
        """Tell why somebody cannot have authority; None when they can (BW-1:246)."""
        if begun(record.deceased, self.on):
            return Unable.DECEASED
        if begun(record.curatele, self.on):
            return Unable.CURATELE
        adult = is_adult(record, self.on)
        if adult is None:
            return Gap.AGE_UNCERTAIN
        return None if adult else Unable.MINOR

    def unions(self, one: Record, other: Record) -> frozenset[Union] | Gap:
        """Return the marriages and partnerships between two people; each must stand on both records.

        On the record of who died nothing is changed any more: there the marriage seems to last.
        """
        died = one.deceased is not None or other.deceased is not None
        mine = {_terms(union, died=died): union for union in one.unions if union.partner == other.bsn}
        theirs = {_terms(union, died=died): union for union in other.unions if union.partner == one.bsn}
        deaths = [record.deceased for record in (one, other) if record.deceased is not None]
        ends = [union.ended for union in (*mine.values(), *theirs.values()) if union.end is End.DEATH]
        by_death = all(any(may_be_same(end, death) for death in deaths) for end in ends if end is not None)
        if mine.keys() != theirs.keys() or not by_death:
            return Gap.RECORDS_CONTRADICT
        return frozenset(theirs[terms] if union.ended is None else union for terms, union in mine.items())

    def ruling(self) -> Ruling | Gap | None:
        """Return the ruling that counts: the latest in force, whatever the order in which they arrived."""
        if any(ruling.since is None for ruling in self.child.rulings):
            return Gap.RULING_WITHOUT_DATE
        known = [(ruling, ruling.since) for ruling in self.child.rulings if ruling.since is not None]
        if any(since.earliest() <= self.on < since.latest() for _, since in known):
            return Gap.DATES_INCOMPLETE
        inforce = [(ruling, since) for ruling, since in known if since.latest() <= self.on]
        if not inforce:
            return None
        last = [
            ruling
            for ruling, since in inforce
            if all(same(ruling, other) or before(earlier, since) for other, earlier in inforce)
        ]
        return max(last, key=lambda ruling: str(ruling.since)) if last else Gap.RULINGS_CONTRADICT


def same(one: Ruling, other: Ruling) -> bool:
    """Tell whether two rulings give authority to the same people."""
    return (one.award, one.thirds) == (other.award, other.thirds)


def before(one: PartialDate, other: PartialDate) -> bool | None:
    """Tell whether one day surely comes before another; None when it could be either way."""
    if one.latest() < other.earliest():
        return True
    return False if one.earliest() >= other.latest() else None


def may_be_same(one: PartialDate, other: PartialDate) -> bool:
    """Tell whether two days can be one."""
    return one.earliest() <= other.latest() and other.earliest() <= one.latest()


def begun(since: PartialDate | None, on: date) -> bool:
    """Tell whether what takes authority away can have begun; the earliest possible day counts."""
    return since is not None and since.earliest() <= on


def is_adult(record: Record, on: date) -> bool | None:
    """Tell whether somebody is an adult (BW-1:233); None when it could be either way.

    A court can declare a minor mother to be adult (BW-1:253ha).
    """
    declared = record.declared_adult
    if record.born.is_at_least(MAJORITY, on) or (declared is not None and declared.latest() <= on):
        return True
    return None if record.born.may_be(MAJORITY, on) or begun(declared, on) else False


def _terms(union: Union, *, died: bool) -> tuple[str, str, str]:
    """Return what both records must say of a marriage; not its end by the death of one of the two."""
    ended = union.ended is not None and not (died and union.end is End.DEATH)
    return str(union.began), str(union.ended) if ended else "", union.end or "" if ended else ""
