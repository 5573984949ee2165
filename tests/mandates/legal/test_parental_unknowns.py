"""Parental authority: whatever is known less of a family gives nobody anything that they did not have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mandates.legal.families import Household
from tests.mandates.legal.test_parental_flow import TOLD
from tests.mandates.legal.test_parental_properties import days, households
from toegang.mandates.legal.parental.flow import determine
from toegang.registers.families import Award, Parent, PartialDate, Record, Ruling, Sex, Union

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


def blurred(known: PartialDate | None) -> Iterator[PartialDate]:
    """Forget the day, the month as well, and all."""
    if known is None:
        return
    for year, month in ((known.year, known.month), (known.year, None), (None, None)):
        less = PartialDate(year=year, month=month, day=None)
        if less != known:
            yield less


def of_parent(parent: Parent | None) -> Iterator[Parent]:
    """Forget one thing of a parent."""
    if parent is None:
        return
    yield replace(parent, bsn=None)
    yield replace(parent, bsn=None, named=False)
    yield replace(parent, sex=Sex.UNKNOWN)
    yield replace(parent, since=None)
    yield from (replace(parent, since=less) for less in blurred(parent.since))


def of_union(union: Union) -> Iterator[Union]:
    """Forget one thing of a marriage."""
    yield replace(union, partner=None)
    yield replace(union, end=None)
    yield from (replace(union, began=less) for less in blurred(union.began))
    yield from (replace(union, ended=less) for less in blurred(union.ended))


def of_ruling(ruling: Ruling) -> Iterator[Ruling]:
    """Forget one thing of a ruling."""
    yield replace(ruling, award=Award.UNREADABLE)
    yield replace(ruling, since=None)
    yield replace(ruling, thirds=frozenset())
    yield from (replace(ruling, since=less) for less in blurred(ruling.since))


def of_record(record: Record) -> Iterator[Record]:
    """Forget one thing of a person."""
    yield replace(record, native=None)
    yield replace(record, resident=False)
    yield from (replace(record, born=less) for less in blurred(record.born))
    yield from (replace(record, deceased=less) for less in blurred(record.deceased))
    yield from (replace(record, curatele=less) for less in blurred(record.curatele))
    yield from (replace(record, declared_adult=less) for less in blurred(record.declared_adult))
    yield from (replace(record, settled=less) for less in blurred(record.settled))
    yield from (replace(record, first=less) for less in of_parent(record.first))
    yield from (replace(record, second=less) for less in of_parent(record.second))
    for place, union in enumerate(record.unions):
        others = record.unions[:place], record.unions[place + 1 :]
        yield from (replace(record, unions=(*others[0], less, *others[1])) for less in of_union(union))
    for place, ruling in enumerate(record.rulings):
        before, after = record.rulings[:place], record.rulings[place + 1 :]
        yield from (replace(record, rulings=(*before, less, *after)) for less in of_ruling(ruling))


def forgotten(family: Household) -> Iterator[Household]:
    """Return the family with each thing less that is known of it; of a marriage on both records too."""
    yield from (replace(family, child=less) for less in of_record(family.child))
    for place, other in enumerate(family.others):
        before, after = family.others[:place], family.others[place + 1 :]
        yield replace(family, others=(*before, *after))
        yield from (replace(family, others=(*before, less, *after)) for less in of_record(other))
        for union in other.unions:
            for less in of_union(union):
                if less.partner is not None:
                    yield alike(family, other, union, less)


def alike(family: Household, one: Record, union: Union, less: Union) -> Household:
    """Write on both records of a marriage what is left of it."""
    theirs = replace(union, partner=one.bsn)
    left = {one.bsn: (union, less), union.partner: (theirs, replace(less, partner=one.bsn))}
    others = tuple(
        replace(
            record,
            unions=tuple(left[record.bsn][1] if u == left[record.bsn][0] else u for u in record.unions),
        )
        if record.bsn in left
        else record
        for record in family.others
    )
    return replace(family, others=others)


def gains(family: Household, less: Household, on: date) -> bool:
    """Tell whether somebody has by what is forgotten what they did not have."""
    return not determine(less.case(on)).holders <= determine(family.case(on)).holders


@pytest.mark.requires("MANDATES-P17")
@pytest.mark.parametrize("family", [row[1] for row in TOLD], ids=[row[0] for row in TOLD])
def test_whatever_is_forgotten_of_a_family_gives_nobody_anything(family: Household) -> None:
    case = family.case()
    worlds = list(forgotten(family))
    assert len(worlds) > 10
    assert [world for world in worlds if gains(family, world, case.on)] == []


@pytest.mark.requires("MANDATES-P17")
@given(households(), days, st.data())
def test_nor_does_it_of_families_that_nobody_thought_of(
    family: Household, on: date, data: st.DataObject
) -> None:
    less = data.draw(st.sampled_from(list(forgotten(family))))
    assert not gains(family, less, on)
