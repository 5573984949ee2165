"""Paths between two ends, looked for from both ends at once, so that no firm's clients are walked through.

    direct   one range of the index for each agent, scope and principal
    near     what an actor does within organisations: few
    far      what the principals gave others, but for working within them: few
    middle   firms that work for those firms: few for each, whatever clients they have

What `near` and `far` meet in is a path of two, what a `middle` joins one of three. Bodies are read with the
rows, and decoded only where they are on a path. A page is read by its ranges (graph_ranges.py), and who is
met on a path comes along in the same round trip, as far as that is known beforehand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from toegang.mandates.stores import Ways
from toegang.storage import graph_ranges, onward
from toegang.storage.database import Dialect
from toegang.storage.edge_bodies import edge_in
from toegang.storage.edge_roles import IN_TEAMS, INTERMEDIARY, PLAIN, WITHIN
from toegang.storage.edges import scope_hash
from toegang.storage.graph_ranges import BODY, DIRECT, FAR, NEAR
from toegang.storage.parties import parties_in, parties_question
from toegang.storage.statements import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.mandates.stores import Reach
    from toegang.storage.database import Database
    from toegang.storage.statements import Question, Row, Value

_ROW = "SELECT {part} AS part, a.agent, a.principal, e.id, e.body FROM authority_index a"

# The planner takes an agent for one with few clients, and walks through those of a firm with 90,000. What
# stands behind OFFSET is asked for each client by itself, with all of the index's columns known.
_DIRECT_ON_POSTGRES = f"""
SELECT {{part}} AS part, a.agent, a.principal, e.id, e.body
FROM (VALUES {{agents}}) g(id) CROSS JOIN (VALUES {{principals}}) p(id) CROSS JOIN (VALUES {{keys}}) k(id)
    CROSS JOIN LATERAL (SELECT i.agent, i.principal, i.edge FROM authority_index i
        WHERE i.agent = g.id AND i.scope = k.id AND i.principal = p.id{{as_what}} OFFSET 0) a
    {BODY}
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
    if not _any(ends):
        return ()
    found = await database.all(*_both_ends(ends, database.dialect))
    return _read(await _joined(database, ends, _once(found)))


async def ways_between(database: Database, ends: Ends) -> Ways:
    """Return the same paths, with the parties at both ends and of the organisations next to one of them."""
    if not _any(ends):
        return Ways(paths=(), met={})
    found, parties = await database.both(_ways(ends, database.dialect), _parties(ends, database.dialect))
    rows = _once(found)
    paths = _read(await _joined(database, ends, [*rows, *await _by_teams(database, ends, rows)]))
    return Ways(paths=paths, met={each.id: each for each in parties_in(parties)})


async def _by_teams(database: Database, ends: Ends, rows: Sequence[_Row]) -> Sequence[_Row]:
    """Return what is far where somebody acts for some clients of a firm only: these stand in no one range."""
    if not ends.reach.unbroken or len(ends.actors) != 1 or database.dialect is not Dialect.POSTGRES:
        return ()
    some = {row.principal for row in rows if row.part == NEAR and edge_in(row.body).terms.teams_only}
    if not some:
        return ()
    params: dict[str, Value] = {}
    firms = named("g", sorted(some), params)
    principals = named("p", [each.bytes for each in ends.principals], params)
    keys = named("k", [scope_hash(key) for key in ends.reach.keys], params)
    found = await database.all(_direct(firms, principals, keys, database.dialect, part=FAR), params)
    return _once(found)


def _any(ends: Ends) -> bool:
    return bool(ends.actors and ends.principals and ends.reach.keys)


async def _joined(database: Database, ends: Ends, rows: Sequence[_Row]) -> Sequence[tuple[_Row, ...]]:
    """Join what both ends found, and the steps between them."""
    by_part: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_part[row.part].append(row)
    found: list[tuple[_Row, ...]] = [(row,) for row in by_part[DIRECT]]
    near = _by(by_part[NEAR], "principal")
    far = _by(by_part[FAR], "agent")
    found += [(first, last) for org in near.keys() & far.keys() for first in near[org] for last in far[org]]
    for middle in await _middles(database, ends, near, far):
        before = [()] if ends.reach.firm else [(first,) for first in near[middle.agent]]
        found += [(*first, middle, last) for first in before for last in far[middle.principal]]
    return _wanted(ends, found)


def _wanted(ends: Ends, found: Sequence[tuple[_Row, ...]]) -> Sequence[tuple[_Row, ...]]:
    """Return the paths between these ends: a range can have others in it, who do not count now."""
    if not ends.reach.unbroken:
        return found
    actors = {each.bytes for each in ends.actors}
    principals = {each.bytes for each in ends.principals}
    return [path for path in found if path[0].agent in actors and path[-1].principal in principals]


