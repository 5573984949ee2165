"""Units of work: all or nothing, on both engines, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from toegang.errors import Cancelled, Refusal, settle
from toegang.storage import Database, StatementFailed, inside
from toegang.units import TakenBefore, Unit

PUT = "INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)"
NAMES = "SELECT name FROM leases ORDER BY name"
COUNT = "UPDATE leases SET until = until + 1 WHERE name = :name"


class Trouble(Exception):
    """Anything that leaves a unit."""


async def put(unit: Unit, name: str, until: int = 0) -> None:
    await inside(unit).put(PUT, {"name": name, "holder": "test", "until": until})


async def names(database: Database) -> list[str]:
    return [name for (name,) in await database.all(NAMES)]


async def test_two_questions_at_once_see_what_was_written_and_each_other_in_their_order(
    database: Database,
) -> None:
    stop = "UPDATE leases SET holder = '' WHERE name = :name RETURNING holder"
    who = "SELECT name, holder FROM leases WHERE name <> :but ORDER BY name"

    for name in ("b", "c"):  # prepared the first time, known the second
        async with database.begin() as unit:
            await put(unit, "a" if name == "b" else "d")
            await put(unit, name)
            found = await inside(unit).both((stop, {"name": name}), (who, {"but": ""}))
        outside = await database.both((NAMES, {}), (who, {"but": name}))

        assert found[0] == [("",)]
        assert (name, "") in found[1]
        assert outside[0] == [(each,) for each, _ in found[1]]
        assert outside[1] == [row for row in found[1] if row[0] != name]


LEAVE = "UPDATE leases SET holder = '' WHERE name = :name AND holder <> ''"


async def leave(database: Database, name: str) -> bool:
    """Let go of one lease, and note beside it who did."""
    try:
        async with database.begin() as unit:
            await inside(unit).put_one(LEAVE, {"name": name})
            await put(unit, f"{name} was left")
    except TakenBefore:
        return False
    return True


async def test_of_many_units_that_change_one_row_one_succeeds_and_the_others_write_nothing(
    database: Database,
) -> None:
    async with database.begin() as unit:
        await put(unit, "a")

    assert sorted(await asyncio.gather(*[leave(database, "a") for _ in range(5)])) == [*[False] * 4, True]
    assert not await leave(database, "nobody's")
    assert await names(database) == ["a", "a was left"]


async def test_a_change_of_no_row_also_fails_where_something_is_asked_after_it(database: Database) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await put(unit, "a")
            await inside(unit).put_one(LEAVE, {"name": "b"})
            await inside(unit).all(NAMES)

    with pytest.raises(TakenBefore):
        await act()
    assert await names(database) == []


async def test_an_exception_undoes_everything_and_goes_on(database: Database) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await put(unit, "a")
            await inside(unit).execute(COUNT, {"name": "a"})
            await put(unit, "b")
            raise Trouble

    with pytest.raises(Trouble):
        await act()
    assert await names(database) == []


async def test_what_was_only_put_is_undone_too(database: Database) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await put(unit, "a")
            raise Trouble

    with pytest.raises(Trouble):
        await act()
    async with database.begin() as unit:
        await put(unit, "b")
    assert await names(database) == ["b"]


async def test_a_refusal_returned_keeps_what_was_written_beside_it(database: Database) -> None:
    async with database.begin() as unit:
        await put(unit, "the counter")
        result: str | Refusal = Cancelled()
    with pytest.raises(Cancelled):
        settle(result)
    assert await names(database) == ["the counter"]


async def test_a_unit_reads_what_it_wrote_and_others_do_not_until_it_is_committed(
    database: Database,
) -> None:
    async with database.begin() as unit:
        await put(unit, "a")
        assert await inside(unit).all(NAMES) == [("a",)]
        assert await names(database) == []
    assert await names(database) == ["a"]


async def test_a_read_after_the_commit_sees_it_also_on_another_node(
    database: Database, make_database: Callable[[], Database]
) -> None:
    other = make_database()
    await other.open()
    for name in "abc":
        async with database.begin() as unit:
            await put(unit, name)
        assert name in await names(other)


async def test_a_statement_that_fails_undoes_the_unit(database: Database) -> None:
    async with database.begin() as unit:
        await put(unit, "a")

    async def act() -> None:
        async with database.begin() as unit:
            await put(unit, "b")
            await inside(unit).execute(PUT, {"name": "a", "holder": "test", "until": 0})

    with pytest.raises(StatementFailed):
        await act()
    assert await names(database) == ["a"]


async def test_a_put_that_fails_does_so_at_the_commit_at_the_latest(database: Database) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await put(unit, "a")
            await put(unit, "a")
            await put(unit, "b")

    with pytest.raises(StatementFailed):
        await act()
    assert await names(database) == []


async def test_a_failure_names_the_constraint_and_no_value(database: Database) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await put(unit, "canary-value")
            await put(unit, "canary-value")

    with pytest.raises(StatementFailed) as failed:
        await act()
    assert "leases" in str(failed.value)
    assert "canary" not in str(failed.value)


@pytest.mark.parametrize("failing", ["SELECT nonsense FROM nowhere", "SELEKT"])
async def test_a_connection_works_again_after_wrong_sql(database: Database, failing: str) -> None:
    for _ in range(3):
        with pytest.raises(StatementFailed):
            await database.all(failing)

        async def act() -> None:
            async with database.begin() as unit:
                await put(unit, "x")
                await inside(unit).all(failing)

        with pytest.raises(StatementFailed):
            await act()
        async with database.begin() as unit:
            await inside(unit).execute("DELETE FROM leases")
            await put(unit, "a")
        assert await names(database) == ["a"]


async def test_what_waits_for_the_commit_is_woken_by_it_and_only_by_it(database: Database) -> None:
    woken: list[str] = []

    async def act() -> None:
        async with database.begin() as unit:
            unit.after_commit(lambda: woken.append("never"))
            raise Trouble

    with pytest.raises(Trouble):
        await act()
    async with database.begin() as unit:
        unit.after_commit(lambda: woken.append("once"))
        assert woken == []
    assert woken == ["once"]


async def test_a_unit_that_has_ended_takes_no_more_statements(database: Database) -> None:
    async with database.begin() as unit:
        await put(unit, "a")
    with pytest.raises(TypeError):
        await put(unit, "b")
    with pytest.raises(TypeError):
        inside(Unit())


async def test_an_empty_unit_is_no_trouble(database: Database) -> None:
    async with database.begin():
        pass
    assert await names(database) == []


async def test_counting_by_many_units_at_once_loses_nothing(database: Database) -> None:
    async def count() -> None:
        async with database.begin() as unit:
            assert await inside(unit).execute(COUNT, {"name": "a"}) == 1

    async with database.begin() as unit:
        await put(unit, "a")
    await asyncio.gather(*[count() for _ in range(200)])
    assert await database.one("SELECT until FROM leases") == (200,)


async def test_a_unit_that_is_cancelled_writes_nothing_and_leaves_the_database_usable(
    database: Database,
) -> None:
    entered = asyncio.Event()

    async def forever() -> None:
        async with database.begin() as unit:
            await inside(unit).execute(PUT, {"name": "a", "holder": "test", "until": 0})
            entered.set()
            await asyncio.Event().wait()

    for _ in range(40):  # more often than there are connections
        entered.clear()
        task = asyncio.create_task(forever())
        await entered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await names(database) == []


@pytest.mark.parametrize("value", [0, 1, -1, 2**63 - 1, -(2**63)])
async def test_numbers_keep_their_value(database: Database, value: int) -> None:
    async with database.begin() as unit:
        await put(unit, "a", value)
    assert await database.one("SELECT until FROM leases") == (value,)


@pytest.mark.parametrize("text", ["", "naïve ☂ 😀", "50% :name 'quoted' $1 \\", "x" * 100_000])
async def test_texts_keep_their_characters(database: Database, text: str) -> None:
    async with database.begin() as unit:
        await put(unit, text)
    assert await names(database) == [text]
    assert await database.one("SELECT name FROM leases WHERE name = :name", {"name": text}) == (text,)


async def test_quoted_colons_are_no_parameters(database: Database) -> None:
    assert await database.one("SELECT ':name', 'it''s :x' WHERE :a = CAST(1 AS BIGINT)", {"a": 1}) == (
        ":name",
        "it's :x",
    )


async def test_nothing_is_read_as_nothing(database: Database) -> None:
    assert await database.one("SELECT CAST(:a AS BIGINT)", {"a": None}) == (None,)
    assert await database.one("SELECT name FROM leases") is None
