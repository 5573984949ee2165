"""What is erased of mandates in the end: edges, statements with what they name, and counts of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.storage import onward
from toegang.storage.authority_statements import edges_of, parties_of, statement_in
from toegang.storage.database import inside
from toegang.storage.edge_bodies import edges_in
from toegang.storage.edge_lists import take_off_lists
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge, EdgeId
    from toegang.storage.database import Database
    from toegang.storage.statements import Params
    from toegang.units import Unit

_NEXT = "SELECT body FROM mandate_edges WHERE id > :after AND id < :before ORDER BY id LIMIT :size"
_ERASE = "DELETE FROM mandate_edges WHERE id = :id AND version = :version"
_UNINDEX = "DELETE FROM authority_index WHERE agent = :agent AND principal = :principal AND edge = :edge"
_FORGET = """
DELETE FROM client_names WHERE client = :principal AND agent = :agent AND NOT EXISTS (
    SELECT 1 FROM mandate_edges WHERE principal = :principal AND agent = :agent
)
"""
_OLDEST = "SELECT id, until, body FROM authority_statements ORDER BY id LIMIT :size"
_ERASE_EDGE = "DELETE FROM authority_statement_edges WHERE edge = :edge AND statement = :id"
_ERASE_PARTY = """
DELETE FROM authority_statement_parties WHERE party = :party AND issued_at = :at AND statement = :id
"""
_ERASE_LOOK = "DELETE FROM authority_looks WHERE statement = :id"
_ERASE_STATEMENT = "DELETE FROM authority_statements WHERE id = :id"
_ERASE_COUNTS = """
DELETE FROM mandate_requests WHERE (principal, agent) IN (
    SELECT principal, agent FROM mandate_requests WHERE forgotten <= :now ORDER BY forgotten LIMIT :size
)
"""


@dataclass(frozen=True, slots=True)
class MandatesKept:
    """mandates.stores.Kept: mandates from the oldest on, by their ids, which are ordered by time."""

    database: Database

    async def next_edges(self, after: EdgeId | None, before: datetime, size: int) -> Sequence[Edge]:
        """Return the next mandates that were made before a moment, oldest first."""
        params: Params = {
            "after": b"" if after is None else after.bytes,
            "before": _first_id(before),
            "size": size,
        }
        return edges_in(await self.database.all(_NEXT, params))

    async def erase(self, unit: Unit, edge: Edge) -> bool:
        """Erase a mandate as it was read; False when it is another by now, or gone."""
        connection = inside(unit)
        if await connection.execute(_ERASE, {"id": edge.id.bytes, "version": edge.version}) != 1:
            return False
        ends: Params = {"agent": edge.agent.bytes, "principal": edge.principal.bytes, "edge": edge.id.bytes}
        await connection.put(_UNINDEX, ends)
        await connection.put(_FORGET, {"agent": ends["agent"], "principal": ends["principal"]})
        await take_off_lists(connection, edge)
        await onward.forget(connection, self.database.dialect, edge)
        return True

    async def erase_statements(self, unit: Unit, before: datetime, size: int) -> int:
        """Erase the oldest statements that could no longer be redeemed then; return how many."""
        connection, last = inside(unit), micros(before)
        rows = [row for row in await connection.all(_OLDEST, {"size": size}) if row[1] <= last]
        for id_, _, body in rows:
            statement = statement_in(body)
            for edge in edges_of(statement):
                await connection.put(_ERASE_EDGE, {"edge": edge.bytes, "id": id_})
            for party in parties_of(statement):
                met: Params = {"party": party.bytes, "at": micros(statement.issued_at), "id": id_}
                await connection.put(_ERASE_PARTY, met)
            await connection.put(_ERASE_LOOK, {"id": id_})
            await connection.put(_ERASE_STATEMENT, {"id": id_})
        return len(rows)

    async def erase_counts(self, unit: Unit, now: datetime, size: int) -> int:
        """Erase what counts requests no longer; return how many."""
        return await inside(unit).execute(_ERASE_COUNTS, {"now": micros(now), "size": size})


def _first_id(at: datetime) -> bytes:
    """Return what comes before every id of that moment (RFC9562-5.7)."""
    return (micros(at) // 1000).to_bytes(6) + bytes(10)
