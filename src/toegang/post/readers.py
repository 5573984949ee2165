"""Readers: in which language and how large people read letters, asked by rooms that know no accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """How somebody reads letters: `nl` or `en`, and whether in large print."""

    language: str = "nl"
    large_print: bool = False


class Readers(Protocol):
    """Knows how people read their letters."""

    async def of(self, person: UUID) -> Reads:
        """Return how a person reads, as they chose; in Dutch who chose nothing."""
        ...
