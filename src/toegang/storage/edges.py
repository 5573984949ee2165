"""Edges of authority on either engine: each in one row, active ones also in the index of graph.py."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING

from toegang.mandates.edge import PENDING, TERMINAL, State
from toegang.storage import mandate_requests, onward
from toegang.storage.database import Dialect, inside
from toegang.storage.edge_bodies import body_of, edge_in, edges_in
from toegang.storage.edge_lists import put_on_lists
from toegang.storage.edge_roles import IN_TEAMS, WITHIN, role_of
from toegang.storage.statements import among, micros, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.party import PartyId
    from toegang.storage.database import Connection, Database
    from toegang.storage.statements import Params
    from toegang.units import Unit

FEW = 20
"""Edges between two parties that a refusal is explained from."""

_FREE = """
UPDATE mandate_edges SET pending = NULL WHERE pending = :pending AND pending_until <= :since
"""
_ADD = """
INSERT INTO mandate_edges (id, principal, agent, version, since, pending, pending_until, body)
VALUES (:id, :principal, :agent, :version, :since, :pending, :pending_until, :body)
ON CONFLICT DO NOTHING
"""
_FIND = "SELECT body FROM mandate_edges WHERE id = :id"
_OF = "SELECT body FROM mandate_edges WHERE id IN ({among})"
# What waits beside its equal stands in nobody's way, and goes on so: nothing begins to wait by a move.
_REPLACE = """
UPDATE mandate_edges SET version = :version, since = :since,
    pending = CASE WHEN pending IS NULL THEN pending ELSE :pending END,
    pending_until = :pending_until, body = :body
