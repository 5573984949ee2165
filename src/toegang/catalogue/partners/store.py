"""What is kept beside the catalogue about partners: what was seen, fetched and told; promises only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenKey:
    """A key, by the SHA-256 of its certificate (hexadecimal), that a partner was seen using.

    Its own, with which it signed; or one of ours, with which it encrypted. Times are exact to a day.
    """

    entity_id: str
    fingerprint: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How fetching from an address went.

    `checked_at` is the last time that what was fetched could be believed, `sha256` what it was;
    `failing_since` is set while it fails, and `failure` says by which stable code.
    """

    source: str
    tried_at: datetime
    checked_at: datetime | None = None
    sha256: str = ""
    failing_since: datetime | None = None
    failure: str = ""


class PartnerStore(Protocol):
    """Keeps what was seen of keys, how sources do, and which warnings were given.

    For good: that our register signed once is what its keys are missed by, and a warning is given once.
    """

    async def seen_key(self, unit: Unit, entity_id: str, fingerprint: str, at: datetime) -> None:
        """Remember that a partner used a key; a later time replaces an earlier one, never the reverse."""
        ...

    async def seen_keys(self, entity_id: str | None = None) -> Sequence[SeenKey]:
        """Return the keys that one partner, or any, was seen using."""
        ...

    async def source(self, source: str) -> SourceState | None:
        """Find how fetching from an address went last."""
        ...

    async def sources(self) -> Sequence[SourceState]:
        """Return how fetching from every address went last."""
        ...

    async def put_source(self, unit: Unit, state: SourceState) -> None:
        """Remember how fetching went, in place of the time before."""
        ...

    async def warn_once(self, unit: Unit, owner: str, fingerprint: str, days: int, at: datetime) -> bool:
        """Claim the warning that a certificate ends within `days`; False when it was given before. Atomic."""
        ...
