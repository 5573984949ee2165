"""A town where identity documents are checked: a state, its papers, a register of them, and readers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.documents.papers import Features, Paper, driving_licence, identity_card, passport
from demo.documents.states import Held, State
from demo.documents.zones import Person
from demo.reader_device import Reader, Session
from tests.conftest import NOON
from tests.journeys.house import PERMIT, TOWN, service
from tests.means.bureau import SANNE
from tests.means.telephones import Telephones, telephones_in
from tests.web.citizens import Browser, Page, open_town
from tests.web.linked import put
from toegang import config
from toegang.assurance import Level
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.registers.documents import DocumentFact, DocumentStatus

if TYPE_CHECKING:
    from demo.app_device import Device
    from toegang.emrtd.document import DocumentKind

CHECK_PAGE = "Open this code with the reader"
DONE_PAGE = "Your identity document was checked"
REFUSED_PAGE = "The check did not succeed"
OFFER_PAGE = "First check your identity document"
EXPIRY = date(2031, 6, 25)
SANNE_ON_PAPER = Person(family_name="de Wit", given_names="Sanne", birth=date(1988, 4, 12), bsn=SANNE.digits)
WITHOUT_BSN = replace(SANNE_ON_PAPER, bsn="")
SOMEBODY = Person(family_name="Bakker", given_names="Daan", birth=date(1988, 4, 12), bsn="999990032")


@cache
def state() -> State:
    return State.founded(NOON)


@cache
def licence_state() -> State:
    return State.founded(NOON)


@cache
def signer() -> Held:
    return state().signer()


@cache
def passport_of(person: Person = SANNE_ON_PAPER, features: Features | None = None) -> Paper:
    return passport(person, signer(), expiry=EXPIRY, features=features)


@cache
def card_of(person: Person = SANNE_ON_PAPER) -> Paper:
    return identity_card(person, signer(), expiry=EXPIRY)


@cache
def licence_of(person: Person = WITHOUT_BSN) -> Paper:
    features = Features(active="ecdsa", pace=None)
    return driving_licence(person, licence_state().signer(), expiry=EXPIRY, features=features)


def write_trust(folder: Path, one: State) -> Path:
    """Fill a folder as an operator does."""
    for part, name, octets in (
        ("authorities", "csca.der", one.authority.certificate),
        ("lists", "csca.crl", one.revoked()),
    ):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / name).write_bytes(octets)
    return folder


@dataclass
class DocumentRegister:
    """The register's port: everything is in circulation unless a test says otherwise."""

    statuses: dict[str, DocumentStatus] = field(default_factory=dict)
    away: bool = False
    holder: Bsn | None = SANNE
    """To whom it says that every document was issued."""
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def find(self, kind: DocumentKind, issuer: str, number: str) -> DocumentFact:
        self.asked.append((kind.value, issuer, number))
        if self.away:
            raise Unavailable
        status = self.statuses.get(number, DocumentStatus.IN_CIRCULATION)
        return DocumentFact(status=status, as_of=NOON, source="test register", holder=self.holder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A town with an app, a register and readers."""

    phones: Telephones
    register: DocumentRegister

    def reader(self) -> Reader:
        """Take a reader; what it sends goes to the town, without cookies."""
        http = self.phones.town.browser().http

        async def send(path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
            response = await http.post(f"/reader/v1{path}", json=body)
            return response.status_code, response.json() if response.content else {}

        return Reader(send=send)

    async def with_app(self, device: Device) -> tuple[Browser, Page]:
        """Be in My account with the app, at the page that explains a check."""
        browser = self.phones.town.browser()
        page = await browser.open("/account/apps/check")
        session = await self.phones.scan(browser, page, device)
        await device.confirm(session, "27182")
        page = await browser.open(page.address)
        return browser, await browser.send(page, do="on")

    async def begun(self, device: Device) -> tuple[Browser, Page]:
        """Have begun a check."""
        browser, page = await self.with_app(device)
        return browser, await browser.send(page, do="begin")

    async def taken(self, device: Device) -> tuple[Browser, Page, Reader, Session]:
        """Have begun a check that a reader took."""
        browser, page = await self.begun(device)
        reader = self.reader()
        return browser, page, reader, await reader.take(code_on(page))

    async def check(self, device: Device, paper: Paper) -> tuple[str, Page]:
        """Check a document; return what the reader heard, and the page then."""
        browser, page, reader, session = await self.taken(device)
        outcome = await reader.read(session, paper)
        return outcome, await browser.open(page.address)

    async def level(self) -> Level:
        """Return what the resident's only app is worth."""
        bureau = self.phones.town.bureau
        (app,) = await self.phones.town.rooms.apps.meeting.desk.apps.of_account((await bureau.account()).id)
        return app.level


def code_on(page: Page) -> str:
    """Return the code that a page shows."""
    found = re.search(r'qr-number"><strong>([A-Z]{4}-[A-Z]{4})<', page.text)
    assert found is not None, (page.status, page.title)
    return found[1]


@asynccontextmanager
async def open_counter(secrets: Path, folder: Path, database_url: str) -> AsyncIterator[Counter]:
    """Open a town where documents are checked, with one resident and a service of level substantial."""
    documents = config.Documents(
        register="http://localhost:1",
        travel_trust=write_trust(folder / "travel", state()),
        licence_trust=write_trust(folder / "licence", licence_state()),
        reader="https://reader.example/",
    )
    register = DocumentRegister()
    async with open_town(secrets, folder, database_url, documents, register) as town:
        phones = await telephones_in(town)
        await put(town, service(PERMIT, TOWN, Level.SUBSTANTIAL))
        yield Counter(phones=phones, register=register)
