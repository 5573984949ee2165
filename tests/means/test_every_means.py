"""What every kind of means must do: prove who was asked for, and nothing by a stale, foreign or used answer.

Each kind is driven over HTTP in a town that has them all, as people and other parties drive it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace

import pytest

from demo.app_device import Device, Refused
from demo.authenticator import Authenticator
from demo.documents.card_reader import PinWrongError
from tests.journeys.house import PERMIT, TOWN, service
from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import GOOD
from tests.means.elsewhere import BANK, bank
from tests.means.identity_provider import IdentityProvider, form, identity_provider
from tests.means.keyholders import PASSKEYS, Keyholders, options_of, send
from tests.means.openid_provider import OpenIdProvider, openid_provider
from tests.means.plastic import CARDS, CODE_PAGE, CardTown
from tests.means.savings_bank import SAVINGS, savings
from tests.means.telephones import APP, OTHER_PIN, PIN, Telephones, telephones_in
from tests.web.citizens import CITIZEN, Browser, Page, Town
from tests.web.conftest import cards, house_secrets, made, town
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.means.kinds import KINDS
from toegang.saml.messages import AuthnStatement

__all__ = ["cards", "house_secrets", "made", "town"]
UNKNOWN = "urn:nobody:knows"

Deliver = Callable[[Browser], Awaitable[Page]]
"""Bring an answer by a browser, and follow; it can be brought again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """A town with a means of every kind, and how each is answered."""

    town: Town
    bank: OpenIdProvider
    savings: IdentityProvider
    phones: Telephones
    device: Device
    key: Authenticator
    cards: CardTown

    async def begin(self, kind: str, browser: Browser) -> Page:
        """Come to a login at the town, and choose the means of this kind."""
        own = {"citizen": CITIZEN.id, "app": APP.id, "passkey": PASSKEYS.id, "card": CARDS.id}
        chosen = (own | {"oidc": BANK, "saml": SAVINGS})[kind]
        page = await browser.send(await browser.open(TOWN_PARTY.url()), means=chosen)
        return await browser.send(page, do="start") if kind == "card" else page

    async def answer(self, kind: str, at: Page, *, low: bool = False) -> Deliver:
        """Return what brings the answer to what was asked on the way to `at`."""
        own = {"citizen": self._citizen, "app": self._app, "passkey": self._passkey, "card": self._card}
        ways = own | {"oidc": self._oidc, "saml": self._saml}
        return await ways[kind](at, low=low)

    async def _passkey(self, at: Page, *, low: bool) -> Deliver:
        self.key.verified = not low
        answer = self.key.use(options_of(at))

        async def deliver(browser: Browser) -> Page:
            csrf = self.town.rooms.cookies.proof(browser.http.cookies.get("toegang-browser") or "")
            return await send(browser, at, answer, csrf=csrf)

        return deliver

    async def _card(self, at: Page, *, low: bool) -> Deliver:
        async def deliver(browser: Browser) -> Page:
            page = await browser.open(at.address)
            if page.title == CODE_PAGE:
                with suppress(PinWrongError):
                    await self.cards.read(page, pin="999999" if low else "")
            csrf = self.town.rooms.cookies.proof(browser.http.cookies.get("toegang-browser") or "")
            return await browser.send(at, csrf=csrf, do="on")

        return deliver

    async def _app(self, at: Page, *, low: bool) -> Deliver:
        pin = OTHER_PIN if low else PIN

        async def deliver(browser: Browser) -> Page:
            page = await browser.open(at.address)
            if page.title == "Where is your app?":
                with suppress(Refused):
                    session = await self.phones.scan(browser, page, self.device)
                    await self.device.confirm(session, pin)
            csrf = self.town.rooms.cookies.proof(browser.http.cookies.get("toegang-browser") or "")
            return await browser.send(at, csrf=csrf, do="on")

        return deliver

    async def _citizen(self, at: Page, *, low: bool) -> Deliver:
        codes: list[str] = []

        async def deliver(browser: Browser) -> Page:
            csrf = self.town.rooms.cookies.proof(browser.http.cookies.get("toegang-browser") or "")
            typed = {"csrf": csrf, "user_name": "sanne88", "password": GOOD}
            page = await browser.send(at, **typed)
            if low or page.title != "Fill in the code from the text message":
                return page
            codes[:] = codes or [await self.town.bureau.texted_code()]
            return await browser.send(page, code=codes[0], do="confirm")

        return deliver

    async def _oidc(self, at: Page, *, low: bool) -> Deliver:
        back = self.bank.answer(at.address, claims={"acr": UNKNOWN} if low else {})
        return lambda browser: browser.open(back)

    async def _saml(self, at: Page, *, low: bool) -> Deliver:
        bank = self.savings
        request, state = bank.asked_of(at.text)
        bent = {"authn": AuthnStatement(at=bank.clock.now(), context_class=UNKNOWN)} if low else {}
        octets = bank.signed(bank.response(request, bank.assertion(request, **bent)))

        async def deliver(browser: Browser) -> Page:
            bare = self.town.browser()  # from another site: without our cookies
            kept = await bare.http.post("/saml/acs", data=form(octets, state))
            return await browser.open(kept.headers["location"])

        return deliver


