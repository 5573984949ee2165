"""What mandates need kept, and what they ask of it; storage has the tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.representation import EdgeKind
    from toegang.catalogue.values import Service, Text
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.law import Between, Law, Named
    from toegang.mandates.listing import Cut, Listing
    from toegang.mandates.mandatable import Width
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.scope import Scope
    from toegang.mandates.statement import Binding, Met, Statement, StatementId
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which edges can matter to a question: those under one of `keys` (scope.covering), in chains so deep.

    Lists leave out what does not hold at `now` or is worth less than `level`; `paths` does not, so that a
    refusal can say so. With `firm` the actor is an organisation, whose chains go from firm to firm.

    With `unbroken` one end is one party and the other a page of a list: from its first to its last nobody is
    left out to whom, or from whom, a path leads that holds. Then `ways` may leave out those that do not.
    """

    keys: tuple[str, ...]
    depth: int
    level: Level
    now: datetime
    firm: bool = False
    unbroken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The next `size` parties after `after` (None: from the first), in the order of their ids.

    `began` are those whom the law named when they came to stand on one of the pages so far; None: nobody
    keeps that, and whom the law names later stands in the order of ids only.
    """

    after: PartyId | None = None
    size: int = 50
    began: tuple[PartyId, ...] | None = None

    def ahead(self, first: Sequence[PartyId], named: Iterable[PartyId]) -> tuple[PartyId, ...]:
        """P18: return who is to stand before others on this page: on the first page all of `first`.

        On another who of those that the law names, `named`, was not yet when their place came.
        """
        if self.after is None:
            return tuple(first)
        if self.began is None:
            return ()
        return tuple(each for each in named if each not in self.began and each <= self.after)

    def turned(self, after: PartyId, first: Sequence[PartyId], named: Iterable[PartyId]) -> Page:
        """Return the page after this one, which ended with `after`."""
        there = (*(first if self.after is None else ()), *(each for each in named if each <= after))
        return replace(self, after=after, began=tuple(dict.fromkeys((*(self.began or ()), *there))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Paths, and of the parties on them those that came along; who is not in `met` is looked up."""

    paths: Sequence[tuple[Edge, ...]]
    met: Mapping[PartyId, Party]


class Edges(Protocol):
    """Keeps edges; active ones are found by agent, scope and principal."""

    async def add(self, unit: Unit, edge: Edge) -> bool:
        """Keep a new edge; False, keeping nothing, when it was kept before or an equal one waits. Atomic.

        P23: however it ended, it does not come back.
        """
        ...

    async def find(self, edge: EdgeId) -> Edge | None:
        """Find by id."""
        ...

    async def of(self, edges: Iterable[EdgeId]) -> Mapping[EdgeId, Edge]:
        """Return those of them that are there."""
        ...

    async def replace(self, unit: Unit, edge: Edge, seen: int, gone: Iterable[PartyId] = ()) -> bool:
        """Put `edge` in the place of its version `seen`; False, changing nothing, without it. Atomic.

        Those who are `gone` it concerned, and concerns no more.
        """
        ...

    async def between(self, principal: PartyId, agent: PartyId) -> Sequence[Edge]:
        """Return the latest edges from one to the other, in any state, newest first; a few of them."""
        ...

    async def live(self, principal: PartyId, agent: PartyId) -> Sequence[Edge]:
        """Return every edge from one to the other that did not end, newest first: who decides needs them all.

        What it costs grows with what was between these two.
        """
        ...

    async def around(self, party: PartyId, others: Iterable[PartyId]) -> Sequence[Edge]:
        """Return every edge between one and each of these, either way, that did not end."""
        ...

    async def turn(self, unit: Unit, principal: PartyId) -> None:
        """Wait until no other unit has the turn of this one, and have it until the unit ends.

        A unit takes one turn at most, before all else: whoever waits for it holds nothing that others need.
        """
        ...

    async def under(self, unit: Unit, principal: PartyId, scope: str) -> Sequence[Edge]:
        """Return the active edges by which somebody lets others act under a scope (its key), by their ids."""
        ...

    async def hold(self, unit: Unit, seen: Mapping[EdgeId, int]) -> bool:
        """Keep these edges as they are until the unit ends; False when one has another version by now."""
        ...

    async def ask(self, unit: Unit, edge: Edge, now: datetime) -> bool:
        """P29: count that its agent asks its principal; False when that is too often, or too soon. Atomic."""
        ...

    async def may_be_asked(self, edge: Edge, now: datetime) -> bool:
        """P29: tell whether its principal may be asked, by what its agent asked of them as who they are."""
        ...

    async def quieten(self, unit: Unit, edge: Edge, now: datetime) -> None:
        """P29: let its agent ask its principal nothing for a while."""
        ...


