"""What only PostgreSQL does: connections that are lost, silent, refused or all in use."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from toegang.errors import Crossed, Unavailable
from toegang.storage import Dialect, PostgresDatabase, StatementFailed, inside, postgres
from toegang.units import Unit

ENDED = "SELECT 1 FROM pg_stat_activity WHERE pid = :pid"
PUT = "INSERT INTO leases (name, holder, until) VALUES (:name, 'test', 0)"


@pytest.fixture
def engine() -> Dialect:
    return Dialect.POSTGRES


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[PostgresDatabase]:
    database = PostgresDatabase(database_url, size=2)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def outside(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


async def backend(database: PostgresDatabase) -> int:
    row = await database.one("SELECT pg_backend_pid()")
    assert row is not None
    return int(row[0])


async def count(database: PostgresDatabase) -> int:
    row = await database.one("SELECT count(*) FROM leases")
    assert row is not None
    return int(row[0])


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await PostgresDatabase("postgresql://nobody@127.0.0.1:1/none").open()


async def test_a_wrong_password_is_unavailable_and_not_told(database_url: str) -> None:
    parts = urlsplit(database_url)
    wrong = parts._replace(netloc=f"toegang:fake-wrong-password@{parts.hostname}:{parts.port}")
    with pytest.raises(Unavailable) as refused:
        await PostgresDatabase(urlunsplit(wrong)).open()
    assert "fake-wrong-password" not in refused.value.detail


async def test_a_connection_lost_between_two_units_is_not_noticed_by_the_next(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    lost = await backend(database)
    outside.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])
    for _ in range(100):  # let the loop see what has arrived
        await asyncio.sleep(0)
    assert await backend(database) != lost


async def test_a_connection_lost_within_a_unit_is_unavailable_and_nothing_was_written(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await inside(unit).execute(PUT, {"name": "a"})
            pid = await inside(unit).one("SELECT pg_backend_pid()")
            assert pid is not None
            outside.execute("SELECT pg_terminate_backend(%s, 5000)", pid)
            await inside(unit).execute(PUT, {"name": "b"})

    with pytest.raises(Unavailable):
        await act()
    assert await count(database) == 0


async def test_a_connection_lost_at_the_commit_is_unavailable(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await inside(unit).put(PUT, {"name": "a"})
            pid = await inside(unit).one("SELECT pg_backend_pid()")
            assert pid is not None
            outside.execute("SELECT pg_terminate_backend(%s, 5000)", pid)

    with pytest.raises(Unavailable):
        await act()
    assert await count(database) == 0


async def test_a_silent_server_is_left_after_a_while(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SILENCE", 0.2)
    monkeypatch.setattr(postgres, "LOOK_EVERY", 0.05)
    pid = await backend(database)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable):
            await database.one("SELECT 1")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert await database.one("SELECT 1") == (1,)


async def test_a_statement_that_takes_too_long_is_stopped_by_the_server(
    database: PostgresDatabase,
) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await inside(unit).execute("SET LOCAL statement_timeout = 20")
            await inside(unit).one("SELECT CAST(pg_sleep(10) AS TEXT)")

    with pytest.raises(Unavailable):
        await act()
    assert await database.one("SELECT current_setting('statement_timeout')") == ("2500ms",)


async def test_a_unit_waits_for_a_connection_and_gives_up_when_none_comes(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.05)
    async with database.begin(), database.begin():
        with pytest.raises(Unavailable):
            async with database.begin():
                pytest.fail("three units on two connections")
        monkeypatch.setattr(postgres, "PATIENCE", 60)
        waiting = asyncio.create_task(backend(database))
        await asyncio.sleep(0)
    assert await waiting > 0


async def test_who_waits_and_is_cancelled_keeps_nobody_waiting(database: PostgresDatabase) -> None:
    async with database.begin(), database.begin():
        waiting = [asyncio.create_task(backend(database)) for _ in range(6)]
        await asyncio.sleep(0)
        for task in waiting[::2]:
            task.cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(result, int) for result in done) == 3
    assert not database._lent
    assert len(database._idle) == database._made <= 2


async def test_a_read_that_is_cancelled_does_not_answer_the_next_one(database: PostgresDatabase) -> None:
    for at in range(20):
        reading = asyncio.create_task(database.one("SELECT CAST(pg_sleep(0.01) AS TEXT), 'old'"))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await database.one("SELECT CAST(:a AS BIGINT)", {"a": at}) == (at,)


async def test_a_failure_that_was_ignored_cannot_be_committed(database: PostgresDatabase) -> None:
    async def act() -> None:
        async with database.begin() as unit:
            await inside(unit).execute(PUT, {"name": "a"})
            with pytest.raises(StatementFailed):
                await inside(unit).execute(PUT, {"name": "a"})

    with pytest.raises(StatementFailed):
        await act()
    assert await count(database) == 0


async def test_a_text_with_a_zero_byte_is_refused_and_not_cut_off(database: PostgresDatabase) -> None:
    with pytest.raises(StatementFailed):
        async with database.begin() as unit:
            await inside(unit).execute(PUT, {"name": "a\0b"})
    assert await count(database) == 0


async def test_statements_prepared_before_a_table_changed_go_on_after_at_most_one_retry(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    read = "SELECT name, until FROM leases"
    assert await database.all(read) == []
    outside.execute("ALTER TABLE leases ALTER COLUMN until TYPE INTEGER")
    try:
        found = await database.all(read)
    except Unavailable:
        found = await database.all(read)
    assert found == []


async def test_a_sum_that_was_not_cast_is_refused_with_the_remedy(database: PostgresDatabase) -> None:
    with pytest.raises(StatementFailed, match="CAST"):
        await database.one("SELECT SUM(until) FROM leases")
    assert await database.one("SELECT CAST(SUM(until) AS BIGINT) FROM leases") == (None,)


async def test_what_the_operator_wrote_in_the_address_stays(database_url: str) -> None:
    database = PostgresDatabase(f"{database_url}?application_name=mine&options=-c%20work_mem%3D7MB")
    await database.open()
    assert await database.one("SELECT current_setting('application_name')") == ("mine",)
    assert await database.one("SELECT current_setting('work_mem')") == ("7MB",)
    assert await database.one("SELECT current_setting('transaction_isolation')") == ("read committed",)
    await database.close()


async def counted_up(unit: Unit, name: str) -> None:
    await inside(unit).execute("UPDATE leases SET until = until + 1 WHERE name = :name", {"name": name})


async def in_order(
    database: PostgresDatabase, start: asyncio.Barrier, first: str, then: str
) -> Crossed | None:
    """Count one up, and the other once everybody has theirs."""
    try:
        async with database.begin() as unit:
            await inside(unit).execute("SET LOCAL deadlock_timeout = '20ms'")
            await counted_up(unit, first)
            await start.wait()
            await counted_up(unit, then)
    except Crossed as crossed:
        return crossed
    return None


async def test_of_two_units_that_wait_for_each_other_one_crossed_wrote_nothing_and_may_run_again(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    outside.execute("INSERT INTO leases (name, holder, until) VALUES ('a', 'test', 0), ('b', 'test', 0)")
    start = asyncio.Barrier(2)
    orders = (("a", "b"), ("b", "a"))
    told = await asyncio.gather(*[in_order(database, start, *order) for order in orders])

    crossed = next(each for each in told if each is not None)
    assert (crossed.detail, crossed.retry_after) == ("storage: 40P01", 1)
    assert told.count(None) == 1
    assert await database.all("SELECT until FROM leases") == [(1,), (1,)]
    assert await in_order(database, asyncio.Barrier(1), *orders[told.index(crossed)]) is None
    assert await database.all("SELECT until FROM leases") == [(2,), (2,)]


async def test_a_unit_that_cannot_have_come_before_or_after_another_crossed_too(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    outside.execute("INSERT INTO leases (name, holder, until) VALUES ('a', 'test', 0)")

    async def late() -> None:
        async with database.begin() as unit:
            await inside(unit).execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await inside(unit).one("SELECT until FROM leases")
            outside.execute("UPDATE leases SET until = 5")
            await counted_up(unit, "a")

    with pytest.raises(Crossed, match="40001"):
        await late()
    assert await database.one("SELECT until FROM leases") == (5,)


async def test_a_lock_that_nobody_gives_back_in_time_is_no_crossing(
    database: PostgresDatabase, outside: psycopg.Connection
) -> None:
    outside.execute("INSERT INTO leases (name, holder, until) VALUES ('a', 'test', 0)")

    async def act() -> None:
        async with database.begin() as unit:
            await inside(unit).execute("SET LOCAL lock_timeout = 20")
            await counted_up(unit, "a")

    with outside.transaction():
        outside.execute("UPDATE leases SET until = 5")
        with pytest.raises(Unavailable, match="55P03") as refused:
            await act()
    assert not isinstance(refused.value, Crossed)
