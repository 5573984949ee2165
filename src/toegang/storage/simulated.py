"""What a simulation walks through: the index of mandates in force, and statements, a stretch at a time.

It only reads, and asks for rows that lie next to each other by the primary key: nothing is sorted or held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.edge import EdgeId
from toegang.mandates.simulating import Stretch
from toegang.storage.authority_statements import kept_in
from toegang.storage.edges import scope_hash
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from toegang.mandates.statement import Statement, StatementId
    from toegang.storage.database import Database
    from toegang.storage.statements import Params

_NEXT = """
SELECT agent, scope, principal, edge FROM authority_index
WHERE (agent, scope, principal, edge) > (:agent, :scope, :principal, :edge)
ORDER BY agent, scope, principal, edge LIMIT :size
"""
_STATED = """
SELECT body, status FROM authority_statements WHERE id > :after ORDER BY id LIMIT :size
"""
_AGENT, _SCOPE, _PRINCIPAL = 16, 24, 40  # where each part of a place ends


@dataclass(frozen=True, slots=True)
class SimulatedTables:
    """mandates.simulating.Walk over both tables, by their primary keys."""

    database: Database

    async def scoped(self, keys: Collection[str], after: bytes, size: int) -> Stretch:
        """Return which of the next places in the index are under one of these scopes."""
        params: Params = {
            "agent": after[:_AGENT],
            "scope": after[_AGENT:_SCOPE],
            "principal": after[_SCOPE:_PRINCIPAL],
            "edge": after[_PRINCIPAL:],
            "size": size,
        }
        rows = await self.database.all(_NEXT, params)
        wanted = {scope_hash(key): key for key in keys}
        found = [
            (EdgeId(UUID(bytes=bytes(row[3]))), wanted[bytes(row[1])])
            for row in rows
            if bytes(row[1]) in wanted
        ]
        last = b"".join(map(bytes, rows[-1])) if len(rows) == size else None
        return Stretch(found=tuple(found), looked=len(rows), after=last)

    async def stated(self, since: datetime, after: StatementId | None, size: int) -> Sequence[Statement]:
        """Return the next statements made since, in the order of their making."""
        first = (micros(since) // 1000).to_bytes(6) + bytes(10)  # RFC9562-5.7
        params: Params = {"after": first if after is None else after.bytes, "size": size}
        return [kept_in(row) for row in await self.database.all(_STATED, params)]
