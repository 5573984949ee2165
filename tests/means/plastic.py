"""A town where people log in with cards: the issuer of the demo and its software cards, in process."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from demo import issued_cards
from demo.card_session import CardSession
from demo.cards import CardHouse, application
from demo.documents.card_reader import CardReader
from demo.documents.cards import SoftwareCard
from demo.issued_cards import IssuedCard
from demo.places import Party, secret
from tests.conftest import NOON
from tests.journeys.house import HUB, PERMIT, TOWN, service, text
from tests.journeys.party import TOWN_PARTY
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import put
from toegang.app.life import reports
from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, MeansId
from toegang.errors import Unavailable
from toegang.means.card.cards import OwnCards, conversations
from toegang.means.card.desk import CardDesk
from toegang.means.card.kind import CardMeans
from toegang.means.card.logging_in import Errand
from toegang.means.card.terminals import TerminalFolder
from toegang.means.document.trusting import TrustFolder
from toegang.outbound.client import Response
from toegang.registers.cards_http import HttpCards
from toegang.storage import ExpiringStore
from toegang.storage.cards import CardTable
from toegang.web.application import application as web_application
from toegang.web.rooms import Rooms

CARDS = AdmittedMeans(
    id=MeansId("e-card"),
    kind="card",
    organisation=HUB,
    names=text("card"),
    ceiling=Level.HIGH,
    gives_bsn=True,
)
CODE_PAGE = "Take your card and this code to the reader"
START_PAGE = "Log in with your identity card or driving licence"
REFUSED_PAGE = "Your card was not accepted"
ACCEPTED_PAGE = "Your card was accepted"
MANUFACTURED = Path("cards")


@dataclass
class Wire:
    """Carries what the hub asks its register of cards to the issuer, in process; it may be cut."""

    house: CardHouse
    cut: bool = False
    answer: bytes | None = None
    """What the register answers to everything, when it is not itself."""

    async def request(
        self,
        _: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes,
        limit: int,  # noqa: ARG002 as the hub's own client
    ) -> Response:
        """Send one request."""
        if self.cut:
            raise Unavailable
        if self.answer is not None:
            return Response(status=200, headers={}, body=self.answer)
        transport = httpx2.ASGITransport(app=application(self.house))
        async with httpx2.AsyncClient(transport=transport) as client:
            answer = await client.request(method, url, headers=dict(headers), content=content)
        return Response(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


@dataclass(frozen=True, kw_only=True)
class CardTown:
    """A town with an issuer of cards, and what people do there."""

    town: Town
    house: CardHouse
    wire: Wire
    door: OwnCards

    @property
    def card(self) -> IssuedCard:
        """Sanne's identity card: handed over, and never used."""
        return self.house.cards[0]

    def active(self, **changes: object) -> IssuedCard:
        """Return Sanne's card, made ready at its register."""
        self.card.status = "active"
        for name, value in changes.items():
            setattr(self.card, name, value)
        return self.card

    def reader(self, issued: IssuedCard | None = None) -> CardReader:
        """Put a card on a reader."""
        today = self.town.bureau.now.date()
        return CardReader(card=SoftwareCard(plastic=(issued or self.card).plastic, today=today))

    def session(self) -> CardSession:
        """Take a reader; what it sends goes to the town, without cookies."""
        http = self.town.browser().http

        async def send(path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
            response = await http.post(f"/reader/v1{path}", json=body)
            assert response.status_code < 500 or response.status_code == 503, response.text
            return response.status_code, response.json() if response.content else {}

        return CardSession(send=send)

    async def to_login(self, browser: Browser, address: str = "") -> Page:
        """Come to the page that shows a code, on the way to a service."""
        page = await browser.open(address or TOWN_PARTY.url())
        if page.title == "How do you want to log in?":
            page = await browser.send(page, means=CARDS.id)
        return await browser.send(page, do="start")

    async def read(self, page: Page, issued: IssuedCard | None = None, pin: str = "") -> Mapping[str, Any]:
        """Bring the code of a page to a reader with a card, and relay to the end."""
        session = self.session()
        await session.take(code_on(page))
        found = issued or self.card
        return await session.run(self.reader(found), pin or found.plastic.pin)

    async def log_in(self, browser: Browser, issued: IssuedCard | None = None) -> Page:
        """Log in from the first page to the last."""
        page = await self.to_login(browser)
        await self.read(page, issued)
        return await browser.send(await browser.open(page.address), do="on")

    async def to_activate(self, browser: Browser) -> Page:
        """Come to the page that shows a code, in My account, by a fresh login."""
        page = await browser.open("/account/cards/activate")
        if page.title == "How do you want to log in?":
            page = await browser.send(page, means="citizen-account")
        if page.title == "Log in with user name and password":
            page = await self.town.anew(browser, page)
        return await browser.send(page, do="start")


def code_on(page: Page) -> str:
    """Return the code that a page shows."""
    found = re.search(r'qr-number"><strong>([A-Z]{4}-[A-Z]{4})<', page.text)
    assert found is not None, page.title
    return found[1]


_FOLDERS: dict[str, Path] = {}


def made_in(folder: Path) -> Path:
    """Make the cards, once for all tests: keys take their time."""
    if "cards" not in _FOLDERS:
        issued_cards.make(folder / "cards", NOON)
        _FOLDERS["cards"] = folder / "cards"
    return _FOLDERS["cards"]


@asynccontextmanager
async def open_cards(town: Town, folder: Path) -> AsyncIterator[CardTown]:
    """Open cards in a town, with a service at high."""
    house = CardHouse(hub="", cards=issued_cards.read(folder))
    wire, database = Wire(house), town.bureau.database
    desk = CardDesk(
        account=town.bureau.desk,
        register=HttpCards(
            outbound=wire,  # type: ignore[arg-type]
            clock=town.bureau.clock,
            url="http://issuer.example",
            secret=secret(Party.CARDS),
        ),
        cards=CardTable(database),
        terminal=TerminalFolder(path=folder / "terminal", look_every=0),
        trust=TrustFolder(path=folder / "trust"),
        catalogue=town.rooms.catalogue,
        reports=reports(town.app.ground),
    )
    readers = replace(town.rooms.readers, conversations=conversations(desk))
    door = OwnCards.at(desk, readers, ExpiringStore(database, "card-errand", Errand))
    kinds = {**town.rooms.logins.kinds, "card": CardMeans(door=door)}
    usable = replace(town.rooms.logins.usable, kinds=kinds)
    logins = replace(town.rooms.logins, kinds=kinds, usable=usable)
    stays = replace(town.rooms.stays, logins=logins)
    rooms = replace(town.rooms, cards=door, readers=readers, logins=logins, stays=stays)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Rooms]:
        yield rooms

    web = web_application(opened)
    async with web.opened():
        seen = replace(town, rooms=rooms, web=httpx2.ASGITransport(app=web))
        await put(seen, CARDS, service(PERMIT, TOWN, Level.HIGH))
        yield CardTown(town=seen, house=house, wire=wire, door=door)


def said(body: Mapping[str, Any]) -> str:
    """Return what a reader is told, in one line."""
    return json.dumps(body)
