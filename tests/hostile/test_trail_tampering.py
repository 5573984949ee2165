"""Whoever may write the database changes the trail: every way, and every trace of it, is found.

The attacker knows the software, can compute hashes and trees, and in some attacks even holds the key
that signs checkpoints. What they cannot do is change the checkpoints that left.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.audit.builders import completed, refused, signer, sqlite_room
from tests.volumes import Counting, volume
from toegang.audit.checkpoint import Signer
from toegang.audit.merkle import CompactRange, TreeHead, leaf_hash
from toegang.audit.verify import Fault, Findings

EVENTS = 640
STEP = 64
TAMPERINGS = volume(50, 1_000)
SEED = 20270301

Dice = random.Random
Attack = Callable[[sqlite3.Connection, Dice], None]


def rebuild(raw: sqlite3.Connection, key: Signer, bodies: list[tuple[bytes, ...]]) -> None:
    """Write the trail anew from these rows, with a tree, nodes and checkpoints that fit them."""
    sizes = [size for (size,) in raw.execute("SELECT size FROM trail_checkpoint ORDER BY size")]
    for table in ("trail", "trail_node", "trail_checkpoint"):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608 our own words
    tree = CompactRange()
    for index, row in enumerate(bodies):
        made = leaf_hash(row[-1])
        raw.execute("INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?, ?)", (index, *row[:4], made, row[-1]))
        tree, nodes = tree.grow([made])
        for node, node_made in nodes:
            place = (node.level, node.index, (node.index + 1) << node.level, node_made)
            raw.execute("INSERT INTO trail_node VALUES (?, ?, ?, ?)", place)
        if tree.size in sizes or index == len(bodies) - 1:
            note = key.sign(TreeHead(tree.size, tree.root()))
            raw.execute("INSERT INTO trail_checkpoint VALUES (?, ?, 1)", (tree.size, note))
    raw.execute("UPDATE trail_tree SET size = ?, peaks = ?", (tree.size, b"".join(tree.peaks)))


def rows(raw: sqlite3.Connection) -> list[tuple[bytes, ...]]:
    return raw.execute("SELECT id, at, name, reference, body FROM trail ORDER BY idx").fetchall()


def some(dice: Dice) -> int:
    return dice.randrange(EVENTS)


def edited(body: bytes) -> bytes:
    return body.replace(b'"municipalities"', b'"other-sector"')


def edit_an_event(raw: sqlite3.Connection, dice: Dice) -> None:
    index = some(dice)
    (body,) = raw.execute("SELECT body FROM trail WHERE idx = ?", (index,)).fetchone()
    raw.execute("UPDATE trail SET body = ? WHERE idx = ?", (edited(body), index))


def edit_an_event_and_its_hash(raw: sqlite3.Connection, dice: Dice) -> None:
    edit_an_event(raw, dice)
    for index, body in raw.execute("SELECT idx, body FROM trail").fetchall():
        raw.execute("UPDATE trail SET hash = ? WHERE idx = ?", (leaf_hash(body), index))


def flip_a_byte(raw: sqlite3.Connection, dice: Dice) -> None:
    index = some(dice)
    (body,) = raw.execute("SELECT body FROM trail WHERE idx = ?", (index,)).fetchone()
    at = dice.randrange(len(body))
    flipped = body[:at] + bytes([body[at] ^ (1 << dice.randrange(8))]) + body[at + 1 :]
    raw.execute("UPDATE trail SET body = ? WHERE idx = ?", (flipped, index))


def put_rubbish_in_a_row(raw: sqlite3.Connection, dice: Dice) -> None:
    column = dice.choice(("id", "body", "hash"))
    raw.execute(f"UPDATE trail SET {column} = ? WHERE idx = ?", (dice.choice(("x", 7, b"{}")), some(dice)))  # noqa: S608 our own words


def edit_and_sign_with_another_key(raw: sqlite3.Connection, dice: Dice) -> None:
    kept = rows(raw)
    at = some(dice)
    kept[at] = (*kept[at][:4], edited(kept[at][4]))
    rebuild(raw, signer(2), kept)


def edit_and_sign_with_the_stolen_key(raw: sqlite3.Connection, dice: Dice) -> None:
    kept = rows(raw)
    at = some(dice)
    kept[at] = (*kept[at][:4], edited(kept[at][4]))
    rebuild(raw, signer(), kept)


def delete_an_event(raw: sqlite3.Connection, dice: Dice) -> None:
    raw.execute("DELETE FROM trail WHERE idx = ?", (some(dice),))


def delete_an_event_with_the_stolen_key(raw: sqlite3.Connection, dice: Dice) -> None:
    kept = rows(raw)
    del kept[some(dice)]
    rebuild(raw, signer(), kept)


def insert_an_event_with_the_stolen_key(raw: sqlite3.Connection, dice: Dice) -> None:
    kept = rows(raw)
    forged = kept[0][4].replace(b"REF-", b"NEW-")
    kept.insert(some(dice), (b"\x01" * 16, *kept[0][1:4], forged))
    rebuild(raw, signer(), kept)


def append_an_event_outside_the_tree(raw: sqlite3.Connection, dice: Dice) -> None:
    index = dice.choice((EVENTS, EVENTS + 1, EVENTS * 1000, -1))
    row = rows(raw)[0]
    made = leaf_hash(row[4])
    raw.execute(
        "INSERT INTO trail VALUES (?, ?, ?, ?, ?, ?, ?)", (index, b"\x02" * 16, *row[1:4], made, row[4])
    )


def swap_two_events(raw: sqlite3.Connection, dice: Dice) -> None:
    first, second = dice.sample(range(EVENTS), 2)
    kept = rows(raw)
    for index, row in ((first, kept[second]), (second, kept[first])):
        raw.execute("UPDATE trail SET id = ? WHERE idx = ?", (bytes([index % 256]) * 15, index))
        changed = (row[1], row[2], row[3], leaf_hash(row[4]), row[4], index)
        sql = "UPDATE trail SET at = ?, name = ?, reference = ?, hash = ?, body = ? WHERE idx = ?"
        raw.execute(sql, changed)
    raw.execute("UPDATE trail SET id = ? WHERE idx = ?", (kept[second][0], first))
    raw.execute("UPDATE trail SET id = ? WHERE idx = ?", (kept[first][0], second))


def swap_two_events_with_the_stolen_key(raw: sqlite3.Connection, dice: Dice) -> None:
    first, second = dice.sample(range(EVENTS), 2)
    kept = rows(raw)
    kept[first], kept[second] = kept[second], kept[first]
    rebuild(raw, signer(), kept)


def truncate_to_an_older_checkpoint(raw: sqlite3.Connection, dice: Dice) -> None:
    size = STEP * dice.randrange(1, EVENTS // STEP)
    raw.execute("DELETE FROM trail_checkpoint WHERE size > ?", (size,))
    kept = rows(raw)[:size]
    raw.execute("DELETE FROM trail_personal WHERE event IN (SELECT id FROM trail WHERE idx >= ?)", (size,))
    rebuild(raw, signer(), kept)


def truncate_everything(raw: sqlite3.Connection, _dice: Dice) -> None:
    for table in ("trail", "trail_node", "trail_checkpoint", "trail_personal"):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608 our own words
    raw.execute("UPDATE trail_tree SET size = 0, peaks = x''")


def change_what_an_event_is_found_by(raw: sqlite3.Connection, dice: Dice) -> None:
    column, value = dice.choice(
        (("name", "login:started"), ("at", 1), ("reference", "REF-X"), ("id", b"\x03" * 16))
    )
    raw.execute(f"UPDATE trail SET {column} = ? WHERE idx = ?", (value, some(dice)))  # noqa: S608 our own words


def change_a_personal_value(raw: sqlite3.Connection, dice: Dice) -> None:
    column = dice.choice(("value", "salt"))
    found = raw.execute("SELECT event FROM trail_personal ORDER BY event").fetchall()
    raw.execute(f"UPDATE trail_personal SET {column} = 'forged' WHERE event = ?", dice.choice(found))  # noqa: S608 our own words


def erase_a_person_in_secret(raw: sqlite3.Connection, dice: Dice) -> None:
    raw.execute("DELETE FROM trail_personal WHERE value = ?", (f"person-{dice.randrange(6)}",))


def give_a_personal_value_to_no_event(raw: sqlite3.Connection, _dice: Dice) -> None:
    raw.execute("INSERT INTO trail_personal VALUES (?, 'person', 'salt', 'value')", (b"\x04" * 16,))


def give_an_event_another_personal_value(raw: sqlite3.Connection, dice: Dice) -> None:
    event = dice.choice(raw.execute("SELECT event FROM trail_personal ORDER BY event").fetchall())
    raw.execute("INSERT INTO trail_personal VALUES (?, 'network', 'salt', '192.0.2.0/24')", event)


def change_a_node(raw: sqlite3.Connection, dice: Dice) -> None:
    raw.execute("UPDATE trail_node SET hash = ? WHERE idx = ?", (bytes(32), dice.randrange(EVENTS // 256)))


def delete_a_node(raw: sqlite3.Connection, dice: Dice) -> None:
    raw.execute("DELETE FROM trail_node WHERE idx = ?", (dice.randrange(EVENTS // 256),))


def change_the_state_of_the_tree(raw: sqlite3.Connection, dice: Dice) -> None:
    (size, peaks) = raw.execute("SELECT size, peaks FROM trail_tree").fetchone()
    changed = dice.choice(
        ((size - 1, peaks), (size + 1, peaks), (size, peaks[32:]), (size, bytes(len(peaks))))
    )
    raw.execute("UPDATE trail_tree SET size = ?, peaks = ?", changed)


def delete_a_checkpoint(raw: sqlite3.Connection, dice: Dice) -> None:
    raw.execute(
        "DELETE FROM trail_checkpoint WHERE size = ?", (STEP * dice.randrange(1, 1 + EVENTS // STEP),)
    )


def change_a_checkpoint(raw: sqlite3.Connection, dice: Dice) -> None:
    size = STEP * dice.randrange(1, 1 + EVENTS // STEP)
    note = dice.choice(
        ("", "rubbish\n\n", signer().sign(TreeHead(size, bytes(32))), signer().sign(TreeHead(7, bytes(32))))
    )
    raw.execute("UPDATE trail_checkpoint SET note = ? WHERE size = ?", (note, size))


ATTACKS: tuple[Attack, ...] = (
    edit_an_event,
    edit_an_event_and_its_hash,
    flip_a_byte,
    put_rubbish_in_a_row,
    edit_and_sign_with_another_key,
    edit_and_sign_with_the_stolen_key,
    delete_an_event,
    delete_an_event_with_the_stolen_key,
    insert_an_event_with_the_stolen_key,
    append_an_event_outside_the_tree,
    swap_two_events,
    swap_two_events_with_the_stolen_key,
    truncate_to_an_older_checkpoint,
    truncate_everything,
    change_what_an_event_is_found_by,
    change_a_personal_value,
    erase_a_person_in_secret,
    give_a_personal_value_to_no_event,
    give_an_event_another_personal_value,
    change_a_node,
    delete_a_node,
    change_the_state_of_the_tree,
    delete_a_checkpoint,
    change_a_checkpoint,
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a trail of 640 events in ten batches, with one person erased by decision."""
    place = tmp_path_factory.mktemp("honest")

    async def build() -> None:
        async with sqlite_room(place) as room:
            for number in range(EVENTS - 1):
                await room.record(refused(number) if number % 10 == 9 else completed(number))
            async with room.database.begin() as unit:
                await room.trail.erase(unit, "person-6", "request", completed(EVENTS).at)
            await room.sequence(STEP)

    asyncio.run(build())
    with closing(sqlite3.connect(place / "trail.db")) as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    return place


