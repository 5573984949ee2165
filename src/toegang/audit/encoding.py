"""How an event becomes bytes, for good: the leaf of the tree, and what is kept beside it.

The leaf is JSON (RFC8259) in UTF-8 with the keys sorted by code point, no white space, numbers as
integers, times as RFC 3339 in UTC with `Z`, levels as their numbers, enums as their words, absent values
as null. Its members are the event's fields and two more: `id` (UUID) and `name`. A `Personal` is
`{"sha256": hex}`: SHA-256 over the salt (22 ASCII characters, drawn per value) and the value (UTF-8).
The bytes are stored as they are and never made again, so this page explains them, and old ones stay good.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from toegang.audit.event import Personal
from toegang.audit.events import EVENTS
from toegang.errors import Malformed
from toegang.hot import hot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from toegang.audit.event import Event

SALT_BYTES = 16
_ENCODER = msgspec.json.Encoder(order="sorted")
_KINDS: dict[str, type[Event]] = {kind.name: kind for kind in EVENTS}
_NAMES: dict[type[Event], tuple[str, ...]] = {
    kind: tuple(each.name for each in dataclasses.fields(kind)) for kind in EVENTS
}
_VALUES: dict[type[Event], Callable[[Event], tuple[Any, ...]]] = {
    kind: attrgetter(*names) for kind, names in _NAMES.items()
}
_PERSONAL: dict[type[Event], tuple[str, ...]] = {
    kind: tuple(
        each.name for each in dataclasses.fields(kind) if Personal in {each.type, *get_args(each.type)}
    )
    for kind in EVENTS
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A value about a person, kept beside the leaf until it is erased."""

    name: str
    salt: str
    value: str = field(repr=False)

    def commitment(self) -> str:
        """Return what stands in the leaf (hex)."""
        return hashlib.sha256(self.salt.encode() + self.value.encode()).hexdigest()


@hot(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An event as stored: `body` is what the tree holds, the rest is for finding it."""

    id: UUID
    name: str
    at: datetime
    reference: str | None
    body: bytes
    kept: tuple[Kept, ...] = ()


def encode(event: Event, id: UUID, salt: Callable[[int], str]) -> Leaf:  # noqa: A002
    """Turn an event into its leaf; `salt(16)` draws 16 random bytes as text, per personal value."""
    kind = type(event)
    members: dict[str, Any] = dict(zip(_NAMES[kind], _VALUES[kind](event), strict=True))
    kept: list[Kept] = []
    for name in _PERSONAL[kind]:
        value = members[name]
        if value is not None:
            if value.value is None:
                msg = f"{event.name}: {name} is recorded with its value; erasing comes later"
                raise ValueError(msg)
            kept.append(Kept(name, salt(SALT_BYTES), value.value))
            members[name] = {"sha256": kept[-1].commitment()}
    members["id"], members["name"] = id, event.name
    return Leaf(
        id=id,
        name=event.name,
        at=event.at,
        reference=members.get("reference"),
        body=_ENCODER.encode(members),
        kept=tuple(kept),
    )


def decode(body: bytes, kept: Mapping[str, str]) -> Event:
    """Turn a leaf's bytes into the event; `kept` holds the personal values not erased, by field.

    Raises:
        Malformed: not an event of the list.

    """
    members = _members(body)
    kind = _KINDS.get(members.pop("name"))
    members.pop("id")
    if kind is None:
        detail = "an event that is not on the list"
        raise Malformed(detail)
    for name in commitments(body):
        members[name] = {"value": kept.get(name)}
    try:
        return msgspec.convert(members, kind)
    except msgspec.ValidationError as error:
        detail = f"{kind.name}: {error}"
        raise Malformed(detail) from error


def headings(body: bytes) -> tuple[str, str, str, str | None]:
    """Return id, name, time and reference code as the leaf has them, to compare with the columns.

    Raises:
        Malformed: not a leaf.

    """
    members = _members(body)
    return members["id"], members["name"], members["at"], members.get("reference")


def commitments(body: bytes) -> dict[str, str]:
    """Return the commitments in a leaf, by field.

    Raises:
        Malformed: not a leaf.

    """
    return {
        name: value["sha256"]
        for name, value in _members(body).items()
        if isinstance(value, dict) and isinstance(value.get("sha256"), str)
    }


def is_committed(kept: Kept, commitment: str | None) -> bool:
    """Tell whether this value is the one that was committed to."""
    return commitment is not None and hmac.compare_digest(kept.commitment(), commitment)


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        detail = "not a leaf of the trail"
        raise Malformed(detail) from error
    if not all(isinstance(members.get(name), str) for name in ("id", "name", "at")):
        detail = "not a leaf of the trail"
        raise Malformed(detail)
    return members