class Graph(Protocol):
    """Finds paths through active edges; every answer is what is committed."""

    async def paths(
        self, actors: Sequence[PartyId], principals: Sequence[PartyId], reach: Reach
    ) -> Sequence[tuple[Edge, ...]]:
        """Return every path from one of these actors to one of these principals, the actor's edge first."""
        ...

    async def ways(self, actors: Sequence[PartyId], principals: Sequence[PartyId], reach: Reach) -> Ways:
        """Return the same, with parties that are met on them: it costs no more."""
        ...

    async def principals(self, actor: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        """Return the first principals after `page.after` to whom a path can lead, each once, in order."""
        ...

    async def organisations(self, actor: PartyId, reach: Reach) -> Sequence[PartyId]:
        """Return the organisations that an active edge makes somebody act within, in order."""
        ...

    async def groups(self, actor: PartyId, reach: Reach) -> Sequence[PartyId]:
        """Return the organisations, and of some only the teams, for whose clients somebody acts.

        Where chains may be so long also those of their clients that act for others: after them, in order.
        """
        ...

    async def agents(self, principal: PartyId, reach: Reach, page: Page) -> Sequence[PartyId]:
        """Return the first agents after `page.after` from whom a path can lead here, each once, in order."""
        ...


class Parties(Protocol):
    """Keeps parties: one row each, whatever hangs on them."""

    async def put(self, unit: Unit, party: Party) -> bool:
        """Keep a party in the place of what was known of it; False when what is known was told later. Atomic.

        Of two that were told at one moment the stricter stays.
        """
        ...

    async def remember(self, unit: Unit, party: Party, now: datetime) -> None:
        """Keep that this is known of a party from now on."""
        ...

    async def recorded(self, party: PartyId) -> datetime | None:
        """Return since when it is known what is known of a party now; None where that is not."""
        ...

    async def known_at(self, party: PartyId, at: datetime) -> Party | None:
        """Return what was known of a party then, whatever was told since."""
        ...

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, Party]:
        """Return those of them that are known."""
        ...

    async def alone(self, unit: Unit, party: PartyId) -> Party | None:
        """Return what is known of a party, which nobody else changes until the unit ends."""
        ...

    async def hold(self, unit: Unit, seen: Iterable[Party]) -> bool:
        """Keep these parties as they are until the unit ends; False when one is another by now."""
        ...

    async def stand(self, unit: Unit, met: Iterable[Met]) -> bool:
        """Keep what is told of these parties until the unit ends; False when it is not as it was met."""
        ...


class Statements(Protocol):
    """Keeps statements; one for each transaction."""

    async def add(self, unit: Unit, statement: Statement) -> bool:
        """Keep it; False, keeping nothing, when its transaction has one. Atomic."""
        ...

    async def of_transaction(self, binding: Binding) -> Statement | None:
        """Find the statement of a transaction; None too when it is bound otherwise."""
        ...

    async def redeem(self, unit: Unit, binding: Binding, service: str, now: datetime) -> Statement | None:
        """Take the statement that is bound so, for this service, once; None else. Atomic."""
        ...

    async def about(
        self, party: PartyId, since: datetime | None, until: datetime, after: StatementId | None, size: int
    ) -> Sequence[Statement]:
        """Return the next statements that met a party, made in `(since, until]`, in the order of ids."""
        ...

    async def is_about(self, unit: Unit, party: PartyId, since: datetime) -> bool:
        """Tell whether anything was stated about a party since."""
        ...

    async def in_use_about(
        self, party: PartyId, since: datetime, after: Statement | None, size: int
    ) -> Sequence[Statement]:
        """Return the next that met a party, were made since and redeemed, in the order of their making."""
        ...

    async def contest(self, unit: Unit, edge: EdgeId, now: datetime) -> int:
        """Mark what rests on an edge and was not redeemed, so that it never is; return how many."""
        ...

    async def end(self, unit: Unit, statement: StatementId) -> bool:
        """End one that was redeemed, for good; False when it is not, or ended before. Atomic."""
        ...

    async def is_used(self, unit: Unit, edge: EdgeId, since: datetime) -> bool:
        """Tell whether something that rests on an edge was redeemed since."""
        ...

    async def used(
        self, edge: EdgeId, since: datetime, after: StatementId | None, most: int
    ) -> Sequence[Statement]:
        """Return the next of those that rest on an edge and were redeemed since, in the order of their ids.

        Of what they are bound to only the audience is known.
        """
        ...

    async def find(self, statement: StatementId) -> Statement | None:
        """Find by id; of what it is bound to only the audience is known."""
        ...


