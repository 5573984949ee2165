"""A town with a bank whose customers link it to themselves, and a service there that needs the BSN."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from tests.hostile.scenes import town_client
from tests.jose.keyrings import record
from tests.journeys.house import PERMIT, REDIRECT, TOWN, service
from tests.journeys.party import TOWN_PARTY, claims
from tests.means.elsewhere import BANK, bank
from tests.means.openid_provider import OpenIdProvider, openid_provider
from tests.web.citizens import CITIZEN, Browser, Page, Town
from toegang.assurance import Level
from toegang.catalogue.records import Change
from toegang.catalogue.values import IdentityForm, Record
from toegang.catalogue.write import CatalogueEditor, Edit
from toegang.jose.encryption import decrypt
from toegang.keys.ring import Algorithm, KeyRing
from toegang.means.external.linking import Link
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.links import LinkTable

LOCK = record(Algorithm.RSA_OAEP_256, "of the town")


async def put(town: Town, *changed: Record) -> None:
    """Change the catalogue of a town, as an operator would."""
    logins = town.rooms.logins
    editor = CatalogueEditor(store=CatalogueTables(town.bureau.database), trail=logins.trail)
    catalogue = town.rooms.catalogue
    edit = Edit(base=catalogue.current, changes=tuple(map(Change.put, changed)), by="test", reason="test")
    async with logins.units.begin() as unit:
        assert await editor.write(unit, edit, town.bureau.now) is not None
    await catalogue.refresh()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The town and its bank."""

    town: Town
    bank: OpenIdProvider

    async def at_bank(self, browser: Browser, page: Page, **login: Any) -> Page:  # noqa: ANN401
        """Log in at the bank, where a browser was sent, and come back."""
        return await browser.open(self.bank.answer(page.address, **login))

    async def choosing(self, browser: Browser) -> Page:
        """Come to the page where a means to link is chosen, by a fresh login if need be."""
        page = await browser.open("/account/links/new")
        if page.title != "Log in with user name and password":
            return page
        page = await self.town.sign_in(browser, page)
        if page.title == "Fill in the code from the text message":
            page = await browser.send(page, code=await self.town.bureau.texted_code(), do="confirm")
        return page

    async def link(self, browser: Browser, **login: Any) -> Page:  # noqa: ANN401
        """Link the bank in My account, by a browser that is inside; return the page that it comes to."""
        page = await self.choosing(browser)
        page = await self.at_bank(browser, await browser.send(page, means=BANK), **login)
        if page.title != "Do you want to link bank en to yourself?":
            return page
        return await browser.send(page, do="link")

    async def to_service(self, browser: Browser, **login: Any) -> Page:  # noqa: ANN401
        """Log in to the service that needs the BSN, with the bank."""
        page = await browser.open(TOWN_PARTY.url())
        if not page.address.startswith(self.bank.url):
            page = await browser.send(page, means=BANK)
        return await self.at_bank(browser, page, **login)

    async def links(self) -> tuple[Link, ...]:
        """Return every link of the one person in the town."""
        account = await self.town.bureau.account()
        return await LinkTable(self.town.bureau.database).of_person(account.person) if account.person else ()

    async def told(self, browser: Browser, page: Page) -> dict[str, object]:
        """Redeem what the browser brought to the service; return what userinfo tells it, opened."""
        code = code_of(page)
        tokens = (await TOWN_PARTY.redeem(browser.http, code)).json()
        bearer = {"authorization": f"Bearer {tokens['access_token']}"}
        told = await browser.http.get("/oidc/userinfo", headers=bearer)
        return claims(decrypt(told.text, KeyRing(keys=(LOCK,)), now=self.town.bureau.now))


def code_of(page: Page) -> str:
    """Return the code with which a browser was sent to the service; empty when it was not."""
    if not page.address.startswith(REDIRECT):
        return ""
    return urlsplit(page.address).query.partition("code=")[2].partition("&")[0]


@asynccontextmanager
async def open_linked(town: Town) -> AsyncIterator[Linked]:
    """Give a town a bank, and a service that needs the BSN."""
    public = {name: LOCK.jwk[name] for name in ("kty", "n", "e", "kid", "use")}
    receiver = replace(town_client(), jwks=json.dumps({"keys": [public]}), userinfo_encryption="RSA-OAEP-256")
    needing = service(PERMIT, TOWN, Level.LOW, identity=IdentityForm.BSN)
    async with openid_provider(town.bureau.clock) as running:
        await put(town, needing, receiver, replace(CITIZEN, gives_bsn=True), bank(running))
        yield Linked(town=town, bank=running)
