"""P26: by a team somebody acts for its clients only, and for none for whom their organisation may not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.team_worlds import SERVICE, asker, teams_of
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.decide import Listed, Permit
from toegang.mandates.edge import Edge, EdgeId
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page
from toegang.mandates.teams import Steward, Team

PEOPLE, CLIENTS, TEAMS = 3, 3, 2
"""The last of the people works for the whole organisation, not by team."""

ACTS = st.sampled_from(
    ["person on", "client on", "person on", "client on", "person off", "client off", "leaves"]
)
HISTORIES = st.lists(st.tuples(ACTS, st.integers(0, 2), st.integers(0, TEAMS - 1)), min_size=3, max_size=12)


@dataclass
class Firm:
    """A firm with teams on one engine, and who is on which by the model."""

    mandates: Mandates
    number: int
    now: datetime = b.NOW
    teams: list[Team] = field(default_factory=list)
    on: set[tuple[int, int]] = field(default_factory=set)
    for_: set[tuple[int, int]] = field(default_factory=set)
    clients: dict[int, Edge] = field(default_factory=dict)

    def party(self, place: int) -> PartyId:
        return b.party_id((self.number << 40) + place)

    @property
    def steward(self) -> Steward:
        return Steward(party=self.party(90), organisation=self.party(0), level=Level.HIGH)

    def person(self, place: int) -> PartyId:
        return self.party(10 + place)

    def client(self, place: int) -> PartyId:
        return self.party(20 + place)

    async def begin(self) -> None:
        edges = []
        for place in range(PEOPLE):
            terms = b.terms(teams_only=place < PEOPLE - 1)
            edges.append(
                b.edge(
                    id=EdgeId(self.party(30 + place)),
                    principal=self.party(0),
                    agent=self.person(place),
                    kind=EdgeKind.EMPLOYEE,
                    initiator=self.party(0),
                    terms=terms,
                )
            )
        for place in range(CLIENTS):
            whom = self.client(place)
            edge = b.edge(
                id=EdgeId(self.party(40 + place)), principal=whom, agent=self.party(0), initiator=whom
            )
            self.clients[place] = edge
        async with self.mandates.units.begin() as unit:
            everybody = [*map(self.person, range(PEOPLE)), *map(self.client, range(CLIENTS)), self.party(90)]
            for party in (b.firm(self.party(0)), *map(b.person, everybody)):
                await self.mandates.parties.put(unit, party)
            for edge in (*edges, *self.clients.values()):
                assert await self.mandates.edges.add(unit, edge)
        door = teams_of(self.mandates)
        self.teams = [await door.make(self.steward, f"Team {each}", self.now) for each in range(TEAMS)]

    async def play(self, act: str, which: int, team: int) -> None:
        self.now += timedelta(seconds=1)
        if act == "leaves":
            edge = self.clients.pop(which, None)
            if edge is not None:
                revoke = b.move(Act.REVOKE, edge.principal)
                await self.mandates.move(edge.id, edge.version, revoke, (SERVICE,), self.now, NOTHING_TOLD)
            return
        door, asked = teams_of(self.mandates), (self.steward, self.teams[team])
        whom = self.person(which) if act.startswith("person") else self.client(which)
        kept = self.on if act.startswith("person") else self.for_
        if act.endswith("off"):
            assert await door.remove(*asked, whom, self.now) == ((which, team) in kept)
            kept.discard((which, team))
            return
        may = (which, team) not in kept and (act.startswith("person") or which in self.clients)
        try:
            await (door.add_person if act.startswith("person") else door.add_client)(*asked, whom, self.now)
        except NotEntitled:
            assert not may
        else:
            assert may
            kept.add((which, team))

    def reached(self, person: int) -> set[int]:
        """Return the clients of somebody: all of their organisation, or those of their teams among them."""
        if person == PEOPLE - 1:
            return set(self.clients)
        mine = {team for who, team in self.on if who == person}
        return {client for client, team in self.for_ if team in mine} & set(self.clients)

    async def check(self) -> list[set[int]]:
        for person in range(PEOPLE):
            me, expected = asker(self.person(person)), self.reached(person)
            for client in range(CLIENTS):
                decision = await self.mandates.decide(me, self.client(client), self.now, NOTHING_TOLD)
                assert isinstance(decision, Permit) is (client in expected)
            listed = await self.mandates.represented(me, Page(), self.now, NOTHING_TOLD)
            assert isinstance(listed, Listed)
            found = {permit.principal for permit in listed.found} - {self.party(0)}
            assert found == {self.client(client) for client in expected}
        return [self.reached(person) for person in range(PEOPLE)]


@pytest.mark.requires("MANDATES-P26", "MANDATES-P18")
def test_whoever_comes_and_goes_teams_let_nobody_act_for_more_than_their_own_clients(
    engines: Engines,
) -> None:
    @settings(max_examples=volume(8, 400), suppress_health_check=list(HealthCheck))
    @given(HISTORIES)
    def holds(history: list[tuple[str, int, int]]) -> None:
        number = next(OFFSETS)

        async def played(mandates: Mandates) -> list[set[int]]:
            firm = Firm(mandates, number)
            await firm.begin()
            for act in history:
                await firm.play(*act)
            return await firm.check()

        one, other = engines.each(played)
        assert one == other

    holds()
