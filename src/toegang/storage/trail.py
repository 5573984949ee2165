"""The trail in the database: events recorded in the unit of the act, read in order, personal values erased.

An event is one row in `trail_waiting`; the sequencer moves it to `trail` (tree.py). Values about people
are rows of `trail_personal`, the only ones that are ever taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.audit.encoding import Kept, decode, encode
from toegang.audit.events import PersonalErased
from toegang.audit.trail import Asked, Lag, Recorded
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.ids import Ids
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Question, Row, Value
    from toegang.units import Unit

_WAITING = ("id", "at", "name", "reference", "body")
_PERSONAL = ("event", "name", "salt", "value")

PAGE = 500
"""Events per read of a stream."""

_BY_REFERENCE = """
    SELECT idx, id, body FROM trail WHERE reference = :reference
    UNION ALL SELECT NULL, id, body FROM trail_waiting WHERE reference = :reference
    ORDER BY 2
"""
_LATEST = """
    SELECT idx, id, body FROM (
        SELECT idx, id, body FROM trail WHERE reference = :reference AND id < :before
        UNION ALL SELECT NULL, id, body FROM trail_waiting WHERE reference = :reference AND id < :before
    ) AS referred ORDER BY id DESC LIMIT :most
"""
# Each side is cut off before they are put together: how much there is of a person costs nothing.
_BY_PERSON = """
    SELECT idx, id, body FROM (
        SELECT t.idx, t.id, t.body FROM trail_personal p JOIN trail t ON t.id = p.event
        WHERE p.value = :value AND p.event < :before ORDER BY p.event DESC LIMIT :most
    ) AS placed
    UNION ALL
    SELECT NULL, id, body FROM (
        SELECT w.id, w.body FROM trail_personal p JOIN trail_waiting w ON w.id = p.event
        WHERE p.value = :value AND p.event < :before ORDER BY p.event DESC LIMIT :most
    ) AS waiting
    ORDER BY 2 DESC LIMIT :most
"""
_FIND = """
    SELECT idx, id, body FROM trail WHERE id = :id
    UNION ALL SELECT NULL, id, body FROM trail_waiting WHERE id = :id
"""
_OPENED = "SELECT name, salt, value FROM trail_personal WHERE event = :id ORDER BY name"
_LAST = b"\xff" * 16
# Ids are in the order of time (RFC9562-5.7) and erased rows are gone, so the oldest left stands first:
# however long the trail is, only the rows that go, and at the end one slice that stays, are looked at.
_ERASE_BEFORE = """
    DELETE FROM trail_personal WHERE event IN (
        SELECT t.id FROM (SELECT DISTINCT event FROM trail_personal ORDER BY event LIMIT :limit) AS oldest
        JOIN trail t ON t.id = oldest.event WHERE t.at < :before
    )
