"""What is begun while all is well: a login at each of its steps, what it gave, a recovery, an app, a stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.means import BenchMeans
from demo.app_device import Contact, Device, Session
from demo.authenticator import Authenticator
from tests.journeys.house import CLINIC, PERMIT, PORTAL, RESULTS, TOWN, House, service
from tests.journeys.party import CLINIC_PARTY
from tests.journeys.saml_party import SamlParty, ticket
from tests.means.bureau import GOOD, SANNE
from tests.means.keyholders import PASSKEYS, Keyholders
from tests.means.telephones import PIN, Telephones, number_on, telephones_in, token_on
from tests.web.citizens import PARTICULARS, TWICE, Browser, Page, Town
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.catalogue.values import MeansId, SamlProfile, SingleSignOn
from toegang.means.passkey.values import Passkey
from toegang.saml.messages import LogoutRequest, NameId

SSO = SingleSignOn(allowed=True, max_age=3600)
SHARED_TOWN = service(PERMIT, TOWN, Level.LOW, single_sign_on=SSO)
SHARED = (
    service(RESULTS, CLINIC, Level.LOW, single_sign_on=SSO),
    service(PORTAL, CLINIC, Level.LOW, single_sign_on=SSO, confirm=True),
)
SAML = SamlParty(profile=SamlProfile.SAML2INT, services=(RESULTS,))
OFFLINE = f"openid offline_access service:{RESULTS}"
CITIZEN_MEANS = MeansId("citizen-account")
MINE = {"user_name": "sanne88", "bsn": SANNE.digits}
AT_PASSWORD = "Log in with user name and password"


@dataclass(slots=True, kw_only=True)
class Logins:
    """Logins with the password, each at another step, and what one of them gave."""

    password: tuple[Browser, Page]
    code: tuple[Browser, Page, str]
    confirm: tuple[Browser, Page]
    shared: Browser
    tokens: dict[str, str]
    logout: LogoutRequest


@dataclass(slots=True, kw_only=True)
class Answers:
    """What services, and My account, were answered and did not fetch yet; it lives a minute."""

    grant: str
    artifact: str
    posted: str
    ticket: tuple[Browser, str]


@dataclass(slots=True, kw_only=True)
class Ways:
    """Ways to get into an account anew: a recovery at each of its steps, applications."""

    letter: tuple[Browser, Page, str]
    code: tuple[Browser, Page, str]
    password: tuple[Browser, Page]
    application: tuple[Browser, Page]
    activation: tuple[Browser, Page, str]


@dataclass(slots=True, kw_only=True)
class Apps:
    """An app that was added, and logins and an activation with it, each at another step."""

    device: Device
    new: Device
    contact: Contact
    number: str
    waiting: Session
    waiting_page: tuple[Browser, Page]
    confirmed: tuple[Browser, Page]
    back: tuple[Browser, str]
    shared: Browser
    keying: tuple[Device, Session]
    inside: Browser
    proof: str
    knowing: Browser
    called: Page
    summoned: Session


@dataclass(slots=True, kw_only=True)
class Passkeys:
    """A device with a passkey, and a login that asks for it."""

    holders: Keyholders
    device: Authenticator
    kept: Passkey
    asked: tuple[Browser, Page]


@dataclass(slots=True, kw_only=True)
class Prepared:
    """All of it, in one town."""

    phones: Telephones
    house: House
    logins: Logins
    answers: Answers
    ways: Ways
    apps: Apps
    passkeys: Passkeys

    @property
    def town(self) -> Town:
        """The town."""
        return self.phones.town


async def prepare(town: Town) -> Prepared:
    """Begin everything; the ways in first and the app last, since its numbers live a minute."""
    phones = await telephones_in(town)
    house = house_of(town)
    await put(town, *SHARED, *SAML.records(house))
    ways = await prepare_ways(town)
    logins = await prepare_logins(town, house)
    apps = await prepare_apps(phones)
    passkeys = await prepare_passkeys(town)
    answers = await prepare_answers(house, logins.shared, town.browser())
    town.bureau.later(seconds=1)
    return Prepared(
        phones=phones,
        house=house,
        logins=logins,
        answers=answers,
        ways=ways,
        apps=apps,
        passkeys=passkeys,
    )


def house_of(town: Town) -> House:
    """Return the town as what the parties of journeys know."""
    web: Any = town.web
    return House(app=town.app, web=web.app, clock=town.bureau.clock, means=BenchMeans())


async def prepare_ways(town: Town) -> Ways:
    """Ask recoveries, apply again, and bring each to its step."""
    first, second, third = town.browser(), town.browser(), town.browser()
    proven = await _opened(town, first)
    proven = await first.send(await first.send(proven, do="resend"), code=await town.bureau.texted_code())
    texted = await second.send(await _opened(town, second), do="resend")
    code = await town.bureau.texted_code()
    town.bureau.later(minutes=2)
    letter = await _asked(town, third)
    applying, activating = town.browser(), town.browser()
    await town.applied(activating, "sanne77", number="")
    activation = await town.bureau.letter_code()
    page = await activating.open("/account")
    page = await choose_account(activating, page)
    page = await activating.send(page, user_name="sanne77", password=TWICE["new_password"], do="sign-in")
    filing = await applying.open("/account/apply/person")
    filing = await applying.send(filing, bsn=SANNE.digits, **PARTICULARS)
    filing = await applying.send(filing, user_name="sanne66", **TWICE)
    return Ways(
        letter=(third, *letter),
        code=(second, texted, code),
        password=(first, proven),
        application=(applying, filing),
        activation=(activating, page, activation),
    )


async def prepare_logins(town: Town, house: House) -> Logins:
    """Log in with the password, to each step; with one of them get all that a service can get."""
    shared = town.browser()
    page = await town.anew(shared, await to_password(shared, CLINIC_PARTY.url(scope=OFFLINE)))
    tokens = (await CLINIC_PARTY.redeem(shared.http, code_of(page))).json()
    told = await SAML.told(house, await _answered(house, shared))
    slow = town.browser()
    texted = await town.sign_in(slow, await to_password(slow, CLINIC_PARTY.for_service(RESULTS)))
    code = await town.bureau.texted_code()
    town.bureau.later(minutes=2)
    reading = town.browser()
    confirm = await town.anew(reading, await to_password(reading, CLINIC_PARTY.for_service(PORTAL)))
    waiting = town.browser()
    password = await to_password(waiting, CLINIC_PARTY.for_service(RESULTS))
    town.bureau.later(minutes=2)
    assert told.assertion is not None
    assert isinstance(told.assertion.subject, NameId)
    return Logins(
        password=(waiting, password),
        code=(slow, texted, code),
        confirm=(reading, confirm),
        shared=shared,
        tokens=tokens,
        logout=SAML.log_out(house, told),
    )


async def prepare_answers(house: House, shared: Browser, entering: Browser) -> Answers:
    """Have services answered by single sign-on, over each protocol and binding."""
    grant = code_of(await shared.open(CLINIC_PARTY.url(scope=OFFLINE)))
    posted = await shared.http.get(SAML.in_address(SAML.request(house, consumer_index=1)))
    artifact = ticket(await _answered(house, shared))["SAMLart"]
    into = (entering, await ticket_of(entering))
    return Answers(grant=grant, artifact=artifact, posted=posted.headers["location"], ticket=into)


async def prepare_apps(phones: Telephones) -> Apps:
    """Add an app, log in with it to each step, and begin adding another."""
    town = phones.town
    inside, shared = town.browser(), town.browser()
    device = await phones.add(inside)
    adding, keying = town.browser(), phones.device()
    added = await phones.to_new_app(adding)
    town.bureau.later(minutes=2)
    knowing = await phones.known(device)
    called = await phones.call(await phones.known(device))
    await put(town, SHARED_TOWN)
    assert code_of(await phones.log_in(shared, device))
    key_session = await phones.scan(adding, added, keying)
    here = town.browser()
    page = await here.send(await phones.to_login(here), do="here")
    back = await device.confirm(await device.scan(token=token_on(page)), PIN)
    there = town.browser()
    there_page, session = await phones.waiting(there, device)
    await device.confirm(session, PIN)
    slow = town.browser()
    slow_page, waiting = await phones.waiting(slow, device)
    new, met = phones.device(), town.browser()
    met_page, contact = await phones.meet(met, await phones.to_login(met), new)
    town.bureau.later(seconds=1)
    return Apps(
        device=device,
        new=new,
        contact=contact,
        number=number_on(met_page),
        waiting=waiting,
        waiting_page=(slow, slow_page),
        confirmed=(there, there_page),
        back=(here, back),
        shared=shared,
        keying=(keying, key_session),
        inside=inside,
        proof=(await inside.open("/account/devices")).csrf,
        knowing=knowing,
        called=called,
        summoned=await device.waiting(),
    )


async def prepare_passkeys(town: Town) -> Passkeys:
    """Add a passkey, and come to the page that asks for it."""
    await put(town, PASSKEYS)
    holders = Keyholders(town=town)
    device, browser = holders.device(), town.browser()
    kept = await holders.register(device, Level.LOW)
    asked = await holders.to_login(browser)
    town.bureau.later(seconds=1)
    return Passkeys(holders=holders, device=device, kept=kept, asked=(browser, asked))


async def to_password(browser: Browser, address: str) -> Page:
    """Come to the page of the password on the way to a service."""
    return await choose_account(browser, await browser.open(address))


async def ticket_of(browser: Browser) -> str:
    """Log in to My account with the password, and stop at the ticket."""
    page = await choose_account(browser, await browser.open("/account"))
    form = {"csrf": page.csrf, "user_name": "sanne88", "password": GOOD, "do": "sign-in"}
    return str((await browser.http.post(page.address, data=form)).headers["location"])


async def choose_account(browser: Browser, page: Page) -> Page:
    """Choose the account, where there is more than one means."""
    return page if page.title == AT_PASSWORD else await browser.send(page, means=CITIZEN_MEANS)


async def letters(town: Town) -> int:
    """Return how many letters there are that were not looked at yet, and look at them."""
    return len(await town.bureau.letters())


async def _asked(town: Town, browser: Browser) -> tuple[Page, str]:
    await browser.send(await browser.open("/account/forgotten"), **MINE)
    return await browser.open("/account/forgotten/letter"), await town.bureau.letter_code()


async def _opened(town: Town, browser: Browser) -> Page:
    page, code = await _asked(town, browser)
    return await browser.send(page, activation_code=code, **MINE)


async def _answered(house: House, browser: Browser) -> Any:  # noqa: ANN401
    return await browser.http.get(SAML.in_address(SAML.request(house)))
