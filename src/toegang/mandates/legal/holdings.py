"""Who acts alone for an organisation through another that is its director: what the person itself has.

A chain of directors who each act alone ends in a person; what they may do is what every registration on the
way allows. Who must act together is not found here: signing.py counts those.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.legal.authority import Basis
from toegang.mandates.legal.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toegang.mandates.legal.authority import Authority
    from toegang.mandates.legal.derived import Derived

DEEPEST: Final = 3
"""So many organisations may stand between an organisation and the person who acts for it."""

_ALONE: Final = frozenset({Basis.DIRECTOR_SOLE, Basis.DIRECTOR_LIMITED})


def through_holdings(kvk: KvkNumber, edges: Mapping[KvkNumber, Derived]) -> tuple[Authority, ...]:
    """Return what people have through holdings, of each the widest; `edges` is by each registration."""
    widest: dict[Bsn, Authority] = {}
    for found in _below(kvk, edges, ()):
        person = found.holder
        if isinstance(person, Bsn) and (person not in widest or _width(found) > _width(widest[person])):
            widest[person] = found
    return tuple(widest.values())


def _below(
    kvk: KvkNumber, edges: Mapping[KvkNumber, Derived], path: tuple[KvkNumber, ...]
) -> Iterator[Authority]:
    """Return the authority of each person behind the organisations that direct this one, on no path twice."""
    if kvk in path or len(path) > DEEPEST or kvk not in edges:
        return
    for edge in edges[kvk].authorities:
        if edge.basis not in _ALONE or not edge.certain:
            continue
        if isinstance(edge.holder, KvkNumber):
            for below in _below(edge.holder, edges, (*path, kvk)):
                yield _joined(edge, below)
        elif path:
            yield edge


def _joined(edge: Authority, below: Authority) -> Authority:
    """Return what the holder of `below` has by both: no more, no earlier and no longer than either."""
    amounts = [each.powers.most for each in (edge, below) if each.powers.most is not None]
    begun = [each.valid_from for each in (edge, below) if each.valid_from is not None]
    ends = [each.valid_until for each in (edge, below) if each.valid_until is not None]
    return replace(
        edge,
        holder=below.holder,
        basis=Basis.DIRECTOR_LIMITED if amounts else Basis.DIRECTOR_SOLE,
        powers=replace(edge.powers, most=min(amounts, default=None)),
        valid_from=max(begun, default=None),
        valid_until=min(ends, default=None),
        reasons=tuple(dict.fromkeys((*edge.reasons, Rule.ORGANISATION_THROUGH_HOLDING, *below.reasons))),
    )


def _width(found: Authority) -> tuple[float, float, float]:
    """Order by amount, then by how long it holds: the same facts give the same choice."""
    most = float("inf") if found.powers.most is None else found.powers.most
    until = float("inf") if found.valid_until is None else found.valid_until.timestamp()
    begun = float("-inf") if found.valid_from is None else found.valid_from.timestamp()
    return most, until, -begun
