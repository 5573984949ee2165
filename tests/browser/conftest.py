"""Ground of the browser tests: one Chromium for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.ground import chromium
from tests.browser.visitor import PATIENCE, Seen
from tests.machine import OWN
from tests.running_demo import RunningDemo, demo_at


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Run one Chromium; each test opens its own context in it.

    It ends with this folder's tests: while it runs, no asynchronous test can.
    """
    expect.set_options(timeout=PATIENCE)
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def seen() -> Seen:
    """Look at each page of the hub once, and leave a picture of it."""
    folder: Path = OWN / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return Seen(folder=folder)


@pytest.fixture(scope="package")
def app_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Run a demo apart for all who use the app: accounts get apps there."""
    with demo_at(tmp_path_factory.mktemp("apps")) as running:
        yield running


@pytest.fixture(scope="package")
def accounts_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Run a demo apart: what happens to accounts there, nobody else should meet."""
    with demo_at(tmp_path_factory.mktemp("accounts")) as running:
        yield running
