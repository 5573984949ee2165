"""Which connection goes by which name in SAML: kept up with the catalogue, change by change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from toegang.catalogue.records import Key, RecordKind, decode
from toegang.catalogue.values import Connection

Keys = Mapping[str, tuple[Key, ...]]


@dataclass(frozen=True, slots=True)
class SamlNames:
    """Entity ids of connections themselves, and of the members of clusters: the ids of their connections."""

    own: Keys = field(default_factory=dict)
    members: Keys = field(default_factory=dict)

    def apply(self, changed: Iterable[tuple[bytes | None, bytes | None]]) -> SamlNames:
        """Return the names after connections changed, each from its body before to that after."""
        changes = tuple(changed)
        if not changes:
            return self
        own, members = dict(self.own), dict(self.members)
        for before, after in changes:
            if before is not None:
                _each(_read(before), own, members, _taken)
            if after is not None:
                _each(_read(after), own, members, _added)
        return SamlNames(own, members)


Held = dict[str, tuple[Key, ...]]
Act = Callable[[Held, str, Key], None]


def _read(body: bytes) -> Connection:
    return cast("Connection", decode(RecordKind.CONNECTION, body))


def _each(connection: Connection, own: Held, members: Held, act: Act) -> None:
    key = Key(connection.id)
    act(own, connection.entity_id, key)
    for entity_id in {member.entity_id for member in connection.members}:
        act(members, entity_id, key)


def _added(held: Held, name: str, key: Key) -> None:
    held[name] = tuple(sorted({*held.get(name, ()), key}))


def _taken(held: Held, name: str, key: Key) -> None:
    left = tuple(each for each in held.get(name, ()) if each != key)
    if left:
        held[name] = left
    else:
        held.pop(name, None)
