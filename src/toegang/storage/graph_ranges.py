"""Paths to, or from, a page of parties on PostgreSQL: by ranges of the index, not party by party.

A page is what lists found: of one agent and scope all principals between its first and its last that count,
next to each other in the index (stores.Reach.unbroken). One range costs what one party costs. A firm of which
a page is read has tens of thousands more before and after; what stands behind OFFSET is asked for each
agent, role and scope by itself, so that the planner never takes it for one with a handful. Whoever acts for
the clients of their teams only has a page that is no range of the firm's: graph_paths.py asks for these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.storage.database import Dialect
from toegang.storage.edge_roles import IN_TEAMS, INTERMEDIARY, PLAIN, WITHIN
from toegang.storage.edges import scope_hash
from toegang.storage.onward import firms_of
from toegang.storage.statements import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.mandates.party import PartyId
    from toegang.mandates.stores import Reach
    from toegang.storage.statements import Question, Value

DIRECT, NEAR, FAR = 0, 1, 2
"""Where on a path an edge stands: all of it, its first step, its last."""

BODY = "JOIN mandate_edges e ON e.id = a.edge"

_ROW = "SELECT {part} AS part, a.agent, a.principal, e.id, e.body FROM authority_index a"
_OF_AGENTS = f"""
SELECT {{part}} AS part, a.agent, a.principal, e.id, e.body
FROM {{agents}} g(id) CROSS JOIN (VALUES {{keys}}) k(id)
    CROSS JOIN LATERAL (SELECT i.agent, i.principal, i.edge FROM authority_index i
        WHERE i.agent = g.id AND i.scope = k.id AND i.principal BETWEEN :first AND :last OFFSET 0) a
    {BODY}
"""  # noqa: S608 constant words
_OF_PRINCIPALS = f"""
SELECT {{part}} AS part, a.agent, a.principal, e.id, e.body
FROM {{principals}} p(id) CROSS JOIN (VALUES {{roles}}) r(id) CROSS JOIN (VALUES {{keys}}) k(id)
    CROSS JOIN LATERAL (SELECT i.agent, i.principal, i.edge FROM authority_index i
        WHERE i.principal = p.id AND i.role = r.id AND i.scope = k.id
            AND i.agent BETWEEN :first AND :last OFFSET 0) a
    {BODY}
"""  # noqa: S608 constant words


def page(actors: Sequence[PartyId], principals: Sequence[PartyId], reach: Reach) -> Question:
    """Ask for the edges by which one acts for a page of others, or a page of others for one."""
    whole = principals if len(actors) == 1 else actors
    params: dict[str, Value] = {"first": min(whole).bytes, "last": max(whole).bytes}
    keys = named("k", [scope_hash(key) for key in reach.keys], params)
    if len(actors) == 1:
        parts = _for_principals(actors[0], keys, reach, params)
    else:
        parts = _for_agents(actors, principals[0], keys, reach, params)
    return " UNION ALL ".join(parts), params


def _for_principals(actor: PartyId, keys: Sequence[str], reach: Reach, params: dict[str, Value]) -> list[str]:
    params["one"] = actor.bytes
    scopes, among = values(keys), f"a.scope IN ({', '.join(keys)})"
    direct = _OF_AGENTS.format(part=DIRECT, agents="(VALUES (CAST(:one AS bytea)))", keys=scopes)
    if reach.depth == 1:
        return [direct]
    acts = f"FROM authority_index a WHERE a.agent = :one AND {among}"
    firms = [] if reach.firm else [f"SELECT DISTINCT a.principal {acts} AND a.role = {WITHIN}"]
    if reach.depth > len(firms) + 1:  # one step more than to the clients of these
        firms.append(firms_of(Dialect.POSTGRES, ":one", keys, firm=reach.firm))
    far = _OF_AGENTS.format(part=FAR, agents=f"({' UNION '.join(firms)})", keys=scopes)
    if reach.firm:
        return [direct, far]
    roles = f"a.role IN ({WITHIN}, {IN_TEAMS})"
    near = f"{_ROW.format(part=NEAR)} {BODY} WHERE a.agent = :one AND {among} AND {roles}"
    return [direct, near, far]


def _for_agents(
    actors: Sequence[PartyId], principal: PartyId, keys: Sequence[str], reach: Reach, params: dict[str, Value]
) -> list[str]:
    params["one"] = principal.bytes
    scopes, among = values(keys), f"a.scope IN ({', '.join(keys)})"
    direct = _OF_PRINCIPALS.format(
        part=DIRECT,
        principals="(VALUES (CAST(:one AS bytea)))",
        roles=_roles(PLAIN, WITHIN, INTERMEDIARY, IN_TEAMS),
        keys=scopes,
    )
    if reach.depth == 1:
        return [direct]
    far = [
        f"{_ROW.format(part=FAR)} {BODY} WHERE a.principal = :one AND a.role = {role} AND {among}"
        for role in (PLAIN, INTERMEDIARY)
    ]
    if reach.firm:
        return [direct, *far]
    if reach.depth == 2:  # noqa: PLR2004 the principal's firms, and who works within these
        acting = f"SELECT DISTINCT a.agent FROM authority_index a WHERE a.principal = :one AND {among}"  # noqa: S608
        firms = f"({acting} AND a.role IN ({PLAIN}, {INTERMEDIARY}))"
        near = _OF_PRINCIPALS.format(part=NEAR, principals=firms, roles=_roles(WITHIN, IN_TEAMS), keys=scopes)
        return [direct, near, *far]
    who = ", ".join(named("g", [each.bytes for each in actors], params))
    roles = f"a.role IN ({WITHIN}, {IN_TEAMS})"
    near = f"{_ROW.format(part=NEAR)} {BODY} WHERE a.agent IN ({who}) AND {among} AND {roles}"
    return [direct, near, *far]


def values(names: Sequence[str]) -> str:
    """Return parameters of bytes as the rows of VALUES."""
    return ", ".join(f"(CAST({name} AS bytea))" for name in names)


def _roles(*roles: int) -> str:
    return ", ".join(f"(CAST({role} AS smallint))" for role in roles)
