"""What a service admits of representation: every mistake in it is refused, and a change counts up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.catalogue import builders as b
from toegang.catalogue.check import Basis, check_text
from toegang.catalogue.representation import EdgeKind, LimitKind, Representation
from toegang.catalogue.representation_rules import (
    limits_are_of_what_is_admitted,
    organisations_are_acted_for,
    profile_can_say_for_whom,
    representation_counts_up,
    representation_is_admitted_somewhere,
)
from toegang.catalogue.rules import World
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import Client, Connection, IdentityForm, SamlProfile

EXAMPLE = b.EXAMPLE.read_text("utf-8")
FRESH = Basis(before=Snapshot.of([]), now=b.NOW, kinds=frozenset({"citizen"}), complete=True)
ADMITTED = Representation(version=3, kinds=(EdgeKind.VOLUNTARY,))

MISTAKES = {
    "kind that there is not": ("[court, parental,", "[court, friend,", "`friend` is not known here"),
    "no kind": (
        "[court, parental, voluntary, intermediary, staff]",
        "[]",
        "no kind of authority is admitted",
    ),
    "kind given twice": ("[court, parental,", "[court, court,", "`court` stands here twice"),
    "children of no age": ("child_until: 16", "child_until: 0", "children of no age"),
    "chain without end": ("child_until: 16", "depth: 4", "from 1 to 3"),
    "no version": ("          version: 1 #", "          #", "`version` is missing"),
    "excluded and in a group": ("letter: true", "excluded: true", "reached by its name only"),
    "one at a time and in a group": ("letter: true", "one_agent: true", "where one acts at a time"),
    "limit that there is not": ("[actions, amount]", "[actions, amounts]", "`amounts` is not known here"),
    "limit given twice": ("[actions, amount]", "[amount, amount]", "`amount` stands here twice"),
    "level that there is not": ("grant: substantial", "grant: enough", "unknown level"),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told(case: tuple[str, str, str]) -> None:
    before, after, told = case
    assert EXAMPLE.count(before) == 1
    problems = check_text(EXAMPLE.replace(before, after), FRESH).problems
    assert any(told in str(problem) for problem in problems), problems


@pytest.mark.parametrize(("version", "told"), [(2, 1), (3, 1), (4, 0)])
def test_rules_that_change_count_up(version: int, told: int) -> None:
    known = b.service(representation=ADMITTED)
    changed = replace(known, representation=replace(ADMITTED, version=version, depth=1))
    world = World(after=Snapshot.of([changed]), before=Snapshot.of([known]), now=b.NOW)
    assert len(list(representation_counts_up(changed, world))) == told


def test_rules_that_stay_or_are_new_need_no_other_version() -> None:
    known = b.service(representation=ADMITTED)
    for before in (known, b.service()):
        world = World(after=Snapshot.of([known]), before=Snapshot.of([before]), now=b.NOW)
        assert list(representation_counts_up(known, world)) == []


def test_only_authority_over_organisations_is_limited_to_a_branch() -> None:
    for kind, told in ((EdgeKind.VOLUNTARY, 1), (EdgeKind.EMPLOYEE, 0)):
        rules = Representation(version=1, kinds=(kind,), limits=(LimitKind.BRANCH, LimitKind.AMOUNT))
        one = b.service(representation=rules)
        world = World(after=Snapshot.of([one]), before=Snapshot.of([]), now=b.NOW)
        assert len(list(limits_are_of_what_is_admitted(one, world))) == told


@pytest.mark.requires("MANDATES-P9")
@pytest.mark.parametrize("form", list(IdentityForm))
def test_a_client_of_a_service_about_organisations_understands_who_acts_for_one(form: IdentityForm) -> None:
    served, asks = b.service(identity=form), b.client()
    world = World(after=Snapshot.of([served, asks]), before=Snapshot.of([]), now=b.NOW)
    assert bool(list(organisations_are_acted_for(asks, world))) is form.of_organisation
    for able in (replace(asks, representation=True), replace(asks, enabled=False)):
        assert list(organisations_are_acted_for(able, world)) == []


@pytest.mark.requires("MANDATES-P9")
@pytest.mark.parametrize("profile", list(SamlProfile))
def test_only_a_profile_with_a_form_for_it_may_receive_who_acts_for_another(profile: SamlProfile) -> None:
    able = profile in {SamlProfile.ST_SAML, SamlProfile.ETD}
    asks = b.connection(profile=profile, representation=True)
    world = World(after=Snapshot.of([asks]), before=Snapshot.of([]), now=b.NOW)
    assert bool(list(profile_can_say_for_whom(asks, world))) is not able
    assert list(profile_can_say_for_whom(replace(asks, representation=False), world)) == []


@pytest.mark.parametrize("who", [b.client(representation=True), b.connection(representation=True)])
def test_who_is_registered_for_representation_has_a_service_that_admits_it(
    who: Client | Connection,
) -> None:
    for service, told in ((b.service(), 1), (b.service(representation=ADMITTED), 0)):
        world = World(after=Snapshot.of([service, who]), before=Snapshot.of([]), now=b.NOW)
        assert len(list(representation_is_admitted_somewhere(who, world))) == told
