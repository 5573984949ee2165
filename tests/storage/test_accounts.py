"""Accounts in the database: one name, one active account per person, counts that no one loses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from toegang.errors import AccountClosed, Refusal
from toegang.identity.people import PersonId
from toegang.ids import SystemIds
from toegang.means.citizen.account import Account, AccountId, Device, Status
from toegang.storage import Database, StatementFailed
from toegang.storage.accounts import AccountTable, DeviceTable

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
IDS = SystemIds()
NAME = b"n" * 32
ALONG = timedelta(days=1)


def account(**changes: object) -> Account:
    made = Account(
        id=AccountId(IDS.uuid()),
        person=PersonId(IDS.uuid()),
        status=Status.ACTIVE,
        name=IDS.token().encode(),
        password="1$argon2id$fake",
        language="nl",
        since=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def keep(database: Database, kept: Account) -> bool:
    async with database.begin() as unit:
        return await AccountTable(database).add(unit, kept, NOW)


async def test_an_account_comes_back_as_it_was_kept(database: Database) -> None:
    full = account(
        number=b"sealed",
        number_since=NOW,
        until=NOW + ALONG,
        failures=3,
        activated_at=NOW,
        last_used_at=NOW,
        proofs_from=NOW,
        checked_at=NOW,
        ended_at=NOW,
    )
    store = AccountTable(database)
    assert await keep(database, full)
    assert await store.find(full.id) == full
    assert full.name is not None
    assert await store.find_by_name(full.name) == full
    assert full.person is not None
    assert await store.of_person(full.person) == (full,)
    assert await store.find(AccountId(IDS.uuid())) is None


async def test_a_name_belongs_to_one_account(database: Database) -> None:
    assert await keep(database, account(name=NAME))
    other = account(name=NAME)
    assert not await keep(database, other)
    assert await AccountTable(database).find(other.id) is None


async def test_of_many_who_want_one_name_exactly_one_gets_it(database: Database) -> None:
    results = await asyncio.gather(*(keep(database, account(name=NAME)) for _ in range(16)))
    assert results.count(True) == 1


async def test_a_person_has_one_account_that_was_activated(database: Database) -> None:
    first = account()
    waiting = account(person=first.person, status=Status.REQUESTED, until=NOW + ALONG)
    assert await keep(database, first)
    assert await keep(database, waiting)
    with pytest.raises(StatementFailed):
        async with database.begin() as unit:
            await AccountTable(database).change(
                unit, waiting.id, lambda kept: replace(kept, status=Status.ACTIVE)
            )
    kept = await AccountTable(database).find(waiting.id)
    assert kept is not None
    assert kept.status is Status.REQUESTED


async def test_a_lapsed_application_frees_its_name_and_a_living_one_does_not(database: Database) -> None:
    lapsed = account(name=NAME, status=Status.REQUESTED, until=NOW, person=None)
    assert await keep(database, lapsed)
    assert await keep(database, account(name=NAME, status=Status.REQUESTED, until=NOW + ALONG))
    assert not await keep(database, account(name=NAME))
    kept = await AccountTable(database).find(lapsed.id)
    assert kept is not None
    assert (kept.status, kept.name, kept.password, kept.ended_at) == (Status.ENDED, None, None, NOW)


async def test_a_refused_change_writes_nothing(database: Database) -> None:
    kept = account()
    await keep(database, kept)
    async with database.begin() as unit:
        result = await AccountTable(database).change(unit, kept.id, lambda _: AccountClosed())
    assert isinstance(result, Refusal)
    assert await AccountTable(database).find(kept.id) == kept


async def test_changing_what_is_not_there_gives_nothing(database: Database) -> None:
    async with database.begin() as unit:
        assert await AccountTable(database).change(unit, AccountId(IDS.uuid()), lambda kept: kept) is None


async def test_sixty_four_failures_at_once_are_all_counted(database: Database) -> None:
    await keep(database, account(name=NAME))

    async def count() -> int | None:
        async with database.begin() as unit:
            return await AccountTable(database).count_failure(unit, NAME)

    counts = await asyncio.gather(*(count() for _ in range(64)))
    assert sorted(filter(None, counts)) == list(range(1, 65))


async def test_a_failure_of_nobodys_name_counts_for_nobody(database: Database) -> None:
    async with database.begin() as unit:
        assert await AccountTable(database).count_failure(unit, NAME) is None


async def test_lapsed_applications_are_erased_some_at_a_time(database: Database) -> None:
    for _ in range(3):
        await keep(database, account(status=Status.REQUESTED, until=NOW))
    await keep(database, account(status=Status.REQUESTED, until=NOW + ALONG))
    async with database.begin() as unit:
        store = AccountTable(database)
        assert [await store.lapse(unit, NOW, 2), await store.lapse(unit, NOW, 2)] == [2, 1]


def device(of: Account, token: bytes, at: datetime = NOW) -> Device:
    return Device(account=of.id, token=token, since=at, last_used_at=at)


async def remember(database: Database, seen: Device, most: int = 20) -> None:
    async with database.begin() as unit:
        await DeviceTable(database).remember(unit, seen, most)


async def test_a_device_is_known_for_its_account_only_and_not_for_ever(database: Database) -> None:
    mine, other = account(name=NAME), account(name=b"o" * 32)
    for each in (mine, other):
        await keep(database, each)
    await remember(database, device(mine, b"token"))
    store = DeviceTable(database)
    assert await store.known(NAME, b"token", NOW) == device(mine, b"token")
    assert await store.known(b"o" * 32, b"token", NOW) is None
    assert await store.known(NAME, b"other", NOW) is None
    assert await store.known(NAME, b"token", NOW + ALONG) is None


async def test_only_the_last_used_devices_are_kept(database: Database) -> None:
    mine = account()
    await keep(database, mine)
    for number in range(4):
        await remember(database, device(mine, bytes([number]), NOW + number * ALONG), most=2)
    kept = await DeviceTable(database).of_account(mine.id)
    assert [each.token for each in kept] == [bytes([3]), bytes([2])]


async def test_a_device_that_fails_too_often_is_known_no_more(database: Database) -> None:
    mine = account(name=NAME)
    await keep(database, mine)
    seen = device(mine, b"token")
    await remember(database, seen)
    store = DeviceTable(database)
    for count in (1, 2, None):
        async with database.begin() as unit:
            await store.count_failure(unit, seen, 3)
        known = await store.known(NAME, b"token", NOW)
        assert (known.failures if known else None) == count


async def test_forgetting_leaves_at_most_the_one_that_asks(database: Database) -> None:
    mine = account()
    await keep(database, mine)
    store = DeviceTable(database)
    for token in (b"a", b"b"):
        await remember(database, device(mine, token))
    async with database.begin() as unit:
        await store.forget(unit, mine.id, b"b")
    assert [each.token for each in await store.of_account(mine.id)] == [b"b"]
    async with database.begin() as unit:
        await store.forget(unit, mine.id)
    assert await store.of_account(mine.id) == ()
