"""Links: one for each account elsewhere, for good, however many make it at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import LinkedElsewhere
from toegang.identity.people import PersonId
from toegang.ids import SystemIds
from toegang.means.external.linking import Link, LinkId
from toegang.storage import Database
from toegang.storage.links import LinkTable

AT = datetime(2027, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def link(account: bytes = b"fake-keyed-hash", person: PersonId | None = None) -> Link:
    return Link(
        id=LinkId(SystemIds().uuid()),
        account=account,
        issuer="https://bank.example",
        means=MeansId("bank"),
        person=person or PersonId(SystemIds().uuid()),
        level=Level.LOW,
        made_at=AT,
        last_used_at=AT,
    )


async def add(database: Database, made: Link) -> bool:
    async with database.begin() as unit:
        return await LinkTable(database).add(unit, made)


async def test_nothing_is_found_before_it_is_made(database: Database) -> None:
    table, made = LinkTable(database), link()
    assert await table.find(made.account) is None
    assert await table.of_person(made.person) == ()
    async with database.begin() as unit:
        assert await table.change(unit, made.account, lambda kept: kept) is None


async def test_a_link_is_found_by_its_account_and_by_its_person(database: Database) -> None:
    table, made = LinkTable(database), link()
    assert await add(database, made)
    assert await table.find(made.account) == made
    assert await table.of_person(made.person) == (made,)


async def test_of_many_who_link_one_account_at_once_one_does(database: Database) -> None:
    made = await asyncio.gather(*[add(database, link()) for _ in range(16)])
    assert sorted(made) == [False] * 15 + [True]


async def test_a_link_that_ended_stays_as_a_mark_and_is_no_longer_the_persons(database: Database) -> None:
    table, made = LinkTable(database), link()
    await add(database, made)
    ended = replace(made, ended_at=AT + timedelta(days=1), proofs_from=AT)
    async with database.begin() as unit:
        assert await table.change(unit, made.account, lambda _: ended) == ended
    assert await table.find(made.account) == ended
    assert await table.of_person(made.person) == ()
    assert not await add(database, link())


async def test_a_refused_change_writes_nothing(database: Database) -> None:
    table, made, refusal = LinkTable(database), link(), LinkedElsewhere()
    await add(database, made)
    async with database.begin() as unit:
        assert await table.change(unit, made.account, lambda _: refusal) is refusal
    assert await table.find(made.account) == made


async def test_a_persons_links_come_oldest_first(database: Database) -> None:
    person = PersonId(SystemIds().uuid())
    second, first = link(b"2", person), replace(link(b"1", person), made_at=AT - timedelta(days=1))
    for each in (second, first, link(b"3")):
        await add(database, each)
    assert await LinkTable(database).of_person(person) == (first, second)
