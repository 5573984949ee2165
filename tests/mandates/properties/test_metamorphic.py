"""P24: it makes no difference who is called what, what is kept first, and over how many mandates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates.test_judging import candidates, grounds_of, pairs
from tests.mandates.worlds import FIRMS, PEOPLE, Made, worlds
from tests.volumes import volume
from toegang.assurance import Level
from toegang.mandates.decide import Permit, chosen

World = dict[str, Any]
MANY = settings(max_examples=volume(15, 3_000), suppress_health_check=list(HealthCheck))


def permitted(world: World) -> Iterator[tuple[int, int]]:
    """Yield every two of whom one may act for the other."""
    made = Made(world, 1)
    grounds, auth = grounds_of(made), Level(world["auth"])
    for actor, principal in pairs(world):
        if auth >= grounds.level and isinstance(
            chosen(candidates(world, made, actor, principal), grounds, auth), Permit
        ):
            yield actor, principal


def renamed(world: World, names: dict[int, int]) -> World:
    """Return the same world with other numbers for everybody, and everything in it the other way round."""

    def one(edge: dict[str, Any]) -> dict[str, Any]:
        under = edge["under"]
        return {
            **edge,
            "principal": names[edge["principal"]],
            "agent": names[edge["agent"]],
            "under": None if under is None else {**under, "by": names[under["by"]]},
        }

    return {
        **world,
        "parties": {names[number]: party for number, party in reversed(world["parties"].items())},
        "edges": [one(each) for each in reversed(world["edges"])],
        "law": [one(each) for each in reversed(world["law"])],
        "lost": {names[number]: lost for number, lost in world["lost"].items()},
        "helpers": [names[each] for each in world["helpers"]],
        "silent": [names[each] for each in world["silent"]],
        "doubted": [names[each] for each in world["doubted"]],
    }


def split(world: World) -> World:
    """Return the same world in which each mandate for several scopes is as many for one."""
    rested_on = {each["under"]["edge"] for each in world["edges"] if each["under"]}
    edges = []
    for edge in world["edges"]:
        whole = edge["id"] in rested_on or len(edge["scopes"]) == 1
        for place, scope in enumerate(edge["scopes"]):
            edges.append({**edge, "id": edge["id"] + 1_000 * place, "scopes": [scope]})
        if whole:
            edges[-len(edge["scopes"]) :] = [edge]
    return {**world, "edges": edges}


@pytest.mark.requires("MANDATES-P24")
@MANY
@given(worlds(), st.permutations(PEOPLE), st.permutations(FIRMS))
def test_other_names_and_another_order_permit_the_same(
    world: World, people: list[int], firms: list[int]
) -> None:
    names = dict(enumerate([*people, *firms]))
    expected = {(names[actor], names[principal]) for actor, principal in permitted(world)}
    assert set(permitted(renamed(world, names))) == expected


@pytest.mark.requires("MANDATES-P24", "MANDATES-P2")
@MANY
@given(worlds())
def test_several_mandates_for_one_scope_each_permit_what_one_for_all_of_them_does(world: World) -> None:
    assert set(permitted(split(world))) == set(permitted(world))
