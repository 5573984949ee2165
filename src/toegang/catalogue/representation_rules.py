"""Rules on what a service admits of representation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.rules import Finding
from toegang.catalogue.values import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.catalogue.rules import Rule, World
    from toegang.catalogue.values import Record


def representation_counts_up(record: Record, world: World) -> Iterator[Finding]:
    """Demand another, higher version of rules that changed: statements name the version that they obeyed."""
    if not isinstance(record, Service) or record.representation is None:
        return
    before = world.before.service(record.id)
    known = None if before is None else before.representation
    if known is None or known == record.representation:
        return
    if record.representation.version <= known.version:
        yield _finding(
            f"the rules changed, and `version` is not above {known.version}",
            f"write `version: {known.version + 1}`",
        )


def representation_admits_something(record: Record, _: World) -> Iterator[Finding]:
    """Demand at least one kind, each once, and groups that stand once."""
    if not isinstance(record, Service) or record.representation is None:
        return
    if not record.representation.kinds:
        yield _finding("no kind of authority is admitted", "name one, or leave `representation` out")
    twice = [kind for kind, times in Counter(record.representation.kinds).items() if times > 1]
    groups = [
        id_ for id_, times in Counter(each.id for each in record.representation.groups).items() if times > 1
    ]
    for word in (*(kind.value for kind in twice), *groups):
        yield _finding(f"`{word}` stands here twice", "write it once")


def representation_reaches_children(record: Record, _: World) -> Iterator[Finding]:
    """Demand that the ages between which parents act are not empty."""
    if not isinstance(record, Service) or record.representation is None:
        return
    rules = record.representation
    if EdgeKind.PARENTAL in rules.kinds and rules.child_until <= rules.child_from:
        yield _finding("parents act for children of no age", "`child_until` is above `child_from`")


def excluded_is_reached_by_name_only(record: Record, _: World) -> Iterator[Finding]:
    """Demand that a service is not at once in a group and out of reach of groups."""
    if not isinstance(record, Service) or record.representation is None:
        return
    rules = record.representation
    if rules.excluded and (rules.groups or rules.since is not None):
        yield _finding(
            "an excluded service is reached by its name only", "remove `groups` and `since`, or `excluded`"
        )


def _finding(what: str, remedy: str) -> Finding:
    return Finding(field="representation", what=what, remedy=remedy)


REPRESENTATION_RULES: tuple[Rule, ...] = (
    representation_counts_up,
    representation_admits_something,
    representation_reaches_children,
    excluded_is_reached_by_name_only,
)
