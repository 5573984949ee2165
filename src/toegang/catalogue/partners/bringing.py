"""Bringing metadata in: what an operator takes over, and by whose word it is believed from then on.

The command (MetadataImport) and the page (uploads.py) go the same way: name the pins, read, judge, write.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from toegang.audit.events import MetadataPinned
from toegang.catalogue.partners.reading import described
from toegang.catalogue.partners.store import SourceState
from toegang.catalogue.partners.takeover import Origin, Pins, Taken, imported, pins_of, replaced
from toegang.catalogue.records import Change, RecordKind
from toegang.catalogue.values import Entity, OrganisationId
from toegang.catalogue.watch import load
from toegang.catalogue.write import Edit
from toegang.errors import Malformed, Unavailable, ValueRefused
from toegang.keys.certificates import read, read_base64
from toegang.saml.keys import check_certificate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.reading import DocumentReader
    from toegang.catalogue.partners.store import PartnerStore
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.store import CatalogueStore
    from toegang.catalogue.write import CatalogueEditor
    from toegang.saml.metadata.values import EntityMetadata
    from toegang.units import Unit, Units

BATCH = 1000
"""Entities written at once."""

LONGEST_NAME = 100
"""Letters of a file's name that are kept."""

UNNAMED_FILE = "metadata.xml"
SIGNER, HASH, OWNER = "signer", "sha256", "organisation"
"""What a page calls the fields that are read here."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an operator brings, with what they say of it.

    `organisation` is whose entities are that no connection names, empty for nobody. With `anew` they may take
    the place of what is believed by other pins, or came from elsewhere.
    """

    octets: bytes
    source: str
    pins: Pins
    organisation: str = ""
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A document that was read. `by` is the command and whose account ran it, or an operator's id.

    `own` are our own names, under which nobody is taken over.
    """

    found: tuple[EntityMetadata, ...]
    origin: Origin
    by: str
    organisation: OrganisationId | None = None
    anew: bool = False
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What becomes of one entity; `after` is what will be known, None when nothing changes."""

    found: EntityMetadata
    taken: Taken
    before: Entity | None
    after: Entity | None


def named_pins(signers: Iterable[bytes], sha256: str) -> Pins | None:
    """Return the pins that somebody names, if any: certificates (PEM or DER), or the hash of the document.

    Raises:
        ValueRefused: a certificate that cannot be read or is too weak, no SHA-256, or both.

    """
    certificates = tuple(map(_signer, signers))
    hashed = re.sub(r"[\s:]", "", sha256).lower()
    if certificates and hashed:
        message = "by a certificate or by the SHA-256, not by both"
        raise ValueRefused(HASH, "pin-twice", message)
    if hashed and not _SHA256.fullmatch(hashed):
        message = "a SHA-256 has 64 digits from 0 to 9 and a to f"
        raise ValueRefused(HASH, "sha256-invalid", message)
    return Pins(signers=certificates, sha256=hashed) if certificates or hashed else None


