"""The door on both engines: what is given in another's name, by law or on, and what lists of it cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bench.mandates_asked import Watched
from tests.mandates import builders as b
from tests.mandates.test_register import PIETERS, SERVICE, made
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.errors import NotEntitled
from toegang.mandates.decide import Refused
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.scope import EVERYTHING
from toegang.mandates.stores import Page
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage import Database
from toegang.storage.edges import EdgeTable
from toegang.storage.graph import GraphTable


@pytest.mark.requires("BW-1:438", "BW-1:453")
async def test_by_law_nobody_gives_what_they_do_not_decide_on(database: Database) -> None:
    mandates = await made(database)
    care = b.service(1, b.rules(powers=(Power.PERSONAL_CARE,)))
    bewind = b.law(agent=b.NOOR, powers=frozenset({Power.PROPERTY}), overrules=False)
    by = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    wide = b.edge(terms=b.terms(scopes=(EVERYTHING,)))
    for proposed in (b.edge(), wide):
        with pytest.raises(NotEntitled) as refused:
            await mandates.begin(proposed, Move(act=Act.OFFER, by=by), (care,), b.NOW, b.told(bewind))
        assert refused.value.why == "not-yours"
    mentor = replace(bewind, powers=frozenset({Power.PERSONAL_CARE}))
    await mandates.begin(b.edge(), Move(act=Act.OFFER, by=by), (care,), b.NOW, b.told(mentor))


@pytest.mark.requires("BW-1:453")
async def test_a_mentor_does_not_act_where_the_service_does_not_say_what_it_is_about(
    database: Database,
) -> None:
    mandates = await made(database)
    mentor = b.law(basis="mentorship", powers=frozenset({Power.PERSONAL_CARE}), overrules=False)
    assert await mandates.decide(PIETERS, b.SANNE, b.NOW, b.told(mentor)) == Refused(whys=(Why.NO_AUTHORITY,))


@pytest.mark.requires("BW-1:438", "BW-1:453")
@pytest.mark.parametrize("certain", [True, False])
async def test_nobody_gives_away_what_a_court_put_in_other_hands(database: Database, certain: bool) -> None:
    mandates = await made(database, b.edge(state=State.REQUESTED, initiator=b.PIETER))
    money, care = (b.service(1, b.rules(powers=(power,))) for power in Power)
    bewind = b.law(
        agent=b.NOOR, powers=frozenset({Power.PROPERTY}), overrules=False, basis="bewind", certain=certain
    )
    offered = b.edge(id=EdgeId(b.party_id(9)))
    wide = replace(offered, terms=b.terms(scopes=(EVERYTHING,)))
    for asked in (
        mandates.begin(offered, b.move(Act.OFFER, b.SANNE), (money,), b.NOW, b.told(bewind)),
        mandates.begin(wide, b.move(Act.OFFER, b.SANNE), (care,), b.NOW, b.told(bewind)),
        mandates.move(b.edge().id, 1, b.move(Act.APPROVE, b.SANNE), (money,), b.NOW, b.told(bewind)),
    ):
        with pytest.raises(NotEntitled) as refused:
            await asked
        assert refused.value.why == "overruled"
    await mandates.move(b.edge().id, 1, b.move(Act.DECLINE, b.SANNE), (money,), b.NOW, b.told(bewind))
    await mandates.begin(offered, b.move(Act.OFFER, b.SANNE), (care,), b.NOW, b.told(bewind))


@pytest.mark.requires("MANDATES-P3", "MANDATES-P13")
@pytest.mark.parametrize("changes", [{"excluded": True, "since": None}, {"kinds": (EdgeKind.VOLUNTARY,)}])
async def test_who_may_not_act_by_law_at_a_service_sends_nobody_there_either(
    database: Database, changes: dict[str, Any]
) -> None:
    mandates = await made(database)
    there = b.service(1, b.rules(powers=(Power.PROPERTY,), acceptance=False, **changes))
    bewind = b.law(agent=b.NOOR, powers=frozenset({Power.PROPERTY}), overrules=False)
    asker = replace(PIETERS, actor=b.NOOR, service=there)
    assert isinstance(await mandates.decide(asker, b.SANNE, b.NOW, b.told(bewind)), Refused)
    by = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(b.edge(), Move(act=Act.OFFER, by=by), (there,), b.NOW, b.told(bewind))
    assert refused.value.why == "not-yours"


async def test_a_list_asks_as_often_of_a_firm_with_many_clients_as_of_one_with_few(
    database: Database,
) -> None:
    several = b.terms(substitution=Substitution.ONE_LEVEL)
    clients = [
        b.edge(
            id=EdgeId(b.party_id(2_000 + place)),
            principal=b.party_id(1_000 + place),
            agent=b.FIRM,
            kind=EdgeKind.INTERMEDIARY,
            terms=several,
        )
        for place in range(120)
    ]
    director = b.law(principal=b.FIRM, kind=EdgeKind.STATUTORY, overrules=False)
    asker = replace(PIETERS, service=b.service(1, b.rules(depth=3)))
    mandates = await made(database, *clients[:1])
    asked = Watched(database)
    counted = replace(mandates, graph=GraphTable(asked))
    await counted.represented(asker, Page(size=2), b.NOW, b.told(director))
    few, asked.asked = len(asked.asked), []
    async with mandates.units.begin() as unit:
        for edge in clients[1:]:
            await mandates.edges.add(unit, edge)
    await counted.represented(asker, Page(size=2), b.NOW, b.told(director))
    assert len(asked.asked) == few


@pytest.mark.requires("MANDATES-P3", "MANDATES-P4")
async def test_nobody_gives_on_what_was_taken_from_them_meanwhile(database: Database) -> None:
    held = b.edge(agent=b.NOOR, terms=b.terms(grants=True))
    mandates = await made(database, held)

    async def revoked() -> None:
        await mandates.move(held.id, 1, b.move(Act.REVOKE, b.SANNE), (), b.NOW, NOTHING_TOLD)

    slow = replace(mandates, edges=Overtaken(database, revoked))
    by = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    proposed = b.edge(id=EdgeId(b.party_id(9)))
    with pytest.raises(NotEntitled) as refused:
        await slow.begin(proposed, Move(act=Act.OFFER, by=by), (SERVICE,), b.NOW, NOTHING_TOLD)
    assert refused.value.why == "changed"
    assert await mandates.edges.find(proposed.id) is None


@dataclass(frozen=True)
class Overtaken(EdgeTable):
    """Edges of which something happens just after they were looked at."""

    meanwhile: Callable[[], Awaitable[None]]

    async def live(self, principal: PartyId, agent: PartyId) -> Sequence[Edge]:
        found = await super().live(principal, agent)
        await self.meanwhile()
        return found


@pytest.mark.requires("MANDATES-P20")
async def test_who_offers_is_not_told_what_is_wrong_with_whom_they_name(database: Database) -> None:
    mandates = await made(database)
    told = set()
    await mandates.know(b.person(51, standing=Standing.UNDER_GUARDIANSHIP), now=b.NOW)
    await mandates.know(b.person(52, standing=Standing.DECEASED), now=b.NOW)
    await mandates.know(b.person(53, born=BirthDate.parse("2015-01-01")), now=b.NOW)
    for number in (51, 52, 53, 404):
        offered = b.edge(agent=b.party_id(number))
        with pytest.raises(NotEntitled) as refused:
            await mandates.begin(offered, b.move(Act.OFFER, b.SANNE), (SERVICE,), b.NOW, NOTHING_TOLD)
        told.add(refused.value.why)
    assert told == {"party-unknown"}
