"""Offering: what can be given in another's name at most, as giving it would tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mandates import builders as b
from toegang.catalogue.representation import EdgeKind, LimitKind, Power
from toegang.catalogue.values import Service
from toegang.mandates.giving import authority_for, is_over_all
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.life import Act
from toegang.mandates.link import Link, link_of
from toegang.mandates.moves import Mover
from toegang.mandates.offering import Offering, offering_by
from toegang.mandates.scope import EVERYTHING, UNRESTRICTED, Restriction, Scope, covering

ALL_POWERS, MONEY = frozenset(Power), frozenset({Power.PROPERTY})
MONEY_ONLY = b.service(1, b.rules(powers=(Power.PROPERTY,)))
CARE = b.service(2, b.rules(powers=(Power.PERSONAL_CARE,)))
NO_PARENTS = b.service(3, b.rules(kinds=tuple(set(EdgeKind) - {EdgeKind.PARENTAL})))
NO_LIMITS = b.service(4, b.rules(limits=()))
SERVICES = (MONEY_ONLY, CARE, NO_PARENTS, NO_LIMITS)

DIRECTOR = b.law(kind=EdgeKind.STATUTORY, basis="director-sole", overrules=False)
LIMITED = replace(DIRECTOR, basis="director-limited", restriction=Restriction(most=500_000))
NAMED = replace(DIRECTOR, scopes=(Scope.of_service(CARE.id),))
PARENT = b.law(kind=EdgeKind.PARENTAL, basis="parental-sole", overrules=False)
BEWIND = b.law(powers=MONEY, basis="bewind", overrules=False)
WHOLE = link_of(b.edge(terms=b.terms(scopes=(EVERYTHING,), grants=True)))
ON_PARENT = replace(WHOLE, rests_on=(replace(PARENT, agent=b.NOOR, restriction=Restriction(most=100)),))
LINKS = {
    "director": DIRECTOR,
    "limited": LIMITED,
    "named": NAMED,
    "parent": PARENT,
    "bewind": BEWIND,
    "whole": WHOLE,
    "on a parent": ON_PARENT,
}


def scopes_of(service: Service) -> tuple[Scope, ...]:
    return (Scope.of_service(service.id),)


def most(
    offering: Offering, service: Service, limits: frozenset[LimitKind] | None = None
) -> Restriction | None:
    rules = service.representation
    assert rules is not None
    known = frozenset(rules.limits) if limits is None else limits
    return offering.most(scopes_of(service), (service,), known, b.NOW)


def by(*held: Link, law: Law = NOTHING_TOLD) -> Offering:
    return offering_by(held, b.SANNE, law)


@pytest.mark.requires("MANDATES-P3")
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
@pytest.mark.parametrize("service", SERVICES, ids=lambda each: str(each.id)[-1:])
def test_what_is_offered_is_what_giving_lets_and_nothing_more(link: Link, service: Service) -> None:
    rules = service.representation
    assert rules is not None
    found = most(by(link), service)
    terms = b.terms(scopes=scopes_of(service), restriction=found or link.restriction, until=b.NOW + b.DAY)
    move = b.move(Act.OFFER, Mover(party=b.PIETER, behalf=b.SANNE, level=b.terms().level), terms=terms)
    over = not link.by_law or is_over_all(link, terms.scopes, (service,))
    covered = {scopes_of(service)[0].key: covering(service)}
    given = authority_for(b.edge(), move, [link] if over else [], covered, b.person(b.PIETER), b.NOW)
    honoured = terms.restriction.kinds <= set(rules.limits)
    assert (found is not None) == (isinstance(given, Link) and honoured)
    if found is not None and found.most is not None:
        more = replace(terms, restriction=replace(found, most=found.most + 1))
        wider = authority_for(b.edge(), replace(move, terms=more), [link], covered, b.person(b.PIETER), b.NOW)
        assert not isinstance(wider, Link)


def test_of_several_the_widest_is_offered() -> None:
    assert most(by(LIMITED), CARE) == Restriction(most=500_000)
    assert most(by(LIMITED, replace(LIMITED, restriction=Restriction(most=900_000))), CARE) == Restriction(
        most=900_000
    )
    assert most(by(LIMITED, NAMED), CARE) == UNRESTRICTED
    assert most(by(LIMITED, NAMED), MONEY_ONLY) == Restriction(most=500_000)


def test_a_limit_that_a_service_does_not_look_at_lets_nobody_give_there() -> None:
    assert most(by(LIMITED), NO_LIMITS) is None
    assert most(by(DIRECTOR), NO_LIMITS) == UNRESTRICTED


def test_what_is_wider_than_services_is_for_who_decides_on_everything() -> None:
    group = (Scope.of_provider(b.TAXES),)
    offered = [by(each).most(group, SERVICES, frozenset(LimitKind), b.NOW) for each in (DIRECTOR, WHOLE)]
    assert offered == [UNRESTRICTED, UNRESTRICTED]
    for each in (BEWIND, NAMED, PARENT):
        assert by(each).most(group, SERVICES, frozenset(LimitKind), b.NOW) is None


@pytest.mark.requires("MANDATES-P25")
def test_what_a_court_put_in_other_hands_is_not_offered_by_a_mandate() -> None:
    other = replace(BEWIND, agent=b.NOOR)
    offering = by(WHOLE, law=b.told(other))
    assert (most(offering, MONEY_ONLY), most(offering, CARE)) == (None, UNRESTRICTED)
    curatele = by(WHOLE, law=b.told(b.law(agent=b.NOOR)))
    assert (most(curatele, MONEY_ONLY), most(curatele, CARE)) == (None, None)
    over = by(WHOLE, law=b.told(replace(other, until=b.NOW)))
    assert most(over, MONEY_ONLY) == UNRESTRICTED


def test_asking_is_bounded_by_the_matters_and_by_no_amount() -> None:
    assert by(LIMITED).may_ask(scopes_of(NO_LIMITS), (NO_LIMITS,))
    assert by(WHOLE).may_ask(scopes_of(CARE), (CARE,))
    assert not by(BEWIND).may_ask(scopes_of(CARE), (CARE,))
    assert not by().may_ask(scopes_of(CARE), (CARE,))
