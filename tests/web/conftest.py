"""A town to visit: the whole house on a database of this test's own, with the citizen account."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.house import write_secrets
from tests.web.citizens import Town, open_town


@pytest.fixture(scope="session")
def town_secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make keys and secrets once."""
    folder = tmp_path_factory.mktemp("town")
    write_secrets(folder)
    return folder


@pytest.fixture
async def town(town_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Town]:
    """Open a town; the stores behind its pages are tested on every engine elsewhere."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_town(town_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened
