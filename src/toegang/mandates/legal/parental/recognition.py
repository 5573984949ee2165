"""How parents who never married each other came to be parents: by adoption, or by recognition and when.

The published flow looks at the day of a recognition only. The law (BW-1:251b) also asks who had authority on
that day: where that was nobody, or the mother with another, recognition gives none. What of that the register
lets us see is a gap here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.mandates.legal.parental.case import before, begun, is_adult
from toegang.mandates.legal.parental.outcome import Gap
from toegang.mandates.legal.parental.questions import Answer, is_born_in_other_union, records_of
from toegang.registers.families import Deed, PartialDate, Sex

if TYPE_CHECKING:
    from toegang.mandates.legal.parental.case import Case
    from toegang.mandates.legal.parental.questions import Found, Who
    from toegang.registers.families import Parent, Record

RECOGNITION_CHANGED: Final = PartialDate(year=2023, month=1, day=1)
"""From this day on, who recognises a child has authority with its mother (BW-1:251b)."""

LONGEST_PREGNANCY: Final = timedelta(days=306)
"""By law (BW-1:199)."""


def are_adopters(case: Case, who: Who) -> Found:
    """GEZAG-v2a.2: whether they are its parents by adoption (BW-1:229).

    One of them may be the parent whose child the other adopted.
    """
    adopters = case.adopters()
    if isinstance(adopters, Gap):
        return adopters
    if not adopters:
        return Answer.NO, who
    # Whoever recognised a child that one person had adopted did not adopt it.
    others = [parent for parent in case.parents if parent not in adopters]
    later = [
        None if one.since is None or other.since is None else before(one.since, other.since)
        for other in others
        for one in adopters
    ]
    if None in later:
        return Gap.DATES_INCOMPLETE
    return (Answer.NO if True in later else Answer.YES), who


def when_recognised(case: Case, who: Who) -> Found:
    """GEZAG-v2a.3: whether it was recognised before 1 January 2023 (BW-1:251b)."""
    records = records_of(case, who)
    if isinstance(records, Gap):
        return records
    by_court = Deed.ESTABLISHED in case.child.deeds.union(*(parent.deeds for parent in case.parents))
    if not (by_court or case.child.deeds & {Deed.BIRTH, Deed.RECOGNITION}):
        return Gap.RECOGNITION_UNCLEAR
    earlier = {
        parent: None if parent.since is None else before(parent.since, RECOGNITION_CHANGED)
        for parent in case.parents
    }
    if None in earlier.values():
        return Gap.DATES_INCOMPLETE
    if is_born_in_other_union(case, records):
        return Gap.BORN_IN_OTHER_UNION
    since = [parent for parent, before_it in earlier.items() if not before_it]
    if since:
        return Gap.ESTABLISHED_BY_COURT if by_court else _recognised_since(case, who, since)
    mother = _gave_birth(case.parents)
    if mother is None or mother.bsn is None:
        return Gap.BIRTH_MOTHER_UNCLEAR
    return Answer.BEFORE, replace(who, parents=frozenset({mother.bsn}))


def _recognised_since(case: Case, who: Who, since: list[Parent]) -> Found:
    """Answer of who recognised since 2023; a gap where the mother had no authority then (BW-1:251b)."""
    recognised = [parent for parent in case.parents if Deed.RECOGNITION in parent.deeds]
    if (recognised and not any(parent in since for parent in recognised)) or len(recognised) > 1:
        return Gap.RECOGNITION_UNCLEAR
    if not recognised and _maybe_unborn_before(case):
        return Gap.RECOGNITION_UNCLEAR
    mother = _gave_birth(case.parents)
    on = recognised[0].since if recognised else case.child.born
    mothers = case.parents if mother is None else (mother,)
    if on is None or not all(_was_able(case.record(parent.bsn), on) for parent in mothers):
        return Gap.RECOGNISED_WITHOUT_AUTHORITY
    return Answer.AFTER, who


def _was_able(record: Record | None, on: PartialDate) -> bool:
    """Tell whether somebody surely lived, as an adult and not under curatele, on a day (BW-1:246)."""
    if record is None or begun(record.deceased, on.latest()) or begun(record.curatele, on.latest()):
        return False
    return is_adult(record, on.earliest()) is True


def _maybe_unborn_before(case: Case) -> bool:
    """Tell whether it can have been recognised before 2023 and before its birth, which no record says."""
    if Deed.RECOGNITION in case.child.deeds:
        return False
    return case.child.born.earliest() <= RECOGNITION_CHANGED.earliest() + LONGEST_PREGNANCY


def _gave_birth(parents: tuple[Parent, ...]) -> Parent | None:
    """Return who did not recognise; if that says nothing, the only woman (BW-1:198)."""
    recognised = [parent for parent in parents if parent.deeds & {Deed.RECOGNITION, Deed.ESTABLISHED}]
    others = [parent for parent in parents if parent not in recognised]
    if not recognised:
        others = [parent for parent in parents if parent.sex is Sex.FEMALE]
        if any(parent.sex is Sex.UNKNOWN for parent in parents):
            return None
    return others[0] if len(others) == 1 else None
