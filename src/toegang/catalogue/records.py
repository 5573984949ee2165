"""Records: the eight kinds of thing that stand in the catalogue, and their form as JSON.

The JSON form is what a store keeps and what travels to other nodes. Reading ignores members that it
does not know and fills members that are missing, so that two versions of the program can share one
store during an upgrade.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

import msgspec

from toegang.catalogue.values import (
    AdmittedMeans,
    Campaign,
    Client,
    Connection,
    Entity,
    Organisation,
    RoleHolder,
    Service,
)
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from toegang.catalogue.values import Record

Key = NewType("Key", str)
"""A record's id as text; unique within its kind."""


class RecordKind(enum.StrEnum):
    """The kinds of record; the words are stored and never change."""

    ORGANISATION = "organisation"
    SERVICE = "service"
    CLIENT = "client"
    CONNECTION = "connection"
    ENTITY = "entity"
    MEANS = "means"
    PERSON = "person"
    CAMPAIGN = "campaign"


TYPES: dict[RecordKind, type[Record]] = {
    RecordKind.ORGANISATION: Organisation,
    RecordKind.SERVICE: Service,
    RecordKind.CLIENT: Client,
    RecordKind.CONNECTION: Connection,
    RecordKind.ENTITY: Entity,
    RecordKind.MEANS: AdmittedMeans,
    RecordKind.PERSON: RoleHolder,
    RecordKind.CAMPAIGN: Campaign,
}

_KINDS: dict[type[Record], RecordKind] = {type_: kind for kind, type_ in TYPES.items()}
_DECODERS: dict[RecordKind, msgspec.json.Decoder[Record]] = {
    kind: msgspec.json.Decoder(type_) for kind, type_ in TYPES.items()
}
_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record put in place (`body`, its JSON form), or removed (None)."""

    kind: RecordKind
    key: Key
    body: bytes | None

    @classmethod
    def put(cls, record: Record) -> Change:
        """Put `record` in place of whatever has its kind and key."""
        return cls(kind=kind_of(record), key=key_of(record), body=encode(record))

    @classmethod
    def remove(cls, record: Record) -> Change:
        """Take `record` out."""
        return cls(kind=kind_of(record), key=key_of(record), body=None)

    @property
    def record(self) -> Record | None:
        """The record put in place; read each time."""
        return None if self.body is None else decode(self.kind, self.body)


def kind_of(record: Record) -> RecordKind:
    """Return the kind of `record`."""
    return _KINDS[type(record)]


def key_of(record: Record) -> Key:
    """Return the id of `record` as text."""
    return Key(str(record.id))


def encode(record: Record) -> bytes:
    """Write `record` as JSON; the same record always gives the same bytes."""
    return _ENCODER.encode(record)


def decode(kind: RecordKind, body: bytes) -> Record:
    """Read a record from what `encode` wrote.

    Raises:
        Misconfigured: the stored body is not a record of this kind.

    """
    try:
        return _DECODERS[kind].decode(body)
    except msgspec.DecodeError as error:
        message = f"the catalogue store holds a {kind.value} that cannot be read: {error}"
        raise Misconfigured(message) from None
