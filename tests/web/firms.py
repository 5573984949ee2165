"""A firm that Sanne directs, with clients and somebody who works there, as pages of it show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from tests.journeys.house import PORTAL
from tests.mandates import builders as b
from tests.mandates.giving_people import Firms
from tests.mandates.legal.facts import organisation
from tests.mandates.team_worlds import Told
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Town
from tests.web.test_mandate_pages import ready
from tests.web.test_mandates_of import directed
from toegang.catalogue.representation import EdgeKind
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.edge import Edge, EdgeId, Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.numbers import Number
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.mandates.searching import folded, turned

BAKERY, OTHER_FIRM, STRANGER = (KvkNumber.parse(each) for each in ("90000303", "90000202", "90000505"))
NOBODY = "90000404"
STAFF = Bsn.parse("999990172")
NAMES = {BAKERY: "Bakkerij De Jongste B.V.", OTHER_FIRM: "Anker B.V.", STRANGER: "Bakkerij Elders"}


@dataclass(frozen=True)
class Firm:
    """The firm and who is met there."""

    id: PartyId
    met: dict[Number, PartyId]
    edges: dict[str, Edge]


def edge(town: Town, number: int, ends: tuple[PartyId, PartyId], kind: EdgeKind, days: int) -> Edge:
    """Return a mandate for the portal that ends after so many days."""
    now = town.bureau.clock.now()
    terms = b.terms(
        scopes=(Scope.of_service(PORTAL),),
        from_=now - timedelta(days=1),
        until=now + timedelta(days=days),
        substitution=Substitution.EMPLOYEES,
    )
    principal, agent = ends
    made = b.edge(principal=principal, agent=agent, kind=kind, initiator=principal, terms=terms)
    return replace(made, id=EdgeId(UUID(int=number)))


async def firm(town: Town) -> Firm:
    """Let Daan and a bakery be clients of Sanne's firm, and another bakery of another firm."""
    parties = await ready(town)
    kompas = await directed(town, parties[SANNE])
    room, now = town.rooms.representing, town.bureau.clock.now()
    firms = room.voluntary.finding.organisations
    assert isinstance(firms, Firms)
    for number, name in NAMES.items():
        firms.told[number] = organisation(number, name=name)
    met: dict[Number, PartyId] = dict(parties.items())
    met |= await room.numbers.meet([*NAMES, STAFF], now)
    person, to_firm, works = EdgeKind.VOLUNTARY, EdgeKind.INTERMEDIARY, EdgeKind.STAFF
    edges = {
        "daan": edge(town, 1, (met[DAAN], kompas), person, 20),
        "bakery": edge(town, 2, (met[BAKERY], kompas), to_firm, 80),
        "stranger": edge(town, 3, (met[STRANGER], met[OTHER_FIRM]), to_firm, 20),
        "staff": edge(town, 4, (kompas, met[STAFF]), works, 45),
    }
    known: tuple[tuple[PartyId, Number, str], ...] = (
        (kompas, BAKERY, NAMES[BAKERY]),
        (kompas, DAAN, "Daan Fictief"),
        (met[OTHER_FIRM], STRANGER, NAMES[STRANGER]),
    )
    async with room.mandates.units.begin() as unit:
        for each_firm in NAMES:
            await room.mandates.parties.put(unit, b.firm(met[each_firm]))
        await room.mandates.parties.put(unit, b.person(met[STAFF]))
        for each in edges.values():
            assert await room.mandates.edges.add(unit, each)
        for agent, who, name in known:
            await room.by_name.clients.put(unit, agent, met[who], turned(folded(name)))
    link = b.law(principal=kompas, agent=met[SANNE], kind=EdgeKind.STATUTORY, basis="director-sole")
    law = replace(NOTHING_TOLD, links=(replace(link, overrules=False, from_=None),))
    object.__setattr__(room.teams, "laws", Told(law))
    return Firm(id=kompas, met=met, edges=edges)
