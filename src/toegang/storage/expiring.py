"""What expires and may be taken once: codes, logins under way, seen identifiers; one table for all kinds.

A row's key is a hash of its kind and id, so that a copy of the table opens nothing. Values are frozen
dataclasses in MessagePack, read back by their type; a field whose type is a union of two dataclasses
cannot be read back (give one of them a tag: `msgspec.Struct, tag=True`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from toegang.errors import Refusal
from toegang.storage.database import inside
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row
    from toegang.units import Unit

T = TypeVar("T")

_CLAIM = "INSERT INTO expiring (id, kind, body, until) VALUES (:id, :kind, :body, :until)"
_KEEP = f"{_CLAIM} ON CONFLICT (id) DO UPDATE SET body = excluded.body, until = excluded.until"
_ADD = _KEEP + " WHERE expiring.until <= :now"
_FIND = "SELECT body FROM expiring WHERE id = :id AND until > :now"
_CHANGE = "UPDATE expiring SET body = :body WHERE id = :id"
_TAKE = "DELETE FROM expiring WHERE id = :id AND until > :now RETURNING body"
_DROP = "DELETE FROM expiring WHERE id = :id"
_EXTEND = "UPDATE expiring SET until = :until WHERE id = :id AND until > :now"
_SWEEP = """
    DELETE FROM expiring WHERE id IN (
        SELECT id FROM expiring WHERE until <= :now ORDER BY until LIMIT :limit {skip_locked}
    )
"""


class ExpiringStore(Generic[T]):
    """Keeps one kind of expiring value (units.Expiring)."""

    def __init__(self, database: Database, kind: str, value_type: type[T]) -> None:
        """Name the kind: never again used for another type; a value's new field needs a default."""
        self._database = database
        self._kind = kind
        self._prefix = sha256(kind.encode() + b"\0")
        self._encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
        self._decode = msgspec.msgpack.Decoder(value_type).decode
        self._hold = _FIND + database.for_update

    async def add(self, unit: Unit, id: str, value: T, until: datetime, now: datetime) -> bool:  # noqa: A002
        """Keep `value` until `until`; False, keeping nothing, when a living `id` is there already."""
        params: Params = {**self._row(id, value, until), "now": micros(now)}
        return await inside(unit).execute(_ADD, params) == 1

    async def claim(self, unit: Unit, id: str, value: T, until: datetime) -> None:  # noqa: A002
        """Keep `value` under an id that nobody has; the unit fails with AlreadyKept where somebody has."""
        await inside(unit).put(_CLAIM, self._row(id, value, until))

    async def keep(self, unit: Unit, id: str, value: T, until: datetime) -> None:  # noqa: A002
        """Keep `value` until `until`, in the place of what stood under this `id`; nothing waits for it."""
        await inside(unit).put(_KEEP, self._row(id, value, until))

    async def find(self, id: str, now: datetime) -> T | None:  # noqa: A002
        """Return the living value, leaving it there."""
        return self._read(await self._database.one(_FIND, {"id": self._key(id), "now": micros(now)}))

    async def change(
        self,
        unit: Unit,
        id: str,  # noqa: A002
        now: datetime,
        change: Callable[[T], T | Refusal],
    ) -> T | Refusal | None:
        """Replace the living value by `change(value)`, holding it against others until the unit ends.

        Returns the new value; the Refusal, writing nothing, when `change` returned one; None when
        there is no living value.
        """
        value = await self.hold(unit, id, now)
        if value is None:
            return None
        changed = change(value)
        if not isinstance(changed, Refusal):
            await self.rewrite(unit, id, changed)
        return changed

    async def hold(self, unit: Unit, id: str, now: datetime) -> T | None:  # noqa: A002
        """Return the living value, holding it against others until the unit ends."""
        return self._read(await inside(unit).one(self._hold, {"id": self._key(id), "now": micros(now)}))

    async def hold_along(self, unit: Unit, id: str, now: datetime) -> Callable[[], T | None]:  # noqa: A002
        """Do what `hold` does, for the price of the unit's next question; call what it returns after that."""
        asked = await inside(unit).along(self._hold, {"id": self._key(id), "now": micros(now)})
        return lambda: self._read(asked.rows[0] if asked.rows else None)

    async def rewrite(self, unit: Unit, id: str, value: T) -> None:  # noqa: A002
        """Write another value for one that this unit holds; nothing waits for it."""
        await inside(unit).put(_CHANGE, {"id": self._key(id), "body": self._encode(value)})

    async def take(self, unit: Unit, id: str, now: datetime) -> T | None:  # noqa: A002
        """Remove and return the living value; of many takers exactly one gets it."""
        return self._read(await inside(unit).one(_TAKE, {"id": self._key(id), "now": micros(now)}))

    async def drop(self, unit: Unit, id: str) -> None:  # noqa: A002
        """Remove a value that this unit holds, or that may be missing; nothing waits for it."""
        await inside(unit).put(_DROP, {"id": self._key(id)})

    async def extend(self, unit: Unit, id: str, until: datetime, now: datetime) -> bool:  # noqa: A002
        """Let the living value live until `until`; False when there is none."""
        params: Params = {"id": self._key(id), "until": micros(until), "now": micros(now)}
        return await inside(unit).execute(_EXTEND, params) == 1

    def _row(self, id: str, value: T, until: datetime) -> Params:  # noqa: A002
        return {
            "id": self._key(id),
            "kind": self._kind,
            "body": self._encode(value),
            "until": micros(until),
        }

    def _key(self, id: str) -> bytes:  # noqa: A002
        hashed = self._prefix.copy()
        hashed.update(id.encode())
        return hashed.digest()

    def _read(self, row: Row | None) -> T | None:
        if row is None:
            return None
        try:
            return self._decode(row[0])
        except msgspec.ValidationError:
            # Written by another version of this software: gone, which costs a person one retry.
            return None


class Expired:
    """Removes what has expired; nothing waits for it, since what has expired is never returned."""

    def __init__(self, database: Database) -> None:
        """Sweep the table of all kinds."""
        self._sweep = _SWEEP.replace("{skip_locked}", database.skip_locked)

    async def sweep(self, unit: Unit, now: datetime, limit: int) -> int:
        """Remove at most `limit` expired values, oldest first, and return how many."""
        return await inside(unit).execute(self._sweep, {"now": micros(now), "limit": limit})
