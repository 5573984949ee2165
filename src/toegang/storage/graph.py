"""Paths through active edges, on either engine: one range of a narrow index for each scope that can matter.

Chains are few and typed, so they are fixed joins and no recursion:

    actor <- principal
    actor <- organisation <- principal
    actor <- organisation <- firm <- principal

A list asks each agent's range of each scope for the next principals and puts the answers in order: it costs
the page, not the clients. Chains of three have no such order; they cost the clients of the actor's firms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.party import PartyId
from toegang.storage.edge_bodies import edge_in
from toegang.storage.edges import INTERMEDIARY, WITHIN, scope_hash
from toegang.storage.statements import micros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.mandates.edge import Edge
    from toegang.mandates.stores import Page, Reach
    from toegang.storage.database import Database
    from toegang.storage.statements import Value

FIRST = b""
"""Before every id."""

_EFFECTIVE = "{0}.level >= :level AND {0}.valid_from <= :now AND {0}.valid_until > :now"

_ALIASES = "abc"
_DEEPEST = len(_ALIASES)


def _hops(depth: int, *, firm: bool) -> tuple[tuple[str, int | None], ...]:
    """Return the hops from the actor on, as (alias, its role): within, then between firms, then any."""
    roles = [INTERMEDIARY if place or firm else WITHIN for place in range(depth - 1)]
    return tuple(zip(_ALIASES, [*roles, None], strict=False))


@dataclass(frozen=True, slots=True)
class GraphTable:
    """mandates.stores.Graph: paths, over the index that edges.py keeps."""

    database: Database

    async def paths(
        self, actor: PartyId, principals: Sequence[PartyId], reach: Reach
    ) -> Sequence[tuple[Edge, ...]]:
        """Return every path from the actor to one of these principals, the actor's edge first."""
        if not principals or not reach.keys:
            return ()
        found: dict[tuple[UUID, ...], tuple[Edge, ...]] = {}
        for depth in range(1, min(reach.depth, _DEEPEST) + 1):
            params: dict[str, Value] = {"actor": actor.bytes}
            keys = _listed("k", _hashes(reach), params)
            ends = _listed("p", [each.bytes for each in principals], params)
            hops = _hops(depth, firm=reach.firm)
            bodies = ", ".join(f"e{alias}.body" for alias, _ in hops)
            joined = " ".join(
                f"JOIN mandate_edges e{alias} ON e{alias}.id = {alias}.edge" for alias, _ in hops
            )
            statement = (
                f"SELECT {bodies} FROM {_chain(hops)} {joined} WHERE a.agent = :actor"  # noqa: S608
                f" AND {_scoped(hops, keys)} AND {hops[-1][0]}.principal IN ({ends})"
            )
            for row in await self.database.all(statement, params):
                path = tuple(map(edge_in, row))
                found[tuple(edge.id for edge in path)] = path
        return tuple(found.values())

    async def principals(self, actor: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        """Return the first principals after `page.after` to whom a path can lead, each once, in order."""
        if not reach.keys:
            return ()
        # Somebody works for a few organisations, each a range of its own; a firm can have 90,000 clients.
        few = [] if reach.firm or reach.depth == 1 else await self._organisations(actor, reach)
        found = await self._next_principals([actor.bytes, *few], reach, page)
        for depth in range(2 if reach.firm else _DEEPEST, min(reach.depth, _DEEPEST) + 1):
            far = f"{_ALIASES[depth - 1]}.principal"
            found |= await self._far(actor.bytes, "a.agent", far, reach, page, depth)
        return _page(found, page)

    async def agents(self, principal: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        """Return the first agents after `page.after` from whom a path can lead here, each once, in order."""
        found: set[bytes] = set()
        for depth in range(1, min(reach.depth, _DEEPEST) + 1) if reach.keys else ():
            last = _ALIASES[depth - 1]
            found |= await self._far(principal.bytes, f"{last}.principal", "a.agent", reach, page, depth)
        return _page(found, page)

    async def organisations(self, actor: PartyId, reach: Reach) -> Sequence[PartyId]:
        """Return the organisations that an active edge makes somebody act within, in order."""
        found = await self._organisations(actor, reach) if reach.keys else []
        return tuple(PartyId(UUID(bytes=each)) for each in sorted(found))

    async def _organisations(self, actor: PartyId, reach: Reach) -> list[bytes]:
        params = _params(reach, {"actor": actor.bytes})
        keys = _listed("k", _hashes(reach), params)
        statement = (
            f"SELECT DISTINCT a.principal FROM authority_index a WHERE a.agent = :actor"  # noqa: S608
            f" AND {_scoped((('a', WITHIN),), keys)} AND {_EFFECTIVE.format('a')}"
        )
        return [row[0] for row in await self.database.all(statement, params)]

    async def _next_principals(self, agents: Sequence[bytes], reach: Reach, page: Page) -> set[bytes]:
        """One range per agent and scope, each ended at the page's size: the first of all are among them."""
        params = _params(reach, {"after": page.after.bytes if page.after else FIRST, "size": page.size})
        ranges = [
            "SELECT principal FROM (SELECT DISTINCT a.principal FROM authority_index a"  # noqa: S608
            f" WHERE a.agent = {agent} AND a.scope = {key} AND a.principal > :after"
            f" AND {_EFFECTIVE.format('a')} ORDER BY a.principal LIMIT :size) r{place}"
            for place, (agent, key) in enumerate(
                (agent, key)
                for agent in _names("g", agents, params)
                for key in _names("k", _hashes(reach), params)
            )
        ]
        found: set[bytes] = set()
        for begin in range(0, len(ranges), 100):
            statement = " UNION ALL ".join(ranges[begin : begin + 100])
            found |= {row[0] for row in await self.database.all(statement, params)}
        return found

    async def _far(  # noqa: PLR0913, PLR0917 both ends of one chain
        self, fixed: bytes, at: str, wanted: str, reach: Reach, page: Page, depth: int
    ) -> set[bytes]:
        hops = _hops(depth, firm=reach.firm)
        params = _params(
            reach, {"fixed": fixed, "after": page.after.bytes if page.after else FIRST, "size": page.size}
        )
        keys = _listed("k", _hashes(reach), params)
        effective = " AND ".join(_EFFECTIVE.format(alias) for alias, _ in hops)
        statement = (
            f"SELECT DISTINCT {wanted} AS it FROM {_chain(hops)} WHERE {at} = :fixed"  # noqa: S608
            f" AND {_scoped(hops, keys)} AND {effective} AND {wanted} > :after ORDER BY it LIMIT :size"
        )
        return {row[0] for row in await self.database.all(statement, params)}


def _hashes(reach: Reach) -> list[bytes]:
    return [scope_hash(key) for key in reach.keys]


def _chain(hops: Sequence[tuple[str, int | None]]) -> str:
    (first, _), *rest = hops
    before, words = first, f"authority_index {first}"
    for alias, _ in rest:
        words += f" JOIN authority_index {alias} ON {alias}.agent = {before}.principal"
        before = alias
    return words


def _scoped(hops: Sequence[tuple[str, int | None]], keys: str) -> str:
    roles = [f"{alias}.role = {role}" for alias, role in hops if role is not None]
    return " AND ".join([*(f"{alias}.scope IN ({keys})" for alias, _ in hops), *roles])


def _params(reach: Reach, more: dict[str, Value]) -> dict[str, Value]:
    return {"level": int(reach.level), "now": micros(reach.now), **more}


def _names(prefix: str, values: Sequence[Value], params: dict[str, Value]) -> list[str]:
    """Give each value a parameter of its own, and return how a statement calls them."""
    letters = [f"{prefix}{place}" for place in range(len(values))]
    params.update(zip(letters, values, strict=True))
    return [f":{name}" for name in letters]


def _listed(prefix: str, values: Sequence[Value], params: dict[str, Value]) -> str:
    return ", ".join(_names(prefix, values, params))


def _page(found: set[bytes], page: Page) -> tuple[PartyId, ...]:
    return tuple(PartyId(UUID(bytes=each)) for each in sorted(found)[: page.size])
