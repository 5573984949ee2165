"""Taking metadata over: what of a document may take the place of what is known, entity by entity.

    NEW       nobody's metadata was known under this name
    CHANGED   what is known came from the same source, by the same pins
    SAME      it says what is known already
    FOREIGN   what is known came from elsewhere: it stays, whatever this document says
    UNNAMED   nothing in the catalogue names this entity, or it has a name of our own

Whoever publishes metadata speaks for the entities that were pinned with it, and for no others (S17).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.catalogue.values import Entity, EntityId

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import OrganisationId
    from toegang.saml.metadata.values import EntityMetadata


class Taken(enum.StrEnum):
    """What becomes of one entity of a document."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FOREIGN = "foreign"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """By whose word metadata is believed: certificates of who signs it, or the hash of the one document."""

    signers: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a document came from, by whose word it is believed, and when it was fetched."""

    source: str
    pins: Pins
    fetched_at: datetime

    def is_of(self, entity: Entity) -> bool:
        """Tell whether what is known came from here too."""
        return entity.source == self.source and pins_of(entity) == self.pins


def pins_of(entity: Entity) -> Pins:
    """Return by whose word this metadata was believed."""
    return Pins(signers=entity.signers, sha256=entity.sha256)


def refreshed(snapshot: Snapshot, origin: Origin, found: EntityMetadata) -> tuple[Taken, Entity | None]:
    """Judge what was fetched again: what is known may change; of what is new, members of its own cluster.

    A supplier's document may bring a new provider when the supplier's connection names it as a member.
    """
    known = snapshot.entity(found.entity_id)
    if known is not None:
        return _known(known, origin, found)
    organisation = _member_of(snapshot, origin, found.entity_id)
    return (Taken.UNNAMED, None) if organisation is None else (Taken.NEW, _new(origin, found, organisation))


def imported(
    snapshot: Snapshot, origin: Origin, found: EntityMetadata, organisation: OrganisationId | None
) -> tuple[Taken, Entity | None]:
    """Judge what an operator brings in: also what the catalogue names, and what goes to `organisation`."""
    known = snapshot.entity(found.entity_id)
    if known is not None:
        return _known(known, origin, found)
    owner = organisation_of(snapshot, found.entity_id) or organisation
    return (Taken.UNNAMED, None) if owner is None else (Taken.NEW, _new(origin, found, owner))


def replaced(snapshot: Snapshot, origin: Origin, found: EntityMetadata) -> tuple[Taken, Entity | None]:
    """Judge what an operator brings in to be believed by other pins, or from elsewhere, from now on."""
    known = snapshot.entity(found.entity_id)
    if known is None:
        return imported(snapshot, origin, found, None)
    return Taken.CHANGED, replace(_new(origin, found, known.organisation), enabled=known.enabled)


def organisation_of(snapshot: Snapshot, entity_id: str) -> OrganisationId | None:
    """Return the organisation that the catalogue's connections have for a name, as own or as a member's."""
    connection = snapshot.connection_of(entity_id)
    if connection is None:
        return None
    member = connection.member(entity_id)
    return connection.organisation if member is None else member.organisation


def _known(known: Entity, origin: Origin, found: EntityMetadata) -> tuple[Taken, Entity | None]:
    if not origin.is_of(known):
        return Taken.FOREIGN, None
    if known.metadata == found:
        return Taken.SAME, None
    return Taken.CHANGED, replace(known, metadata=found, fetched_at=origin.fetched_at)


def _new(origin: Origin, found: EntityMetadata, organisation: OrganisationId) -> Entity:
    return Entity(
        id=EntityId(found.entity_id),
        organisation=organisation,
        metadata=found,
        fetched_at=origin.fetched_at,
        source=origin.source,
        signers=origin.pins.signers,
        sha256=origin.pins.sha256,
    )


def _member_of(snapshot: Snapshot, origin: Origin, entity_id: str) -> OrganisationId | None:
    connection = snapshot.connection_of(entity_id)
    member = None if connection is None else connection.member(entity_id)
    if connection is None or member is None:
        return None
    supplier = snapshot.entity(connection.entity_id)
    return member.organisation if supplier is not None and origin.is_of(supplier) else None
