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

from toegang.catalogue.snapshot import Delta, Snapshot
from toegang.clock import monotonic
from toegang.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from toegang.catalogue.store import CatalogueStore, Place

PAGE = 250
"""Records in a page: reading one from the store, and reading and packing its records, is some 10 ms each."""

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
    records = await _applied(Snapshot.of([]), _record_pages(store, version))
    return await _caught_up(store, records)


async def _caught_up(store: CatalogueStore, snapshot: Snapshot) -> Snapshot:
    version = await store.version()
    if version == snapshot.version:
        return snapshot
    if version < snapshot.version:
        # Versions never run back, unless the database was restored from a backup.
        return await load(store)
    # Handed on only when all is applied, so that nobody sees half of somebody's write.
    return await _applied(snapshot, _change_pages(store, snapshot.version, version))


async def _record_pages(store: CatalogueStore, version: int) -> AsyncIterator[Delta]:
    yield Delta(version=version, changes=())
    after: Place | None = None
    while page := await store.records(after, PAGE):
        yield Delta(version=version, changes=tuple(page))
        after = page[-1].kind, page[-1].key


async def _change_pages(store: CatalogueStore, since: int, until: int) -> AsyncIterator[Delta]:
    while since < until:
        page = await store.changes(since, min(PAGE, until - since))
        if page.version == since:
            message = f"the catalogue store has lost change {since + 1}; restore it or export and import"
            raise Misconfigured(message)
        yield page
        since = page.version


async def _applied(snapshot: Snapshot, pages: AsyncIterator[Delta]) -> Snapshot:
    """Apply page by page, so that no more than one is held beside what is packed."""
    async for page in pages:
        for change in page.changes:
            # Read once, so that a store that holds something else is noticed before a login does.
            _ = change.record
        await asyncio.sleep(0)
        snapshot = snapshot.apply(page)
        await asyncio.sleep(0)
    return snapshot
