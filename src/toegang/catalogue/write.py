"""Writing the catalogue: the change and its event in one unit of work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import CatalogueChanged, CatalogueCount
from toegang.catalogue.records import RecordKind

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.records import Change
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.store import CatalogueStore
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What someone wants changed: `by` is their id as role holder, or the command; `reason` its ground.

    `base` is the catalogue that they looked at, and that the changes were checked against.
    """

    base: Snapshot
    changes: tuple[Change, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEditor:
    """Writes edits, each with its event `catalogue:changed`."""

    store: CatalogueStore
    trail: Trail

    async def write(self, unit: Unit, edit: Edit, now: datetime) -> int | None:
        """Write `edit` within `unit`; the new version, or None when the catalogue is no longer `base`.

        An edit without changes writes nothing and returns the version as it is.
        """
        if not edit.changes:
            return edit.base.version
        version = await self.store.write(unit, edit.changes, edit.base.version)
        if version is not None:
            counts = _counted(edit.base, edit.changes)
            event = CatalogueChanged(at=now, version=version, counts=counts, by=edit.by, reason=edit.reason)
            await self.trail.record(unit, event)
        return version


def _counted(base: Snapshot, changes: tuple[Change, ...]) -> tuple[CatalogueCount, ...]:
    seen: Counter[tuple[RecordKind, str]] = Counter()
    last = {(change.kind, change.key): change for change in changes}
    for change in last.values():
        seen[change.kind, _verb(base, change)] += 1
    return tuple(
        CatalogueCount(
            kind=kind.value,
            added=seen[kind, "added"],
            changed=seen[kind, "changed"],
            removed=seen[kind, "removed"],
        )
        for kind in RecordKind
        if any(kind is counted for counted, _ in seen)
    )


def _verb(base: Snapshot, change: Change) -> str:
    if change.body is None:
        return "removed"
    return "changed" if base.holds(change.kind, change.key) else "added"
