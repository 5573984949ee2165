"""What the services that a mandate is about demand together: of several the strictest counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, LimitKind, Representation
from toegang.mandates.scope import Scope, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from toegang.catalogue.values import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """Levels, kinds, times and limits within which a mandate may begin, and whether its agent accepts it."""

    kinds: frozenset[EdgeKind]
    request: Level
    grant: Level
    accept: Level
    administer: Level
    longest: timedelta
    pending: timedelta
    letter: bool
    letter_level: Level
    desk: bool
    desk_level: Level
    helper_longest: timedelta
    helper_level: Level
    acceptance: bool
    one_agent: bool
    limits: frozenset[LimitKind]

    def longest_of(self, kind: EdgeKind) -> timedelta:
        """Return how long a mandate of this kind may last."""
        return self.helper_longest if kind is EdgeKind.HELPER else self.longest


def within(
    kind: EdgeKind, scopes: Iterable[Scope], meant: Iterable[Service], worth: Level
) -> Sequence[Service]:
    """Return the services that a mandate of this kind and worth is about, of all that its scopes reach.

    Those that it names are: what they demand must be met. What is only reached by a group or a provider is
    left out where that service admits no such mandate, or wants it given at a higher level: it never works
    there (P1). Where nothing is left for the level alone, that is what is against it.
    """
    named = {scope.key for scope in scopes if scope.kind is ScopeKind.SERVICE}
    some = [
        each
        for each in meant
        if Scope.of_service(each.id).key in named
        or (each.representation is not None and kind in each.representation.kinds)
    ]
    enough = [
        each
        for each in some
        if Scope.of_service(each.id).key in named
        or (each.representation is not None and each.representation.grant <= worth)
    ]
    return enough or some


def administered(kind: EdgeKind, scopes: Iterable[Scope], meant: Iterable[Service], worth: Level) -> Level:
    """Return at which level somebody says, in another's name, who acts by such a mandate, or for whom."""
    rules = (each.representation for each in within(kind, scopes, meant, worth))
    return max((each.administer for each in rules if each is not None), default=Level.MINIMAL)


def demands_of(rules: Iterable[Representation]) -> Demands | None:
    """Return the strictest of the rules of the services meant; None where no service admits anybody."""
    all_ = tuple(rules)
    if not all_:
        return None
    return Demands(
        kinds=frozenset.intersection(*(frozenset(each.kinds) for each in all_)),
        request=max(each.request for each in all_),
        grant=max(each.grant for each in all_),
        accept=max(each.accept for each in all_),
        administer=max(each.administer for each in all_),
        longest=min(each.longest for each in all_),
        pending=min(each.pending for each in all_),
        letter=all(each.letter for each in all_),
        letter_level=min(each.letter_level for each in all_),
        desk=all(each.desk for each in all_),
        desk_level=min(each.desk_level for each in all_),
        helper_longest=min(each.helper_longest for each in all_),
        helper_level=min(each.helper_level for each in all_),
        acceptance=any(each.acceptance for each in all_),
        one_agent=any(each.one_agent for each in all_),
        limits=frozenset.intersection(*(frozenset(each.limits) for each in all_)),
    )