async def checked(place: Path) -> Findings:
    async with sqlite_room(place, new=False) as room:
        return await room.verify()


async def test_an_honest_trail_is_sound_and_its_erased_values_still_prove(
    honest: Path, tmp_path: Path
) -> None:
    shutil.copytree(honest, tmp_path / "copy")
    findings = await checked(tmp_path / "copy")
    assert findings.sound
    assert (findings.size, findings.outside, findings.beyond) == (EVENTS, EVENTS // STEP, 0)
    assert findings.erased > 50


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_each_way_to_tamper_is_found(attack: Attack, honest: Path, tmp_path: Path) -> None:
    assert not (await tampered(attack, random.Random(SEED), honest, tmp_path / "copy")).sound  # noqa: S311 the same dice every time


@pytest.mark.timeout(600)
async def test_every_random_tampering_is_found(honest: Path, tmp_path: Path, counting: Counting) -> None:
    missed = []
    for number in counting("tamperings", TAMPERINGS):
        dice = random.Random(SEED + number)  # noqa: S311 the same dice every time
        attack = dice.choice(ATTACKS)
        findings = await tampered(attack, dice, honest, tmp_path / "copy")
        if findings.sound:
            missed.append((number, attack.__name__))
    assert missed == []


async def test_a_checkpoint_outside_that_is_forged_is_named(honest: Path, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    shutil.copytree(honest, place)
    async with sqlite_room(place) as room:
        forge_outside(room.outside)
        faults = {finding.fault for finding in (await room.verify()).findings}
    assert faults == {Fault.OUTSIDE_UNPROVEN}


def forge_outside(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    forged = signer(2).sign(TreeHead(STEP, bytes(32))).replace("\n", "\\n")
    path.write_text("".join(['{"checkpoint":"' + forged + '"}\n', *lines[1:]]))


async def tampered(attack: Attack, dice: Dice, honest: Path, place: Path) -> Findings:
    """Let the attack loose on a copy, in a transaction that is committed, and check the copy."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(honest, place)
    with closing(sqlite3.connect(place / "trail.db")) as raw, raw:
        attack(raw, dice)
    return await checked(place)
