"""The outbox on both engines: no message for two senders, none lost, nothing left of what was sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.conftest import NOON
from toegang.ids import SystemIds
from toegang.post.budget import HOUR
from toegang.post.outbox import Claim, Fate, Sealed
from toegang.storage.outbox import SHARDS, Outboxes, SmsCounts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from toegang.storage import Database

SECOND = timedelta(seconds=1)
LATER = NOON + timedelta(hours=1)


def sealed(kind: str = "sms") -> Sealed:
    return Sealed(
        id=SystemIds().uuid(),
        kind=kind,
        to_party="gateway",
        sealed=b"\x00sealed",
        until=LATER,
        not_before=NOON,
        put_at=NOON,
        purpose="login-code",
    )


async def put(database: Database, *messages: Sealed) -> None:
    async with database.begin() as unit:
        for message in messages:
            await Outboxes(database).add(unit, message)


async def claim(
    database: Database, name: str = "one", limit: int = 10, kind: str = "sms"
) -> Sequence[Sealed]:
    async with database.begin() as unit:
        asked = Claim(name=name, kind=kind, limit=limit, until=NOON + SECOND)
        return await Outboxes(database).claim(unit, asked, NOON)


async def test_an_older_claim_may_not_settle_or_postpone(database: Database) -> None:
    await put(database, sealed())
    (old,) = await claim(database)
    async with database.begin() as unit:
        newer = Claim(name="two", kind="sms", limit=1, until=NOON + 2 * SECOND)
        (new,) = await Outboxes(database).claim(unit, newer, NOON + SECOND)
        assert not await Outboxes(database).settle(unit, old, Fate.DELIVERED, NOON)
        assert not await Outboxes(database).postpone(unit, old, NOON)
        assert await Outboxes(database).settle(unit, new, Fate.DELIVERED, NOON)
        assert not await Outboxes(database).settle(unit, new, Fate.DELIVERED, NOON)
    assert (old.attempts, new.attempts) == (1, 2)


async def test_of_many_senders_each_message_goes_to_exactly_one(database: Database) -> None:
    await put(database, *(sealed() for _ in range(40)))
    claims = await asyncio.gather(*(claim(database, f"sender-{number}", 5) for number in range(16)))
    ids: list[UUID] = [message.id for claimed in claims for message in claimed]
    assert len(ids) == len(set(ids))
    rest = [message.id for _ in range(8) for message in await claim(database, "rest", 5)]
    assert len({*ids, *rest}) == 40


async def test_a_claim_takes_one_kind_only_and_the_oldest_first(database: Database) -> None:
    old, other = sealed(), sealed("letter")
    await put(database, sealed(), other, old)
    assert [each.id for each in await claim(database, kind="letter")] == [other.id]
    assert len(await claim(database, limit=1)) == 1
    assert len(await claim(database, "two")) == 1


async def test_a_kept_message_comes_back_whole(database: Database) -> None:
    message = sealed()
    await put(database, message)
    (found,) = await claim(database)
    assert (found.sealed, found.until, found.put_at, found.purpose) == (
        message.sealed,
        LATER,
        NOON,
        "login-code",
    )
    assert (found.claim, found.not_before) == ("one", NOON + SECOND)


async def test_of_a_settled_message_nothing_but_its_id_and_fate_is_left(database: Database) -> None:
    await put(database, sealed())
    (found,) = await claim(database)
    async with database.begin() as unit:
        await Outboxes(database).settle(unit, found, Fate.DELIVERED, NOON)
    assert await database.all("SELECT sealed, fate FROM outbox") == [(None, "delivered")]
    assert await claim(database) == []


async def test_a_postponed_message_is_due_at_its_new_time(database: Database) -> None:
    await put(database, sealed())
    (found,) = await claim(database)
    async with database.begin() as unit:
        assert await Outboxes(database).postpone(unit, found, NOON)
    assert len(await claim(database, "two")) == 1


async def test_the_backlog_counts_what_is_due_per_kind(database: Database) -> None:
    await put(database, sealed(), sealed(), sealed("letter"))
    backlog = await Outboxes(database).backlog(NOON)
    assert [(each.kind, each.waiting, each.oldest) for each in backlog] == [
        ("letter", 1, NOON),
        ("sms", 2, NOON),
    ]
    assert await Outboxes(database).backlog(NOON - SECOND) == []


async def test_sweeping_takes_what_was_settled_before_and_nothing_that_waits(database: Database) -> None:
    await put(database, sealed(), sealed())
    (found,) = await claim(database, limit=1)
    async with database.begin() as unit:
        await Outboxes(database).settle(unit, found, Fate.EXPIRED, NOON)
    async with database.begin() as unit:
        assert await Outboxes(database).sweep(unit, NOON) == 0
        assert await Outboxes(database).sweep(unit, NOON + SECOND) == 1
    assert await database.one("SELECT COUNT(*) FROM outbox") == (1,)


async def test_codes_are_counted_per_country_and_hour_whichever_row_they_fall_in(database: Database) -> None:
    counts = SmsCounts(database)
    async with database.begin() as unit:
        for step in range(2 * SHARDS):
            await counts.count(unit, "+31", NOON + timedelta(microseconds=step), sent=1)
        await counts.count(unit, "+31", NOON, used=3)
        await counts.count(unit, "+32", NOON + HOUR, sent=1)
        spent = await counts.spent(unit, NOON, NOON + HOUR)
    assert [(each.prefix, each.sent, each.used) for each in spent] == [("+31", 2 * SHARDS, 3)]
