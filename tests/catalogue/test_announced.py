"""A change of what a service admits that is announced: every mistake is refused, and it begins by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue import builders as b
from toegang.catalogue import gate
from toegang.catalogue.check import Basis, check_text
from toegang.catalogue.compare import between, differences
from toegang.catalogue.export import as_text
from toegang.catalogue.records import Change
from toegang.catalogue.representation import Announced, EdgeKind, Group, Representation
from toegang.catalogue.representation_rules import REPRESENTATION_RULES
from toegang.catalogue.rules import World
from toegang.catalogue.snapshot import Delta, Snapshot
from toegang.catalogue.values import Service

EXAMPLE = b.EXAMPLE.read_text("utf-8")
FRESH = Basis(before=Snapshot.of([]), now=b.NOW, kinds=frozenset({"citizen"}), complete=True)
TICK = timedelta(microseconds=1)
BEGINS = datetime(2026, 6, 30, 22, tzinfo=UTC)  # the first of July in Amsterdam
OLD = Representation(version=3, kinds=(EdgeKind.VOLUNTARY, EdgeKind.PARENTAL))
NEW = Representation(version=4, kinds=(EdgeKind.PARENTAL,))
PROMISED = replace(OLD, announced=Announced(from_=BEGINS, rules=NEW))

MISTAKES = {
    "a second one": (
        "              version: 2\n",
        "              version: 2\n              announced: {from: 2028-01-01, ends: true}\n",
        "announce one change at a time",
    ),
    "a list of them": (
        "          announced: # what comes into force by itself: the rules of then, whole\n",
        "          announced: []\n          was_announced:\n",
        "announced",
    ),
    "rules and an end": (
        "            from: 2027-07-01\n",
        "            from: 2027-07-01\n            ends: true\n",
        "either `rules` or an end",
    ),
    "neither": ("            rules: #", "            ends: false\n            not_rules: #", "not_rules"),
    "an hour of a day": ("from: 2027-07-01\n", "from: 2027-07-01T12:00:00+02:00\n", "begin with a day"),
    "midnight elsewhere": ("from: 2027-07-01\n", "from: 2027-07-01T00:00:00Z\n", "begin with a day"),
    "no moment": ("            from: 2027-07-01\n", "", "`from` is missing"),
    "no other version": ("              version: 2\n", "              version: 1\n", "no `version` above 1"),
    "rules for nobody": (
        "kinds: [parental, court, voluntary]",
        "kinds: []",
        "no kind of authority is admitted",
    ),
    "children of no age": ("child_until: 12", "child_until: 0", "children of no age"),
    "out of reach and in a group": (
        "child_until: 12",
        "one_agent: true\n              since: 2026-01-01",
        "where one acts at a time",
    ),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told(case: tuple[str, str, str]) -> None:
    before, after, told = case
    assert EXAMPLE.count(before) == 1
    problems = check_text(EXAMPLE.replace(before, after), FRESH).problems
    assert any(told in str(problem) for problem in problems), problems


def test_what_changes_nothing_is_not_announced() -> None:
    same = replace(OLD, announced=Announced(from_=BEGINS, rules=replace(OLD, version=4)))
    assert told(None, same) == ["what is announced changes nothing"]


@pytest.mark.parametrize(
    ("before", "after", "now", "wrong"),
    [
        pytest.param(OLD, PROMISED, BEGINS - TICK, "", id="announced in time"),
        pytest.param(OLD, PROMISED, BEGINS, "begins in the past", id="announced too late"),
        pytest.param(None, PROMISED, BEGINS, "", id="a file of last year in a new catalogue"),
        pytest.param(PROMISED, PROMISED, BEGINS, "", id="a file that stays after it began"),
        pytest.param(PROMISED, OLD, BEGINS - TICK, "", id="withdrawn in time"),
        pytest.param(PROMISED, OLD, BEGINS, "not above 4", id="taken back after it began"),
        pytest.param(PROMISED, NEW, BEGINS, "", id="written as it is in force"),
        pytest.param(PROMISED, replace(NEW, depth=1), BEGINS, "not above 4", id="changed once it began"),
        pytest.param(PROMISED, replace(NEW, version=5, depth=1), BEGINS, "", id="changed and counted up"),
        pytest.param(PROMISED, NEW, BEGINS - TICK, "", id="put in force earlier"),
    ],
)
def test_a_change_is_announced_withdrawn_and_counted(
    before: Representation | None, after: Representation, now: datetime, wrong: str
) -> None:
    found = told(before, after, now)
    assert bool(found) is bool(wrong), found
    assert any(wrong in each for each in found) or not wrong


def told(before: Representation | None, after: Representation, now: datetime = b.NOW) -> list[str]:
    record = b.service(representation=after)
    known = [] if before is None else [b.service(representation=before)]
    world = World(after=Snapshot.of([record]), before=Snapshot.of(known), now=now)
    return [finding.what for rule in REPRESENTATION_RULES for finding in rule(record, world)]


ENDED = replace(OLD, announced=Announced(from_=BEGINS, ends=True))


@given(
    st.sampled_from([(PROMISED, NEW), (ENDED, None)]),
    st.lists(st.timedeltas(timedelta(days=-400), timedelta(days=400)), min_size=1, max_size=6),
)
def test_at_every_moment_it_is_as_if_the_file_had_been_written_then(
    case: tuple[Representation, Representation | None], moments: list[timedelta]
) -> None:
    """In whatever order moments are asked in one snapshot, also when a clock runs back."""
    promised, after = case
    owner = b.organisation()
    snapshot = Snapshot.of([owner, b.service(representation=promised)])
    written = {
        False: Snapshot.of([owner, b.service(representation=OLD)]),
        True: Snapshot.of([owner, b.service(representation=after)]),
    }
    for each in [*moments, timedelta(), -TICK, *moments]:
        now = BEGINS + each
        found = gate.service_now(snapshot, b.PERMIT, now)
        assert alone(found) == gate.service_now(written[now >= BEGINS], b.PERMIT, now)
        assert found is gate.service_now(snapshot, b.PERMIT, now)


def alone(service: Service) -> Service:
    rules = service.representation
    return service if rules is None else replace(service, representation=replace(rules, announced=None))


def test_a_group_that_is_announced_is_found_and_one_that_it_leaves_still_is() -> None:
    here, there = (Group(id=each, since=b.NOW) for each in ("here", "there"))
    rules = replace(
        OLD, groups=(here,), announced=Announced(from_=BEGINS, rules=replace(NEW, groups=(there,)))
    )
    snapshot = Snapshot.of([b.organisation(), b.service(representation=rules)])
    assert snapshot.representable_in("here") == snapshot.representable_in("there") == {b.PERMIT}
    withdrawn = Change.put(b.service(representation=replace(rules, announced=None)))
    left = snapshot.apply(Delta(version=1, changes=(withdrawn,)))
    assert left.representable_in("there") == frozenset()


def test_what_is_announced_survives_export() -> None:
    snapshot = check_text(EXAMPLE, FRESH).after
    service = snapshot.service(b.PERMIT)
    assert service is not None
    assert service.representation is not None
    assert service.representation.announced is not None
    assert check_text(as_text(snapshot), FRESH).after == snapshot


def test_a_difference_names_the_rules_that_change() -> None:
    before, after = (Snapshot.of([b.service(representation=each)]) for each in (OLD, PROMISED))
    (found,) = differences(before, between(before, after))
    assert "    representation.announced: (as usual) -> {" in str(found)
    later = Snapshot.of([b.service(representation=replace(OLD, version=4, depth=1))])
    (found,) = differences(before, between(before, later))
    assert "    representation.version: 3 -> 4\n    representation.depth: (as usual) -> 1" in str(found)
