"""Clients of firms that act for others themselves: through whom a chain of three goes on.

A firm with 90,000 clients has a few such. One row for each, put there by whichever comes last: the mandate
that the client gives to the firm, or the first that others give to the client. It stays when either ends, so
nothing rests on it but where to look: what a list finds by it is looked up in the index, and judged.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from toegang.mandates.scope import ScopeKind
from toegang.storage.database import Dialect
from toegang.storage.edge_roles import INTERMEDIARY, WITHIN, role_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.storage.database import Connection
    from toegang.storage.statements import Params

_GIVES = """
INSERT INTO authority_onward (agent, principal)
SELECT DISTINCT a.agent, a.principal FROM authority_index a
WHERE a.principal = :principal AND a.role = {role} AND a.agent = :agent
    AND EXISTS (SELECT 1 FROM authority_index b WHERE b.agent = a.principal)
ON CONFLICT DO NOTHING
""".replace("{role}", str(INTERMEDIARY))
_GETS = """
INSERT INTO authority_onward (agent, principal)
SELECT DISTINCT a.agent, a.principal FROM authority_index a WHERE a.principal = :agent AND a.role = {role}
ON CONFLICT DO NOTHING
""".replace("{role}", str(INTERMEDIARY))
_FORGET = """
DELETE FROM authority_onward WHERE agent = :agent AND principal = :principal AND NOT EXISTS (
    SELECT 1 FROM mandate_edges WHERE principal = :principal AND agent = :agent
)
"""
MISSED = """
INSERT INTO authority_onward (agent, principal)
SELECT DISTINCT a.agent, a.principal FROM authority_index a
WHERE a.role = {role} AND EXISTS (SELECT 1 FROM authority_index b WHERE b.agent = a.principal)
ON CONFLICT DO NOTHING
""".replace("{role}", str(INTERMEDIARY))
"""Marks what code of before wrote, which knew of no marks and serves beside this code during an upgrade."""
_ALONE = "SELECT pg_advisory_xact_lock(:lock)"
_TOGETHER = "SELECT pg_advisory_xact_lock_shared(:lock)"

_WITHIN = (
    f"(SELECT DISTINCT a.principal FROM authority_index a WHERE a.agent = {{actor}} AND a.role = {WITHIN}"  # noqa: S608 constant words
    " AND a.scope IN ({keys}){effective})"
)
_ONE = "(VALUES (CAST({actor} AS bytea)))"
# What stands behind OFFSET and LIMIT is asked row by row: the planner would walk through a firm's clients.
_ONWARD_ON_POSTGRES = f"""
SELECT DISTINCT o.principal FROM {{firms}} f(id)
    CROSS JOIN LATERAL (SELECT m.agent, m.principal FROM authority_onward m WHERE m.agent = f.id OFFSET 0) o
    CROSS JOIN LATERAL (SELECT 1 FROM authority_index a WHERE a.agent = o.agent AND a.scope IN ({{keys}})
        AND a.principal = o.principal AND a.role = {INTERMEDIARY}{{effective}} LIMIT 1) b
"""  # noqa: S608 constant words
# SQLite keeps the order of a CROSS JOIN (SQLITE-optoverview 8.2).
_ONWARD_ON_SQLITE = f"""
SELECT DISTINCT o.principal FROM {{firms}} f CROSS JOIN authority_onward o CROSS JOIN authority_index a
WHERE o.agent = f.principal AND a.agent = o.agent AND a.scope IN ({{keys}}) AND a.principal = o.principal
    AND a.role = {INTERMEDIARY}{{effective}}
"""  # noqa: S608 constant words


async def mark(connection: Connection, dialect: Dialect, edge: Edge) -> None:
    """Keep by whom chains go on now that the index has this edge.

    Two may come at once that make one such chain, and neither sees the other's edge before it is committed.
    So whoever gives as a firm's client is alone with their own name, and whoever gets a client shares theirs.
    """
    if _of_teams_only(edge):
        return
    ends: Params = {"agent": edge.agent.bytes, "principal": edge.principal.bytes}
    gives = role_of(edge) == INTERMEDIARY
    if dialect is Dialect.POSTGRES:
        locks = [(edge.agent, _TOGETHER), *([(edge.principal, _ALONE)] if gives else [])]
        for party, words in sorted(locks):  # in one order, so that no two wait for each other
            await connection.put(words, {"lock": _lock(party)})
    if gives:
        await connection.put(_GIVES, ends)
    await connection.put(_GETS, {"agent": ends["agent"]})


async def forget(connection: Connection, dialect: Dialect, edge: Edge) -> None:
    """Forget it once nothing is kept of the two; several in one unit in the order of principals."""
    if role_of(edge) != INTERMEDIARY:
        return
    if dialect is Dialect.POSTGRES:
        await connection.put(_ALONE, {"lock": _lock(edge.principal)})
    await connection.put(_FORGET, {"agent": edge.agent.bytes, "principal": edge.principal.bytes})


def firms_of(dialect: Dialect, actor: str, keys: Sequence[str], effective: str = "", *, firm: bool) -> str:
    """Return the statement that finds through whom chains of three go on from somebody, or from a firm.

    `actor` and `keys` are names of parameters, `effective` what an edge `a` must be besides, if anything.
    """
    among, more = ", ".join(keys), f" AND {effective}" if effective else ""
    firms = _ONE if firm else _WITHIN
    words = _ONWARD_ON_POSTGRES
    if dialect is Dialect.SQLITE:
        words, firms = _ONWARD_ON_SQLITE, "(SELECT {actor} AS principal)" if firm else _WITHIN
    started = firms.format(actor=actor, keys=among, effective=more)
    return words.format(firms=started, keys=among, effective=more)


def _of_teams_only(edge: Edge) -> bool:
    """Tell whether it says who is on a team, or for whom a team is: no chain of three has that."""
    return all(scope.kind is ScopeKind.TEAM for scope in edge.terms.scopes)


def _lock(party: PartyId) -> int:
    """Return the number of an advisory lock (PGSQL-13.3.5) of this room about a party."""
    return int.from_bytes(sha256(b"authority_onward" + party.bytes).digest()[:8], signed=True)
