"""Representation: what a service admits of people who act for another, as its provider decided.

A service without it never receives anybody who acts for another. Each change of it counts `version` up, so
that a statement of long ago names the rules that it was made under. A change can be announced: it comes into
force by itself, for whoever reads the rules of a moment (`at`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from toegang.assurance import Level
from toegang.catalogue.parts import Text, Validity

DEEPEST = 3
"""Edges in the longest chain that any service may admit: client > firm > firm > its employee."""

LONGEST_DAYS = 25 * 366
LONGEST_PENDING = 366


class EdgeKind(enum.StrEnum):
    """What makes somebody act for another; in the order of legal precedence, the strongest first."""

    COURT = "court"  # curatele, bewind, mentorship and what precedes them
    PARENTAL = "parental"
    ESTATE = "estate"
    STATUTORY = "statutory"  # a director, or who else the articles of an organisation name
    PROXY = "proxy"  # procuratie, as registered
    VOLUNTARY = "voluntary"  # given by a person
    INTERMEDIARY = "intermediary"  # given by an organisation to another, or to a person in business
    EMPLOYEE = "employee"
    STAFF = "staff"  # of an intermediary, for its clients
    HELPER = "helper"  # an organisation that helps people who cannot do it themselves, as a library

    @property
    def by_law(self) -> bool:
        """Whether registers tell it, and nobody gives it, changes it or takes it away here."""
        return self in _TOLD

    @property
    def within_organisation(self) -> bool:
        """Whether it makes a person act for an organisation, and through it for that one's clients."""
        return self in {EdgeKind.STATUTORY, EdgeKind.PROXY, EdgeKind.EMPLOYEE, EdgeKind.STAFF}


_OF_ORGANISATIONS = frozenset({EdgeKind.STATUTORY, EdgeKind.PROXY, EdgeKind.EMPLOYEE, EdgeKind.INTERMEDIARY})
_TOLD = {EdgeKind.COURT, EdgeKind.PARENTAL, EdgeKind.ESTATE, EdgeKind.STATUTORY, EdgeKind.PROXY}


class JointRule(enum.StrEnum):
    """What a service asks where several hold authority together."""

    TOGETHER = "together"  # as many as the instrument says: one of them alone is refused
    ONE_IS_ENOUGH = "one-is-enough"


class Power(enum.StrEnum):
    """What authority by law is over."""

    PROPERTY = "property"
    PERSONAL_CARE = "personal-care"


class LimitKind(enum.StrEnum):
    """In what respect an authority can be limited; a service says which of them it holds people to."""

    ACTIONS = "actions"  # what may be done: looking, preparing, sending in, signing
    BRANCH = "branch"
    CASE = "case"
    AMOUNT = "amount"
    LOOK_BACK = "look-back"  # from which day on something may be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group that a service belongs to since a moment.

    A frozen mandate for the group reaches the services that were in it when it was given, no later one.
    `names` are what people call it; a group that no service names is given by nobody on a page.
    """

    id: str
    since: datetime
    names: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """What a service admits.

    Levels: `use` to act for another, `request` and `grant` to ask for and give a mandate, `accept` to take
    one that was offered, `administer` to do any of these in another's name; each is asked besides the
    service's own level. `since` is when mandates for all of
    the provider, or for everything, began to reach it; None: they never do. With `excluded` no group reaches
    it either: a mandate must name it, and legal authority, which names nothing, never does. A parent acts for
    a child of `child_from` years and older that is younger than `child_until`. `depth` counts the edges of
    the longest chain. With `letter` a code by letter stands in for a consent, worth `letter_level` at most.
    With `desk` what somebody gave at a desk counts, worth `desk_level` at most. A mandate to an organisation
    that helps people lasts `helper_days` at most, and nobody acts by it above `helper_level`.
    With `exclusive` one party acts for an estate here, and nobody else. With `one_agent` one acts for whoever
    gives a mandate here: a later one takes the place of the earlier.
    `powers` are what the service is about: authority by law must be over all of it; empty is everything.
    `limits` are those that the service holds people to, as the statement tells them; by an authority with any
    other limit nobody acts here.
    """

    version: int
    kinds: tuple[EdgeKind, ...]
    use: Level = Level.LOW
    request: Level = Level.LOW
    grant: Level = Level.LOW
    accept: Level = Level.LOW
    administer: Level = Level.LOW
    longest_days: int = 5 * 366
    pending_days: int = 21
    depth: int = 2
    joint: JointRule = JointRule.TOGETHER
    child_from: int = 0
    child_until: int = 18
    letter: bool = False
    letter_level: Level = Level.LOW
    desk: bool = False
    desk_level: Level = Level.LOW
    helper_days: int = 366
    helper_level: Level = Level.LOW
    acceptance: bool = True
    excluded: bool = False
    exclusive: bool = False
    one_agent: bool = False
    since: datetime | None = None
    groups: tuple[Group, ...] = ()
    powers: tuple[Power, ...] = ()
    limits: tuple[LimitKind, ...] = ()
    announced: Announced | None = None

    def at(self, now: datetime) -> Representation | None:
        """Return the rules in force at a moment; None when by then nobody acts for another any more."""
        coming = self.announced
        return self if coming is None or now < coming.from_ else coming.rules

    def stays(self, now: datetime) -> Validity:
        """Return how long before and after a moment the rules are what they are then."""
        if self.announced is None:
            return ALWAYS
        begins = self.announced.from_
        return Validity(until=begins) if now < begins else Validity(from_=begins)

    @property
    def stages(self) -> tuple[Representation, ...]:
        """The rules in force, and those announced to come after them."""
        coming = None if self.announced is None else self.announced.rules
        return (self,) if coming is None else (self, coming)

    @property
    def about(self) -> frozenset[Power]:
        """Over what authority by law must be; a provider who did not say so admits none that is over less."""
        return frozenset(self.powers or Power)

    @property
    def of_organisations(self) -> bool:
        """Whether people may act for organisations."""
        return not _OF_ORGANISATIONS.isdisjoint(self.kinds)

    @property
    def longest(self) -> timedelta:
        """How long a mandate may last."""
        return timedelta(days=self.longest_days)

    @property
    def helper_longest(self) -> timedelta:
        """How long a mandate to an organisation that helps people may last."""
        return timedelta(days=min(self.helper_days, self.longest_days))

    @property
    def pending(self) -> timedelta:
        """How long an offer or a request waits for its answer."""
        return timedelta(days=self.pending_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A change that comes into force by itself at `from_`: `rules` are those of then, as a whole.

    With `ends` there are none: from then on nobody acts for another there. No job puts it in force, so it
    is in force at its moment whatever runs.
    """

    from_: datetime
    rules: Representation | None = None
    ends: bool = False


ALWAYS = Validity()
