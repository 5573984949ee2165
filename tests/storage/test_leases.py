"""Leases: one holder at a time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from toegang.storage import Database, Leases

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=10)


async def acquire(database: Database, holder: str, now: datetime = NOW, until: datetime = UNTIL) -> bool:
    async with database.begin() as unit:
        return await Leases().acquire(unit, "sequencer", holder, until, now)


async def test_a_held_lease_is_refused_to_others(database: Database) -> None:
    assert await acquire(database, "a")
    assert not await acquire(database, "b")
    assert not await acquire(database, "b", UNTIL - timedelta(microseconds=1), UNTIL)


async def test_its_holder_prolongs_it(database: Database) -> None:
    later = UNTIL + timedelta(seconds=10)
    assert await acquire(database, "a")
    assert await acquire(database, "a", NOW, later)
    assert not await acquire(database, "b", UNTIL, later)


async def test_a_lapsed_lease_goes_to_who_asks_and_its_old_holder_notices(database: Database) -> None:
    later = UNTIL + timedelta(seconds=10)
    assert await acquire(database, "a")
    assert await acquire(database, "b", UNTIL, later)
    assert not await acquire(database, "a", UNTIL, later)


async def test_a_released_lease_is_free_at_once_and_only_its_holder_releases_it(
    database: Database,
) -> None:
    assert await acquire(database, "a")
    async with database.begin() as unit:
        await Leases().release(unit, "sequencer", "b")
    assert not await acquire(database, "b")
    async with database.begin() as unit:
        await Leases().release(unit, "sequencer", "a")
    assert await acquire(database, "b")


async def test_leases_with_other_names_do_not_matter(database: Database) -> None:
    assert await acquire(database, "a")
    async with database.begin() as unit:
        assert await Leases().acquire(unit, "outbox", "b", UNTIL, NOW)


async def test_of_16_who_ask_at_once_one_gets_it(database: Database) -> None:
    assert sum(await asyncio.gather(*[acquire(database, str(at)) for at in range(16)])) == 1
