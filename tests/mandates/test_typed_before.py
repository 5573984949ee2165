"""What was begun by a number before a database knew of that is equal to what is typed of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from tests.hostile.test_l03_guessed_numbers import begin, shown, typed
from tests.mandates.builders import NOW
from tests.mandates.giving_people import CARE, NOBODY, PIETER, SANNE, People, people, proposal
from toegang import storage
from toegang.mandates.edge import Edge
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.storage import Database, ExpiringStore
from toegang.storage.database import inside
from toegang.storage.edge_bodies import body_of
from toegang.storage.edges import edge_row
from toegang.storage.migrations import Migrations

BEFORE = "0037"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What was kept of it then."""

    ending: str
    nobody: PartyId | None = None


async def opened(url: str) -> Database:
    database = storage.database_at(url)
    await database.open()
    return database


async def as_before(house: People) -> None:
    """Write all that waits as it was written before, by both its sides."""
    page = await house.voluntary.page(house.actor(SANNE), Listing.WAITING, Cut(size=20), NOW)
    for edge in page.edges:
        was, hints = replace(edge, nobody=None), ExpiringStore(house.database, "mandate-hint", Hint)
        hint = await hints.find(str(edge.id), NOW)
        async with house.database.begin() as unit:
            await inside(unit).put(
                "UPDATE mandate_edges SET pending = :pending, body = :body WHERE id = :id",
                {"id": edge.id.bytes, "pending": edge_row(was)["pending"], "body": body_of(was)},
            )
            if hint is not None:
                kept = replace(hint, nobody=edge.nobody)
                await hints.keep(unit, str(edge.id), kept, NOW + timedelta(days=900))


async def kept(house: People) -> dict[PartyId, Edge]:
    page = await house.voluntary.page(house.actor(SANNE), Listing.WAITING, Cut(size=20), NOW)
    return {each.nobody or each.agent: each for each in page.edges}


async def test_what_waits_by_a_number_does_so_after_the_upgrade(empty_url: str) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade()
    house = await people(database := await opened(empty_url))
    for guess in (PIETER, NOBODY):
        assert await typed(house, guess, asking=False) == "offered"
    found = await shown(house, SANNE, PIETER)
    await house.voluntary.offer(house.actor(SANNE), found, proposal(CARE), NOW)
    was = await kept(house)
    await as_before(house)
    assert {each.nobody for each in (await kept(house)).values()} == {None}
    await database.close()
    await migrations.downgrade(BEFORE)
    await migrations.upgrade()
    house = await people(database := await opened(empty_url))
    assert await kept(house) == was
    for guess in (PIETER, NOBODY):
        assert await typed(house, guess, asking=False) == "pending-already"
    assert (await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=False)).nobody is None
    await database.close()


async def test_of_two_that_were_apart_one_waits_where_they_are_told_apart_by_nothing(
    empty_url: str,
) -> None:
    migrations = Migrations(empty_url)
    await migrations.upgrade()
    house = await people(database := await opened(empty_url))
    assert await typed(house, PIETER, asking=False) == "offered"
    await begin(house, SANNE, await shown(house, SANNE, PIETER), asking=False)
    was = await kept(house)
    await database.close()
    await migrations.downgrade(BEFORE)
    await migrations.upgrade()
    house = await people(database := await opened(empty_url))
    assert await kept(house) == was
    await typed(house, PIETER, asking=False)
    assert await typed(house, PIETER, asking=False) == "pending-already"
    await database.close()
