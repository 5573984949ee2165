"""By which names the clients of organisations are found, on either engine.

One row for each client and each word that their name can be begun with, in the order of its letters: a page
is one range of the index for each organisation, and costs what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.party import PartyId, PartyKind
from toegang.mandates.searching import Unnamed, turned
from toegang.storage.database import inside
from toegang.storage.edge_roles import INTERMEDIARY, PLAIN
from toegang.storage.statements import micros, named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from toegang.mandates.stores import Page
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row, Value
    from toegang.units import Unit

_FORGET = "DELETE FROM client_names WHERE client = :client AND agent = :agent"
# Others may name the same client at this moment: for a team of theirs, or by `toegang mandates names`.
_PUT = """
INSERT INTO client_names (agent, name, client) VALUES (:agent, :name, :client) ON CONFLICT DO NOTHING
"""
_NAMES = """
SELECT MIN(name) FROM client_names
WHERE client = :client AND agent IN ({agents}) AND name >= :start AND name < :end
"""
_EARLIEST = """
SELECT client, MIN(name) FROM client_names
WHERE client IN ({clients}) AND agent IN ({agents}) AND name >= :start AND name < :end GROUP BY client
"""
# One lower bound: of two PostgreSQL begins at either, and walks through all names before the other.
_RANGE = """
SELECT name, client FROM (
    SELECT name, client FROM client_names
    WHERE agent = {agent} AND (name, client) > (:name, :client) AND name < :end
    ORDER BY name, client LIMIT :size
) r{place}
"""
# Few, whatever clients their agents have: what somebody gave, with the organisation where it is to a team.
_CURRENT = f"""
SELECT DISTINCT a.agent, t.organisation FROM authority_index a LEFT JOIN teams t ON t.id = a.agent
WHERE a.principal = :client AND a.role IN ({PLAIN}, {INTERMEDIARY}) AND a.valid_until > :now
"""  # noqa: S608 constant words
_NAMED = """
SELECT DISTINCT n.agent, t.organisation FROM client_names n LEFT JOIN teams t ON t.id = n.agent
WHERE n.client = :client
"""
_TEAM = "SELECT organisation FROM teams WHERE id = :id"
_PLACES = "SELECT COUNT(*) FROM authority_index"
# Nobody is found by name by a person.
_UNNAMED = f"""
SELECT a.agent, a.scope, a.principal, a.edge, a.role IN ({PLAIN}, {INTERMEDIARY}) AND a.valid_until > :now
    AND NOT EXISTS (SELECT 1 FROM parties p WHERE p.id = a.agent AND p.kind = '{PartyKind.PERSON}')
    AND NOT EXISTS (SELECT 1 FROM client_names n WHERE n.client = a.principal AND n.agent = a.agent)
FROM authority_index a WHERE (a.agent, a.scope, a.principal, a.edge) > (:agent, :scope, :principal, :edge)
ORDER BY a.agent, a.scope, a.principal, a.edge LIMIT :size
"""  # noqa: S608 constant words
_LETS_ACT = f"""
SELECT 1 FROM authority_index a
WHERE a.principal = n.client AND a.role IN ({PLAIN}, {INTERMEDIARY}) AND a.agent = {{agent}}
    AND a.valid_until > :now
"""  # noqa: S608 constant words
_NEXT = f"""
SELECT n.client, n.agent, n.name, EXISTS ({_LETS_ACT.format(agent="n.agent")})
    AND (t.id IS NULL OR EXISTS ({_LETS_ACT.format(agent="t.organisation")}))
