"""A bank whose customers log in with it: its admission, and a browser that goes there and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.journeys.house import HUB, House, text
from tests.journeys.party import TOWN_PARTY, Party
from tests.means.openid_provider import CLIENT_ID, LOW, SUBSTANTIAL, OpenIdProvider
from toegang.assurance import Level
from toegang.catalogue.values import AcrAlias, AdmittedMeans, MeansId
from toegang.storage.database import inside

BANK, OTHER_BANK = MeansId("bank"), MeansId("other-bank")
LEVELS = (AcrAlias(name=LOW, level=Level.LOW), AcrAlias(name=SUBSTANTIAL, level=Level.SUBSTANTIAL))


def bank(provider: OpenIdProvider, id_: MeansId = BANK, **more: Any) -> AdmittedMeans:  # noqa: ANN401
    """Admit a bank; `settings` are added to its own."""
    settings = {"issuer": provider.url, "client_id": CLIENT_ID} | more.pop("settings", {})
    made: dict[str, Any] = {
        "id": id_,
        "kind": "oidc",
        "organisation": HUB,
        "names": text(id_),
        "ceiling": Level.SUBSTANTIAL,
        "linkable": True,
        "levels": LEVELS,
        "settings": tuple(sorted(settings.items())),
    }
    return AdmittedMeans(**(made | more))


@dataclass(kw_only=True)
class Customer:
    """Somebody with a browser of their own, on the way to a service with a means of another party."""

    house: House
    provider: OpenIdProvider
    party: Party = TOWN_PARTY
    browser: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        """Open a browser of their own."""
        self.browser = self.house.browser()

    async def leave(self, means: MeansId = BANK, **asked: str) -> str:
        """Ask a login and choose the bank; return the address there."""
        login = (await self.browser.get(self.party.url(**asked))).headers["location"]
        return await self.choose(login, means)

    async def choose(self, login: str, means: MeansId = BANK) -> str:
        """Choose a means on the page of a login; return where the browser is sent."""
        page = await self.browser.get(login)
        if page.status_code == 303:
            return str(page.headers["location"])
        response = await self.browser.post(login, data={"csrf": csrf(page), "means": means})
        return str(response.headers.get("location", response.text))

    async def come_back(self, address: str) -> httpx2.Response:
        """Bring the bank's answer, and follow inside the hub."""
        return await self.follow(await self.browser.get(address))

    async def follow(self, response: httpx2.Response) -> httpx2.Response:
        while response.status_code == 303 and response.headers["location"].startswith("/"):
            response = await self.browser.get(response.headers["location"])
        return response

    async def send(self, page: httpx2.Response, **fields: str) -> httpx2.Response:
        """Send the form of a page, where it leads."""
        action = page.text.partition('action="')[2].partition('"')[0] or str(page.url)
        return await self.follow(await self.browser.post(action, data={"csrf": csrf(page), **fields}))


def csrf(page: httpx2.Response) -> str:
    """Return the proof of origin of a page's form."""
    return page.text.partition('name="csrf" value="')[2].partition('"')[0]


def code_of(response: httpx2.Response) -> str:
    """Return the code with which the browser came to the service; empty when it did not."""
    return str(response.headers.get("location", "")).partition("code=")[2].partition("&")[0]


def error_of(page: httpx2.Response) -> str:
    """Return the code that an error page shows."""
    return page.text.partition("<dt>Fout")[2].partition("<dd>")[2].partition("</dd>")[0].strip() or page.text


async def unreadable(house: House) -> None:
    """Have what was kept of sessions elsewhere be sealed by a key that is no longer there."""
    ground = house.app.ground
    kept = await ground.database.all("SELECT id, body FROM expiring WHERE kind = 'means-session'")
    assert kept
    async with ground.units.begin() as unit:
        for id_, body in kept:
            bent = {"id": id_, "body": body[:-1] + bytes([body[-1] ^ 1])}
            await inside(unit).put("UPDATE expiring SET body = :body WHERE id = :id", bent)
