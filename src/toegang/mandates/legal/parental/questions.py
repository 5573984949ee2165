"""The questions of the flow, one function each, by the names of the published flow (GEZAG-v1.1 and on).

A question answers from the case and from whom the questions before it left over. What it cannot answer
surely is a gap, and ends the flow. Nothing depends on which parent stands first, but what a court said.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from toegang.mandates.legal.parental.case import before, begun, is_adult
from toegang.mandates.legal.parental.outcome import Gap
from toegang.registers.families import Award, Deed, End, PartialDate

if TYPE_CHECKING:
    from toegang.identity.numbers import Bsn
    from toegang.mandates.legal.parental.case import Case
    from toegang.registers.families import Parent, Record, Union

PAIR: Final = 2


class Answer(enum.StrEnum):
    """Every answer that a question can have."""

    YES = "yes"
    NO = "no"
    NEVER = "never"  # not since the child was born
    ADULT = "adult"
    DECEASED = "deceased"
    NONE = "none"
    ONE = "one"
    TWO = "two"
    AFTER = "after"
    BEFORE = "before"
    ONE_AND_THIRD = "one-and-third"
    PARENT = "parent"
    THIRD = "third"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whom authority may come to: parents, thirds, and how many thirds the register does not name.

    `weighed` are all others whose records were looked at on the way.
    """

    parents: frozenset[Bsn] = field(default=frozenset(), repr=False)
    thirds: frozenset[Bsn] = field(default=frozenset(), repr=False)
    unnamed: int = 0
    since: date | None = None
    weighed: frozenset[Bsn] = field(default=frozenset(), repr=False)


Found: TypeAlias = tuple[Answer, Who] | Gap
"""An answer and whom it leaves, or why there is none."""


def lives_here(case: Case, who: Who) -> Found:
    """GEZAG-v1.1: whether the child is registered as a resident."""
    return (Answer.YES, who) if case.child.resident else Gap.NOT_RESIDENT


def is_minor(case: Case, who: Who) -> Found:
    """GEZAG-v1.2: whether the child is a minor, and alive (BW-1:233)."""
    if begun(case.child.deceased, case.on):
        return Answer.DECEASED, who
    adult = is_adult(case.child, case.on)
    if adult is None:
        return Gap.AGE_UNCERTAIN
    return (Answer.ADULT if adult else Answer.YES), who


def has_emigrated(case: Case, who: Who) -> Found:
    """GEZAG-v1.3: whether a child that was born here has lived abroad."""
    if case.child.native is None:
        return Gap.BIRTH_COUNTRY_UNKNOWN
    return Gap.HAS_LIVED_ABROAD if case.child.native and case.child.settled else (Answer.NO, who)


def is_born_abroad(case: Case, who: Who) -> Found:
    """GEZAG-v1.3a: whether it was born abroad."""
    return (Answer.NO if case.child.native else Answer.YES), who


def is_adopted_here(case: Case, who: Who) -> Found:
    """GEZAG-v1.3b: whether it was adopted by a Dutch deed."""
    adopters = case.adopters()
    if isinstance(adopters, Gap):
        return adopters
    return (Answer.YES, who) if adopters else Gap.BORN_ABROAD


def has_ruling(case: Case, who: Who) -> Found:
    """GEZAG-v1.4: whether a court decided on authority."""
    ruling = case.ruling()
    if isinstance(ruling, Gap):
        return ruling
    if ruling is not None and ruling.award is Award.UNREADABLE:
        return Gap.RULING_UNREADABLE
    return (Answer.NO if ruling is None else Answer.YES), who


