"""A trail of ours in the eyes of others: programs that know the norms and not us check every part of it."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.audit.builders import Room, completed, signer, sqlite_room
from tests.parts import venv_python
from toegang.audit.merkle import TreeHead
from toegang.audit.sinks import read_checkpoints
from toegang.audit.trail import Asked

EVENTS, BATCH = 100, 13
SCRIPT = Path(__file__).parent / "checkers.py"

Claims = dict[str, Any]
Verdict = dict[str, list[int]]


async def claims_of(room: Room) -> Claims:
    """Say all that can be said of a trail to others."""
    proofs = [await room.tree.prove(each.id) async for each in room.trail.events(Asked())]
    return {
        "verifier": str(room.signer.verifier()),
        "leaves": [text(each.leaf) for each in proofs if each],
        "checkpoints": list(read_checkpoints(room.outside)),
        "proofs": [
            {
                "index": each.index,
                "leaf": text(each.leaf),
                "path": [text(made) for made in each.path],
                "checkpoint": each.checkpoint,
            }
            for each in proofs
            if each
        ],
    }


async def claims_about(place: Path, events: int) -> Claims:
    async with sqlite_room(place) as room:
        await room.record(*(completed(number) for number in range(events)))
        await room.sequence(BATCH)
        return await claims_of(room)


def folder(place: Path, events: int) -> Path:
    made = place / str(events)
    made.mkdir()
    return made


def text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def judged(trails: list[Claims]) -> list[Verdict]:
    """Let the others judge each trail; return what they refuse of it."""
    python = venv_python("trail-checkers")
    said = subprocess.run(
        [python, "-W", "ignore", SCRIPT], input=json.dumps(trails), capture_output=True, text=True, check=True
    )
    verdicts: list[Verdict] = json.loads(said.stdout)
    return verdicts


@pytest.mark.requires("C2SP-signed-note", "C2SP-tlog-checkpoint", "RFC9162-2.1.1", "RFC9162-2.1.3.1")
async def test_others_believe_every_checkpoint_and_every_event_of_an_honest_trail(
    tmp_path: Path,
) -> None:
    trails = [await claims_about(folder(tmp_path, events), events) for events in (1, 2, 13, 14, EVENTS)]
    assert [len(claims["proofs"]) for claims in trails] == [1, 2, 13, 14, EVENTS]
    assert [len(claims["checkpoints"]) for claims in trails] == [1, 1, 1, 2, 8]
    assert judged(trails) == [{"sigstore": [], "pymerkle": []}] * len(trails)


def change_a_leaf(claims: Claims) -> None:
    changed = text(base64.b64decode(claims["leaves"][40]).replace(b'"account"', b'"another"'))
    claims["leaves"][40] = claims["proofs"][40]["leaf"] = changed


def move_an_event(claims: Claims) -> None:
    proofs, leaves = claims["proofs"], claims["leaves"]
    leaves[40], leaves[41] = leaves[41], leaves[40]
    proofs[40]["index"], proofs[41]["index"] = 41, 40


def bend_a_path(claims: Claims) -> None:
    claims["proofs"][40]["path"][3] = text(bytes(32))


def leave_a_step_out(claims: Claims) -> None:
    del claims["proofs"][40]["path"][3]


def forge_the_last_checkpoint(claims: Claims) -> None:
    forged = signer(2).sign(TreeHead(EVENTS, bytes(32)))
    claims["checkpoints"][-1] = claims["proofs"][40]["checkpoint"] = forged


def sign_another_tree_with_the_stolen_key(claims: Claims) -> None:
    claims["checkpoints"][-1] = claims["proofs"][40]["checkpoint"] = signer().sign(
        TreeHead(EVENTS, bytes(32))
    )


def sign_the_same_tree_with_another_key(claims: Claims) -> None:
    honest = claims["proofs"][40]["checkpoint"]
    root = base64.b64decode(honest.split("\n")[2])
    claims["proofs"][40]["checkpoint"] = signer(2).sign(TreeHead(EVENTS, root))


BENDINGS: dict[Callable[[Claims], None], Verdict] = {
    change_a_leaf: {"sigstore": [40], "pymerkle": [52, 65, 78, 91, 100]},
    move_an_event: {"sigstore": [41, 40], "pymerkle": [52, 65, 78, 91, 100]},
    bend_a_path: {"sigstore": [40], "pymerkle": []},
    leave_a_step_out: {"sigstore": [40], "pymerkle": []},
    forge_the_last_checkpoint: {"sigstore": [40], "pymerkle": [100]},
    sign_another_tree_with_the_stolen_key: {"sigstore": [40], "pymerkle": [100]},
    sign_the_same_tree_with_another_key: {"sigstore": [40], "pymerkle": []},
}


@pytest.mark.requires("RFC9162-2.1.3.2")
async def test_others_refuse_what_is_bent_and_nothing_else(tmp_path: Path) -> None:
    honest = await claims_about(tmp_path, EVENTS)
    trails = [deepcopy(honest) for _ in BENDINGS]
    for bend, claims in zip(BENDINGS, trails, strict=True):
        bend(claims)
    verdicts = judged(trails)
    assert {bend.__name__: said for bend, said in zip(BENDINGS, verdicts, strict=True)} == {
        bend.__name__: expected for bend, expected in BENDINGS.items()
    }
