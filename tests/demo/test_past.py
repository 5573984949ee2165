"""The demo has a year behind it, so that its figures show something: made up once, and always the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from demo.past import month_before, past, remember
from tests.audit.builders import Room, sqlite_room
from tests.conftest import NOON
from toegang.reports.counting import Reports
from toegang.reports.figures import FigureId, Figures, Wanted
from toegang.storage.figures import FactTables

YEAR = Wanted(from_=date(2026, 3, 1), until=date(2027, 3, 1))


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with sqlite_room(tmp_path) as opened:
        yield opened


async def figures(room: Room) -> Figures:
    await room.sequence()
    facts = FactTables(database=room.database)
    reports = Reports(units=room.database.units(), trail=room.trail, facts=facts)
    await reports.count()
    return await reports.figures(YEAR)


async def test_every_public_figure_has_something_to_show_in_every_month(room: Room) -> None:
    assert await remember(room.trail, room.database.units(), NOON) > 1000
    made = await figures(room)
    for table in made.tables:
        told = [
            any(cell for cell in column) for column in zip(*(row.cells for row in table.rows), strict=True)
        ]
        assert told == [True] * 12, table.id
    assert [row.key for row in made.table(FigureId.LOGINS_BY_LEVEL).rows] == ["10", "20"]
    steps = [row.key for row in made.table(FigureId.ACCOUNTS_BY_STEP).rows]
    assert steps == ["password", "sms", "app"]
    stand = made.table(FigureId.ACCOUNTS_BY_STEP)
    assert all(cell is None or cell >= 0 for row in stand.rows for cell in row.cells)


async def test_a_past_that_is_there_stays_and_the_trail_is_whole(room: Room) -> None:
    written = await remember(room.trail, room.database.units(), NOON)
    assert await remember(room.trail, room.database.units(), NOON) == 0
    await room.sequence()
    found = await room.verify()
    assert (found.size, found.findings) == (written, ())


def test_nothing_of_it_is_of_this_month_or_of_more_than_a_year_ago() -> None:
    times = [event.at for event in past(NOON)]
    assert min(times) >= month_before(NOON, 12) == datetime(2026, 3, 1, tzinfo=UTC)
    assert max(times) < month_before(NOON, 0)
    assert list(past(NOON)) == list(past(NOON))
