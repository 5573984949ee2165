"""What somebody gave in another's name falls with what they gave it by, and nothing is written for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.mandates import builders as b
from tests.mandates.test_register import BINDING, PIETERS, SERVICE, made, stated
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Decision, Permit, Refused
from toegang.mandates.edge import Edge, EdgeId, State, Under
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.life import Act, Side
from toegang.mandates.link import Link, link_of
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import Standing
from toegang.mandates.register import Mandates
from toegang.mandates.resting import MOST
from toegang.mandates.scope import EVERYTHING, Action, Restriction, Scope
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage import Database
from toegang.storage.edge_bodies import body_of, edge_in

AT_ONCE = b.service(1, b.rules(acceptance=False))
FOR_SANNE = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
HELD = b.edge(id=EdgeId(b.party_id(60)), agent=b.NOOR, terms=b.terms(grants=True))
CHILD = b.person(b.SANNE, born=BirthDate.parse("2015-06-01"))
ADULT_SOON = b.person(b.SANNE, born=BirthDate.parse("2009-03-02"))
PARENT = b.law(agent=b.NOOR, kind=EdgeKind.PARENTAL, basis="parental-sole", overrules=False)
CURATOR = b.law(agent=b.NOOR)


async def given(mandates: Mandates, law: Law, **changes: Any) -> Edge:  # noqa: ANN401 fields of the edge
    """Let Noor give Pieter something in Sanne's name."""
    proposed = b.edge(id=EdgeId(b.party_id(61)), **changes)
    return await mandates.begin(proposed, Move(act=Act.OFFER, by=FOR_SANNE), (AT_ONCE,), b.NOW, law)


async def may(mandates: Mandates, law: Law = NOTHING_TOLD, **changes: Any) -> Decision:  # noqa: ANN401
    asker = replace(PIETERS, service=b.service(1, b.rules(acceptance=False, **changes)))
    return await mandates.decide(asker, b.SANNE, b.NOW, law)


# -- given on by a mandate -----------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P2", "MANDATES-P3")
@pytest.mark.parametrize(
    ("act", "by", "why"),
    [
        (Act.REVOKE, Mover.self(b.SANNE, Level.HIGH), Why.NOT_IN_FORCE),
        (Act.RENOUNCE, Mover.self(b.NOOR, Level.HIGH), Why.NOT_IN_FORCE),
        (Act.SUSPEND, None, Why.SUSPENDED),
    ],
)
async def test_what_was_given_on_falls_when_what_it_was_given_by_ends(
    database: Database, act: Act, by: Mover | None, why: Why
) -> None:
    mandates = await made(database, HELD)
    sub = await given(mandates, NOTHING_TOLD)
    assert (sub.state, sub.under) == (State.ACTIVE, Under(by=b.NOOR, kind=EdgeKind.VOLUNTARY, edge=HELD.id))
    assert isinstance(await may(mandates), Permit)
    move = Move(act=act, by=by or Mover.of_house(Side.OFFICE))
    await mandates.move(HELD.id, 1, move, (AT_ONCE,), b.NOW, NOTHING_TOLD)
    assert await may(mandates) == Refused(whys=(why,))
    kept = await mandates.edges.find(sub.id)
    assert kept == sub


@pytest.mark.requires("MANDATES-P2", "MANDATES-P1")
async def test_what_was_given_on_is_never_more_than_what_is_left_of_what_it_was_given_by(
    database: Database,
) -> None:
    mandates = await made(database, HELD)
    await given(mandates, NOTHING_TOLD)
    seen = Restriction(actions=frozenset({Action.VIEW}))
    less = replace(HELD.terms, restriction=seen, until=b.NOW + b.DAY, level=Level.LOW)
    move = b.move(Act.RESTRICT, b.SANNE, terms=less)
    await mandates.move(HELD.id, 1, move, (AT_ONCE,), b.NOW, NOTHING_TOLD)
    permit = await may(mandates)
    assert isinstance(permit, Permit)
    assert (permit.restriction, permit.until, permit.level) == (seen, less.until, Level.LOW)
    assert await may(mandates, use=Level.SUBSTANTIAL) == Refused(whys=(Why.LEVEL_TOO_LOW,))


