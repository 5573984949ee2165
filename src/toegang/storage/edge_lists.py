"""The lists of mandates that people read, and the reminders of an end, on either engine.

One row for each edge and each party that it concerns: a page costs what it shows, however long the list is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.mandates.listing import Listing, concerned, ends, listings
from toegang.mandates.reminding import remind_at
from toegang.storage.database import inside
from toegang.storage.edge_bodies import edges_in
from toegang.storage.edge_roles import INTERMEDIARY
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.listing import Cut
    from toegang.mandates.party import PartyId
    from toegang.storage.database import Connection, Database
    from toegang.storage.statements import Params, Value
    from toegang.units import Unit

_PUT = """
INSERT INTO mandate_sides (party, edge, list, ends) VALUES (:party, :edge, :list, :ends)
ON CONFLICT (party, edge) DO UPDATE SET list = excluded.list, ends = excluded.ends
"""
_OFF = "DELETE FROM mandate_sides WHERE party = :party AND edge = :edge"
_FORGET = "DELETE FROM mandate_reminders WHERE edge = :edge"
_REMIND = "INSERT INTO mandate_reminders (edge, at) VALUES (:edge, :at)"
# One lower bound: of two either engine begins at either, and walks through all that stands between.
_LIVE = """
SELECT edge, ends FROM mandate_sides
WHERE party = :party AND list = :list AND (ends, edge) > (:ends, :edge) AND ends < :before
ORDER BY ends, edge LIMIT :size
"""
_ENDED = """
SELECT edge, ends FROM (
    SELECT edge, ends FROM mandate_sides
    WHERE party = :party AND list = {list} AND ends <= :now AND (ends, edge) < (:ends, :edge)
    ORDER BY ends DESC, edge DESC LIMIT :size
) AS of_{list}
"""
_PAST = (
    " UNION ALL ".join(_ENDED.format(list=int(each)) for each in Listing)
    + " ORDER BY ends DESC, edge DESC LIMIT :size"
)
_BODIES = "SELECT id, body FROM mandate_edges WHERE id IN ({ids})"
# By the side that always finds it: code of before kept the clients of a firm on no list of it (`MISSED`).
_BETWEEN = """
SELECT body FROM mandate_edges WHERE principal = :principal AND agent = :agent AND id > :after AND id IN (
    SELECT edge FROM mandate_sides WHERE party = :principal AND list <> 0 AND ends > :now
) ORDER BY id LIMIT :size
"""
_DUE = """
SELECT body, at FROM (SELECT edge, at FROM mandate_reminders WHERE at <= :now ORDER BY at, edge LIMIT :size)
AS due JOIN mandate_edges ON mandate_edges.id = due.edge ORDER BY at, edge
"""
MISSED = f"""
INSERT INTO mandate_sides (party, edge, list, ends)
SELECT DISTINCT a.agent, a.edge, {Listing.RECEIVED.value}, a.valid_until FROM authority_index a
WHERE a.role = {INTERMEDIARY} AND NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = a.agent)
    AND NOT EXISTS (SELECT 1 FROM mandate_sides s WHERE s.party = a.agent AND s.edge = a.edge)
