"""O15: every state of the means, the account and the app, at every entry of every flow of an app.

Everything is prepared while all is well, then one thing is closed, then every entry is tried. Ending
(refusing a login, stopping an app, leaving a page) is refused in no state.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.app_device import Contact, Device, Refused, Session
from demo.app_push import Pushes
from tests.conftest import NOON
from tests.journeys.house import PERMIT, TOWN, service
from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import SANNE, registered
from tests.means.telephones import (
    APP,
    CALLED_PAGE,
    OTHER_PIN,
    PIN,
    Telephones,
    number_on,
    page_number_on,
    telephones_in,
    token_on,
)
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.catalogue.values import SingleSignOn, Validity
from toegang.means.app.values import AppId
from toegang.means.citizen.account import Act
from toegang.means.citizen.misuse import Report
from toegang.means.citizen.standing import withdrawn

PUSH_SERVICE = "https://push.example"
OVER = Validity(until=NOON - timedelta(hours=1))
SHARED = service(PERMIT, TOWN, Level.LOW, single_sign_on=SingleSignOn(allowed=True, max_age=3600))


@dataclass(slots=True, kw_only=True)
class Prepared:
    """What was begun while all was well: a login at each of its steps, and an activation at each of its."""

    phones: Telephones
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
    knowing: Browser
    called: Page


async def prepare(phones: Telephones) -> Prepared:
    town = phones.town
    inside = town.browser()
    device = await phones.add(inside)
    knowing = await phones.known(device)
    other = await phones.known(device)
    called = await phones.call(other)
    await put(town, SHARED)
    shared = town.browser()
    assert code_of(await phones.log_in(shared, device))
    keying = phones.device()
    adding = town.browser()
    key_session = await phones.scan(adding, await phones.to_new_app(adding), keying)
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
    return Prepared(
        phones=phones,
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
        knowing=knowing,
        called=called,
    )


async def contact(at: Prepared) -> bool:
    return bool((await at.new.open_contact()).code)


async def choose(at: Prepared) -> bool:
    page = await at.phones.to_login(at.phones.town.browser())
    return page.title == "Where is your app?"


async def scan(at: Prepared) -> bool:
    return bool((await at.new.scan(at.contact, number=at.number)).id)


async def confirm(at: Prepared) -> bool:
    browser, page = at.waiting_page
    await at.device.confirm(at.waiting, PIN)
    return bool(code_of(await browser.send(page, do="on")))


async def prove(at: Prepared) -> bool:
    browser, page = at.confirmed
    return bool(code_of(await browser.send(page, do="on")))


async def come_back(at: Prepared) -> bool:
    browser, address = at.back
    return bool(code_of(await browser.open(address)))


async def subscribe(at: Prepared) -> bool:
    await at.device.subscribe(**Pushes(endpoint=f"{PUSH_SERVICE}/send/1").told())
    return True


async def waits(at: Prepared) -> bool:
    return bool((await at.device.waiting()).id)


async def match(at: Prepared) -> bool:
    found = await at.device.match(await at.device.waiting(), page_number_on(at.called))
    return bool(found.details["service"])


async def call(at: Prepared) -> bool:
    return (await at.phones.call(at.knowing)).title == CALLED_PAGE


async def single_sign_on(at: Prepared) -> bool:
    return bool(code_of(await at.shared.open(TOWN_PARTY.url())))


async def add(at: Prepared) -> bool:
    page = await at.inside.open("/account/apps/new")
    return (await at.inside.send(page, do="begin")).title == "Where is your app?"


async def activate(at: Prepared) -> bool:
    device, session = at.keying
    return bool((await device.activate(session, OTHER_PIN))["status"] == "active")


ENTRIES: tuple[Callable[[Prepared], Awaitable[bool]], ...] = (
    contact,
    choose,
    scan,
    confirm,
    prove,
    come_back,
    subscribe,
    waits,
    match,
    call,
    single_sign_on,
    add,
    activate,
)


def admission(**changes: object) -> Callable[[Prepared], Awaitable[None]]:
    async def close(at: Prepared) -> None:
        await put(at.phones.town, replace(APP, **changes))  # type: ignore[arg-type]

    return close


def account(act: Act) -> Callable[[Prepared], Awaitable[None]]:
    async def close(at: Prepared) -> None:
        desk = at.phones.town.rooms.apps.meeting.desk.account
        kept = await at.phones.town.bureau.account()
        async with desk.units.begin() as unit:
            await desk.accounts.change(
                unit, kept.id, lambda held: withdrawn(held, act, at.phones.town.bureau.now)
            )

    return close


async def misuse(at: Prepared) -> None:
    kept = await at.phones.town.bureau.account()
    await at.phones.town.rooms.citizen.reporting.report(kept.id, Report(login=""), at.phones.town.bureau.now)


async def end(at: Prepared) -> None:
    kept = await at.phones.town.bureau.account()
    await at.phones.town.rooms.citizen.operating.end(kept.id, "operator", at.phones.town.bureau.now)


async def stop_app(at: Prepared) -> None:
    page = await at.inside.open("/account/apps")
    await at.inside.send(page, app=at.device.app)


async def block_app(at: Prepared) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            await at.device.confirm(at.waiting, OTHER_PIN)


MEANS = {each.__name__ for each in ENTRIES}
ACCOUNT = {"confirm", "prove", "come_back", "subscribe", "match", "call", "single_sign_on", "add", "activate"}
DEVICE = {"confirm", "prove", "come_back", "subscribe", "waits", "match", "call", "single_sign_on"}

# What is closed, how, and which entries it closes: an unproven contact says nothing of whose it is.
CLOSINGS: dict[str, tuple[Callable[[Prepared], Awaitable[None]], set[str]]] = {
    "means blocked": (admission(blocked=True), MEANS),
    "means disabled": (admission(enabled=False), MEANS),
    "means over": (admission(validity=OVER), MEANS),
    "ceiling lowered": (
        admission(ceiling=Level.BASIC),
        {"choose", "confirm", "prove", "come_back", "single_sign_on"},
    ),
    "account suspended": (account(Act.SUSPEND), ACCOUNT),
    "account locked": (account(Act.LOCK), ACCOUNT),
    "account blocked": (account(Act.BLOCK), ACCOUNT),
    "account ended": (end, ACCOUNT),
    "misuse reported": (misuse, ACCOUNT),
    "proofs withdrawn": (account(Act.RECOVER), {"prove", "come_back", "single_sign_on", "add", "activate"}),
    "app stopped": (stop_app, DEVICE),
    "app blocked": (block_app, DEVICE),
}


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def admitted(at: Prepared) -> set[str]:
    """Try every entry; return those that let somebody in."""
    found = set()
    for entry in ENTRIES:
        try:
            if await entry(at):
                found.add(entry.__name__)
        except Refused:
            continue
    return found


async def test_every_entry_admits_while_all_is_well(phones: Telephones) -> None:
    assert await admitted(await prepare(phones)) == {entry.__name__ for entry in ENTRIES}


@pytest.mark.parametrize("name", CLOSINGS)
async def test_every_entry_refuses_who_is_closed(phones: Telephones, name: str) -> None:
    close, closed = CLOSINGS[name]
    prepared = await prepare(phones)
    await close(prepared)
    assert await admitted(prepared) & closed == set()


async def test_the_app_of_somebody_who_died_proves_nothing_from_the_next_day_on(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    phones.town.bureau.later(days=1)
    phones.town.bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 3, 1))
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "account-held"
    assert (await phones.town.bureau.names_of_events()).count("account:hold-placed") == 1
    kept = await phones.town.rooms.apps.meeting.desk.apps.find(AppId(UUID(device.app)))
    assert kept is not None
    assert kept.status.value == "active"  # it works again when the register takes the death back


@pytest.mark.parametrize("name", CLOSINGS)
async def test_ending_is_refused_in_no_state(phones: Telephones, name: str) -> None:
    """An app refuses its login, and its person goes back to the service, whatever is closed."""
    close, _ = CLOSINGS[name]
    prepared = await prepare(phones)
    await close(prepared)
    await prepared.device.refuse(prepared.waiting, misuse=True)
    browser, page = prepared.confirmed
    left = await browser.send(page, do="stop")
    assert "error=" in left.address
    assert left.address.startswith("http://localhost:9000/callback")
