"""What a mandate will give less of by what a service announced, and what it will not be told of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import Announced, EdgeKind, Representation
from toegang.mandates.announced import coming, coming_to
from toegang.mandates.edge import Edge, Source, State, Substitution, Under
from toegang.mandates.scope import Scope
from toegang.mandates.ways import Effect

BEGINS = b.NOW + 10 * b.DAY
GIVEN = b.edge(
    kind=EdgeKind.VOLUNTARY, terms=b.terms(until=b.NOW + 30 * b.DAY, substitution=Substitution.NONE)
)
TO_FIRM = replace(GIVEN, terms=b.terms(substitution=Substitution.EMPLOYEES))
HELP = replace(TO_FIRM, kind=EdgeKind.HELPER)
PERSONAL = b.rules(kinds=(EdgeKind.VOLUNTARY,))
NOBODY = b.rules(kinds=(EdgeKind.COURT,))
RULES = b.rules(helper_level=Level.HIGH)


def announced(after: Representation | None) -> Representation:
    return replace(RULES, announced=Announced(from_=BEGINS, rules=after, ends=after is None))


@pytest.mark.parametrize(
    ("edge", "after", "told"),
    [
        pytest.param(GIVEN, RULES, (), id="nothing for it"),
        pytest.param(GIVEN, NOBODY, (Effect.STOPS,), id="its kind"),
        pytest.param(GIVEN, None, (Effect.STOPS,), id="everything"),
        pytest.param(GIVEN, PERSONAL, (), id="to a person"),
        pytest.param(TO_FIRM, PERSONAL, (Effect.STOPS,), id="to an organisation, without its employees"),
        pytest.param(HELP, b.rules(helper_level=Level.LOW), (Effect.LOWER,), id="help up to a lower level"),
        pytest.param(replace(GIVEN, terms=b.terms(until=BEGINS)), None, (), id="over by then"),
        pytest.param(replace(GIVEN, state=State.OFFERED), None, (Effect.STOPS,), id="not agreed yet"),
        pytest.param(
            replace(GIVEN, terms=b.terms(from_=BEGINS + b.DAY, until=BEGINS + 9 * b.DAY)),
            NOBODY,
            (Effect.STOPS,),
            id="begins after it",
        ),
        pytest.param(
            replace(GIVEN, under=Under(by=b.PIETER, kind=EdgeKind.PARENTAL, edge=None)),
            PERSONAL,
            (Effect.STOPS,),
            id="given by a parent, who may not any more",
        ),
    ],
)
def test_a_mandate_is_told_of_what_it_loses(
    edge: Edge, after: Representation | None, told: tuple[Effect, ...]
) -> None:
    service = b.service(rules_=announced(after))
    found = coming(edge, [service], b.NOW)
    assert tuple(each.effect for each in found) == told
    assert all(each.from_ == BEGINS for each in found)
    assert coming(edge, [service.at(BEGINS)], BEGINS) == ()


@pytest.mark.parametrize(("to_firm", "told"), [(False, 0), (True, 1)])
def test_who_is_about_to_give_is_told_too(*, to_firm: bool, told: int) -> None:
    service = b.service(rules_=announced(PERSONAL))
    found = coming_to(
        EdgeKind.VOLUNTARY,
        (Scope.of_service(service.id),),
        Level.LOW,
        [service, b.service(2, RULES)],
        to_firm=to_firm,
        until=None,
        now=b.NOW,
    )
    assert len(found) == told


@pytest.mark.parametrize(("source", "told"), [(Source.SELF, 0), (Source.ASSISTED, 1)])
def test_what_is_given_at_a_desk_is_told_that_desks_do_not_count_any_more(source: Source, told: int) -> None:
    before = replace(RULES, desk=True)
    change = Announced(from_=BEGINS, rules=b.rules(version=2, helper_level=Level.HIGH))
    service = b.service(rules_=replace(before, announced=change))
    found = coming_to(
        EdgeKind.VOLUNTARY,
        (Scope.of_service(service.id),),
        Level.HIGH,
        [service],
        to_firm=False,
        until=BEGINS + b.DAY,
        now=b.NOW,
        source=source,
    )
    assert len(found) == told
