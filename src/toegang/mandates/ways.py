"""Ways: what one mandate gives at a service by the rules of then, whoever else would have to be there.

A mandate to a firm is used by its employees, and that of an employee for the clients of their firm. Whoever
is missing is a stand-in: able, and giving all that can be given. So what is weighed is the mandate and what
the service admits, by the rules of judging.py, and two sets of rules can be laid side by side.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.mandates.decide import permit
from toegang.mandates.edge import EdgeId, State, Substitution
from toegang.mandates.judging import Grounds, against
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.link import Link, whole
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import EVERYTHING, Scope
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.link import Path

EMPLOYEE, CLIENT, CUSTOMER, FIRM, AGENT, PRINCIPAL = (
    PartyId(UUID(int=2**128 - place)) for place in range(1, 7)
)
"""Nobody has these ids. The last two are the ends of a mandate where it does not matter whose it is."""

GIVEN: Final = EdgeId(UUID(int=2**128 - 7))
_BORN: Final = BirthDate.parse("1970-01-01")

STAND_INS: Final[Mapping[PartyId, Party]] = {
    EMPLOYEE: Party(id=EMPLOYEE, kind=PartyKind.PERSON, born=_BORN),
    CLIENT: Party(id=CLIENT, kind=PartyKind.PERSON, born=_BORN),
    CUSTOMER: Party(id=CUSTOMER, kind=PartyKind.ORGANISATION),
    FIRM: Party(id=FIRM, kind=PartyKind.ORGANISATION),
}
_INSIDE: Final = (EdgeKind.STATUTORY, EdgeKind.PROXY, EdgeKind.EMPLOYEE, EdgeKind.STAFF)
_OUTSIDE: Final = (
    (EdgeKind.VOLUNTARY, CLIENT),
    (EdgeKind.HELPER, CLIENT),
    (EdgeKind.COURT, CLIENT),
    (EdgeKind.INTERMEDIARY, CUSTOMER),
)


class Effect(enum.StrEnum):
    """What becomes of a mandate when other rules come into force."""

    KEEPS = "keeps"
    LOWER = "lower"  # it works, up to a lower level
    SHORTER = "shorter"  # it works, through fewer organisations
    STOPS = "stops"
    BECOMES = "becomes-possible"
    NEITHER = "neither"  # it does not work before or after


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a mandate gives: up to which level (None: nothing), in the longest chain of so many links.

    `whys` has for each way in which it can be used the first rule against it, None where it holds.
    """

    level: Level | None
    depth: int
    whys: tuple[Why | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is at the ends of mandates, as kept, and who of them helps people."""

    parties: Mapping[PartyId, Party]
    helpers: frozenset[PartyId] = frozenset()


def weigh(link: Link, service: Service, people: People, now: datetime) -> Weight:
    """Return what a mandate gives at a service, by the rules that `service` has."""
    paths, rules = ways(link, service, people), service.representation
    if rules is None:
        return Weight(level=None, depth=0, whys=(Why.NOT_ADMITTED,) * len(paths))
    grounds = Grounds.of(
        service,
        rules,
        level=max(service.level_at(now), rules.use),
        now=now,
        parties={**STAND_INS, **people.parties},
        law=NOTHING_TOLD,
        helpers=people.helpers,
    )
    whys = tuple(_against(path, grounds) for path in paths)
    good = [path for path, why in zip(paths, whys, strict=True) if why is None]
    return Weight(
        level=max((permit(path, grounds, Level.HIGH).level for path in good), default=None),
        depth=max(map(len, good), default=0),
        whys=whys,
    )


def alike(link: Link, people: People, now: datetime) -> tuple[Link, People]:
    """Return a mandate in force that rests on no other as anybody's: it weighs the same (MANDATES-P24).

    There are few of these, so who weighs millions remembers them.
    """
    ends = ((AGENT, link.agent), (PRINCIPAL, link.principal))
    parties = {end: _plain(people.parties[party], end, now) for end, party in ends if party in people.parties}
    helpers = frozenset(end for end, party in ends if party in people.helpers)
    plain = replace(
        link, agent=AGENT, principal=PRINCIPAL, edge=GIVEN, version=0, from_=None, until=None, grants=False
    )
    return plain, People(parties=parties, helpers=helpers)


def _plain(party: Party, end: PartyId, now: datetime) -> Party:
    born = _BORN if party.kind is PartyKind.PERSON and party.is_adult(now) else party.born
    return Party(id=end, kind=party.kind, standing=party.standing_at(now), born=born)


def effect(before: Weight, after: Weight) -> tuple[Effect, Why | None]:
    """Lay two side by side; of what stops the first rule is told that is against the way that worked."""
    if before.level is None:
        return (Effect.NEITHER if after.level is None else Effect.BECOMES), None
    if after.level is None:
        sides = zip(before.whys, after.whys, strict=True)
        return Effect.STOPS, next(why for was, why in sides if was is None)
    if after.level < before.level:
        return Effect.LOWER, None
    return (Effect.SHORTER if after.depth < before.depth else Effect.KEEPS), None


def ways(link: Link, service: Service, people: People) -> tuple[Path, ...]:
    """Return the paths by which a mandate can be used, each the same one whatever the rules are."""
    agent = people.parties.get(link.agent)
    if link.kind.within_organisation:
        for_clients = (_outside(kind, client, link.principal, service) for kind, client in _OUTSIDE)
        led = replace(link, through=(_team(service), _team(service))) if link.teams_only else link
        return ((link,), *((led, far) for far in for_clients))
    if agent is None or agent.kind is PartyKind.PERSON:
        return ((link,),)
    own = (_inside(kind, link.agent, service) for kind in _INSIDE)
    others = (_inside(kind, FIRM, service) for kind in _INSIDE)
    firm = _stand_in(EdgeKind.INTERMEDIARY, FIRM, link.agent, service)
    return (*((near, link) for near in own), *((near, firm, link) for near in others))


def _against(path: Path, grounds: Grounds) -> Why | None:
    by_law = tuple(each for each in whole(path) if each.by_law)
    return against(path, replace(grounds, law=replace(NOTHING_TOLD, links=by_law)) if by_law else grounds)


def _inside(kind: EdgeKind, firm: PartyId, service: Service) -> Link:
    return _stand_in(kind, EMPLOYEE, firm, service)


def _outside(kind: EdgeKind, client: PartyId, firm: PartyId, service: Service) -> Link:
    return _stand_in(kind, firm, client, service)


def _team(service: Service) -> Link:
    return _stand_in(EdgeKind.STAFF, EMPLOYEE, FIRM, service)


def _stand_in(kind: EdgeKind, agent: PartyId, principal: PartyId, service: Service) -> Link:
    """Return an authority that gives all that can be given: by law, or by a mandate for the service."""
    by_law = kind.by_law
    return Link(
        principal=principal,
        agent=agent,
        kind=kind,
        basis=kind.value,
        worth=Level.HIGH,
        from_=None,
        until=None,
        state=State.ACTIVE,
        scopes=() if by_law else (Scope.of_service(service.id), EVERYTHING),
        powers=frozenset(Power),
        substitution=Substitution.ONE_LEVEL,
        edge=None if by_law else GIVEN,
    )
