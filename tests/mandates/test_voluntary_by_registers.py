"""Voluntary mandates beside the registers of the demo: what they tell decides who gives and who takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mandates import gathered
from tests.mandates.builders import NOW
from tests.mandates.gathered import AHMET, GERDA, SANNE, Gathered
from tests.mandates.giving_people import UNTIL, People, people, proposal
from toegang.assurance import Level
from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge, State
from toegang.mandates.finding import Typed
from toegang.mandates.voluntary import Actor
from toegang.storage import Database


async def at_registers(database: Database, found: Gathered) -> People:
    """Let the use cases ask these registers."""
    house, gathering = await people(database), found.gathering
    finding = replace(house.voluntary.finding, population=gathering.registers.population)
    return replace(house, voluntary=replace(house.voluntary, finding=finding, laws=gathering))


async def actor(found: Gathered, bsn: Bsn) -> Actor:
    return Actor(party=await found.id(bsn), level=Level.SUBSTANTIAL)


async def offered(house: People, found: Gathered, by: Bsn, to: Bsn) -> Edge:
    known = await found.gathering.registers.population.find(to)
    assert known is not None
    me = await actor(found, by)
    other = await house.voluntary.finding.by_number(me.party, Typed(bsn=to, born=known.birth_date), NOW)
    return await house.voluntary.offer(me, other, proposal(), NOW)


async def test_who_the_registers_say_nothing_against_gives_and_takes(database: Database) -> None:
    async with gathered.demo(database) as found:
        house = await at_registers(database, found)
        edge = await offered(house, found, SANNE, AHMET)
        done = await house.voluntary.agree(await actor(found, AHMET), edge.id, edge.version, NOW)
        assert done.state is State.ACTIVE
        assert done.terms.until == UNTIL


async def test_under_curatele_in_the_register_nobody_gives_or_takes(database: Database) -> None:
    async with gathered.demo(database) as found:
        house = await at_registers(database, found)
        with pytest.raises(NotEntitled):
            await offered(house, found, GERDA, AHMET)
        edge = await offered(house, found, SANNE, GERDA)
        gerda = await actor(found, GERDA)
        # Who offers it is told nothing of her: it waits with nobody.
        assert (edge.state, edge.agent == gerda.party) == (State.OFFERED, False)


async def test_while_courts_are_silent_nobody_gives_and_everybody_ends(database: Database) -> None:
    async def silent(*_: object) -> None:
        raise Unavailable

    async with gathered.demo(database) as found:
        house = await at_registers(database, found)
        edge = await offered(house, found, SANNE, AHMET)
        deaf = await at_registers(database, gathered.bent(found, "courts", silent))
        with pytest.raises(NotEntitled) as refused:
            await deaf.voluntary.agree(await actor(found, AHMET), edge.id, edge.version, NOW)
        assert refused.value.why == "register-silent"
        ended = await deaf.voluntary.end(await actor(found, SANNE), edge.id, edge.version, NOW)
        assert ended.state is State.WITHDRAWN
