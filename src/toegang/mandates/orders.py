"""Orders beside each other: whom a court gave property by one order and care by another, decides on both.

BW-1:441, BW-1:453: an administrator represents somebody in what is about their goods, a mentor in what is
about care. Who is both stands in for them at a service that is about both, as long as both orders do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind, JointRule
from toegang.mandates.scope import UNRESTRICTED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from toegang.catalogue.representation import Representation
    from toegang.mandates.link import Link, Path


def with_orders(path: Path, links: Collection[Link], rules: Representation, now: datetime) -> Path:
    """Return a path whose last order is over less than the service is about, with the one that adds the rest.

    That is one of the same two, which holds by itself and is sure; of several the one that lasts longest.
    Without one the path is as it was, and is judged by what it has.
    """
    far = path[-1] if path else None
    if far is None or not _is_order(far) or far.powers >= rules.about:
        return path
    others = [each for each in links if _completes(each, far, rules) and each.covers(now)]
    if not others:
        return path
    return (*path[:-1], replace(far, beside=(max(others, key=_lasts),)))


def each_with_orders(
    paths: Iterable[Path], links: Collection[Link], rules: Representation, now: datetime
) -> list[Path]:
    """Return paths, each with what stands beside its last order."""
    return [with_orders(path, links, rules, now) for path in paths]


def _is_order(link: Link) -> bool:
    return link.by_law and link.kind is EdgeKind.COURT and not link.scopes


def _completes(other: Link, far: Link, rules: Representation) -> bool:
    same = (other.agent, other.principal) == (far.agent, far.principal)
    alone = other.needed == 1 or rules.joint is JointRule.ONE_IS_ENOUGH
    whole = other.certain and other.restriction == UNRESTRICTED
    return _is_order(other) and same and alone and whole and far.powers | other.powers >= rules.about


def _lasts(link: Link) -> tuple[bool, float, str]:
    """Order by how long an order lasts, and by its name, so that of the same facts the same one is found."""
    return link.until is None, 0.0 if link.until is None else link.until.timestamp(), link.basis
