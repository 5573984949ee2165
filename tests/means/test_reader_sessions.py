"""A reader session is one page's and one reader's; nothing is said twice, and nothing is left behind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.means.bureau import Bureau, browser
from tests.means.reading import (
    ANSWERS,
    GIVEN,
    NETWORK,
    ReadingRoom,
    Spelling,
    readers_on,
    reading_room,
)
from toegang.errors import (
    LoginElsewhere,
    Malformed,
    Misconfigured,
    NotEntitled,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    TooLarge,
    TooManyTries,
)
from toegang.means.reader.conversation import Accepted, Question, Refused, Said
from toegang.means.reader.sessions import NEXT, Action, ReaderSession, State

if TYPE_CHECKING:
    from toegang.means.reader.readers import Turn


@pytest.fixture
def room(each_bureau: Bureau) -> ReadingRoom:
    return reading_room(each_bureau)


async def test_a_code_nobody_shows_opens_nothing(room: ReadingRoom) -> None:
    for typed in ("", "BCDFGHJK", "x" * 32):
        with pytest.raises(OneTimeGone):
            await room.readers.take(typed, NETWORK, room.now)


async def test_of_two_readers_with_one_code_the_first_has_the_session(room: ReadingRoom) -> None:
    id_ = await room.begin()
    code = (await room.page(id_)).code
    results = await asyncio.gather(
        *(room.readers.take(code, NETWORK, room.now) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in results) == ["OneTimeGone", "Turn"]


async def test_a_code_is_over_after_five_minutes(room: ReadingRoom) -> None:
    id_ = await room.begin()
    code = (await room.page(id_)).code
    room.bureau.later(minutes=5)
    with pytest.raises(OneTimeGone):
        await room.readers.take(code, NETWORK, room.now)


async def test_a_network_that_guesses_codes_must_wait(room: ReadingRoom) -> None:
    for _ in range(room.readers.policy.codes.most):
        with pytest.raises(OneTimeGone):
            await room.readers.take("BCDFGHJK", NETWORK, room.now)
    code = (await room.page(await room.begin())).code
    with pytest.raises(TooManyTries):
        await room.readers.take(code, NETWORK, room.now)
    assert (await room.readers.take(code, "198.51.100.0/24", room.now)).session


async def test_what_its_purpose_does_not_admit_is_over_for_page_and_reader(room: ReadingRoom) -> None:
    room.spelling.closed.add("sanne")
    id_ = await room.begin()
    code = (await room.page(id_)).code
    with pytest.raises(NotEntitled):
        await room.readers.take(code, NETWORK, room.now)
    assert (await room.page(id_)).state is State.ENDED


async def test_a_turn_that_is_not_the_last_changes_nothing(room: ReadingRoom) -> None:
    taken = await room.take(await room.begin())
    asked = await room.say(taken, GIVEN)
    for turn in ("", "guessed", taken.turn):
        with pytest.raises(StepOutOfOrder):
            await room.readers.say(taken.session, turn, ANSWERS, room.now)
    ended = await room.say(asked, ANSWERS, session=taken.session)
    assert isinstance(ended.next, Accepted)


async def test_what_was_said_twice_at_once_counts_once(room: ReadingRoom) -> None:
    taken = await room.take(await room.begin())
    asked = await room.say(taken, GIVEN)
    results = await asyncio.gather(
        *(room.say(asked, ANSWERS, session=taken.session) for _ in range(3)), return_exceptions=True
    )
    assert sum(not isinstance(each, BaseException) for each in results) == 1
    assert len(room.spelling.concluded) == 1
    assert all(
        isinstance(each, StepOutOfOrder | OneTimeGone) for each in results if isinstance(each, Refusal)
    )


async def test_another_session_does_not_fit(room: ReadingRoom) -> None:
    own, other = await room.take(await room.begin()), await room.take(await room.begin())
    with pytest.raises(StepOutOfOrder):
        await room.readers.say(other.session, own.turn, GIVEN, room.now)
    with pytest.raises(OneTimeGone):
        await room.readers.say("guessed", own.turn, GIVEN, room.now)


@pytest.mark.parametrize("said", [ANSWERS, Said()])
async def test_answers_where_a_question_was_asked_change_nothing(room: ReadingRoom, said: Said) -> None:
    taken = await room.take(await room.begin())
    with pytest.raises(StepOutOfOrder):
        await room.say(taken, said)
    assert isinstance((await room.say(taken, GIVEN)).next, tuple)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (GIVEN, StepOutOfOrder),
        (Said(answers=(b"one",)), Malformed),
        (Said(answers=(b"one", b"two", b"three")), Malformed),
        (Said(answers=(b"x" * 131_072, b"two")), TooLarge),
    ],
)
async def test_what_was_not_asked_changes_nothing(
    room: ReadingRoom, said: Said, refusal: type[Refusal]
) -> None:
    taken = await room.take(await room.begin())
    asked = await room.say(taken, GIVEN)
    with pytest.raises(refusal):
        await room.say(asked, said, session=taken.session)
    assert isinstance((await room.say(asked, ANSWERS, session=taken.session)).next, Accepted)


async def test_what_cannot_be_read_may_be_said_again(room: ReadingRoom) -> None:
    taken = await room.take(await room.begin())
    with pytest.raises(Malformed):
        await room.say(taken, Said(given=b"{}"))
    assert isinstance((await room.say(taken, GIVEN)).next, tuple)


async def test_a_reader_has_five_minutes(room: ReadingRoom) -> None:
    id_ = await room.begin()
    taken = await room.take(id_)
    room.bureau.later(minutes=5)
    with pytest.raises(OneTimeGone):
        await room.say(taken, GIVEN)
    found = await room.page(id_)
    assert (found.state, found.lives(room.now)) == (State.TAKEN, False)


async def test_after_the_end_nothing_more_is_said(room: ReadingRoom) -> None:
    id_ = await room.begin()
    ended = await room.read(id_)
    assert (ended.turn, ended.session) == ("", "")
    for session in ("", "guessed"):
        with pytest.raises(OneTimeGone):
            await room.readers.say(session, "", ANSWERS, room.now)


async def test_a_page_is_of_one_browser(room: ReadingRoom) -> None:
    id_ = await room.begin()
    await room.read(id_)
    for doing in (room.readers.find, room.readers.end, room.readers.use):
        with pytest.raises(LoginElsewhere):
            await doing(id_, browser("other"), room.now)
    assert await room.readers.use(id_, browser(), room.now) == b"one two"


async def test_what_was_proven_is_taken_once(room: ReadingRoom) -> None:
    id_ = await room.begin()
    with pytest.raises(OneTimeGone):
        await room.readers.use(id_, browser(), room.now)
    await room.read(id_)
    results = await asyncio.gather(
        *(room.readers.use(id_, browser(), room.now) for _ in range(2)), return_exceptions=True
    )
    assert sorted(map(str, results)) == sorted(["b'one two'", ""])
    assert (await room.page(id_)).state is State.USED


@pytest.mark.parametrize(
    ("first", "advice"), [(b"garbage", "again"), (b"other", "not-accepted")], ids=["garbage", "other"]
)
async def test_what_is_refused_tells_both_what_to_do_and_proves_nothing(
    room: ReadingRoom, first: bytes, advice: str
) -> None:
    id_ = await room.begin()
    ended = await room.read(id_, Said(answers=(first, b"two")))
    assert isinstance(ended.next, Refused)
    assert ended.next.advice == (await room.page(id_)).advice == advice
    with pytest.raises(OneTimeGone):
        await room.readers.use(id_, browser(), room.now)


@pytest.mark.parametrize("by_reader", [True, False], ids=["reader", "page"])
async def test_ending_is_never_refused_and_ends_it_for_both(room: ReadingRoom, *, by_reader: bool) -> None:
    id_ = await room.begin()
    taken = await room.take(id_)
    if by_reader:
        await room.readers.leave(taken.session, room.now)
    else:
        await room.readers.end(id_, browser(), room.now)
    await room.readers.end(id_, browser(), room.now)
    assert (await room.page(id_)).state is State.ENDED
    with pytest.raises(OneTimeGone):
        await room.say(taken, GIVEN)


async def test_another_worker_goes_on_where_the_first_was(room: ReadingRoom) -> None:
    id_ = await room.begin()
    taken = await room.take(id_)
    asked = await room.say(taken, GIVEN)
    other = readers_on(room.bureau.database, room.bureau, Spelling())
    ended = await other.say(taken.session, asked.turn, ANSWERS, room.now)
    assert isinstance(ended.next, Accepted)
    assert await room.readers.use(id_, browser(), room.now) == b"one two"


async def test_what_was_said_is_kept_sealed_and_forgotten_after_the_end(room: ReadingRoom) -> None:
    database = room.bureau.database
    id_ = await room.begin()
    taken = await room.take(id_)
    asked = await room.say(taken, GIVEN)
    bodies = await database.all("SELECT kind, body FROM expiring", {})
    assert not any(b"koffie" in bytes(body) for _, body in bodies)
    assert not any(taken.session.encode() in bytes(body) for _, body in bodies)
    await room.say(asked, ANSWERS, session=taken.session)
    bodies = await database.all("SELECT kind, body FROM expiring", {})
    assert not any(kind == "reader-talk" or b"one two" in bytes(body) for kind, body in bodies)


async def test_a_purpose_that_is_not_set_up_is_the_operators_to_mend(room: ReadingRoom) -> None:
    code = (await room.page(await room.begin())).code
    bare = replace(room.readers, conversations={})
    with pytest.raises(Misconfigured):
        await bare.take(code, NETWORK, room.now)


async def test_every_step_that_is_not_in_the_table_is_refused(room: ReadingRoom) -> None:
    session = await room.page(await room.begin())
    for state, action in product(State, Action):
        after = replace(session, state=state).after(action)
        assert isinstance(after, ReaderSession) is ((state, action) in NEXT)


async def test_the_first_question_tells_nothing_about_a_person(room: ReadingRoom) -> None:
    taken: Turn = await room.take(await room.begin())
    assert taken.next == Question(asks=("word",), about={"letters": "6"})
    assert taken.kept.until - room.now == timedelta(minutes=5)
