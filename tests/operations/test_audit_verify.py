"""What the checkpoints outside are worth to `toegang audit verify`: all of them, older ones, none.

The attacker here writes the whole trail anew, so that nothing in the database contradicts anything else
(tests/hostile/test_trail_tampering.py has every other way).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.audit.builders import Room, completed
from tests.hostile.test_trail_tampering import edited, rebuild, rows
from tests.operations.hub import copy_of
from toegang.audit.checkpoint import Signer
from toegang.audit.merkle import TreeHead
from toegang.cli.main import app
from toegang.keys.ed25519 import Ed25519Key
from toegang.storage import database_at

EVENTS, BATCH = 60, 10
EARLY, LATE = 12, 55
HOST = "toegang.example"


@pytest.fixture(scope="module")
def honest(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an installed hub a trail of 60 events and six checkpoints outside."""
    place = copy_of(installed, tmp_path_factory.mktemp("honest"))
    asyncio.run(_fill(place))
    with closing(sqlite3.connect(place / "toegang.db")) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    return place


async def _fill(place: Path) -> None:
    database = database_at(f"sqlite:///{place / 'toegang.db'}")
    await database.open()
    room = Room(database, place / "checkpoints", stolen(place))
    waiting = len(await room.tree.waiting(EVENTS))
    await room.record(*(completed(number) for number in range(EVENTS - waiting)))
    await room.sequence(BATCH)
    await database.close()


def stolen(place: Path) -> Signer:
    """Sign with the hub's own key."""
    return Signer(HOST, Ed25519Key.load(place / "secrets" / "trail.pem"))


def another(place: Path) -> Signer:
    """Sign with a key that the attacker made."""
    return Signer(HOST, Ed25519Key.generate(place / "another.pem"))


def rewrite(place: Path, at: int, key: Signer) -> None:
    """Change one event, and make everything in the database fit it."""
    with closing(sqlite3.connect(place / "toegang.db")) as raw, raw:
        kept = rows(raw)
        kept[at] = (*kept[at][:4], edited(kept[at][4]))
        rebuild(raw, key, kept)


def cut_off(place: Path) -> None:
    """Take the last events away, and make everything in the database fit what is left."""
    with closing(sqlite3.connect(place / "toegang.db")) as raw, raw:
        raw.execute("DELETE FROM trail_checkpoint WHERE size > ?", (EVENTS - BATCH,))
        last = "SELECT id FROM trail WHERE idx >= ?"
        raw.execute(f"DELETE FROM trail_personal WHERE event IN ({last})", (EVENTS - BATCH,))  # noqa: S608 our own words
        rebuild(raw, stolen(place), rows(raw)[: EVENTS - BATCH])


def keep_outside(place: Path, number: int) -> None:
    """Leave only the first checkpoints outside, as a copy that was made earlier has them."""
    path = place / "checkpoints"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:number]))


def sign_outside_with_another_key(place: Path) -> None:
    forged = another(place).sign(TreeHead(BATCH, bytes(32))).replace("\n", "\\n")
    (place / "checkpoints").write_text('{"checkpoint":"' + forged + '"}\n')


Deed = Callable[[Path], None]
FOUND: dict[str, tuple[tuple[Deed, ...], str]] = {
    "the stolen key, all outside": (
        (lambda at: rewrite(at, EARLY, stolen(at)),),
        "outside-contradicted",
    ),
    "the stolen key, older outside": (
        (lambda at: rewrite(at, EARLY, stolen(at)), lambda at: keep_outside(at, 3)),
        "outside-contradicted",
    ),
    "another key": ((lambda at: rewrite(at, LATE, another(at)),), "checkpoint-unproven"),
    "another key, older outside": (
        (lambda at: rewrite(at, LATE, another(at)), lambda at: keep_outside(at, 3)),
        "checkpoint-unproven",
    ),
    "the end cut off, all outside": ((cut_off,), "truncated"),
    "outside signed by another key": ((sign_outside_with_another_key,), "outside-unproven"),
    "outside empty": ((lambda at: keep_outside(at, 0),), "nothing from outside was compared"),
    "outside gone": ((lambda at: (at / "checkpoints").unlink(),), "cannot be read"),
}


def verified(place: Path) -> tuple[int, str]:
    """Run the command; return its exit code and what it said."""
    done = CliRunner().invoke(app, ["audit", "verify", "--config", str(place / "toegang.toml")])
    return done.exit_code, " ".join(done.output.split())


@pytest.fixture
def place(honest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the hub that a test may do to what it likes, and go there."""
    copy = copy_of(honest, tmp_path)
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.parametrize("name", FOUND)
def test_what_cannot_be_believed_is_named_and_is_a_failure(name: str, place: Path) -> None:
    deeds, word = FOUND[name]
    for deed in deeds:
        deed(place)
    code, said = verified(place)
    assert code == 1
    assert word in said
    assert "The trail is whole" not in said


def test_an_honest_trail_is_whole_and_older_checkpoints_say_how_much_is_newer(place: Path) -> None:
    code, said = verified(place)
    assert code == 0
    assert said == (
        "60 events, compared with 6 checkpoints from outside; 0 newer than the last of them, 0 not in the "
        "tree yet, 0 personal values erased by rule. The trail is whole."
    )
    keep_outside(place, 4)
    code, said = verified(place)
    assert (code, "compared with 4 checkpoints" in said, "20 newer than the last" in said) == (0, True, True)


def test_what_no_checkpoint_outside_speaks_of_is_safe_from_all_but_who_holds_the_key(place: Path) -> None:
    keep_outside(place, 3)
    rewrite(place, LATE, stolen(place))
    code, said = verified(place)
    # The one thing that cannot be found, and the reason why checkpoints leave at once.
    assert (code, "30 newer than the last of them" in said) == (0, True)
