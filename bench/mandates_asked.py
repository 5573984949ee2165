"""Questions about a made-up country through the house's own code, and what they take.

Each question is asked a few times and the fastest counts, because what else a machine does is not what is
measured; which question it is differs each time, so a slow firm shows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from time import process_time

import psycopg

from bench.mandates_made import NOW, Country, party_id, service, service_of
from bench.processes import cpu_of
from toegang.assurance import Level
from toegang.catalogue.values import Service
from toegang.clock import monotonic
from toegang.mandates.decide import Asker, Listed, Permit
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page
from toegang.storage import Database
from toegang.storage.database import Dialect, PoolUse
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.statements import NOTHING, Params, Question, Row, numbered
from toegang.units import Unit, Units

TRIES = 3
PAGE = Page(size=50)

Ask = Callable[[], Awaitable[bool]]
"""Asks one question; tells whether somebody was permitted, or found."""


@dataclass
class Watched:
    """A database that says what it was asked, and how long its answers to reads took."""

    database: Database
    asked: list[Question] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def dialect(self) -> Dialect:
        """The engine."""
        return self.database.dialect

    @property
    def url(self) -> str:
        """The address."""
        return self.database.url

    @property
    def for_update(self) -> str:
        """The engine's word."""
        return self.database.for_update

    @property
    def for_share(self) -> str:
        """The engine's word."""
        return self.database.for_share

    @property
    def skip_locked(self) -> str:
        """The engine's word."""
        return self.database.skip_locked

    async def open(self) -> None:
        """Connect."""
        await self.database.open()

    async def close(self) -> None:
        """Let go."""
        await self.database.close()

    def use(self) -> PoolUse:
        """Tell how busy it is."""
        return self.database.use()

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """Begin a unit; what is asked inside is not watched."""
        return self.database.begin()

    def units(self) -> Units:
        """Return what begins units."""
        return self.database.units()

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Read the first row."""
        rows = await self.all(sql, params)
        return rows[0] if rows else None

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        """Read the rows."""
        begun = monotonic()
        rows = await self.database.all(sql, params)
        self._note(begun, (sql, params))
        return rows

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        """Read the rows of two."""
        begun = monotonic()
        rows = await self.database.both(first, second)
        self._note(begun, first, second)
        return rows

    def _note(self, begun: float, *questions: Question) -> None:
        self.seconds += monotonic() - begun
        self.asked += questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds that questions of one kind took, each the fastest of its tries: whole, and in the database.

    `own_cpu` and `server_cpu` are CPU seconds of one question, on average over all tries: what a busy
    machine disturbs least. `good` is how many found what they looked for.
    """

    whole: Sequence[float]
    inside: Sequence[float]
    own_cpu: float
    server_cpu: float
    questions: Sequence[Sequence[Question]]
    good: int

    @property
    def statements(self) -> int:
        """How many statements the longest of them took."""
        return max(map(len, self.questions))


def at(part: float, seconds: Sequence[float]) -> float:
    """Return the milliseconds below which this part of them lies."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * part))] * 1000


async def asked(watched: Watched, questions: Sequence[Ask], server: int | None = None) -> Took:
    """Ask each, a few times; `server` is the process that answers, where that is another."""
    tries = len(questions) * TRIES
    own, servers = process_time(), 0.0 if server is None else cpu_of(server)
    whole, inside, all_asked, good = [], [], [], 0
    for ask in questions:
        best, best_inside, found = float("inf"), float("inf"), False
        for _ in range(TRIES):
            watched.asked, watched.seconds, begun = [], 0.0, monotonic()
            found = await ask()
            best = min(best, monotonic() - begun)
            best_inside = min(best_inside, watched.seconds)
        whole.append(best)
        inside.append(best_inside)
        all_asked.append(watched.asked)
        good += found
    return Took(
        own_cpu=(process_time() - own) / tries,
        server_cpu=0.0 if server is None else (cpu_of(server) - servers) / tries,
        whole=whole,
        inside=inside,
        questions=all_asked,
        good=good,
    )


def bare(url: str, took: Took) -> Sequence[float]:
    """Return the seconds that the same statements take by psycopg alone, prepared, one after the other."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=0, cursor_factory=psycopg.RawCursor) as link:
        return [min(_bare_once(link, questions) for _ in range(TRIES)) for questions in took.questions]


