"""Keeping the catalogue: what a store promises.

A store keeps two things: every record as it is now, and the list of all changes ever made, numbered
from 1 without gaps. The version of the catalogue is the number of the last change. A write gets its
numbers while it holds the one head row, so that numbers become visible in their order: whoever has seen
version n has seen everything up to n. Writes are rare; reading takes no lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.catalogue.records import Change, Key, RecordKind
    from toegang.catalogue.snapshot import Delta
    from toegang.units import Unit

Place = tuple["RecordKind", "Key"]
"""Where a record stands in the order of reading."""


class CatalogueStore(Protocol):
    """Keeps records and changes."""

    async def version(self) -> int:
        """Return the version that is committed; 0 when nothing was ever written."""
        ...

    async def records(self, after: Place | None, limit: int) -> Sequence[Change]:
        """Return at most `limit` committed records that follow `after` in the order of kind and key.

        Each comes as the change that puts it in place.
        """
        ...

    async def changes(self, since: int, limit: int) -> Delta:
        """Return the changes numbered `since + 1` to `since + limit`, as far as they are committed.

        The version of the delta is the number of its last change, or `since` when there is none.
        """
        ...

    async def write(self, unit: Unit, changes: Sequence[Change], based_on: int) -> int | None:
        """Write `changes` and return the new version.

        None, writing nothing, when the version is no longer `based_on`: somebody else wrote, and what
        was checked against the old catalogue must be checked again.
        """
        ...