@pytest.mark.requires("MANDATES-P6", "MANDATES-P10")
@pytest.mark.parametrize("standing", [Standing.DECEASED, Standing.UNDER_GUARDIANSHIP])
async def test_what_was_given_on_falls_with_whoever_gave_it(database: Database, standing: Standing) -> None:
    mandates = await made(database, HELD)
    await given(mandates, NOTHING_TOLD)
    await mandates.know(b.person(b.NOOR, standing=standing), now=b.NOW)
    assert isinstance(await may(mandates), Refused)


@pytest.mark.requires("MANDATES-P4")
async def test_a_statement_stops_when_what_its_mandate_was_given_by_ends(database: Database) -> None:
    mandates = await made(database, HELD)
    await given(mandates, NOTHING_TOLD)
    statement = await stated(mandates)
    assert [step.edge for step in statement.under] == [HELD.id]
    await mandates.move(HELD.id, 1, b.move(Act.REVOKE, b.SANNE), (), b.NOW, NOTHING_TOLD)
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, SERVICE, b.NOW)


async def test_nothing_is_given_on_without_end(database: Database) -> None:
    mandates = await made(database, HELD)
    before = b.NOOR
    for number in range(70, 70 + MOST):
        await mandates.know(b.person(number), now=b.NOW)
        by = Mover(party=before, behalf=b.SANNE, level=Level.HIGH)
        next_ = b.edge(id=EdgeId(b.party_id(number)), agent=b.party_id(number), terms=HELD.terms)
        asked = mandates.begin(next_, Move(act=Act.OFFER, by=by), (AT_ONCE,), b.NOW, NOTHING_TOLD)
        assert (await asked).state is State.ACTIVE
        before = next_.agent
    last = replace(PIETERS, actor=before)
    assert isinstance(await mandates.decide(last, b.SANNE, b.NOW, NOTHING_TOLD), Permit)
    by = Mover(party=before, behalf=b.SANNE, level=Level.HIGH)
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(b.edge(), Move(act=Act.OFFER, by=by), (AT_ONCE,), b.NOW, NOTHING_TOLD)
    assert refused.value.why == "not-yours"
    await mandates.move(HELD.id, 1, b.move(Act.REVOKE, b.SANNE), (), b.NOW, NOTHING_TOLD)
    assert isinstance(await mandates.decide(last, b.SANNE, b.NOW, NOTHING_TOLD), Refused)


async def test_nobody_says_themselves_what_their_mandate_rests_on(database: Database) -> None:
    mandates = await made(database)
    claimed = Under(by=b.NOOR, kind=EdgeKind.COURT)
    offered = b.edge(under=claimed)
    mine = await mandates.begin(offered, b.move(Act.OFFER, b.SANNE), (AT_ONCE,), b.NOW, NOTHING_TOLD)
    assert mine.under is None


# -- given by law --------------------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P7", "BW-1:233")
async def test_what_a_parent_gave_for_a_child_ends_with_their_authority_and_at_eighteen(
    database: Database,
) -> None:
    mandates = await made(database)
    await mandates.know(ADULT_SOON, now=b.NOW)
    sub = await given(mandates, b.told(PARENT))
    assert sub.under == Under(by=b.NOOR, kind=EdgeKind.PARENTAL)
    assert isinstance(await may(mandates, b.told(PARENT)), Permit)
    assert await may(mandates, NOTHING_TOLD) == Refused(whys=(Why.NOT_IN_FORCE,))
    assert isinstance(await may(mandates, b.told(replace(PARENT, certain=False))), Refused)
    midnight = b.NOW.replace(hour=23)  # in Amsterdam it is the second of March
    for law in (b.told(PARENT), NOTHING_TOLD):
        assert isinstance(await mandates.decide(PIETERS, b.SANNE, midnight, law), Refused)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, midnight - b.DAY / 24, b.told(PARENT)), Permit)


@pytest.mark.requires("MANDATES-P7")
async def test_a_child_gives_nothing_of_themselves_and_nobody_acts_by_it(database: Database) -> None:
    mandates = await made(database, b.edge())
    await mandates.know(CHILD, now=b.NOW)
    assert await may(mandates) == Refused(whys=(Why.NOT_CAPABLE,))
    offered = b.edge(id=EdgeId(b.party_id(9)))
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(offered, b.move(Act.OFFER, b.SANNE), (AT_ONCE,), b.NOW, NOTHING_TOLD)
    assert refused.value.why == "not-capable"