"""
_LAG = """
    SELECT (SELECT count(*) FROM trail_waiting), (SELECT min(at) FROM trail_waiting),
           (SELECT count(*) FROM trail_checkpoint WHERE sent = 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailTables:
    """Keeps events (audit.trail: Trail, TrailReader, TrailEraser)."""

    database: Database
    ids: Ids

    async def record(self, unit: Unit, *events: Event) -> None:
        """Append events in the unit: one statement, and one more where values about people occur."""
        connection = inside(unit)
        leaves = [encode(event, self.ids.uuid(), self.ids.token) for event in events]
        if not leaves:
            return
        rows: list[Value] = []
        kept: list[Value] = []
        for leaf in leaves:
            id_ = leaf.id.bytes
            rows += (id_, micros(leaf.at), leaf.name, leaf.reference, leaf.body)
            for value in leaf.kept:
                kept += (id_, value.name, value.salt, value.value)
        await connection.put(*_inserted("trail_waiting", _WAITING, rows))
        if kept:
            await connection.put(*_inserted("trail_personal", _PERSONAL, kept))

    async def events(self, asked: Asked) -> AsyncGenerator[Recorded, None]:
        """Yield events of the tree in the order of their index."""
        sql, params = _asked(asked)
        index = asked.index
        while rows := await self.database.all(sql, {**params, "index": index, "page": PAGE}):
            for recorded in await self._recorded(rows, personal=asked.personal):
                yield recorded
            index = rows[-1][0] + 1

    async def by_reference(self, reference: str) -> Sequence[Recorded]:
        """Return what is recorded of one login, in the order of the acts."""
        return await self._recorded(await self.database.all(_BY_REFERENCE, {"reference": reference}))

    async def latest(self, reference: str, limit: int, before: UUID | None = None) -> Sequence[Recorded]:
        """Return the latest events with a reference, newest first."""
        last = before.bytes if before else _LAST
        params: Params = {"reference": reference, "most": limit, "before": last}
        return await self._recorded(await self.database.all(_LATEST, params))

    async def by_person(self, value: str, limit: int = 200, before: UUID | None = None) -> Sequence[Recorded]:
        """Return the latest events with this personal value, newest first."""
        params: Params = {"value": value, "most": limit, "before": before.bytes if before else _LAST}
        return await self._recorded(await self.database.all(_BY_PERSON, params))

    async def find(self, id: UUID) -> Recorded | None:  # noqa: A002
        """Find one event, in the tree or not yet."""
        found = await self._recorded(await self.database.all(_FIND, {"id": id.bytes}))
        return found[0] if found else None

    async def opened(self, id: UUID) -> Sequence[Kept]:  # noqa: A002
        """Return the values about people in one event with their salts."""
        return [Kept(*row) for row in await self.database.all(_OPENED, {"id": id.bytes})]

    async def lag(self, now: datetime) -> Lag:
        """Tell how far the tree is behind."""
        row = await self.database.one(_LAG)
        waiting, oldest, unsent = row or (0, None, 0)
        age = timedelta() if oldest is None else max(timedelta(), now - moment(oldest))
        return Lag(waiting=waiting, oldest=age, unsent=unsent)

    async def erase(self, unit: Unit, value: str, ground: str, now: datetime) -> int:
        """Erase this personal value from every event."""
        sql = "DELETE FROM trail_personal WHERE value = :value"
        return await self._erase(unit, sql, {"value": value}, PersonalErased(at=now, count=0, ground=ground))

    async def erase_before(
        self, unit: Unit, before: datetime, ground: str, now: datetime, *, limit: int
    ) -> int:
        """Erase the personal values of at most `limit` events in the tree from before `before`."""
        event = PersonalErased(at=now, count=0, ground=ground)
        return await self._erase(unit, _ERASE_BEFORE, {"before": micros(before), "limit": limit}, event)

    async def _erase(self, unit: Unit, sql: str, params: Params, event: PersonalErased) -> int:
        count = await inside(unit).execute(sql, params)
        if count:
            await self.record(unit, PersonalErased(at=event.at, count=count, ground=event.ground))
        return count

    async def _recorded(self, rows: Sequence[Row], *, personal: bool = True) -> list[Recorded]:
        kept: dict[bytes, dict[str, str]] = {}
        if personal:
            for at in range(0, len(rows), PAGE):
                page = rows[at : at + PAGE]
                params = {f"event{number}": row[1] for number, row in enumerate(page)}
                for event, name, value in await self.database.all(_kept_of(len(page)), params):
                    kept.setdefault(bytes(event), {})[name] = value
        return [
            Recorded(
                index=index, id=UUID(bytes=bytes(id_)), event=decode(bytes(body), kept.get(bytes(id_), {}))
            )
            for index, id_, body in rows
        ]


def _inserted(table: str, columns: tuple[str, ...], values: list[Value]) -> Question:
    """Return what inserts rows; `values` are those of all rows, one after the other."""
    sql, names = _insert(table, columns, len(values) // len(columns))
    return sql, dict(zip(names, values, strict=True))


@cache
def _insert(table: str, columns: tuple[str, ...], count: int) -> tuple[str, tuple[str, ...]]:
    names = [[f"{name}{at}" for name in columns] for at in range(count)]
    rows = ", ".join("(" + ", ".join(f":{name}" for name in row) + ")" for row in names)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows}"  # noqa: S608 our own words only
    return sql, tuple(chain.from_iterable(names))


@cache
def _kept_of(count: int) -> str:
    events = ", ".join(f":event{at}" for at in range(count))
    return f"SELECT event, name, value FROM trail_personal WHERE event IN ({events})"  # noqa: S608 as above


def _asked(asked: Asked) -> tuple[str, Params]:
    params: dict[str, Value] = {f"name{at}": name for at, name in enumerate(asked.names)}
    where = ["idx >= :index"]
    if asked.names:
        where.append(f"name IN ({', '.join(f':name{at}' for at in range(len(asked.names)))})")
    if asked.from_ is not None:
        where.append("at >= :from_at")
        params["from_at"] = micros(asked.from_)
    if asked.until is not None:
        where.append("at < :until_at")
        params["until_at"] = micros(asked.until)
    filters = " AND ".join(where)
    sql = f"SELECT idx, id, body FROM trail WHERE {filters} ORDER BY idx LIMIT :page"  # noqa: S608 as above
    return sql, params
