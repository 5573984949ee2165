"""People who act for others at a house: its catalogue, its mandates, and a browser that chooses for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import httpx2

from bench.means import PERSON
from tests.journeys.house import CLINIC, CLINIC_CLIENT, PORTAL, RESULTS, House, client, service
from tests.journeys.test_browser_edges import csrf
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, LimitKind, Power, Representation
from toegang.catalogue.values import Service, SingleSignOn
from toegang.identity.numbers import KvkNumber
from toegang.mandates.edge import Edge, EdgeId, Source, State, Substitution, Terms
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.life import Act
from toegang.mandates.link import Link
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.register import Mandates
from toegang.mandates.scope import Action, Restriction, Scope
from toegang.registers.population import BirthDate

ACTOR = PartyId(PERSON)
MOTHER, OTHER, FIRM, CHILD = (
    PartyId(UUID(f"01929d2e-0000-7000-8000-0000000be70{number}")) for number in range(1, 5)
)
SINGLE = SingleSignOn(allowed=True, max_age=600)
MINUTE = timedelta(minutes=1)
BORN, YOUNG = BirthDate.parse("1980-05-05"), BirthDate.parse("2019-05-05")


@dataclass(frozen=True, slots=True)
class Told:
    """Registers that tell `law` of everybody (mandates.stores.Gathers)."""

    law: Law = NOTHING_TOLD
    asked: list[PartyId] = field(default_factory=list)

    async def for_actor(self, actor: PartyId, service: Service, now: datetime) -> Law:  # noqa: ARG002
        """Return it."""
        self.asked.append(actor)
        return self.law

    async def between(
        self,
        actor: PartyId,
        principal: PartyId,  # noqa: ARG002
        service: Service,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Law:
        """Return it."""
        self.asked.append(actor)
        return self.law


def told(house: House, law: Law = NOTHING_TOLD) -> Told:
    """Have registers tell this from now on."""
    registers = Told(law)
    asking = house.app.rooms.logins.choosing.authorities
    object.__setattr__(asking, "gathering", registers)
    object.__setattr__(asking, "rechecking", replace(asking.rechecking, gathering=registers))
    return registers


def parent_of(child: PartyId) -> Law:
    """Return that whoever logs in is the parent of this child."""
    link = Link(
        principal=child,
        agent=ACTOR,
        kind=EdgeKind.PARENTAL,
        basis="parental-joint",
        worth=Level.HIGH,
        from_=None,
        until=None,
        powers=frozenset(Power),
    )
    return replace(NOTHING_TOLD, links=(link,))


def rules(**changes: object) -> Representation:
    """Return what a service admits."""
    made = Representation(version=1, kinds=tuple(EdgeKind), use=Level.LOW, limits=tuple(LimitKind))
    return replace(made, **changes)  # type: ignore[arg-type]


def mandates(house: House) -> Mandates:
    """Return the room of mandates of a house."""
    return house.app.rooms.representing.mandates


async def furnish(house: House, admitted: Representation | None = None, **of_client: object) -> None:
    """Have the clinic admit people who act for others, at a client that understands it; know the parties."""
    admitted = rules() if admitted is None else admitted
    told(house)
    portal = service(PORTAL, CLINIC, Level.BASIC, single_sign_on=SINGLE, representation=admitted)
    results = service(RESULTS, CLINIC, Level.LOW, single_sign_on=SINGLE)
    asking = {"representation": True, **of_client}
    await house.put(portal, results, client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS), **asking))
    for id_, kind in (
        (ACTOR, None),
        (MOTHER, None),
        (OTHER, None),
        (CHILD, None),
        (FIRM, PartyKind.ORGANISATION),
    ):
        born = {CHILD: YOUNG}.get(id_, BORN) if kind is None else None
        await mandates(house).know(
            Party(id=id_, kind=kind or PartyKind.PERSON, born=born), now=house.clock.now()
        )


async def confirming(house: House) -> None:
    """Have the portal ask everybody whether they agree."""
    portal = house.app.rooms.catalogue.current.service(PORTAL)
    assert portal is not None
    await house.put(replace(portal, confirm=True))


def narrowed(edge: Edge) -> Terms:
    """Return the terms of a mandate, only for looking."""
    return replace(edge.terms, restriction=Restriction(actions=frozenset({Action.VIEW})))


async def given(
    house: House,
    principal: PartyId,
    number: int = 1,
    agent: PartyId = ACTOR,
    kind: EdgeKind | None = None,
    source: Source = Source.SELF,
    **of_terms: object,
) -> Edge:
    """Keep an active mandate from somebody, for the portal."""
    now = house.clock.now()
    terms: dict[str, object] = {
        "scopes": (Scope.of_service(PORTAL),),
        "level": Level.SUBSTANTIAL,
        "from_": now - timedelta(days=1),
        "until": now + timedelta(days=30),
        "substitution": Substitution.EMPLOYEES,
        **of_terms,
    }
    usual = EdgeKind.EMPLOYEE if principal == FIRM else EdgeKind.VOLUNTARY
    edge = Edge(
        id=EdgeId(UUID(int=number)),
        principal=principal,
        agent=agent,
        kind=kind or usual,
        state=State.ACTIVE,
        terms=Terms(**terms),  # type: ignore[arg-type]
        initiator=principal,
        since=now - timedelta(days=1),
        source=source,
    )
    room = mandates(house)
    async with room.units.begin() as unit:
        assert await room.edges.add(unit, edge)
    return edge


async def numbered(house: House, firm: PartyId, kvk: str) -> None:
    """Have an organisation go by a number."""
    assert await house.app.rooms.representing.numbers.also(firm, KvkNumber.parse(kvk))


async def withdrawn(house: House, edge: Edge) -> None:
    """End a mandate, as who gave it."""
    by = Move(act=Act.REVOKE, by=Mover.self(edge.principal, Level.HIGH))
    await mandates(house).move(edge.id, edge.version, by, (), house.clock.now(), NOTHING_TOLD)


def english(house: House) -> httpx2.AsyncClient:
    """Open a browser of somebody who reads English."""
    browser = house.browser()
    browser.headers["accept-language"] = "en"
    return browser


def offered(page: httpx2.Response) -> list[str]:
    """Return the names under which a page offers whom one may act for."""
    return re.findall(r'name="whom" value="([^"]+)"', page.text)


def seen(page: httpx2.Response) -> str:
    """Return for whom a page says that one logs in."""
    found = re.search(r'name="seen" value="([^"]+)"', page.text)
    return found[1] if found else ""


async def post(browser: httpx2.AsyncClient, page: httpx2.Response, **fields: str) -> httpx2.Response:
    """Send the form of a page, and follow inside the hub."""
    response = await browser.post(str(page.url).partition("?")[0], data={"csrf": csrf(page), **fields})
    while response.status_code == 303 and not response.headers["location"].startswith(
        "http://localhost:9000"
    ):
        response = await browser.get(response.headers["location"])
    return response
