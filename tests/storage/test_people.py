"""Persons: one for each BSN, however many enrol at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from toegang.identity.people import Person, PersonId
from toegang.ids import SystemIds
from toegang.storage import Database, PeopleStore

SINCE = datetime(2027, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def person(found_by: bytes = b"fake-keyed-hash") -> Person:
    return Person(id=PersonId(SystemIds().uuid()), sealed_bsn=b"\x00fake", found_by=found_by, since=SINCE)


async def enrol(database: Database, someone: Person) -> Person:
    async with database.begin() as unit:
        return await PeopleStore(database).enrol(unit, someone)


async def test_nobody_is_found_before_being_enrolled(database: Database) -> None:
    people, someone = PeopleStore(database), person()
    assert await people.find(someone.id) is None
    assert await people.find_by(someone.found_by) is None


async def test_an_enrolled_person_is_found_by_id_and_by_hash(database: Database) -> None:
    people, someone = PeopleStore(database), person()
    assert await enrol(database, someone) == someone
    assert await people.find(someone.id) == someone
    assert await people.find_by(someone.found_by) == someone


async def test_the_second_to_enrol_the_same_hash_gets_the_first_person(database: Database) -> None:
    first, second = person(), person()
    await enrol(database, first)
    assert await enrol(database, second) == first
    assert await PeopleStore(database).find(second.id) is None


async def test_of_64_who_enrol_the_same_person_all_get_the_same(database: Database) -> None:
    enrolled = await asyncio.gather(*[enrol(database, person()) for _ in range(64)])
    assert len({someone.id for someone in enrolled}) == 1
