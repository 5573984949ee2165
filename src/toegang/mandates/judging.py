"""Judging: whether one path lets somebody act for another at a service, one rule per function.

The order of `RULES` is the order in which they are asked; the first that objects is told. Everything is as
of one moment, and nothing is remembered between two questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind, JointRule
from toegang.mandates.answerable import ANYTHING, Answerable
from toegang.mandates.edge import Source, State, Substitution
from toegang.mandates.legal.authority import Basis
from toegang.mandates.link import met_on, whole
from toegang.mandates.party import MAJORITY, Party, PartyId, PartyKind, Standing
from toegang.mandates.scope import UNRESTRICTED, Scope, covering
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.representation import Representation
    from toegang.catalogue.values import Service
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link, Path
    from toegang.mandates.scope import Covering, Restriction

    Rule = Callable[[Path, "Grounds"], Why | None]

TEAMS_REACH: Final = 2
"""Links of a chain through a team: the client's to the organisation, and its employee's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What paths are judged on: the service with its rules, the level asked, who everybody is, and when.

    `law` is what registers told of anybody on the paths: what the law gives, whoever holds it. `helpers` are
    those of them who are in the list of organisations that help people.
    """

    service: Service
    rules: Representation
    level: Level
    now: datetime
    parties: Mapping[PartyId, Party]
    law: Law
    covering: tuple[Covering, ...] = ()
    answerable: Answerable = ANYTHING
    helpers: frozenset[PartyId] = frozenset()

    @classmethod
    def of(  # noqa: PLR0913 one argument for each thing that it rests on
        cls,
        service: Service,
        rules: Representation,
        *,
        level: Level,
        now: datetime,
        parties: Mapping[PartyId, Party],
        law: Law,
        answerable: Answerable = ANYTHING,
        helpers: frozenset[PartyId] = frozenset(),
    ) -> Grounds:
        """Return the grounds at a service, with the scopes that reach it."""
        return cls(
            service=service,
            rules=rules,
            level=level,
            now=now,
            parties=parties,
            law=law,
            covering=covering(service),
            answerable=answerable,
            helpers=helpers,
        )


def is_a_path(path: Path, grounds: Grounds) -> Why | None:
    """P10: each link begins where the one before it ends, nobody occurs twice, and it is not too long."""
    met = {path[0].agent, *(link.principal for link in path)} if path else set()
    joined = all(near.principal == far.agent for near, far in pairwise(path))
    if not path or not joined or len(met) != len(path) + 1:
        return Why.NO_AUTHORITY
    return Why.CHAIN_TOO_LONG if len(path) > grounds.rules.depth else None


def links_may_follow_each_other(path: Path, _: Grounds) -> Why | None:
    """P10: through organisations only: first within one, then from client to firm, and from firm to firm."""
    *near, far = path
    if far.kind is EdgeKind.STAFF:
        return Why.NO_AUTHORITY
    if near and (not near[0].kind.within_organisation or far.kind.within_organisation):
        return Why.NO_AUTHORITY
    return None if all(link.kind is EdgeKind.INTERMEDIARY for link in near[1:]) else Why.NO_AUTHORITY


def kinds_are_admitted(path: Path, grounds: Grounds) -> Why | None:
    """Demand that the service admits every kind on the path."""
    return None if all(link.kind in grounds.rules.kinds for link in whole(path)) else Why.KIND_NOT_ADMITTED


def desks_are_admitted(path: Path, grounds: Grounds) -> Why | None:
    """Demand that the service admits what was given at a desk, if anything on the path was."""
    given = any(link.source is Source.ASSISTED for link in whole(path))
    return Why.NO_DESK if given and not grounds.rules.desk else None


def helpers_are_admitted(path: Path, grounds: Grounds) -> Why | None:
    """Demand that who helps people is in the list of those who do, and acts no higher than they may."""
    agents = {link.agent for link in whole(path) if link.kind is EdgeKind.HELPER}
    if not agents <= grounds.helpers:
        return Why.NO_HELPER
    return Why.LEVEL_TOO_LOW if agents and grounds.level > grounds.rules.helper_level else None


def links_are_in_force(path: Path, grounds: Grounds) -> Why | None:
    """P5: each link is active and holds at this moment, `[from, until)`."""
    links = whole(path)
    if any(link.state is State.SUSPENDED for link in links):
        return Why.SUSPENDED
    held = all(link.state is State.ACTIVE and link.covers(grounds.now) for link in links)
    return None if held else Why.NOT_IN_FORCE


def links_reach_the_service(path: Path, grounds: Grounds) -> Why | None:
    """P2, P13: each link covers the service; the law covers all but what must be named."""
    return None if all(_reaches(link, grounds) for link in whole(path)) else Why.NO_AUTHORITY


def links_are_certain(path: Path, _: Grounds) -> Why | None:
    """Nothing rests on what a register doubts."""
    return None if all(link.certain for link in whole(path)) else Why.UNCERTAIN


def registers_are_sure(path: Path, grounds: Grounds) -> Why | None:
    """P25: nothing is permitted about whom a register did not tell, or looks into its own facts."""
    whys = {grounds.law.unsure(each) for each in met_on(path)}
    return next((why for why in (Why.REGISTER_SILENT, Why.UNCERTAIN) if why in whys), None)


def links_are_high_enough(path: Path, grounds: Grounds) -> Why | None:
    """P1: each link is worth the level asked, and what reaches the service unnamed as much as giving it asks.

    What a mandate names was looked at when it was given; what it only happens to cover was not.
    """
    links = whole(path)
    enough = all(link.worth >= grounds.level for link in links)
    named = Scope.of_service(grounds.service.id)
    given = all(link.by_law or named in link.scopes or link.worth >= grounds.rules.grant for link in links)
    return None if enough and given else Why.LEVEL_TOO_LOW


def something_is_left(path: Path, _: Grounds) -> Why | None:
    """P2: what all links allow together is something."""
    return Why.NOTHING_LEFT if left(path).empty else None


def limits_are_honoured(path: Path, grounds: Grounds) -> Why | None:
    """P2: the service holds people to every limit that is left: one that it does not know would be none."""
    return None if left(path).kinds <= frozenset(grounds.rules.limits) else Why.LIMIT_NOT_HONOURED


def agents_may_have_others_act(path: Path, _: Grounds) -> Why | None:
    """P10: whoever does not act in person may have their employees do so, or a firm and its employees."""
    for place, link in enumerate(path[1:], start=1):
        needed = Substitution.EMPLOYEES if place == 1 else Substitution.ONE_LEVEL
        if not needed.within(link.substitution):
            return Why.NO_SUBSTITUTION
    return None


def clients_are_of_the_team(path: Path, grounds: Grounds) -> Why | None:
    """P26: who acts for the clients of their teams only is on a team that is for this client, now.

    It is said of the clients of their own organisation, so a chain through a second one is not theirs.
    """
    near = path[0]
    if len(path) == 1 or not any(each.teams_only for each in (near, *near.rests_on)):
        return None
    held = all(each.state is State.ACTIVE and each.covers(grounds.now) for each in near.through)
    high = all(each.worth >= grounds.level for each in near.through)
    if len(path) > TEAMS_REACH or not near.through or not held:
        return Why.NOT_ON_THE_TEAM
    return None if high else Why.LEVEL_TOO_LOW


def nobody_else_must_act_too(path: Path, grounds: Grounds) -> Why | None:
    """P11: what several hold together is not used by one, unless the service finds one enough."""
    if grounds.rules.joint is JointRule.ONE_IS_ENOUGH:
        return None
    return Why.TOGETHER if any(link.needed > 1 for link in path) else None


def everybody_is_known(path: Path, grounds: Grounds) -> Why | None:
    """Nobody acts, or is acted for, of whom no register told."""
    return None if met_on(path) <= grounds.parties.keys() else Why.PARTY_UNKNOWN


def agents_are_able(path: Path, grounds: Grounds) -> Why | None:
    """P8, P10: every agent is an able adult or organisation: the dead, minors and the dissolved never act."""
    whys = (_unable(grounds.parties[link.agent], grounds) for link in whole(path))
    why = next((each for each in whys if each is not None), None)
    if why is not None:
        return why
    for link in path:
        agent = grounds.parties[link.agent]
        if link is path[0] and agent.kind is not PartyKind.PERSON:
            return Why.NOT_CAPABLE
        if link is not path[0] and agent.kind is PartyKind.PERSON:
            # A parent or a curator has no "employees": who is a person acts in person.
            return Why.NO_SUBSTITUTION
    return None


def _unable(agent: Party, grounds: Grounds) -> Why | None:
    why = _STANDING[agent.standing_at(grounds.now)]
    incapable = grounds.law.capacity(agent.id).incapable(grounds.now) or not agent.is_adult(grounds.now)
    return Why.NOT_CAPABLE if why is None and (incapable or agent.kind is PartyKind.ESTATE) else why


def principal_can_be_represented(path: Path, grounds: Grounds) -> Why | None:
    """P6-P8: of the dead only the estate is represented, under curatele and of a minor only by law."""
    far = path[-1]
    principal = grounds.parties[far.principal]
    standing = principal.standing_at(grounds.now)
    if far.ground is EdgeKind.ESTATE:
        dead = standing is Standing.DECEASED or principal.kind is PartyKind.ESTATE
        return None if dead else Why.NOT_IN_FORCE
    if standing in {Standing.UNDER_GUARDIANSHIP, Standing.INSOLVENT}:
        return None if far.ground is EdgeKind.COURT else Why.OVERRULED
    minor = far.of_themselves and not principal.is_adult(grounds.now)
    return Why.NOT_CAPABLE if minor and _STANDING[standing] is None else _STANDING[standing]


def an_estate_has_its_party(path: Path, grounds: Grounds) -> Why | None:
    """P8, BW-4:145: heirs do not act beside an executor; where a service is exclusive one party acts.

    That is whom the heirs authorised for it, else the only one who may act alone. Of two neither does.
    """
    far = path[-1]
    bottom = far.rests_on[-1] if far.rests_on else far
    if bottom.kind is not EdgeKind.ESTATE or not bottom.by_law:
        return None
    here = [
        link
        for link in grounds.law.links
        if (link.kind, link.principal) == (EdgeKind.ESTATE, far.principal)
        and link.covers(grounds.now)
        and _reaches(link, grounds)
    ]
    if bottom.basis == Basis.HEIR and any(link.basis == Basis.EXECUTOR for link in here):
        return Why.OVERRULED
    if not grounds.rules.exclusive:
        return None
    authorised = [link for link in here if link.basis == Basis.AUTHORISED_HEIR]
    parties = {link.agent for link in authorised or here if link.needed == 1}
    if bottom.agent not in parties:
        return Why.OVERRULED if authorised else Why.TOGETHER
    return None if len(parties) == 1 else Why.TOGETHER


def children_are_of_the_age(path: Path, grounds: Grounds) -> Why | None:
    """P7: parents act for who is surely a minor, and surely of the ages that the service admits."""
    if path[-1].ground is not EdgeKind.PARENTAL:
        return None
    child, at = grounds.parties[path[-1].principal], grounds.now
    before = min(grounds.rules.child_until, MAJORITY)
    sure = child.is_at_least(grounds.rules.child_from, at) and child.is_under(before, at)
    return None if sure else Why.NOT_OF_THE_AGE


def the_law_comes_first(path: Path, grounds: Grounds) -> Why | None:
    """BW-1:381, BW-1:438, BW-1:453: what somebody gave has no effect where a court took it away.

    It does not matter when it was given: nobody has others do what they may not do themselves.
    """
    given = {link.principal for link in path if link.of_themselves}
    overruled = any(
        law.overrules and law.principal in given and law.covers(grounds.now) for law in grounds.law.links
    )
    lost = any(grounds.law.capacity(each).has_lost(grounds.rules.about, grounds.now) for each in given)
    return Why.OVERRULED if overruled or lost else None


def it_can_be_answered(path: Path, grounds: Grounds) -> Why | None:
    """P2: who asks is told all of it, and asked for it: a restriction that is left out would be none."""
    answerable, far = grounds.answerable, path[-1]
    if answerable is ANYTHING:
        return None
    whole_ = answerable.restrictions or left(path) == UNRESTRICTED
    asked = far.kind in answerable.kinds and grounds.parties[far.principal].kind in answerable.parties
    return None if whole_ and asked else Why.NOT_ANSWERABLE


def left(path: Path) -> Restriction:
    """Return what all links allow together."""
    return reduce(lambda narrow, link: narrow.narrowed(link.restriction), whole(path), UNRESTRICTED)


def against(path: Path, grounds: Grounds) -> Why | None:
    """Return the first rule's objection to a path; None when it lets its agent act."""
    for rule in RULES:
        why = rule(path, grounds)
        if why is not None:
            return why
    return None


