"""The person: the one thing that means, sessions and pseudonyms hang on.

A person gets a random id the first time that their BSN is seen; the BSN itself is kept sealed, with a
keyed hash beside it to find it by. Nothing else about the person is kept: names and addresses stay in
the population register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from toegang.units import Unit

PersonId = NewType("PersonId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as kept: `sealed_bsn` opens with the sealing key, `found_by` is the keyed hash."""

    id: PersonId
    sealed_bsn: bytes
    found_by: bytes
    since: datetime


class People(Protocol):
    """Keeps persons; no two with the same `found_by`."""

    async def find(self, person: PersonId) -> Person | None:
        """Find by id."""
        ...

    async def find_by(self, found_by: bytes) -> Person | None:
        """Find by the keyed hash of the BSN."""
        ...

    async def of(self, people: Iterable[PersonId]) -> Mapping[PersonId, Person]:
        """Return those of them that are kept."""
        ...

    async def found_by(self, hashes: Iterable[bytes]) -> Mapping[bytes, Person]:
        """Return those persons whom one of these keyed hashes finds, by it."""
        ...

    async def enrol(self, unit: Unit, person: Person) -> Person:
        """Keep `person`, or return the one that already has the same `found_by`. Atomic."""
        ...

    async def renumber(self, unit: Unit, person: Person) -> bool:
        """Keep another number of a person; False, changing nothing, when it is another's. Atomic."""
        ...
