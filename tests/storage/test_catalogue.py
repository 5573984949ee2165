"""The catalogue's store: numbered changes, one writer's turn at a time, and every node in step."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.catalogue import Size, client_id, fill
from tests.catalogue import builders as b
from toegang.audit.events import CatalogueCount
from toegang.catalogue import gate
from toegang.catalogue.check import Basis, check_text
from toegang.catalogue.exchange import CatalogueExchange, Order
from toegang.catalogue.export import as_text
from toegang.catalogue.records import Change, Key, RecordKind
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import ClientId, Record
from toegang.catalogue.watch import PAGE, load, open_catalogue
from toegang.catalogue.write import CatalogueEditor, Edit, _counted
from toegang.errors import PartyClosed, Unavailable
from toegang.ids import SystemIds
from toegang.storage import Database, database_at, inside
from toegang.storage.catalogue import _RECORDS, CatalogueTables
from toegang.storage.trail import TrailTables

ALL = tuple(Change.put(record) for record in b.snapshot().records())


@pytest.fixture
def store(database: Database) -> CatalogueTables:
    return CatalogueTables(database)


async def written(database: Database, changes: Sequence[Change], based_on: int) -> int | None:
    async with database.begin() as unit:
        return await CatalogueTables(database).write(unit, changes, based_on)


async def test_a_write_based_on_an_old_catalogue_writes_nothing(
    database: Database, store: CatalogueTables
) -> None:
    assert await written(database, ALL, 0) == len(ALL)
    assert await written(database, [Change.remove(b.service())], 0) is None
    assert await store.version() == len(ALL)
    assert (await load(store)).service(b.PERMIT) == b.service()


async def test_of_many_writers_on_the_same_base_one_wins(
    make_database: Callable[[], Database],
) -> None:
    nodes = [make_database() for _ in range(8)]
    for node in nodes:
        await node.open()
    puts = [[Change.put(b.client(id=ClientId(f"client-{at}")))] for at in range(8)]
    results = await asyncio.gather(*(written(node, put, 0) for node, put in zip(nodes, puts, strict=True)))
    assert sorted(results, key=str) == [1, *[None] * 7]
    assert len(await load(CatalogueTables(nodes[0]))) == 1


async def test_a_write_that_is_rolled_back_leaves_no_gap(database: Database, store: CatalogueTables) -> None:
    with pytest.raises(RuntimeError, match="crash"):
        await _crashing(database)
    assert await store.version() == 0
    assert (await store.changes(0, 10)).changes == ()
    assert await written(database, ALL, 0) == len(ALL)


async def _crashing(database: Database) -> None:
    async with database.begin() as unit:
        await CatalogueTables(database).write(unit, ALL, 0)
        message = "crash"
        raise RuntimeError(message)


async def test_every_kind_of_record_comes_back_as_it_was_written(
    database: Database, store: CatalogueTables
) -> None:
    await written(database, ALL, 0)
    assert await load(store) == Snapshot.of([change.record for change in ALL if change.record], len(ALL))


async def test_of_two_changes_to_one_record_in_one_write_the_last_counts(
    database: Database, store: CatalogueTables
) -> None:
    changes = [Change.put(b.means()), Change.put(b.means(blocked=True)), Change.remove(b.person())]
    assert await written(database, changes, 0) == 2
    means = (await load(store)).means(b.ACCOUNT)
    assert means is not None
    assert means.blocked


async def test_changes_are_read_in_pages_that_end_where_they_say(
    database: Database, store: CatalogueTables
) -> None:
    await written(database, ALL, 0)
    first, rest = await store.changes(0, 2), await store.changes(2, 100)
    assert (first.version, rest.version) == (2, len(ALL))
    assert [*first.changes, *rest.changes] == list(ALL)
    assert (await store.changes(len(ALL), 10)).version == len(ALL)


async def test_more_records_than_a_page_are_loaded_and_followed(
    database: Database, store: CatalogueTables
) -> None:
    catalogue = await open_catalogue(store)
    many = [Change.put(b.client(id=ClientId(f"client-{at}"))) for at in range(2 * PAGE + 1)]
    await written(database, many, 0)
    assert await catalogue.refresh()
    assert catalogue.current == await load(store)
    assert len(catalogue.current) == 2 * PAGE + 1


async def test_a_page_is_read_from_its_place_and_not_from_the_first_record(
    sqlite_template: Path, tmp_path: Path
) -> None:
    # SQLite alone: it once took the kinds for the better index, and read all records before it for each page.
    database = database_at(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'pages.db')}")
    await database.open()
    plan = await database.all(f"EXPLAIN QUERY PLAN {_RECORDS}", {"kind": "client", "key": "m", "limit": PAGE})
    assert [row[-1] for row in plan] == ["SEARCH catalogue_record USING PRIMARY KEY ((kind,key)>(?,?))"]
    await database.close()


async def test_a_change_is_seen_by_every_node_as_a_delta(make_database: Callable[[], Database]) -> None:
    one, two = make_database(), make_database()
    await one.open()
    await two.open()
    await written(one, ALL, 0)
    catalogue = await open_catalogue(CatalogueTables(two))
    before = catalogue.current
    await written(one, [Change.put(b.means(blocked=True))], len(ALL))
    assert await catalogue.refresh()
    assert not await catalogue.refresh()
    means = catalogue.current.means(b.ACCOUNT)
    assert means is not None
    assert means.blocked
    assert catalogue.current.client(b.PORTAL) is before.client(b.PORTAL)  # shared: it was no reload


async def test_after_any_writes_every_node_holds_what_a_fresh_load_gives(
    make_database: Callable[[], Database],
) -> None:
    """Four nodes look at different moments; in the end, and whenever they look, they are right."""
    nodes = [make_database() for _ in range(4)]
    for node in nodes:
        await node.open()
    catalogues = [await open_catalogue(CatalogueTables(node)) for node in nodes]
    records: list[Record] = [b.organisation(), b.service(), b.client(), b.means(), b.person()]
    version = 0
    for step in range(30):
        record = replace(records[step % 5], enabled=step % 3 == 0)
        change = Change.remove(record) if step % 7 == 6 else Change.put(record)
        version = await written(nodes[step % 4], [change, Change.put(b.hub())], version) or version
        looking = catalogues[step % 3]
        await looking.refresh()
        assert looking.current == await load(CatalogueTables(nodes[0]))
    for catalogue in catalogues:
        await catalogue.refresh()
        assert catalogue.current == await load(CatalogueTables(nodes[0]))


async def test_a_load_while_others_write_is_the_catalogue_of_one_moment(
    make_database: Callable[[], Database],
) -> None:
    one, two = make_database(), make_database()
    await one.open()
    await two.open()
    many = [Change.put(b.client(id=ClientId(f"client-{at:04}"))) for at in range(3 * PAGE)]
    version = await written(one, many, 0)
    loading = asyncio.create_task(load(CatalogueTables(two)))
    for at in range(20):
        off = [Change.put(b.client(id=ClientId(f"client-{n:04}"), enabled=False)) for n in (at, 1400 + at)]
        version = await written(one, off, version or 0)
    snapshot = await loading
    off_first = {at for at in range(20) if _is_off(snapshot, at)}
    off_last = {at for at in range(20) if _is_off(snapshot, 1400 + at)}
    assert off_first == off_last == set(range(len(off_first)))


def _is_off(snapshot: Snapshot, at: int) -> bool:
    client = snapshot.client(ClientId(f"client-{at:04}"))
    return client is not None and not client.enabled


async def test_a_database_restored_from_a_backup_is_loaded_anew(
    database: Database, store: CatalogueTables
) -> None:
    await written(database, ALL, 0)
    catalogue = await open_catalogue(store)
    async with database.begin() as unit:
        await inside(unit).execute("UPDATE catalogue_head SET version = 1 WHERE id = 1")
        await inside(unit).execute("DELETE FROM catalogue_change WHERE number > 1")
        await inside(unit).execute("DELETE FROM catalogue_record WHERE kind <> 'organisation'")
    assert await catalogue.refresh()
    assert catalogue.current.version == 1
    assert catalogue.current.client(b.PORTAL) is None


async def test_a_watch_brings_a_change_within_its_interval_and_stops_when_told(
    database: Database, store: CatalogueTables
) -> None:
    catalogue, stop = await open_catalogue(store), asyncio.Event()
    watching = asyncio.create_task(catalogue.watch(stop, interval=0.01))
    await written(database, ALL, 0)
    async with asyncio.timeout(5):
        while catalogue.current.version != len(ALL):  # noqa: ASYNC110 nothing tells but the store
            await asyncio.sleep(0)
        stop.set()
        await watching
    assert catalogue.unseen_for < 5


async def test_a_watch_outlives_a_store_that_is_away(sqlite_template: Path, tmp_path: Path) -> None:
    # SQLite alone: closing it is the plainest way to be away, and the watch does not know the engine.
    path = shutil.copy(sqlite_template, tmp_path / "away.db")
    database = database_at(f"sqlite:///{path}")
    await database.open()
    catalogue, stop = await open_catalogue(CatalogueTables(database)), asyncio.Event()
    await database.close()
    with pytest.raises(Unavailable):
        await catalogue.refresh()
    watching = asyncio.create_task(catalogue.watch(stop, interval=0.01))
    await database.open()
    await written(database, ALL, 0)
    async with asyncio.timeout(5):
        while catalogue.current.version != len(ALL):  # noqa: ASYNC110 nothing tells but the store
            await asyncio.sleep(0)
        stop.set()
        await watching
    await database.close()


async def test_an_edit_and_its_event_are_written_together_or_not_at_all(database: Database) -> None:
    editor = CatalogueEditor(
        store=CatalogueTables(database), trail=TrailTables(database=database, ids=SystemIds())
    )
    base = Snapshot.of([])
    edit = Edit(base=base, changes=ALL, by="operator-1", reason="decision 2026-1")
    async with database.begin() as unit:
        assert await editor.write(unit, edit, b.NOW) == len(ALL)
    async with database.begin() as unit:
        assert await editor.write(unit, edit, b.NOW) is None
    rows = await database.all("SELECT body FROM trail_waiting")
    assert len(rows) == 1
    assert b"decision 2026-1" in bytes(rows[0][0])


async def test_an_import_tells_what_it_changed_and_a_second_one_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    exchange = CatalogueExchange(
        store=CatalogueTables(database),
        trail=TrailTables(database=database, ids=SystemIds()),
        units=database.units(),
    )
    order = Order(paths=(b.EXAMPLE,), by="command", reason="first fill", now=b.NOW)
    first = await exchange.import_(order)
    assert first.problems == ()
    assert first.version == len(first.differences) > 10
    again = await exchange.import_(order)
    assert (again.version, again.differences) == (first.version, ())
    await exchange.export_to(tmp_path)
    back = await exchange.import_(replace(order, paths=(tmp_path,), complete=True))
    assert (back.version, back.differences, back.problems) == (first.version, (), ())


async def test_an_import_with_a_problem_writes_nothing(database: Database, tmp_path: Path) -> None:
    store = CatalogueTables(database)
    trail = TrailTables(database=database, ids=SystemIds())
    exchange = CatalogueExchange(store=store, trail=trail, units=database.units())
    bad = tmp_path / "bad.yaml"
    bad.write_text(b.EXAMPLE.read_text(encoding="utf-8").replace("kind: private", "kind: x", 1), "utf-8")
    result = await exchange.import_(Order(paths=(bad,), by="command", reason="oops", now=b.NOW))
    assert result.problems
    assert (await store.version(), result.version, result.differences) == (0, 0, ())
    assert await database.all("SELECT id FROM trail_waiting") == []


def test_an_event_counts_what_was_added_changed_and_removed_per_kind() -> None:
    changes = (
        Change.put(b.means(blocked=True)),
        Change.put(b.client(id=ClientId("new"))),
        Change(kind=RecordKind.SERVICE, key=Key(str(b.PERMIT)), body=None),
    )
    assert _counted(b.snapshot(), changes) == (
        CatalogueCount(kind="service", removed=1),
        CatalogueCount(kind="client", added=1),
        CatalogueCount(kind="means", changed=1),
    )


async def test_a_fiftieth_of_the_health_care_sector_is_loaded_checked_and_changed_at_once(
    database: Database, store: CatalogueTables
) -> None:
    """The full size is a bench (`./toegang bench catalogue`): its figures depend on the machine."""
    size = Size.scaled(1 / 50)
    await fill(database, size)
    catalogue = await open_catalogue(store)
    before = catalogue.current
    assert len(before) == 1 + size.organisations + size.services + size.clients
    assert check_text(as_text(before), Basis(before=before, now=b.NOW, complete=True)).problems == ()
    client = gate.open_client(before, client_id(7), b.NOW)
    assert gate.open_service(before, client.services[0], client, b.NOW).organisation == client.organisation
    off = [Change.put(replace(record, enabled=False)) for record in before.records()]
    await written(database, off, before.version)
    assert await catalogue.refresh()
    assert catalogue.current == await load(store)
    with pytest.raises(PartyClosed):
        gate.open_client(catalogue.current, client_id(7), b.NOW)
    assert gate.open_client(before, client_id(7), b.NOW) == client


async def test_kinds_of_a_newer_version_are_passed_over(database: Database, store: CatalogueTables) -> None:
    await written(database, ALL, 0)
    catalogue = await open_catalogue(store)
    async with database.begin() as unit:
        for statement in (
            "INSERT INTO catalogue_record VALUES ('client2', 'x', '{}')",
            "INSERT INTO catalogue_change VALUES (:number, 'client2', 'x', '{}')",
            "UPDATE catalogue_head SET version = :number WHERE id = 1",
        ):
            await inside(unit).put(statement, {"number": len(ALL) + 1} if ":number" in statement else {})
    assert await catalogue.refresh()
    assert (catalogue.current.version, len(catalogue.current)) == (len(ALL) + 1, len(ALL))
    assert len(await load(store)) == len(ALL)
