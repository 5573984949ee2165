"""Ending what was stated, on PostgreSQL: two who do so at once never wait for each other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.hostile.systems import PIETER
from tests.hostile.test_l19_statements import office, stated_by_law
from tests.journeys.test_ends_by_themselves import HOUR, lives, person_of, town
from tests.mandates import builders
from toegang.storage import Dialect

if TYPE_CHECKING:
    from tests.journeys.house import House


@pytest.fixture
def engine() -> Dialect:
    """Have it on PostgreSQL only: SQLite has one writer."""
    return Dialect.POSTGRES


async def somebody_waits(house: House, task: asyncio.Task[object]) -> None:
    """Wait until a task of this house waits for a lock."""
    database = house.app.ground.database
    waiting = """SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE NOT l.granted AND a.datname = current_database()"""
    async with asyncio.timeout(20):
        while await database.one(waiting) is None:
            assert not task.done()


async def test_who_ends_a_statement_while_it_runs_out_waits_for_nobody_who_waits_for_them(
    quiet: House,
) -> None:
    async with town(quiet) as (world, _):
        room, until = quiet.app.rooms.representing.mandates, quiet.clock.now() + HOUR
        made = await stated_by_law(world, builders.told(office(world, until=until)))
        async with quiet.app.ground.units.begin() as unit:
            assert await room.statements.end(unit, made.id)
            ending = asyncio.create_task(quiet.app.loops.noticing.round(until))
            await somebody_waits(quiet, ending)
            assert await room.looks.drop(unit, made.id)
        await ending


async def test_who_hears_of_a_life_while_several_statements_end_waits_for_the_first(
    quiet: House,
) -> None:
    async with town(quiet) as (world, _):
        room, law = quiet.app.rooms.representing.mandates, builders.told(office(world))
        made = [await stated_by_law(world, law, f"login-{number}") for number in range(6)]
        first, *others = sorted(each.id for each in made)

        async def hears() -> None:
            async with quiet.app.ground.units.begin() as unit:
                await lives(quiet).heard(unit, person_of(world.ids[PIETER]), quiet.clock.now())

        async with quiet.app.ground.units.begin() as unit:
            assert await room.looks.drop(unit, first)
            hearing = asyncio.create_task(hears())
            await somebody_waits(quiet, hearing)
            for each in others:
                assert await room.looks.drop(unit, each)
        await hearing
