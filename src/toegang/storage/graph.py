"""Paths through active edges, on either engine: one range of a narrow index for each scope that can matter.

Chains are few and typed, so they are fixed joins and no recursion:

    actor <- principal
    actor <- organisation <- principal
    actor <- organisation <- firm <- principal

A list asks each agent's range of each scope for the next principals and puts the answers in order: it costs
the page, not the clients. Agents are the actor, the organisations, and those of their clients that act for
others themselves (onward.py). Of these SQLite has no ranges, and walks through what clients they have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.judging import TEAMS_REACH
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.storage.database import Dialect
from toegang.storage.edge_roles import IN_TEAMS, INTERMEDIARY, PLAIN, WITHIN
from toegang.storage.edges import scope_hash
from toegang.storage.graph_paths import Ends, paths_between, ways_between
from toegang.storage.graph_ranges import values
from toegang.storage.onward import firms_of
from toegang.storage.statements import micros, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.mandates.edge import Edge
    from toegang.mandates.stores import Page, Reach, Ways
    from toegang.storage.database import Database
    from toegang.storage.statements import Question, Row, Value

FIRST = b""
"""Before every id."""

_EFFECTIVE = "{0}.level >= :level AND {0}.valid_from <= :now AND {0}.valid_until > :now"

_DEEPEST = 3

_OF_ONWARD_ON_POSTGRES = """
SELECT DISTINCT r.it FROM ({firms}) g(id) CROSS JOIN (VALUES {keys}) k(id)
    CROSS JOIN LATERAL (SELECT DISTINCT a.principal AS it FROM authority_index a
        WHERE a.agent = g.id AND a.scope = k.id AND a.principal > :after AND {effective}
        ORDER BY it LIMIT :size) r
