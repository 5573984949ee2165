"""L19: an organisation that helps people: only one of the list, for what was named, no higher, no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.hostile.test_l19_in_another_name import KOMPAS, firm
from tests.mandates import builders as b
from tests.mandates.builders import NOW
from tests.mandates.engines import Helpers
from tests.mandates.giving_people import NOOR, PIETER, SANNE, People, people
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker, Decision, Permit, Refused
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.finding import Found
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope, ScopeKind
from toegang.mandates.statement import Binding
from toegang.mandates.voluntary import Proposal
from toegang.mandates.why import Why
from toegang.storage import Database

TAX = b.service(5, b.rules(helper_days=100, helper_level=Level.LOW))
NO_HELP = b.service(6, b.rules(kinds=(EdgeKind.VOLUNTARY, EdgeKind.EMPLOYEE)))
LAST = NOW + timedelta(days=100)


async def library(database: Database) -> tuple[People, PartyId]:
    """Have a library in the list of who helps, for which Noor works and Pieter does not."""
    house = await people(database)
    house.offered.services[:] = [TAX, NO_HELP]
    party = await firm(house, KOMPAS)
    helpers = house.voluntary.mandates.helpers
    assert isinstance(helpers, Helpers)
    helpers.listed.add(party)
    works = b.edge(
        id=EdgeId(b.party_id(77)),
        principal=party,
        agent=house.ids[NOOR],
        kind=EdgeKind.EMPLOYEE,
        terms=b.terms(scopes=(Scope.of_service(TAX.id),), until=NOW + timedelta(days=400)),
    )
    async with database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, works)
    return house, party


def unlisted(house: People) -> None:
    helpers = house.voluntary.mandates.helpers
    assert isinstance(helpers, Helpers)
    helpers.listed.clear()


def wanted(*services: Service, **changes: object) -> Proposal:
    made = Proposal(
        scopes=tuple(Scope.of_service(each.id) for each in services or (TAX,)),
        from_=NOW,
        until=LAST,
        read="what was read",
        kind=EdgeKind.HELPER,
        to_organisation=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def helped(house: People, party: PartyId, proposal: Proposal | None = None) -> Edge:
    other = Found(party=party, nobody=party)
    return await house.voluntary.offer(house.actor(SANNE), other, proposal or wanted(), NOW)


async def asked(house: People, who: PartyId, *, level: Level = Level.LOW) -> Decision:
    asker = Asker(actor=who, authenticated=Level.SUBSTANTIAL, service=TAX, requested=level)
    return await house.voluntary.mandates.decide(asker, house.ids[SANNE], NOW, NOTHING_TOLD)


REFUSED = {
    "longer than helpers may": (wanted(until=LAST + timedelta(seconds=1)), Why.LONGER_THAN_ADMITTED),
    "where no helper is admitted": (wanted(NO_HELP), Why.KIND_NOT_ADMITTED),
    "for all of a provider": (
        wanted(scopes=(Scope(ScopeKind.PROVIDER, str(TAX.organisation)),)),
        Why.WIDER,
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_more_than_the_service_lets_helpers_have_is_not_given(database: Database, case: str) -> None:
    house, party = await library(database)
    proposal, why = REFUSED[case]
    with pytest.raises(NotEntitled) as refused:
        await helped(house, party, proposal)
    assert refused.value.why == why


async def test_who_is_in_no_list_is_let_help_by_nobody_nor_is_a_person(database: Database) -> None:
    house, party = await library(database)
    unlisted(house)
    for agent in (party, house.ids[PIETER]):
        with pytest.raises(NotEntitled) as refused:
            await helped(house, agent)
        assert refused.value.why == Why.NO_HELPER


async def test_it_counts_at_once_for_who_works_there_and_for_nobody_else(database: Database) -> None:
    house, party = await library(database)
    edge = await helped(house, party)
    assert (edge.state, edge.terms.substitution) == (State.ACTIVE, Substitution.EMPLOYEES)
    assert (edge.terms.source_level, edge.terms.grants) == (Level.LOW, False)
    permit = await asked(house, house.ids[NOOR])
    assert isinstance(permit, Permit)
    assert (permit.basis, permit.level) == (("employee", "helper"), Level.LOW)
    assert await asked(house, house.ids[PIETER]) == Refused(whys=(Why.NO_AUTHORITY,))


async def test_nobody_helps_above_the_level_of_helpers_nor_when_it_was_made_lower_since(
    database: Database,
) -> None:
    house, party = await library(database)
    await helped(house, party)
    refused = await asked(house, house.ids[NOOR], level=Level.SUBSTANTIAL)
    assert isinstance(refused, Refused)
    assert Why.LEVEL_TOO_LOW in refused.whys


async def test_who_is_taken_out_of_the_list_helps_nobody_also_not_by_what_was_stated(
    database: Database,
) -> None:
    house, party = await library(database)
    await helped(house, party)
    mandates = house.voluntary.mandates
    asker = Asker(actor=house.ids[NOOR], authenticated=Level.LOW, service=TAX, requested=Level.LOW)
    binding = Binding(transaction="t", audience="a", session="s", nonce="n")
    await mandates.state(asker, house.ids[SANNE], binding, NOW, NOTHING_TOLD)
    taken = await mandates.redeem(binding, TAX, NOW)
    await mandates.stating.check_holds(taken, TAX, NOW)
    unlisted(house)
    with pytest.raises(OneTimeGone):
        await mandates.stating.check_holds(taken, TAX, NOW)
    assert await asked(house, house.ids[NOOR]) == Refused(whys=(Why.NO_HELPER,))


async def test_who_is_helped_ends_it_and_so_does_the_organisation_and_neither_makes_it_longer_than_may_be(
    database: Database,
) -> None:
    house, party = await library(database)
    edge = await helped(house, party)
    me = house.actor(SANNE)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.extend(me, edge.id, 1, LAST + timedelta(days=1), NOW)
    assert refused.value.why == Why.LONGER_THAN_ADMITTED
    assert (await house.voluntary.end(me, edge.id, 1, NOW)).state is State.REVOKED
    assert isinstance(await asked(house, house.ids[NOOR]), Refused)
    other = await helped(house, party)
    firm_itself = replace(me, party=party)
    assert (await house.voluntary.end(firm_itself, other.id, 1, NOW)).state is State.RENOUNCED


async def test_who_helps_sends_no_other_firm(database: Database) -> None:
    house, party = await library(database)
    await helped(house, party)
    other = await firm(house, type(KOMPAS).parse("90000202"))
    on = b.edge(
        id=EdgeId(b.party_id(78)),
        principal=party,
        agent=other,
        kind=EdgeKind.INTERMEDIARY,
        terms=b.terms(scopes=(Scope.of_service(TAX.id),)),
    )
    works = b.edge(
        id=EdgeId(b.party_id(79)),
        principal=other,
        agent=house.ids[PIETER],
        kind=EdgeKind.EMPLOYEE,
        terms=b.terms(scopes=(Scope.of_service(TAX.id),)),
    )
    async with database.begin() as unit:
        for each in (on, works):
            assert await house.voluntary.mandates.edges.add(unit, each)
    refused = await asked(house, house.ids[PIETER])
    assert isinstance(refused, Refused)
    deep = replace(TAX, representation=b.rules(helper_level=Level.LOW, depth=3))
    asker = Asker(actor=house.ids[PIETER], authenticated=Level.HIGH, service=deep, requested=Level.LOW)
    decision = await house.voluntary.mandates.decide(asker, house.ids[SANNE], NOW, NOTHING_TOLD)
    assert isinstance(decision, Refused)
    assert Why.NO_SUBSTITUTION in decision.whys
