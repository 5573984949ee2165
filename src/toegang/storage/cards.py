"""The cards that were used or stopped here, on either engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue.values import MeansId
from toegang.identity.people import PersonId
from toegang.means.card.values import Card
from toegang.registers.cards import CardKind
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

_NAMES = ("chip", "means", "person", "kind", "since", "used_at", "stopped_at", "proofs_from")
_COLUMNS = ", ".join(_NAMES)
_VALUES = ", ".join(f":{name}" for name in _NAMES)
_ASSIGNED = ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])

FIND = f"SELECT {_COLUMNS} FROM cards WHERE chip = :chip"  # noqa: S608 constant columns
OF_PERSON = f"SELECT {_COLUMNS} FROM cards WHERE person = :person ORDER BY since, chip"  # noqa: S608
PUT = f"""
INSERT INTO cards ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (chip) DO UPDATE SET {_ASSIGNED}
"""  # noqa: S608 constant columns
USED = "SELECT kind, COUNT(*) FROM cards WHERE used_at IS NOT NULL GROUP BY kind"


@dataclass(frozen=True, slots=True)
class CardTable:
    """means.card.values.CardStore: cards, for good."""

    database: Database

    async def find(self, chip: bytes) -> Card | None:
        """Find by chip."""
        row = await self.database.one(FIND, {"chip": chip})
        return _card(row) if row else None

    async def of_person(self, person: PersonId) -> tuple[Card, ...]:
        """Return the person's cards, oldest first."""
        rows = await self.database.all(OF_PERSON, {"person": person.bytes})
        return tuple(_card(row) for row in rows)

    async def hold(self, unit: Unit, chip: bytes) -> Card | None:
        """Find by chip, holding it against others until the unit ends."""
        row = await inside(unit).one(FIND + self.database.for_update, {"chip": chip})
        return _card(row) if row else None

    async def put(self, unit: Unit, card: Card) -> None:
        """Keep a card, in the place of what stood there of its chip."""
        await inside(unit).put(PUT, _params(card))

    async def used(self) -> Mapping[CardKind, int]:
        """Count the cards that logged in at least once, by kind."""
        return {CardKind(row[0]): int(row[1]) for row in await self.database.all(USED)}


def _params(card: Card) -> Params:
    return {
        "chip": card.chip,
        "means": card.means,
        "person": card.person.bytes,
        "kind": card.kind.value,
        "since": micros(card.since),
        "used_at": micros(card.used_at) if card.used_at else None,
        "stopped_at": micros(card.stopped_at) if card.stopped_at else None,
        "proofs_from": micros(card.proofs_from) if card.proofs_from else None,
    }


def _card(row: Row) -> Card:
    chip, means, person, kind, since, used_at, stopped_at, proofs_from = row
    return Card(
        chip=bytes(chip),
        means=MeansId(means),
        person=PersonId(UUID(bytes=bytes(person))),
        kind=CardKind(kind),
        since=moment(since),
        used_at=moment(used_at) if used_at is not None else None,
        stopped_at=moment(stopped_at) if stopped_at is not None else None,
        proofs_from=moment(proofs_from) if proofs_from is not None else None,
    )
