"""A worker looks for garbage a little at a time, however much it keeps."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections import Counter

import pytest

from toegang.cli import collecting
from toegang.cli.collecting import ALL, ALL_AFTER, EVERY, OLDER, OLDER_AFTER, YOUNG


class Circle:
    """Garbage that only a collector finds."""

    def __init__(self) -> None:
        self.itself = self


async def test_what_is_in_a_circle_goes_and_what_is_kept_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collecting, "EVERY", 0.0)
    kept = [Circle() for _ in range(1_000)]
    gone = asyncio.Event()
    weakref.finalize(Circle(), gone.set)
    looks = asyncio.create_task(collecting.run())
    await asyncio.wait_for(gone.wait(), 10)
    looks.cancel()
    young = set(map(id, gc.get_objects(generation=YOUNG)))
    assert not young & set(map(id, kept))


def test_what_is_older_is_looked_at_after_minutes_and_everything_after_an_hour() -> None:
    seconds = 3600
    looks = Counter(collecting.how_far(number) for number in range(1, round(seconds / EVERY) + 1))
    assert (looks[OLDER], looks[ALL]) == (11, 1)
    assert looks[YOUNG] == ALL_AFTER - ALL_AFTER // OLDER_AFTER
