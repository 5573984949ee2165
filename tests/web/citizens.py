"""A house with the citizen account in it, and people with browsers: forms are sent in process.

The population register is a port filled by the test; text messages and letters are read where they
leave the house, from the outbox.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2

from bench.means import BenchMeans
from tests.conftest import NOON
from tests.journeys.house import HUB, ISSUER, House, keys_in, records, settings_at, text
from tests.mandates.giving_people import Courts, Firms
from tests.means.bureau import CHEAP, DAAN, GOOD, SANNE, SECRET, Bureau, Register, registered
from toegang import config
from toegang.app import App, build
from toegang.app.own import Own, mine
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, MeansId
from toegang.clock import FixedClock
from toegang.keys.secret import FindingKey
from toegang.means.app.apps import Apps
from toegang.means.citizen.accounts import Accounts
from toegang.means.citizen.hashing import Hasher
from toegang.means.document.check import PURPOSE as DOCUMENT
from toegang.means.document.check import DocumentCheck
from toegang.means.document.checks import Checks
from toegang.means.passkey.known_models import Models
from toegang.means.passkey.passkeys import Passkeys
from toegang.registers.documents import Documents
from toegang.web.application import application
from toegang.web.rooms import Representing, Rooms

CITIZEN = AdmittedMeans(
    id=MeansId("citizen-account"),
    kind="citizen",
    organisation=HUB,
    names=text("citizen account"),
    ceiling=Level.SUBSTANTIAL,
)
PARTICULARS = {"birth_date": "12-04-1988", "postal_code": "1234ab", "house_number": "5"}
TWICE = {"new_password": GOOD, "repeat_password": GOOD}


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows: where it is, its text, its form's proof of origin."""

    status: int
    address: str
    text: str
    headers: httpx2.Headers

    @property
    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text)
        return found[1] if found else ""

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.text)
        return found[1] if found else ""

    @property
    def read(self) -> dict[str, str]:
        """What its form says of what stood there, as a browser sends it along (web.as_read)."""
        return dict(re.findall(r'type="hidden" name="(read|version)" value="([^"]*)"', self.text))

    @property
    def wrong(self) -> list[str]:
        """The fields that the summary of errors leads to; the whole form as an empty name."""
        summary = self.text.partition('id="errors"')[2].partition("</ul>")[0]
        return re.findall(r'<li>(?:<a class="nl-link" href="#([^"]*)")?', summary)


