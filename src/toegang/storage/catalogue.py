"""The catalogue's records and its numbered changes (catalogue.store.CatalogueStore)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.records import Change, Key, RecordKind
from toegang.catalogue.snapshot import Delta
from toegang.storage.database import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.catalogue.store import Place
    from toegang.storage.database import Connection, Database
    from toegang.storage.statements import Value
    from toegang.units import Unit

_VERSION = "SELECT version FROM catalogue_head WHERE id = 1"
# Kinds that a newer version wrote are passed over, so that this one can be started again beside it.
_KINDS = frozenset(kind.value for kind in RecordKind)
# `kind || ''`, which no index has: by the kinds alone SQLite would read all records before the page again,
# page after page, instead of going to its place.
_RECORDS = f"""
    SELECT kind, key, body FROM catalogue_record
    WHERE (kind, key) > (:kind, :key)
        AND kind || '' IN ({", ".join(f"'{kind}'" for kind in sorted(_KINDS))})
    ORDER BY kind, key LIMIT :limit
"""  # noqa: S608 constant words
_CHANGES = """
    SELECT number, kind, key, body FROM catalogue_change
    WHERE number > :since AND number <= :until ORDER BY number
"""
# The head row is held from here to the end of the unit, so numbers become visible in their order.
_ADVANCE = """
    UPDATE catalogue_head SET version = version + :count WHERE id = 1 AND version = :based_on
"""
_ADD_CHANGES = "INSERT INTO catalogue_change (number, kind, key, body) VALUES "
_PUT_RECORDS = "INSERT INTO catalogue_record (kind, key, body) VALUES "
_IN_PLACE = " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
_REMOVE = "DELETE FROM catalogue_record WHERE kind = :kind AND key = :key"

# Rows in one INSERT: 4 parameters each stays far below what both engines allow (32,766).
ROWS = 100


class CatalogueTables:
    """The catalogue in the durable database."""

    def __init__(self, database: Database) -> None:
        """Keep the catalogue in `database`."""
        self._database = database

    async def version(self) -> int:
        """Return the committed version."""
        row = await self._database.one(_VERSION)
        return int(row[0]) if row else 0

    async def records(self, after: Place | None, limit: int) -> Sequence[Change]:
        """Return the next records in the order of kind and key."""
        kind, key = (after[0].value, after[1]) if after else ("", "")
        rows = await self._database.all(_RECORDS, {"kind": kind, "key": key, "limit": limit})
        return [_change(*row) for row in rows]

    async def changes(self, since: int, limit: int) -> Delta:
        """Return the changes after number `since`."""
        rows = await self._database.all(_CHANGES, {"since": since, "until": since + limit})
        changes = tuple(_change(kind, key, body) for _, kind, key, body in rows if kind in _KINDS)
        return Delta(version=rows[-1][0] if rows else since, changes=changes)

    async def write(self, unit: Unit, changes: Sequence[Change], based_on: int) -> int | None:
        """Write the changes, unless the version is no longer `based_on`."""
        # Of two changes to one record only the last one counts.
        last = list({(change.kind, change.key): change for change in changes}.values())
        connection = inside(unit)
        if not await connection.execute(_ADVANCE, {"count": len(last), "based_on": based_on}):
            return None
        for at in range(0, len(last), ROWS):
            await _write_rows(connection, last[at : at + ROWS], based_on + at)
        return based_on + len(last)


async def _write_rows(connection: Connection, changes: Sequence[Change], since: int) -> None:
    params: dict[str, Value] = {}
    logged, kept = [], []
    for at, change in enumerate(changes):
        params |= {f"kind{at}": change.kind.value, f"key{at}": change.key, f"number{at}": since + at + 1}
        params[f"body{at}"] = None if change.body is None else change.body.decode()
        logged.append(f"(:number{at}, :kind{at}, :key{at}, :body{at})")
        if change.body is None:
            await connection.put(_REMOVE, {"kind": change.kind.value, "key": change.key})
        else:
            kept.append(f"(:kind{at}, :key{at}, :body{at})")
    # Asked and not put: else a large import would reach the server all at once, at the end of the unit, and
    # its long silence over that would be taken for a lost connection.
    await connection.execute(_ADD_CHANGES + ", ".join(logged), params)
    if kept:
        await connection.put(_PUT_RECORDS + ", ".join(kept) + _IN_PLACE, params)


def _change(kind: str, key: str, body: str | None) -> Change:
    return Change(kind=RecordKind(kind), key=Key(key), body=None if body is None else body.encode())
