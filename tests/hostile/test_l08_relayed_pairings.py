"""L08: a victim is made to confirm somebody else's login; what is stopped, and what is only made visible."""

from __future__ import annotations

import asyncio

import pytest

from demo.app_device import Contact, Device, Refused
from tests.means.telephones import (
    CODE_PAGE,
    PIN,
    SCAN_PAGE,
    Telephones,
    number_on,
    telephones_in,
    token_on,
)
from tests.web.citizens import Browser, Town
from tests.web.linked import code_of
from toegang.web.meeting import SHELL


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def refused(device: Device, contact: Contact | None, **scanned: str) -> str:
    """Return the code with which a scan was refused."""
    with pytest.raises(Refused) as found:
        await device.scan(contact, **scanned)
    return found.value.code


async def token_shown(phones: Telephones, browser: Browser, device: Device) -> tuple[str, Contact]:
    """Meet a page; return what its picture says, as whoever photographs it reads it."""
    page, contact = await phones.meet(browser, await phones.to_login(browser), device)
    assert page.title == SCAN_PAGE
    pairing = await phones.town.rooms.apps.meeting.desk.memory.pairings.find(
        page.address.rpartition("/")[2], phones.town.bureau.now
    )
    assert pairing is not None
    assert pairing.shown is not None
    return pairing.shown.token, contact


async def test_a_picture_of_the_code_is_worth_nothing_to_another_app(phones: Telephones) -> None:
    """QRLjacking: the attacker shows the victim the picture of the attacker's own login."""
    attacker, victim = phones.device(), await phones.add(phones.town.browser())
    token, own = await token_shown(phones, phones.town.browser(), attacker)
    assert await refused(victim, None, token=token) == "one-time-gone"
    assert await refused(victim, await victim.open_contact(), token=token) == "one-time-gone"
    # Nor did the victim spend it.
    assert (await attacker.scan(own, token=token)).kind == "login"


async def test_a_code_is_scanned_once_and_within_a_minute(phones: Telephones) -> None:
    device = phones.device()
    token, contact = await token_shown(phones, phones.town.browser(), device)
    await device.scan(contact, token=token)
    assert await refused(device, contact, token=token) == "one-time-gone"
    token, contact = await token_shown(phones, phones.town.browser(), device)
    phones.town.bureau.later(seconds=60)
    assert await refused(device, contact, token=token) == "one-time-gone"


