"""What is kept about partners: keys seen, sources, warnings; the same on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from toegang.catalogue.partners.key_uses import KeyUses
from toegang.catalogue.partners.store import SeenKey, SourceState
from toegang.storage import Database
from toegang.storage.partners import PartnerTables

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOWN, CLINIC = "https://town.example/sp", "https://clinic.example/sp"
KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def store(database: Database) -> PartnerTables:
    return PartnerTables(database)


async def seen(store: PartnerTables, entity_id: str, key: str, at: datetime) -> None:
    async with store.database.begin() as unit:
        await store.seen_key(unit, entity_id, key, at)


async def test_the_first_and_the_last_time_of_a_key_are_kept(store: PartnerTables) -> None:
    for at in (NOON, NOON + DAY, NOON - DAY):
        await seen(store, TOWN, KEY, at)
    await seen(store, CLINIC, OTHER, NOON)
    (found,) = await store.seen_keys(TOWN)
    assert found == SeenKey(entity_id=TOWN, fingerprint=KEY, first_at=NOON, last_at=NOON + DAY)
    assert len(await store.seen_keys()) == 2
    assert await store.seen_keys("https://nobody.example") == []


async def test_a_source_is_as_it_was_put_last(store: PartnerTables) -> None:
    first = SourceState(source=TOWN, tried_at=NOON, failing_since=NOON, failure="unavailable")
    last = SourceState(source=TOWN, tried_at=NOON + DAY, checked_at=NOON + DAY, sha256=KEY)
    for state in (first, last):
        async with store.database.begin() as unit:
            await store.put_source(unit, state)
    assert await store.source(TOWN) == last
    assert await store.sources() == [last]
    assert await store.source(CLINIC) is None


async def test_of_many_nodes_one_gives_a_warning(make_database: Callable[[], Database]) -> None:
    nodes = [make_database() for _ in range(4)]

    async def warn(node: Database, days: int) -> bool:
        async with node.begin() as unit:
            return await PartnerTables(node).warn_once(unit, TOWN, KEY, days, NOON)

    for node in nodes:
        await node.open()
    given = await asyncio.gather(*(warn(node, 30) for node in nodes))
    assert sorted(given) == [False, False, False, True]
    assert await warn(nodes[0], 7)


async def test_a_warning_is_given_once_however_long_ago(store: PartnerTables) -> None:
    for at in (NOON, NOON + 4000 * DAY):
        async with store.database.begin() as unit:
            assert await store.warn_once(unit, TOWN, KEY, 0, at) is (at == NOON)


async def test_a_key_is_written_once_a_day(store: PartnerTables) -> None:
    uses = KeyUses(store=store, units=store.database.units())
    for at in (NOON, NOON + timedelta(hours=1), NOON + DAY):
        async with store.database.begin() as unit:
            await uses.seen_key(unit, TOWN, KEY, at)
    (found,) = await store.seen_keys()
    assert found.last_at == NOON + DAY
    async with store.database.begin() as unit:
        await uses.seen_key(unit, TOWN, KEY, NOON + DAY + timedelta(hours=1))
    assert list(await store.seen_keys()) == [found]


async def test_keys_that_were_used_are_noted_without_a_unit_when_they_are_new_today(
    store: PartnerTables,
) -> None:
    uses = KeyUses(store=store, units=store.database.units())
    await uses.note(TOWN, (KEY, "", OTHER), NOON)
    await uses.note(TOWN, (KEY, OTHER), NOON + timedelta(hours=1))
    found = {each.fingerprint: each.last_at for each in await store.seen_keys()}
    assert found == {KEY: NOON, OTHER: NOON}
    await uses.note(TOWN, (KEY,), NOON + DAY)
    assert {each.last_at for each in await store.seen_keys()} == {NOON, NOON + DAY}