def direct(mandates: Mandates, country: Country, count: int) -> list[Ask]:
    """Ask of one person about another, each at a service that their mandate is for."""
    return [_check(mandates, country, place) for place in _spread(country.size.between_people, count)]


def chains(mandates: Mandates, country: Country, count: int) -> list[Ask]:
    """Ask of somebody of a firm's staff about one of its clients; every firm in turn, the largest first."""
    found = []
    for rank in _spread(country.size.firms, min(count, country.size.firms)):
        actor = party_id(country.employee(rank, 0))
        for place in range(max(1, count // country.size.firms)):
            client = party_id(country.client(rank, place % country.clients[rank]))
            found.append(_decide(mandates, _asker(actor, country.service_of_client(rank, place)), client))
    return found


def lists(mandates: Mandates, country: Country, count: int, depth: int = 2) -> list[Ask]:
    """Ask whom somebody of a firm's staff may act for, the first page; firm by firm, the largest first."""
    ranks = _spread(country.size.firms, min(count, country.size.firms))
    return [_list(mandates, _asker(party_id(country.employee(rank, 0)), service(0, depth))) for rank in ranks]


def agents(mandates: Mandates, country: Country, count: int) -> list[Ask]:
    """Ask who may act for a client of a firm; a client of every firm, the largest first."""
    ranks = _spread(country.size.firms, min(count, country.size.firms))
    return [
        _agents(mandates, _asker(party_id(country.client(rank, 0)), country.service_of_client(rank, 0)))
        for rank in ranks
    ]


def sides(lists: EdgeLists, country: Country, count: int) -> list[Ask]:
    """Ask for the first page of what somebody reads in My account; firms first, the largest one before."""
    found = [
        _page(lists, country.firm(rank), Listing.RECEIVED) for rank in _spread(country.size.firms, count // 4)
    ]
    for place in _spread(country.size.between_people, count // 4):
        drawn = country.pair(place)
        found += [
            _page(lists, drawn.principal, Listing.GIVEN),
            _page(lists, drawn.agent, Listing.RECEIVED),
            _page(lists, drawn.principal, Listing.ENDED),
        ]
    return found


def asker_of(country: Country, place: int) -> Asker:
    """Return who acts by the mandate of one person to another of that place, at a service that it is for."""
    drawn = country.pair(place)
    return _asker(party_id(drawn.agent), service_of(drawn.form.scopes[0]))


def _asker(actor: PartyId, where: Service) -> Asker:
    return Asker(actor=actor, authenticated=Level.SUBSTANTIAL, service=where, requested=Level.LOW)


def _check(mandates: Mandates, country: Country, place: int) -> Ask:
    return _decide(mandates, asker_of(country, place), party_id(country.pair(place).principal))


def _decide(mandates: Mandates, asker: Asker, principal: PartyId) -> Ask:
    async def ask() -> bool:
        return isinstance(await mandates.decide(asker, principal, NOW, NOTHING_TOLD), Permit)

    return ask


def _list(mandates: Mandates, asker: Asker) -> Ask:
    async def ask() -> bool:
        answer = await mandates.represented(asker, PAGE, NOW, NOTHING_TOLD)
        return isinstance(answer, Listed) and bool(answer.found)

    return ask


def _agents(mandates: Mandates, asker: Asker) -> Ask:
    async def ask() -> bool:
        return bool((await mandates.representatives(asker, PAGE, NOW, NOTHING_TOLD)).found)

    return ask


def _page(lists: EdgeLists, party: int, listing: Listing) -> Ask:
    async def ask() -> bool:
        return bool(await lists.page(party_id(party), listing, Cut(), NOW))

    return ask


def _spread(whole: int, count: int) -> range:
    return range(0, whole, max(1, whole // count))


def _bare_once(link: psycopg.Connection, questions: Sequence[Question]) -> float:
    begun = monotonic()
    for sql, params in questions:
        text, names = numbered(sql)
        link.execute(text.encode(), [params[name] for name in names], binary=True).fetchall()
    return monotonic() - begun
