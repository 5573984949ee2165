"""Authority over a minor, made of an outcome: for each holder whom the register names, until majority."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.mandates.legal.authority import EVERYTHING, Authority, Basis, Certainty, Together
from toegang.mandates.legal.derived import begins
from toegang.mandates.legal.parental.outcome import Kind
from toegang.mandates.party import MAJORITY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.mandates.legal.authority import Source
    from toegang.mandates.legal.parental.outcome import Outcome
    from toegang.registers.families import PartialDate

BASES: Final[Mapping[Kind, Basis]] = MappingProxyType(
    {
        Kind.JOINT: Basis.PARENTAL_JOINT,
        Kind.SOLE: Basis.PARENTAL_SOLE,
        Kind.WITH_THIRD: Basis.PARENTAL_WITH_THIRD,
        Kind.GUARDIANSHIP: Basis.GUARDIANSHIP,
    }
)
"""Every kind that gives somebody authority; what does not stand here gives nobody anything."""


def authorities(outcome: Outcome, born: PartialDate, source: Source) -> tuple[Authority, ...]:
    """Return what each named holder may do, in a fixed order.

    Each may act alone as long as no other objects (BW-1:253i); a service may ask for more (`others`).
    """
    basis = BASES.get(outcome.kind)
    if basis is None:
        return ()
    holders = sorted(outcome.holders, key=lambda bsn: bsn.digits)
    certainty = Certainty.UNDER_INVESTIGATION if outcome.investigated else Certainty.CERTAIN
    valid_from = None if outcome.since is None else begins(outcome.since)
    valid_until = majority(born)
    if valid_from is not None and valid_from >= valid_until:
        return ()
    return tuple(
        Authority(
            represented=outcome.child,
            holder=holder,
            basis=basis,
            powers=EVERYTHING,
            together=Together(others=outcome.holders - {holder}),
            valid_from=valid_from,
            valid_until=valid_until,
            source=source,
            certainty=certainty,
            reasons=outcome.reasons,
        )
        for holder in holders
    )


def majority(born: PartialDate) -> datetime:
    """Return the moment at which somebody may be an adult (BW-1:233): midnight in Amsterdam.

    The earliest possible birthday counts; who was born on 29 February has it on 1 March in other years.
    """
    earliest = born.earliest()
    year = earliest.year + MAJORITY
    try:
        birthday = earliest.replace(year=year)
    except ValueError:
        birthday = date(year, 3, 1)
    return begins(birthday)
