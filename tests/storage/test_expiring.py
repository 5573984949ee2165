"""Expiring values: never after their end, never twice, never another kind's."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

import pytest

from toegang.assurance import Level
from toegang.errors import OneTimeGone, Refusal
from toegang.storage import Database, Expired, ExpiringStore
from toegang.units import AlreadyKept

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=5)
TICK = timedelta(microseconds=1)

Name = NewType("Name", str)


class Colour(enum.StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    at: datetime
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    count: int
    name: Name = Name("a name")
    level: Level = Level.LOW
    person: UUID | None = None
    inner: Inner | None = None
    all: tuple[Inner, ...] = ()
    raw: bytes = b""


FULL = Held(
    count=1,
    name=Name("naïve ☂"),
    person=UUID(int=7),
    inner=Inner(at=NOW + TICK, colour=Colour.RED),
    all=(Inner(at=NOW, colour=Colour.RED), Inner(at=UNTIL, colour=Colour.RED)),
    raw=b"\x00\xff",
)


@pytest.fixture
def held(database: Database) -> ExpiringStore[Held]:
    return ExpiringStore(database, "held", Held)


async def keep(database: Database, store: ExpiringStore[Held], value: Held = FULL) -> None:
    async with database.begin() as unit:
        assert await store.add(unit, "id", value, UNTIL, NOW)


async def take(
    database: Database, store: ExpiringStore[Held], now: datetime = NOW, name: str = "id"
) -> Held | None:
    async with database.begin() as unit:
        return await store.take(unit, name, now)


async def test_what_is_held_along_is_there_after_the_next_question(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)
    async with database.begin() as unit:
        living = await held.hold_along(unit, "id", NOW)
        over = await held.hold_along(unit, "id", UNTIL)
        assert await held.hold(unit, "another", NOW) is None
        assert (living(), over()) == (FULL, None)


def counted(value: Held) -> Held:
    return replace(value, count=value.count + 1)


async def test_an_unknown_id_is_not_found_taken_changed_or_extended(
    database: Database, held: ExpiringStore[Held]
) -> None:
    assert await held.find("id", NOW) is None
    async with database.begin() as unit:
        assert await held.take(unit, "id", NOW) is None
        assert await held.change(unit, "id", NOW, counted) is None
        assert not await held.extend(unit, "id", UNTIL, NOW)


async def test_nothing_is_returned_at_or_after_its_end_though_never_swept(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)
    assert await held.find("id", UNTIL - TICK) == FULL
    assert await held.find("id", UNTIL) is None
    async with database.begin() as unit:
        assert await held.change(unit, "id", UNTIL, counted) is None
        assert not await held.extend(unit, "id", UNTIL + TICK, UNTIL)
        assert await held.take(unit, "id", UNTIL) is None


async def test_a_living_id_is_not_written_over(database: Database, held: ExpiringStore[Held]) -> None:
    await keep(database, held)
    async with database.begin() as unit:
        assert not await held.add(unit, "id", Held(count=9), UNTIL + TICK, UNTIL - TICK)
    assert await held.find("id", NOW) == FULL


async def test_a_dead_id_makes_room_for_a_new_value(database: Database, held: ExpiringStore[Held]) -> None:
    await keep(database, held)
    async with database.begin() as unit:
        assert await held.add(unit, "id", Held(count=9), UNTIL + TICK, UNTIL)
    assert await held.find("id", UNTIL) == Held(count=9)


async def test_a_value_is_found_again_as_it_was(database: Database, held: ExpiringStore[Held]) -> None:
    await keep(database, held)
    assert await held.find("id", NOW) == FULL


async def test_what_was_taken_is_gone(database: Database, held: ExpiringStore[Held]) -> None:
    await keep(database, held)
    assert await take(database, held) == FULL
    assert await take(database, held) is None
    assert await held.find("id", NOW) is None


async def test_of_64_takers_exactly_one_gets_it(database: Database, held: ExpiringStore[Held]) -> None:
    await keep(database, held)
    taken = await asyncio.gather(*[take(database, held) for _ in range(64)])
    assert [value for value in taken if value is not None] == [FULL]


async def test_of_64_takers_on_two_nodes_exactly_one_gets_it(
    database: Database, make_database: Callable[[], Database], held: ExpiringStore[Held]
) -> None:
    other = make_database()
    await other.open()
    store = ExpiringStore(other, "held", Held)
    await keep(database, held)
    turns = [take(database, held) if at % 2 else take(other, store) for at in range(64)]
    assert [value for value in await asyncio.gather(*turns) if value is not None] == [FULL]


async def test_of_64_adders_exactly_one_succeeds(database: Database, held: ExpiringStore[Held]) -> None:
    async def add(count: int) -> bool:
        async with database.begin() as unit:
            return await held.add(unit, "id", Held(count=count), UNTIL, NOW)

    assert sum(await asyncio.gather(*[add(count) for count in range(64)])) == 1


async def test_changes_of_many_at_once_all_count(database: Database, held: ExpiringStore[Held]) -> None:
    async def change() -> None:
        async with database.begin() as unit:
            await held.change(unit, "id", NOW, counted)

    await keep(database, held, Held(count=0))
    await asyncio.gather(*[change() for _ in range(64)])
    assert await held.find("id", NOW) == Held(count=64)


async def test_a_refused_change_writes_nothing_and_comes_back(
    database: Database, held: ExpiringStore[Held]
) -> None:
    refusal = OneTimeGone()

    def refuse(_: Held) -> Held | Refusal:
        return refusal

    await keep(database, held)
    async with database.begin() as unit:
        assert await held.change(unit, "id", NOW, refuse) is refusal
    assert await held.find("id", NOW) == FULL


async def test_a_change_is_seen_by_a_later_take_in_the_same_unit(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)
    async with database.begin() as unit:
        assert await held.change(unit, "id", NOW, counted) == counted(FULL)
        assert await held.take(unit, "id", NOW) == counted(FULL)


async def test_an_extended_value_lives_longer_and_a_shortened_one_shorter(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)
    async with database.begin() as unit:
        assert await held.extend(unit, "id", UNTIL + TICK, NOW)
    assert await held.find("id", UNTIL) == FULL
    async with database.begin() as unit:
        assert await held.extend(unit, "id", NOW + TICK, NOW)
    assert await held.find("id", NOW + TICK) is None


async def test_kinds_do_not_see_each_other(database: Database, held: ExpiringStore[Held]) -> None:
    other = ExpiringStore(database, "other", Held)
    await keep(database, held)
    assert await other.find("id", NOW) is None
    await keep(database, other, Held(count=2))
    assert await take(database, held) == FULL
    assert await other.find("id", NOW) == Held(count=2)


async def test_the_table_holds_no_id_that_opens_anything(
    database: Database, held: ExpiringStore[Held]
) -> None:
    async with database.begin() as unit:
        await held.add(unit, "fake-secret-code", Held(count=1), UNTIL, NOW)
    [row] = await database.all("SELECT id, kind, body, until FROM expiring")
    assert len(row[0]) == 32
    assert b"fake-secret-code" not in b"".join(str(cell).encode() for cell in row)


async def test_a_value_that_this_version_cannot_read_is_gone(
    database: Database, held: ExpiringStore[Held]
) -> None:
    older = ExpiringStore(database, "held", Inner)
    async with database.begin() as unit:
        await older.add(unit, "id", Inner(at=NOW, colour=Colour.RED), UNTIL, NOW)
    assert await held.find("id", NOW) is None
    assert await take(database, held) is None


async def test_a_field_added_later_takes_its_default(database: Database) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Narrow:
        count: int

    async with database.begin() as unit:
        await ExpiringStore(database, "held", Narrow).add(unit, "id", Narrow(count=3), UNTIL, NOW)
    assert await ExpiringStore(database, "held", Held).find("id", NOW) == Held(count=3)


async def test_a_sweep_removes_the_dead_oldest_first_and_no_more_than_its_limit(
    database: Database, held: ExpiringStore[Held]
) -> None:
    async with database.begin() as unit:
        for at in range(5):
            await held.add(unit, str(at), Held(count=at), NOW + at * TICK, NOW - TICK)
    expired = Expired(database)
    async with database.begin() as unit:
        assert await expired.sweep(unit, NOW + 2 * TICK, 2) == 2
        assert await expired.sweep(unit, NOW + 2 * TICK, 2) == 1
        assert await expired.sweep(unit, NOW + 2 * TICK, 2) == 0
    assert [await held.find(str(at), NOW - TICK) is None for at in range(5)] == [True] * 3 + [False] * 2


@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000])
async def test_small_and_large_values_come_back_whole(
    database: Database, held: ExpiringStore[Held], size: int
) -> None:
    value = Held(count=1, raw=bytes(size))
    await keep(database, held, value)
    assert await take(database, held) == value


async def claim(database: Database, store: ExpiringStore[Held], name: str) -> bool:
    """Claim `name`, together with something that is kept beside it."""
    try:
        async with database.begin() as unit:
            await store.claim(unit, name, FULL, UNTIL)
            await store.keep(unit, f"beside {name}", FULL, UNTIL)
    except AlreadyKept:
        return False
    return True


async def test_of_many_who_claim_an_id_one_gets_it(database: Database, held: ExpiringStore[Held]) -> None:
    assert sorted(await asyncio.gather(*[claim(database, held, "id") for _ in range(5)])) == [
        *[False] * 4,
        True,
    ]
    assert await held.find("id", NOW) == FULL


async def test_a_unit_whose_claim_fails_writes_nothing_and_the_next_one_can(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)

    assert not await claim(database, held, "id")
    assert await held.find("beside id", NOW) is None
    assert await claim(database, held, "another id")
    assert await held.find("beside another id", NOW) == FULL


async def test_an_id_whose_time_is_over_is_not_claimed_but_added(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)

    assert not await claim(database, held, "id")
    async with database.begin() as unit:
        assert await held.add(unit, "id", counted(FULL), UNTIL + TICK, UNTIL)
    assert await held.find("id", UNTIL) == counted(FULL)


async def test_a_claim_also_fails_where_something_is_asked_after_it(
    database: Database, held: ExpiringStore[Held]
) -> None:
    await keep(database, held)

    async def claim_and_take() -> None:
        async with database.begin() as unit:
            await held.claim(unit, "id", FULL, UNTIL)
            await held.take(unit, "id", NOW)

    with pytest.raises(AlreadyKept):
        await claim_and_take()
    assert await held.find("id", NOW) == FULL
