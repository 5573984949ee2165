"""Teams: who of an organisation acts for which of its clients.

A team is a list of people and a list of clients. Who is on it, and for whom it is, is said by edges, as
everything is: from a client to the team, and from the team to somebody. They stand under a scope of their own
(`Scope.of_teams`) that no service is in, so they let nobody act for anybody: they narrow what an employee
whose mandate is for their teams only (`Terms.teams_only`) may do by that mandate. Taking one away ends what
rests on it, as the end of a mandate does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import TeamChanged
from toegang.catalogue.representation import LONGEST_DAYS, EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates import ended
from toegang.mandates.demands import administered
from toegang.mandates.edge import Edge, EdgeId, State, Terms
from toegang.mandates.ended import MandateEnded
from toegang.mandates.life import Act
from toegang.mandates.moves import Move, Mover
from toegang.mandates.moving import lessened
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.scope import Scope
from toegang.mandates.searching import ClientChanged
from toegang.mandates.statement import CLOCKS_APART
from toegang.mandates.stores import Page, Reach
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link
    from toegang.mandates.register import Mandates
    from toegang.mandates.stores import Laws
    from toegang.units import Unit

LASTS: Final = timedelta(days=LONGEST_DAYS)
"""As long as any mandate may last."""
MOST_LETTERS: Final = 80
MOST_TEAMS: Final = 500
"""Teams of one organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team as kept: people of an organisation, for some of its clients."""

    id: PartyId
    organisation: PartyId
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steward:
    """Who may change the teams of an organisation, by what is worth `level`; made by `Teams.steward` alone.

    They logged in at no less; a mandate by which they may can be worth less than their login.
    """

    party: PartyId
    organisation: PartyId
    level: Level


class TeamStore(Protocol):
    """Keeps teams."""

    async def add(self, unit: Unit, team: Team, most: int) -> bool:
        """Keep a new team; False, keeping nothing, when its organisation has `most` already."""
        ...

    async def find(self, team: PartyId) -> Team | None:
        """Find by id."""
        ...

    async def of(self, organisation: PartyId, page: Page) -> Sequence[Team]:
        """Return the next teams of an organisation, in the order of ids."""
        ...

    async def hold(self, unit: Unit, team: PartyId) -> bool:
        """Keep a team as it is until the unit ends; False when it is gone."""
        ...

    async def is_empty(self, unit: Unit, team: PartyId, now: datetime) -> bool:
        """Tell whether nobody is on a team, and it is for nobody."""
        ...

    async def remove(self, unit: Unit, team: PartyId) -> bool:
        """Remove a team; False when it is gone. Atomic."""
        ...


class Reaching(Protocol):
    """Looks up what mandates are for."""

    def reached(self, scopes: Iterable[Scope], now: datetime) -> Sequence[Service]:
        """Return the open services that these scopes reach."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """What is done with teams; `laws` asks who directs an organisation, `services` what mandates are for."""

    mandates: Mandates
    kept: TeamStore
    laws: Laws
    services: Reaching

    async def steward(self, party: PartyId, organisation: PartyId, level: Level, now: datetime) -> Steward:
        """Return that somebody may change the teams of an organisation.

        They are its director, who may act alone, or have a mandate from it for everything, for all of its
        clients, that they may give on.

        Raises:
            NotEntitled: they may not, or no register tells.

        """
        law = await self.laws.over(organisation, now)
        known = await self.mandates.parties.of((party, organisation))
        able = all(
            each in known and known[each].standing_at(now) is Standing.ABLE for each in (party, organisation)
        )
        sure = law.unsure(organisation) is None
        if not able or not sure or not known[party].is_adult(now):
            _object(Why.NOT_YOURS)
        by_law = any(_directs(link, party, organisation, now) for link in law.links)
        worth = level if by_law else await self._trusted(party, organisation, law, now)
        if worth is None:
            _object(Why.NOT_YOURS)
        return Steward(party=party, organisation=organisation, level=min(level, worth))

    async def make(self, by: Steward, name: str, now: datetime) -> Team:
        """Make a team, with nobody on it.

        Raises:
            NotEntitled: it has no name, or there are too many.

        """
        words = " ".join(name.split())[:MOST_LETTERS]
        team = Team(id=PartyId(self.mandates.ids.uuid()), organisation=by.organisation, name=words)
        async with self.mandates.units.begin() as unit:
            made = bool(words) and await self.kept.add(unit, team, MOST_TEAMS)
            if made:
                await self.mandates.trail.record(unit, _event(by, team, "made", now))
        if not made:
            _object(Why.TOO_OFTEN if words else Why.NOT_NOW)
        return team

    async def of(self, by: Steward, page: Page) -> Sequence[Team]:
        """Return the next teams of the organisation, in the order of ids."""
        return await self.kept.of(by.organisation, page)

    async def find(self, by: Steward, team: PartyId) -> Team:
        """Return a team of the organisation.

        Raises:
            NotEntitled: there is none, or it is another's.

        """
        found = await self.kept.find(team)
        if found is None or found.organisation != by.organisation:
            _object(Why.NOT_YOURS)
        return found

    async def people(self, team: Team, page: Page, now: datetime) -> Sequence[PartyId]:
        """Return the next of those who are on a team, in the order of ids."""
        return await self.mandates.graph.agents(team.id, _reach(team, now), page)

    async def clients(self, team: Team, page: Page, now: datetime) -> Sequence[PartyId]:
        """Return the next of those whom a team is for, in the order of ids."""
        return await self.mandates.graph.principals(team.id, _reach(team, now), page)

    async def add_person(self, by: Steward, team: Team, person: PartyId, now: datetime) -> Edge:
        """Put somebody on a team who works for the organisation.

        Raises:
            NotEntitled: they do not work there now, or are on it; or a service asks a higher level.

        """
        self._check(by, await self._working(by, person, now), now)
        return await self._add(by, team, (team.id, person), now)

    async def add_client(self, by: Steward, team: Team, client: PartyId, now: datetime) -> Edge:
        """Let a team be for a client of the organisation.

        Raises:
            NotEntitled: they gave it no mandate, or the team is for them; or a service asks a higher level.

        """
        self._check(by, await self._giving(by, client, now), now)
        return await self._add(by, team, (client, team.id), now)

    async def remove(self, by: Steward, team: Team, party: PartyId, now: datetime) -> int:
        """Take somebody off a team, of its people or of its clients: what rests on it ends. Return how many.

        Raises:
            NotEntitled: the team is another's, or somebody else changed this first.

        """
        await self.find(by, team.id)
        both = [
            *await self.mandates.edges.live(team.id, party),
            *await self.mandates.edges.live(party, team.id),
        ]
        live = [edge for edge in both if edge.state is State.ACTIVE]
        async with self.mandates.units.begin() as unit:
            won = [await self._end(unit, by, team, edge, now) for edge in live]
        if not all(won):
            _object(Why.CHANGED)
        return len(live)

    async def for_all(self, by: Steward, people: Sequence[PartyId], now: datetime) -> frozenset[PartyId]:
        """Return which of these act for every client, by a mandate that is not for their teams only."""
        free = {each: await self._unlimited(by.organisation, each, now) for each in people}
        return frozenset(each for each, edges in free.items() if edges)

    async def strangers(
        self, by: Steward, people: Sequence[PartyId], clients: Sequence[PartyId], now: datetime
    ) -> frozenset[PartyId]:
        """Return which of these work there no more, or are no client any more: they are not named."""
        working = {each for each in people if await self._working(by, each, now)}
        giving = {each for each in clients if await self._giving(by, each, now)}
        return frozenset({*people, *clients} - working - giving)

    async def limit(self, by: Steward, person: PartyId, now: datetime) -> int:
        """T11: let somebody act for the clients of their teams only, by every mandate; return how many.

        Raises:
            NotEntitled: somebody else changed one first.

        """
        mover = Mover(party=by.party, behalf=by.organisation, level=by.level)
        law = await self.laws.over(by.organisation, now)
        edges = await self._unlimited(by.organisation, person, now)
        for edge in edges:
            less = Move(act=Act.RESTRICT, by=mover, terms=replace(edge.terms, teams_only=True))
            meant = self.services.reached(edge.terms.scopes, now)
            await self.mandates.move(edge.id, edge.version, less, meant, now, law)
        return len(edges)

    def suffices(self, by: Steward, edge: Edge, now: datetime) -> bool:
        """Tell whether a steward proved what services ask of who says who acts by a mandate, or for whom."""
        scopes = edge.terms.scopes
        return administered(edge.kind, scopes, self.services.reached(scopes, now), by.level) <= by.level

    def _check(self, by: Steward, edges: Sequence[Edge], now: datetime) -> None:
        if not edges:
            _object(Why.NO_AUTHORITY)
        if not all(self.suffices(by, each, now) for each in edges):
            _object(Why.LEVEL_TOO_LOW)

    async def _working(self, by: Steward, person: PartyId, now: datetime) -> Sequence[Edge]:
        edges = await self.mandates.edges.live(by.organisation, person)
        return [each for each in edges if each.effective(now) and each.kind.within_organisation]

    async def _giving(self, by: Steward, client: PartyId, now: datetime) -> Sequence[Edge]:
        edges = await self.mandates.edges.live(client, by.organisation)
        return [each for each in edges if each.effective(now) and not each.kind.within_organisation]

    async def _unlimited(self, organisation: PartyId, person: PartyId, now: datetime) -> Sequence[Edge]:
        edges = await self.mandates.edges.live(organisation, person)
        return [
            each
            for each in edges
            if each.effective(now) and each.kind.within_organisation and not each.terms.teams_only
        ]

    async def close(self, by: Steward, team: Team, now: datetime) -> None:
        """Remove a team that nobody is on and that is for nobody.

        Raises:
            NotEntitled: somebody is on it, or it is for somebody, or it is another's or gone.

        """
        await self.find(by, team.id)
        async with self.mandates.units.begin() as unit:
            gone = await self.kept.remove(unit, team.id)
            # Looked at once nobody can add to it any more: nobody could be taken off a team that is gone.
            if not await self.kept.is_empty(unit, team.id, now):
                _object(Why.NOT_NOW)
            if gone:
                await self.mandates.trail.record(unit, _event(by, team, "closed", now))
        if not gone:
            _object(Why.CHANGED)

    async def _add(self, by: Steward, team: Team, ends: tuple[PartyId, PartyId], now: datetime) -> Edge:
        await self.find(by, team.id)
        principal, agent = ends
        if any(each.effective(now) for each in await self.mandates.edges.live(principal, agent)):
            _object(Why.PENDING_ALREADY)
        async with self.mandates.units.begin() as unit:
            [edge] = await self.put(unit, by, team, (ends,), now)
        return edge

    async def put(
        self, unit: Unit, by: Steward, team: Team, all_ends: Iterable[tuple[PartyId, PartyId]], now: datetime
    ) -> Sequence[Edge]:
        """Put people (from the team to them) or clients (from them to the team) on a team: who may be there.

        Raises:
            NotEntitled: the team is gone meanwhile.

        """
        if not await self.kept.hold(unit, team.id):
            _object(Why.CHANGED)
        edges = [self._edge(by, team, ends, now) for ends in all_ends]
        for edge in edges:
            await self.mandates.edges.add(unit, edge)
            await self._told(unit, by, team, (None, edge), now)
        return edges

    def _edge(self, by: Steward, team: Team, ends: tuple[PartyId, PartyId], now: datetime) -> Edge:
        principal, agent = ends
        return Edge(
            id=EdgeId(self.mandates.ids.uuid()),
            principal=principal,
            agent=agent,
            kind=EdgeKind.STAFF if principal == team.id else EdgeKind.INTERMEDIARY,
            state=State.ACTIVE,
            terms=Terms(
                scopes=(Scope.of_teams(by.organisation),), level=by.level, from_=now, until=now + LASTS
            ),
            initiator=by.organisation,
            since=now,
        )

    async def _end(self, unit: Unit, by: Steward, team: Team, edge: Edge, now: datetime) -> bool:
        revoked = replace(edge, state=State.REVOKED, version=edge.version + 1, since=now)
        over = lessened(edge, revoked)
        if not await self.mandates.edges.replace(unit, over, edge.version):
            return False
        await self._told(unit, by, team, (edge, over), now)
        if await self.mandates.statements.is_used(unit, edge.id, now - ended.LIVES):
            end = MandateEnded(edge=edge.id, version=over.version, at=now)
            await self.mandates.outbox.put(unit, end.message(self.mandates.ids), now)
        return True

    async def _told(
        self, unit: Unit, by: Steward, team: Team, change: tuple[Edge | None, Edge], now: datetime
    ) -> None:
        """Record it, stop what rested on it, and have the clients of a team found by name."""
        before, after = change
        since = now - CLOCKS_APART
        contested = 0 if before is None else await self.mandates.statements.contest(unit, after.id, since)
        which = "person" if after.principal == team.id else "client"
        about = after.agent if which == "person" else after.principal
        what = f"{which}-{'added' if before is None else 'removed'}"
        event = replace(
            _event(by, team, what, now), edge=str(after.id), contested=contested, about=Personal.of(about)
        )
        await self.mandates.trail.record(unit, event)
        named = ClientChanged.of(before, after, now)
        if named is not None:
            await self.mandates.outbox.put(unit, named.message(self.mandates.ids), now)

    async def _trusted(self, party: PartyId, organisation: PartyId, law: Law, now: datetime) -> Level | None:
        """Return what the best of somebody's mandates is worth by which they may; None without one."""
        edges = await self._unlimited(organisation, party, now)
        held = await self.mandates.stating.questions.standing(edges, law)
        worths = [
            min(each.worth for each in (link, *link.rests_on)) for link in held if link.stands_in_whole(now)
        ]
        return max(worths, default=None)


def _directs(link: Link, party: PartyId, organisation: PartyId, now: datetime) -> bool:
    mine = (link.kind, link.agent, link.principal) == (EdgeKind.STATUTORY, party, organisation)
    return mine and link.needed == 1 and link.certain and link.covers(now)


def _reach(team: Team, now: datetime) -> Reach:
    return Reach(keys=(Scope.of_teams(team.organisation).key,), depth=1, level=Level.MINIMAL, now=now)


def _event(by: Steward, team: Team, what: str, now: datetime) -> TeamChanged:
    return TeamChanged(
        at=now,
        team=str(team.id),
        organisation=str(team.organisation),
        what=what,
        level=by.level,
        by=Personal.of(by.party),
    )


def _object(why: Why) -> NoReturn:
    detail = f"team: {why.value}"
    raise NotEntitled(detail, why=why.value)
