"""Fetching metadata again, beside the requests: what is new is in force on every node within seconds.

A key that a partner's metadata no longer names is no longer believed, from the moment that is taken over.
What cannot be fetched or believed changes nothing: what was known stays until its own end.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from toegang import log
from toegang.audit.events import MetadataRefreshed, MetadataRefused
from toegang.catalogue.partners.reading import described, named
from toegang.catalogue.partners.sources import due
from toegang.catalogue.partners.store import SourceState
from toegang.catalogue.partners.takeover import Taken, refreshed
from toegang.catalogue.records import Change
from toegang.catalogue.write import Edit
from toegang.errors import ProofInvalid, Refusal, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.reading import Described, DocumentReader
    from toegang.catalogue.partners.sources import Source
    from toegang.catalogue.partners.store import PartnerStore
    from toegang.catalogue.partners.takeover import Origin
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.watch import Catalogue
    from toegang.catalogue.write import CatalogueEditor
    from toegang.outbound.client import Outbound
    from toegang.units import Units

LARGEST = 128 * 1024 * 1024
"""Bytes; an aggregate of ten thousand entities is half of it."""

FETCH_SECONDS = 60.0
OK = 200
BATCH = 100
"""Entities written at once: other writers, and the loop, wait for some milliseconds."""

SLICE = 20
"""Entities judged between two turns of the loop."""

ATTEMPTS = 5
BY = "metadata refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRefresh:
    """The door of the loop."""

    catalogue: Catalogue
    editor: CatalogueEditor
    store: PartnerStore
    units: Units
    outbound: Outbound
    trail: Trail
    reader: DocumentReader
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    async def due(self, now: datetime) -> tuple[Source, ...]:
        """Return the sources to be fetched now; looked for in a thread, for there may be thousands."""
        states = {state.source: state for state in await self.store.sources()}
        return await asyncio.to_thread(due, self.catalogue.current, states, now)

    async def refresh(self, source: Source, now: datetime) -> bool:
        """Fetch one source and take over what is new; tell whether it could be believed.

        Raises:
            Unavailable: the store does not answer; nothing was changed.

        """
        before = await self.store.source(source.address)
        try:
            octets = await self._fetched(source)
            digest = await asyncio.to_thread(_sha256, octets)
            # Read even when it is as it was: the catalogue may name another member of its cluster by now.
            found = await self._read(octets, source, now)
        except (Refusal, Unavailable) as error:
            await self._failed(source, before, error, now)
            return False
        async with self._writing:
            await self._take(source, found, now)
        state = SourceState(source=source.address, tried_at=now, checked_at=now, sha256=digest)
        async with self.units.begin() as unit:
            await self.store.put_source(unit, state)
        return True

    async def _fetched(self, source: Source) -> bytes:
        answer = await self.outbound.request(
            f"metadata {source.address}", "GET", source.address, limit=LARGEST, seconds=FETCH_SECONDS
        )
        if answer.status != OK:
            message = f"metadata: answered with status {answer.status}"
            raise Unavailable(message)
        return answer.body

    async def _read(self, octets: bytes, source: Source, now: datetime) -> list[Described]:
        found = [each async for each in self.reader.read(octets, source.pins, now)]
        if source.entities.isdisjoint(map(named, found)):
            message = "the document describes none of the entities that were pinned with its address"
            raise ProofInvalid(message)
        return found

    async def _take(self, source: Source, found: Sequence[Described], now: datetime) -> None:
        counts: Counter[Taken] = Counter()
        missing = set(source.entities)
        for at in range(0, len(found), BATCH):
            batch = found[at : at + BATCH]
            counts += await self._written(source, batch, now)
            missing.difference_update(map(named, batch))
        event = MetadataRefreshed(
            at=now,
            source=source.address,
            added=counts[Taken.NEW],
            changed=counts[Taken.CHANGED],
            foreign=counts[Taken.FOREIGN],
            missing=len(missing),
        )
        if event != replace(event, added=0, changed=0, foreign=0, missing=0):
            async with self.units.begin() as unit:
                await self.trail.record(unit, event)
            log.event(event.name, source=source.address, added=event.added, changed=event.changed)

    async def _written(self, source: Source, found: Sequence[Described], now: datetime) -> Counter[Taken]:
        """Judge some entities by the catalogue as it is, and write; again when somebody else just wrote."""
        for _ in range(ATTEMPTS):
            base = self.catalogue.current
            counts, changes = await _judged(base, source.origin(now), found)
            if not changes:
                return counts
            edit = Edit(base=base, changes=tuple(changes), by=BY, reason=source.address)
            async with self.units.begin() as unit:
                version = await self.editor.write(unit, edit, now)
            await self.catalogue.refresh()
            if version is not None:
                return counts
        raise Unavailable(detail="catalogue: others keep writing")

    async def _failed(
        self, source: Source, before: SourceState | None, error: Refusal | Unavailable, now: datetime
    ) -> None:
        known = before or SourceState(source=source.address, tried_at=now)
        state = replace(known, tried_at=now, failing_since=known.failing_since or now, failure=error.code)
        async with self.units.begin() as unit:
            await self.store.put_source(unit, state)
            if known.failure != error.code:
                event = MetadataRefused(at=now, source=source.address, code=error.code)
                await self.trail.record(unit, event)
        log.warning("metadata:refused", source=source.address, code=error.code, detail=error.detail)


async def _judged(
    base: Snapshot, origin: Origin, found: Sequence[Described]
) -> tuple[Counter[Taken], list[Change]]:
    counts: Counter[Taken] = Counter()
    changes: list[Change] = []
    for number, each in enumerate(found):
        taken, entity = refreshed(base, origin, described(each))
        counts[taken] += 1
        if entity is not None:
            changes.append(Change.put(entity))
        if number % SLICE == 0:
            await asyncio.sleep(0)
    return counts, changes


def _sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()