@pytest.fixture
async def ways(cards: CardTown) -> AsyncIterator[Ways]:
    town = cards.town
    await put(town, service(PERMIT, TOWN, Level.LOW))
    cards.active()
    async with AsyncExitStack() as running:
        clock, rooms = town.bureau.clock, town.rooms
        opened = await running.enter_async_context(openid_provider(clock))
        posted = await running.enter_async_context(identity_provider(town.app, clock))
        phones = await telephones_in(town)
        await put(town, bank(opened), posted.entity(), savings(posted))
        assert rooms.catalogue.current.means(SAVINGS)
        device = await phones.add(town.browser())
        await put(town, PASSKEYS)
        holders, key = Keyholders(town=town), Keyholders(town=town).device()
        town.bureau.later(minutes=2)  # a number gets one text message a minute
        await holders.add(town.browser(), key)
        yield Ways(town=town, bank=opened, savings=posted, phones=phones, device=device, key=key, cards=cards)


every_kind = pytest.mark.parametrize("kind", sorted(KINDS))


@every_kind
async def test_it_proves_who_was_asked_for(ways: Ways, kind: str) -> None:
    browser = ways.town.browser()
    at = await ways.begin(kind, browser)
    deliver = await ways.answer(kind, at)
    assert code_of(await deliver(browser))


@every_kind
async def test_too_low_an_answer_proves_nothing(ways: Ways, kind: str) -> None:
    browser = ways.town.browser()
    deliver = await ways.answer(kind, await ways.begin(kind, browser), low=True)
    assert code_of(await deliver(browser)) == ""


@every_kind
async def test_an_answer_brought_by_another_browser_proves_nothing(ways: Ways, kind: str) -> None:
    browser, other = ways.town.browser(), ways.town.browser()
    await ways.begin(kind, other)
    deliver = await ways.answer(kind, await ways.begin(kind, browser))
    page = await deliver(other)
    assert code_of(page) == ""
    assert page.status in {400, 403}


@every_kind
async def test_an_answer_counts_once(ways: Ways, kind: str) -> None:
    browser = ways.town.browser()
    deliver = await ways.answer(kind, await ways.begin(kind, browser))
    assert code_of(await deliver(browser))
    page = await deliver(browser)
    assert code_of(page) == ""
    assert page.status in {400, 404, 410}


@every_kind
async def test_an_answer_that_comes_too_late_proves_nothing(ways: Ways, kind: str) -> None:
    browser = ways.town.browser()
    deliver = await ways.answer(kind, await ways.begin(kind, browser))
    ways.town.bureau.later(hours=1)
    assert code_of(await deliver(browser)) == ""


@every_kind
async def test_what_is_asked_of_it_says_nothing_of_who_asks(ways: Ways, kind: str) -> None:
    """No address tells the reference, the browser or the login's own secrets to another party."""
    browser = ways.town.browser()
    at = await ways.begin(kind, browser)
    told = at.address + at.text if kind == "saml" else at.address
    assert browser.http.cookies["toegang-browser"] not in told


@every_kind
async def test_it_is_closed_with_its_admission(ways: Ways, kind: str) -> None:
    browser = ways.town.browser()
    deliver = await ways.answer(kind, await ways.begin(kind, browser))
    admitted = {
        "citizen": CITIZEN,
        "app": APP,
        "passkey": PASSKEYS,
        "card": CARDS,
        "oidc": bank(ways.bank),
        "saml": savings(ways.savings),
    }[kind]
    await put(ways.town, replace(admitted, blocked=True))
    assert code_of(await deliver(browser)) == ""
