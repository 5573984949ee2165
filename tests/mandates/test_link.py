"""Links: what the law gives is weighed as what people gave is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.edge import Substitution
from toegang.mandates.legal.authority import Authority, Basis, Certainty, Powers, Source, Together
from toegang.mandates.link import link_by_law, link_of

CURATELE = Authority(
    represented=Bsn.parse("999990019"),
    holder=KvkNumber.parse("90000005"),
    basis=Basis.CURATELE,
    powers=Powers(over=frozenset({Power.PROPERTY}), most=500_00),
    together=Together(needed=2),
    valid_from=b.NOW - b.DAY,
    valid_until=None,
    source=Source(register="courts", reference="x", retrieved_at=b.NOW),
    certainty=Certainty.UNDER_INVESTIGATION,
)


def test_what_the_law_gives_keeps_its_limits_its_doubt_and_its_ground() -> None:
    link = link_by_law(CURATELE, principal=b.SANNE, agent=b.FIRM)
    assert (link.principal, link.agent, link.kind, link.basis) == (
        b.SANNE,
        b.FIRM,
        EdgeKind.COURT,
        "curatele",
    )
    assert (link.worth, link.from_, link.until) == (Level.HIGH, b.NOW - b.DAY, None)
    assert (link.powers, link.restriction.most) == (frozenset({Power.PROPERTY}), 500_00)
    assert (link.needed, link.certain, link.overrules, link.by_law) == (2, False, True, True)
    assert link.substitution is Substitution.EMPLOYEES


def test_the_only_services_and_the_only_branch_stay_the_only_ones() -> None:
    powers = Powers(over=frozenset(Power), services=frozenset({"b", "a"}), branch="000000000001")
    link = link_by_law(replace(CURATELE, powers=powers), principal=b.SANNE, agent=b.FIRM)
    assert [scope.key for scope in link.scopes] == ["service:a", "service:b"]
    assert link.restriction.branches == frozenset({"000000000001"})


@pytest.mark.parametrize("basis", Basis)
def test_every_ground_in_law_is_of_a_kind_and_only_curatele_overrules(basis: Basis) -> None:
    link = link_by_law(replace(CURATELE, basis=basis), principal=b.SANNE, agent=b.PIETER)
    assert link.overrules is (basis is Basis.CURATELE)
    assert link.kind.by_law


def test_an_edge_is_weighed_at_the_lower_of_its_grant_and_its_source() -> None:
    link = link_of(b.edge(terms=b.terms(level=Level.HIGH, source_level=Level.LOW)))
    assert (link.worth, link.edge, link.version, link.by_law) == (Level.LOW, b.edge().id, 1, False)