async def test_a_new_code_ends_the_old_one(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page, contact = await phones.meet(browser, await phones.to_login(browser), device)
    old = number_on(page)
    page = await browser.send(page, do="renew")
    assert await refused(device, contact, number=old) == "one-time-gone"
    assert (await device.scan(contact, number=number_on(page))).kind == "login"


async def test_picture_and_number_are_one_use_together(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    token, contact = await token_shown(phones, browser, device)
    await device.scan(contact, token=token)
    assert await refused(device, await device.open_contact(), number="0000000000") == "one-time-gone"


async def test_five_wrong_numbers_end_a_contact(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page, contact = await phones.meet(browser, await phones.to_login(browser), device)
    right = number_on(page)
    for guess in range(5):
        assert await refused(device, contact, number=f"{guess:010d}") == "one-time-gone"
    assert await refused(device, contact, number=right) == "one-time-gone"


async def test_five_wrong_codes_end_a_pairing(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    contact = await device.open_contact()
    page = await browser.send(await phones.to_login(browser), do="other")
    for _ in range(4):
        page = await browser.send(page, app_code="BBBB" if contact.code != "BBBB" else "CCCC", do="code")
        assert page.title == CODE_PAGE
        assert "app_code" in page.wrong
    page = await browser.send(page, app_code="ZZZZ" if contact.code != "ZZZZ" else "XXXX", do="code")
    assert page.title == "You did not confirm in the app"
    page = await browser.send(page, app_code=contact.code, do="code")
    assert page.title != SCAN_PAGE


async def test_wrong_codes_typed_at_once_are_counted_one_by_one(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    contact = await device.open_contact()
    page = await browser.send(await phones.to_login(browser), do="other")
    wrong = "BBBB" if contact.code != "BBBB" else "CCCC"
    await asyncio.gather(*(browser.send(page, app_code=wrong, do="code") for _ in range(16)))
    page = await browser.send(page, app_code=contact.code, do="code")
    assert page.title != SCAN_PAGE


async def test_a_contact_meets_one_page(phones: Telephones) -> None:
    first, second, device = phones.town.browser(), phones.town.browser(), phones.device()
    _, contact = await phones.meet(first, await phones.to_login(first), device)
    page = await second.send(await phones.to_login(second), do="other")
    page = await second.send(page, app_code=contact.code, do="code")
    assert page.title == CODE_PAGE
    assert "app_code" in page.wrong


async def test_a_contact_is_over_after_five_minutes(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    contact = await device.open_contact()
    page = await browser.send(await phones.to_login(browser), do="other")
    phones.town.bureau.later(minutes=5)
    page = await browser.send(page, app_code=contact.code, do="code")
    assert page.title == CODE_PAGE


async def test_a_link_of_somebody_elses_login_proves_nothing_and_both_are_told(phones: Telephones) -> None:
    """The attacker mails the link of their own login; the victim opens it on their device, and confirms."""
    attacker, victim = phones.town.browser(), phones.town.browser()
    device = await phones.add(phones.town.browser())
    page = await attacker.send(await phones.to_login(attacker), do="here")
    session = await device.scan(token=token_on(page))
    back = await device.confirm(session, PIN)
    strayed = await victim.open(back)
    assert (strayed.status, code_of(strayed)) == (403, "")
    told = await attacker.open(page.address)
    assert told.title == "You did not confirm in the app"
    assert code_of(await attacker.open(back)) == ""
    assert code_of(await attacker.send(told, do="on")) == ""
    assert "login:authenticated" not in (await phones.town.bureau.names_of_events())[-4:]


async def test_the_browser_that_began_comes_back_once_and_within_a_minute(phones: Telephones) -> None:
    browser, device = phones.town.browser(), await phones.add(phones.town.browser())
    page = await browser.send(await phones.to_login(browser), do="here")
    back = await device.confirm(await device.scan(token=token_on(page)), PIN)
    phones.town.bureau.later(seconds=60)
    assert code_of(await browser.open(back)) == ""
    browser = phones.town.browser()
    page = await browser.send(await phones.to_login(browser), do="here")
    back = await device.confirm(await device.scan(token=token_on(page)), PIN)
    assert code_of(await browser.open(back))
    assert code_of(await browser.open(back)) == ""


async def test_on_the_same_device_a_page_that_only_waits_proves_nothing(phones: Telephones) -> None:
    browser, device = phones.town.browser(), await phones.add(phones.town.browser())
    page = await browser.send(await phones.to_login(browser), do="here")
    await device.confirm(await device.scan(token=token_on(page)), PIN)
    waiting = await browser.open(page.address)
    assert waiting.title == "Your app brings you back"
    assert code_of(await browser.send(waiting, do="on")) == ""


async def test_another_browser_takes_nothing_of_what_was_confirmed(phones: Telephones) -> None:
    browser, other = phones.town.browser(), phones.town.browser()
    device = await phones.add(phones.town.browser())
    page, session = await phones.waiting(browser, device)
    await device.confirm(session, PIN)
    await phones.to_login(other)
    csrf = phones.town.rooms.cookies.proof(other.http.cookies["toegang-browser"])
    taken = await other.send(page, csrf=csrf, do="on")
    assert (taken.status, code_of(taken)) == (403, "")
    assert (await other.open(page.address + "/state?stage=scanned")).status == 403
    assert code_of(await browser.send(page, do="on"))


async def test_a_relay_is_only_made_visible(phones: Telephones) -> None:
    """The attacker talks the victim through it. Nothing stops that; the app shows whose login it is."""
    attacker, victim = phones.town.browser(), await phones.add(phones.town.browser())
    attacker.http.headers["user-agent"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    page = await attacker.send(await phones.to_login(attacker), do="other")
    contact = await victim.open_contact()  # "read me the letters"
    page = await attacker.send(page, app_code=contact.code, do="code")
    session = await victim.scan(contact, number=number_on(page))  # "and type this"
    details = session.details
    assert details["browser"] == {"nl": "Firefox op Linux", "en": "Firefox on Linux"}
    assert details["place"] == {"nl": "netwerk 127.0.0.0/24", "en": "network 127.0.0.0/24"}
    assert set(details) == {"provider", "service", "level", "reference", "place", "browser", "at"}
    assert details["level"] == {"nl": "midden", "en": "medium"}
    # Refusing is as easy as confirming: one call, without a PIN; and it is told and recorded.
    await victim.refuse(session, misuse=True)
    told = await attacker.open(page.address)
    assert told.title == "You did not confirm in the app"
    assert code_of(await attacker.send(told, do="on")) == ""
    assert (await phones.town.bureau.names_of_events())[-1] == "app:login-refused"
    # Who confirms all the same lets the attacker in.
    page, session = await phones.waiting(attacker, victim)
    await victim.confirm(session, PIN)
    assert code_of(await attacker.send(page, do="on"))


async def test_what_is_shown_never_reaches_a_server_in_an_address(phones: Telephones) -> None:
    assert SHELL.endswith("#")
    browser = phones.town.browser()
    page = await browser.send(await phones.to_login(browser), do="here")
    assert token_on(page) not in page.address


async def test_one_network_opens_so_many_contacts(phones: Telephones) -> None:
    device = phones.device()
    most = phones.town.rooms.apps.meeting.desk.policy.contacts.most
    for _ in range(most):
        await device.open_contact()
    with pytest.raises(Refused) as found:
        await device.open_contact()
    assert (found.value.code, found.value.problem["status"]) == ("too-many-tries", 429)
