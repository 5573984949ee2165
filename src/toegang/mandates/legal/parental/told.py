"""The register's own answer as an outcome, and nothing more of it than we would have derived ourselves."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.mandates.legal.parental.outcome import Gap, Kind, Outcome
from toegang.mandates.party import MAJORITY
from toegang.registers.custody import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from toegang.identity.numbers import Bsn
    from toegang.registers.custody import Custody

KINDS: Final[Mapping[Relation, Kind]] = MappingProxyType(
    {
        Relation.JOINT: Kind.JOINT,
        Relation.SOLE: Kind.SOLE,
        Relation.WITH_THIRD: Kind.WITH_THIRD,
        Relation.GUARDIANSHIP: Kind.GUARDIANSHIP,
        Relation.NONE_FOR_NOW: Kind.NONE_FOR_NOW,
        Relation.UNDETERMINED: Kind.UNDETERMINED,
    }
)


def outcome_of(custody: Custody, on: date) -> Outcome:
    """Read one relation; who may be an adult by now is not a minor any more, whatever was said (BW-1:233)."""
    reasons = (f"register {custody.relation}",)
    if custody.born is None:
        return _undetermined(custody, Gap.AGE_UNCERTAIN, reasons)
    if custody.born.is_at_least(MAJORITY, on):
        return Outcome(child=custody.child, kind=Kind.NOT_APPLICABLE, reasons=(*reasons, "v1.2 adult"))
    if custody.born.may_be(MAJORITY, on):
        return _undetermined(custody, Gap.AGE_UNCERTAIN, reasons)
    kind = KINDS[custody.relation]
    if kind is Kind.UNDETERMINED:
        return _undetermined(custody, Gap.SAID_BY_REGISTER, reasons)
    return Outcome(
        child=custody.child,
        kind=kind,
        holders=custody.holders,
        unnamed=custody.unnamed,
        investigated=custody.investigated,
        reasons=reasons,
    )


def over(child: Bsn, found: tuple[Custody, ...], on: date) -> Outcome:
    """Return the outcome over a child: of none it does not apply, of two that differ nobody can tell."""
    said = [each for each in found if each.child == child]
    outcomes = {outcome_of(each, on) for each in said}
    if not outcomes:
        return Outcome(child=child, kind=Kind.NOT_APPLICABLE, reasons=("register none",))
    if len(outcomes) > 1 or len({each.born for each in said}) > 1:
        reasons = tuple(sorted(reason for each in outcomes for reason in each.reasons))
        return Outcome(child=child, kind=Kind.UNDETERMINED, reasons=reasons, gap=Gap.RECORDS_CONTRADICT)
    return outcomes.pop()


def _undetermined(custody: Custody, gap: Gap, reasons: tuple[str, ...]) -> Outcome:
    return Outcome(
        child=custody.child,
        kind=Kind.UNDETERMINED,
        investigated=custody.investigated,
        reasons=reasons,
        gap=gap,
    )
