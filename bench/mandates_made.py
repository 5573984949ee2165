"""A made-up country: people, organisations and mandates between them, always the same for the same size.

Firms are skewed as real ones are: a few have tens of thousands of clients, most have a handful. Edges are
drawn as ends and a form; a form is everything else that an edge says, and a few thousand of them do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from math import sqrt
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Group, Representation
from toegang.catalogue.values import OrganisationId, Service, ServiceId, Text
from toegang.mandates.edge import Edge, EdgeId, State, Substitution, Terms
from toegang.mandates.party import Party, PartyId, PartyKind, Standing
from toegang.mandates.scope import EVERYTHING, Scope, ScopeKind
from toegang.registers.population import BirthDate

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ODD_ONE_OUT = 7
SERVICES, GROUPS, PROVIDERS = 2_000, 100, 200

_PARTY, _EDGE = 0x0190_0000_0000_7000, 0x0192_0000_0000_7000
_VARIANT = 0x8000_0000_0000_0000
_STRIDE = 15_485_863  # a large prime: steps through everybody without meeting anybody twice
_MIX = 0x9E37_79B9_7F4A_7C15
_ALL_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many of each; edges by what they are. At full scale there are some 50 million edges."""

    people: int
    organisations: int
    firms: int
    between_people: int
    to_firms: int
    to_firms_of_organisations: int
    employees: int
    staff: int
    ended: int

    @classmethod
    def scaled(cls, scale: float) -> Size:
        """Return the full size times `scale`."""

        def some(number: int) -> int:
            return max(40, round(number * scale))

        return cls(
            people=some(17_000_000),
            organisations=some(2_000_000),
            firms=some(20_000),
            between_people=some(12_000_000),
            to_firms=some(14_000_000),
            to_firms_of_organisations=some(7_000_000),
            employees=some(10_000_000),
            staff=some(1_000_000),
            ended=some(6_000_000),
        )


@dataclass(frozen=True, slots=True)
class Form:
    """What an edge says besides its ends."""

    kind: EdgeKind
    scopes: tuple[Scope, ...] = (EVERYTHING,)
    level: Level = Level.SUBSTANTIAL
    state: State = State.ACTIVE
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """An edge by the numbers of its ends."""

    form: Form
    principal: int
    agent: int


