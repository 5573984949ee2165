"""Scope: for which services an edge holds, and what is left of it: the restriction.

Intersecting never widens: `narrowed` of two restrictions allows what both allow.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from toegang.catalogue.values import OrganisationId, Service, ServiceId


class ScopeKind(enum.StrEnum):
    """How wide."""

    SERVICE = "service"
    GROUP = "group"
    PROVIDER = "provider"
    ALL = "all"
    TEAM = "team"  # within one organisation: who of it is on which team, and for whom that is; no service


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One service, a group of them, all of a provider, or everything (`name` is empty).

    `as_of` freezes it: only services that belonged to it at that moment are meant. None is growing: those
    that join later too. A single service neither grows nor freezes.
    """

    kind: ScopeKind
    name: str = ""
    as_of: datetime | None = None

    @classmethod
    def of_service(cls, service: ServiceId) -> Scope:
        """Return the scope of one service."""
        return cls(ScopeKind.SERVICE, str(service))

    @classmethod
    def of_provider(cls, organisation: OrganisationId, as_of: datetime | None = None) -> Scope:
        """Return the scope of everything that a provider offers."""
        return cls(ScopeKind.PROVIDER, organisation, as_of)

    @classmethod
    def of_teams(cls, organisation: UUID) -> Scope:
        """Return the scope of what is said of an organisation's teams; it reaches no service."""
        return cls(ScopeKind.TEAM, str(organisation))

    @classmethod
    def parse(cls, key: str) -> Scope:
        """Read a scope back from its key; it grows.

        Raises:
            ValueError: it is none.

        """
        kind, _, name = key.partition(":")
        return cls(ScopeKind(kind), name)

    @property
    def key(self) -> str:
        """By what it is found; the moment it froze at is no part of it."""
        return f"{self.kind.value}:{self.name}"

    def contains(self, other: Scope, covering: tuple[Covering, ...] = ()) -> bool:
        """Tell whether every service of `other`, now and later, is one of this scope.

        `covering` is what covers the service, where `other` is one. A provider or a group is inside nothing
        but itself and everything, and what grows is not inside what is frozen.
        """
        if other.kind is ScopeKind.SERVICE:
            return any(each.covers(self) for each in covering)
        wider = self.kind is ScopeKind.ALL or self.key == other.key
        return wider and (self.as_of is None or (other.as_of is not None and other.as_of <= self.as_of))


WIDE: Final = frozenset({ScopeKind.GROUP, ScopeKind.PROVIDER})
"""Kinds of scope by which people give for several services at once."""

EVERYTHING: Final = Scope(ScopeKind.ALL)


@dataclass(frozen=True, slots=True)
class Covering:
    """A scope that a service belongs to, by its key, since when; None: for as long as it exists."""

    key: str
    since: datetime | None = None

    def covers(self, scope: Scope) -> bool:
        """Tell whether `scope`, as it was given, reaches the service."""
        if scope.key != self.key:
            return False
        return scope.as_of is None or self.since is None or self.since <= scope.as_of


def covering(service: Service) -> tuple[Covering, ...]:
    """Return the few scopes that reach `service`, narrowest first; none where it admits no representation."""
    return tuple(_covering(service))


def _covering(service: Service) -> Iterator[Covering]:
    rules = service.representation
    if rules is None:
        return
    yield Covering(Scope.of_service(service.id).key)
    if rules.excluded:
        return
    for group in rules.groups:
        yield Covering(Scope(ScopeKind.GROUP, group.id).key, group.since)
    if rules.since is not None:
        yield Covering(Scope.of_provider(service.organisation).key, rules.since)
        yield Covering(EVERYTHING.key, rules.since)


