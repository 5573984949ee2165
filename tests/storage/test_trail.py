"""The trail and its tree on both engines: nothing lost, nothing twice, crash or no crash."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.audit.builders import NOON, Room, completed, refused, signer
from tests.faults import Crash, Faults, FaultyDatabase
from toegang.audit.event import Personal
from toegang.audit.events import LoginCompleted, LoginRefused, PersonalErased
from toegang.audit.sequencer import Sequencer
from toegang.audit.trail import Asked, check_proof
from toegang.audit.verify import Fault
from toegang.errors import ProofInvalid, Unavailable
from toegang.ids import SystemIds
from toegang.storage import Database, StatementFailed
from toegang.storage.database import inside
from toegang.units import Unit


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path / "checkpoints", signer())


async def indexes(room: Room) -> list[int | None]:
    return [recorded.index async for recorded in room.trail.events(Asked())]


class Stopped(Exception):
    """The process is no more."""


@dataclass
class FailingSink:
    """Keeps nothing until it works again."""

    works: bool = False
    kept: int = 0

    async def keep(self, note: str) -> None:
        if not self.works:
            raise Unavailable(detail="no disk")
        self.kept += len(note) > 0


async def test_an_act_whose_event_cannot_be_kept_does_not_happen(room: Room) -> None:
    async with room.database.begin() as unit:
        await inside(unit).execute("DROP TABLE trail_waiting")
    with pytest.raises((StatementFailed, Unavailable)):
        await room.record(completed(1))
    row = await room.database.one("SELECT count(*) FROM trail_personal")
    assert row == (0,)


async def test_an_event_of_a_unit_that_is_rolled_back_is_not_in_the_trail(room: Room) -> None:
    async def stop_halfway() -> None:
        async with room.database.begin() as unit:
            await room.trail.record(unit, completed(1))
            raise Stopped

    with pytest.raises(Stopped):
        await stop_halfway()
    await room.sequence()
    assert await indexes(room) == []


async def test_a_proof_for_another_trail_is_refused(room: Room) -> None:
    await room.record(completed(1), completed(2))
    await room.sequence()
    [recorded] = await room.trail.by_reference("REF-1")
    proof = await room.tree.prove(recorded.id)
    assert proof is not None
    with pytest.raises(ProofInvalid):
        check_proof(proof, signer(2).verifier())


async def test_an_event_not_yet_in_the_tree_has_no_proof_but_can_be_read(room: Room) -> None:
    await room.record(completed(1))
    [recorded] = await room.trail.by_reference("REF-1")
    assert recorded.index is None
    assert await room.tree.prove(recorded.id) is None
    assert [found.event for found in await room.trail.by_person("person-1")] == [completed(1)]


async def test_what_was_recorded_is_read_back_in_order(room: Room) -> None:
    events = [refused(number) if number % 3 == 0 else completed(number) for number in range(1200)]
    for at in range(0, len(events), 300):
        await room.record(*events[at : at + 300])
    await room.sequence(500)
    read = [recorded async for recorded in room.trail.events(Asked(personal=True))]
    assert [recorded.event for recorded in read] == events
    assert [recorded.index for recorded in read] == list(range(1200))
    window = Asked(
        names=(LoginRefused.name,),
        from_=NOON + timedelta(seconds=30),
        until=NOON + timedelta(seconds=40),
        index=31,
    )
    assert [each.index async for each in room.trail.events(window)] == [33, 36, 39]


async def test_each_event_is_proven_to_stand_in_the_trail(room: Room) -> None:
    await room.record(*(completed(number) for number in range(700)))
    await room.sequence(300)
    for number in (0, 1, 255, 256, 511, 512, 698, 699):
        [recorded] = await room.trail.by_reference(f"REF-{number}")
        proof = await room.tree.prove(recorded.id)
        assert proof is not None
        event = check_proof(proof, room.signer.verifier())
        assert isinstance(event, LoginCompleted)
        assert event.reference == f"REF-{number}"


async def test_erasing_a_person_leaves_a_trail_that_still_proves(room: Room) -> None:
    await room.record(*(completed(number) for number in range(70)))
    await room.sequence()
    await room.record(completed(71), completed(72))
    async with room.database.begin() as unit:
        assert await room.trail.erase(unit, "person-1", "request", NOON) == 11
    await room.sequence()
    assert await room.trail.by_person("person-1") == []
    [recorded] = await room.trail.by_reference("REF-1")
    assert isinstance(recorded.event, LoginCompleted)
    assert recorded.event.person is not None
    assert recorded.event.person.value is None
    findings = await room.verify()
    assert (findings.sound, findings.erased) == (True, 11)
    async with room.database.begin() as unit:
        assert await erase_before(room, unit, 10) == 8
    assert (await room.verify()).sound
    await room.sequence()
    last = [each.event async for each in room.trail.events(Asked(names=(PersonalErased.name,)))][-1]
    assert last == PersonalErased(at=NOON, count=8, ground="retention")


async def erase_before(room: Room, unit: Unit, seconds: int, limit: int = 1000) -> int:
    before = NOON + timedelta(seconds=seconds)
    return await room.trail.erase_before(unit, before, "retention", NOON, limit=limit)


async def test_what_is_old_is_erased_in_slices_between_which_others_write(room: Room) -> None:
    await room.record(*(completed(number) for number in range(25)))
    await room.record(*(completed(number) for number in range(100, 110)))
    await room.sequence()
    erased = [1]
    while erased[-1]:
        async with room.database.begin() as unit:
            erased.append(await erase_before(room, unit, 50, limit=10))
        await room.record(completed(200))
    left = await room.database.one("SELECT count(*) FROM trail_personal")

    assert (max(erased), sum(erased[1:]), left) == (10, 25, (10 + len(erased) - 1,))
    await room.sequence()
    assert (await room.verify()).sound


async def test_the_lag_tells_how_far_the_tree_is_behind(room: Room) -> None:
    await room.record(completed(0), completed(5))
    lag = await room.trail.lag(NOON + timedelta(seconds=9))
    assert (lag.waiting, lag.oldest, lag.unsent) == (2, timedelta(seconds=9), 0)
    await room.sequence()
    lag = await room.trail.lag(NOON + timedelta(seconds=9))
    assert (lag.waiting, lag.oldest, lag.unsent) == (0, timedelta(), 0)


async def test_a_checkpoint_that_could_not_leave_leaves_later(room: Room) -> None:
    sink = FailingSink()
    sequencer = Sequencer(units=room.database.units(), store=room.tree, signer=room.signer, sinks=(sink,))
    await room.record(completed(1))
    assert await sequencer.step() == 1
    await room.record(completed(2))
    assert await sequencer.step() == 1
    assert (await room.trail.lag(NOON)).unsent == 2
    sink.works = True
    assert await sequencer.step() == 0
    assert ((await room.trail.lag(NOON)).unsent, sink.kept) == (0, 2)


async def test_sixteen_writers_and_three_sequencers_leave_no_gap_and_no_duplicate(room: Room) -> None:
    writing = True

    async def write(writer: int) -> None:
        for number in range(20):
            await room.record(completed(writer * 100 + number), refused(writer * 100 + number))

    async def sequence() -> None:
        sequencer = room.sequencer(batch=37)
        while writing or await sequencer.step():
            await sequencer.step()
            await asyncio.sleep(0)

    sequencers = [asyncio.create_task(sequence()) for _ in range(3)]
    await asyncio.gather(*(write(writer) for writer in range(16)))
    writing = False
    await asyncio.gather(*sequencers)
    await room.sequence()
    read = [recorded async for recorded in room.trail.events(Asked())]
    assert [recorded.index for recorded in read] == list(range(16 * 20 * 2))
    assert len({recorded.id for recorded in read}) == 16 * 20 * 2
    assert (await room.verify()).sound


async def test_a_crash_at_any_statement_of_the_sequencer_leaves_no_gap_and_no_duplicate(room: Room) -> None:
    for at in itertools.count(1):
        await room.record(*(completed(at * 300 + number) for number in range(300)))
        faults = Faults(at)
        dying = Room(FaultyDatabase(room.database, faults), room.outside, room.signer)
        with contextlib.suppress(Crash):
            await dying.sequence()
        if not faults.happened:
            break
        assert (await room.verify()).sound
    assert at > 10
    await room.sequence()
    assert await indexes(room) == list(range(at * 300))
    findings = await room.verify()
    assert (findings.sound, findings.beyond) == (True, 0)


TAMPERINGS = (
    ("UPDATE trail SET body = hash WHERE idx = 7", Fault.EVENT_CHANGED),
    ("UPDATE trail SET reference = 'REF-X' WHERE idx = 7", Fault.COLUMN_CHANGED),
    ("DELETE FROM trail WHERE idx = 7", Fault.EVENT_MISSING),
    ("DELETE FROM trail_checkpoint", Fault.CHECKPOINT_MISSING),
    ("UPDATE trail_node SET hash = (SELECT hash FROM trail WHERE idx = 0)", Fault.NODE_CHANGED),
    ("UPDATE trail_personal SET value = 'person-9' WHERE value = 'person-1'", Fault.PERSONAL_CHANGED),
    ("DELETE FROM trail_personal WHERE value = 'person-1'", Fault.PERSONAL_MISSING),
    ("UPDATE trail_tree SET size = size - 1", Fault.EVENT_ADDED),
)


@pytest.mark.parametrize(("statement", "fault"), TAMPERINGS, ids=[str(fault) for _, fault in TAMPERINGS])
async def test_tampering_is_found(statement: str, fault: Fault, room: Room) -> None:
    await room.record(*(completed(number) for number in range(300)))
    await room.sequence(100)
    assert (await room.verify()).sound
    async with room.database.begin() as unit:
        assert await inside(unit).execute(statement) > 0
    assert fault in {finding.fault for finding in (await room.verify()).findings}


async def test_two_trails_draw_their_own_salts(room: Room) -> None:
    await room.record(completed(1), completed(1))
    rows = await room.database.all("SELECT salt FROM trail_personal")
    assert len(set(rows)) == 2
    assert len(SystemIds().token(16)) == 22


async def test_events_of_a_person_are_gone_through_page_by_page_in_the_tree_and_not_yet(room: Room) -> None:
    await room.record(*(replace(completed(number), person=Personal.of("one")) for number in range(5)))
    await room.sequence()
    await room.record(*(replace(completed(number), person=Personal.of("one")) for number in range(5, 8)))
    await room.record(completed(9))
    seen: list[str] = []
    before = None
    while page := await room.trail.by_person("one", 3, before):
        assert len(page) <= 3
        seen += [one.event.reference for one in page if isinstance(one.event, LoginCompleted)]
        before = page[-1].id
    assert seen == [f"REF-{number}" for number in range(7, -1, -1)]


async def test_one_event_is_found_with_its_values_and_their_salts(room: Room) -> None:
    await room.record(completed(1))
    [recorded] = await room.trail.by_reference("REF-1")
    assert await room.trail.find(recorded.id) == recorded
    [kept] = await room.trail.opened(recorded.id)
    assert (kept.name, kept.value) == ("person", "person-1")
    assert await room.trail.find(SystemIds().uuid()) is None
