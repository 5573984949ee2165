"""The oracle: who may act for whom, over plain dicts, by trying every path there is. Slow, short, and apart.

It shares no code with the room of mandates. A world is what strategies.py draws: parties and edges by number,
times in hours, levels as numbers. `None` is without an end, or without a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

World = dict[str, Any]
Edge = dict[str, Any]

PRECEDENCE = [
    "court", "parental", "estate", "statutory", "proxy",
    "voluntary", "intermediary", "employee", "staff", "helper",
]  # fmt: skip
WITHIN = {"statutory", "proxy", "employee", "staff"}
POWERS = ["property", "personal-care"]
SUBSTITUTION = ["none", "employees", "one-level"]


def decide(world: World, actor: int, principal: int) -> dict[str, Any] | None:
    """Return what the first of the good paths gives, None where there is no good path."""
    good = [
        (path, whole)
        for path in every_path(world, actor, principal)
        for whole in stood(world, path)
        if holds(world, path, whole)
    ]
    return outcome(world, *min(good, key=order)) if good and login_suffices(world) else None


def listed(world: World, actor: int) -> list[int]:
    """Return everybody for whom the actor may act."""
    return [each for each in sorted(world["parties"]) if decide(world, actor, each) is not None]


def acting(world: World, principal: int) -> list[int]:
    """Return everybody who may act for the principal."""
    return [each for each in sorted(world["parties"]) if decide(world, each, principal) is not None]


def level(world: World) -> int:
    return int(max(world["requested"], world["service_level"], world["rules"]["use"]))


def login_suffices(world: World) -> bool:
    return bool(world["auth"] >= level(world))


def every_path(world: World, actor: int, principal: int, met: tuple[int, ...] = ()) -> Iterator[list[Edge]]:
    """Yield every path from the actor to the principal on which nobody occurs twice."""
    for edge in [*world["edges"], *world["law"]]:
        if edge["agent"] != actor or edge["principal"] in {actor, *met}:
            continue
        if edge["principal"] == principal:
            yield [edge]
        else:
            for rest in every_path(world, edge["principal"], principal, (*met, actor)):
                yield [edge, *rest]


def stood(world: World, path: list[Edge]) -> Iterator[list[Edge]]:
    """Yield, for every way in which it stands, the path with what each of its edges rests on."""
    for ways in product(*(beneath(world, edge, 3) for edge in path)):
        yield [each for way in ways for each in way]


def beside(world: World, far: Edge) -> list[Edge]:
    """Return by which other order who acts decides on the rest of what the service is about."""
    about = set(world["rules"]["powers"] or POWERS)
    if not far["law"] or far["kind"] != "court" or about <= set(far["powers"]):
        return []
    found = [
        each
        for each in world["law"]
        if each["kind"] == "court"
        and (each["agent"], each["principal"]) == (far["agent"], far["principal"])
        and about <= {*far["powers"], *each["powers"]}
        and (each["needed"] == 1 or world["rules"]["joint"] != "together")
        and each["most"] is None
        and each["certain"]
        and in_time(each, world["now"])
    ]
    return sorted(found, key=lambda each: -each["until"])[:1]


def beneath(world: World, edge: Edge, left: int) -> list[list[Edge]]:
    """Return the edge with what it rests on, in every way; no way when that is gone."""
    under = edge["under"]
    if under is None:
        return [[edge]]
    if under["edge"] is None:
        found = [each for each in world["law"] if each["kind"] == under["kind"]]
    else:
        found = [each for each in world["edges"] if each["id"] == under["edge"]]
    found = [
        each
        for each in found
        if (each["principal"], each["agent"]) == (edge["principal"], under["by"]) and each["needed"] == 1
    ]
    return [[edge, *way] for each in found for way in beneath(world, each, left - 1)] if left else []


def holds(world: World, path: list[Edge], whole: list[Edge]) -> bool:
    rules = world["rules"]
    if len(path) > rules["depth"] or any(edge["kind"] not in rules["kinds"] for edge in whole):
        return False
    if not sure(world, whole) or not shape(path) or not substitutes(path):
        return False
    if any(edge["needed"] > 1 for edge in path) and rules["joint"] == "together":
        return False
    if not all(stands(world, edge, path) for edge in whole):
        return False
    if not helps(world, whole):
        return False
    left = narrowed(whole)
    if not left["actions"] or left["branches"] == set():
        return False
    if not honoured(world, left):
        return False
    return parties_are_able(world, path, whole)


def stands(world: World, edge: Edge, path: list[Edge]) -> bool:
    if edge["state"] != "active" or not in_time(edge, world["now"]) or not edge["certain"]:
        return False
    if edge is path[-1] and beside(world, edge):
        return bool(given_at(edge) >= level(world) and not world["rules"]["excluded"])
    if given_at(edge) < level(world) or not reaches(world, edge):
        return False
    return bool(edge["law"] or named(world, edge) or given_at(edge) >= world["rules"]["grant"])


def helps(world: World, whole: list[Edge]) -> bool:
    """Say whether who helps people is on the list of those who do, and acts no higher than they may."""
    agents = {edge["agent"] for edge in whole if edge["kind"] == "helper"}
    return agents <= {*world["helpers"]} and (not agents or level(world) <= world["rules"]["helper_level"])


def given_at(edge: Edge) -> int:
    return int(min(edge["level"], edge["source_level"]))


def named(world: World, edge: Edge) -> bool:
    return any((kind, name) == ("service", world["service"]) for kind, name, _ in edge["scopes"])


def sure(world: World, whole: list[Edge]) -> bool:
    met = {party for edge in whole for party in (edge["agent"], edge["principal"])}
    return not met & {*world["silent"], *world["doubted"]}


def shape(path: list[Edge]) -> bool:
    """Within an organisation first, then from firm to firm; nobody represents their own firm as its staff."""
    kinds = [edge["kind"] for edge in path]
    if kinds[-1] == "staff":
        return False
    if len(kinds) == 1:
        return True
    return kinds[0] in WITHIN and kinds[-1] not in WITHIN and all(k == "intermediary" for k in kinds[1:-1])


def substitutes(path: list[Edge]) -> bool:
    return all(
        SUBSTITUTION.index(edge["substitution"]) >= min(place, 2) for place, edge in enumerate(path) if place
    )


def in_time(edge: Edge, now: int) -> bool:
    begun = edge["from"] is None or edge["from"] <= now
    return begun and (edge["until"] is None or now < edge["until"])


def reaches(world: World, edge: Edge) -> bool:
    rules = world["rules"]
    if edge["law"]:
        return not rules["excluded"] and set(rules["powers"] or POWERS) <= set(edge["powers"])
    for kind, name, as_of in edge["scopes"]:
        if kind == "service" and name == world["service"]:
            return True
        if rules["excluded"]:
            continue
        since = {"group": rules["groups"].get(name), "provider": rules["since"], "all": rules["since"]}.get(
            kind
        )
        named = kind != "provider" or name == world["provider"]
        if since is not None and named and (as_of is None or since <= as_of):
            return True
    return False


def narrowed(path: list[Edge]) -> dict[str, Any]:
    actions = {"view", "prepare", "submit", "sign"}
    branches: set[str] | None = None
    amounts = []
    for edge in path:
        actions = actions & set(edge["actions"])
        if edge["branches"] is not None:
            branches = set(edge["branches"]) if branches is None else branches & set(edge["branches"])
        if edge["most"] is not None:
            amounts.append(edge["most"])
    return {"actions": actions, "branches": branches, "most": min(amounts) if amounts else None}


def honoured(world: World, left: dict[str, Any]) -> bool:
    """Say whether the service holds people to each limit that there is."""
    there = {
        "actions": len(left["actions"]) < 4,
        "branch": left["branches"] is not None,
        "amount": left["most"] is not None,
    }
    return not any(is_so and kind not in world["rules"]["limits"] for kind, is_so in there.items())


def standing(party: dict[str, Any], now: int) -> str:
    return str(party["standing"]) if party["since"] is None or party["since"] <= now else "able"


def able(world: World, party: int) -> bool:
    known = world["parties"][party]
    if standing(known, world["now"]) != "able" or known["kind"] == "estate" or lost(world, party, ["all"]):
        return False
    return bool(known["kind"] != "person" or known["age"] >= 18)


def grounds_of(path: list[Edge], whole: list[Edge]) -> list[Edge]:
    """Return for each edge of the path what lies at the bottom of it."""
    places = [*(whole.index(edge) for edge in path), len(whole)]
    return [whole[end - 1] for end in places[1:]]


def parties_are_able(world: World, path: list[Edge], whole: list[Edge]) -> bool:
    parties, now = world["parties"], world["now"]
    if not all(able(world, edge["agent"]) for edge in whole):
        return False
    if any(
        (parties[edge["agent"]]["kind"] == "person") is not (place == 0) for place, edge in enumerate(path)
    ):
        return False
    grounds = grounds_of(path, whole)
    far, principal = grounds[-1], parties[path[-1]["principal"]]
    how = standing(principal, now)
    if far["kind"] == "estate":
        fits = how == "deceased" or principal["kind"] == "estate"
    elif how in {"under-guardianship", "insolvent"}:
        fits = far["kind"] == "court"
    else:
        fits = how == "able"
    if far["kind"] == "parental":
        low, high = world["rules"]["child"]
        fits = fits and principal["kind"] == "person" and low <= principal["age"] < min(high, 18)
    if not far["law"] and principal["kind"] == "person" and principal["age"] < 18:
        fits = False
    given = {edge["principal"] for edge, ground in zip(path, grounds, strict=True) if not ground["law"]}
    overruled = any(
        law["overrules"] and law["principal"] in given and in_time(law, now) for law in world["law"]
    )
    fits = fits and the_one_for_the_estate(world, far)
    about = ["all", *(world["rules"]["powers"] or POWERS)]
    taken = any(lost(world, each, about) for each in given)
    return bool(fits and not overruled and not taken)


def the_one_for_the_estate(world: World, ground: Edge) -> bool:
    if ground["kind"] != "estate" or not ground["law"]:
        return True
    here = [
        each
        for each in world["law"]
        if each["kind"] == "estate"
        and each["principal"] == ground["principal"]
        and in_time(each, world["now"])
        and reaches(world, each)
    ]
    bases = {each["basis"] for each in here}
    if ground["basis"] == "heir" and "executor" in bases:
        return False
    first = "authorised-heir" if "authorised-heir" in bases else None
    alone = {each["agent"] for each in here if each["needed"] == 1 and first in {None, each["basis"]}}
    return not world["rules"]["exclusive"] or alone == {ground["agent"]}


def lost(world: World, party: int, what: list[str]) -> bool:
    """Tell whether a court took away from somebody to decide on any of this."""
    since = world["lost"].get(party, {})
    return any(each in what and begun <= world["now"] for each, begun in since.items())


def order(found: tuple[list[Edge], list[Edge]]) -> tuple[Any, ...]:
    path, whole = found
    far = path[-1]
    rank = PRECEDENCE.index(far["kind"]) if far["law"] else len(PRECEDENCE)
    began = max((edge["from"] for edge in path if edge["from"] is not None), default=-(10**9))
    return (
        rank,
        len(path),
        -began,
        [named_so(edge) for edge in path],
        [named_so(edge) for edge in whole],
    )


def named_so(edge: Edge) -> tuple[Any, ...]:
    return edge["id"], edge.get("basis", edge["kind"]), edge["agent"], edge["principal"]


def outcome(world: World, path: list[Edge], whole: list[Edge]) -> dict[str, Any]:
    ends = [edge["until"] for edge in (*whole, *beside(world, path[-1])) if edge["until"] is not None]
    helped = [world["rules"]["helper_level"] for edge in whole if edge["kind"] == "helper"]
    return {
        "path": [edge["id"] for edge in path],
        "level": min([world["auth"], *helped, *map(given_at, whole)]),
        "until": min(ends) if ends else None,
        **narrowed(whole),
    }
