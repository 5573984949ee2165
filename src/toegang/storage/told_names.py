"""Pseudonyms that services were told: one row each, by a keyed hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.identity.people import PersonId
from toegang.storage.database import inside

if TYPE_CHECKING:
    from toegang.storage.database import Database
    from toegang.units import Unit

_FIND = "SELECT person FROM told_names WHERE found_by = :found_by"
_KEEP = """
INSERT INTO told_names (found_by, person) VALUES (:found_by, :person) ON CONFLICT (found_by) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class ToldNameTable:
    """pseudonyms.known.ToldNames: for whom a pseudonym stands."""

    database: Database

    async def find(self, found_by: bytes) -> PersonId | None:
        """Find for whom it stands."""
        row = await self.database.one(_FIND, {"found_by": found_by})
        return None if row is None else PersonId(UUID(bytes=row[0]))

    async def keep(self, unit: Unit, found_by: bytes, person: PersonId) -> None:
        """Keep it, where it is not kept yet; nothing waits for it."""
        await inside(unit).put(_KEEP, {"found_by": found_by, "person": person.bytes})
