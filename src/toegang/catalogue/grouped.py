"""Services in groups: of an organisation, and within reach of mandates; and organisations that help people.

All are kept up change by change, as tuples of text, which the collector of garbage does not walk
through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Read: TypeAlias = "Callable[[bytes], tuple[str, frozenset[str]]]"
"""Reads the id of a service, and the names of its groups, from its body."""

EVERY: Final = "every"
"""The group of all services that admit representation; those of a provider and in a group have more."""

_NOWHERE: Final = ("", frozenset[str]())


@dataclass(frozen=True, slots=True)
class Grouped:
    """The ids of services as text, by the names of groups that they are in."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def apply(self, changed: Iterable[tuple[bytes | None, bytes | None]], read: Read) -> Grouped:
        """Return the groups after services changed, each from its body before to that after."""
        gone, new = dict[str, set[str]](), dict[str, set[str]]()
        for before, after in changed:
            was = _NOWHERE if before is None else read(before)
            now = _NOWHERE if after is None else read(after)
            if was == now:
                continue
            for group in was[1]:
                gone.setdefault(group, set()).add(was[0])
                new.get(group, set()).discard(was[0])
            for group in now[1]:
                new.setdefault(group, set()).add(now[0])
        if not gone and not new:
            return self
        groups = dict(self.groups)
        for group in gone.keys() | new.keys():
            less, more = gone.get(group, set()), new.get(group, set())
            kept = [each for each in groups.get(group, ()) if each not in less]
            # What stays is in order already, so that a large group costs a look and no sorting.
            services = sorted([*kept, *sorted(more)])
            groups[group] = tuple(services)
            if not services:
                del groups[group]
        return Grouped(groups)


class _Owned(msgspec.Struct, frozen=True, gc=False):
    """What is read of a service here: a tenth of the work of all of it."""

    id: str
    organisation: str


class _Group(msgspec.Struct, frozen=True, gc=False):
    id: str


class _Coming(msgspec.Struct, frozen=True, gc=False):
    groups: tuple[_Group, ...] = ()


class _Announced(msgspec.Struct, frozen=True, gc=False):
    rules: _Coming | None = None


class _Rules(msgspec.Struct, frozen=True, gc=False):
    groups: tuple[_Group, ...] = ()
    announced: _Announced | None = None

    @property
    def ever(self) -> frozenset[str]:
        """The groups that it is in now, or is announced to be in: which of them counts is looked up later."""
        coming = None if self.announced is None else self.announced.rules
        return frozenset(each.id for each in (*self.groups, *(() if coming is None else coming.groups)))


class _Representable(msgspec.Struct, frozen=True, gc=False):
    id: str
    organisation: str
    representation: _Rules | None = None


_ADMITS: Final = b'"representation"'
"""What stands in the body of every service that admits it; most have no such thing, and are not read."""

_HELPS: Final = b'"helps_as"'


class _Helping(msgspec.Struct, frozen=True, gc=False):
    id: str
    helps_as: str = ""


_HELPING: Final = msgspec.json.Decoder(_Helping)
_OWNED: Final = msgspec.json.Decoder(_Owned)
_REPRESENTABLE: Final = msgspec.json.Decoder(_Representable)


def by_owner(body: bytes) -> tuple[str, frozenset[str]]:
    """Put a service with the organisation that it is of."""
    found = _OWNED.decode(body)
    return found.id, frozenset({found.organisation})


def admits(body: bytes) -> bool:
    """Tell whether a service admits representation."""
    return _ADMITS in body and _REPRESENTABLE.decode(body).representation is not None


def by_reach(body: bytes) -> tuple[str, frozenset[str]]:
    """Put a service that admits representation with all such, those of its organisation, and its groups."""
    found = _REPRESENTABLE.decode(body) if _ADMITS in body else None
    if found is None or found.representation is None:
        return _NOWHERE
    groups = {group_key(each) for each in found.representation.ever}
    return found.id, frozenset({EVERY, owner_key(found.organisation), *groups})


def by_help(body: bytes) -> tuple[str, frozenset[str]]:
    """Put an organisation that helps people with all such, and under its KVK number."""
    found = _HELPING.decode(body) if _HELPS in body else None
    if found is None or not found.helps_as:
        return _NOWHERE
    return found.id, frozenset({EVERY, found.helps_as})


def owner_key(organisation: str) -> str:
    """Name the group of an organisation's services that admit representation."""
    return f"of {organisation}"


def group_key(group: str) -> str:
    """Name the group of services that belong to a group of representation."""
    return f"in {group}"
