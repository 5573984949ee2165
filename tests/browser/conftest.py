"""Ground of the browser tests: one Chromium for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

pytest.register_assert_rewrite("tests.browser.ground")

from tests.browser.ground import chromium  # noqa: E402 its assertions must be rewritten first


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run one Chromium; each test opens its own context in it."""
    with chromium() as running:
        yield running
