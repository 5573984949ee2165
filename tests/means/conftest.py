"""Give each test of a means a bureau on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.means.bureau import Bureau, bureau_on
from toegang.clock import FixedClock
from toegang.storage import Database


@pytest.fixture
def bureau(database: Database, clock: FixedClock) -> Iterator[Bureau]:
    """Open the citizen account on a database of this test's own."""
    opened = bureau_on(database, clock)
    yield opened
    opened.desk.hasher.close()
