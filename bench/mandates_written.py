"""Statements and revocations, durable, sixteen at a time: by the house, and the least that it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import psycopg

from bench.mandates_asked import asker_of
from bench.mandates_made import NOW, Country, edge_id, party_id
from bench.measure import say
from toegang.assurance import Level
from toegang.clock import monotonic
from toegang.ids import SystemIds
from toegang.mandates.decide import Permit
from toegang.mandates.edge import EdgeId
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Move, Mover
from toegang.mandates.register import Mandates
from toegang.mandates.statement import Binding

T = TypeVar("T")

AT_ONCE = 16
BODY = b"s" * 350  # about as large as a statement

HOLD = "SELECT version FROM mandate_edges WHERE id = %s FOR SHARE"
KNOW = "SELECT standing FROM parties WHERE id = ANY(%s) FOR SHARE"
PUT = (
    "INSERT INTO authority_statements (id, txn, bound, until, status, body)"
    " VALUES (%s, %s, %s, %s, 'issued', %s) ON CONFLICT (txn) DO NOTHING"
)
END = "UPDATE mandate_edges SET version = version + 1 WHERE id = %s AND version = %s"
UNLIST = "DELETE FROM authority_index WHERE agent = %s AND principal = %s AND edge = %s"
TOLD = "UPDATE authority_statements SET status = 'contested' WHERE id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many a second, and which mandates the peer may use: nobody else did anything with them."""

    statements: float
    revocations: float
    left: Sequence[tuple[EdgeId, bytes, bytes]] = ()


async def written(mandates: Mandates, country: Country, count: int) -> Written:
    """State and then revoke mandates between people, each its own; half of those that hold are left."""
    places = await _holding(mandates, country, count * 2)
    mine, left = places[::2], places[1::2]
    say(f"stating and revoking {len(mine):,} mandates")

    async def state(place: int) -> None:
        asker, number = asker_of(country, place), str(place)
        binding = Binding(transaction=number, audience="portaal", nonce=number, session=number)
        principal = party_id(country.pair(place).principal)
        await mandates.state(asker, principal, binding, NOW, NOTHING_TOLD)

    async def revoke(place: int) -> None:
        by = Mover.self(party_id(country.pair(place).principal), Level.SUBSTANTIAL)
        meant = (asker_of(country, place).service,)
        await mandates.move(edge_id(place), 1, Move(act=Act.REVOKE, by=by), meant, NOW, NOTHING_TOLD)

    return Written(
        statements=await _rate(mine, [state] * AT_ONCE),
        revocations=await _rate(mine, [revoke] * AT_ONCE),
        left=[_ends(country, place) for place in left],
    )


async def bare_written(url: str, ours: Written) -> Written:
    """Do the least, on what was left: rows held, one written, a commit; a row changed, its index too."""
    links = [
        await psycopg.AsyncConnection.connect(url, prepare_threshold=0, autocommit=True)
        for _ in range(AT_ONCE)
    ]
    found = Written(
        statements=await _rate(ours.left, [_bare_state(link) for link in links]),
        revocations=await _rate(ours.left, [_bare_revoke(link) for link in links]),
    )
    for link in links:
        await link.close()
    return found


async def _holding(mandates: Mandates, country: Country, count: int) -> list[int]:
    """Return mandates by which somebody may act now."""
    found: list[int] = []
    for place in range(country.size.between_people):
        principal = party_id(country.pair(place).principal)
        if isinstance(await mandates.decide(asker_of(country, place), principal, NOW, NOTHING_TOLD), Permit):
            found.append(place)
        if len(found) == count:
            break
    return found


async def _rate(whole: Sequence[T], workers: Sequence[Callable[[T], Awaitable[None]]]) -> float:
    waiting = iter(whole)

    async def work(do: Callable[[T], Awaitable[None]]) -> None:
        for each in waiting:
            await do(each)

    begun = monotonic()
    await asyncio.gather(*map(work, workers))
    return len(whole) / (monotonic() - begun)


def _ends(country: Country, place: int) -> tuple[EdgeId, bytes, bytes]:
    drawn = country.pair(place)
    return edge_id(place), party_id(drawn.principal).bytes, party_id(drawn.agent).bytes


def _bare_state(link: psycopg.AsyncConnection) -> Callable[[tuple[EdgeId, bytes, bytes]], Awaitable[None]]:
    ids = SystemIds()

    async def state(mandate: tuple[EdgeId, bytes, bytes]) -> None:
        edge, *ends = mandate
        async with link.transaction():
            await link.execute(HOLD, (edge.bytes,))
            await link.execute(KNOW, (ends,))
            new = ids.uuid().bytes
            await link.execute(PUT, (new, b"peer" + new, new, 2**52, BODY))

    return state


def _bare_revoke(link: psycopg.AsyncConnection) -> Callable[[tuple[EdgeId, bytes, bytes]], Awaitable[None]]:
    async def revoke(mandate: tuple[EdgeId, bytes, bytes]) -> None:
        edge, principal, agent = mandate
        async with link.transaction():
            await link.execute(END, (edge.bytes, 1))
            await link.execute(UNLIST, (agent, principal, edge.bytes))
            await link.execute(TOLD, (edge.bytes,))

    return revoke
