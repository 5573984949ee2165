"""The order of kin: who inherits where there is no will (BW-4:10, BW-4:12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.mandates.legal.rules import Rule
from toegang.registers.estates import Choice, Kinship

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from toegang.registers.estates import Estate, Kin
    from toegang.registers.spoken import Holder

GROUPS: Final = (
    frozenset({Kinship.SPOUSE, Kinship.CHILD, Kinship.DESCENDANT}),
    frozenset({Kinship.PARENT, Kinship.SIBLING, Kinship.SIBLING_DESCENDANT}),
    frozenset({Kinship.GRANDPARENT}),
    frozenset({Kinship.GREAT_GRANDPARENT}),
)
"""BW-4:10: the first group in which there is somebody inherits, and no later one."""

_IN_PLACE: Final = {
    Kinship.DESCENDANT: frozenset({Kinship.CHILD, Kinship.DESCENDANT}),
    Kinship.SIBLING_DESCENDANT: frozenset({Kinship.SIBLING, Kinship.SIBLING_DESCENDANT}),
}
"""BW-4:12: in whose place these can stand."""


def has_died(on: date | None, day: date) -> bool:
    """Tell whether somebody is dead on a day; who dies on it acts no more."""
    return on is not None and on <= day


def called(estate: Estate, day: date) -> Sequence[Kin] | Rule:
    """Return who inherits by law, or why that is not known."""
    by_party = {each.party: each for each in estate.kin}
    for group in GROUPS:
        members = [each for each in estate.kin if each.kinship in group]
        if any(each.kinship in _IN_PLACE and _before(each, by_party) is None for each in members):
            return Rule.ESTATE_PLACE_UNCLEAR
        heirs = [each for each in members if _inherits(each, by_party, estate)]
        if any(has_died(each.deceased_on, day) for each in heirs):
            # Their own heirs come in their place, and those are in another estate.
            return Rule.ESTATE_HEIR_GONE
        if heirs:
            return heirs
    return Rule.ESTATE_NO_KIN


def _inherits(kin: Kin, by_party: Mapping[Holder, Kin], estate: Estate) -> bool:
    before = _before(kin, by_party) if kin.kinship in _IN_PLACE else None
    return not _gone(kin, estate) and (before is None or _gone(before, estate))


def _before(kin: Kin, by_party: Mapping[Holder, Kin]) -> Kin | None:
    """Return in whose place somebody stands, if the register says so of one who can be that."""
    before = None if kin.in_place_of is None else by_party.get(kin.in_place_of)
    return before if before is not None and before.kinship in _IN_PLACE[kin.kinship] else None


def _gone(kin: Kin, estate: Estate) -> bool:
    """BW-4:2, BW-4:9: tell whether somebody does not inherit: rejected, or died no later than the dead."""
    first = kin.deceased_on is not None and kin.deceased_on <= estate.died_on
    return first or kin.choice is Choice.REJECTED
