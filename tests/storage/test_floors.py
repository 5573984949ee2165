"""Lowest levels: one for each person, however many set it at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from toegang.assurance import Level
from toegang.errors import LevelNotProven
from toegang.identity.people import PersonId
from toegang.ids import SystemIds
from toegang.login.floor import NONE, Floor
from toegang.storage import Database
from toegang.storage.floors import FloorTable

AT = datetime(2027, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def first() -> Floor:
    return Floor(person=PersonId(SystemIds().uuid()), level=NONE, since=AT)


async def test_a_person_has_none_until_one_is_set(database: Database) -> None:
    table, floor = FloorTable(database), first()
    assert await table.find(floor.person) is None
    async with database.begin() as unit:
        await table.change(unit, floor, lambda kept: kept.to(Level.LOW, AT))
    assert await table.find(floor.person) == replace(floor, level=Level.LOW)


async def test_a_lowering_that_waits_is_kept_with_its_moment(database: Database) -> None:
    table, floor = FloorTable(database), first()
    for level in (Level.HIGH, Level.LOW):
        async with database.begin() as unit:
            await table.change(unit, floor, lambda kept, level=level: kept.to(level, AT))  # type: ignore[misc]
    found = await table.find(floor.person)
    assert found is not None
    assert (found.level, found.lowered) == (Level.HIGH, Level.LOW)
    assert found.lowers_at == AT + timedelta(days=3)


async def test_a_refusal_writes_nothing(database: Database) -> None:
    table, floor = FloorTable(database), first()
    async with database.begin() as unit:
        await table.change(unit, floor, lambda kept: kept.to(Level.LOW, AT))
    async with database.begin() as unit:
        assert isinstance(await table.change(unit, floor, lambda _: LevelNotProven()), LevelNotProven)
    assert await table.find(floor.person) == replace(floor, level=Level.LOW)


async def test_of_many_who_set_it_at_once_each_sees_what_was_before(database: Database) -> None:
    table, floor = FloorTable(database), first()
    seen: list[Level] = []

    async def raise_it() -> None:
        async with database.begin() as unit:

            def change(kept: Floor) -> Floor:
                seen.append(kept.level)
                return kept.to(Level.HIGH, AT)

            await table.change(unit, floor, change)

    await asyncio.gather(*[raise_it() for _ in range(8)])
    assert sorted(seen) == [NONE, *[Level.HIGH] * 7]
