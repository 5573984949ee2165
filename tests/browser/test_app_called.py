"""A browser that knows an app calls it, in a real Chromium: the push arrives, and a number is typed.

The browser's own push service is far away, so its `subscribe` answers with a subscription at the push service
of the demo; what the hub pushes there is opened, and brought to the worker as Chromium would bring it.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from demo.app_push import Pushes
from demo.places import Party
from tests.browser.ground import CHROMIUM
from tests.browser.telephone import SCREEN, TELEPHONE, Telephone, with_app
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import add_app, arrive, choose_app, number_on
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

SERVICE = "Uitslagen bekijken"
_SUBSCRIBED = "told => { PushManager.prototype.subscribe = async () => ({ toJSON: () => told }); }"
DELIVERIES = 5
RECEIVED = 4  # times that the push service is asked, which each waits ten seconds
_NOTICES = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (const until = Date.now() + 10_000; Date.now() < until;) {
    const shown = await worker.getNotifications();
    if (shown.length) {
      shown.forEach(each => each.close());
      return shown.map(({ title, body }) => [title, body]);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return [];
}"""


def beside(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:  # noqa: ANN401 whatever the work returns
    """Do what awaits in a thread of its own: the browser's loop runs here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


@pytest.fixture
def profile(browser: Browser, app_demo: RunningDemo, tmp_path: Path) -> Iterator[BrowserContext]:
    """Open a telephone's browser that may show notices."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=list(CHROMIUM),
        viewport=TELEPHONE,
        locale="nl-NL",
    )
    context.grant_permissions(["notifications"], origin=app_demo.hub)
    yield context
    context.close()


@pytest.fixture
def device(profile: BrowserContext, app_demo: RunningDemo, seen: Seen) -> Telephone:
    found = with_app(profile, app_demo.hub)
    found.seen = seen
    return found


@pytest.fixture
def tess(browser: Browser, app_demo: RunningDemo, seen: Seen) -> Iterator[Visitor]:
    with at_a_browser(browser, app_demo, "tess", seen=seen) as visitor:
        yield visitor


def deliver(device: Telephone, told: dict[str, Any]) -> list[list[str]]:
    """Bring a message to the worker of the app; return the notices that it shows.

    A browser that is too busy to start the worker drops the message without a word, so it is brought again.
    """
    session = device.page.context.new_cdp_session(device.page)
    known: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    device.page.wait_for_function("() => navigator.serviceWorker.ready")
    registration = next(
        each for each in reversed(known) if each["scopeURL"].endswith("/app/") and not each["isDeleted"]
    )
    message = {
        "origin": device.hub,
        "registrationId": registration["registrationId"],
        "data": json.dumps(told),
    }
    shown: list[list[str]] = []
    for _ in range(DELIVERIES):
        session.send("ServiceWorker.deliverPushMessage", message)
        shown = device.page.evaluate(_NOTICES)
        if shown:
            break
    return shown


def let_browser_know(tess: Visitor, device: Telephone) -> None:
    """Log in at a service, and have the browser remember the app."""
    tess.page.context.clear_cookies()
    tess.open(Party.HOSPITAL, SERVICE)
    choose_app(tess)
    tess.press("other")
    tess.page.locator("[name=remember_app]").check()
    tess.fill(app_code=device.show_code())
    tess.press("code")
    device.type_number(number_on(tess), "confirm")
    device.press("yes", "pin")
    device.give_pin()
    device.press("ready", "start-active")
    arrive(tess)


def call(tess: Visitor) -> str:
    """Begin another login in the same browser, and call the app; return the number of the page."""
    kept = [each for each in tess.page.context.cookies() if each["name"].endswith(("-app", "-browser"))]
    tess.page.context.clear_cookies()
    tess.page.context.add_cookies(kept)  # type: ignore[arg-type]
    tess.open(Party.HOSPITAL, SERVICE)
    choose_app(tess)
    tess.press("call")
    return tess.page.locator(".page-number").inner_text()


def receive(pushes: Pushes, kind: str) -> dict[str, Any]:
    """Wait for a message of this kind; what is told besides may come before it, on a busy machine late."""
    told: dict[str, Any] = {}
    for _ in range(RECEIVED):
        told = beside(pushes.receive)
        if told.get("kind") == kind:
            break
    assert told == {"kind": kind}
    return told


def hear_by_push(tess: Visitor, device: Telephone, pushes: Pushes) -> None:
    """Choose to be told by the app; then change that choice, which is told as was chosen."""
    for change in ("[name=way_push]", "[name=logins]"):
        tess.go(f"{tess.demo.hub}/account/notices")
        tess.page.locator(change).set_checked(change == "[name=way_push]")
        if change == "[name=way_push]":
            tess.page.locator("[name=way_text]").uncheck()
        tess.press("set")
    told = receive(pushes, "account-news")
    assert deliver(device, told) == [["Er is nieuws over uw account", "Kijk in Mijn account wat het is."]]


@pytest.mark.requires("RFC8291-5", "ServiceWorkers")
def test_a_known_browser_calls_the_app_by_push_and_the_number_of_its_page_lets_it_in(
    device: Telephone, tess: Visitor, app_demo: RunningDemo
) -> None:
    pushes = Pushes()
    add_app(tess, device)
    device.press("ready", "start-active")
    key = device.page.locator("main").get_attribute("data-push-key") or ""
    service = app_demo.places.url(Party.PUSHSERVICE)
    device.page.evaluate(
        _SUBSCRIBED, beside(lambda: pushes.subscribe(service, key)) | {"keys": pushes.told()}
    )
    device.button("notices").click()
    device.page.get_by_text("U krijgt op dit apparaat een bericht als er een login wacht.").wait_for()
    device.look()

    hear_by_push(tess, device, pushes)

    let_browser_know(tess, device)
    number = call(tess)
    told = receive(pushes, "login-waits")
    assert deliver(device, told) == [
        ["Er wacht een login op u", "Bent u niet zelf begonnen met inloggen? Zeg dat dan in de app."]
    ]

    # Pressing the notice leads here; a wrong number first.
    device.page.goto(f"{app_demo.hub}/app/#waiting")
    device.arrive("called")
    assert device.page.url == f"{app_demo.hub}/app/"
    device.fill(page_number=f"{(int(number) + 1) % 1000:03d}")
    device.press("yes", "called")
    assert "Op de pagina staat een ander nummer." in device.text
    device.fill(page_number=number)
    device.press("yes", "confirm")
    assert SERVICE in device.text
    device.press("yes", "pin")
    pin = device.page.locator(f"{SCREEN} [name=pin]")
    assert (pin.get_attribute("type"), pin.evaluate("one => getComputedStyle(one).webkitTextSecurity")) == (
        "text",
        "disc",  # seen as dots, and nothing that a browser offers to keep
    )
    device.give_pin()
    arrive(tess)

    # One "no" ends it, and this browser calls no more.
    device.press("ready", "start-active")
    call(tess)
    device.press("waiting", "called")
    device.press("refuse", "refused")
    tess.page.get_by_role("heading", name="U hebt niet bevestigd in de app").wait_for()
    tess.press("again")
    assert tess.page.locator("button[value=call]").count() == 0
    device.press("ready", "start-active")
    device.press("waiting", "nothing-waits")
