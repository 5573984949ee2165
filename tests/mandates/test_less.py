"""What takes something from a mandate ends what was stated by it before; what only adds ends nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import ServiceId
from toegang.errors import OneTimeGone
from toegang.mandates.decide import Asker
from toegang.mandates.edge import Edge, State, Substitution, Terms, Under
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act, Side
from toegang.mandates.moves import Move, Mover
from toegang.mandates.moving import lessened
from toegang.mandates.register import Mandates
from toegang.mandates.scope import Action, Restriction, Scope
from toegang.mandates.statement import Binding, Statement
from toegang.storage import Database

SERVICE = b.service(1, b.rules())
OTHER = Scope.of_service(ServiceId(UUID(int=2)))
PIETERS = Asker(actor=b.PIETER, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
GIVEN = b.edge(terms=b.terms(scopes=(*b.terms().scopes, OTHER), grants=True))
LONGER = replace(GIVEN.terms, until=GIVEN.terms.until + 9 * b.DAY)

TAKEN: dict[str, Terms] = {
    "shortened": replace(GIVEN.terms, until=GIVEN.terms.until - b.DAY),
    "begun later": replace(GIVEN.terms, from_=b.NOW - timedelta(hours=1)),
    "level lowered": replace(GIVEN.terms, level=Level.LOW),
    "source lowered": replace(GIVEN.terms, source_level=Level.LOW),
    "a service taken out": replace(GIVEN.terms, scopes=b.terms().scopes),
    "an action taken out": replace(GIVEN.terms, restriction=Restriction(actions=frozenset({Action.VIEW}))),
    "an amount": replace(GIVEN.terms, restriction=Restriction(most=100)),
    "no giving on": replace(GIVEN.terms, grants=False),
    "nobody in their place": replace(GIVEN.terms, substitution=Substitution.NONE),
    "two together": replace(GIVEN.terms, needed=2),
}


async def world(database: Database) -> Mandates:
    mandates = door(database)
    for party in (b.person(b.SANNE), b.person(b.PIETER)):
        await mandates.know(party, now=b.NOW)
    async with mandates.units.begin() as unit:
        assert await mandates.edges.add(unit, GIVEN)
    return mandates


async def stated(mandates: Mandates, login: str) -> Statement:
    binding = Binding(transaction=login, audience="portal", nonce="n", session="s")
    await mandates.state(PIETERS, b.SANNE, binding, b.NOW, NOTHING_TOLD)
    return await mandates.redeem(binding, SERVICE, b.NOW)


async def moved(mandates: Mandates, move: Move) -> Edge:
    edge = await mandates.edges.find(GIVEN.id)
    assert edge is not None
    return await mandates.move(
        edge.id, edge.version, move, (SERVICE, b.service(2, b.rules())), b.NOW, NOTHING_TOLD
    )


async def lives(mandates: Mandates, statement: Statement) -> bool:
    try:
        await mandates.stating.check_holds(statement, SERVICE, b.NOW)
    except OneTimeGone:
        return False
    return True


def restricted(terms: Terms) -> Move:
    return b.move(Act.RESTRICT, b.PIETER, terms=terms)


def extended(terms: Terms = LONGER, level: Level = Level.HIGH) -> Move:
    return b.move(Act.EXTEND, Mover.self(b.SANNE, level), terms=terms)


@pytest.mark.requires("MANDATES-P4")
@pytest.mark.parametrize("what", sorted(TAKEN))
async def test_whatever_is_taken_from_a_mandate_ends_what_was_stated_before(
    database: Database, what: str
) -> None:
    mandates = await world(database)
    before = await stated(mandates, "login-1")
    await moved(mandates, restricted(TAKEN[what]))
    assert not await lives(mandates, before)
    await moved(mandates, extended(replace(TAKEN[what], until=LONGER.until)))
    assert not await lives(mandates, before), "what is longer now gives nothing back"


@pytest.mark.parametrize(
    "move",
    [
        b.move(Act.REVOKE, b.SANNE),
        b.move(Act.RENOUNCE, b.PIETER),
        b.move(Act.SUSPEND, Mover.of_house(Side.OFFICE)),
        b.move(Act.VOID, Mover.of_house(Side.OFFICE)),
        extended(replace(LONGER, level=Level.LOW), Level.LOW),
    ],
    ids=lambda move: move.act.value,
)
async def test_what_ends_stands_still_or_is_worth_less_ends_it(database: Database, move: Move) -> None:
    mandates = await world(database)
    before = await stated(mandates, "login-1")
    after = await moved(mandates, move)
    assert not await lives(mandates, before)
    if after.state is State.SUSPENDED:
        await moved(mandates, b.move(Act.RESUME, Mover.of_house(Side.OFFICE)))
        assert not await lives(mandates, before), "who was stopped logs in anew"
        assert await lives(mandates, await stated(mandates, "login-2"))


async def test_what_is_made_longer_ends_nothing_that_was_stated_or_waits(database: Database) -> None:
    mandates = await world(database)
    before = await stated(mandates, "login-1")
    waits = Binding(transaction="login-2", audience="portal", nonce="n", session="s")
    await mandates.state(PIETERS, b.SANNE, waits, b.NOW, NOTHING_TOLD)
    for days in (9, 19, 29):
        await moved(mandates, extended(replace(LONGER, until=LONGER.until + days * b.DAY)))
        assert await lives(mandates, before)
    assert await lives(mandates, await mandates.redeem(waits, SERVICE, b.NOW))
    await moved(mandates, restricted(LONGER))
    assert not await lives(mandates, before)


def test_a_mandate_that_comes_to_rest_on_something_else_ends_what_was_stated_without_it() -> None:
    edge = b.edge(version=4)
    under = Under(by=b.NOOR, kind=EdgeKind.PARENTAL)
    assert lessened(edge, replace(edge, version=5, under=under)).less == 5
    assert lessened(replace(edge, under=under), replace(edge, version=5)).less == 0
    assert lessened(replace(edge, under=under), replace(edge, version=5, under=under)).less == 0
