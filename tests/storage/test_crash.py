"""A crash at any statement leaves all of an act or nothing of it, never half."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults import Crash, Faults, FaultyDatabase
from toegang.identity.people import Person, PersonId
from toegang.ids import SystemIds
from toegang.storage import Database, ExpiringStore, Leases, PeopleStore

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=5)
POINTS = 7  # begin to end of `act`: a find, a take, two enrolling, a lease, a commit, after the commit
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    found_by: bytes


CODE = Code(found_by=b"fake-keyed-hash")


async def prepare(database: Database) -> None:
    async with database.begin() as unit:
        await ExpiringStore(database, "code", Code).add(unit, "id", CODE, UNTIL, NOW)
        await PeopleStore(database).enrol(unit, person(CODE.found_by))


def person(found_by: bytes) -> Person:
    return Person(id=PersonId(SystemIds().uuid()), sealed_bsn=b"fake", found_by=found_by, since=NOW)


async def act(database: Database) -> None:
    """Take a code, look up its person and keep another fact: one unit."""
    codes, people = ExpiringStore(database, "code", Code), PeopleStore(database)
    await codes.find("id", NOW)
    async with database.begin() as unit:
        code = await codes.take(unit, "id", NOW)
        if code is not None:
            await people.enrol(unit, person(code.found_by))
            await Leases().acquire(unit, "fact", "test", UNTIL, NOW)


async def facts(database: Database) -> tuple[bool, bool]:
    code = await ExpiringStore(database, "code", Code).find("id", NOW)
    return code is None, await database.one("SELECT name FROM leases") is not None


@pytest.mark.parametrize("at", range(1, POINTS + 1))
async def test_a_crash_leaves_the_act_whole_or_undone(database: Database, at: int) -> None:
    await prepare(database)
    faults = Faults(at)
    with suppress(Crash):
        await act(FaultyDatabase(database, faults))
    assert faults.happened
    taken, noted = await facts(database)
    assert taken == noted == (at == POINTS)  # only a crash after the commit leaves it whole
    await act(database)
    assert await facts(database) == (True, True)


async def test_no_point_was_forgotten(database: Database) -> None:
    await prepare(database)
    faults = Faults(POINTS + 1)
    await act(FaultyDatabase(database, faults))
    assert faults.passed == POINTS


KILLED = """
import asyncio, os, signal, sys
from tests.faults import Faults, FaultyDatabase
from tests.storage.test_crash import act
from toegang.storage import database_at

async def main(url, at):
    database = database_at(url)
    await database.open()
    await act(FaultyDatabase(database, Faults(at, lambda: os.kill(os.getpid(), signal.SIGKILL))))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.parametrize("at", [3, POINTS - 1, POINTS])
async def test_a_process_that_is_killed_leaves_the_act_whole_or_undone(
    database: Database, make_database: Callable[[], Database], at: int
) -> None:
    await prepare(database)
    done = subprocess.run(  # noqa: ASYNC221 nothing else runs here meanwhile
        [sys.executable, "-c", KILLED, database.url, str(at)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    other = make_database()
    await other.open()
    assert await facts(other) == (at == POINTS, at == POINTS)
    await act(other)
    assert await facts(other) == (True, True)