def _parties(ends: Ends, dialect: Dialect) -> Question:
    """Ask who stands at both ends, and of a page also between them, next to the end that is one party.

    Of a single question that costs the many who act for one another directly more than it saves the others.
    """
    params: dict[str, Value] = {}
    actors, principals, reach = ends.actors, ends.principals, ends.reach
    everybody = named("p", sorted({each.bytes for each in (*actors, *principals)}), params)
    if reach.depth == 1 or len(actors) == len(principals) == 1:
        return parties_question(everybody), params
    from_actors = not reach.firm and len(actors) <= len(principals)
    few = named("e", [each.bytes for each in (actors if from_actors else principals)], params)
    keys = named("k", [scope_hash(key) for key in reach.keys], params)
    end, other = ("agent", "principal") if from_actors else ("principal", "agent")
    roles = f"{WITHIN}, {IN_TEAMS}" if from_actors else f"{PLAIN}, {INTERMEDIARY}"
    between = (
        f"SELECT a.{other} FROM authority_index a WHERE a.{end} IN ({', '.join(few)})"  # noqa: S608
        f" AND a.scope IN ({', '.join(keys)}) AND a.role IN ({roles})"
    )
    if reach.unbroken and from_actors and reach.depth > 2 and len(actors) == 1:  # noqa: PLR2004 through two firms
        between += f" UNION {onward.firms_of(dialect, few[0], keys, firm=False)}"
    return parties_question(everybody, between), params


def _ways(ends: Ends, dialect: Dialect) -> Question:
    few, many = sorted((len(ends.actors), len(ends.principals)))
    if ends.reach.unbroken and dialect is Dialect.POSTGRES and few == 1 < many:
        return graph_ranges.page(ends.actors, ends.principals, ends.reach)
    return _both_ends(ends, dialect)


def _both_ends(ends: Ends, dialect: Dialect) -> Question:
    params: dict[str, Value] = {}
    actors = named("g", [each.bytes for each in ends.actors], params)
    principals = named("p", [each.bytes for each in ends.principals], params)
    keys = named("k", [scope_hash(key) for key in ends.reach.keys], params)
    parts = [_direct(actors, principals, keys, dialect)]
    scoped = f"a.scope IN ({', '.join(keys)})"
    if ends.reach.depth > 1 and not ends.reach.firm:
        who = f"a.agent IN ({', '.join(actors)})"
        roles = f"a.role IN ({WITHIN}, {IN_TEAMS})"
        parts.append(f"{_ROW.format(part=NEAR)} {BODY} WHERE {who} AND {scoped} AND {roles}")
    if ends.reach.depth > 1:
        whose = f"a.principal IN ({', '.join(principals)})"
        parts += [
            f"{_ROW.format(part=FAR)} {BODY} WHERE {whose} AND a.role = {role} AND {scoped}"
            for role in (PLAIN, INTERMEDIARY)
        ]
    return " UNION ALL ".join(parts), params


def _direct(  # noqa: PLR0913 all columns of the index, and what is found by them
    actors: Sequence[str],
    principals: Sequence[str],
    keys: Sequence[str],
    dialect: Dialect,
    *,
    part: int = DIRECT,
    role: int | None = None,
) -> str:
    if dialect is Dialect.POSTGRES:
        agents, wanted, scopes = map(graph_ranges.values, (actors, principals, keys))
        as_what = "" if role is None else f" AND i.role = {role}"
        return _DIRECT_ON_POSTGRES.format(
            part=part, agents=agents, principals=wanted, keys=scopes, as_what=as_what
        )
    return (
        f"{_ROW.format(part=part)} {BODY} WHERE a.agent IN ({', '.join(actors)})"
        f" AND a.scope IN ({', '.join(keys)}) AND a.principal IN ({', '.join(principals)})"
        f"{'' if role is None else f' AND a.role = {role}'}"
    )


async def _middles(
    database: Database, ends: Ends, near: Mapping[bytes, Sequence[_Row]], far: Mapping[bytes, Sequence[_Row]]
) -> Sequence[_Row]:
    """Return the steps between firms, from one that the actor works within (or is) to one at the far end."""
    within = [each.bytes for each in ends.actors] if ends.reach.firm else sorted(near)
    if not within or not far or ends.reach.depth < (2 if ends.reach.firm else 3):
        return ()
    params: dict[str, Value] = {}
    firms = named("f", sorted(far), params)
    agents = named("g", within, params)
    keys = named("k", [scope_hash(key) for key in ends.reach.keys], params)
    statement = _direct(agents, firms, keys, database.dialect, part=NEAR, role=INTERMEDIARY)
    return _once(await database.all(statement, params))


def _once(rows: Iterable[Row]) -> Sequence[_Row]:
    """Return what was found, once in each part, whatever number of scopes it was found by."""
    found = [_Row(*row) for row in rows]
    return tuple({(row.part, row.edge): row for row in found}.values())


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
