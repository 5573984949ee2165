"""Gives the demo its mandates of before: `python -m demo.represented SETTINGS`. Those that are there stay.

Employees, the clients of a firm, and people whom a library helps. They are written as an import would, beside
the acts by which people give mandates; what the law gives stands in the registers of the demo.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from demo.authorities import read_authorities
from demo.clients import clients, clients_of_anker
from demo.personas import read_personas
from toegang import config
from toegang.app import build_ground
from toegang.app.mandates import party_numbers
from toegang.app.parts import people
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.edge import Edge, EdgeId, Source, State, Substitution, Terms
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import EVERYTHING, UNRESTRICTED, Action, Restriction, Scope, ScopeKind
from toegang.mandates.searching import folded, turned
from toegang.mandates.teams import Team
from toegang.registers.population import BirthDate
from toegang.storage.client_names import ClientNameTable
from toegang.storage.edges import EdgeTable
from toegang.storage.parties import PartyTable
from toegang.storage.teams import TeamTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from toegang.mandates.numbers import Number, Numbers
    from toegang.storage import Database

KOMPAS, FLOWERS, BALANS, LIBRARY, ADVICE, ANKER = (
    KvkNumber.parse(each) for each in ("90000101", "90000202", "90000808", "90000909", "90001010", "90001111")
)
TAXES: Final = Scope(ScopeKind.GROUP, "belastingen")
CARE: Final = Scope(ScopeKind.GROUP, "zorg")
BEGAN: Final = timedelta(days=1)
"""How long before they are written all of them began: what goes by another clock finds them too."""

LASTS: Final = timedelta(days=365)
AT_ONCE: Final = 500
TEAM: Final = "Kleine ondernemers"
ON_TEAM: Final = 50
"""Clients of Balans that its team is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One mandate: who is represented, by whom, as what, for what."""

    principal: Number
    agent: Number
    kind: EdgeKind
    scopes: tuple[Scope, ...]
    substitution: Substitution = Substitution.NONE
    teams_only: bool = False
    grants: bool = False
    restriction: Restriction = UNRESTRICTED


def given() -> Iterator[Given]:
    """Tell all of them, always the same."""
    who = {persona.id: Bsn.parse(persona.bsn) for persona in read_personas()}
    yield Given(principal=KOMPAS, agent=who["pieter"], kind=EdgeKind.EMPLOYEE, scopes=(EVERYTHING,))
    yield Given(principal=BALANS, agent=who["nadia"], kind=EdgeKind.STAFF, scopes=(EVERYTHING,), grants=True)
    yield Given(principal=BALANS, agent=who["olena"], kind=EdgeKind.STAFF, scopes=(TAXES,), teams_only=True)
    yield Given(principal=LIBRARY, agent=who["maximiliaan"], kind=EdgeKind.EMPLOYEE, scopes=(TAXES, CARE))
    yield Given(principal=ADVICE, agent=who["suharti"], kind=EdgeKind.STAFF, scopes=(TAXES,))
    for helped in ("fatima", "joost"):
        yield Given(
            principal=who[helped],
            agent=LIBRARY,
            kind=EdgeKind.HELPER,
            scopes=(TAXES, CARE),
            substitution=Substitution.EMPLOYEES,
        )
    yield Given(principal=who["suharti"], agent=who["sanne"], kind=EdgeKind.VOLUNTARY, scopes=(CARE,))
    looking = Restriction(actions=frozenset({Action.VIEW}))
    yield Given(
        principal=who["nadia"],
        agent=who["maximiliaan"],
        kind=EdgeKind.VOLUNTARY,
        scopes=(TAXES,),
        restriction=looking,
    )
    yield _client(who["pieter"], ANKER, EdgeKind.VOLUNTARY)
    yield _client(FLOWERS, ANKER)
    yield from (_client(KvkNumber(kvk), ANKER) for kvk in clients_of_anker())
    yield from (_client(KvkNumber(kvk), BALANS) for kvk in clients())


def _client(principal: Number, agent: KvkNumber, kind: EdgeKind = EdgeKind.INTERMEDIARY) -> Given:
    return Given(
        principal=principal,
        agent=agent,
        kind=kind,
        scopes=(TAXES,),
        substitution=Substitution.EMPLOYEES,
    )


async def give(settings: config.Settings) -> int:
    """Write those that are not there yet; return how many."""
    ground = build_ground(settings)
    await ground.database.open()
    try:
        numbers = party_numbers(ground, people(ground))
        return await write(ground.database, numbers, ground.clock.now())
    finally:
        await ground.outbound.aclose()
        await ground.database.close()


async def write(database: Database, numbers: Numbers, now: datetime) -> int:
    """Write all, or none when they are there; return how many."""
    wanted = list(given())
    # People are met first: pages go by when somebody was met, and 2,000 clients come after one's own dead.
    dead = [Bsn.parse(each["deceased"]) for each in read_authorities().listed["estates"]]
    ids = dict(await numbers.meet(dead, now))
    ids |= await numbers.meet({end for each in wanted for end in (each.principal, each.agent)}, now)
    edges, parties = EdgeTable(database), PartyTable(database)
    made = [edge_of(each, ids, now) for each in wanted]
    # The first is written last: it tells that all are there.
    if await edges.find(made[0].id) is not None:
        return 0
    born = {Bsn.parse(each.bsn): each.record["birthDate"] for each in read_personas()}
    known = [_party(number, party, born) for number, party in ids.items() if number not in dead]
    names = ClientNameTable(database)
    found_by = {ids[KvkNumber(kvk)]: name for kvk, name in (clients() | clients_of_anker()).items()}
    team = Team(id=PartyId(_id("demo team")), organisation=ids[BALANS], name=TEAM)
    for part in _parts([*known, *on_team(team, ids, now), *reversed(made)]):
        async with database.begin() as unit:
            for each in part:
                await (edges.add(unit, each) if isinstance(each, Edge) else parties.put(unit, each))
                if isinstance(each, Edge) and each.principal in found_by:
                    name = turned(folded(found_by[each.principal]))
                    await names.put(unit, each.agent, each.principal, name)
                if each is made[0]:
                    await TeamTable(database).add(unit, team, most=1)
    return len(made)


def on_team(team: Team, ids: Mapping[Number, PartyId], now: datetime) -> Iterator[Edge]:
    """Put Olena on a team that is for the first clients of Balans."""
    who = {persona.id: Bsn.parse(persona.bsn) for persona in read_personas()}
    scopes, began = (Scope.of_teams(team.organisation),), now - BEGAN
    terms = Terms(scopes=scopes, level=Level.HIGH, from_=began, until=now + LASTS)
    ends = [
        (team.id, ids[who["olena"]]),
        *((ids[KvkNumber(kvk)], team.id) for kvk in list(clients())[:ON_TEAM]),
    ]
    for principal, agent in ends:
        yield Edge(
            id=EdgeId(_id(f"demo team {principal} {agent}")),
            principal=principal,
            agent=agent,
            kind=EdgeKind.STAFF if principal == team.id else EdgeKind.INTERMEDIARY,
            state=State.ACTIVE,
            terms=terms,
            initiator=team.organisation,
            since=now,
            source=Source.IMPORT,
        )


def edge_of(each: Given, ids: Mapping[Number, PartyId], now: datetime) -> Edge:
    """Make the mandate; its id follows from who it is between."""
    principal, agent = ids[each.principal], ids[each.agent]
    name = f"demo mandate {each.principal.digits} {each.agent.digits} {each.kind.value}"
    return Edge(
        id=EdgeId(_id(name)),
        principal=principal,
        agent=agent,
        kind=each.kind,
        state=State.ACTIVE,
        terms=Terms(
            scopes=each.scopes,
            level=Level.SUBSTANTIAL,
            from_=now - BEGAN,
            until=now + LASTS,
            substitution=each.substitution,
            teams_only=each.teams_only,
            grants=each.grants,
            restriction=each.restriction,
        ),
        initiator=principal,
        since=now,
        source=Source.IMPORT,
    )


def _id(name: str) -> UUID:
    return UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4)


def _party(number: Number, party: PartyId, born: Mapping[Bsn, str]) -> Party:
    if isinstance(number, Bsn):
        return Party(id=party, kind=PartyKind.PERSON, born=BirthDate.parse(born[number]))
    return Party(id=party, kind=PartyKind.ORGANISATION)


def _parts(found: list[Party | Edge]) -> Iterator[list[Party | Edge]]:
    for begin in range(0, len(found), AT_ONCE):
        yield found[begin : begin + AT_ONCE]


if __name__ == "__main__":
    asyncio.run(give(config.load(Path(sys.argv[1]), os.environ)))
