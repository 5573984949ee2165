"""People in a town with passkeys on devices in software, and the pages that ask for them."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from demo.authenticator import Authenticator
from tests.journeys.house import HUB, ISSUER, text
from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import browser as visitor_of
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import put
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, MeansId
from toegang.means.citizen.own_account import SignedIn
from toegang.means.passkey.own_passkeys import Answer
from toegang.means.passkey.values import Passkey, PasskeyId

PASSKEYS = AdmittedMeans(
    id=MeansId("toegang-passkey"),
    kind="passkey",
    organisation=HUB,
    names=text("passkey"),
    ceiling=Level.SUBSTANTIAL,
)
NEW = "/account/passkeys/new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyholders:
    """A town where passkeys are admitted, with one resident in it."""

    town: Town

    def device(self, **said: Any) -> Authenticator:  # noqa: ANN401 any of what it says of itself
        """Take a device whose browser is on the hub's pages."""
        return Authenticator(origin=ISSUER, **said)

    async def to_new(self, browser: Browser) -> Page:
        """Come to the page where a passkey is added, by a fresh login with a text message."""
        page = await browser.open(NEW)
        if page.title == "How do you want to log in?":
            page = await browser.send(page, means="citizen-account")
        if page.title == "Log in with user name and password":
            page = await self.town.anew(browser, page)
        return page

    async def add(self, browser: Browser, device: Authenticator, name: str = "Laptop") -> Page:
        """Add a passkey of this device to the resident's account."""
        page = await self.to_new(browser)
        return await send(browser, page, device.create(options_of(page)), passkey_name=name)

    async def to_login(self, browser: Browser, address: str = "") -> Page:
        """Come to the page of passkeys on the way to a service."""
        page = await browser.open(address or TOWN_PARTY.url())
        return await browser.send(page, means=PASSKEYS.id)

    async def log_in(self, browser: Browser, device: Authenticator, **changes: Any) -> Page:  # noqa: ANN401 to client data
        """Log in at the service from the first page to the last."""
        page = await self.to_login(browser)
        return await send(browser, page, device.use(options_of(page), **changes))

    async def register(self, device: Authenticator, level: Level = Level.SUBSTANTIAL) -> Passkey:
        """Add a passkey at the door of its room, as after a login at this level."""
        own, now, visitor = self.town.rooms.passkeys.own, self.town.bureau.now, visitor_of()
        account = await self.town.bureau.account()
        signed_in = SignedIn(account=account.id, level=level, at=now)
        asked = await own.begin(signed_in, visitor, now)
        answer = Answer(name="Laptop", credential=json.dumps(device.create(asked)))
        return await own.add(signed_in, visitor, answer, now)

    async def passkeys(self) -> tuple[Passkey, ...]:
        """Return the resident's passkeys."""
        account = await self.town.bureau.account()
        return await self.town.rooms.passkeys.own.desk.passkeys.of_account(account.id)

    async def find(self, passkey: PasskeyId) -> Passkey:
        """Return one, stopped or not."""
        found = await self.town.rooms.passkeys.own.desk.passkeys.find(passkey)
        assert found is not None
        return found

    async def admit(self, **settings: str) -> AdmittedMeans:
        """Change what passkeys are worth."""
        changed = replace(PASSKEYS, settings=tuple(settings.items()))
        await put(self.town, changed)
        return changed


ELSEWHERE: tuple[dict[str, Any], ...] = (
    {"origin": "https://localhost:8000"},
    {"origin": "http://localhost:8001"},
    {"origin": "http://localhost"},
    {"origin": "http://localhost:8000.example"},
    {"origin": "http://toegang.example"},
    {"origin": ["http://localhost:8000"]},
    {"type": "payment.get"},
    {"crossOrigin": True},
    {"crossOrigin": "false"},
    {"topOrigin": "https://evil.example"},
    {"challenge": ""},
    {"challenge": "AAAA"},
    {"challenge": None},
)
"""What a browser writes down of another page, or of another question."""


async def added(keyholders: Keyholders, **said: Any) -> Authenticator:  # noqa: ANN401 what a device says of itself
    """Have a device with a passkey of the resident."""
    device = keyholders.device(**said)
    assert (await keyholders.add(keyholders.town.browser(), device)).title == "You added a passkey"
    return device


def options_of(page: Page) -> dict[str, Any]:
    """Return what a page asks its browser."""
    found = re.search(r'data-options="([^"]*)"', page.text)
    assert found is not None, page.title
    asked: dict[str, Any] = json.loads(html.unescape(found[1]))
    return asked


async def send(browser: Browser, page: Page, answer: object, **fields: str) -> Page:
    """Send what a device answered, as the page's script does."""
    written = answer if isinstance(answer, str) else json.dumps(answer)
    return await browser.send(page, credential=written, **{"do": "prove", **fields})


def model_name(model: bytes) -> str:
    """Return an AAGUID as catalogues and files have it."""
    return str(UUID(bytes=model))


async def keyholders_in(town: Town) -> Keyholders:
    """Have one resident in a town, and admit passkeys there."""
    await town.resident(town.browser())
    await put(town, PASSKEYS)
    return Keyholders(town=town)
