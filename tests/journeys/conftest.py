"""Fixtures of the journeys: a house on each database."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.house import House, open_house, write_secrets
from tests.journeys.registers import with_quiet_registers
from toegang.storage import Database


@pytest.fixture(scope="session")
def house_secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make keys and secrets once."""
    folder = tmp_path_factory.mktemp("secrets")
    write_secrets(folder)
    return folder


@pytest.fixture
async def house(house_secrets: Path, tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """Open a house on this test's database."""
    async with open_house(house_secrets, tmp_path, database.url) as opened:
        yield opened


@pytest.fixture
async def lone_house(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open a house on SQLite only, where the engine makes no difference to what is seen."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
async def quiet(house_secrets: Path, tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """Open a house on this test's database whose registers answer, and have nothing to tell of anybody."""
    async with open_house(house_secrets, tmp_path, database.url, furnish=with_quiet_registers) as opened:
        yield opened


@pytest.fixture
async def lone_quiet(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open such a house on SQLite only."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    async with open_house(house_secrets, tmp_path, url, furnish=with_quiet_registers) as opened:
        yield opened
