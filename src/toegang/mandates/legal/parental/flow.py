"""The published decision flow as one table: question and answer lead to the next question, or to an outcome.

What the table does not have leads to *undetermined*, and so does every gap: nothing else is the default.
"""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.mandates.legal.parental import questions, recognition
from toegang.mandates.legal.parental.outcome import Gap, Kind, Outcome
from toegang.mandates.legal.parental.questions import Answer, Who

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toegang.identity.numbers import Bsn
    from toegang.mandates.legal.parental.case import Case
    from toegang.mandates.legal.parental.questions import Found


class Question(enum.StrEnum):
    """The questions, by their names in the published flow; the last is ours, for guardians who are named."""

    LIVES_HERE = "v1.1"
    IS_MINOR = "v1.2"
    HAS_EMIGRATED = "v1.3"
    IS_BORN_ABROAD = "v1.3a"
    IS_ADOPTED_HERE = "v1.3b"
    HAS_RULING = "v1.4"
    HOW_MANY_PARENTS = "v2.1"
    ARE_MARRIED = "v2a.1"
    ARE_ADOPTERS = "v2a.2"
    WHEN_RECOGNISED = "v2a.3"
    IS_BORN_IN_UNION = "v2b.1"
    IS_OVERTAKEN = "v3.1"
    AWARDED = "v3.2"
    ARE_PARENTS_ABLE = "v4a.2"
    IS_PARENT_ABLE = "v4a.3"
    IS_PAIR_ABLE = "v4b.1"
    ARE_GUARDIANS_ABLE = "guardians"


ASKED: Final[Mapping[Question, Callable[[Case, Who], Found]]] = MappingProxyType(
    {
        Question.LIVES_HERE: questions.lives_here,
        Question.IS_MINOR: questions.is_minor,
        Question.HAS_EMIGRATED: questions.has_emigrated,
        Question.IS_BORN_ABROAD: questions.is_born_abroad,
        Question.IS_ADOPTED_HERE: questions.is_adopted_here,
        Question.HAS_RULING: questions.has_ruling,
        Question.HOW_MANY_PARENTS: questions.how_many_parents,
        Question.ARE_MARRIED: questions.are_married,
        Question.ARE_ADOPTERS: recognition.are_adopters,
        Question.WHEN_RECOGNISED: recognition.when_recognised,
        Question.IS_BORN_IN_UNION: questions.is_born_in_union,
        Question.IS_OVERTAKEN: questions.is_overtaken,
        Question.AWARDED: questions.awarded,
        Question.ARE_PARENTS_ABLE: questions.are_parents_able,
        Question.IS_PARENT_ABLE: questions.is_parent_able,
        Question.IS_PAIR_ABLE: questions.is_pair_able,
        Question.ARE_GUARDIANS_ABLE: questions.are_guardians_able,
    }
)

FIRST: Final = Question.LIVES_HERE

