"""A firm with two clients, and two people who work for it by their teams only."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service
from toegang.errors import NotEntitled
from toegang.mandates.decide import Asker, Permit, Refused, StepUp
from toegang.mandates.edge import Edge, EdgeId
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.stores import Page
from toegang.mandates.teams import Steward, Team, Teams
from toegang.mandates.why import Why
from toegang.storage.graph import GraphTable
from toegang.storage.teams import TeamTable

OTHER_FIRM = b.party_id(101)
ONE, TWO, STRANGER = b.party_id(201), b.party_id(202), b.party_id(203)
ANNA, BAS, DIRECTOR = b.party_id(301), b.party_id(302), b.party_id(303)
BY = Steward(party=DIRECTOR, organisation=b.FIRM, level=Level.HIGH)
SERVICE = b.service(1, b.rules(depth=3))
PAGE = Page()


@dataclass(frozen=True)
class Told:
    """Registers that tell this of every organisation."""

    law: Law = NOTHING_TOLD

    async def over(self, principal: PartyId, now: object) -> Law:  # noqa: ARG002
        """Return it."""
        return self.law


@dataclass(frozen=True)
class Reached:
    """A catalogue with one service."""

    def reached(self, scopes: object, now: object) -> Sequence[Service]:  # noqa: ARG002
        """Return it."""
        return (SERVICE,)


def directs(**changes: Any) -> Law:  # noqa: ANN401
    link = b.law(principal=b.FIRM, agent=DIRECTOR, kind=EdgeKind.STATUTORY, basis="director", overrules=False)
    return b.told(replace(link, **changes))


def database_of(mandates: Mandates) -> Any:  # noqa: ANN401 whichever engine
    assert isinstance(mandates.graph, GraphTable)
    return mandates.graph.database


def teams_of(mandates: Mandates, law: Law | None = None) -> Teams:
    told = Told(directs() if law is None else law)
    kept = TeamTable(database_of(mandates))
    return Teams(mandates=mandates, kept=kept, laws=told, services=Reached())


def staff(number: int, agent: PartyId, **of_terms: Any) -> Edge:  # noqa: ANN401
    terms = b.terms(**{"teams_only": True, **of_terms})
    id_ = EdgeId(UUID(int=number))
    return b.edge(
        id=id_, principal=b.FIRM, agent=agent, kind=EdgeKind.EMPLOYEE, initiator=b.FIRM, terms=terms
    )


def client(number: int, principal: PartyId, agent: PartyId = b.FIRM, **changes: Any) -> Edge:  # noqa: ANN401
    made = b.edge(id=EdgeId(UUID(int=number)), principal=principal, agent=agent, initiator=principal)
    return replace(made, **changes)


async def furnish(mandates: Mandates) -> None:
    """Let Anna and Bas work for a firm with two clients, by their teams only."""
    people = (ONE, TWO, STRANGER, ANNA, BAS, DIRECTOR)
    async with mandates.units.begin() as unit:
        for party in (b.firm(), b.firm(OTHER_FIRM), *map(b.person, people)):
            await mandates.parties.put(unit, party)
        for edge in (staff(1, ANNA), staff(2, BAS), client(3, ONE), client(4, TWO)):
            assert await mandates.edges.add(unit, edge)


async def on_team(
    mandates: Mandates, by: Steward = BY, *, person: PartyId = ANNA, for_: PartyId = ONE
) -> Team:
    door = teams_of(mandates)
    team = await door.make(by, "Zorg", b.NOW)
    await door.add_person(by, team, person, b.NOW)
    await door.add_client(by, team, for_, b.NOW)
    return team


def asker(actor: PartyId = ANNA) -> Asker:
    return Asker(actor=actor, authenticated=Level.HIGH, service=SERVICE, requested=Level.BASIC)


async def decided(mandates: Mandates, principal: PartyId, actor: PartyId = ANNA) -> Permit | tuple[Why, ...]:
    found = await mandates.decide(asker(actor), principal, b.NOW, NOTHING_TOLD)
    assert not isinstance(found, StepUp)
    return found.whys if isinstance(found, Refused) else found


async def listed(mandates: Mandates, actor: PartyId = ANNA) -> list[PartyId]:
    found = await mandates.represented(asker(actor), PAGE, b.NOW, NOTHING_TOLD)
    assert not isinstance(found, StepUp)
    return [each.principal for each in found.found]


async def why(doing: Awaitable[object]) -> str:
    with pytest.raises(NotEntitled) as refused:
        await doing
    return refused.value.why


@dataclass(frozen=True)
class Overtaken(TeamTable):
    """Teams of which one is closed just after it was looked at."""

    async def find(self, team: PartyId) -> Team | None:
        found = await super().find(team)
        async with self.database.begin() as unit:
            await self.remove(unit, team)
        return found
