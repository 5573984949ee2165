"""The edge: one mandate, from the one who gives it to the one who acts.

What is stored is what people did (`state`). Whether it holds now is derived when read: time, the standing of
both parties and the rules of the service are looked at then, and no job has to run for a right answer.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NewType
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.party import PartyId
from toegang.mandates.scope import UNRESTRICTED, Restriction, Scope

EdgeId = NewType("EdgeId", UUID)


class State(enum.StrEnum):
    """Where in its life an edge stands, by the acts of people; the words are stored and never change."""

    REQUESTED = "requested"
    OFFERED = "offered"
    CODE_SENT = "code-sent"
    AWAITING_COSIGN = "awaiting-cosign"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    RENOUNCED = "renounced"
    SUPERSEDED = "superseded"
    TERMINATED_BY_LAW = "terminated-by-law"
    VOID = "void"


PENDING: Final = frozenset({State.REQUESTED, State.OFFERED, State.CODE_SENT, State.AWAITING_COSIGN})
LIVE: Final = frozenset({*PENDING, State.ACTIVE, State.SUSPENDED})
TERMINAL: Final = frozenset(State) - LIVE


class Source(enum.StrEnum):
    """How we came to know of it."""

    SELF = "self"
    ASSISTED = "assisted"  # at a desk
    REGISTER = "register"
    IMPORT = "import"


class Substitution(enum.StrEnum):
    """Whether the agent may have others act in their place."""

    NONE = "none"
    EMPLOYEES = "employees"
    ONE_LEVEL = "one-level"  # another organisation, and its employees

    def within(self, other: Substitution) -> bool:
        """Tell whether it gives no more than `other`."""
        order = list(Substitution)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an edge says: for what, how far, how sure, until when.

    `level` is what was proven when it was given, `source_level` what its source is worth: nobody acts by it
    above the lower of the two. It holds in `[from_, until)`. With `grants` the agent may give the same, or
    less, to others in the principal's name. `needed` of its holders act together; 1 is alone. With
    `teams_only` who works for an organisation acts for clients of the teams that they are on, and for no
    others.
    """

    scopes: tuple[Scope, ...]
    level: Level
    from_: datetime
    until: datetime
    source_level: Level = Level.HIGH
    restriction: Restriction = UNRESTRICTED
    substitution: Substitution = Substitution.NONE
    grants: bool = False
    needed: int = 1
    teams_only: bool = False

    def __post_init__(self) -> None:
        """Refuse terms that mean nothing.

        Raises:
            ValueError: no scope, no time, no holder, or nothing that may be done.

        """
        if not self.scopes or self.until <= self.from_ or self.needed < 1 or self.restriction.empty:
            msg = "a mandate is for something, lasts a while, and leaves something to do"
            raise ValueError(msg)

    @property
    def worth(self) -> Level:
        """The level above which nobody acts by it."""
        return min(self.level, self.source_level)

    def covers(self, at: datetime) -> bool:
        """Tell whether `at` lies in `[from_, until)`."""
        return self.from_ <= at < self.until

    def within(self, other: Terms) -> bool:
        """Tell whether these terms are in no respect wider than others."""
        return (
            set(self.scopes) <= set(other.scopes)
            and self.restriction.within(other.restriction)
            and other.from_ <= self.from_
            and self.until <= other.until
            and self.worth <= other.worth
            and self.level <= other.level
            and self.needed >= other.needed
            and self.grants <= other.grants
            and self.teams_only >= other.teams_only
            and self.substitution.within(other.substitution)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """On what a mandate rests that somebody gave in another's name: it falls when that falls.

    `by` gave it: by virtue of their own mandate `edge`, or (None) of what the law gives them. `kind` is that
    of the authority at the bottom.
    """

    by: PartyId
    kind: EdgeKind
    edge: EdgeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge as kept; `version` counts its changes, and whoever changes it names the one that they saw.

    `initiator` began it (T1, T2). `pending_until` ends a request or an offer that nobody answered.
    `co_principals` must agree besides the principal, `agreed` are those who did (T7). `renews` is the edge
    that it follows up: none is ever brought back.
    `text_hash` is the SHA-256 of what the people involved read. `under` is what it rests on; None when its
    principal gave it. `less` is the version in which something was last taken from it (0: never): what was
    stated by that version, or a later one, is no more than it still gives. `signed` is who signed first for a
    principal for whom others must agree too, `asked_by` who asked it in its agent's name. While it waits
    `nobody` stands for the other side towards who began it, if their number was typed (L03).
    """

    id: EdgeId
    principal: PartyId
    agent: PartyId
    kind: EdgeKind
    state: State
    terms: Terms
    initiator: PartyId
    since: datetime
    version: int = 1
    source: Source = Source.SELF
    pending_until: datetime | None = None
    co_principals: frozenset[PartyId] = frozenset()
    agreed: frozenset[PartyId] = frozenset()
    renews: EdgeId | None = None
    text_hash: bytes = field(default=b"", repr=False)
    under: Under | None = None
    less: int = 0
    signed: PartyId | None = None
    asked_by: PartyId | None = None
    nobody: PartyId | None = None

    def __post_init__(self) -> None:
        """Refuse an edge from somebody to themselves.

        Raises:
            ValueError: it is one.

        """
        if self.principal == self.agent:
            msg = "nobody acts for themselves by a mandate"
            raise ValueError(msg)

    @property
    def addressed(self) -> tuple[PartyId, PartyId]:
        """L03: principal and agent, as who began it knows them: these tell what is equal, or too often."""
        if self.nobody is None:
            return self.principal, self.agent
        asked = self.initiator == self.agent
        return (self.nobody, self.agent) if asked else (self.principal, self.nobody)

    def state_at(self, at: datetime) -> State:
        """Return the state with time taken into account: what nobody answered in time has lapsed (T10)."""
        waited = self.pending_until is not None and self.pending_until <= at
        return State.LAPSED if self.state in PENDING and waited else self.state

    def effective(self, at: datetime) -> bool:
        """Tell whether it holds at `at`, as far as the edge alone can say."""
        return self.state is State.ACTIVE and self.terms.covers(at)

    def bears(self, version: int, at: datetime) -> bool:
        """P4: tell whether it still gives, at `at`, all that was stated by this version of it."""
        return self.effective(at) and self.less <= version <= self.version
