"""Worlds written by hand, in which everything holds up to a moment: what few drawn worlds come upon."""

from __future__ import annotations

from typing import Any

from tests.mandates.worlds import CHAIN, FIRMS, HOLDING, PARTIES, PEOPLE
from toegang.catalogue.representation import EdgeKind

World = dict[str, Any]
TICK = 1 / 3_600_000_000
"""The shortest time there is, in hours."""
ABLE = {"standing": "able", "since": None, "age": 40}
BY_LAW = {
    **HOLDING,
    "id": 0,
    "law": True,
    "scopes": [],
    "actions": ["view", "prepare", "submit", "sign"],
    "substitution": "employees",
    "powers": ["property", "personal-care"],
}


def given(id_: int, agent: int, principal: int, kind: str) -> dict[str, Any]:
    return {"id": id_, "law": False, "agent": agent, "principal": principal, "kind": kind, **HOLDING}


def by_law(agent: int, principal: int, kind: str, basis: str = "") -> dict[str, Any]:
    return {**BY_LAW, "agent": agent, "principal": principal, "kind": kind, "basis": basis or kind}


def plain(
    *law: dict[str, Any],
    now: float = 1,
    parties: dict[int, World] | None = None,
    also: tuple[World, ...] = (),
    **rules: object,
) -> World:
    """Return a world with a chain of three, a helper and their employees, and with what the law gives."""
    known = {
        number: {"kind": "person" if number in PEOPLE else "organisation", **ABLE}
        for number in range(PARTIES)
    }
    return {
        "parties": {**known, **(parties or {})},
        "edges": [
            *CHAIN,
            given(104, 3, 5, "employee"),
            given(105, 7, 0, "helper"),
            given(106, 4, 7, "employee"),
            *also,
        ],
        "law": list(law),
        "lost": {},
        "helpers": list(FIRMS),
        "silent": [],
        "doubted": [],
        "service": "1",
        "provider": "tax",
        "service_level": 10,
        "rules": {
            "kinds": [kind.value for kind in EdgeKind],
            "use": 10,
            "grant": 10,
            "depth": 3,
            "joint": "together",
            "child": (0, 18),
            "excluded": False,
            "exclusive": False,
            "since": None,
            "helper_level": 20,
            "groups": {},
            "powers": [],
            "limits": ["actions", "branch", "case", "amount", "look-back"],
            **rules,
        },
        "auth": 30,
        "requested": 5,
        "now": now,
    }


DEAD = {4: {"kind": "person", "standing": "deceased", "since": None, "age": 40}}
DIRECTOR, CURATOR = by_law(2, 5, "statutory"), by_law(5, 4, "court")
HEIRS = (by_law(0, 4, "estate", "heir"), by_law(1, 4, "estate", "heir"))
AUTHORISED, EXECUTOR = by_law(2, 4, "estate", "authorised-heir"), by_law(3, 4, "estate", "executor")

HELD = given(110, 0, 4, "voluntary")
ON = {**given(111, 1, 4, "voluntary"), "under": {"by": 0, "edge": 110, "kind": "voluntary"}}
BY_HEIR = {**given(112, 1, 4, "voluntary"), "under": {"by": 0, "edge": None, "kind": "estate"}}
GONE = {0: {"kind": "person", "standing": "deceased", "since": None, "age": 40}}

PLAIN: dict[str, World] = {
    "everything holds": plain(DIRECTOR, CURATOR),
    "the last moment before the end": plain(DIRECTOR, CURATOR, now=4 - TICK),
    "the moment of the end": plain(DIRECTOR, CURATOR, now=4),
    "the first moment": plain(DIRECTOR, CURATOR, now=-3),
    "before it begins": plain(DIRECTOR, CURATOR, now=-3 - TICK),
    "an excluded service": plain(DIRECTOR, CURATOR, excluded=True),
    "no chain longer than two": plain(DIRECTOR, CURATOR, depth=2),
    "two heirs": plain(*HEIRS, parties=DEAD),
    "two heirs at an exclusive service": plain(*HEIRS, parties=DEAD, exclusive=True),
    "an heir beside one who acts only with others": plain(
        HEIRS[0], {**HEIRS[1], "needed": 2}, parties=DEAD, exclusive=True
    ),
    "one heir at an exclusive service": plain(HEIRS[0], parties=DEAD, exclusive=True),
    "an authorised heir at an exclusive service": plain(*HEIRS, AUTHORISED, parties=DEAD, exclusive=True),
    "an executor beside an heir": plain(HEIRS[0], EXECUTOR, parties=DEAD),
    "given on": plain(also=(HELD, ON)),
    "given on by what is worth less": plain(also=({**HELD, "level": 20}, ON)),
    "given on by what is worth too little": plain(also=({**HELD, "level": 10}, ON), use=20),
    "given on by what is for less": plain(also=({**HELD, "actions": ["view"], "most": 1}, ON)),
    "what is limited, at a service that holds to no limit": plain(limits=[]),
    "what is limited, at a service that holds to another limit": plain(limits=["branch"]),
    "a director with an amount, at a service that holds to it": plain(
        {**DIRECTOR, "most": 2}, limits=["actions", "amount"]
    ),
    "a director with an amount, at a service that does not": plain(
        {**DIRECTOR, "most": 2}, limits=["actions"]
    ),
    "given on by what is for less, at a service that holds to none of it": plain(
        also=({**HELD, "actions": ["view", "submit"], "most": 1}, ON), limits=["actions"]
    ),
    "given on by what is for something else": plain(also=({**HELD, "scopes": [("service", "2", None)]}, ON)),
    "given on by who died": plain(also=(HELD, ON), parties=GONE),
    "given on by an heir": plain(HEIRS[0], parties=DEAD, also=(BY_HEIR,)),
    "given on by the one heir at an exclusive service": plain(
        HEIRS[0], parties=DEAD, also=(BY_HEIR,), exclusive=True
    ),
    "given on by an heir beside an executor": plain(HEIRS[0], EXECUTOR, parties=DEAD, also=(BY_HEIR,)),
}
