"""A warning names each key by which other rules admit less at once, and none that admits as much."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.catalogue import builders as b
from toegang.assurance import Level
from toegang.catalogue.compare import between, differences
from toegang.catalogue.lessening import lessened, lessens
from toegang.catalogue.representation import (
    Announced,
    EdgeKind,
    Group,
    JointRule,
    LimitKind,
    Power,
    Representation,
)
from toegang.catalogue.snapshot import Snapshot

HERE = Group(id="here", since=b.NOW)
WIDE = Representation(
    version=1,
    kinds=tuple(EdgeKind),
    depth=3,
    joint=JointRule.ONE_IS_ENOUGH,
    desk=True,
    helper_level=Level.HIGH,
    since=b.NOW,
    groups=(HERE,),
    powers=(Power.PROPERTY,),
    limits=(LimitKind.ACTIONS, LimitKind.CASE),
)


@pytest.mark.parametrize(
    ("key", "less"),
    [
        ("kinds", (EdgeKind.COURT,)),
        ("use", Level.HIGH),
        ("grant", Level.HIGH),
        ("depth", 2),
        ("joint", JointRule.TOGETHER),
        ("child_from", 12),
        ("child_until", 16),
        ("desk", False),
        ("helper_level", Level.LOW),
        ("excluded", True),
        ("exclusive", True),
        ("since", None),
        ("since", b.NOW + timedelta(days=1)),
        ("groups", ()),
        ("groups", (replace(HERE, since=b.NOW + timedelta(days=1)),)),
        ("powers", ()),
        ("limits", (LimitKind.CASE,)),
    ],
)
def test_a_key_that_admits_less_is_named_and_the_other_way_round_is_not(key: str, less: object) -> None:
    narrow = replace(WIDE, **{key: less})  # type: ignore[arg-type]
    assert lessens(WIDE, narrow) == (key,)
    assert lessens(narrow, WIDE) == ()


@pytest.mark.parametrize("key", ["longest_days", "pending_days", "helper_days"])
def test_what_only_new_mandates_meet_is_not_named(key: str) -> None:
    assert lessens(WIDE, replace(WIDE, **{key: 1})) == ()  # type: ignore[arg-type]


def test_what_is_announced_is_not_named_until_it_is_taken_forward() -> None:
    later = replace(WIDE, announced=Announced(from_=b.NOW + timedelta(days=9), ends=True))
    assert warned(WIDE, later) == []
    assert warned(later, None) == [(b.PERMIT, ("representation",))]
    assert warned(later, replace(WIDE, depth=1)) == [(b.PERMIT, ("depth",))]
    assert list(lessened(differences(snapshot(WIDE), between(snapshot(WIDE), Snapshot.of([]))), b.NOW))


def warned(before: Representation | None, after: Representation | None) -> list[object]:
    one, other = snapshot(before), snapshot(after)
    return list(lessened(differences(one, between(one, other)), b.NOW))


def snapshot(rules: Representation | None) -> Snapshot:
    return Snapshot.of([b.organisation(), b.service(representation=rules)])