FLOW: Final[Mapping[tuple[Question, Answer], Question | Kind]] = MappingProxyType(
    {
        (Question.LIVES_HERE, Answer.YES): Question.IS_MINOR,
        (Question.IS_MINOR, Answer.ADULT): Kind.NOT_APPLICABLE,
        (Question.IS_MINOR, Answer.DECEASED): Kind.NOT_APPLICABLE,
        (Question.IS_MINOR, Answer.YES): Question.HAS_EMIGRATED,
        (Question.HAS_EMIGRATED, Answer.NO): Question.IS_BORN_ABROAD,
        (Question.IS_BORN_ABROAD, Answer.NO): Question.HAS_RULING,
        (Question.IS_BORN_ABROAD, Answer.YES): Question.IS_ADOPTED_HERE,
        (Question.IS_ADOPTED_HERE, Answer.YES): Question.HAS_RULING,
        (Question.HAS_RULING, Answer.YES): Question.IS_OVERTAKEN,
        (Question.HAS_RULING, Answer.NO): Question.HOW_MANY_PARENTS,
        (Question.IS_OVERTAKEN, Answer.YES): Question.HOW_MANY_PARENTS,
        (Question.IS_OVERTAKEN, Answer.NO): Question.AWARDED,
        (Question.AWARDED, Answer.TWO): Question.ARE_PARENTS_ABLE,
        (Question.AWARDED, Answer.ONE): Question.IS_PARENT_ABLE,
        (Question.AWARDED, Answer.ONE_AND_THIRD): Question.IS_PAIR_ABLE,
        (Question.AWARDED, Answer.THIRD): Question.ARE_GUARDIANS_ABLE,
        (Question.HOW_MANY_PARENTS, Answer.NONE): Kind.NONE_FOR_NOW,
        (Question.HOW_MANY_PARENTS, Answer.ONE): Question.IS_BORN_IN_UNION,
        (Question.HOW_MANY_PARENTS, Answer.TWO): Question.ARE_MARRIED,
        (Question.ARE_MARRIED, Answer.YES): Question.ARE_PARENTS_ABLE,
        (Question.ARE_MARRIED, Answer.NO): Question.ARE_PARENTS_ABLE,
        (Question.ARE_MARRIED, Answer.NEVER): Question.ARE_ADOPTERS,
        (Question.ARE_ADOPTERS, Answer.YES): Question.ARE_PARENTS_ABLE,
        (Question.ARE_ADOPTERS, Answer.NO): Question.WHEN_RECOGNISED,
        (Question.WHEN_RECOGNISED, Answer.AFTER): Question.ARE_PARENTS_ABLE,
        (Question.WHEN_RECOGNISED, Answer.BEFORE): Question.IS_PARENT_ABLE,
        (Question.IS_BORN_IN_UNION, Answer.YES): Question.IS_PAIR_ABLE,
        (Question.IS_BORN_IN_UNION, Answer.NO): Question.IS_PARENT_ABLE,
        (Question.ARE_PARENTS_ABLE, Answer.NO): Kind.JOINT,
        (Question.ARE_PARENTS_ABLE, Answer.ONE): Kind.SOLE,
        (Question.ARE_PARENTS_ABLE, Answer.BOTH): Kind.NONE_FOR_NOW,
        (Question.IS_PARENT_ABLE, Answer.NO): Kind.SOLE,
        (Question.IS_PARENT_ABLE, Answer.YES): Kind.NONE_FOR_NOW,
        (Question.IS_PAIR_ABLE, Answer.NO): Kind.WITH_THIRD,
        (Question.IS_PAIR_ABLE, Answer.THIRD): Kind.SOLE,
        (Question.IS_PAIR_ABLE, Answer.PARENT): Kind.GUARDIANSHIP,
        (Question.IS_PAIR_ABLE, Answer.BOTH): Kind.NONE_FOR_NOW,
        (Question.ARE_GUARDIANS_ABLE, Answer.NO): Kind.GUARDIANSHIP,
        (Question.ARE_GUARDIANS_ABLE, Answer.YES): Kind.NONE_FOR_NOW,
    }
)


def determine(case: Case) -> Outcome:
    """Follow the flow from its first question: who has authority over this child, on this day.

    The same facts give the same outcome, in whatever order they arrived and whichever parent stands first.
    """
    question, who = FIRST, Who()
    reasons: list[str] = []
    while True:
        found = ASKED[question](case, who)
        if isinstance(found, Gap):
            return _undetermined(case, found, (*reasons, f"{question} {found}"))
        answer, who = found
        reasons.append(f"{question} {answer}")
        after = FLOW[question, answer]
        if isinstance(after, Kind):
            return _outcome(case, after, who, tuple(reasons))
        question = after


def _undetermined(case: Case, gap: Gap, reasons: tuple[str, ...]) -> Outcome:
    return Outcome(
        child=case.child.bsn,
        kind=Kind.UNDETERMINED,
        investigated=_investigated(case, frozenset()),
        reasons=reasons,
        gap=gap,
    )


def _outcome(case: Case, kind: Kind, who: Who, reasons: tuple[str, ...]) -> Outcome:
    held = kind not in {Kind.NONE_FOR_NOW, Kind.NOT_APPLICABLE}
    holders = who.parents | who.thirds if held else frozenset()
    return Outcome(
        child=case.child.bsn,
        kind=kind,
        holders=holders,
        unnamed=who.unnamed if held else 0,
        since=who.since if held else None,
        investigated=_investigated(case, holders | who.weighed),
        reasons=reasons,
    )


def _investigated(case: Case, others: frozenset[Bsn]) -> bool:
    """Tell whether the register looks into the record of the child, a parent, or anybody else it rests on."""
    people = others.union(parent.bsn for parent in case.parents if parent.bsn is not None)
    records = [case.people[bsn] for bsn in people if bsn in case.people]
    return any(record.investigated for record in (case.child, *records))