ORDER BY it LIMIT :size
"""
_OF_ONWARD_ON_SQLITE = """
SELECT DISTINCT a.principal AS it FROM ({firms}) g CROSS JOIN authority_index a
WHERE a.agent = g.principal AND a.scope IN ({keys}) AND a.principal > :after AND {effective}
ORDER BY it LIMIT :size
"""


@dataclass(frozen=True, slots=True)
class GraphTable:
    """mandates.stores.Graph: paths, over the index that edges.py keeps."""

    database: Database

    async def paths(
        self, actors: Sequence[PartyId], principals: Sequence[PartyId], reach: Reach
    ) -> Sequence[tuple[Edge, ...]]:
        """Return every path from one of these actors to one of these principals, the actor's edge first."""
        return await paths_between(self.database, Ends(actors, principals, reach))

    async def ways(self, actors: Sequence[PartyId], principals: Sequence[PartyId], reach: Reach) -> Ways:
        """Return the same, with the parties that are met on them as far as these came along."""
        return await ways_between(self.database, Ends(actors, principals, reach))

    async def principals(self, actor: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        """Return the first principals after `page.after` to whom a path can lead, each once, in order."""
        if not reach.keys:
            return ()
        # Somebody works for a few organisations, each a range of its own; a firm can have 90,000 clients.
        few, by_team, found = await self._begun(actor, reach, page)
        found |= await self._next_principals([actor.bytes, *few], reach, page)
        for teams in map(_teams_of, by_team, repeat(reach)):
            on = [each.bytes for each in await self.organisations(actor, teams)]
            found |= await self._next_principals(on, teams, page)
        return _page(found, page)

    async def _begun(
        self, actor: PartyId, reach: Reach, page: Page
    ) -> tuple[list[bytes], list[bytes], set[bytes]]:
        """Return where somebody acts (as `_organisations`), and the next to whom a chain of three leads."""
        within, onward = _within(actor, reach), _next_by_onward(self.database.dialect, actor, reach, page)
        if reach.firm or reach.depth == 1:
            rows = await self.database.all(*onward) if reach.depth > 1 else []
            return [], [], {row[0] for row in rows}
        if reach.depth < _DEEPEST:
            return *_parted(await self.database.all(*within)), set()
        organisations, rows = await self.database.both(within, onward)
        return *_parted(organisations), {row[0] for row in rows}

    async def agents(self, principal: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        """Return the first agents after `page.after` from whom a path can lead here, each once, in order.

        They are the principal's own, and those of the few firms that act for it, or for such a firm.
        """
        if not reach.keys:
            return ()
        ranges = [(principal.bytes, role) for role in (PLAIN, WITHIN, INTERMEDIARY, IN_TEAMS)]
        firms: set[bytes] = {principal.bytes}
        roles: Sequence[int] = (PLAIN, INTERMEDIARY)
        for _ in range(1, min(reach.depth, 2 if reach.firm else _DEEPEST)):
            firms, roles = await self._firms(firms, roles, reach), (INTERMEDIARY,)
            steps = (INTERMEDIARY,) if reach.firm else (WITHIN, IN_TEAMS)
            ranges += [(firm, role) for firm in sorted(firms) for role in steps]
        return _page(await self._next_agents(ranges, reach, page), page)

    async def _firms(self, principals: set[bytes], roles: Sequence[int], reach: Reach) -> set[bytes]:
        """Return who acts for one of these, as anything but somebody who works within it."""
        if not principals:
            return set()
        params = _params(reach, {})
        keys, whose = _listed("k", _hashes(reach), params), _listed("p", sorted(principals), params)
        statement = " UNION ".join(
            f"SELECT a.agent FROM authority_index a WHERE a.principal IN ({whose})"  # noqa: S608
            f" AND a.role = {role} AND a.scope IN ({keys}) AND {_EFFECTIVE.format('a')}"
            for role in roles
        )
        return {row[0] for row in await self.database.all(statement, params)}

    async def _next_agents(self, ranges: Sequence[tuple[bytes, int]], reach: Reach, page: Page) -> set[bytes]:
        """One range per principal, role and scope, each ended at the page's size."""
        params = _params(reach, {"after": page.after.bytes if page.after else FIRST, "size": page.size})
        names = _names("g", [principal for principal, _ in ranges], params)
        wanted = [
            f"SELECT DISTINCT a.agent AS it FROM authority_index a WHERE a.principal = {principal}"  # noqa: S608
            f" AND a.role = {role} AND a.scope = {key} AND a.agent > :after"
            for principal, (_, role) in zip(names, ranges, strict=True)
            for key in _names("k", _hashes(reach), params)
        ]
        return await self._firsts(wanted, params)

    async def organisations(self, actor: PartyId, reach: Reach) -> Sequence[PartyId]:
        """Return the organisations that an active edge makes somebody act within, in order."""
        found, by_team = await self._organisations(actor, reach) if reach.keys else ([], [])
        return tuple(map(_party_id, sorted({*found, *by_team})))

    async def groups(self, actor: PartyId, reach: Reach) -> Sequence[PartyId]:
        """Return the organisations, or teams, for whose clients somebody acts; then those further on."""
        if not reach.keys:
            return ()
        found, by_team = ([], []) if reach.firm else await self._organisations(actor, reach)
        teams = [await self.organisations(actor, _teams_of(each, reach)) for each in by_team]
        own = sorted({*map(_party_id, found), *chain.from_iterable(teams)})
        if reach.depth < (2 if reach.firm else _DEEPEST):
            return tuple(own)
        rows = await self.database.all(*_onward(self.database.dialect, actor, reach))
        return tuple(dict.fromkeys((*own, *(_party_id(row[0]) for row in sorted(rows)))))

    async def _organisations(self, actor: PartyId, reach: Reach) -> tuple[list[bytes], list[bytes]]:
        """Return where somebody acts for every client, and where for those of their teams only."""
        return _parted(await self.database.all(*_within(actor, reach)))

    async def _next_principals(self, agents: Sequence[bytes], reach: Reach, page: Page) -> set[bytes]:
        """One range per agent and scope, each ended at the page's size: the first of all are among them."""
        params = _params(reach, {"after": page.after.bytes if page.after else FIRST, "size": page.size})
        wanted = [
            f"SELECT DISTINCT a.principal AS it FROM authority_index a WHERE a.agent = {agent}"  # noqa: S608
            f" AND a.scope = {key} AND a.principal > :after"
            for agent in _names("g", agents, params)
            for key in _names("k", _hashes(reach), params)
        ]
        return await self._firsts(wanted, params)

    async def _firsts(self, ranges: Sequence[str], params: dict[str, Value]) -> set[bytes]:
        """Return the first of each range that hold now; the first of all are among them."""
        found: set[bytes] = set()
        for begin in range(0, len(ranges), 100):
            statement = " UNION ALL ".join(
                f"SELECT it FROM ({words} AND {_EFFECTIVE.format('a')} ORDER BY it LIMIT :size) r{place}"  # noqa: S608
                for place, words in enumerate(ranges[begin : begin + 100])
            )
            found |= {row[0] for row in await self.database.all(statement, params)}
        return found


def _within(actor: PartyId, reach: Reach) -> Question:
    """Ask which organisations somebody acts within, and as what."""
    params = _params(reach, {"actor": actor.bytes})
    keys = _listed("k", _hashes(reach), params)
    statement = (
        f"SELECT DISTINCT a.principal, a.role FROM authority_index a WHERE a.agent = :actor"  # noqa: S608
        f" AND a.role IN ({WITHIN}, {IN_TEAMS}) AND a.scope IN ({keys}) AND {_EFFECTIVE.format('a')}"
    )
    return statement, params


def _parted(rows: Sequence[Row]) -> tuple[list[bytes], list[bytes]]:
    """Tell those for whose clients somebody acts from those for the clients of whose teams."""
    return [each for each, role in rows if role == WITHIN], [each for each, role in rows if role != WITHIN]


def _onward(dialect: Dialect, actor: PartyId, reach: Reach) -> Question:
    """Ask which firms are clients of somebody's, or of this firm itself, and act for others."""
    params = _params(reach, {"actor": actor.bytes})
    keys = _names("k", _hashes(reach), params)
    return firms_of(dialect, ":actor", keys, _EFFECTIVE.format("a"), firm=reach.firm), params


def _next_by_onward(dialect: Dialect, actor: PartyId, reach: Reach, page: Page) -> Question:
    """Ask for the next principals of firms that are clients of somebody's, or of this firm itself."""
    firms, asked = _onward(dialect, actor, reach)
    params = {**asked, "after": page.after.bytes if page.after else FIRST, "size": page.size}
    keys, effective = _names("k", _hashes(reach), params), _EFFECTIVE.format("a")
    words, listed = _OF_ONWARD_ON_SQLITE, ", ".join(keys)
    if dialect is Dialect.POSTGRES:
        words, listed = _OF_ONWARD_ON_POSTGRES, values(keys)
    return words.format(firms=firms, keys=listed, effective=effective), params


def _teams_of(organisation: bytes, reach: Reach) -> Reach:
    """Return what reaches the teams of an organisation, and their clients, in place of a service."""
    return replace(reach, keys=(Scope.of_teams(UUID(bytes=organisation)).key,), depth=TEAMS_REACH)


def _party_id(found: bytes) -> PartyId:
    return PartyId(UUID(bytes=found))


def _hashes(reach: Reach) -> list[bytes]:
    return [scope_hash(key) for key in reach.keys]


def _params(reach: Reach, more: dict[str, Value]) -> dict[str, Value]:
    return {"level": int(reach.level), "now": micros(reach.now), **more}


def _listed(prefix: str, values: Sequence[Value], params: dict[str, Value]) -> str:
    return ", ".join(named(prefix, values, params))


def _names(prefix: str, values: Sequence[Value], params: dict[str, Value]) -> list[str]:
    """Give each value a parameter of its own, and return how a statement calls them."""
    letters = [f"{prefix}{place}" for place in range(len(values))]
    params.update(zip(letters, values, strict=True))
    return [f":{name}" for name in letters]


def _page(found: set[bytes], page: Page) -> tuple[PartyId, ...]:
    return tuple(map(_party_id, sorted(found)[: page.size]))
