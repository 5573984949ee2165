"""Persons, kept for good: one row for each BSN ever seen, found by its keyed hash."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import Unavailable
from toegang.identity.people import Person, PersonId
from toegang.storage.database import inside
from toegang.storage.statements import among, micros, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

PERSON_COLUMNS = "people.id, sealed_bsn, found_by, since"
"""What `person_in` reads a person from."""

_FIND = f"SELECT {PERSON_COLUMNS} FROM people WHERE id = :id"  # noqa: S608 only names of columns
_FIND_BY = f"SELECT {PERSON_COLUMNS} FROM people WHERE found_by = :found_by"  # noqa: S608
_OF = f"SELECT {PERSON_COLUMNS} FROM people WHERE id IN ({{among}})"  # noqa: S608
_FOUND_BY = f"SELECT {PERSON_COLUMNS} FROM people WHERE found_by IN ({{among}})"  # noqa: S608
_ENROL = """
    INSERT INTO people (id, sealed_bsn, found_by, since) VALUES (:id, :sealed_bsn, :found_by, :since)
    ON CONFLICT (found_by) DO NOTHING
"""
_RENUMBER = """
    UPDATE people SET sealed_bsn = :sealed_bsn, found_by = :found_by
    WHERE id = :id AND NOT EXISTS (SELECT 1 FROM people WHERE found_by = :found_by AND id <> :id)
"""


class PeopleStore:
    """Keeps persons (identity.people.People)."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def find(self, person: PersonId) -> Person | None:
        """Find by id."""
        return person_in(await self._database.one(_FIND, {"id": person.bytes}))

    async def find_by(self, found_by: bytes) -> Person | None:
        """Find by the keyed hash of the BSN."""
        return person_in(await self._database.one(_FIND_BY, {"found_by": found_by}))

    async def of(self, people: Iterable[PersonId]) -> Mapping[PersonId, Person]:
        """Return those of them that are kept."""
        found = await self._among(_OF, (each.bytes for each in people))
        return {each.id: each for each in found}

    async def found_by(self, hashes: Iterable[bytes]) -> Mapping[bytes, Person]:
        """Return those persons whom one of these keyed hashes finds, by it."""
        return {each.found_by: each for each in await self._among(_FOUND_BY, hashes)}

    async def _among(self, sql: str, values: Iterable[bytes]) -> list[Person]:
        rows = [row for asked in among(sql, values) for row in await self._database.all(*asked)]
        return [person for row in rows if (person := person_in(row)) is not None]

    async def enrol(self, unit: Unit, person: Person) -> Person:
        """Keep `person`, or return the one that already has the same `found_by`. Atomic."""
        connection = inside(unit)
        params: Params = {
            "id": person.id.bytes,
            "sealed_bsn": person.sealed_bsn,
            "found_by": person.found_by,
            "since": micros(person.since),
        }
        if await connection.execute(_ENROL, params) == 1:
            return person
        # The insert has waited for whoever was enrolling the same person, so now it is seen.
        known = person_in(await connection.one(_FIND_BY, {"found_by": person.found_by}))
        if known is None:
            raise Unavailable(detail="storage: a person was removed while being enrolled")
        return known

    async def renumber(self, unit: Unit, person: Person) -> bool:
        """Keep another number of a person; False, changing nothing, when it is another's. Atomic."""
        params: Params = {
            "id": person.id.bytes,
            "sealed_bsn": person.sealed_bsn,
            "found_by": person.found_by,
        }
        return await inside(unit).execute(_RENUMBER, params) == 1


def person_in(row: Row | None) -> Person | None:
    """Read a person from `PERSON_COLUMNS`; None without a row, or where it joined nobody."""
    if row is None or row[0] is None:
        return None
    identifier, sealed_bsn, found_by, since = row
    return Person(
        id=PersonId(UUID(bytes=identifier)),
        sealed_bsn=sealed_bsn,
        found_by=found_by,
        since=moment(since),
    )
