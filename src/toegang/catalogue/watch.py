"""The catalogue of one node: loaded once, then kept up with the store by deltas.

Start in `Catalogue`. A change that was committed anywhere is in `current` on every node within the
interval of `watch` (a second) and the time of one query; never by a reload. Reading goes in pages, and
the loop gets its turn between two pages, so that neither a start nor an import of the whole catalogue
keeps logins waiting.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from toegang.catalogue.records import key_of, kind_of
from toegang.catalogue.snapshot import Delta, Snapshot
from toegang.clock import monotonic
from toegang.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from toegang.catalogue.records import Change
    from toegang.catalogue.store import CatalogueStore, Place
    from toegang.catalogue.values import Record

PAGE = 500
"""Records in a page: some 5 ms of decoding."""

INTERVAL = 1.0
"""Seconds between two looks at the store."""


class Catalogue:
    """The door: `current` is the newest snapshot this node knows; take it once per request."""

    def __init__(self, store: CatalogueStore, snapshot: Snapshot) -> None:
        """Begin with `snapshot`; `open_catalogue` loads one."""
        self._store = store
        self._current = snapshot
        self._seen = monotonic()
        self._turn = asyncio.Lock()

    @property
    def current(self) -> Snapshot:
        """The newest snapshot."""
        return self._current

    @property
    def unseen_for(self) -> float:
        """Seconds since the store last confirmed that `current` was the newest; for readiness."""
        return monotonic() - self._seen

    async def refresh(self) -> bool:
        """Bring `current` up to what is committed; tell whether it changed.

        Raises:
            Unavailable: the store does not answer; `current` stays.

        """
        async with self._turn:
            asked = monotonic()
            newest = await _caught_up(self._store, self._current)
            changed = newest is not self._current
            self._current = newest
            self._seen = asked
            return changed

    async def watch(self, stop: asyncio.Event, interval: float = INTERVAL) -> None:
        """Refresh every `interval` seconds until `stop` is set; a store that is away is asked again."""
        while not stop.is_set():
            # What was known stays in force meanwhile; `unseen_for` tells readiness how long already.
            with suppress(Unavailable):
                await self.refresh()
            with suppress(TimeoutError):
                async with asyncio.timeout(interval):
                    await stop.wait()


async def open_catalogue(store: CatalogueStore) -> Catalogue:
    """Load the catalogue from `store`.

    Raises:
        Unavailable: the store does not answer.
        Misconfigured: the store holds something that is not a record.

    """
    return Catalogue(store, await load(store))


async def load(store: CatalogueStore) -> Snapshot:
    """Read the whole catalogue, as it was at one moment.

    1. Remember the version.
    2. Read all records in pages. Others may write meanwhile, so a page may be newer than the one before.
    3. Apply every change since 1: what was read too new or too old is then as it is at the end.
    """
    version = await store.version()
    records = [record async for record in _all_records(store)]
    return await _caught_up(store, Snapshot.of(records, version=version))


async def _all_records(store: CatalogueStore) -> AsyncIterator[Record]:
    after: Place | None = None
    while page := await store.records(after, PAGE):
        for record in page:
            yield record
        after = kind_of(page[-1]), key_of(page[-1])
        await asyncio.sleep(0)


async def _caught_up(store: CatalogueStore, snapshot: Snapshot) -> Snapshot:
    version = await store.version()
    if version == snapshot.version:
        return snapshot
    if version < snapshot.version:
        # Versions never run back, unless the database was restored from a backup.
        return await load(store)
    # All changes are applied at once, so that nobody sees half of somebody's write.
    return snapshot.apply(Delta(version=version, changes=await _changes(store, snapshot.version, version)))


async def _changes(store: CatalogueStore, since: int, until: int) -> tuple[Change, ...]:
    changes: list[Change] = []
    while since < until:
        page = await store.changes(since, min(PAGE, until - since))
        if page.version == since:
            message = f"the catalogue store has lost change {since + 1}; restore it or export and import"
            raise Misconfigured(message)
        changes += page.changes
        since = page.version
        await asyncio.sleep(0)
    return tuple(changes)
