"""What only SQLite does: several processes on one file, waiting without blocking, durable commits."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from toegang.errors import Unavailable
from toegang.storage import ExpiringStore, SqliteDatabase, inside, migrate, sqlite

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=5)
COUNT = 200

# Takes whatever is left of the values 0 to COUNT, and prints what it got.
TAKER = """
import asyncio, json, sys
from datetime import UTC, datetime
from pathlib import Path
from toegang.storage import ExpiringStore, SqliteDatabase

async def main(path, count):
    database = SqliteDatabase(Path(path))
    await database.open()
    store, now, got = ExpiringStore(database, "number", int), datetime(2027, 3, 1, 12, 0, tzinfo=UTC), []
    print("ready", flush=True)
    sys.stdin.readline()
    async def take(at):
        async with database.begin() as unit:
            value = await store.take(unit, str(at), now)
        if value is not None:
            got.append(value)
    for at in range(0, count, 8):
        await asyncio.gather(*[take(which) for which in range(at, min(at + 8, count))])
    await database.close()
    print(json.dumps(got))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.fixture
def path(tmp_path: Path, sqlite_template: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "toegang.db"))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(path)
    await database.open()
    yield database
    await database.close()


def taker(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TAKER, path, str(COUNT)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_two_processes_that_take_the_same_values_get_each_once(
    path: Path, database: SqliteDatabase
) -> None:
    store = ExpiringStore(database, "number", int)
    async with database.begin() as unit:
        for at in range(COUNT):
            await store.add(unit, str(at), at, UNTIL, NOW)
    got: list[int] = []
    with ExitStack() as stack:
        takers = [stack.enter_context(taker(path)) for _ in range(2)]
        for one in takers:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        outputs = await asyncio.gather(*[asyncio.to_thread(one.communicate, "go\n") for one in takers])
    for output, _ in outputs:
        got += json.loads(output)
    assert sorted(got) == list(range(COUNT))


async def test_a_writer_waits_for_another_process_without_blocking_the_loop(
    path: Path, database: SqliteDatabase
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    turns = 0

    async def write() -> None:
        async with database.begin() as unit:
            await inside(unit).execute("DELETE FROM leases")

    writing = asyncio.create_task(write())
    while turns < 20:
        await asyncio.sleep(0)
        turns += 1
    assert not writing.done()
    assert await database.all("SELECT name FROM leases") == []  # readers do not wait
    other.execute("COMMIT")
    await writing
    other.close()


async def test_a_writer_gives_up_at_its_deadline_and_says_that_the_store_does_not_answer(
    path: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with database.begin():
            pytest.fail("two writers at once")
    other.close()
    async with database.begin() as unit:
        await inside(unit).execute("DELETE FROM leases")


async def test_a_unit_that_waits_for_its_own_outer_unit_gives_up(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    async with database.begin():
        with pytest.raises(Unavailable):
            async with database.begin():
                pytest.fail("two units at once")


async def test_every_connection_writes_to_the_disk_before_it_answers(database: SqliteDatabase) -> None:
    async with database.begin() as unit:
        assert await inside(unit).one("PRAGMA synchronous") == (2,)
        assert await inside(unit).one("PRAGMA journal_mode") == ("wal",)
        assert await inside(unit).one("PRAGMA foreign_keys") == (1,)


async def test_units_that_write_much_bring_the_log_into_the_file_sooner(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "CHECKPOINT_ROWS", 3)
    for at in range(3):
        assert database._checkpoint is None
        async with database.begin() as unit:
            await inside(unit).execute("INSERT INTO leases VALUES (:name, 'a', 0)", {"name": str(at)})
    assert database._checkpoint is not None
    await database._checkpoint


async def test_the_log_is_brought_into_the_file_beside_the_loop(
    path: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "CHECKPOINT_EVERY", 3)
    for at in range(3):
        async with database.begin() as unit:
            await inside(unit).execute("INSERT INTO leases VALUES (:name, 'a', 0)", {"name": str(at)})
    assert database._checkpoint is not None
    await database._checkpoint
    # An immutable file is read without its log.
    without_log = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    assert without_log.execute("SELECT count(*) FROM leases").fetchone() == (3,)
    without_log.close()


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await SqliteDatabase(tmp_path / "no" / "such" / "folder" / "toegang.db").open()
    with pytest.raises(Unavailable):
        await SqliteDatabase(tmp_path / "never-opened.db").one("SELECT 1")


def modes_in(folder: Path) -> dict[str, int]:
    """Return who may do what with each file."""
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


async def test_a_file_that_is_not_there_is_not_made_but_told_how_to_make(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refused:
        await SqliteDatabase(tmp_path / "toegang.db").open()
    assert "toegang database upgrade" in refused.value.detail
    assert modes_in(tmp_path) == {}


async def test_what_is_made_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "toegang.db")
    await migrate(database)
    await database.open()
    async with database.begin() as unit:
        await inside(unit).execute("INSERT INTO leases VALUES ('a', 'a', 0)", {})
    modes = modes_in(tmp_path)
    await database.close()

    assert modes == {"toegang.db": 0o600, "toegang.db-wal": 0o600, "toegang.db-shm": 0o600}


async def test_a_file_that_is_no_database_is_told_apart_from_one_that_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("this is not a database" * 100)
    with pytest.raises(Exception, match="SQLITE_NOTADB"):
        await SqliteDatabase(path).open()
