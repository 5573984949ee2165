"""Pages that wait for an app: told at once here, within a second from another worker; waiting costs nothing.

A change is noted in the unit of the step (`changed`); this process wakes its own waiters when that commits,
and asks once a second for what others noted. Nothing depends on it: a page that was not told asks again.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.units import Unit

EVERY = 1.0  # seconds
OVERLAP = timedelta(seconds=3)  # a unit that notes a change commits within this, or its page asks again
KEPT = timedelta(minutes=1)
MOST = 10_000
"""Pages that wait in one worker, unless the settings say otherwise."""
EACH = 4
"""Questions about one pairing that wait at once: its tabs, and lines that broke without our knowing. Whoever
has one page can so never take the places of others."""
ASKING = 4
"""Pages of one worker that ask the database at once. However many come together, the other connections stay
free for logins, and a page that stands in line is not told that every connection is in use."""


class ChangeStore(Protocol):
    """Keeps which pairings changed lately, by the hash of their id."""

    async def note(self, unit: Unit, key: bytes, now: datetime) -> None:
        """Note that it changed now."""
        ...

    async def since(self, at: datetime) -> frozenset[bytes]:
        """Return what changed at or after `at`."""
        ...

    async def sweep(self, unit: Unit, now: datetime, most: int) -> int:
        """Remove at most so many notes that nobody asks for any more; return how many."""
        ...


class Watcher:
    """Wakes whoever waits for a change of a pairing."""

    __slots__ = ("_clock", "_count", "_most", "_store", "_waiting", "asking")

    def __init__(self, store: ChangeStore, clock: Clock, most: int = MOST) -> None:
        """Watch a store, of which nobody waits yet, for at most so many pages at once."""
        self._store = store
        self._clock = clock
        self._most = most
        self._count = 0
        self._waiting: dict[bytes, set[Change]] = {}
        self.asking = asyncio.Semaphore(ASKING)

    @property
    def waiting(self) -> int:
        """How many pages wait here."""
        return self._count

    async def changed(self, unit: Unit, id_: str, now: datetime) -> None:
        """Note a change of a pairing; waiters here are woken when the unit commits."""
        key = _key(id_)
        await self._store.note(unit, key, now)
        unit.after_commit(lambda: self._wake(key))

    @contextmanager
    def listening(self, id_: str) -> Iterator[Change | None]:
        """Hear of changes of a pairing from now on; None where enough questions about it do."""
        key = _key(id_)
        if len(self._waiting.get(key, ())) >= EACH:
            yield None
            return
        change = Change()
        self._waiting.setdefault(key, set()).add(change)
        try:
            yield change
        finally:
            self._waiting[key].discard(change)
            if not self._waiting[key]:
                del self._waiting[key]

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Have a place to wait, if there is one: more pages than may would take the place of logins."""
        if self._count >= self._most:
            yield False
            return
        self._count += 1
        try:
            yield True
        finally:
            self._count -= 1

    async def run(self) -> None:
        """Ask once a second what others changed, while somebody waits here; for ever."""
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """Wake whoever waits for what was changed lately."""
        if not self._waiting:
            return
        for key in await self._store.since(self._clock.now() - OVERLAP):
            self._wake(key)

    def _wake(self, key: bytes) -> None:
        for change in self._waiting.get(key, ()):
            change.came()


class Change:
    """A change that one page waits for."""

    __slots__ = ("_ended", "_limit", "is_there")

    def __init__(self) -> None:
        """Wait for nothing yet."""
        self.is_there = self._ended = False
        self._limit: asyncio.Timeout | None = None

    def came(self) -> None:
        """Tell that it is there."""
        self.is_there = True
        self.end()

    def end(self) -> None:
        """Wait no longer, whether it is there or not."""
        self._ended = True
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(0.0)

    async def wait(self, left: Callable[[], Awaitable[object]], seconds: float) -> None:
        """Wait until it is there, the time is over, or `left` returns: the page went away.

        One coroutine and one timer, which the change brings forward: ten thousand pages are held so.
        """
        if self._ended:
            return
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds) as self._limit:
                    await left()
        finally:
            self._limit = None


def _key(id_: str) -> bytes:
    return sha256(b"pairing\0" + id_.encode()).digest()
