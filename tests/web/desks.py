"""A desk of the town: clerks who are inside at substantial, and a resident with a telephone who comes by."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tests.journeys.house import TOWN
from tests.means.bureau import DAAN, SANNE, particulars, registered
from tests.means.telephones import Telephones, telephones_in
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import put
from toegang.assurance import Level
from toegang.catalogue.values import OrganisationId, Role, RoleHolder
from toegang.identity.numbers import Bsn
from toegang.login.transaction import browser_hash
from toegang.provider.own import Stay

FATIMA = Bsn.parse("999990275")
START = "The desk"
GIVEN = "Give this to the person"
NOTED = "The visit was noted"
AGREE = "Do you agree?"
VISIT = {"bsn": SANNE.digits, "document": "passport", "document_number": "SPECI2014", "same_person": "yes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """The town with two clerks of one organisation, and its resident Sanne with a telephone."""

    phones: Telephones
    clerk: Browser
    second: Browser

    @property
    def town(self) -> Town:
        return self.phones.town

    async def noted(self, **changes: str) -> Page:
        """Note a visit of Sanne, as the first clerk."""
        page = await self.clerk.open("/desk")
        return await self.clerk.send(page, **(VISIT | changes), do="open")

    async def noted_account(self, bsn: Bsn, **changes: str) -> Page:
        """Note a visit of somebody who wants an account, as the first clerk."""
        page = await self.clerk.open("/desk/account")
        return await self.clerk.send(page, **(VISIT | {"bsn": bsn.digits} | changes), do="open")

    async def looked(self, name: str, browser: Browser | None = None) -> Page:
        """Look at a visit, as the second clerk."""
        browser = browser or self.second
        page = await browser.open("/desk")
        return await browser.send(page, "/desk/case", case=name, do="look")

    async def decided(self, page: Page, do: str, browser: Browser | None = None) -> Page:
        found = re.search(r'name="case" value="([\w-]+)"', page.text)
        assert found is not None, page.title
        return await (browser or self.second).send(page, "/desk/case/decide", case=found[1], do=do)

    async def code(self) -> str:
        """Have a code given, from the first page to the last."""
        page = await self.looked(shown_on(await self.noted()))
        return shown_on(await self.decided(page, "give"))


def shown_on(page: Page) -> str:
    """Return what a page shows in large letters: the name of a visit, or the code."""
    found = re.search(r'desk-code"><strong>([\w-]+)<', page.text)
    assert found is not None, page.title
    return found[1]


async def inside(town: Town, bsn: Bsn, name: str, level: Level = Level.SUBSTANTIAL) -> Browser:
    """Be in My account with an account of one's own, at a level."""
    town.bureau.register.people[bsn] = registered(bsn)
    proven = (await town.bureau.active(particulars(bsn), name=name, number=None)).authentication
    return await entered(town, replace(proven, level=level), level)


async def entered(town: Town, proven: object, level: Level) -> Browser:
    browser, own, now = town.browser(), town.rooms.own, town.bureau.now
    await browser.open("/help")
    stay = Stay(
        browser=browser_hash(browser.http.cookies["toegang-browser"]),
        session="s",
        reference="FAKE-CODE-01",
        proven=proven,  # type: ignore[arg-type]
        level=level,
        until=now + own.lifetime,
    )
    secret = own.ids.token()
    async with town.bureau.database.begin() as unit:
        await own.stays.add(unit, secret, stay, stay.until, now)
    browser.http.cookies.set("toegang-account", secret)
    return browser


async def appoint(
    town: Town, browser: Browser, organisation: OrganisationId = TOWN, **changes: object
) -> RoleHolder:
    """Let whoever is inside work at a desk, by the name that the page tells."""
    page = await browser.open("/desk")
    (name,) = re.findall(r'<span class="nl-code">([\w-]{43})</span>', page.text)
    holder = RoleHolder(
        id=f"clerk-{name[:6].lower().replace('_', '-')}x",
        subject=name,
        name="C. Lerk",
        role=Role.DESK_CLERK,
        organisation=organisation,
    )
    holder = replace(holder, **changes)  # type: ignore[arg-type]
    await put(town, holder)
    return holder


async def desks_in(town: Town) -> Desks:
    """Open a desk in a town."""
    phones = await telephones_in(town)
    clerk, other = await inside(town, DAAN, "daan-clerk"), await inside(town, FATIMA, "fatima-clerk")
    await appoint(town, clerk)
    await appoint(town, other)
    return Desks(phones=phones, clerk=clerk, second=other)
