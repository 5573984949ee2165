"""What several registers tell of one person at once: none of it is lost, nor what was known when."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.mandates.giving_people import SANNE, people
from tests.volumes import volume
from toegang.mandates.party import Party, PartyId, Standing
from toegang.mandates.register import Mandates
from toegang.storage import Database

SECOND = timedelta(seconds=1)
DIED = date(2026, 11, 20)


async def met(database: Database, number: int) -> tuple[Mandates, Party]:
    mandates, party = door(database), b.person(PartyId(b.party_id(40_000 + number)))
    await mandates.know(party, now=b.NOW)
    return mandates, party


async def dies(mandates: Mandates, party: Party, later: int) -> None:
    assert party.born is not None
    await mandates.knowing.learn(party.id, party.born, DIED, b.NOW + later * SECOND)


def guarded(party: Party) -> Party:
    return replace(party, standing=Standing.UNDER_GUARDIANSHIP, since=b.NOW)


async def standing(mandates: Mandates, party: Party) -> Standing:
    return (await mandates.parties.of((party.id,)))[party.id].standing


@pytest.mark.requires("MANDATES-P6", "MANDATES-P21")
async def test_a_death_that_is_found_while_looking_somebody_up_is_known_from_then_on(
    database: Database,
) -> None:
    mandates, party = await met(database, 1)
    await dies(mandates, party, 5)
    assert await standing(mandates, party) is Standing.DECEASED
    assert await mandates.parties.recorded(party.id) == b.NOW + 5 * SECOND
    before = await mandates.known_at(party.id, b.NOW + 4 * SECOND)
    assert before is not None
    assert before.standing is Standing.ABLE
    await dies(mandates, party, 9)
    assert await mandates.parties.recorded(party.id) == b.NOW + 5 * SECOND, "it is no news"


@pytest.mark.requires("MANDATES-P6")
async def test_a_death_is_not_lost_to_what_a_court_told_by_a_clock_that_is_ahead(database: Database) -> None:
    mandates, party = await met(database, 2)
    await mandates.know(guarded(party), now=b.NOW + 60 * SECOND)
    await dies(mandates, party, 1)
    assert await standing(mandates, party) is Standing.DECEASED


async def test_who_is_looked_up_alive_keeps_what_a_court_told_and_when(database: Database) -> None:
    mandates, party = await met(database, 3)
    await mandates.know(guarded(party), now=b.NOW)
    assert party.born is not None
    await mandates.knowing.learn(party.id, party.born, None, b.NOW + 5 * SECOND)
    assert await standing(mandates, party) is Standing.UNDER_GUARDIANSHIP
    await mandates.know(party, now=b.NOW + SECOND)
    assert await standing(mandates, party) is Standing.ABLE, "it was told later than that"


@pytest.mark.requires("MANDATES-P6")
async def test_of_a_death_and_a_guardianship_told_at_once_neither_is_lost(database: Database) -> None:
    for number in range(volume(20, 400)):
        mandates, party = await met(database, 100 + number)
        both = [
            dies(mandates, party, 1),
            mandates.know(guarded(party), now=b.NOW + 2 * SECOND),
        ]
        await asyncio.gather(*(both if number % 2 else reversed(both)))
        then = await mandates.known_at(party.id, b.NOW + SECOND)
        assert then is not None
        assert Standing.DECEASED in {then.standing, await standing(mandates, party)}


async def test_somebody_who_is_looked_up_dead_by_number_is_dead_for_everybody(database: Database) -> None:
    world = await people(database)
    finding, sanne = world.voluntary.finding, world.ids[SANNE]
    world.register.people[SANNE] = replace(world.register.people[SANNE], deceased_on=DIED)
    await finding.meet(sanne, b.NOW)
    mandates = world.voluntary.mandates
    kept = (await mandates.parties.of((sanne,)))[sanne]
    assert (kept.standing, kept.told_at) == (Standing.DECEASED, b.NOW)
    assert await mandates.parties.recorded(sanne) == b.NOW