WHERE id = :id AND version = :seen
"""
_BETWEEN = """
SELECT body FROM mandate_edges WHERE principal = :principal AND agent = :agent
ORDER BY since DESC, id DESC LIMIT :few
"""
_ALL_BETWEEN = """
SELECT body FROM mandate_edges WHERE principal = :principal AND agent = :agent ORDER BY since DESC, id DESC
"""
_UNDER = """
SELECT e.body FROM authority_index a JOIN mandate_edges e ON e.id = a.edge
WHERE a.principal = :principal AND a.role IN (0, 1, 2, 3) AND a.scope = :scope ORDER BY e.id
"""
# No row is locked for it: logins hold a giver's mandates first and the giver after that (PGSQL-13.3.5).
_TURN = "SELECT pg_advisory_xact_lock(:lock)"
_AROUND = (
    "SELECT body FROM mandate_edges WHERE principal IN ({among}) AND agent = :party",
    "SELECT body FROM mandate_edges WHERE principal = :party AND agent IN ({among})",
)
_VERSION = "SELECT version FROM mandate_edges WHERE id = :id"
_INDEX = """
INSERT INTO authority_index (agent, scope, principal, edge, role, level, valid_from, valid_until)
VALUES (:agent, :scope, :principal, :edge, :role, :level, :valid_from, :valid_until)
"""
_UNINDEX = """
DELETE FROM authority_index
WHERE principal = :principal AND role IN (:role, :other) AND agent = :agent AND edge = :edge
"""


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """mandates.stores.Edges: edges, for good."""

    database: Database

    async def add(self, unit: Unit, edge: Edge) -> bool:
        """Keep a new edge; False, keeping nothing, when it was kept before or an equal one waits."""
        connection, params = inside(unit), edge_row(edge)
        # What nobody answered in time has lapsed, and stands in nobody's way, whether or not it was swept.
        await connection.put(_FREE, {"pending": params["pending"], "since": params["since"]})
        if await connection.execute(_ADD, params) != 1:
            return False
        await self._index(connection, edge)
        await put_on_lists(connection, edge, (), new=True)
        return True

    async def find(self, edge: EdgeId) -> Edge | None:
        """Find by id."""
        row = await self.database.one(_FIND, {"id": edge.bytes})
        return None if row is None else edge_in(row[0])

    async def of(self, edges: Iterable[EdgeId]) -> Mapping[EdgeId, Edge]:
        """Return those of them that are there."""
        found: dict[EdgeId, Edge] = {}
        for sql, params in among(_OF, (each.bytes for each in edges)):
            rows = await self.database.all(sql, params)
            found.update((edge.id, edge) for edge in edges_in(rows))
        return found

    async def replace(self, unit: Unit, edge: Edge, seen: int, gone: Iterable[PartyId] = ()) -> bool:
        """Put `edge` in the place of its version `seen`; False, changing nothing, without it."""
        connection, params = inside(unit), edge_row(edge)
        changed = {
            name: params[name] for name in ("id", "version", "since", "pending", "pending_until", "body")
        }
        if await connection.execute(_REPLACE, {**changed, "seen": seen}) != 1:
            return False
        ends: Params = {
            "agent": edge.agent.bytes,
            "principal": edge.principal.bytes,
            "role": role_of(edge),
            # It may have been for all clients before, and be for those of teams only now.
            "other": {WITHIN: IN_TEAMS, IN_TEAMS: WITHIN}.get(role_of(edge), role_of(edge)),
            "edge": edge.id.bytes,
        }
        await connection.put(_UNINDEX, ends)
        await self._index(connection, edge)
        await put_on_lists(connection, edge, gone, new=False)
        return True

    async def between(self, principal: PartyId, agent: PartyId) -> Sequence[Edge]:
        """Return the latest edges from one to the other, in any state, newest first."""
        asked: Params = {"principal": principal.bytes, "agent": agent.bytes, "few": FEW}
        return edges_in(await self.database.all(_BETWEEN, asked))

    async def live(self, principal: PartyId, agent: PartyId) -> Sequence[Edge]:
        """Return every edge from one to the other that did not end, newest first."""
        ends = {"principal": principal.bytes, "agent": agent.bytes}
        found = edges_in(await self.database.all(_ALL_BETWEEN, ends))
        return tuple(each for each in found if each.state not in TERMINAL)

    async def around(self, party: PartyId, others: Iterable[PartyId]) -> Sequence[Edge]:
        """Return every edge between one and each of these, either way, that did not end."""
        found: list[Edge] = []
        for words, (sql, params) in product(_AROUND, [*among("{among}", (each.bytes for each in others))]):
            asked = {**params, "party": party.bytes}
            found += edges_in(await self.database.all(words.replace("{among}", sql), asked))
        return tuple(each for each in found if each.state not in TERMINAL)

    async def turn(self, unit: Unit, principal: PartyId) -> None:
        """Wait until no other unit has the turn of this one; on SQLite every unit that writes is alone."""
        if self.database.dialect is Dialect.POSTGRES:
            number = sha256(b"mandate turn" + principal.bytes).digest()[:8]
            await inside(unit).put(_TURN, {"lock": int.from_bytes(number, signed=True)})

    async def under(self, unit: Unit, principal: PartyId, scope: str) -> Sequence[Edge]:
        """Return the active edges by which somebody lets others act under a scope, by their ids."""
        asked: Params = {"principal": principal.bytes, "scope": scope_hash(scope)}
        found = edges_in(await inside(unit).all(_UNDER, asked))
        return [each for each in found if any(one.key == scope for one in each.terms.scopes)]

    async def hold(self, unit: Unit, seen: Mapping[EdgeId, int]) -> bool:
        """Keep these edges as they are until the unit ends; False when one has another version by now."""
        for edge in sorted(seen):  # in one order, so that no two wait for each other
            row = await inside(unit).one(_VERSION + self.database.for_share, {"id": edge.bytes})
            if row is None or row[0] != seen[edge]:
                return False
        return True

    async def ask(self, unit: Unit, edge: Edge, now: datetime) -> bool:
        """Count that its agent asks its principal; False when that is too often, or too soon."""
        return await mandate_requests.ask(inside(unit), edge, now)

    async def may_be_asked(self, edge: Edge, now: datetime) -> bool:
        """Tell whether its principal may be asked, by what its agent asked of them as who they are."""
        return await mandate_requests.may_be_asked(self.database, edge, now)

    async def quieten(self, unit: Unit, edge: Edge, now: datetime) -> None:
        """Let its agent ask its principal nothing for a while."""
        await mandate_requests.quieten(inside(unit), edge, now)

    async def _index(self, connection: Connection, edge: Edge) -> None:
        rows = index_rows(edge)
        for row in rows:
            await connection.put(_INDEX, row)
        if rows:
            await onward.mark(connection, self.database.dialect, edge)


def scope_hash(key: str) -> bytes:
    """Return what the index has of a scope's key: two that share it are told apart when they are judged."""
    return sha256(key.encode()).digest()[:8]


def index_rows(edge: Edge) -> list[Params]:
    """Return the columns of what the index has of an edge: a row for each scope while it is active."""
    if edge.state is not State.ACTIVE:
        return []
    return [
        {
            "agent": edge.agent.bytes,
            "scope": key,
            "principal": edge.principal.bytes,
            "edge": edge.id.bytes,
            "role": role_of(edge),
            "level": int(edge.terms.worth),
            "valid_from": micros(edge.terms.from_),
            "valid_until": micros(edge.terms.until),
        }
        for key in sorted({scope_hash(scope.key) for scope in edge.terms.scopes})
    ]


def edge_row(edge: Edge) -> Params:
    """Return the columns of an edge."""
    return {
        "id": edge.id.bytes,
        "principal": edge.principal.bytes,
        "agent": edge.agent.bytes,
        "version": edge.version,
        "since": micros(edge.since),
        "pending": _pending(edge) if edge.state in PENDING else None,
        "pending_until": stamp_or_none(edge.pending_until),
        "body": body_of(edge),
    }


def _pending(edge: Edge) -> bytes:
    """Return what two equal pending edges share: both ends as they are addressed, the kind, and what for."""
    scopes = sorted({scope.key for scope in edge.terms.scopes})
    return sha256("\n".join([*map(str, edge.addressed), edge.kind.value, *scopes]).encode()).digest()