class Action(enum.StrEnum):
    """What may be done at the service; which of them it knows is the service's own affair."""

    VIEW = "view"
    PREPARE = "prepare"
    SUBMIT = "submit"
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What is left of an authority within its scope.

    `branches` and `cases` are the only ones meant (None: any); `most` is the largest amount of one act, in
    eurocents (None: any); nothing from before `looks_back_to` may be seen.
    """

    actions: frozenset[Action] = frozenset(Action)
    branches: frozenset[str] | None = None
    cases: frozenset[str] | None = None
    most: int | None = None
    looks_back_to: datetime | None = None

    def narrowed(self, other: Restriction) -> Restriction:
        """Return what both allow."""
        if self is UNRESTRICTED or other is UNRESTRICTED:  # as nearly all are
            return other if self is UNRESTRICTED else self
        return Restriction(
            actions=self.actions & other.actions,
            branches=_both(self.branches, other.branches),
            cases=_both(self.cases, other.cases),
            most=min((each for each in (self.most, other.most) if each is not None), default=None),
            looks_back_to=max(
                (each for each in (self.looks_back_to, other.looks_back_to) if each is not None), default=None
            ),
        )

    def within(self, other: Restriction) -> bool:
        """Tell whether `other` allows all of it."""
        return self.narrowed(other) == self

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return not self.actions or self.branches == frozenset() or self.cases == frozenset()

    @property
    def kinds(self) -> frozenset[LimitKind]:
        """In which respects it limits anything."""
        limited = {
            LimitKind.ACTIONS: self.actions != frozenset(Action),
            LimitKind.BRANCH: self.branches is not None,
            LimitKind.CASE: self.cases is not None,
            LimitKind.AMOUNT: self.most is not None,
            LimitKind.LOOK_BACK: self.looks_back_to is not None,
        }
        return frozenset(kind for kind, is_so in limited.items() if is_so)

    def only(self, kinds: Iterable[LimitKind]) -> Restriction:
        """Return the same in these respects, and without a limit in any other."""
        kept = frozenset(kinds)
        return Restriction(
            actions=self.actions if LimitKind.ACTIONS in kept else frozenset(Action),
            branches=self.branches if LimitKind.BRANCH in kept else None,
            cases=self.cases if LimitKind.CASE in kept else None,
            most=self.most if LimitKind.AMOUNT in kept else None,
            looks_back_to=self.looks_back_to if LimitKind.LOOK_BACK in kept else None,
        )

    @property
    def said(self) -> tuple[str, ...]:
        """Say each limit as the trail keeps it: its kind, `=`, and one value; always in the same order."""
        parts = {
            LimitKind.ACTIONS: sorted(self.actions) if self.actions != frozenset(Action) else (),
            LimitKind.BRANCH: sorted(self.branches or ()),
            LimitKind.CASE: sorted(self.cases or ()),
            LimitKind.AMOUNT: () if self.most is None else (self.most,),
            LimitKind.LOOK_BACK: ()
            if self.looks_back_to is None
            else (self.looks_back_to.astimezone(UTC).isoformat(),),
        }
        return tuple(f"{kind.value}={value}" for kind, values in parts.items() for value in values)

    @classmethod
    def parse(cls, said: Iterable[str]) -> Restriction:
        """Read limits back as they were said.

        Raises:
            ValueError: these are none.

        """
        found: dict[LimitKind, list[str]] = {}
        for each in said:
            kind, _, value = each.partition("=")
            found.setdefault(LimitKind(kind), []).append(value)
        branches, cases = found.get(LimitKind.BRANCH), found.get(LimitKind.CASE)
        amounts, days = found.get(LimitKind.AMOUNT), found.get(LimitKind.LOOK_BACK)
        return cls(
            actions=frozenset(map(Action, found.get(LimitKind.ACTIONS, Action))),
            branches=None if branches is None else frozenset(branches),
            cases=None if cases is None else frozenset(cases),
            most=None if amounts is None else int(amounts[0]),
            looks_back_to=None if days is None else datetime.fromisoformat(days[0]),
        )


UNRESTRICTED: Final = Restriction()


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other
