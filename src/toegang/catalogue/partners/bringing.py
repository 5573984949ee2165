"""Bringing metadata in: what an operator's command takes over, and by whose word from then on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.audit.events import MetadataPinned
from toegang.catalogue.partners.store import SourceState
from toegang.catalogue.partners.takeover import Taken, imported, pins_of, replaced
from toegang.catalogue.records import Change, RecordKind
from toegang.catalogue.values import Entity
from toegang.catalogue.watch import load
from toegang.catalogue.write import Edit
from toegang.errors import Unavailable
from toegang.keys.certificates import read_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.store import PartnerStore
    from toegang.catalogue.partners.takeover import Origin, Pins
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.store import CatalogueStore
    from toegang.catalogue.values import OrganisationId
    from toegang.catalogue.write import CatalogueEditor
    from toegang.saml.metadata.values import EntityMetadata
    from toegang.units import Units

BATCH = 1000
"""Entities written at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A document that was read, with what the operator said of it.

    `organisation` is whose entities are that no connection names. With `anew` they may take the place of
    what is believed by other pins, or came from elsewhere. `by` is the command and whose account ran it.
    """

    found: tuple[EntityMetadata, ...]
    origin: Origin
    by: str
    organisation: OrganisationId | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataImport:
    """The door of the command."""

    catalogue: CatalogueStore
    editor: CatalogueEditor
    store: PartnerStore
    units: Units
    trail: Trail

    async def known_pins(self, source: str) -> Pins | None:
        """Find by whose word what came from here before is believed."""
        snapshot = await load(self.catalogue)
        for record in snapshot.records(RecordKind.ENTITY):
            if isinstance(record, Entity) and record.source == source:
                return pins_of(record)
        return None

    async def judge(self, brought: Brought) -> dict[str, Taken]:
        """Tell what would become of each entity; nothing is written."""
        snapshot = await load(self.catalogue)
        return {each.entity_id: _judged(snapshot, brought, each)[0] for each in brought.found}

    async def write(self, brought: Brought) -> Counter[Taken]:
        """Take over what may be; return how many of each.

        Raises:
            Unavailable: the store does not answer, or somebody else wrote meanwhile: try again.

        """
        counts: Counter[Taken] = Counter()
        for at in range(0, len(brought.found), BATCH):
            counts += await self._written(brought, brought.found[at : at + BATCH])
        now = brought.origin.fetched_at
        async with self.units.begin() as unit:
            await self.trail.record(unit, _pinned(brought, counts))
            if brought.origin.source.startswith("http"):
                known = await self.store.source(brought.origin.source)
                fresh = known or SourceState(source=brought.origin.source, tried_at=now)
                state = replace(fresh, tried_at=now, checked_at=now, failing_since=None, failure="")
                await self.store.put_source(unit, state)
        return counts

    async def _written(self, brought: Brought, found: Sequence[EntityMetadata]) -> Counter[Taken]:
        base = await load(self.catalogue)
        judged = [_judged(base, brought, each) for each in found]
        changes = tuple(Change.put(entity) for _, entity in judged if entity is not None)
        edit = Edit(base=base, changes=changes, by=brought.by, reason=f"metadata of {brought.origin.source}")
        async with self.units.begin() as unit:
            version = await self.editor.write(unit, edit, brought.origin.fetched_at)
        if version is None:
            raise Unavailable(detail="catalogue: somebody else wrote meanwhile; try again")
        return Counter(taken for taken, _ in judged)


def _judged(snapshot: Snapshot, brought: Brought, found: EntityMetadata) -> tuple[Taken, Entity | None]:
    if brought.anew and snapshot.entity(found.entity_id) is not None:
        return replaced(snapshot, brought.origin, found)
    return imported(snapshot, brought.origin, found, brought.organisation)


def _pinned(brought: Brought, counts: Counter[Taken]) -> MetadataPinned:
    pins = brought.origin.pins
    return MetadataPinned(
        at=brought.origin.fetched_at,
        source=brought.origin.source,
        pins=tuple(read_base64(each).sha256 for each in pins.signers) or (pins.sha256,),
        entities=counts[Taken.NEW] + counts[Taken.CHANGED] + counts[Taken.SAME],
        by=brought.by,
    )