FROM client_names n LEFT JOIN teams t ON t.id = n.agent
WHERE (n.client, n.agent) > (:client, :agent) ORDER BY n.client, n.agent LIMIT :size
"""  # noqa: S608 constant words
AT_ONCE = 100
"""Ranges of one statement."""
_HIGHEST = "\U0010ffff"
"""After every letter that a name can have, in the order of bytes."""


@dataclass(frozen=True, slots=True)
class ClientNameTable:
    """mandates.searching.ClientNames: names in order, for each organisation."""

    database: Database

    async def put(self, unit: Unit, agent: PartyId, client: PartyId, names: Collection[str]) -> None:
        """Keep these in the place of what a client of this organisation was found by."""
        ends: Params = {"agent": agent.bytes, "client": client.bytes}
        await inside(unit).put(_FORGET, ends)
        for name in sorted(set(names)):
            await inside(unit).put(_PUT, {**ends, "name": name})

    async def starting(self, agents: Sequence[PartyId], start: str, page: Page) -> Sequence[PartyId]:
        """Return the next clients of these with a name that starts so, each once, by the first such name."""
        params: dict[str, Value] = {"start": start, "end": start + _HIGHEST}
        letters = named("g", [each.bytes for each in agents], params)
        last = await self._place(letters, params, page.after)
        found: dict[bytes, None] = {}
        while len(found) < page.size:
            rows = await self._rows(letters, {**params, **last, "size": page.size})
            # Each name is kept from every word on: who has two that start so is found by the first of them.
            firsts = [(name, client) for name, client in rows if name == _first(name, start)]
            found.update(dict.fromkeys(await self._without_earlier(firsts, letters, params)))
            if len(rows) < page.size:
                break
            last = dict(zip(("name", "client"), rows[-1], strict=True))
        return tuple(PartyId(UUID(bytes=each)) for each in found)[: page.size]

    async def _place(self, letters: Sequence[str], params: Params, after: PartyId | None) -> Params:
        """Return where a page begins: after the first name that somebody was found by."""
        if after is None:
            return {"name": params["start"], "client": b""}
        asked = {**params, "client": after.bytes}
        row = await self.database.one(_NAMES.replace("{agents}", ", ".join(letters)), asked)
        found = row and row[0]
        return {"name": found or params["start"], "client": after.bytes if found else b""}

    async def _rows(self, letters: Sequence[str], params: Params) -> list[Row]:
        """Return the next rows of all of these together."""
        found: set[Row] = set()
        for begin in range(0, len(letters), AT_ONCE):
            part = enumerate(letters[begin : begin + AT_ONCE])
            ranges = (_RANGE.format(agent=each, place=place) for place, each in part)
            rows = await self.database.all(" UNION ALL ".join(ranges), params)
            found |= {(name, client) for name, client in rows}
        return sorted(found)[: int(str(params["size"]))]

    async def _without_earlier(
        self, rows: Sequence[Row], letters: Sequence[str], params: Params
    ) -> Sequence[bytes]:
        """Return those who have no earlier name here: others may know them by a name of another time.

        Else a page that ends with them would be followed by what came before it.
        """
        if len(letters) == 1 or not rows:
            return [client for _, client in rows]
        asked = dict(params)
        clients = named("c", sorted({client for _, client in rows}), asked)
        sql = _EARLIEST.replace("{clients}", ", ".join(clients)).replace("{agents}", ", ".join(letters))
        earliest = dict[bytes, str](await self.database.all(sql, asked))
        return [client for name, client in rows if name == earliest.get(client, name)]

    async def by_whom(self, agent: PartyId, client: PartyId, now: datetime) -> Mapping[PartyId, bool]:
        """Return by whom a client of an organisation, or of its team, is found, and whether rightly."""
        asked: Params = {"client": client.bytes, "now": micros(now)}
        current = dict[bytes, bytes | None](await self.database.all(_CURRENT, asked))
        kept = dict[bytes, bytes | None](await self.database.all(_NAMED, {"client": client.bytes}))
        team = await self.database.one(_TEAM, {"id": agent.bytes})
        firm = team[0] if team else agent.bytes
        gone = {agent.bytes, *(each for each, of in kept.items() if firm in {each, of})}
        right = {each for each, of in current.items() if firm in {each, of}} if firm in current else set()
        return {PartyId(UUID(bytes=each)): each in right for each in gone | right}

    async def unnamed(self, after: bytes, size: int, now: datetime) -> Unnamed:
        """Look at the next places of the index: who should be found by name, and is not."""
        asked: Params = {
            "agent": after[:16],
            "scope": after[16:24],
            "principal": after[24:40],
            "edge": after[40:],
            "now": micros(now),
            "size": size,
        }
        rows = await self.database.all(_UNNAMED, asked)
        wanted = dict.fromkeys((row[0], row[2]) for row in rows if row[4])
        return Unnamed(
            found=[(PartyId(UUID(bytes=by)), PartyId(UUID(bytes=client))) for by, client in wanted],
            looked_at=len(rows),
            after=b"".join(rows[-1][:4]) if len(rows) == size else b"",
        )

    async def places(self) -> int:
        """Return how many places the index has."""
        row = await self.database.one(_PLACES, {})
        return int(row[0]) if row else 0

    async def sweep(self, unit: Unit, after: bytes, size: int, now: datetime) -> bytes:
        """Forget the next names of who is no client any more; return where to go on, empty at the end."""
        asked: Params = {"client": after[:16], "agent": after[16:], "now": micros(now), "size": size}
        rows = await inside(unit).all(_NEXT, asked)
        for ends in dict.fromkeys((row[0], row[1]) for row in rows if not row[3]):
            await inside(unit).put(_FORGET, dict(zip(("client", "agent"), ends, strict=True)))
        return b"".join(rows[-1][:2]) if len(rows) == size else b""


def _first(name: str, start: str) -> str:
    return next(each for each in turned(name) if each.startswith(start))
