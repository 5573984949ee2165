"""People in a town with the app on a telephone: the software device of the demo, and the pages it meets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demo.app_device import Contact, Device, Session
from tests.journeys.house import HUB, ISSUER, text
from tests.journeys.party import TOWN_PARTY
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import put
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, MeansId

APP = AdmittedMeans(
    id=MeansId("toegang-app"), kind="app", organisation=HUB, names=text("app"), ceiling=Level.SUBSTANTIAL
)
PIN = "27182"
OTHER_PIN = "31415"
CODE_PAGE = "Fill in the code that your app shows"
SCAN_PAGE = "Scan this code with your app"
CALLED_PAGE = "Fill in this number in your app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephones:
    """A town where the app is admitted, with one resident in it, and what people do with telephones."""

    town: Town

    def device(self) -> Device:
        """Take a new telephone; what it sends goes to the town, without cookies."""
        http = self.town.browser().http

        async def send(path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
            response = await http.post(f"/app/v1{path}", json=body)
            return response.status_code, response.json() if response.content else {}

        return Device(issuer=ISSUER, send=send)

    async def to_new_app(self, browser: Browser) -> Page:
        """Come to the page where an app is added, by a fresh login with a text message."""
        page = await browser.open("/account/apps/new")
        if page.title == "How do you want to log in?":
            page = await browser.send(page, means="citizen-account")
        if page.title == "Log in with user name and password":
            page = await self.town.anew(browser, page)
        return await browser.send(page, do="begin")

    async def meet(self, browser: Browser, page: Page, device: Device, **ticked: str) -> tuple[Page, Contact]:
        """Bring a telephone and a page together, up to the code that is to be scanned."""
        contact = await device.open_contact()
        page = await browser.send(page, do="other")
        return await browser.send(page, app_code=contact.code, do="code", **ticked), contact

    async def scan(self, browser: Browser, page: Page, device: Device) -> Session:
        """Bring them together, and scan."""
        page, contact = await self.meet(browser, page, device)
        return await device.scan(contact, number=number_on(page))

    async def add(self, browser: Browser, pin: str = PIN, name: str = "Telephone") -> Device:
        """Add the app to the resident's account, by text message."""
        device = self.device()
        session = await self.scan(browser, await self.to_new_app(browser), device)
        await device.activate(session, pin, name)
        return device

    async def to_login(self, browser: Browser, address: str = "") -> Page:
        """Come to the page of the app on the way to a service."""
        page = await browser.open(address or TOWN_PARTY.url())
        return await browser.send(page, means=APP.id)

    async def waiting(self, browser: Browser, device: Device, address: str = "") -> tuple[Page, Session]:
        """Come to a login that waits for a telephone's confirmation."""
        page = await self.to_login(browser, address)
        session = await self.scan(browser, page, device)
        return await browser.open(page.address), session

    async def log_in(self, browser: Browser, device: Device, pin: str = PIN) -> Page:
        """Log in at the service from the first page to the last."""
        page, session = await self.waiting(browser, device)
        await device.confirm(session, pin)
        return await browser.send(page, do="on")

    async def known(self, device: Device) -> Browser:
        """Log in in a browser that knows the app from then on."""
        browser = self.town.browser()
        page, contact = await self.meet(browser, await self.to_login(browser), device, remember_app="yes")
        await device.confirm(await device.scan(contact, number=number_on(page)), PIN)
        await browser.send(await browser.open(page.address), do="on")
        return browser

    async def call(self, browser: Browser) -> Page:
        """Begin a login in a browser that knows an app, and call it."""
        return await browser.send(await self.to_login(browser), do="call")


def page_number_on(page: Page) -> str:
    """Return the number that a page shows for the app that it called."""
    found = re.search(r'page-number"><strong>(\d{3})<', page.text)
    assert found is not None, page.title
    return found[1]


def number_on(page: Page) -> str:
    """Return the number that a page shows for who cannot scan."""
    found = re.search(r'qr-number"><strong>(\d{5}) (\d{5})<', page.text)
    assert found is not None, page.title
    return found[1] + found[2]


def token_on(page: Page) -> str:
    """Return the token of the link to the app on this device."""
    found = re.search(r'href="[^"]*/app/#([^"]+)"', page.text)
    assert found is not None, page.title
    return found[1]


async def telephones_in(town: Town) -> Telephones:
    """Have one resident in a town, and admit the app there."""
    await town.resident(town.browser())
    await put(town, APP)
    return Telephones(town=town)