@dataclass(slots=True)
class Browser:
    """A browser that keeps cookies and follows redirects inside the hub, as people's do."""

    http: httpx2.AsyncClient

    async def open(self, address: str) -> Page:
        """Ask a page."""
        return await self._follow(await self.http.get(address))

    async def send(self, page: Page, address: str = "", **fields: str) -> Page:
        """Send the page's form."""
        form = {"csrf": page.csrf, **page.read, **fields}
        return await self._follow(await self.http.post(address or page.address, data=form))

    async def upload(self, page: Page, files: Mapping[str, tuple[str, bytes]], **fields: str) -> Page:
        """Send the page's form with files, each with the name that it has at home."""
        form = {"csrf": page.csrf, **fields}
        return await self._follow(await self.http.post(page.address, data=form, files=dict(files)))

    async def _follow(self, response: httpx2.Response) -> Page:
        while response.status_code == 303 and response.headers["location"].startswith("/"):
            response = await self.http.get(response.headers["location"])
        address = response.headers.get("location", response.url.raw_path.decode())
        return Page(response.status_code, address, response.text, response.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """An open house, its bureau of citizen accounts, and what a test does there."""

    app: App
    rooms: Rooms
    bureau: Bureau
    web: httpx2.AsyncBaseTransport

    def browser(self) -> Browser:
        """Open a browser of its own, in English."""
        headers = {"accept-language": "en"}
        return Browser(httpx2.AsyncClient(transport=self.web, base_url=ISSUER, headers=headers))

    async def applied(self, browser: Browser, name: str = "sanne88", number: str = "06 12345678") -> Page:
        """Apply from the first page to the last."""
        page = await browser.open("/account/apply/person")
        page = await browser.send(page, bsn=SANNE.digits, **PARTICULARS)
        page = await browser.send(page, user_name=name, **TWICE)
        if not number:
            return await browser.send(page, do="skip")
        page = await browser.send(page, telephone=number, do="send")
        return await browser.send(page, code=await self.bureau.texted_code(), do="confirm")

    async def resident(self, browser: Browser, number: str = "06 12345678") -> Page:
        """Have an account and be in My account with it, having activated it just now."""
        await self.applied(browser, number=number)
        code = await self.bureau.letter_code()
        page = await self.sign_in(browser, await browser.open("/account"))
        page = await browser.send(page, activation_code=code)
        self.bureau.later(minutes=2)
        return page

    async def sign_in(self, browser: Browser, page: Page, password: str = GOOD) -> Page:
        """Fill in the sign-in page."""
        return await browser.send(page, user_name="sanne88", password=password, do="sign-in")

    async def anew(self, browser: Browser, page: Page) -> Page:
        """Log in with password and code."""
        page = await self.sign_in(browser, page)
        return await browser.send(page, code=await self.bureau.texted_code(), do="confirm")


@asynccontextmanager
async def open_town(
    secrets: Path,
    folder: Path,
    database_url: str,
    checks: config.Documents | None = None,
    papers: Documents | None = None,
    models: Models | None = None,
) -> AsyncIterator[Town]:
    """Open a town on a migrated, empty database, with Sanne and Daan in the register.

    With `checks` identity documents are checked there, against the register `papers`; `models` are the
    authenticators that its operator laid the roots ready of.
    """
    clock = FixedClock(NOON)
    place = folder / "town"
    shutil.copytree(secrets, place)
    settings = replace(settings_at(place, database_url), documents=checks or config.Documents())
    app = await build(settings, {}, clock, keys_in(secrets))
    register = Register({bsn: registered(bsn) for bsn in (SANNE, DAAN)})
    hasher = Hasher({1: FindingKey.derive(SECRET, "pepper")}, cost=CHEAP)
    desk = replace(app.rooms.citizen.applying.desk, population=register, hasher=hasher)
    apps = Apps.at(replace(app.rooms.apps.meeting.desk, account=desk))
    accounts = Accounts.at(desk)
    check = app.rooms.readers.conversations.get(DOCUMENT)
    purposes = {}
    if isinstance(check, DocumentCheck) and papers is not None:
        purposes[DOCUMENT] = replace(check, desk=apps.meeting.desk, documents=papers)
    readers = replace(app.rooms.readers, conversations=purposes)
    rooms = replace(
        app.rooms,
        citizen=accounts,
        apps=apps,
        readers=readers,
        checks=Checks(desk=apps.meeting.desk, readers=readers),
        passkeys=Passkeys.at(replace(app.rooms.passkeys.own.desk, account=desk, models=models or Models())),
    )
    own = Own(accounts=accounts, apps=apps, linking=rooms.linking)
    rooms = replace(rooms, representing=_representing(rooms, register))
    rooms = replace(rooms, mine=mine(app.ground, own, rooms.logouts, rooms.catalogue))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Rooms]:
        yield rooms

    web = application(opened)
    house = House(app=app, web=web, clock=clock, means=BenchMeans())
    await house.put(*(one for one in records() if not isinstance(one, AdmittedMeans)), CITIZEN)
    bureau = Bureau(
        database=app.ground.database, clock=clock, register=register, desk=desk, outbox=desk.outbox
    )
    try:
        async with web.opened():
            yield Town(app=app, rooms=rooms, bureau=bureau, web=httpx2.ASGITransport(app=web))
    finally:
        hasher.close()
        await app.close()


def _representing(rooms: Rooms, register: Register) -> Representing:
    """Let mandates know the people of the register, of whom courts have nothing to tell."""
    known = rooms.representing
    courts, firms = Courts(), Firms()
    finding = replace(known.voluntary.finding, population=register, organisations=firms)
    voluntary = replace(known.voluntary, finding=finding, laws=courts)
    names = replace(known.names, population=register, organisations=firms)
    return replace(
        known,
        voluntary=voluntary,
        standing_in=replace(known.standing_in, gathering=courts),
        at_desk=replace(
            known.at_desk,
            giving=replace(known.at_desk.giving, voluntary=voluntary, gathering=courts),
            ending=replace(known.at_desk.ending, voluntary=voluntary, names=names),
        ),
        names=names,
        explaining=replace(known.explaining, gathering=courts),
    )