def _reaches(link: Link, grounds: Grounds) -> bool:
    powers = link.powers.union(*(each.powers for each in link.beside))
    if link.by_law and (grounds.rules.excluded or not powers >= grounds.rules.about):
        return False
    if link.by_law and not link.scopes:
        return True
    return any(each.covers(scope) for each in grounds.covering for scope in link.scopes)


_STANDING: Final[Mapping[Standing, Why | None]] = {
    Standing.ABLE: None,
    Standing.DECEASED: Why.PARTY_ENDED,
    Standing.DISSOLVED: Why.PARTY_ENDED,
    Standing.INSOLVENT: Why.PARTY_ENDED,
    Standing.UNDER_GUARDIANSHIP: Why.NOT_CAPABLE,
    Standing.INVESTIGATED: Why.PARTY_INVESTIGATED,
}

RULES: Final[tuple[Rule, ...]] = (
    is_a_path,
    links_may_follow_each_other,
    kinds_are_admitted,
    desks_are_admitted,
    helpers_are_admitted,
    links_reach_the_service,
    links_are_in_force,
    links_are_certain,
    registers_are_sure,
    links_are_high_enough,
    something_is_left,
    limits_are_honoured,
    agents_may_have_others_act,
    clients_are_of_the_team,
    nobody_else_must_act_too,
    everybody_is_known,
    agents_are_able,
    principal_can_be_represented,
    an_estate_has_its_party,
    children_are_of_the_age,
    the_law_comes_first,
    it_can_be_answered,
)
