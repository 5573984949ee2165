"""What the register tells of a life counts for who acts for whom at once, and is taken back with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.means.bureau import DAAN, SANNE
from tests.means.lives import Lives, lives_at
from toegang.app.voluntary import letter_codes
from toegang.assurance import Level
from toegang.errors import OneTimeGone
from toegang.identity.numbers import Bsn
from toegang.ids import SystemIds
from toegang.mandates.decide import Asker, Decision, Permit, Refused
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.letter_codes import LetterCode
from toegang.mandates.lives import MOST, LivesOfParties
from toegang.mandates.party import PartyId
from toegang.mandates.statement import Binding
from toegang.mandates.why import Why
from toegang.storage.authority_looks import LookTable
from toegang.storage.edge_lists import EdgeLists

if TYPE_CHECKING:
    from tests.means.bureau import Bureau
    from toegang.mandates.edge import Edge
    from toegang.mandates.register import Mandates

CHILD = Bsn.parse("999990275")
SERVICE = b.service(rules_=b.rules())
BINDING = Binding(transaction="login-1", audience="taxes", nonce="n", session="s")


class World:
    """Sanne gave Daan a mandate; neither needs an account for it."""

    def __init__(self, bureau: Bureau) -> None:
        self.lives: Lives = lives_at(
            bureau,
            told=(
                LivesOfParties(
                    knowing=door(bureau.database).knowing,
                    looks=LookTable(bureau.database),
                    lists=EdgeLists(bureau.database),
                    letters=letter_codes(bureau.database),
                ),
            ),
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

    async def asked(self, principal: PartyId, number: int) -> Edge:
        """Have somebody ask for a mandate, and a letter with its code under way."""
        agent, now = PartyId(SystemIds().uuid()), self.lives.bureau.now
        edge = b.edge(id=EdgeId(UUID(int=10 + number)), principal=principal, agent=agent, initiator=agent)
        terms = replace(edge.terms, from_=now, until=now + 10 * b.DAY)
        edge = replace(edge, terms=terms, state=State.CODE_SENT, pending_until=now + 7 * b.DAY)
        async with self.mandates.units.begin() as unit:
            assert await self.mandates.edges.add(unit, edge)
        await self.coded(edge)
        return edge

    async def coded(self, edge: Edge) -> None:
        """Have a letter with the code of a mandate under way."""
        until = self.lives.bureau.now + 7 * b.DAY
        async with self.mandates.units.begin() as unit:
            codes = letter_codes(self.lives.bureau.database)
            await codes.keep(unit, str(edge.id), LetterCode(hash=b"h" * 32, until=until), until)

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


@pytest.mark.parametrize("kind", ["address-change", "emigration"])
async def test_a_code_in_a_letter_to_where_somebody_lived_makes_nobody_act_for_them(
    world: World, kind: str
) -> None:
    """L16: who lives there now has the letter, and an accomplice asked for the mandate."""
    codes, now = letter_codes(world.lives.bureau.database), world.lives.bureau.now
    letters = [await world.asked(world.sanne, number) for number in range(MOST + 1)]
    about_another = await world.asked(world.daan, MOST + 1)
    await world.lives.told(kind, 1, SANNE)
    assert {await codes.find(str(each.id), now) for each in letters} == {None}
    assert await codes.find(str(about_another.id), now) is not None
    waiting = await world.mandates.edges.of(each.id for each in letters)
    assert {each.state for each in waiting.values()} == {State.CODE_SENT}
    again = letters[0]
    await world.coded(again)
    await world.lives.told(kind, 1, SANNE)
    assert await codes.find(str(again.id), now) is not None, "told twice, it leaves the next letter alone"
