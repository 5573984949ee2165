"""What one mandate gives by one set of rules and by another: rules of judging tell, whoever is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, JointRule, Representation
from toegang.mandates.edge import Edge, Source, Substitution
from toegang.mandates.link import link_of
from toegang.mandates.scope import EVERYTHING, Scope
from toegang.mandates.ways import Effect, People, effect, weigh
from toegang.mandates.why import Why

OTHER_FIRM = b.party_id(101)
PEOPLE = People(
    parties={
        each.id: each
        for each in (b.person(b.SANNE), b.person(b.PIETER), b.firm(), b.firm(OTHER_FIRM), b.person(b.NOOR))
    },
    helpers=frozenset({b.FIRM}),
)
GIVEN = b.edge(agent=b.PIETER, principal=b.SANNE, kind=EdgeKind.VOLUNTARY)
FIRMS = b.edge(
    agent=b.FIRM,
    principal=OTHER_FIRM,
    kind=EdgeKind.INTERMEDIARY,
    terms=b.terms(substitution=Substitution.EMPLOYEES),
)
FURTHER = replace(FIRMS, terms=b.terms(substitution=Substitution.ONE_LEVEL))
WORKS = b.edge(agent=b.PIETER, principal=b.FIRM, kind=EdgeKind.EMPLOYEE)
STAFF = replace(WORKS, kind=EdgeKind.STAFF)
TEAMS = replace(STAFF, terms=b.terms(teams_only=True))
HELP = b.edge(
    agent=b.FIRM,
    principal=b.SANNE,
    kind=EdgeKind.HELPER,
    terms=b.terms(substitution=Substitution.EMPLOYEES),
)
WIDE = replace(GIVEN, terms=b.terms(scopes=(EVERYTHING,)))
ALL = b.rules(depth=3, helper_level=Level.HIGH, desk=True)


def but(*kinds: EdgeKind) -> tuple[EdgeKind, ...]:
    return tuple(kind for kind in EdgeKind if kind not in kinds)


@pytest.mark.parametrize(
    ("edge", "after", "told"),
    [
        pytest.param(GIVEN, ALL, (Effect.KEEPS, None), id="the same rules"),
        pytest.param(
            GIVEN,
            replace(ALL, kinds=but(EdgeKind.VOLUNTARY)),
            (Effect.STOPS, Why.KIND_NOT_ADMITTED),
            id="its kind goes",
        ),
        pytest.param(GIVEN, None, (Effect.STOPS, Why.NOT_ADMITTED), id="nobody acts any more"),
        pytest.param(
            GIVEN, replace(ALL, use=Level.HIGH), (Effect.STOPS, Why.LEVEL_TOO_LOW), id="acting asks more"
        ),
        pytest.param(GIVEN, replace(ALL, grant=Level.HIGH), (Effect.KEEPS, None), id="giving asks more"),
        pytest.param(
            WIDE,
            replace(ALL, grant=Level.HIGH),
            (Effect.STOPS, Why.LEVEL_TOO_LOW),
            id="giving asks more of what only covers it",
        ),
        pytest.param(
            WIDE, replace(ALL, excluded=True, since=None), (Effect.STOPS, Why.NO_AUTHORITY), id="excluded"
        ),
        pytest.param(
            replace(GIVEN, source=Source.ASSISTED),
            replace(ALL, desk=False),
            (Effect.STOPS, Why.NO_DESK),
            id="no desk any more",
        ),
        pytest.param(FIRMS, replace(ALL, depth=2), (Effect.KEEPS, None), id="no chain of three for it"),
        pytest.param(FURTHER, replace(ALL, depth=2), (Effect.SHORTER, None), id="no longer through another"),
        pytest.param(
            FURTHER, replace(ALL, depth=1), (Effect.STOPS, Why.CHAIN_TOO_LONG), id="no employees either"
        ),
        pytest.param(
            FIRMS, replace(ALL, kinds=but(EdgeKind.STAFF)), (Effect.KEEPS, None), id="employees still may"
        ),
        pytest.param(
            FIRMS,
            replace(ALL, kinds=(EdgeKind.INTERMEDIARY,)),
            (Effect.STOPS, Why.KIND_NOT_ADMITTED),
            id="nobody of the firm may",
        ),
        pytest.param(WORKS, replace(ALL, depth=1), (Effect.SHORTER, None), id="for the firm itself only"),
        pytest.param(
            STAFF, replace(ALL, depth=1), (Effect.STOPS, Why.CHAIN_TOO_LONG), id="staff without clients"
        ),
        pytest.param(TEAMS, ALL, (Effect.KEEPS, None), id="by team"),
        pytest.param(
            HELP, replace(ALL, helper_level=Level.LOW), (Effect.LOWER, None), id="help is worth less"
        ),
        pytest.param(
            replace(GIVEN, terms=b.terms(needed=2)),
            replace(ALL, joint=JointRule.ONE_IS_ENOUGH),
            (Effect.BECOMES, None),
            id="one is enough from then on",
        ),
        pytest.param(
            replace(GIVEN, terms=b.terms(scopes=(Scope.of_service(b.service(2).id),))),
            None,
            (Effect.NEITHER, None),
            id="for something else",
        ),
    ],
)
def test_other_rules_do_to_a_mandate(
    edge: Edge, after: Representation | None, told: tuple[Effect, Why | None]
) -> None:
    before = weigh(link_of(edge), b.service(rules_=ALL), PEOPLE, b.NOW)
    assert effect(before, weigh(link_of(edge), b.service(rules_=after), PEOPLE, b.NOW)) == told
