"""Enrolment: one person per BSN, found without reading it, never shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from toegang.errors import ProofInvalid
from toegang.identity.enrolment import Enrolment
from toegang.identity.numbers import Bsn
from toegang.identity.people import Person
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey, SealingKey
from toegang.storage import Database, PeopleStore

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SECRET = bytes(range(32))
SANNE = Bsn.parse("999990019")
DAAN = Bsn.parse("999990032")


@pytest.fixture
def enrolment(database: Database) -> Enrolment:
    return Enrolment(
        people=PeopleStore(database),
        sealing=SealingKey.derive({1: SECRET}, "bsn"),
        finding=FindingKey.derive(SECRET, "bsn"),
        ids=SystemIds(),
    )


async def enrol(database: Database, enrolment: Enrolment, bsn: Bsn = SANNE) -> Person:
    async with database.begin() as unit:
        return await enrolment.enrol(unit, bsn, NOW)


async def test_nobody_is_found_before_enrolling(enrolment: Enrolment) -> None:
    assert await enrolment.find(SANNE) is None


async def test_a_number_is_one_person_however_often_and_at_once_it_is_enrolled(
    database: Database, enrolment: Enrolment
) -> None:
    people = await asyncio.gather(*(enrol(database, enrolment) for _ in range(16)))
    assert len({person.id for person in people}) == 1
    assert await enrolment.find(SANNE) == people[0]
    assert (await enrol(database, enrolment, DAAN)).id != people[0].id


async def test_the_number_is_opened_again_and_never_stands_readable(
    database: Database, enrolment: Enrolment
) -> None:
    person = await enrol(database, enrolment)
    assert enrolment.bsn_of(person) == SANNE
    assert SANNE.digits.encode() not in person.sealed_bsn + person.found_by
    assert SANNE.digits not in repr(SANNE) + str(SANNE)


async def test_a_sealed_number_does_not_open_for_another_person(
    database: Database, enrolment: Enrolment
) -> None:
    sanne, daan = await enrol(database, enrolment), await enrol(database, enrolment, DAAN)
    with pytest.raises(ProofInvalid):
        enrolment.bsn_of(replace(daan, sealed_bsn=sanne.sealed_bsn))