class Country:
    """Everybody by number: people first, then organisations, of which the first are the firms."""

    def __init__(self, size: Size) -> None:
        """Divide clients and employees over firms and organisations; nothing is drawn yet."""
        self.size = size
        # The largest firm has 90,000 clients, also in a country where that is a large part of everything.
        most = min(90_000, (size.to_firms + size.to_firms_of_organisations) // 4)
        self.clients = _shares(size.to_firms, size.firms, most * 2 // 3)
        self.organisations_of = _shares(size.to_firms_of_organisations, size.firms, most // 3)
        self.staff = _shares(size.staff, size.firms, size.staff // 100)
        self.employees = _shares(size.employees, size.organisations, max(10, size.employees // 1000))

    @property
    def parties(self) -> int:
        """How many there are."""
        return self.size.people + self.size.organisations

    @property
    def edges(self) -> int:
        """How many edges there are."""
        size, firms = self.size, self.size.firms
        given = sum(map(sum, (self.clients, self.organisations_of, self.staff, self.employees)))
        return size.between_people + given + (firms - 1) + size.ended

    def firm(self, rank: int) -> int:
        """Return the number of a firm; rank 0 has most clients."""
        return self.size.people + rank

    def client(self, rank: int, place: int) -> int:
        """Return who is a firm's client of that place."""
        return (rank * 7_919 + place * _STRIDE) % self.size.people

    def employee(self, organisation: int, place: int) -> int:
        """Return who works for an organisation as its employee, or its staff, of that place."""
        return (organisation * 104_729 + 3 + place * _STRIDE) % self.size.people

    def service_of_client(self, rank: int, place: int) -> Service:
        """Return a service that the mandate of a firm's client of that place is for."""
        return service_of(_form(EdgeKind.VOLUNTARY, rank * 31 + place).scopes[0])

    def pair(self, place: int) -> Drawn:
        """Return the mandate of one person to another of that place."""
        people = self.size.people
        principal, agent = place * _STRIDE % people, (place * _STRIDE + 1 + place % 977) % people
        return Drawn(_form(EdgeKind.VOLUNTARY, place), principal, agent)

    def drawn(self) -> Iterator[Drawn]:
        """Yield every edge, in the order of their numbers."""
        size = self.size
        yield from map(self.pair, range(size.between_people))
        for rank in range(size.firms):
            yield from self._of_firm(rank)
        for rank, count in enumerate(self.employees):
            organisation = size.people + rank
            for place in range(count):
                form = _form(EdgeKind.EMPLOYEE, rank * 31 + place)
                yield Drawn(form, organisation, self.employee(rank, place))
        revoked = Form(EdgeKind.VOLUNTARY, state=State.REVOKED)
        for place in range(size.ended):
            yield Drawn(revoked, self.client(place, 1), self.client(place + 1, 2))

    def onward(self) -> Iterator[Drawn]:
        """Yield the edges from one firm to another: all firms have clients, so chains go on through these."""
        yield from map(self._between_firms, range(1, self.size.firms))

    def _between_firms(self, rank: int) -> Drawn:
        """Return the edge by which a firm works for a larger one; for the largest there is none."""
        return Drawn(_the_one(Form(EdgeKind.INTERMEDIARY)), self.firm(rank // 2), self.firm(rank))

    def _of_firm(self, rank: int) -> Iterator[Drawn]:
        firm, people = self.firm(rank), self.size.people
        for place in range(self.clients[rank]):
            yield Drawn(_form(EdgeKind.VOLUNTARY, rank * 31 + place), self.client(rank, place), firm)
        for place in range(self.organisations_of[rank]):
            client = (
                people + self.size.firms + (rank * 7 + place) % (self.size.organisations - self.size.firms)
            )
            yield Drawn(_form(EdgeKind.INTERMEDIARY, rank * 17 + place), client, firm)
        if rank:
            yield self._between_firms(rank)
        for place in range(self.staff[rank]):
            whole = _the_one(Form(EdgeKind.STAFF))
            form = whole if place % 2 == 0 else _form(EdgeKind.STAFF, rank * 13 + place)
            yield Drawn(form, firm, self.employee(rank, place))


def party_id(number: int) -> PartyId:
    """Return somebody's id, like one that was drawn in the order of numbers."""
    return PartyId(UUID(int=((_PARTY + (number << 16)) << 64) | _VARIANT | (number * _MIX & _ALL_BITS >> 2)))


def edge_id(number: int) -> EdgeId:
    """Return an edge's id, the same way."""
    return EdgeId(UUID(int=((_EDGE + (number << 16)) << 64) | _VARIANT | (number * _MIX & _ALL_BITS >> 2)))


def party(number: int, people: int) -> Party:
    """Return what a register tells of somebody: one in fifty died, or was dissolved."""
    born = BirthDate.parse(f"{1930 + number % 70}-{1 + number % 12:02d}-{1 + number % 28:02d}")
    person, ended = number < people, number % 50 == ODD_ONE_OUT
    gone = Standing.DECEASED if person else Standing.DISSOLVED
    return Party(
        id=party_id(number),
        kind=PartyKind.PERSON if person else PartyKind.ORGANISATION,
        standing=gone if ended else Standing.ABLE,
        since=SINCE if ended else None,
        born=born if person else None,
    )


def edge(form: Form, ends: tuple[EdgeId, PartyId, PartyId]) -> Edge:
    """Return a whole edge: its id, who is represented and who acts."""
    id_, principal, agent = ends
    return Edge(
        id=id_,
        principal=principal,
        agent=agent,
        kind=form.kind,
        state=form.state,
        terms=Terms(
            scopes=form.scopes,
            level=form.level,
            from_=SINCE,
            until=NOW - DAY if form.lapsed else NOW + 400 * DAY,
            substitution=Substitution.ONE_LEVEL,
        ),
        initiator=principal,
        since=SINCE,
        version=1 if form.state is State.ACTIVE else 2,
        text_hash=b"t" * 32,
    )


@cache
def service(number: int, depth: int = 2) -> Service:
    """Return a service by its number; it admits everything, in chains of `depth`."""
    return Service(
        id=ServiceId(UUID(int=(0x0192D3A400007000 << 64) + (0x8 << 60) + number + 1)),
        organisation=OrganisationId(f"aanbieder-{number % PROVIDERS:03d}"),
        names=Text(nl="Aangifte", en="Return"),
        descriptions=Text(nl="Doe aangifte", en="File a return"),
        level=Level.LOW,
        representation=Representation(
            version=1,
            kinds=tuple(EdgeKind),
            depth=depth,
            since=SINCE,
            groups=(Group(id=f"groep-{number % GROUPS:02d}", since=SINCE),),
        ),
    )


def service_of(scope: Scope) -> Service:
    """Return a service that a scope reaches."""
    if scope.kind is ScopeKind.SERVICE:
        return service(UUID(scope.name).int - service(0).id.int)
    tail = scope.name.rpartition("-")[2]
    return service(int(tail) if tail else 0)


def _form(kind: EdgeKind, number: int) -> Form:
    return _form_of(kind, ((number * _MIX & _ALL_BITS) >> 32) % 400_000)


@cache
def _form_of(kind: EdgeKind, drawn: int) -> Form:
    """Half is for a service, few services for most; a tenth is worth less, a twentieth is over."""
    which, level, over = drawn % 20, drawn // 20 % 10, drawn // 200 % 20
    number = int(SERVICES * (drawn // 4_000 / 100) ** 2)
    own = Scope.of_service(service(number).id)
    group = Scope(ScopeKind.GROUP, f"groep-{number % GROUPS:02d}")
    another = Scope.of_service(service((number + 1) % SERVICES).id)
    wide = [(group,)] * 5 + [(Scope.of_provider(service(number).organisation),)] * 3 + [(EVERYTHING,)]
    scopes = [*[(own,)] * 10, *wide, (own, another)][which]
    worth = Level.SUBSTANTIAL if level > 1 else Level.LOW if level else Level.BASIC
    return _the_one(Form(kind, scopes, worth, lapsed=over == 0))


@cache
def _the_one(form: Form) -> Form:
    """Return the same object for equal forms, so that whoever loads them knows them by identity."""
    return form


def _shares(total: int, parts: int, most: int) -> list[int]:
    """Divide by rank, quadratically skewed; the first has `most`, none has more, and each has one."""
    ends = accumulate(total * (sqrt(at + 1) - sqrt(at)) / sqrt(parts) for at in range(parts))
    shares, given = [], 0
    for end in ends:
        share = max(1, min(most, round(end) - given))
        shares.append(share)
        given += share
    shares[0] = most
    return shares
