"""A link: one authority as it is weighed, whether people gave it (an edge) or the law does.

So the rules of judging.py are the same for both. A path is a chain of links, from whoever acts to the one who
is represented: the principal of each is the agent of the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import EdgeId, Source, State, Substitution
from toegang.mandates.legal.authority import Basis, Family
from toegang.mandates.scope import EVERYTHING, UNRESTRICTED, Restriction, Scope, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.mandates.edge import Edge, Under
    from toegang.mandates.legal.authority import Authority, Power
    from toegang.mandates.party import PartyId


DESK: Final = "desk"
"""The basis of what a person gave at a desk, where two officers saw to it."""
_AT_A_DESK: Final = (EdgeKind.VOLUNTARY, Source.ASSISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One authority. `basis` names it for people and services; `edge` and `version` say which was looked at.

    By law there is no edge: it holds everywhere that `powers` are what a service is about, unless `scopes`
    names the only services. With `overrules` what its principal gave others of themselves is of no effect.
    `rests_on` is by what it was given in its principal's name, and by what that was, down to the bottom.
    With `teams_only` it reaches a client by what says that its agent is on a team, and that team is for this
    client: `through` are these two on a path, where there are. `beside` is the order by which its agent
    decides on what this one is not over, where a service is about both (orders.py).
    """

    principal: PartyId
    agent: PartyId
    kind: EdgeKind
    basis: str
    worth: Level
    from_: datetime | None
    until: datetime | None
    state: State = State.ACTIVE
    scopes: tuple[Scope, ...] = ()
    powers: frozenset[Power] = frozenset()
    restriction: Restriction = UNRESTRICTED
    substitution: Substitution = Substitution.NONE
    grants: bool = False
    needed: int = 1
    certain: bool = True
    overrules: bool = False
    edge: EdgeId | None = None
    version: int = 0
    source: Source = Source.REGISTER
    under: Under | None = None
    rests_on: tuple[Link, ...] = ()
    teams_only: bool = False
    through: tuple[Link, ...] = ()
    beside: tuple[Link, ...] = ()

    @property
    def by_law(self) -> bool:
        """Whether it is derived from registers, and not kept here."""
        return self.edge is None

    @property
    def ground(self) -> EdgeKind:
        """Return of which kind the authority is that all of it rests on."""
        return self.rests_on[-1].kind if self.rests_on else self.kind

    @property
    def of_themselves(self) -> bool:
        """Whether its principal gave it, or by whom that one let give it on: nothing of it is by law."""
        return not self.by_law and not (self.rests_on and self.rests_on[-1].by_law)

    def covers(self, at: datetime) -> bool:
        """Tell whether `at` lies in `[from_, until)`."""
        return (self.from_ is None or self.from_ <= at) and (self.until is None or at < self.until)

    def stands_in_whole(self, at: datetime) -> bool:
        """Tell whether it is for everything, alone, and may be given on, as is all that it rests on."""
        held = all(
            each.state is State.ACTIVE
            and each.covers(at)
            and each.certain
            and each.restriction == UNRESTRICTED
            and not each.teams_only
            for each in (self, *self.rests_on)
        )
        return held and self.grants and self.needed == 1 and EVERYTHING in self.scopes


Path = tuple[Link, ...]


def whole(path: Path) -> Path:
    """Return the links of a path with all that they rest on."""
    return tuple(each for link in path for each in (link, *link.rests_on))


def with_all(path: Path) -> Path:
    """Return the whole of a path, with what puts its agent and its client on a team, and orders beside it."""
    return (*whole(path), *(each for link in path for each in (*link.through, *link.beside)))


def versions(links: Iterable[Link]) -> dict[EdgeId, int]:
    """Return every mandate among these links and beneath them, in the version that was looked at."""
    return {each.edge: each.version for each in with_all(tuple(links)) if each.edge is not None}


def met_on(path: Path) -> frozenset[PartyId]:
    """Return everybody on a path, and who gave its links in another's name."""
    return frozenset(party for link in whole(path) for party in (link.agent, link.principal))


def link_of(edge: Edge) -> Link:
    """Return an edge as it is weighed; what somebody gave at a desk says so wherever its ground is named."""
    terms = edge.terms
    return Link(
        principal=edge.principal,
        agent=edge.agent,
        kind=edge.kind,
        basis=DESK if (edge.kind, edge.source) == _AT_A_DESK else edge.kind.value,
        worth=terms.worth,
        from_=terms.from_,
        until=terms.until,
        state=edge.state,
        scopes=terms.scopes,
        restriction=terms.restriction,
        substitution=terms.substitution,
        grants=terms.grants,
        needed=terms.needed,
        edge=edge.id,
        version=edge.version,
        source=edge.source,
        under=edge.under,
        teams_only=terms.teams_only,
    )


_KINDS = {
    Family.PARENTAL: EdgeKind.PARENTAL,
    Family.COURT: EdgeKind.COURT,
    Family.ESTATE: EdgeKind.ESTATE,
    Family.ORGANISATION: EdgeKind.STATUTORY,
}


def kind_of(basis: str) -> EdgeKind:
    """Return the kind of an authority by its basis: of what people gave it is the kind itself."""
    if basis == DESK:
        return _AT_A_DESK[0]
    if basis in {each.value for each in EdgeKind}:
        return EdgeKind(basis)
    return _KINDS[Basis(basis).family]


def link_by_law(authority: Authority, *, principal: PartyId, agent: PartyId) -> Link:
    """Return what the law gives as it is weighed, with the parties by which we know them.

    Registers tell it at the highest level. An organisation that a court names has its employees act; a
    person acts in person.
    """
    branch, services = authority.powers.branch, authority.powers.services or ()
    return Link(
        principal=principal,
        agent=agent,
        kind=kind_of(authority.basis.value),
        basis=authority.basis.value,
        worth=Level.HIGH,
        from_=authority.valid_from,
        until=authority.valid_until,
        scopes=tuple(Scope(ScopeKind.SERVICE, name) for name in sorted(services)),
        powers=authority.powers.over,
        restriction=Restriction(
            most=authority.powers.most, branches=None if branch is None else frozenset({branch})
        ),
        substitution=Substitution.EMPLOYEES,
        needed=authority.together.needed,
        certain=authority.certain,
        overrules=authority.basis is Basis.CURATELE,
    )
