"""Give tests a bureau: on SQLite, or on each engine where the engine could make a difference."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.means.bureau import Bureau, bureau_on
from toegang.clock import FixedClock
from toegang.storage import Database, database_at


@pytest.fixture
async def bureau(sqlite_template: Path, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Bureau]:
    """Open the citizen account on a SQLite file of this test's own."""
    path = tmp_path / "bureau.db"
    shutil.copy(sqlite_template, path)
    database = database_at(f"sqlite:///{path}")
    await database.open()
    opened = bureau_on(database, clock)
    yield opened
    opened.desk.hasher.close()
    await database.close()


@pytest.fixture
def each_bureau(database: Database, clock: FixedClock) -> Iterator[Bureau]:
    """Open the citizen account on a database of this test's own; the test runs once for each engine."""
    opened = bureau_on(database, clock)
    yield opened
    opened.desk.hasher.close()
