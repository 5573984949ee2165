"""Checking: files are read, each record is judged, and every problem gets its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toegang.catalogue.campaign_rules import CAMPAIGN_RULES
from toegang.catalogue.client_rules import CLIENT_RULES
from toegang.catalogue.connection_rules import CONNECTION_RULES
from toegang.catalogue.entries import Reading
from toegang.catalogue.nodes import compose
from toegang.catalogue.problems import Place, Problem
from toegang.catalogue.progress import silent, told
from toegang.catalogue.records import Change, Key, RecordKind, key_of, kind_of
from toegang.catalogue.representation_rules import REPRESENTATION_RULES
from toegang.catalogue.rules import RULES, Kinds, World
from toegang.catalogue.snapshot import Delta, Snapshot
from toegang.catalogue.values import Client, Connection, Entity, Organisation, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from toegang.catalogue.entries import Entry
    from toegang.catalogue.progress import Progress
    from toegang.catalogue.values import OrganisationId, Record, ServiceId

SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What files are judged against: the catalogue in force, the moment, the kinds of means spoken.

    With `complete` the files are the whole catalogue, and whatever they do not name is taken out; metadata
    only when they have a section for it, because it comes by another way. `progress` is told how far it is.
    `own` are our own names in SAML, where the settings say them.
    """

    before: Snapshot
    now: datetime
    kinds: Kinds | None = None
    complete: bool = False
    progress: Progress = silent
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What files came to: the catalogue as it would become, the changes to get there, the problems.

    With problems there are no changes.
    """

    after: Snapshot
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def check_files(paths: Sequence[Path], basis: Basis) -> Checked:
    """Read and judge files, and folders of files."""
    reading = Reading()
    files = [file for path in paths for file in _files(path, reading)]
    for file in told("files read", files, basis.progress):
        _read_file(file, reading)
    return _judged(reading, basis)


def check_text(text: str, basis: Basis, name: str = "catalogue.yaml") -> Checked:
    """Read and judge one text, called `name` in the problems."""
    reading = Reading()
    _read_text(name, text, reading)
    return _judged(reading, basis)


def _files(path: Path, reading: Reading) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
    if not files:
        reading.problems.append(_unreadable(path, "there is no YAML file in this folder"))
    return files


def _read_file(file: Path, reading: Reading) -> None:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "this is not UTF-8"
        reading.problems.append(_unreadable(file, what.lower()))
    else:
        _read_text(str(file), text, reading)


def _read_text(name: str, text: str, reading: Reading) -> None:
    root = compose(name, text, reading.problems)
    if root is not None:
        reading.read(root)


def _unreadable(path: Path, what: str) -> Problem:
    return Problem(place=Place(file=str(path)), what=what, remedy="name a YAML file in UTF-8, or a folder")


def _judged(reading: Reading, basis: Basis) -> Checked:
    records = [entry.record for entry in reading.entries if entry.record is not None]
    changes = tuple(_changes(records, basis, keeps_entities="entities" not in reading.sections))
    after = basis.before.apply(Delta(version=basis.before.version, changes=changes))
    declared = frozenset((entry.kind, entry.key) for entry in reading.entries if entry.key is not None)
    world = World(
        after=after,
        before=basis.before,
        now=basis.now,
        declared=declared,
        kinds=basis.kinds,
        own=basis.own,
    )
    found = [*reading.problems, *_twice(reading.entries), *_findings(reading.entries, world, basis.progress)]
    problems = tuple(sorted(set(found)))
    if problems:
        return Checked(after=basis.before, changes=(), problems=problems)
    return Checked(after=after, changes=changes, problems=())


def _changes(records: Sequence[Record], basis: Basis, *, keeps_entities: bool) -> Iterator[Change]:
    """Yield what must change: nothing for a record that stands there already, or newer."""
    named = set()
    for record in records:
        change = Change.put(record)
        named.add((change.kind, change.key))
        known = basis.before.record(change.kind, change.key)
        if known != record and not _is_older(record, known):
            yield change
    if basis.complete:
        for record in basis.before.records():
            removal = Change.remove(record)
            if keeps_entities and isinstance(record, Entity):
                continue
            if (removal.kind, removal.key) not in named:
                yield removal


def _is_older(record: Record, known: Record | None) -> bool:
    """Tell whether metadata was taken over since the file was written: keys that ended stay ended."""
    return isinstance(record, Entity) and isinstance(known, Entity) and record.fetched_at < known.fetched_at


def _twice(entries: Sequence[Entry]) -> Iterator[Problem]:
    first: dict[tuple[RecordKind, Key], Entry] = {}
    for entry in entries:
        if entry.key is None:
            continue
        same = first.setdefault((entry.kind, entry.key), entry)
        if same is not entry:
            what = f"{entry.kind.value} `{entry.key}` stands in the catalogue twice, first at {same.place}"
            yield Problem(
                place=entry.place_of("id"), what=what, remedy="keep one, or give this one its own id"
            )


def _findings(entries: Sequence[Entry], world: World, progress: Progress) -> Iterator[Problem]:
    for entry in told("records checked", entries, progress):
        if entry.record is not None:
            yield from _judge(entry.record, entry, world)
    yield from _consequences(entries, world)


def _consequences(entries: Sequence[Entry], world: World) -> Iterator[Problem]:
    """Judge again what is not in the files, but stands under an organisation, or names a service, that is."""
    causes = _Causes.of(entries, world)
    inside = {(entry.kind, entry.key) for entry in entries}
    if not causes.owners and not causes.services:
        return
    for kind in (RecordKind.SERVICE, RecordKind.CLIENT, RecordKind.CONNECTION):
        for record in world.after.records(kind):
            cause = causes.find(record)
            if cause is not None and (kind, key_of(record)) not in inside:
                yield from _judge(record, cause, world)


@dataclass(frozen=True, slots=True)
class _Causes:
    """The organisations and services in the files that are not what they were."""

    owners: Mapping[OrganisationId, Entry]
    services: Mapping[ServiceId, Entry]

    @classmethod
    def of(cls, entries: Sequence[Entry], world: World) -> _Causes:
        owners: dict[OrganisationId, Entry] = {}
        services: dict[ServiceId, Entry] = {}
        for entry in entries:
            record = entry.record
            if isinstance(record, Organisation) and world.before.organisation(record.id) != record:
                owners[record.id] = entry
            if isinstance(record, Service) and world.before.service(record.id) != record:
                services[record.id] = entry
        return cls(owners, services)

    def find(self, record: Record) -> Entry | None:
        """Return the entry because of which `record` must be judged again, or None."""
        if not isinstance(record, Service | Client | Connection):
            return None
        if record.organisation in self.owners:
            return self.owners[record.organisation]
        named = record.services if isinstance(record, Connection) else ()
        return next((self.services[id_] for id_ in named if id_ in self.services), None)


def _judge(record: Record, entry: Entry, world: World) -> Iterator[Problem]:
    own = entry.record is record
    for rule in (*RULES, *CLIENT_RULES, *CONNECTION_RULES, *CAMPAIGN_RULES, *REPRESENTATION_RULES):
        for finding in rule(record, world):
            place = entry.place_of(finding.field) if own else entry.place
            what = finding.what if own else f"{kind_of(record).value} `{record.id}`: {finding.what}"
            yield Problem(place=place, what=what, remedy=finding.remedy)