def name_of_file(name: str) -> str:
    """Return what a file's name stands for as a source: its last part, so that it is never an address."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = last if last.isprintable() else ""
    return kept[-LONGEST_NAME:].strip() or UNNAMED_FILE


def owner_of(snapshot: Snapshot, organisation: str) -> OrganisationId | None:
    """Return the organisation that somebody names, None for nobody.

    Raises:
        ValueRefused: the catalogue has none of that name.

    """
    if not organisation:
        return None
    found = snapshot.organisation(OrganisationId(organisation))
    if found is None:
        message = f"no organisation `{organisation}` in the catalogue"
        raise ValueRefused(OWNER, "organisation-unknown", message)
    return found.id


async def read_document(
    reader: DocumentReader, document: Document, owner: OrganisationId | None, by: str, now: datetime
) -> Brought:
    """Read a document, believed by its pins; `owner` is its organisation, found by `owner_of`.

    Raises:
        Malformed, TooLarge, ProofInvalid, Unavailable: as `DocumentReader.read`.

    """
    found = [described(each) async for each in reader.read(document.octets, document.pins, now)]
    return Brought(
        found=tuple(found),
        origin=Origin(source=document.source, pins=document.pins, fetched_at=now),
        by=by,
        organisation=owner,
        anew=document.anew,
        own=reader.own,
    )


def judge(snapshot: Snapshot, brought: Brought, found: Sequence[EntityMetadata]) -> tuple[Judged, ...]:
    """Tell what becomes of some entities of a document."""
    return tuple(_judged(snapshot, brought, each) for each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """Writes what was judged, with its events, within a unit of whoever asks."""

    editor: CatalogueEditor
    store: PartnerStore
    trail: Trail

    async def put(self, unit: Unit, base: Snapshot, brought: Brought, judged: Sequence[Judged]) -> bool:
        """Write what may be; False, writing nothing, when the catalogue is no longer `base`."""
        changes = tuple(Change.put(each.after) for each in judged if each.after is not None)
        edit = Edit(base=base, changes=changes, by=brought.by, reason=f"metadata of {brought.origin.source}")
        return await self.editor.write(unit, edit, brought.origin.fetched_at) is not None

    async def pin(self, unit: Unit, brought: Brought, counts: Counter[Taken]) -> None:
        """Record by whose word it is believed, and that an address was just fetched."""
        now = brought.origin.fetched_at
        await self.trail.record(unit, _pinned(brought, counts))
        if brought.origin.source.startswith("http"):
            known = await self.store.source(brought.origin.source)
            fresh = known or SourceState(source=brought.origin.source, tried_at=now)
            state = replace(fresh, tried_at=now, checked_at=now, failing_since=None, failure="")
            await self.store.put_source(unit, state)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataImport:
    """The door of the command."""

    catalogue: CatalogueStore
    takeover: Takeover
    units: Units

    async def known_pins(self, source: str) -> Pins | None:
        """Find by whose word what came from here before is believed."""
        snapshot = await load(self.catalogue)
        for record in snapshot.records(RecordKind.ENTITY):
            if isinstance(record, Entity) and record.source == source:
                return pins_of(record)
        return None

    async def judge(self, brought: Brought) -> dict[str, Taken]:
        """Tell what would become of each entity; nothing is written."""
        judged = judge(await load(self.catalogue), brought, brought.found)
        return {each.found.entity_id: each.taken for each in judged}

    async def write(self, brought: Brought) -> Counter[Taken]:
        """Take over what may be; return how many of each.

        Raises:
            Unavailable: the store does not answer, or somebody else wrote meanwhile: try again.

        """
        counts: Counter[Taken] = Counter()
        for at in range(0, len(brought.found), BATCH):
            counts += await self._written(brought, brought.found[at : at + BATCH])
        async with self.units.begin() as unit:
            await self.takeover.pin(unit, brought, counts)
        return counts

    async def _written(self, brought: Brought, found: Sequence[EntityMetadata]) -> Counter[Taken]:
        base = await load(self.catalogue)
        judged = judge(base, brought, found)
        async with self.units.begin() as unit:
            done = await self.takeover.put(unit, base, brought, judged)
        if not done:
            raise Unavailable(detail="catalogue: somebody else wrote meanwhile; try again")
        return Counter(each.taken for each in judged)


def _signer(octets: bytes) -> str:
    try:
        found = read(octets).base64
        check_certificate(found)
    except Malformed as error:
        raise ValueRefused(SIGNER, "certificate-invalid", error.detail) from error
    return found


def _judged(snapshot: Snapshot, brought: Brought, found: EntityMetadata) -> Judged:
    before = snapshot.entity(found.entity_id)
    if found.entity_id in brought.own:  # SAMLCore-8.3.6; a document of a whole federation may have us in it
        return Judged(found=found, taken=Taken.UNNAMED, before=before, after=None)
    if brought.anew and before is not None:
        taken, after = replaced(snapshot, brought.origin, found)
    else:
        taken, after = imported(snapshot, brought.origin, found, brought.organisation)
    return Judged(found=found, taken=taken, before=before, after=after)


def _pinned(brought: Brought, counts: Counter[Taken]) -> MetadataPinned:
    pins = brought.origin.pins
    return MetadataPinned(
        at=brought.origin.fetched_at,
        source=brought.origin.source,
        pins=tuple(read_base64(each).sha256 for each in pins.signers) or (pins.sha256,),
        entities=counts[Taken.NEW] + counts[Taken.CHANGED] + counts[Taken.SAME],
        by=brought.by,
    )