ON CONFLICT DO NOTHING
"""  # noqa: S608 constant words
"""What code of before wrote, which kept the clients of a firm on no list of it."""
_TAKE = "DELETE FROM mandate_reminders WHERE edge = :edge AND at = :at"
_LAST: Final = 2**62
_HIGHEST: Final = b"\xff" * 17


@dataclass(frozen=True, slots=True)
class EdgeLists:
    """mandates.stores.Lists: what people read of their mandates."""

    database: Database

    async def page(self, party: PartyId, listing: Listing, cut: Cut, now: datetime) -> Sequence[Edge]:
        """Return the next mandates on a list of somebody, each as it is now."""
        asked: Params = {"party": party.bytes, "size": cut.size}
        if listing is Listing.ENDED:
            last = (_LAST, _HIGHEST) if cut.last is None else (micros(cut.last.ends), cut.last.edge.bytes)
            rows = await self.database.all(
                _PAST, {**asked, "now": micros(now), "ends": last[0], "edge": last[1]}
            )
        else:
            before = _LAST if cut.before is None else micros(cut.before)
            rows = await self.database.all(
                _LIVE, {**asked, **live_after(cut, now), "list": int(listing), "before": before}
            )
        return await self._bodies([row[0] for row in rows])

    async def live_between(
        self, principal: PartyId, agent: PartyId, size: int, now: datetime, after: EdgeId | None = None
    ) -> Sequence[Edge]:
        """Return the next mandates from one to the other that are live, their time not over, by their ids."""
        asked: Params = {
            "principal": principal.bytes,
            "agent": agent.bytes,
            "size": size,
            "now": micros(now),
            "after": b"" if after is None else after.bytes,
        }
        return edges_in(await self.database.all(_BETWEEN, asked))

    async def _bodies(self, ids: Sequence[bytes]) -> Sequence[Edge]:
        """Return edges in the order of their ids as given."""
        if not ids:
            return ()
        params: Params = {f"p{place}": each for place, each in enumerate(ids)}
        names = ", ".join(f":{name}" for name in params)
        rows = await self.database.all(_BODIES.replace("{ids}", names), params)
        found = dict(zip((row[0] for row in rows), edges_in([row[1:] for row in rows]), strict=True))
        return tuple(found[each] for each in ids if each in found)


@dataclass(frozen=True, slots=True)
class ReminderTable:
    """mandates.stores.Reminders: when both sides are reminded of an end."""

    database: Database

    async def due(self, now: datetime, size: int) -> Sequence[tuple[Edge, datetime]]:
        """Return the first reminders that are due, with the moment of each."""
        rows = await self.database.all(_DUE, {"now": micros(now), "size": size})
        return tuple(zip(edges_in(rows), (moment(row[1]) for row in rows), strict=True))

    async def take(self, unit: Unit, edge: EdgeId, at: datetime) -> bool:
        """Remove one; False when it is gone, or was put to another moment."""
        return await inside(unit).execute(_TAKE, {"edge": edge.bytes, "at": micros(at)}) == 1


def live_after(cut: Cut, now: datetime) -> dict[str, Value]:
    """Return after which `ends` and `edge` what is asked begins, of what has not ended."""
    over = (micros(now), _HIGHEST)
    last = over if cut.last is None else max(over, (micros(cut.last.ends), cut.last.edge.bytes))
    return {"ends": last[0], "edge": last[1]}


async def put_on_lists(connection: Connection, edge: Edge, gone: Iterable[PartyId], *, new: bool) -> None:
    """Put an edge where those whom it concerns find it, and off the lists of those who are gone."""
    for row in list_rows(edge):
        await connection.put(_PUT, row)
    for party in sorted({*concerned(edge), *gone} - listings(edge).keys()):
        if not new:
            await connection.put(_OFF, {"party": party.bytes, "edge": edge.id.bytes})
    at = remind_at(edge)
    if not new:
        await connection.put(_FORGET, {"edge": edge.id.bytes})
    if at is not None:
        await connection.put(_REMIND, {"edge": edge.id.bytes, "at": micros(at)})


def list_rows(edge: Edge) -> list[Params]:
    """Return the columns of what lists have of an edge: a row for each party that it concerns."""
    until = micros(ends(edge))
    return [
        {"party": party.bytes, "edge": edge.id.bytes, "list": int(listing), "ends": until}
        for party, listing in listings(edge).items()
    ]


async def take_off_lists(connection: Connection, edge: Edge) -> None:
    """Let nobody find an edge any more: it is erased."""
    for party in sorted({*concerned(edge), *listings(edge)}):
        await connection.put(_OFF, {"party": party.bytes, "edge": edge.id.bytes})
    await connection.put(_FORGET, {"edge": edge.id.bytes})