def is_overtaken(case: Case, who: Who) -> Found:
    """GEZAG-v3.1: whether something happened since, by which it follows from the law again."""
    ruling = case.ruling()
    if ruling is None or isinstance(ruling, Gap) or ruling.since is None:
        return Gap.RULING_WITHOUT_DATE
    named = [parent for parent in case.parents if parent.named]
    if ruling.award is Award.BOTH and len(named) < PAIR:
        return Answer.YES, who
    adopted = _adopted_since(case, ruling.since)
    if isinstance(adopted, Gap):
        return adopted
    if adopted:
        return Answer.YES, who
    to_one = ruling.award in {Award.FIRST, Award.SECOND} and len(named) == PAIR
    return _married_since(case, who, ruling.since) if to_one else (Answer.NO, who)


def _adopted_since(case: Case, ruled: PartialDate) -> bool | Gap:
    adopters = case.adopters()
    if isinstance(adopters, Gap):
        return adopters
    earlier = [None if parent.since is None else before(parent.since, ruled) for parent in adopters]
    if False in earlier:
        return True
    return Gap.DATES_INCOMPLETE if None in earlier else False


def _married_since(case: Case, who: Who, ruled: PartialDate) -> Found:
    """Tell whether two parents married each other again after a court gave authority to one (BW-1:251)."""
    records = [record for parent in case.parents if (record := case.record(parent.bsn)) is not None]
    if len(records) < PAIR:
        # A marriage to who is not registered may be one to the other parent.
        parents = {None, *(parent.bsn for parent in case.parents)}
        possible = [union for record in records for union in record.unions if union.partner in parents]
        return Gap.MARRIED_AFTER_RULING if any(_not_before(u, ruled) for u in possible) else (Answer.NO, who)
    unions = case.unions(*records)
    if isinstance(unions, Gap):
        return unions
    later = [union for union in unions if _not_before(union, ruled)]
    if not later:
        return Answer.NO, who
    earlier = [union for union in unions if union not in later]
    again = all(
        union.ended is None
        and before(union.began, ruled) is False
        and any(_parted_before(one, union) for one in earlier)
        for union in later
    )
    # A first marriage after the ruling, or one that ended: the flow keeps to the ruling, the law does not.
    return (Answer.YES, who) if again else Gap.MARRIED_AFTER_RULING


def _parted_before(one: Union, other: Union) -> bool:
    """Tell whether a divorce ended one before the other began; what became another union ended by none."""
    return one.ended is not None and one.end is End.DIVORCE and before(one.ended, other.began) is True


def _not_before(union: Union, ruled: PartialDate) -> bool:
    return before(union.began, ruled) is not True


def awarded(case: Case, who: Who) -> Found:
    """GEZAG-v3.2: to whom the court gave it."""
    ruling = case.ruling()
    if ruling is None or isinstance(ruling, Gap) or ruling.since is None:
        return Gap.RULING_WITHOUT_DATE
    answer, places = _AWARDS[ruling.award]
    parents = [case.child.first if place == Award.FIRST else case.child.second for place in places]
    if any(parent is None or not parent.named for parent in parents):
        return Gap.RULING_CONTRADICTS_RECORD
    if case.is_one_parent_twice():
        return Gap.RECORDS_CONTRADICT
    wrong = _named_before_parenthood([each for each in parents if each is not None], ruling.since)
    if wrong is not None:
        return wrong
    named = frozenset(parent.bsn for parent in parents if parent is not None and parent.bsn is not None)
    if len(named) < len(places):
        return Gap.PARENT_NOT_REGISTERED
    family = {case.child.bsn, *(parent.bsn for parent in case.parents)}
    if ruling.thirds & family or (places and len(ruling.thirds) > 1) or len(ruling.thirds) > PAIR:
        return Gap.RULING_CONTRADICTS_RECORD
    if answer in {Answer.ONE, Answer.TWO}:
        return answer, replace(who, parents=named, since=ruling.since.latest())
    # Whose record is not there is as good as not named: nobody can tell whether they live.
    seen = frozenset(third for third in ruling.thirds if third in case.people)
    unnamed = max(len(ruling.thirds), 1) - len(seen)
    found = replace(who, parents=named, thirds=seen, unnamed=unnamed, since=ruling.since.latest())
    return answer, found


