"""A trail with its tree on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.builders import Room, signer
from toegang.storage import Database


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    """Open a trail in an empty database."""
    return Room(database, tmp_path / "checkpoints", signer())
