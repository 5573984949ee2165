"""Migrations: up and down on both engines, with data in the tables, and equal to what is described."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from toegang import storage
from toegang.errors import Misconfigured, Unavailable
from toegang.identity.people import Person, PersonId
from toegang.ids import SystemIds
from toegang.storage import ExpiringStore, PeopleStore, database_at
from toegang.storage.database import inside
from toegang.storage.migrations import Migrations
from toegang.storage.statements import Params

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
VERSIONS = Path(storage.__file__).parent / "migrations" / "versions"
REVISIONS = sorted(path.name.split("_")[0] for path in VERSIONS.glob("0*.py"))
SOMEBODY = Person(id=PersonId(SystemIds().uuid()), sealed_bsn=b"fake", found_by=b"fake-keyed-hash", since=NOW)


async def fill(url: str) -> None:
    database = database_at(url)
    await database.open()
    async with database.begin() as unit:
        await PeopleStore(database).enrol(unit, SOMEBODY)
        await ExpiringStore(database, "code", int).add(unit, "id", 7, NOW + timedelta(minutes=1), NOW)
    await database.close()


async def filled(url: str) -> bool:
    database = database_at(url)
    await database.open()
    person = await PeopleStore(database).find(SOMEBODY.id)
    code = await ExpiringStore(database, "code", int).find("id", NOW)
    await database.close()
    return person == SOMEBODY and code == 7


async def test_a_database_in_which_nothing_was_made_has_no_revision(empty_url: str) -> None:
    assert await Migrations(empty_url).current() is None


async def test_the_tables_are_what_is_described(database_url: str) -> None:
    assert await Migrations(database_url).check() == []


async def test_a_difference_from_what_is_described_is_found(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade(REVISIONS[0])
    assert await migrations.check() != [] or len(REVISIONS) == 1
    await migrations.downgrade("base")
    assert any("people" in line for line in await migrations.check())


async def test_each_step_goes_up_down_and_up_again(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    for before, after in pairwise(["base", *REVISIONS]):
        await migrations.upgrade(after)
        await migrations.downgrade(before)
        await migrations.upgrade(after)
        assert await migrations.current() == after
    assert await migrations.check() == []


async def test_what_is_kept_survives_every_step_that_keeps_its_table(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade()
    await fill(empty_url)
    for revision in reversed(REVISIONS[:-1]):
        await migrations.downgrade(revision)
        assert await filled(empty_url)
    await migrations.upgrade()
    assert await filled(empty_url)


async def test_down_to_nothing_leaves_nothing(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade()
    await fill(empty_url)
    await migrations.downgrade("base")
    assert await migrations.current() is None
    await migrations.upgrade()
    assert not await filled(empty_url)


async def test_who_is_held_stays_shut_where_holds_are_not_known_yet(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade("0012")
    database = database_at(empty_url)
    await database.open()
    put = """
        INSERT INTO accounts (id, person, status, language, since, failures, held_from)
        VALUES (:id, :person, 'held', 'nl', 1, 0, :held_from)
    """
    async with database.begin() as unit:
        for number, held_from in enumerate(("active", "requested")):
            row: Params = {"id": bytes([number]), "person": SOMEBODY.id.bytes, "held_from": held_from}
            await inside(unit).put(put, row)
    await database.close()
    await migrations.downgrade("0011")
    await database.open()
    rows = await database.all("SELECT status FROM accounts ORDER BY id")
    await database.close()
    assert [status for (status,) in rows] == ["blocked", "requested"]


async def test_nodes_that_start_together_migrate_once(empty_url: str) -> None:
    database = database_at(empty_url)
    await asyncio.gather(*[storage.migrate(database) for _ in range(4)])
    assert await Migrations(empty_url).current() == REVISIONS[-1]


async def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    await storage.migrate(database_at(database_url))
    assert await Migrations(database_url).current() == REVISIONS[-1]


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await Migrations("postgresql://nobody@127.0.0.1:1/none").current()


@pytest.mark.parametrize("url", ["", "sqlite:///", "mysql://localhost/x", "toegang.db"])
def test_an_address_of_another_kind_is_refused_with_the_remedy(url: str) -> None:
    with pytest.raises(Misconfigured, match="sqlite:///"):
        database_at(url)
