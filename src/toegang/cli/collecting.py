"""When a worker looks for garbage in circles: a little five times a second, and seldom much.

By itself the interpreter looks when so many more objects were made than went away. Beside pages that wait
that tells nothing: a question that is asked anew makes some eighty objects for as many that go, so that
within a minute all that ten thousand pages keep (840,000 objects) is new, and one look takes half a second
in which nobody is served. A look at what was made in a fifth of a second takes a millisecond or two, and
what lives on is looked at no more until its time comes. A login and a question leave no circles; what goes
wrong may.
"""

from __future__ import annotations

import asyncio
import gc
from itertools import count

COLLECT_AFTER = (20_000, 1_000_000, 1_000_000)
"""New objects after which the interpreter looks by itself, when they come at once; never at older ones."""
EVERY = 0.2  # seconds
YOUNG, OLDER, ALL = 0, 1, 2
OLDER_AFTER, ALL_AFTER = 1_500, 18_000
"""Looks after which what outlived one is looked at too (five minutes), and all since the start (an hour)."""


def begin() -> None:
    """Leave what lives as long as the worker out of every look: the catalogue, pages, code.

    Else a login would cost more the larger the catalogue is.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


async def run() -> None:
    """Look for ever."""
    for number in count(1):
        await asyncio.sleep(EVERY)
        gc.collect(how_far(number))


def how_far(number: int) -> int:
    """Return the oldest generation that this look goes through."""
    if number % ALL_AFTER == 0:
        return ALL
    return OLDER if number % OLDER_AFTER == 0 else YOUNG