def _named_before_parenthood(parents: list[Parent], ruled: PartialDate) -> Gap | None:
    """Refuse a ruling about who came to stand in its place only later: it names places, not people."""
    earlier = [None if parent.since is None else before(ruled, parent.since) for parent in parents]
    if True in earlier:
        return Gap.RULING_CONTRADICTS_RECORD
    return Gap.DATES_INCOMPLETE if None in earlier else None


_AWARDS: Final[dict[Award, tuple[Answer, tuple[Award, ...]]]] = {
    Award.FIRST: (Answer.ONE, (Award.FIRST,)),
    Award.SECOND: (Answer.ONE, (Award.SECOND,)),
    Award.BOTH: (Answer.TWO, (Award.FIRST, Award.SECOND)),
    Award.FIRST_AND_THIRD: (Answer.ONE_AND_THIRD, (Award.FIRST,)),
    Award.SECOND_AND_THIRD: (Answer.ONE_AND_THIRD, (Award.SECOND,)),
    Award.THIRD: (Answer.THIRD, ()),
}


def how_many_parents(case: Case, who: Who) -> Found:
    """GEZAG-v2.1: how many legal parents there are (BW-1:198, BW-1:199)."""
    if any(not parent.named for parent in case.parents):
        return Gap.PARENT_UNKNOWN
    if case.is_one_parent_twice():
        return Gap.RECORDS_CONTRADICT
    named = frozenset(parent.bsn for parent in case.parents if parent.bsn is not None)
    answer = (Answer.NONE, Answer.ONE, Answer.TWO)[len(case.parents)]
    return answer, replace(who, parents=named)


def are_married(case: Case, who: Who) -> Found:
    """GEZAG-v2a.1: whether the parents are married or partners, or were so since the birth (BW-1:251)."""
    records = records_of(case, who)
    if isinstance(records, Gap):
        return records
    unions = case.unions(*records)
    if isinstance(unions, Gap):
        return unions
    if unions and is_born_in_other_union(case, records):
        return Gap.BORN_IN_OTHER_UNION
    if any(union.ended is None for union in unions):
        alive = not any(begun(record.deceased, case.on) for record in records)
        return (Answer.YES if alive else Answer.NO), who
    lasted = [_lasted_until_birth(union, case.child) for union in unions]
    if True in lasted:
        return Answer.NO, who
    return Gap.DATES_INCOMPLETE if None in lasted else (Answer.NEVER, who)


def is_born_in_other_union(case: Case, records: tuple[Record, ...]) -> bool:
    """Tell whether a parent may have had authority with a spouse who is no parent (BW-1:253sa).

    Only where the other parent came later, and neither adopted it nor followed upon a denial.
    """
    born = case.child.born
    came = {
        parent.bsn: None if parent.since is None else before(born, parent.since) for parent in case.parents
    }
    if all(later is False for later in came.values()) or case.child.deeds & {Deed.DENIAL, Deed.ADOPTION}:
        return False
    return any(
        covers(union, born) is not False
        for record in records
        if came[record.bsn] is not True
        for union in record.unions
        if union.partner not in came
    )


def _lasted_until_birth(union: Union, child: Record) -> bool | None:
    """Tell whether no divorce ended it before the birth; who dies before it stays a parent (BW-1:199)."""
    if union.ended is None or union.end is End.DEATH:
        return True
    ended = before(union.ended, child.born)
    return None if ended is None else not ended


