"""The register's list is read on where we were: once each, in order, and a bad event stops no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.means.bureau import DAAN, SANNE
from tests.means.lives import Lives, lives_at
from toegang.errors import Malformed, Unavailable
from toegang.identity.life import LifeEvent
from toegang.means.citizen.account import Status
from toegang.means.life.following import MOST, SILENT_AFTER
from toegang.outbound.client import Response
from toegang.registers.events_http import LONGEST_CURSOR, parse, read

if TYPE_CHECKING:
    from tests.means.bureau import Bureau

GOOD: dict[str, Any] = {"number": 7, "kind": "death", "bsn": SANNE.digits, "at": "2027-03-01T12:00:00+01:00"}


@pytest.fixture
async def lives(each_bureau: Bureau) -> Lives:
    await each_bureau.active()
    return lives_at(each_bureau)


async def status(lives: Lives) -> Status:
    return (await lives.bureau.account()).status


async def test_an_event_that_is_told_again_is_done_once(lives: Lives) -> None:
    for _ in range(3):
        lives.register.tell("death", 1)
    await lives.look()
    lives.register.list.append(lives.register.list[0])
    await lives.look()
    assert await lives.names() == ["life:done", "account:hold-placed"]


async def test_the_later_of_two_events_counts_in_whatever_order_they_come(lives: Lives) -> None:
    await lives.told("death-withdrawn", 2)
    await lives.told("death", 1)
    assert await status(lives) is Status.ACTIVE
    await lives.told("death", 3)
    assert await status(lives) is Status.HELD


async def test_a_gap_holds_up_nothing_and_what_was_missing_is_done_when_it_comes(lives: Lives) -> None:
    await lives.told("name-change", 9)
    await lives.told("death", 5)
    assert await status(lives) is Status.HELD


async def test_what_is_told_of_nobody_of_ours_leaves_no_trace(lives: Lives) -> None:
    await lives.told("death", 1, DAAN)
    assert await lives.names() == []
    assert await lives.bureau.database.all("SELECT * FROM life_marks") == []


@pytest.mark.parametrize(
    "poison", [b"7" * 12, b'{"unknown": {}}', json.dumps(GOOD | {"number": -1}).encode()]
)
async def test_a_poisoned_event_is_set_aside_and_told_and_the_next_goes_on(
    lives: Lives, poison: bytes
) -> None:
    lives.register.list.append(poison)
    lives.register.tell("death", 1)
    await lives.look()
    lives.register.list.append(poison)
    await lives.look()
    assert await status(lives) is Status.HELD
    assert (await lives.names()).count("life:set-aside") == 1
    (aside,) = await lives.desk.store.aside(10)
    assert (aside.code, aside.tries, poison in aside.sealed) == ("malformed", 2, False)
    assert await lives.again() == 0
    assert await lives.desk.store.count_aside() == 1


async def test_what_was_set_aside_is_done_once_it_can_be(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that is missing stands for any fault of ours, which a new version mends."""
    monkeypatch.setattr("toegang.means.life.following.RULES", {})
    await lives.told("death", 1)
    assert [each.kind for each in await lives.desk.store.aside(10)] == ["death"]
    assert await status(lives) is Status.ACTIVE
    monkeypatch.undo()
    assert await lives.again() == 1
    assert await status(lives) is Status.HELD
    assert await lives.desk.store.count_aside() == 0


async def test_a_kind_that_we_do_not_know_is_passed_over(lives: Lives) -> None:
    await lives.told("sold-a-boat", 1)
    assert await lives.names() == []


async def test_a_register_that_does_not_answer_is_told_once_and_so_is_its_return(lives: Lives) -> None:
    await lives.look()
    lives.register.away = True
    lives.bureau.later(minutes=59)
    await lives.look()
    assert await lives.names() == []
    lives.bureau.clock.advance(SILENT_AFTER)
    for _ in range(3):
        await lives.look()
    assert await lives.names() == ["register:silent"]
    lives.register.away = False
    lives.register.tell("death", 1)
    await lives.look()
    assert await lives.names() == [
        "register:silent",
        "life:done",
        "account:hold-placed",
        "register:heard",
    ]


async def test_a_long_list_is_read_in_parts(lives: Lives) -> None:
    for number in range(1, MOST + 6):
        lives.register.tell("name-change", number)
    assert [await lives.look() for _ in range(3)] == [MOST, 5, 0]
    assert (await lives.names()).count("life:done") == MOST + 5


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "7"},
        {"number": 0},
        {"number": 2**63},
        {"bsn": "123456789"},
        {"bsn": 999990019},
        {"at": "yesterday"},
        {"at": "2027-03-01T12:00:00"},
        {"newBsn": DAAN.digits},
        {"kind": "number-correction"},
        {"kind": "number-correction", "newBsn": SANNE.digits},
        {"kind": "number-correction", "newBsn": f"{SANNE.digits[:4]}.{SANNE.digits[4:6]}.{SANNE.digits[6:]}"},
        {"kind": "document-lost"},
        {"document": {"type": "passport", "number": "SPECI2027"}},
        {"kind": "document-lost", "document": {"type": "library-card", "number": "1"}},
        {"kind": "document-lost", "document": {"type": "passport", "number": "' OR 1=1"}},
        {"kind": "document-lost", "document": {"type": "passport", "number": ""}},
    ],
)
def test_an_event_is_read_strictly_and_its_refusal_repeats_nothing(changes: dict[str, object]) -> None:
    with pytest.raises(Malformed) as refused:
        parse(json.dumps(GOOD | changes).encode())
    assert SANNE.digits not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_an_event_that_is_nested_without_end_is_set_aside_like_any_other() -> None:
    with pytest.raises(Malformed):
        parse(b'{"more": ' + b"[" * 2_000)


def test_an_event_that_is_as_agreed_is_read() -> None:
    notice = parse(json.dumps(GOOD | {"later": "member"}).encode())
    assert notice is not None
    assert (notice.number, notice.event, notice.at.isoformat()) == (
        7,
        LifeEvent.DEATH,
        "2027-03-01T11:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("status_", "body"),
    [
        (404, b'{"events": [], "next": ""}'),
        (200, b"[]"),
        (200, b'{"events": []}'),
        (200, b'{"events": [1, 2, 3], "next": ""}'),
        (200, json.dumps({"events": [], "next": "x" * (LONGEST_CURSOR + 1)}).encode()),
    ],
)
def test_a_list_in_another_form_is_no_answer(status_: int, body: bytes) -> None:
    with pytest.raises(Unavailable):
        read(Response(status=status_, headers={}, body=body), 2)
