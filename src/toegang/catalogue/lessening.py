"""Lessening: which keys of other rules can take authority away from who has it, for a warning in time.

It says where to look. What really becomes of mandates is for a simulation to tell (mandates/simulating.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import JointRule
from toegang.catalogue.values import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from toegang.catalogue.compare import Difference
    from toegang.catalogue.representation import Representation
    from toegang.catalogue.values import ServiceId

    Less = Callable[[Representation, Representation], bool]

WHOLLY: Final = "representation"
"""What is named where nobody acts for another any more."""


def lessened(differences: Iterable[Difference], now: datetime) -> Iterator[tuple[ServiceId, tuple[str, ...]]]:
    """Yield the services where other files take something away at once, with the keys by which they do."""
    for each in differences:
        if not isinstance(each.before, Service):
            continue
        before = each.before.at(now).representation
        after = each.after.at(now).representation if isinstance(each.after, Service) else None
        keys = () if before is None else lessens(before, after)
        if keys:
            yield each.before.id, keys


def lessens(before: Representation, after: Representation | None) -> tuple[str, ...]:
    """Return the keys by which rules admit less than others did."""
    if after is None:
        return (WHOLLY,)
    return tuple(key for key, less in _LESS.items() if less(before, after))


def _groups(before: Representation, after: Representation) -> bool:
    since = {each.id: each.since for each in after.groups}
    return any(each.id not in since or each.since < since[each.id] for each in before.groups)


def _since(before: Representation, after: Representation) -> bool:
    return before.since is not None and (after.since is None or before.since < after.since)


_LESS: Final[dict[str, Less]] = {
    "kinds": lambda before, after: not set(before.kinds) <= set(after.kinds),
    "use": lambda before, after: before.use < after.use,
    "grant": lambda before, after: before.grant < after.grant,  # of what only happens to cover the service
    "depth": lambda before, after: before.depth > after.depth,
    "joint": lambda before, after: before.joint is not after.joint and after.joint is JointRule.TOGETHER,
    "child_from": lambda before, after: before.child_from < after.child_from,
    "child_until": lambda before, after: before.child_until > after.child_until,
    "desk": lambda before, after: before.desk and not after.desk,
    "helper_level": lambda before, after: before.helper_level > after.helper_level,
    "excluded": lambda before, after: after.excluded and not before.excluded,
    "exclusive": lambda before, after: after.exclusive and not before.exclusive,
    "since": _since,
    "groups": _groups,
    "powers": lambda before, after: not before.about >= after.about,
    "limits": lambda before, after: not set(before.limits) <= set(after.limits),
}
