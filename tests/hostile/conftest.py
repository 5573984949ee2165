"""Attacks need a bureau, as the tests of the means do, and a house, as the journeys do."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.conftest import house, house_secrets
from tests.journeys.house import House, open_house
from tests.means.conftest import bureau, each_bureau
from tests.web.conftest import town

__all__ = ["bureau", "each_bureau", "house", "house_secrets", "town"]


@pytest.fixture
async def lone_house(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open a house on SQLite only, where the engine makes no difference to the attack."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened
