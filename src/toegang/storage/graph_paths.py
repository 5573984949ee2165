"""Paths between two ends, looked for from both ends at once, so that no firm's clients are walked through.

    direct   one range of the index for each agent, scope and principal
    near     what an actor does within organisations: few
    far      what the principals gave others, but for working within them: few
    middle   firms that work for those firms: few for each, whatever clients they have

What `near` and `far` meet in is a path of two, what a `middle` joins one of three. Bodies are read with the
rows, and decoded only where they are on a path.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from toegang.storage.database import Dialect
from toegang.storage.edge_bodies import edge_in
from toegang.storage.edges import INTERMEDIARY, PLAIN, WITHIN, scope_hash
from toegang.storage.statements import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.mandates.stores import Reach
    from toegang.storage.database import Database
    from toegang.storage.statements import Value

_DIRECT, _NEAR, _FAR = 0, 1, 2

_ROW = "SELECT {part} AS part, a.agent, a.principal, e.id, e.body FROM authority_index a"
_BODY = "JOIN mandate_edges e ON e.id = a.edge"

# The planner takes an agent for one with few clients, and walks through those of a firm with 90,000. What
# stands behind OFFSET is asked for each client by itself, with all of the index's columns known.
_DIRECT_ON_POSTGRES = f"""
SELECT {_DIRECT} AS part, a.agent, a.principal, e.id, e.body
FROM (VALUES {{agents}}) g(id) CROSS JOIN (VALUES {{principals}}) p(id) CROSS JOIN (VALUES {{keys}}) k(id)
    CROSS JOIN LATERAL (SELECT i.agent, i.principal, i.edge FROM authority_index i
        WHERE i.agent = g.id AND i.scope = k.id AND i.principal = p.id OFFSET 0) a
    {_BODY}
"""  # noqa: S608 constant words


class _Row(NamedTuple):
    part: int
    agent: bytes
    principal: bytes
    edge: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Ends:
    """Who may act, for whom, and how far apart they may be."""

    actors: Sequence[PartyId]
    principals: Sequence[PartyId]
    reach: Reach


async def paths_between(database: Database, ends: Ends) -> Sequence[tuple[Edge, ...]]:
    """Return every path from one of the actors to one of the principals, the actor's edge first."""
    if not ends.actors or not ends.principals or not ends.reach.keys:
        return ()
    rows = await _rows(database, *_both_ends(ends, database.dialect))
    by_part: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_part[row.part].append(row)
    found: list[tuple[_Row, ...]] = [(row,) for row in by_part[_DIRECT]]
    near = _by(by_part[_NEAR], "principal")
    far = _by(by_part[_FAR], "agent")
    found += [(first, last) for org in near.keys() & far.keys() for first in near[org] for last in far[org]]
    for middle in await _middles(database, ends, near, far):
        before = [()] if ends.reach.firm else [(first,) for first in near[middle.agent]]
        found += [(*first, middle, last) for first in before for last in far[middle.principal]]
    return _read(found)


def _both_ends(ends: Ends, dialect: Dialect) -> tuple[str, Mapping[str, Value]]:
    params: dict[str, Value] = {}
    actors = named("g", [each.bytes for each in ends.actors], params)
    principals = named("p", [each.bytes for each in ends.principals], params)
    keys = named("k", [scope_hash(key) for key in ends.reach.keys], params)
    parts = [_direct(actors, principals, keys, dialect)]
    scoped = f"a.scope IN ({', '.join(keys)})"
    if ends.reach.depth > 1 and not ends.reach.firm:
        who = f"a.agent IN ({', '.join(actors)})"
        parts.append(f"{_ROW.format(part=_NEAR)} {_BODY} WHERE {who} AND {scoped} AND a.role = {WITHIN}")
    if ends.reach.depth > 1:
        whose = f"a.principal IN ({', '.join(principals)})"
        parts += [
            f"{_ROW.format(part=_FAR)} {_BODY} WHERE {whose} AND a.role = {role} AND {scoped}"
            for role in (PLAIN, INTERMEDIARY)
        ]
    return " UNION ALL ".join(parts), params


def _direct(actors: Sequence[str], principals: Sequence[str], keys: Sequence[str], dialect: Dialect) -> str:
    if dialect is Dialect.POSTGRES:
        agents, wanted, scopes = map(_values, (actors, principals, keys))
        return _DIRECT_ON_POSTGRES.format(agents=agents, principals=wanted, keys=scopes)
    return (
        f"{_ROW.format(part=_DIRECT)} {_BODY} WHERE a.agent IN ({', '.join(actors)})"
        f" AND a.scope IN ({', '.join(keys)}) AND a.principal IN ({', '.join(principals)})"
    )


def _values(names: Sequence[str]) -> str:
    return ", ".join(f"(CAST({name} AS bytea))" for name in names)


async def _middles(
    database: Database, ends: Ends, near: Mapping[bytes, Sequence[_Row]], far: Mapping[bytes, Sequence[_Row]]
) -> Sequence[_Row]:
    """Return the steps between firms, from one that the actor works within (or is) to one at the far end."""
    within = [each.bytes for each in ends.actors] if ends.reach.firm else sorted(near)
    if not within or not far or ends.reach.depth < (2 if ends.reach.firm else 3):
        return ()
    params: dict[str, Value] = {}
    firms = ", ".join(named("f", sorted(far), params))
    agents = ", ".join(named("g", within, params))
    keys = ", ".join(named("k", [scope_hash(key) for key in ends.reach.keys], params))
    statement = (
        f"{_ROW.format(part=_NEAR)} {_BODY} WHERE a.principal IN ({firms}) AND a.role = {INTERMEDIARY}"
        f" AND a.scope IN ({keys}) AND a.agent IN ({agents})"
    )
    return await _rows(database, statement, params)


async def _rows(database: Database, sql: str, params: Mapping[str, Value]) -> Sequence[_Row]:
    """Return what was found, once in each part, whatever number of scopes it was found by."""
    rows = [_Row(*row) for row in await database.all(sql, params)]
    return tuple({(row.part, row.edge): row for row in rows}.values())


def _by(rows: Iterable[_Row], end: str) -> dict[bytes, list[_Row]]:
    found: dict[bytes, list[_Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, end)].append(row)
    return found


def _read(paths: Iterable[tuple[_Row, ...]]) -> Sequence[tuple[Edge, ...]]:
    known: dict[bytes, Edge] = {}
    for row in (row for path in paths for row in path):
        if row.edge not in known:
            known[row.edge] = edge_in(row.body)
    return tuple(tuple(known[row.edge] for row in path) for path in paths)
