"""What is kept beside the catalogue about partners in SAML (catalogue.partners.store.PartnerStore)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.partners.store import SeenKey, SourceState
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_SEEN = """
    INSERT INTO partner_key (entity_id, fingerprint, first_at, last_at)
    VALUES (:entity_id, :fingerprint, :at, :at)
    ON CONFLICT (entity_id, fingerprint) DO UPDATE SET last_at = excluded.last_at
    WHERE partner_key.last_at < excluded.last_at
"""
_KEYS = "SELECT entity_id, fingerprint, first_at, last_at FROM partner_key"
_SOURCES = "SELECT source, tried_at, checked_at, sha256, failing_since, failure FROM partner_source"
_PUT_SOURCE = """
    INSERT INTO partner_source (source, tried_at, checked_at, sha256, failing_since, failure)
    VALUES (:source, :tried_at, :checked_at, :sha256, :failing_since, :failure)
    ON CONFLICT (source) DO UPDATE SET tried_at = excluded.tried_at, checked_at = excluded.checked_at,
        sha256 = excluded.sha256, failing_since = excluded.failing_since, failure = excluded.failure
"""
_WARN = """
    INSERT INTO partner_warning (owner, fingerprint, days, told_at)
    VALUES (:owner, :fingerprint, :days, :told_at)
    ON CONFLICT (owner, fingerprint, days) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class PartnerTables:
    """Three small tables, on either engine."""

    database: Database

    async def seen_key(self, unit: Unit, entity_id: str, fingerprint: str, at: datetime) -> None:
        """Remember that a partner used a key."""
        params: Params = {"entity_id": entity_id, "fingerprint": fingerprint, "at": micros(at)}
        await inside(unit).put(_SEEN, params)

    async def seen_keys(self, entity_id: str | None = None) -> Sequence[SeenKey]:
        """Return the keys that one partner, or any, was seen using."""
        if entity_id is None:
            rows = await self.database.all(_KEYS)
        else:
            rows = await self.database.all(_KEYS + " WHERE entity_id = :entity_id", {"entity_id": entity_id})
        return [
            SeenKey(
                entity_id=name, fingerprint=fingerprint, first_at=moment(first_at), last_at=moment(last_at)
            )
            for name, fingerprint, first_at, last_at in rows
        ]

    async def source(self, source: str) -> SourceState | None:
        """Find how fetching from an address went last."""
        row = await self.database.one(_SOURCES + " WHERE source = :source", {"source": source})
        return None if row is None else _state(row)

    async def sources(self) -> Sequence[SourceState]:
        """Return how fetching from every address went last."""
        return [_state(row) for row in await self.database.all(_SOURCES)]

    async def put_source(self, unit: Unit, state: SourceState) -> None:
        """Remember how fetching went, in place of the time before."""
        await inside(unit).put(
            _PUT_SOURCE,
            {
                "source": state.source,
                "tried_at": micros(state.tried_at),
                "checked_at": _micros(state.checked_at),
                "sha256": state.sha256,
                "failing_since": _micros(state.failing_since),
                "failure": state.failure,
            },
        )

    async def warn_once(self, unit: Unit, owner: str, fingerprint: str, days: int, at: datetime) -> bool:
        """Claim a warning; False when it was given before."""
        params: Params = {"owner": owner, "fingerprint": fingerprint, "days": days, "told_at": micros(at)}
        return await inside(unit).execute(_WARN, params) == 1


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _state(row: Row) -> SourceState:
    source, tried_at, checked_at, sha256, failing_since, failure = row
    return SourceState(
        source=source,
        tried_at=moment(tried_at),
        checked_at=None if checked_at is None else moment(checked_at),
        sha256=sha256,
        failing_since=None if failing_since is None else moment(failing_since),
        failure=failure,
    )
