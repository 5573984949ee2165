"""What the register tells of a life counts for who acts for whom at once, and is taken back with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.means.bureau import DAAN, SANNE
from tests.means.lives import Lives, lives_at
from toegang.assurance import Level
from toegang.errors import OneTimeGone
from toegang.identity.numbers import Bsn
from toegang.mandates.decide import Asker, Decision, Permit, Refused
from toegang.mandates.edge import State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.lives import LivesOfParties
from toegang.mandates.party import PartyId
from toegang.mandates.statement import Binding
from toegang.mandates.why import Why
from toegang.storage.authority_looks import LookTable

if TYPE_CHECKING:
    from tests.means.bureau import Bureau
    from toegang.mandates.register import Mandates

CHILD = Bsn.parse("999990275")
SERVICE = b.service(rules_=b.rules())
BINDING = Binding(transaction="login-1", audience="taxes", nonce="n", session="s")


class World:
    """Sanne gave Daan a mandate; neither needs an account for it."""

    def __init__(self, bureau: Bureau) -> None:
        self.lives: Lives = lives_at(
            bureau,
            told=(LivesOfParties(knowing=door(bureau.database).knowing, looks=LookTable(bureau.database)),),
        )
        self.mandates: Mandates = door(bureau.database)

    async def begin(self) -> None:
        self.sanne, self.daan = await self.party(SANNE), await self.party(DAAN)
        await self.mandates.know(b.person(self.sanne), b.person(self.daan), now=b.NOW)
        self.edge = b.edge(principal=self.sanne, agent=self.daan, initiator=self.sanne)
        now = self.lives.bureau.now
        terms = replace(self.edge.terms, from_=now - b.DAY, until=now + b.DAY)
        self.edge = replace(self.edge, terms=terms)
        async with self.mandates.units.begin() as unit:
            assert await self.mandates.edges.add(unit, self.edge)

    async def party(self, bsn: Bsn) -> PartyId:
        async with self.mandates.units.begin() as unit:
            return PartyId((await self.lives.bureau.desk.enrolment.enrol(unit, bsn, b.NOW)).id)

    @property
    def asker(self) -> Asker:
        return Asker(actor=self.daan, authenticated=Level.SUBSTANTIAL, service=SERVICE, requested=Level.BASIC)

    async def decide(self) -> Decision:
        return await self.mandates.decide(self.asker, self.sanne, self.lives.bureau.now, NOTHING_TOLD)

    async def state(self) -> State:
        found = await self.mandates.edges.find(self.edge.id)
        assert found is not None
        return found.state


@pytest.fixture
async def world(each_bureau: Bureau) -> World:
    made = World(each_bureau)
    await made.begin()
    return made


@pytest.mark.requires("MANDATES-P6")
@pytest.mark.parametrize(("who", "why"), [(SANNE, Why.PARTY_ENDED), (DAAN, Why.PARTY_ENDED)])
async def test_a_death_stops_what_was_given_and_what_was_got_and_its_mistake_brings_it_back(
    world: World, who: Bsn, why: Why
) -> None:
    assert isinstance(await world.decide(), Permit)
    await world.lives.told("death", 1, who)
    assert await world.decide() == Refused(whys=(why,))
    assert await world.state() is State.ACTIVE
    await world.lives.told("death-withdrawn", 2, who)
    assert isinstance(await world.decide(), Permit)


@pytest.mark.requires("MANDATES-P6")
async def test_a_death_between_statement_and_use_stops_the_use(world: World) -> None:
    now = world.lives.bureau.now
    await world.mandates.state(world.asker, world.sanne, BINDING, now, NOTHING_TOLD)
    await world.lives.told("death", 1, SANNE)
    with pytest.raises(OneTimeGone):
        await world.mandates.redeem(BINDING, SERVICE, now)


async def test_an_event_about_somebody_of_whom_nothing_was_kept_makes_no_party(world: World) -> None:
    nobody = await world.party(CHILD)
    await world.lives.told("death", 1, CHILD)
    assert await world.mandates.parties.of([nobody]) == {}
