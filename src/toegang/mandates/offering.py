"""Offering: what somebody can give at most in another's name, so that a page offers them nothing more.

It is told before, by the same rules that measure it when it is given (giving.py); registers are asked once
more then, and what they tell then counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.giving import about, is_over_all, scope_within
from toegang.mandates.resting import MOST
from toegang.mandates.scope import UNRESTRICTED, Restriction, Scope, covering

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from toegang.catalogue.representation import LimitKind
    from toegang.catalogue.values import Service
    from toegang.mandates.law import Law
    from toegang.mandates.legal.court import Capacity
    from toegang.mandates.link import Link
    from toegang.mandates.party import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """By what somebody gives and asks in another's name.

    `court` are orders by which others decide for that one, and `capacity` is what it still decides itself.
    """

    held: tuple[Link, ...]
    court: tuple[Link, ...]
    capacity: Capacity

    def may_ask(self, scopes: Sequence[Scope], meant: Sequence[Service]) -> bool:
        """Tell whether they may ask for this, or take it, in the other's name."""
        return any(not link.by_law or is_over_all(link, scopes, meant) for link in self.held)

    def most(
        self,
        scopes: Sequence[Scope],
        meant: Sequence[Service],
        limits: Collection[LimitKind],
        now: datetime,
    ) -> Restriction | None:
        """P3: return what can be given for these scopes at most; None: they may not give it at all.

        By what is limited in a respect that the services, with these limits, do not look at nobody gives.
        """
        if self._is_in_other_hands(scopes, meant, now):
            return None
        covered = {Scope.of_service(each.id).key: covering(each) for each in meant}
        found = [
            _narrowest(link)
            for link in self.held
            if len(link.rests_on) < MOST
            and (not link.by_law or is_over_all(link, scopes, meant))
            and all(
                (each.by_law and not each.scopes)
                or all(scope_within(scope, each.scopes, covered) for scope in scopes)
                for each in (link, *link.rests_on)
            )
        ]
        return max((each for each in found if each.kinds <= set(limits)), key=_wide, default=None)

    def _is_in_other_hands(self, scopes: Sequence[Scope], meant: Iterable[Service], now: datetime) -> bool:
        """P25: tell whether a court put any of it in other hands than those of who gives it."""
        what = about(scopes, meant)
        if any(link.kind is EdgeKind.COURT for link in self.held):
            return False
        court = [each for each in self.court if each.covers(now)]
        taken = any(link.overrules or link.powers & what for link in court)
        return taken or self.capacity.has_lost(what, now)


def offering_by(held: Iterable[Link], principal: PartyId, law: Law) -> Offering:
    """Return what can be given by what somebody holds."""
    links = tuple(held)
    ours = {link.agent for link in links}
    return Offering(
        held=links,
        court=tuple(
            each
            for each in law.links
            if each.kind is EdgeKind.COURT and each.principal == principal and each.agent not in ours
        ),
        capacity=law.capacity(principal),
    )


def _narrowest(link: Link) -> Restriction:
    found = link.restriction
    for each in link.rests_on:
        found = found.narrowed(each.restriction)
    return found


def _wide(restriction: Restriction) -> tuple[object, ...]:
    """Order what is left: without a limit last, then by the largest amount."""
    most = inf if restriction.most is None else restriction.most
    return restriction == UNRESTRICTED, most, -len(restriction.kinds)
