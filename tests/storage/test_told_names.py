"""Pseudonyms that services were told: found by their hash, each for the first whom it stood for."""

from __future__ import annotations

from uuid import UUID

from toegang.identity.people import PersonId
from toegang.keys.secret import FindingKey
from toegang.pseudonyms import Pairwise
from toegang.pseudonyms.known import KnownPseudonyms, Sector
from toegang.storage import Database
from toegang.storage.told_names import ToldNameTable

SANNE, PIETER = PersonId(UUID(int=1)), PersonId(UUID(int=2))
TOWN, CARE = Sector("town", 1), Sector("care", 1)


def known_in(database: Database) -> KnownPseudonyms:
    return KnownPseudonyms(
        pairwise=Pairwise({1: b"p" * 32}),
        finding=FindingKey.derive(b"f" * 32, "pseudonym"),
        told=ToldNameTable(database),
    )


async def test_only_what_was_told_in_a_sector_stands_for_somebody_there(database: Database) -> None:
    known = known_in(database)
    name = known.names([SANNE], TOWN)[SANNE]
    assert await known.find(name, TOWN) is None
    for _ in range(2):
        async with database.units().begin() as unit:
            await known.tell(unit, [SANNE, PIETER], TOWN)
    assert await known.find(name, TOWN) == SANNE
    assert await known.find(known.names([PIETER], TOWN)[PIETER], TOWN) == PIETER
    assert await known.find(name, CARE) is None
    assert await known.find(known.names([SANNE], CARE)[SANNE], CARE) is None
    assert await known.find("", TOWN) is None


async def test_the_table_holds_no_pseudonym(database: Database) -> None:
    known = known_in(database)
    async with database.units().begin() as unit:
        await known.tell(unit, [SANNE], TOWN)
    (row,) = await database.all("SELECT found_by, person FROM told_names", {})
    assert known.names([SANNE], TOWN)[SANNE].encode() not in bytes(row[0])


async def test_who_is_told_first_stays(database: Database) -> None:
    table = ToldNameTable(database)
    async with database.units().begin() as unit:
        await table.keep(unit, b"h", SANNE)
        await table.keep(unit, b"h", PIETER)
    assert await table.find(b"h") == SANNE
