"""A town to visit: the whole house on a database of this test's own, with the citizen account."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.conftest import house_secrets
from tests.means.papers import Counter, open_counter
from tests.means.plastic import CardTown, made_in, open_cards
from tests.web.citizens import Town, open_town
from toegang.web import telling

__all__ = ["house_secrets", "town"]

HELD = 3600.0  # seconds


@pytest.fixture
async def town(
    house_secrets: Path, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    """Open a town; the stores behind its pages are tested on every engine elsewhere.

    A page that waits is held until something happens: else it is answered when a busy machine is half way.
    """
    monkeypatch.setattr(telling, "HELD_LEAST", HELD)
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_town(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
async def counter(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Counter]:
    """Open a town where identity documents are checked."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_counter(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the cards of an issuer, and who the hub is toward them."""
    return made_in(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
async def cards(town: Town, made: Path) -> AsyncIterator[CardTown]:
    """Open cards in a town."""
    async with open_cards(town, made) as opened:
        yield opened
