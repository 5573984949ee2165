"""Comparing two catalogues: what would be added, changed or removed, readable on a terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.export import written
from toegang.catalogue.records import Change, key_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toegang.catalogue.forms import Plain
    from toegang.catalogue.records import Key, RecordKind
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Record

LONGEST = 72
NOTHING = "(as usual)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One record that differs; `before` or `after` is None when it is added or removed."""

    kind: RecordKind
    key: Key
    before: Record | None
    after: Record | None

    def __str__(self) -> str:
        """Write the difference as a line, and a line for each key that changed."""
        record = self.after or self.before
        sign = "~" if self.before and self.after else "+" if self.after else "-"
        name = getattr(record, "names", None)
        words = [sign, self.kind.value, self.key]
        if name is not None:
            words.append(f"({name.nl})")
        return "\n".join([" ".join(words), *self._lines()])

    def _lines(self) -> Iterator[str]:
        if self.before is None or self.after is None:
            return
        old, new = written(self.before, self.kind), written(self.after, self.kind)
        # The owner stands around a record in a file, not among its keys.
        for side, record in ((old, self.before), (new, self.after)):
            side["organisation"] = str(getattr(record, "organisation", ""))
        yield from _told(old, new)


def differences(before: Snapshot, changes: Iterable[Change]) -> tuple[Difference, ...]:
    """Return what `changes` would do to `before`, ordered by kind and key."""
    found = [
        Difference(
            kind=change.kind,
            key=change.key,
            before=before.record(change.kind, change.key),
            after=change.record,
        )
        for change in changes
    ]
    return tuple(sorted(found, key=lambda difference: (difference.kind, difference.key)))


def between(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Return the changes that make `before` into `after`."""
    puts = [
        Change.put(record)
        for record in after.records()
        if before.record(kind_of(record), key_of(record)) != record
    ]
    removals = [
        Change.remove(record)
        for record in before.records()
        if after.record(kind_of(record), key_of(record)) is None
    ]
    return (*puts, *removals)


def _told(old: Mapping[str, Plain], new: Mapping[str, Plain], within: str = "") -> Iterator[str]:
    """Yield a line for each key that differs; of rules of representation for each key in them."""
    for key in [*old, *(key for key in new if key not in old)]:
        before, after, path = old.get(key), new.get(key), within + key
        if before == after:
            continue
        if path in _IN_PARTS and isinstance(before, dict) and isinstance(after, dict):
            yield from _told(before, after, f"{path}.")
        else:
            yield f"    {path}: {_shown(before)} -> {_shown(after)}"


_IN_PARTS = {"representation", "representation.announced", "representation.announced.rules"}


def _shown(value: Plain | None) -> str:
    if value is None:
        return NOTHING
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
