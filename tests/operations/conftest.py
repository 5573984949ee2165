"""Fixtures of operations: a hub installed once, by the document, and copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import house, house_secrets
from tests.operations.hub import copy_of, install

__all__ = ["folder", "house", "house_secrets", "installed"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install a hub once."""
    folder = tmp_path_factory.mktemp("installed")
    install(folder)
    return folder


@pytest.fixture
def folder(installed: Path, tmp_path: Path) -> Path:
    """Give a hub of this test's own."""
    return copy_of(installed, tmp_path)
