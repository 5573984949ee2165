"""L19: attacks on mandates: use after the end, widening, swapping, granting to oneself, finding out."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from statistics import median

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker, Permit, Refused
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Mover
from toegang.mandates.register import Mandates
from toegang.mandates.scope import EVERYTHING, Scope
from toegang.mandates.statement import Binding
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage import Database

SERVICE = b.service(1, b.rules())
OTHER = b.service(2, b.rules())
BINDING = Binding(transaction="login", audience="portal", nonce="n", session="s")
PIETERS = Asker(actor=b.PIETER, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
TICK = timedelta(microseconds=1)


async def house(database: Database, *edges: Edge) -> Mandates:
    mandates = door(database)
    for party in (b.person(b.SANNE), b.person(b.PIETER), b.person(b.NOOR), b.firm(), b.firm(101)):
        await mandates.know(party, now=b.NOW)
    async with mandates.units.begin() as unit:
        for edge in edges:
            await mandates.edges.add(unit, edge)
    return mandates


def numbered(number: int, **changes: object) -> Edge:
    return b.edge(id=EdgeId(b.party_id(500 + number)), **changes)


async def test_after_its_revocation_a_mandate_is_good_for_nothing_anywhere(database: Database) -> None:
    mandates = await house(database, b.edge())
    await mandates.state(PIETERS, b.SANNE, BINDING, b.NOW, NOTHING_TOLD)
    await mandates.move(
        b.edge().id, 1, b.move(Act.REVOKE, Mover.self(b.SANNE, Level.MINIMAL)), (), b.NOW, NOTHING_TOLD
    )
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Refused)
    with pytest.raises(OneTimeGone):
        await mandates.redeem(BINDING, SERVICE, b.NOW)
    for binding in (BINDING, replace(BINDING, transaction="next")):
        with pytest.raises(NotEntitled):
            await mandates.state(PIETERS, b.SANNE, binding, b.NOW, NOTHING_TOLD)


async def test_a_mandate_for_one_service_opens_no_other(database: Database) -> None:
    mandates = await house(database, b.edge())
    at_other = replace(PIETERS, service=OTHER)
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Permit)
    assert isinstance(await mandates.decide(at_other, b.SANNE, b.NOW, NOTHING_TOLD), Refused)


async def test_a_statement_for_one_is_no_statement_for_another(database: Database) -> None:
    mandates = await house(database, b.edge(), numbered(1, principal=b.NOOR, initiator=b.NOOR))
    await mandates.state(PIETERS, b.SANNE, BINDING, b.NOW, NOTHING_TOLD)
    with pytest.raises(NotEntitled):
        await mandates.state(PIETERS, b.NOOR, BINDING, b.NOW, NOTHING_TOLD)
    taken = await mandates.redeem(BINDING, SERVICE, b.NOW)
    assert (taken.actor, taken.principal) == (b.PIETER, b.SANNE)


async def test_a_chain_is_no_longer_than_the_service_admits(database: Database) -> None:
    far = b.party_id(101)
    one_level = b.terms(substitution=Substitution.ONE_LEVEL)
    mandates = await house(
        database,
        numbered(1, principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE),
        numbered(2, principal=far, agent=b.FIRM, kind=EdgeKind.INTERMEDIARY),
        numbered(3, principal=b.SANNE, agent=far, terms=one_level),
    )
    outcomes = []
    for depth in (1, 2, 3):
        asker = replace(PIETERS, service=b.service(1, b.rules(depth=depth)))
        outcomes.append(isinstance(await mandates.decide(asker, b.SANNE, b.NOW, NOTHING_TOLD), Permit))
    assert outcomes == [False, False, True]


async def test_nobody_makes_a_mandate_for_themselves(database: Database) -> None:
    mandates = await house(database, numbered(1, terms=b.terms(grants=True)))
    mine = numbered(2, terms=b.terms(until=b.NOW + b.DAY), state=State.OFFERED)
    for by in (Mover.self(b.PIETER, Level.HIGH), Mover(party=b.PIETER, behalf=b.SANNE, level=Level.HIGH)):
        with pytest.raises(NotEntitled) as refused:
            await mandates.begin(mine, b.move(Act.OFFER, by), (SERVICE,), b.NOW, NOTHING_TOLD)
        assert refused.value.why in {"not-yours", "self-approval"}
    asked = await mandates.begin(
        mine, b.move(Act.REQUEST, Mover.self(b.PIETER, Level.HIGH)), (SERVICE,), b.NOW, NOTHING_TOLD
    )
    both = Mover(party=b.PIETER, behalf=b.SANNE, level=Level.HIGH)
    with pytest.raises(NotEntitled) as refused:
        await mandates.move(asked.id, 1, b.move(Act.APPROVE, both), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert refused.value.why == "self-approval"


async def test_who_may_give_on_gives_nothing_wider_and_a_stranger_gives_nothing(database: Database) -> None:
    held = numbered(1, agent=b.NOOR, terms=b.terms(grants=True))
    mandates = await house(database, held)
    for_sanne = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    wider = numbered(2, terms=b.terms(scopes=(EVERYTHING,)), initiator=b.SANNE)
    other = numbered(3, terms=b.terms(scopes=(Scope.of_service(OTHER.id),)), initiator=b.SANNE)
    for proposed, meant in ((wider, (SERVICE,)), (other, (OTHER,))):
        with pytest.raises(NotEntitled) as refused:
            await mandates.begin(proposed, b.move(Act.OFFER, for_sanne), meant, b.NOW, NOTHING_TOLD)
        assert refused.value.why == "wider"
    stranger = replace(for_sanne, party=b.PIETER)
    to_noor = numbered(4, agent=b.NOOR, initiator=b.SANNE)
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(to_noor, b.move(Act.OFFER, stranger), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert refused.value.why == "not-yours"
    given = await mandates.begin(numbered(5), b.move(Act.OFFER, for_sanne), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert given.state is State.OFFERED


@pytest.mark.requires("BW-1:233")
async def test_a_parent_stops_being_one_at_midnight_of_the_birthday(database: Database) -> None:
    mandates = await house(database)
    await mandates.know(b.person(b.SANNE, born=BirthDate.parse("2009-03-02")), now=b.NOW)
    parent = b.law(kind=EdgeKind.PARENTAL, overrules=False)
    midnight = b.NOW.replace(hour=23)  # in Amsterdam it is the second of March
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, midnight - TICK, b.told(parent)), Permit)
    told = await mandates.decide(PIETERS, b.SANNE, midnight, b.told(parent))
    assert told == Refused(whys=(Why.NOT_OF_THE_AGE,))


async def test_nobody_learns_from_a_refusal_whether_somebody_exists_or_why(database: Database) -> None:
    mandates = await house(database, b.edge(state=State.REVOKED), numbered(1, principal=b.NOOR, agent=b.FIRM))
    told: set[tuple[str, str, str]] = set()
    took: dict[int, list[float]] = {}
    for round_ in range(30):
        for place, principal in enumerate((b.SANNE, b.NOOR, b.party_id(404))):
            binding = replace(BINDING, transaction=f"{round_}-{place}")
            began = time.perf_counter()
            with pytest.raises(NotEntitled) as refused:
                await mandates.state(PIETERS, principal, binding, b.NOW, NOTHING_TOLD)
            took.setdefault(place, []).append(time.perf_counter() - began)
            told.add((refused.value.code, refused.value.detail, refused.value.why))
    assert len(told) == 1
    # A look at edges that ended is all that may differ: no more than a statement of the database.
    medians = [median(times) for times in took.values()]
    assert max(medians) < 4 * min(medians)
