"""Where metadata is fetched from: one address for all entities that it was pinned with, and when next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, cast

from toegang.catalogue.partners.takeover import Origin, pins_of
from toegang.catalogue.records import RecordKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.catalogue.partners.store import SourceState
    from toegang.catalogue.partners.takeover import Pins
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Entity

NIGHT = time(0, 0, tzinfo=UTC)
NIGHT_SECONDS = 4 * 3600
"""From midnight to four (UTC), each address at a moment of its own, so that not all are fetched at once."""

SOONEST = timedelta(minutes=15)
"""No partner is asked more often, whatever its metadata says."""

LATEST = timedelta(days=1)
"""Every partner is asked once a night, whatever its metadata says."""

ADDRESSES = ("https://", "http://")
"""What is fetched again; whether a host may be called without TLS is for who calls."""

AGAIN = timedelta(hours=1)
"""After a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An address with the entities that came from it: what is pinned, and how long they may be used.

    `fetched_at` is the latest of theirs; `cache` and `until` are the soonest.
    """

    address: str
    pins: Pins
    entities: frozenset[str]
    fetched_at: datetime
    cache: timedelta | None = None
    until: datetime | None = None

    def origin(self, at: datetime) -> Origin:
        """Return what is fetched from here at `at`, and by whose word it is believed."""
        return Origin(source=self.address, pins=self.pins, fetched_at=at)

    def due_at(self, state: SourceState | None) -> datetime:
        """SAMLMeta-2.3.2: return when it must be fetched: nightly, or sooner when the metadata says so."""
        checked = self.fetched_at if state is None or state.checked_at is None else state.checked_at
        wanted = [self._night_after(checked)]
        if self.cache is not None:
            # A copy may be kept for ages by some: longer than until the next night is not counted.
            wanted.append(checked + min(LATEST, max(SOONEST, self.cache)))
        if self.until is not None:
            wanted.append(checked + max(SOONEST, (self.until - checked) / 2))
        soonest = min(wanted)
        if state is None or state.failing_since is None:
            return soonest
        hurry = self.until is not None and self.until - state.tried_at < timedelta(days=1)
        return max(soonest, state.tried_at + (SOONEST if hurry else AGAIN))

    def _night_after(self, at: datetime) -> datetime:
        spread = int.from_bytes(hashlib.sha256(self.address.encode()).digest()[:4]) % NIGHT_SECONDS
        first = datetime.combine(at.astimezone(UTC).date(), NIGHT) + timedelta(seconds=spread)
        while first <= at:
            first += timedelta(days=1)
        return first


def is_fetched(entity: Entity | None) -> bool:
    """Tell whether a partner's metadata is fetched again by itself."""
    return bool(entity and entity.signers and entity.enabled and entity.source.startswith(ADDRESSES))


def sources_of(snapshot: Snapshot) -> tuple[Source, ...]:
    """Return every address that pinned metadata comes from; a document known by its hash never changes."""
    found: dict[tuple[str, Pins], Source] = {}
    for record in snapshot.records(RecordKind.ENTITY):
        entity = cast("Entity", record)
        if is_fetched(entity):
            key = entity.source, pins_of(entity)
            found[key] = _with(found.get(key), entity)
    return tuple(sorted(found.values(), key=lambda each: each.address))


def due(snapshot: Snapshot, states: Mapping[str, SourceState], now: datetime) -> tuple[Source, ...]:
    """Return the sources that must be fetched by `now`, those that were due first at the front."""
    waiting = [(each.due_at(states.get(each.address)), each) for each in sources_of(snapshot)]
    waiting.sort(key=lambda each: (each[0], each[1].address))
    return tuple(source for at, source in waiting if at <= now)


def _with(known: Source | None, entity: Entity) -> Source:
    about = entity.metadata
    cache = None if about.cache_seconds is None else timedelta(seconds=about.cache_seconds)
    one = Source(
        address=entity.source,
        pins=pins_of(entity),
        entities=frozenset({entity.id}),
        fetched_at=entity.fetched_at,
        cache=cache,
        until=about.valid_until,
    )
    if known is None:
        return one
    return replace(
        known,
        entities=known.entities | one.entities,
        fetched_at=max(known.fetched_at, one.fetched_at),
        cache=min((each for each in (known.cache, cache) if each is not None), default=None),
        until=min((each for each in (known.until, one.until) if each is not None), default=None),
    )
