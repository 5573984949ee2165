"""The last day that a page offers for a mandate is one that is over in time, also with days of 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from toegang.web.giving_mandates import last_day
from toegang.web.own_mandates import end_of


@pytest.mark.parametrize("month", [3, 10])
def test_the_last_day_is_the_latest_that_is_over_by_then(month: int) -> None:
    begin = datetime(2027, month, 26, tzinfo=UTC)
    for minutes in range(0, 7 * 24 * 60, 15):
        most = begin + timedelta(minutes=minutes)
        offered = last_day(most)
        assert end_of(offered) <= most < end_of(offered + timedelta(days=1))
