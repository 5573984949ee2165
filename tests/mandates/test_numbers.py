"""Numbers: one party for each number, found without reading it, on both engines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.mandates.builders import NOW, party_id
from tests.mandates.known import numbers
from toegang.errors import ProofInvalid
from toegang.identity.numbers import BranchNumber, Bsn, KvkNumber, Rsin
from toegang.identity.people import PersonId
from toegang.mandates.numbers import Number, Numbers
from toegang.storage.database import inside

if TYPE_CHECKING:
    from toegang.storage import Database

SANNE, CHILD = Bsn.parse("999990019"), Bsn.parse("999990032")
FIRM, OTHER = KvkNumber.parse("90000101"), KvkNumber.parse("90000202")
LEGAL = Rsin.parse("999990172")
BRANCH = BranchNumber.parse(FIRM, "000090000101")


async def test_nobody_has_a_number_that_was_never_met(database: Database) -> None:
    known = numbers(database)
    assert await known.find([SANNE, FIRM, LEGAL, BRANCH]) == {}
    assert await known.of([party_id(1)]) == {}


async def test_the_party_of_a_person_is_the_person_that_their_account_hangs_on(database: Database) -> None:
    known = numbers(database)
    async with database.begin() as unit:
        person = await known.enrolment.enrol(unit, SANNE, NOW)
    assert await known.meet([SANNE], NOW) == {SANNE: person.id}


async def test_a_child_without_an_account_is_who_they_are_when_they_get_one(database: Database) -> None:
    known = numbers(database)
    met = (await known.meet([CHILD], NOW))[CHILD]
    async with database.begin() as unit:
        assert (await known.enrolment.enrol(unit, CHILD, NOW)).id == met


async def test_every_sort_of_number_is_found_and_opened_again(database: Database) -> None:
    known = numbers(database)
    wanted: set[Number] = {SANNE, CHILD, FIRM, OTHER, LEGAL, BRANCH}
    met = await known.meet(wanted, NOW)
    assert met.keys() == wanted
    assert len(set(met.values())) == len(wanted)
    assert await known.find(wanted) == await known.meet(wanted, NOW) == met
    assert await known.of(met.values()) == {party: (number,) for number, party in met.items()}


async def test_an_organisation_has_several_numbers_and_registers_are_asked_by_the_first(
    database: Database,
) -> None:
    known = numbers(database)
    firm = (await known.meet([FIRM], NOW))[FIRM]
    assert await known.also(firm, LEGAL)
    assert await known.also(firm, LEGAL)
    assert await known.of([firm]) == {firm: (FIRM, LEGAL)}
    assert await known.find([LEGAL]) == {LEGAL: firm}


async def test_nobody_gets_the_number_of_another(database: Database) -> None:
    known = numbers(database)
    met = await known.meet([FIRM, OTHER], NOW)
    assert not await known.also(met[FIRM], OTHER)
    assert await known.of(met.values()) == {met[FIRM]: (FIRM,), met[OTHER]: (OTHER,)}


async def test_digits_of_one_sort_are_not_those_of_another(database: Database) -> None:
    known = numbers(database)
    alike = Bsn.parse(LEGAL.digits)
    met = await known.meet([alike, LEGAL], NOW)
    assert met[alike] != met[LEGAL]


async def test_of_many_who_meet_the_same_at_once_all_get_the_same(database: Database) -> None:
    known = numbers(database)
    met = await asyncio.gather(*(known.meet([FIRM, SANNE, LEGAL, BRANCH], NOW) for _ in range(16)))
    assert all(each == met[0] for each in met)


async def test_more_are_met_at_once_than_one_statement_takes(database: Database) -> None:
    known = numbers(database)
    many = [KvkNumber(f"{90_000_000 + each}") for each in range(1100)]
    met = await known.meet(many, NOW)
    assert await known.find(many) == met
    assert len(await known.of(met.values())) == len(many)


async def test_no_number_stands_readable_in_the_database(database: Database) -> None:
    known = numbers(database)
    await known.meet([SANNE, FIRM, LEGAL, BRANCH], NOW)
    kept = repr(await database.all("SELECT * FROM organisation_numbers"))
    kept += repr(await database.all("SELECT * FROM people"))
    assert kept.count("b'") >= 3
    assert not [each for each in (SANNE, FIRM, LEGAL, BRANCH) if each.digits in kept]


async def test_a_number_does_not_open_for_another_party(database: Database) -> None:
    known = numbers(database)
    met = await known.meet([FIRM, OTHER], NOW)
    async with database.begin() as unit:
        await inside(unit).execute(
            "UPDATE organisation_numbers SET party = :one WHERE party = :other",
            {"one": met[FIRM].bytes, "other": met[OTHER].bytes},
        )
    with pytest.raises(ProofInvalid):
        await known.of([met[FIRM]])


async def test_a_number_that_was_put_right_stays_with_the_party(database: Database) -> None:
    known: Numbers = numbers(database)
    party = (await known.meet([SANNE], NOW))[SANNE]
    person = await known.enrolment.people.find(PersonId(party))
    assert person is not None
    async with database.begin() as unit:
        assert await known.enrolment.renumber(unit, person, CHILD)
    assert await known.of([party]) == {party: (CHILD,)}
    assert await known.find([SANNE, CHILD]) == {CHILD: party}