def is_born_in_union(case: Case, who: Who) -> Found:
    """GEZAG-v2b.1: whether it was born while its only parent was the spouse of another (BW-1:253sa)."""
    records = records_of(case, who)
    if isinstance(records, Gap):
        return records
    if Deed.DENIAL in case.child.deeds:
        return Answer.NO, who
    lasting = [(union, covers(union, case.child.born)) for union in records[0].unions]
    if all(covered is False for _, covered in lasting):
        return Answer.NO, who
    later = _became_parent_later(case)
    if later is not False:
        return (Answer.NO, who) if later else Gap.DATES_INCOMPLETE
    if any(covered is None for _, covered in lasting):
        return Gap.DATES_INCOMPLETE
    partners = {union.partner for union, covered in lasting if covered}
    if len(partners) > 1:
        return Gap.RECORDS_CONTRADICT
    (partner,) = partners
    other = case.record(partner)
    if partner is None or other is None:
        return Gap.PARTNER_NOT_REGISTERED
    unions = case.unions(records[0], other)
    return unions if isinstance(unions, Gap) else (Answer.YES, replace(who, thirds=frozenset({partner})))


def _became_parent_later(case: Case) -> bool | None:
    """Tell whether its only parent adopted it after its birth, so that nobody's marriage mattered at that."""
    (parent,) = case.parents
    born_to = None if parent.since is None else before(case.child.born, parent.since)
    if born_to is False:
        return False
    return True if born_to and Deed.ADOPTION in parent.deeds else None


def covers(union: Union, born: PartialDate) -> bool | None:
    """Tell whether a union began before a birth and had not ended; None when it could be either way."""
    begins, ends = before(union.began, born), True if union.ended is None else before(born, union.ended)
    if before(born, union.began) or (union.ended is not None and before(union.ended, born)):
        return False
    return True if begins and ends else None


def are_parents_able(case: Case, who: Who) -> Found:
    """GEZAG-v4a.2: how many of both parents are dead, minors or under curatele (BW-1:246, BW-1:253f)."""
    able = _able(case, who.parents)
    if isinstance(able, Gap):
        return able
    return (Answer.BOTH, Answer.ONE, Answer.NO)[len(able)], replace(who, parents=able)


def is_parent_able(case: Case, who: Who) -> Found:
    """GEZAG-v4a.3: whether the parent is dead, a minor or under curatele (BW-1:246)."""
    able = _able(case, who.parents)
    if isinstance(able, Gap):
        return able
    return (Answer.NO if able else Answer.YES), replace(who, parents=able)


def is_pair_able(case: Case, who: Who) -> Found:
    """GEZAG-v4b.1: whether parent or third is dead, a minor or under curatele (BW-1:253x)."""
    parent, third = _able(case, who.parents), _able(case, who.thirds)
    if isinstance(parent, Gap):
        return parent
    if isinstance(third, Gap):
        return third
    left = replace(who, parents=parent, thirds=third, weighed=who.weighed | who.thirds)
    remains = bool(third) or who.unnamed > 0
    if parent:
        return (Answer.NO if remains else Answer.THIRD), left
    return (Answer.PARENT if remains else Answer.BOTH), left


def are_guardians_able(case: Case, who: Who) -> Found:
    """BW-1:246: whether all guardians whom the register names are dead, minors or under curatele."""
    able = _able(case, who.thirds)
    if isinstance(able, Gap):
        return able
    left = replace(who, thirds=able, weighed=who.weighed | who.thirds)
    return (Answer.NO if able or who.unnamed else Answer.YES), left


def _able(case: Case, people: frozenset[Bsn]) -> frozenset[Bsn] | Gap:
    """Return who can have authority; a gap where that cannot be told of one of them."""
    able = set()
    for bsn in people:
        record = case.record(bsn)
        if record is None:
            return Gap.PARENT_NOT_REGISTERED
        why = case.unable(record)
        if isinstance(why, Gap):
            return why
        if why is None:
            able.add(bsn)
    return frozenset(able)


def records_of(case: Case, who: Who) -> tuple[Record, ...] | Gap:
    """Return the records of all legal parents; a gap where one of them is not registered here."""
    found = tuple(
        record for bsn in sorted(who.parents, key=lambda bsn: bsn.digits) if (record := case.record(bsn))
    )
    return found if len(found) == len(case.parents) else Gap.PARENT_NOT_REGISTERED
