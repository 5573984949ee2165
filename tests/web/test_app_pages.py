"""The pages on which an app is met: they wait without costing, they are told, and they need no script."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, ExitStack

import pytest

from demo.app_device import Refused
from tests.means.telephones import CODE_PAGE, PIN, SCAN_PAGE, Telephones, number_on, telephones_in
from tests.web.citizens import Town
from tests.web.linked import code_of
from toegang.means.app.watching import ASKING, MOST, Watcher
from toegang.storage.apps import AppChanges


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def test_a_page_is_told_at_once_where_it_should_be(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page, _ = await phones.meet(browser, await phones.to_login(browser), device)
    told = await browser.http.get(f"{page.address}/state?stage=asked")
    assert told.json() == {"stage": "met"}
    assert told.headers["cache-control"] == "no-store"


async def test_a_waiting_page_is_woken_when_its_app_does_something(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page, contact = await phones.meet(browser, await phones.to_login(browser), device)
    watcher = phones.town.rooms.apps.meeting.desk.watcher
    asked = asyncio.create_task(browser.http.get(f"{page.address}/state?stage=met"))
    while not watcher.waiting:  # noqa: ASYNC110 nothing tells who waits
        await asyncio.sleep(0)
    await device.scan(contact, number=number_on(page))
    assert (await asked).json() == {"stage": "scanned"}
    assert watcher.waiting == 0


async def test_a_page_that_is_woken_asks_in_line_with_all_that_wait(phones: Telephones) -> None:
    """One look wakes all that another worker changed: they leave the other connections to logins."""
    browser, device = phones.town.browser(), phones.device()
    page, contact = await phones.meet(browser, await phones.to_login(browser), device)
    watcher = phones.town.rooms.apps.meeting.desk.watcher
    asked = asyncio.create_task(browser.http.get(f"{page.address}/state?stage=met"))
    while not watcher.waiting:  # noqa: ASYNC110 nothing tells who waits
        await asyncio.sleep(0)
    async with AsyncExitStack() as others:
        for _ in range(ASKING):
            await others.enter_async_context(watcher.asking)
        await device.scan(contact, number=number_on(page))
        _, late = await asyncio.wait({asked}, timeout=0.2)
        assert late
    assert (await asked).json() == {"stage": "scanned"}


async def test_a_page_at_another_worker_is_woken_within_a_look(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page, contact = await phones.meet(browser, await phones.to_login(browser), device)
    elsewhere = Watcher(AppChanges(phones.town.bureau.database), phones.town.bureau.clock)
    with elsewhere.listening(page.address.rpartition("/")[2]) as change:
        assert change is not None
        phones.town.bureau.later(seconds=5)
        await elsewhere.look()
        seen = [change.is_there]
        await device.scan(contact, number=number_on(page))
        seen.append(change.is_there)
        await elsewhere.look()
        assert [*seen, change.is_there] == [False, False, True]
    assert elsewhere.waiting == 0


async def test_a_page_that_cannot_be_held_is_told_at_once_and_asked_to_come_back(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page, _ = await phones.meet(browser, await phones.to_login(browser), device)
    watcher = phones.town.rooms.apps.meeting.desk.watcher
    with ExitStack() as others:
        for _ in range(MOST):
            others.enter_context(watcher.place())
        told = await browser.http.get(f"{page.address}/state?stage=met")
        assert (told.json(), told.headers["retry-after"]) == ({"stage": "met"}, "10")
        assert told.headers["connection"] == "close"
        assert watcher.waiting == MOST
    assert watcher.waiting == 0


async def test_nobody_else_is_told_how_a_login_stands(phones: Telephones) -> None:
    browser, other, device = phones.town.browser(), phones.town.browser(), phones.device()
    page, _ = await phones.meet(browser, await phones.to_login(browser), device)
    assert (await other.http.get(f"{page.address}/state")).status_code == 403
    assert (await other.open(page.address)).status == 403


async def test_the_whole_way_needs_no_script(phones: Telephones) -> None:
    """Every step is a form and its answer; the page says when it is too early to go on."""
    browser, device = phones.town.browser(), await phones.add(phones.town.browser())
    page = await phones.to_login(browser)
    assert page.title == "Where is your app?"
    page = await browser.send(page, do="other")
    assert page.title == CODE_PAGE
    contact = await device.open_contact()
    page = await browser.send(page, app_code=contact.code.lower() + " ", do="code")
    assert page.title == SCAN_PAGE
    assert (await browser.send(page, do="on")).title == SCAN_PAGE
    session = await device.scan(contact, number=number_on(page))
    page = await browser.send(page, do="on")
    assert page.title == "Go on in your app"
    await device.confirm(session, PIN)
    page = await browser.open(page.address)
    assert page.title == "You confirmed in your app"
    assert code_of(await browser.send(page, do="on"))


async def test_a_page_lets_its_script_ask_us_and_nobody_else(phones: Telephones) -> None:
    page = await phones.to_login(phones.town.browser())
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert "img-src 'self'" in policy


async def test_another_means_and_stopping_are_always_there(phones: Telephones) -> None:
    for do in ("other", "here"):
        browser = phones.town.browser()
        page = await browser.send(await phones.to_login(browser), do=do)
        assert (await browser.send(page, do="means")).title == "How do you want to log in?"
        page = await browser.send(await phones.to_login(browser), do=do)
        assert "error=access_denied" in (await browser.send(page, do="stop")).address


async def test_an_app_can_do_nothing_with_a_login_that_was_left(phones: Telephones) -> None:
    browser, device = phones.town.browser(), await phones.add(phones.town.browser())
    page, session = await phones.waiting(browser, device)
    await browser.send(page, do="means")
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "step-out-of-order"


async def test_coming_to_the_login_again_leads_to_the_page_as_it_was(phones: Telephones) -> None:
    browser, device = phones.town.browser(), await phones.add(phones.town.browser())
    page, session = await phones.waiting(browser, device)
    login = page.address.rpartition("/")[2]
    again = await browser.open(f"/login/{login}")
    assert (again.address, again.title) == (page.address, "Go on in your app")
    await device.confirm(session, PIN)
    assert code_of(await browser.send(again, do="on"))


async def test_who_refused_may_start_again(phones: Telephones) -> None:
    browser, device = phones.town.browser(), await phones.add(phones.town.browser())
    page, session = await phones.waiting(browser, device)
    await device.refuse(session)
    page = await browser.send(await browser.open(page.address), do="again")
    assert page.title == "Where is your app?"
    session = await phones.scan(browser, page, device)
    await device.confirm(session, PIN)
    assert code_of(await browser.send(await browser.open(page.address), do="on"))


@pytest.mark.parametrize(
    ("path", "body", "kind", "code"),
    [
        ("/contacts", b"{}", "text/plain", "malformed"),
        ("/contacts", b"[]", "application/json", "malformed"),
        ("/contacts", b'{"a":1,"a":2}', "application/json", "malformed"),
        ("/contacts", b"{" + b" " * 16_384 + b"}", "application/json", "too-large"),
        ("/scans", b"{}", "application/json", "malformed"),
        ("/scans", b'{"token":7}', "application/json", "malformed"),
        ("/scans", b'{"number":"0123456789"}', "application/json", "malformed"),
        ("/scans", b'{"token":"x","number":"1","contact":"y"}', "application/json", "malformed"),
        ("/scans", b'{"token":"AAAAAAAAAAAAAAAAAAAAAA"}', "application/json", "one-time-gone"),
        ("/logins/x/confirm", b'{"device":"a.b.c"}', "application/json", "malformed"),
        ("/logins/x/refuse", b'{"device":7}', "application/json", "malformed"),
        ("/activations/x/key", b'{"device_key":{}}', "application/json", "malformed"),
    ],
)
@pytest.mark.requires("RFC9457-3.1")
async def test_what_is_not_as_the_protocol_says_is_told_as_a_problem(
    phones: Telephones, path: str, body: bytes, kind: str, code: str
) -> None:
    http = phones.town.browser().http
    answer = await http.post(f"/app/v1{path}", content=body, headers={"content-type": kind})
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["code"], told["status"]) == (code, answer.status_code)
    assert told["type"] == f"urn:toegang:problem:{code}"
    assert set(told) == {"type", "title", "status", "code", "reference"}
    assert "set-cookie" not in answer.headers


async def test_where_the_app_is_not_admitted_nothing_can_be_begun(town: Town) -> None:
    answer = await town.browser().http.post("/app/v1/contacts", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "party-closed")
