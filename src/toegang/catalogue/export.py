"""Writing the catalogue as YAML: always the same text for the same catalogue.

Records are ordered by id and keys as in shapes.py; what is as it would be anyway is left out. Reading
the text again gives the same records.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, cast

import yaml

from toegang.catalogue.entries import BELOW, SECTIONS, SHAPES
from toegang.catalogue.records import RecordKind, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toegang.catalogue.forms import Plain
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Client, Connection, OrganisationId, Record, Service

    Owned = dict[OrganisationId, list[Record]]

WIDTH = 110


def as_text(snapshot: Snapshot) -> str:
    """Write the whole catalogue as one text."""
    document = {**_organisations(snapshot), **_rest(snapshot)}
    return _yaml(document)


def as_files(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield path and text of a folder of files: one for each organisation, for metadata, and for the rest."""
    rest = _rest(snapshot)
    entities = rest.pop("entities", None)
    if rest:
        yield "catalogue.yaml", _yaml(rest)
    if entities:
        yield "entities.yaml", _yaml({"entities": entities})
    owned = {section: _owned(snapshot, kind) for section, kind in BELOW.items()}
    for record in _sorted(snapshot.records(RecordKind.ORGANISATION)):
        yield f"organisations/{record.id}.yaml", _yaml({"organisations": [_organisation(record, owned)]})


def written(record: Record, kind: RecordKind) -> dict[str, Plain]:
    """Write one record as plain values, without what stands below it."""
    return SHAPES[kind].write(record)


def _organisations(snapshot: Snapshot) -> dict[str, Plain]:
    owned = {section: _owned(snapshot, kind) for section, kind in BELOW.items()}
    organisations = _sorted(snapshot.records(RecordKind.ORGANISATION))
    found: list[Plain] = [_organisation(record, owned) for record in organisations]
    return {"organisations": found} if found else {}


def _organisation(record: Record, owned: dict[str, Owned]) -> Plain:
    document = written(record, RecordKind.ORGANISATION)
    for section, kind in BELOW.items():
        below = owned[section].get(cast("OrganisationId", record.id), [])
        if below:
            document[section] = [written(each, kind) for each in _sorted(below)]
    return document


def _rest(snapshot: Snapshot) -> dict[str, Plain]:
    document: dict[str, Plain] = {}
    for section, kind in SECTIONS.items():
        records = [] if section == "organisations" else _sorted(snapshot.records(kind))
        if records:
            document[section] = [written(record, kind) for record in records]
    return document


def _owned(snapshot: Snapshot, kind: RecordKind) -> Owned:
    found: Owned = defaultdict(list)
    for record in snapshot.records(kind):
        found[cast("Service | Client | Connection", record).organisation].append(record)
    return found


def _sorted(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=key_of)


def _yaml(document: dict[str, Plain]) -> str:
    text = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return str(text)
