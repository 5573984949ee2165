"""By which names the clients of organisations are found, on either engine.

One row for each client and each word that their name can be begun with, in the order of its letters: a page
is one range of the index for each organisation, and costs what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.mandates.party import PartyId
from toegang.mandates.searching import turned
from toegang.storage.database import inside
from toegang.storage.statements import named

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from toegang.mandates.stores import Page
    from toegang.storage.database import Database
    from toegang.storage.statements import Params, Row, Value
    from toegang.units import Unit

_FORGET = "DELETE FROM client_names WHERE client = :client AND agent = :agent"
_PUT = "INSERT INTO client_names (agent, name, client) VALUES (:agent, :name, :client)"
_NAMES = """
SELECT MIN(name) FROM client_names
WHERE client = :client AND agent IN ({agents}) AND name >= :start AND name < :end
"""
# One lower bound: of two PostgreSQL begins at either, and walks through all names before the other.
_RANGE = """
SELECT name, client FROM (
    SELECT name, client FROM client_names
    WHERE agent = {agent} AND (name, client) > (:name, :client) AND name < :end
    ORDER BY name, client LIMIT :size
) r{place}
"""
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
            firsts = (client for name, client in rows if name == _first(name, start))
            found.update(dict.fromkeys(firsts))
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
        ranges = (_RANGE.format(agent=each, place=place) for place, each in enumerate(letters))
        rows = await self.database.all(" UNION ALL ".join(ranges), params)
        return sorted({(name, client) for name, client in rows})[: int(str(params["size"]))]


def _first(name: str, start: str) -> str:
    return next(each for each in turned(name) if each.startswith(start))
