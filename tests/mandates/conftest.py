"""Both engines in one test, so that their answers can be held against each other."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import create, drop, named
from tests.mandates.engines import Engines, door
from toegang import storage


@pytest.fixture
def engines(
    sqlite_template: Path, postgres_url: str, postgres_template: str, tmp_path: Path
) -> Iterator[Engines]:
    """Give SQLite and PostgreSQL, each migrated and empty, in a loop of their own."""
    file = tmp_path / "worlds.db"
    shutil.copy(sqlite_template, file)
    name = create(postgres_url, postgres_template)
    databases = [storage.database_at(f"sqlite:///{file}"), storage.database_at(named(postgres_url, name))]
    with asyncio.Runner() as runner:
        for database in databases:
            runner.run(database.open())
        yield Engines(runner, [door(database) for database in databases])
        for database in databases:
            runner.run(database.close())
    drop(postgres_url, name)
