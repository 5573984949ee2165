"""Officers of the office of mandates and somebody of the help desk, and a mandate of Sanne to Daan."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from tests.journeys.house import PORTAL
from tests.mandates import builders as b
from tests.means.bureau import DAAN, SANNE
from tests.web.citizens import Browser, Page, Town
from tests.web.desks import inside
from tests.web.linked import put
from tests.web.test_mandate_pages import ready
from toegang.assurance import Level
from toegang.catalogue.values import Role, RoleHolder
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import Edge
from toegang.mandates.scope import Scope

OFFICE, EXPLAIN = "/cockpit/mandates", "/cockpit/explain"
FIRST, SECOND, THIRD = Bsn.parse("999990275"), Bsn.parse("999990172"), Bsn.parse("999990196")
GROUND = {"office_cause": "fraud", "office_decision": "FRD-2027-0041"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Officers:
    """A town with two officers, and a mandate."""

    town: Town
    first: Browser
    second: Browser
    edge: Edge

    @property
    def address(self) -> str:
        return f"{OFFICE}/{self.edge.id}"

    async def proposed(self, order: str = "void", browser: Browser | None = None) -> Page:
        """Propose something, as the first officer."""
        browser = browser or self.first
        page = await browser.open(self.address)
        return await browser.send(page, version=version(page), office_order=order, **GROUND)

    async def answered(self, do: str, browser: Browser | None = None, page: Page | None = None) -> Page:
        """Answer what is proposed, as the second officer."""
        browser = browser or self.second
        page = page or await browser.open(self.address)
        return await browser.send(
            page, f"{self.address}/proposal", version=version(page), proposal=proposal(page), do=do
        )

    async def kept(self) -> Edge:
        found = await self.town.rooms.representing.mandates.edges.find(self.edge.id)
        assert found is not None
        return found


def version(page: Page) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page.text)
    return found[1] if found else ""


def proposal(page: Page) -> str:
    found = re.search(r'name="proposal" value="([^"]+)"', page.text)
    return found[1] if found else ""


async def appointed(town: Town, browser: Browser, role: Role, address: str = OFFICE) -> RoleHolder:
    """Give whoever is inside a role, by the name that the page tells."""
    page = await browser.open(address)
    (name,) = re.findall(r'<span class="nl-code">([\w-]{43})</span>', page.text)
    id_ = f"{role.value}-{name[:6].lower().replace('_', '-')}x"
    holder = RoleHolder(id=id_, subject=name, name=f"O. {id_}", role=role)
    await put(town, holder)
    return holder


async def officer(town: Town, bsn: Bsn, name: str, level: Level = Level.LOW) -> Browser:
    browser = await inside(town, bsn, name, level)
    await appointed(town, browser, Role.MANDATE_OFFICER)
    return browser


async def office_in(town: Town) -> Officers:
    """Open the office."""
    met = await ready(town)
    now = town.bureau.clock.now()
    terms = b.terms(
        scopes=(Scope.of_service(PORTAL),), from_=now - timedelta(days=1), until=now + timedelta(days=90)
    )
    edge = replace(
        b.edge(principal=met[SANNE], agent=met[DAAN], initiator=met[SANNE], terms=terms), since=now
    )
    async with town.bureau.database.begin() as unit:
        assert await town.rooms.representing.mandates.edges.add(unit, edge)
    return Officers(
        town=town,
        first=await officer(town, FIRST, "first-officer"),
        second=await officer(town, SECOND, "second-officer"),
        edge=edge,
    )
