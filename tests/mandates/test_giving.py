"""Giving in another's name: never more than whoever gives may do, and never without authority at all."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import ServiceId
from toegang.mandates.edge import Edge, State, Substitution, Terms
from toegang.mandates.giving import authority_for
from toegang.mandates.life import Act
from toegang.mandates.link import Link, link_of
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import Standing
from toegang.mandates.scope import EVERYTHING, Action, Restriction, Scope, ScopeKind, covering
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate

ONE = Scope.of_service(ServiceId(UUID(int=1)))
COVERED = {ONE.key: covering(b.service(1, b.rules()))}
HELD = b.edge(principal=b.SANNE, agent=b.NOOR, terms=b.terms(scopes=(EVERYTHING,), grants=True))
PROPOSED = b.edge(principal=b.SANNE, agent=b.PIETER)


def asked(proposed: Edge = PROPOSED, *own: Link, act: Act = Act.OFFER, **noor: object) -> Why | None:
    by = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    known = replace(b.person(b.NOOR), **noor)  # type: ignore[arg-type]
    found = authority_for(proposed, Move(act=act, by=by), own, COVERED, known, b.NOW)
    return found if isinstance(found, Why) else None


@pytest.mark.requires("MANDATES-P3")
def test_whoever_may_give_on_gives_the_same_or_less() -> None:
    assert asked(PROPOSED, link_of(HELD)) is None


NOT_THEIRS = {
    "no authority": [],
    "one that may not be given on": [link_of(replace(HELD, terms=b.terms(scopes=(EVERYTHING,))))],
    "another's": [link_of(replace(HELD, agent=b.PIETER))],
    "over another": [link_of(replace(HELD, principal=b.PIETER))],
    "suspended": [link_of(replace(HELD, state=State.SUSPENDED))],
    "over by now": [replace(link_of(HELD), until=b.NOW)],
    "doubted by its register": [b.law(agent=b.NOOR, certain=False)],
}


@pytest.mark.requires("MANDATES-P3")
@pytest.mark.parametrize("own", NOT_THEIRS.values(), ids=NOT_THEIRS)
def test_without_such_authority_nothing_is_given(own: list[Link]) -> None:
    assert asked(PROPOSED, *own) is Why.NOT_YOURS
    assert asked(PROPOSED, *own, act=Act.REVOKE) is Why.NOT_YOURS


@pytest.mark.requires("MANDATES-P11", "MANDATES-T12")
def test_one_of_those_who_act_together_gives_nothing_and_can_end_everything() -> None:
    director = b.law(principal=b.SANNE, agent=b.NOOR, kind=EdgeKind.STATUTORY, overrules=False, needed=2)
    assert asked(PROPOSED, director) is Why.NOT_YOURS
    assert asked(PROPOSED, director, act=Act.EXTEND) is Why.NOT_YOURS
    for act in (Act.REVOKE, Act.RENOUNCE, Act.DECLINE, Act.WITHDRAW):
        assert asked(PROPOSED, director, act=act) is None


WIDER = {
    "longer": b.terms(until=HELD.terms.until + b.DAY),
    "earlier": b.terms(from_=HELD.terms.from_ - b.DAY),
    "higher": b.terms(level=Level.HIGH),
    "to be passed on": b.terms(substitution=Substitution.ONE_LEVEL),
}


@pytest.mark.requires("MANDATES-P3", "MANDATES-P2")
@pytest.mark.parametrize("new", WIDER.values(), ids=WIDER)
def test_more_than_the_grantor_has_is_not_given(new: Terms) -> None:
    assert asked(replace(PROPOSED, terms=new), link_of(HELD)) is Why.WIDER


LESS = {
    "until sooner": b.terms(scopes=(EVERYTHING,), until=HELD.terms.until - b.DAY),
    "from later": b.terms(scopes=(EVERYTHING,), from_=HELD.terms.from_ + b.DAY / 2),
    "lower": b.terms(scopes=(EVERYTHING,), level=Level.LOW),
    "of something else": b.terms(scopes=(Scope(ScopeKind.GROUP, "living"),)),
    "restricted": b.terms(scopes=(EVERYTHING,), restriction=Restriction(most=1)),
    "in person": b.terms(scopes=(EVERYTHING,), substitution=Substitution.NONE),
}


@pytest.mark.requires("MANDATES-P3", "MANDATES-P2")
@pytest.mark.parametrize("beneath", LESS.values(), ids=LESS)
def test_more_than_what_the_grantors_own_rests_on_is_not_given(beneath: Terms) -> None:
    bottom = link_of(replace(HELD, agent=b.party_id(9), terms=beneath))
    assert asked(PROPOSED, replace(link_of(HELD), rests_on=(bottom,))) is Why.WIDER


@pytest.mark.requires("MANDATES-P3", "MANDATES-P13")
def test_what_an_excluded_service_is_about_is_not_given_on_from_everything() -> None:
    excluded = {ONE.key: covering(b.service(1, b.rules(excluded=True)))}
    by = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    move = Move(act=Act.OFFER, by=by)
    assert authority_for(PROPOSED, move, [link_of(HELD)], excluded, b.person(b.NOOR), b.NOW) is Why.WIDER


def test_a_minor_and_one_under_curatele_give_nothing_in_anothers_name() -> None:
    assert asked(PROPOSED, link_of(HELD), born=BirthDate.parse("2012-01-01")) is Why.NOT_CAPABLE
    assert asked(PROPOSED, link_of(HELD), standing=Standing.UNDER_GUARDIANSHIP) is Why.NOT_CAPABLE


def test_who_may_give_may_also_take_away_whatever_was_given() -> None:
    wide = replace(PROPOSED, terms=b.terms(until=HELD.terms.until + b.DAY))
    assert asked(wide, link_of(HELD), act=Act.REVOKE) is None


def test_a_director_gives_for_the_organisation_by_law() -> None:
    director = b.law(principal=b.SANNE, agent=b.NOOR, kind=EdgeKind.STATUTORY, overrules=False)
    assert asked(PROPOSED, director) is None
    one_branch = replace(director, restriction=Restriction(branches=frozenset({"000000000001"})))
    assert asked(PROPOSED, one_branch) is Why.WIDER
    elsewhere = replace(director, scopes=(Scope(ScopeKind.SERVICE, "another"),))
    assert asked(PROPOSED, elsewhere) is Why.WIDER
    limited = replace(director, restriction=Restriction(most=100))
    assert asked(PROPOSED, limited) is Why.WIDER


@pytest.mark.requires("BW-3:64")
@pytest.mark.parametrize("basis", ["proxy", "authorised-heir"])
def test_who_was_given_authority_themselves_gives_none_of_it_on(basis: str) -> None:
    held = b.law(principal=b.SANNE, agent=b.NOOR, kind=EdgeKind.PROXY, basis=basis, overrules=False)
    assert asked(PROPOSED, held) is Why.NOT_YOURS


TERMS = st.builds(
    b.terms,
    level=st.sampled_from(Level),
    until=st.integers(1, 40).map(lambda days: b.NOW + days * b.DAY),
    restriction=st.builds(
        Restriction,
        actions=st.frozensets(st.sampled_from(Action), min_size=1),
        most=st.none() | st.integers(1, 3),
    ),
    substitution=st.sampled_from(Substitution),
    scopes=st.sampled_from([(ONE,), (EVERYTHING,), (ONE, Scope.of_provider(b.TAXES))]),
)


@pytest.mark.requires("MANDATES-P3", "MANDATES-P2")
@given(TERMS, TERMS)
def test_whatever_is_given_on_is_inside_what_is_held(held: Terms, given_: Terms) -> None:
    own = link_of(replace(HELD, terms=replace(held, grants=True)))
    if asked(replace(PROPOSED, terms=given_), own) is None:
        assert given_.worth <= held.worth
        assert given_.until <= held.until
        assert given_.restriction.within(held.restriction)
        assert given_.substitution.within(held.substitution)
        assert EVERYTHING in held.scopes or EVERYTHING not in given_.scopes


@pytest.mark.requires("MANDATES-P3", "MANDATES-P2")
@given(TERMS, TERMS, st.sampled_from(["level", "until", "restriction", "substitution"]))
def test_what_differs_in_one_respect_is_given_on_when_it_is_less_in_that(
    held: Terms, other: Terms, respect: str
) -> None:
    own = link_of(replace(HELD, terms=replace(held, grants=True)))
    new = replace(held, **{respect: getattr(other, respect)})
    less = {
        "level": new.worth <= held.worth,
        "until": new.until <= held.until,
        "restriction": new.restriction.within(held.restriction),
        "substitution": new.substitution.within(held.substitution),
    }
    assert (asked(replace(PROPOSED, terms=new), own) is None) is less[respect]
