"""Attacks need a bureau, as the tests of the means do, and a house, as the journeys do."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.conftest import house, house_secrets
from tests.journeys.house import House, open_house
from tests.means.conftest import bureau, each_bureau
from tests.web.conftest import town
from toegang.oidc.profile import BASIC, PROFILES

__all__ = ["bureau", "each_bureau", "house", "house_secrets", "town"]


@pytest.fixture
async def lone_house(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open a house on SQLite only, where the engine makes no difference to the attack."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def signed_access_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give parties that prove themselves by a secret the signed access tokens of the other profiles."""
    monkeypatch.setitem(PROFILES, "basic", replace(BASIC, opaque_access_token=False))
