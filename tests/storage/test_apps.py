"""Apps in the database, on both engines: kept as they were, changed one after another, stopped together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import AppClosed, Refusal
from toegang.ids import SystemIds
from toegang.means.app.values import App, AppId, AppStatus
from toegang.means.app.watching import KEPT
from toegang.means.citizen.account import AccountId
from toegang.storage import Database
from toegang.storage.apps import AppChanges, AppTable

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
IDS = SystemIds()


def app(**changes: object) -> App:
    made = App(
        id=AppId(IDS.uuid()),
        account=AccountId(IDS.uuid()),
        means=MeansId("toegang-app"),
        status=AppStatus.ACTIVE,
        name="Telefoon van Sanne",
        level=Level.LOW,
        device_key=b"x.y",
        pin_key=b"sealed",
        turn=b"t" * 32,
        since=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def keep(database: Database, *kept: App) -> None:
    async with database.begin() as unit:
        for each in kept:
            await AppTable(database).add(unit, each)


async def test_an_app_comes_back_as_it_was_kept(database: Database) -> None:
    full = app(
        turn_before=b"b" * 32,
        failures=3,
        activated_at=NOW,
        last_used_at=NOW,
        ended_at=NOW,
        ended_by="copied",
        status=AppStatus.BLOCKED,
        checked_at=NOW,
        level_before=Level.BASIC,
    )
    await keep(database, full, app())
    store = AppTable(database)
    assert await store.find(full.id) == full
    assert await store.of_account(full.account) == (full,)
    assert await store.find(AppId(IDS.uuid())) is None


async def test_an_accounts_apps_are_those_that_were_not_stopped_oldest_first(database: Database) -> None:
    first = app()
    later = app(account=first.account, since=NOW + timedelta(hours=1), status=AppStatus.PENDING)
    await keep(database, later, first, app(account=first.account, status=AppStatus.STOPPED))
    assert await AppTable(database).of_account(first.account) == (first, later)


async def test_changes_at_once_are_all_made_one_after_another(database: Database) -> None:
    kept, store = app(), AppTable(database)
    await keep(database, kept)

    async def miss() -> App | Refusal | None:
        async with database.begin() as unit:
            return await store.change(unit, kept.id, lambda held: held.refusal or held.missed(5))

    results = await asyncio.gather(*(miss() for _ in range(16)))
    assert sum(isinstance(each, AppClosed) for each in results) == 11
    after = await store.find(kept.id)
    assert after is not None
    assert (after.status, after.failures) == (AppStatus.BLOCKED, 5)


async def test_a_refused_change_writes_nothing(database: Database) -> None:
    kept, store = app(), AppTable(database)
    await keep(database, kept)
    async with database.begin() as unit:
        assert isinstance(await store.change(unit, kept.id, lambda _: AppClosed("stopped")), AppClosed)
        assert await store.change(unit, AppId(IDS.uuid()), lambda held: held) is None
    assert await store.find(kept.id) == kept


async def test_all_apps_of_an_account_stop_together_and_lose_their_names(database: Database) -> None:
    kept, other = app(), app()
    blocked = app(account=kept.account, status=AppStatus.BLOCKED, since=NOW + timedelta(hours=1))
    await keep(database, kept, blocked, other)
    store = AppTable(database)
    async with database.begin() as unit:
        assert await store.stop_all(unit, kept.account, "misuse", NOW) == (kept, blocked)
    async with database.begin() as unit:
        assert await store.stop_all(unit, kept.account, "ended", NOW) == ()
    stopped = await store.find(kept.id)
    assert stopped == replace(kept, status=AppStatus.STOPPED, name="", ended_at=NOW, ended_by="misuse")
    assert await store.of_account(kept.account) == ()
    assert await store.find(other.id) == other


async def test_what_changed_lately_is_known_and_forgotten_later(database: Database) -> None:
    store, key = AppChanges(database), b"k" * 32
    async with database.begin() as unit:
        await store.note(unit, key, NOW)
        await store.note(unit, key, NOW + timedelta(seconds=1))
        await store.note(unit, b"o" * 32, NOW)
    assert await store.since(NOW + timedelta(seconds=1)) == {key}
    assert await store.since(NOW) == {key, b"o" * 32}
    async with database.begin() as unit:
        assert await store.sweep(unit, NOW + KEPT, 10) == 0
        assert await store.sweep(unit, NOW + KEPT + timedelta(seconds=1), 10) == 1
    assert await store.since(NOW) == {key}
