"""Passkeys in the database, on both engines: kept as they were, one per credential, stopped together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import PasskeyRefused, Refusal
from toegang.ids import SystemIds
from toegang.means.citizen.account import AccountId
from toegang.means.passkey.values import Passkey, PasskeyId, PasskeyStatus, Used
from toegang.storage import Database
from toegang.storage.passkeys import PasskeyTable

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
IDS = SystemIds()


def passkey(**changes: object) -> Passkey:
    made = Passkey(
        id=PasskeyId(IDS.uuid()),
        account=AccountId(IDS.uuid()),
        means=MeansId("toegang-passkey"),
        status=PasskeyStatus.ACTIVE,
        name="Laptop van Sanne",
        level=Level.LOW,
        credential=IDS.secret(32),
        public_key=b"key",
        handle=b"h" * 32,
        count=0,
        eligible=False,
        backed_up=False,
        model="00000000-0000-0000-0000-000000000000",
        attested=False,
        since=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def keep(database: Database, *kept: Passkey) -> list[bool]:
    async with database.begin() as unit:
        return [await PasskeyTable(database).add(unit, each) for each in kept]


async def test_a_passkey_comes_back_as_it_was_kept(database: Database) -> None:
    full = passkey(
        count=2**32 - 1,
        eligible=True,
        backed_up=True,
        attested=True,
        transports=("internal", "hybrid"),
        last_used_at=NOW,
        ended_at=NOW,
        ended_by="copied",
    )
    assert await keep(database, full, passkey()) == [True, True]
    store = PasskeyTable(database)
    assert await store.find(full.id) == full
    assert await store.find_by_credential(full.credential) == full
    assert await store.of_account(full.account) == (full,)
    assert await store.find(PasskeyId(IDS.uuid())) is None
    assert await store.find_by_credential(b"another") is None


async def test_a_credential_is_kept_once_and_stays_taken_when_it_is_stopped(database: Database) -> None:
    first = passkey(status=PasskeyStatus.STOPPED)
    assert await keep(database, first, passkey(credential=first.credential)) == [True, False]
    assert await PasskeyTable(database).find_by_credential(first.credential) == first


async def test_of_many_who_bring_one_credential_at_once_one_keeps_it(database: Database) -> None:
    same = [passkey(credential=b"the same") for _ in range(8)]
    kept = await asyncio.gather(*(keep(database, each) for each in same))
    assert sorted(each for (each,) in kept) == [False] * 7 + [True]


async def test_an_accounts_passkeys_are_those_that_were_not_stopped_oldest_first(database: Database) -> None:
    first = passkey()
    later = passkey(account=first.account, since=NOW + timedelta(hours=1))
    await keep(database, later, first, passkey(account=first.account, status=PasskeyStatus.STOPPED))
    assert await PasskeyTable(database).of_account(first.account) == (first, later)


async def test_of_uses_at_once_with_one_count_the_first_counts(database: Database) -> None:
    kept, store = passkey(), PasskeyTable(database)
    await keep(database, kept)

    def used(held: Passkey) -> Passkey | Refusal:
        if held.is_copied(1):
            return PasskeyRefused(why="copied")
        return held.used(Used(count=1, eligible=False, backed_up=False), NOW)

    async def use() -> Passkey | Refusal | None:
        async with database.begin() as unit:
            return await store.change(unit, kept.id, used)

    results = await asyncio.gather(*(use() for _ in range(8)))
    assert sum(isinstance(each, Passkey) for each in results) == 1


async def test_every_passkey_of_an_account_is_stopped_and_loses_its_name(database: Database) -> None:
    mine, store = passkey(), PasskeyTable(database)
    other = passkey()
    await keep(database, mine, passkey(account=mine.account, status=PasskeyStatus.STOPPED), other)
    async with database.begin() as unit:
        assert await store.stop_all(unit, mine.account, "ended", NOW) == (mine,)
        assert await store.stop_all(unit, mine.account, "ended", NOW) == ()
    stopped = await store.find(mine.id)
    assert stopped == mine.stopped("ended", NOW)
    assert await store.find(other.id) == other