class Lists(Protocol):
    """Finds the mandates that people read on their lists; what they cost does not grow with the list."""

    async def page(self, party: PartyId, listing: Listing, cut: Cut, now: datetime) -> Sequence[Edge]:
        """Return the next mandates on a list of somebody, each as it is now; live ones end first first."""
        ...

    async def live_between(
        self, principal: PartyId, agent: PartyId, size: int, now: datetime, after: EdgeId | None = None
    ) -> Sequence[Edge]:
        """Return the next mandates from one to the other that are live, their time not over, by their ids."""
        ...


class Reminders(Protocol):
    """Keeps when both sides of a mandate are reminded of its end; it changes with the mandate."""

    async def due(self, now: datetime, size: int) -> Sequence[tuple[Edge, datetime]]:
        """Return the first reminders that are due, with the moment of each."""
        ...

    async def take(self, unit: Unit, edge: EdgeId, at: datetime) -> bool:
        """Remove one; False when it is gone, or was put to another moment. Atomic."""
        ...


class Laws(Protocol):
    """Asks registers what the law gives."""

    async def over(self, principal: PartyId, now: datetime) -> Law:
        """Return what the law gives over somebody, and what they can decide themselves."""
        ...


class Gathers(Laws, Protocol):
    """Asks registers what the law gives, for whoever logs in or is asked about (gathering.py)."""

    async def for_actor(self, actor: PartyId, service: Service, now: datetime) -> Law:
        """Return for whom somebody may act by law; it suffices for looking, not for permitting."""
        ...

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        """Return all that deciding about these two rests on."""
        ...

    async def for_named(self, actor: Named, service: Service, now: datetime) -> Law:
        """Return the same as `for_actor`, about who may be a stranger; it costs as much."""
        ...

    async def over_named(self, principal: Named, now: datetime) -> Law:
        """Return the same as `over`, about who may be a stranger; it costs as much."""
        ...

    async def between_named(self, actor: Named, principal: Named, service: Service, now: datetime) -> Between:
        """Return the same as `between`, about two of whom either may be a stranger; it costs as much."""
        ...


class WhoHelps(Protocol):
    """Knows which organisations help people."""

    async def among(self, parties: Iterable[PartyId], now: datetime) -> frozenset[PartyId]:
        """Return those of these parties that people may let help them, now."""
        ...


class Mandatable(Protocol):
    """Looks up services for which people give mandates."""

    def reached(self, scopes: Iterable[Scope], now: datetime) -> Sequence[Service]:
        """Return the open services that these scopes reach; of a named one that is closed, none."""
        ...

    def find(self, words: str, kind: EdgeKind | None, most: int, now: datetime) -> Sequence[Service]:
        """Return the first services, by name, with these words in it, that admit a kind of mandate or any."""
        ...

    def wider(self, services: Iterable[Service]) -> Sequence[Scope]:
        """Return the groups and the providers by which these services are reached besides by name."""
        ...

    def width(self, scope: Scope, kind: EdgeKind, level: Level, now: datetime) -> Width:
        """Tell how wide a scope is for a mandate of this kind, given at this level."""
        ...

    def called(self, scope: Scope) -> Text | None:
        """Return what a scope is called; None for everything, and for what is gone from the catalogue."""
        ...


class Kept(Protocol):
    """Erases what was kept long enough."""

    async def next_edges(self, after: EdgeId | None, before: datetime, size: int) -> Sequence[Edge]:
        """Return the next mandates that were made before a moment, oldest first."""
        ...

    async def erase(self, unit: Unit, edge: Edge) -> bool:
        """Erase a mandate as it was read; False when it is another by now, or gone. Atomic."""
        ...

    async def erase_statements(self, unit: Unit, before: datetime, size: int) -> int:
        """Erase the oldest statements that could no longer be redeemed then; return how many."""
        ...

    async def erase_counts(self, unit: Unit, now: datetime, size: int) -> int:
        """Erase what counts requests no longer; return how many."""
        ...