@pytest.mark.requires("BW-1:381", "MANDATES-P6")
async def test_what_a_curator_gave_works_until_there_is_another_curator(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, standing=Standing.UNDER_GUARDIANSHIP), now=b.NOW)
    await given(mandates, b.told(CURATOR))
    assert isinstance(await may(mandates, b.told(CURATOR)), Permit)
    successor = b.told(replace(CURATOR, agent=b.party_id(77)))
    assert await may(mandates, successor) == Refused(whys=(Why.NOT_IN_FORCE,))


@pytest.mark.requires("BW-1:438")
async def test_what_an_administrator_gave_is_for_what_they_decide_on(database: Database) -> None:
    mandates = await made(database)
    bewind = replace(CURATOR, basis="bewind", powers=frozenset({Power.PROPERTY}), overrules=False)
    money = replace(AT_ONCE, representation=b.rules(acceptance=False, powers=(Power.PROPERTY,)))
    move = Move(act=Act.OFFER, by=FOR_SANNE)
    law = b.told(bewind)
    await mandates.begin(b.edge(), move, (money,), b.NOW, law)
    assert isinstance(await may(mandates, law, powers=(Power.PROPERTY,)), Permit)
    assert isinstance(await may(mandates, law, powers=(Power.PERSONAL_CARE,)), Refused)


@pytest.mark.requires("MANDATES-P8")
async def test_what_an_executor_gave_is_for_the_estate_of_the_dead(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, standing=Standing.DECEASED), now=b.NOW)
    executor = replace(CURATOR, kind=EdgeKind.ESTATE, basis="executor", overrules=False)
    await given(mandates, b.told(executor))
    assert isinstance(await may(mandates, b.told(executor)), Permit)
    assert isinstance(await may(mandates), Refused)


async def test_what_a_director_gave_the_organisation_gave_and_it_stays(database: Database) -> None:
    mandates = await made(database)
    director = b.law(principal=b.FIRM, agent=b.NOOR, kind=EdgeKind.STATUTORY, overrules=False)
    by = Mover(party=b.NOOR, behalf=b.FIRM, level=Level.HIGH)
    proposed = b.edge(principal=b.FIRM, kind=EdgeKind.EMPLOYEE)
    made_ = await mandates.begin(proposed, Move(act=Act.OFFER, by=by), (AT_ONCE,), b.NOW, b.told(director))
    assert made_.under is None
    assert isinstance(await mandates.decide(PIETERS, b.FIRM, b.NOW, NOTHING_TOLD), Permit)


# -- levels of what reaches a service unnamed ----------------------------------------------------------------

WIDE: dict[str, Callable[[], tuple[Scope, ...]]] = {
    "everything": lambda: (EVERYTHING,),
    "all of a provider": lambda: (Scope.of_provider(b.TAXES),),
}


@pytest.mark.requires("MANDATES-P1", "MANDATES-P2")
@pytest.mark.parametrize("scopes", WIDE.values(), ids=WIDE)
async def test_a_wide_mandate_reaches_no_service_where_giving_one_takes_more(
    database: Database, scopes: Callable[[], tuple[Scope, ...]]
) -> None:
    wide = b.edge(terms=b.terms(scopes=scopes(), level=Level.LOW))
    mandates = await made(database, wide)
    assert isinstance(await may(mandates, grant=Level.LOW), Permit)
    assert await may(mandates, grant=Level.HIGH) == Refused(whys=(Why.LEVEL_TOO_LOW,))
    named = replace(
        wide, terms=replace(wide.terms, scopes=(*wide.terms.scopes, Scope.of_service(SERVICE.id)))
    )
    async with mandates.units.begin() as unit:
        assert await mandates.edges.replace(unit, replace(named, version=2), 1)
    assert isinstance(await may(mandates, grant=Level.HIGH), Permit)


def test_what_a_mandate_rests_on_is_kept_with_it() -> None:
    for under in (
        None,
        Under(by=b.NOOR, kind=EdgeKind.COURT),
        Under(by=b.NOOR, kind=EdgeKind.COURT, edge=HELD.id),
    ):
        assert edge_in(body_of(b.edge(under=under))) == b.edge(under=under)


def test_only_what_rests_on_law_is_not_of_the_principal_themselves() -> None:
    own: Link = link_of(b.edge())
    assert own.of_themselves
    assert replace(own, rests_on=(link_of(HELD),)).of_themselves
    assert not replace(own, rests_on=(link_of(HELD), PARENT)).of_themselves
    assert not PARENT.of_themselves
