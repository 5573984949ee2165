"""Entries: records as they were read from a file, each with the places of its keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from toegang.catalogue.nodes import Spot, items, keys
from toegang.catalogue.problems import Place, Problem, Wrong
from toegang.catalogue.records import Key, RecordKind
from toegang.catalogue.shape import Shape
from toegang.catalogue.shapes import (
    CAMPAIGN,
    CLIENT,
    CONNECTION,
    ENTITY,
    MEANS,
    ORGANISATION,
    PERSON,
    SERVICE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.catalogue.values import Record

SHAPES: dict[RecordKind, Shape[Any]] = {
    RecordKind.ORGANISATION: ORGANISATION,
    RecordKind.SERVICE: SERVICE,
    RecordKind.CLIENT: CLIENT,
    RecordKind.CONNECTION: CONNECTION,
    RecordKind.ENTITY: ENTITY,
    RecordKind.MEANS: MEANS,
    RecordKind.PERSON: PERSON,
    RecordKind.CAMPAIGN: CAMPAIGN,
}
SECTIONS = {
    "organisations": RecordKind.ORGANISATION,
    "means": RecordKind.MEANS,
    "people": RecordKind.PERSON,
    "entities": RecordKind.ENTITY,
    "campaigns": RecordKind.CAMPAIGN,
}
"""What stands at the top of a file."""

BELOW = {
    "services": RecordKind.SERVICE,
    "clients": RecordKind.CLIENT,
    "connections": RecordKind.CONNECTION,
}
"""What stands below its organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record in a file; `record` is None when it could not be read, `key` when even its id could not."""

    kind: RecordKind
    key: Key | None
    record: Record | None
    place: Place
    places: Mapping[str, Place]

    def place_of(self, name: str) -> Place:
        """Return where the value of a field stands, or else where the record begins."""
        return self.places.get(name, self.place)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one or more files; `sections` are those that stood at the top of one of them."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sections: set[str] = field(default_factory=set)

    def read(self, root: Spot) -> None:
        """Read a whole file."""
        root.attempt(self._read_sections)

    def _read_sections(self, root: Spot) -> None:
        read = keys(root, {section: self._reader(kind, {}) for section, kind in SECTIONS.items()})
        self.sections.update(read.places)

    def _reader(self, kind: RecordKind, owner: dict[str, str]) -> _ListReader:
        return _ListReader(self, kind, owner)

    def read_entry(self, spot: Spot, kind: RecordKind, owner: dict[str, str]) -> None:
        """Read one record, and below an organisation its services, clients and connections."""
        shape = SHAPES[kind]
        below: dict[str, Spot] = {}
        beside = {}
        if kind is RecordKind.ORGANISATION:
            beside = {section: _Keeping(below, section) for section in BELOW}
        read = shape.read(spot, beside)
        for section in beside:
            read.values.pop(section, None)
        key = read.values.get("id")
        record = shape.type_(**read.values, **owner) if read.sound else None
        entry = Entry(
            kind=kind,
            key=None if key is None else Key(str(key)),
            record=record,
            place=spot.place,
            places=read.places,
        )
        self.entries.append(entry)
        for section, list_spot in below.items():
            # Read even when the organisation is wrong: every problem is told at once.
            list_spot.attempt(self._reader(BELOW[section], {"organisation": entry.key or ""}))


@dataclass(frozen=True, slots=True)
class _ListReader:
    """Reads a list of records of one kind into the reading."""

    reading: Reading
    kind: RecordKind
    owner: dict[str, str]

    def __call__(self, spot: Spot) -> tuple[()]:
        for item in items(spot):
            try:
                self.reading.read_entry(item, self.kind, self.owner)
            except Wrong as wrong:
                item.complain(wrong.what, wrong.remedy)
        return ()


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Keeps the spot of a list that is read after its organisation."""

    below: dict[str, Spot]
    section: str

    def __call__(self, spot: Spot) -> tuple[()]:
        self.below[self.section] = spot
        return ()
