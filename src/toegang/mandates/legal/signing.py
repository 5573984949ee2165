"""Which people together act for an organisation, also where organisations are directors of organisations.

Counted by people: who is director twice, in person and through a holding, is one of the needed and not two. A
loop of holdings gives nobody anything, since nobody in it is a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.identity.numbers import Bsn
from toegang.mandates.legal.board import acting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.identity.numbers import KvkNumber
    from toegang.registers.organisations import Official, RegisteredOrganisation

MOST_PEOPLE: Final = 6
"""More people than this never act together here; whoever needs more is refused."""


def binds(
    organisation: KvkNumber,
    people: frozenset[Bsn],
    found: Mapping[KvkNumber, RegisteredOrganisation],
    at: datetime,
    amount: int | None = None,
) -> bool:
    """Tell whether these people together may act for an organisation at `at`.

    `found` has the organisation and the holdings that are known; of one that is missing nobody is director.
    `amount` is that of the act in eurocents, None for any: then who is limited to an amount does not count.
    """
    if len(people) > MOST_PEOPLE:
        return False
    bits = {person: 1 << place for place, person in enumerate(sorted(people, key=lambda each: each.digits))}
    officials = {
        kvk: {each: count for each, count in acting(one, at).items() if _within(each, amount)}
        for kvk, one in found.items()
    }
    reached: dict[KvkNumber, frozenset[int]] = dict.fromkeys(found, frozenset())
    while True:
        following = {
            kvk: _smallest({*_sets(officials[kvk], bits, reached), *reached[kvk]}) for kvk in reached
        }
        if following == reached:
            return bool(reached.get(organisation))
        reached = following


def _sets(
    officials: Mapping[Official, int],
    bits: Mapping[Bsn, int],
    reached: Mapping[KvkNumber, frozenset[int]],
) -> frozenset[int]:
    """Return the sets of people, as masks, that act for one organisation, given those of its holdings."""
    slots = {each: masks for each in officials if (masks := _slot(each, bits, reached))}
    sets: set[int] = set()
    for anchor, masks in slots.items():
        needed = officials[anchor]
        # How many have been found, and who they are: nobody counts twice.
        states = {(1, mask) for mask in masks}
        for other in (each for each in slots if each is not anchor and needed > 1):
            states |= {
                (count + 1, used | mask)
                for count, used in states
                if count < needed
                for mask in slots[other]
                if not used & mask
            }
        sets |= {used for count, used in states if count == needed}
    return _smallest(sets)


def _smallest(sets: set[int]) -> frozenset[int]:
    """Leave out every set that holds another: more people than are needed add nothing."""
    return frozenset(one for one in sets if not any(one != other and one & other == other for other in sets))


def _slot(
    official: Official, bits: Mapping[Bsn, int], reached: Mapping[KvkNumber, frozenset[int]]
) -> frozenset[int]:
    if isinstance(official.party, Bsn):
        return frozenset({bits[official.party]} if official.party in bits else ())
    return reached.get(official.party, frozenset())


def _within(official: Official, amount: int | None) -> bool:
    return official.most is None or (amount is not None and amount <= official.most)
