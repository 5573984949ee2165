"""Another PIN in the app, in a real Chromium: chosen with the one before, and used from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.telephone import PIN, Telephone, telephone, with_app
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import add_app, arrive, scan_for_login
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)
NEW_PIN = "86420"
WRONG_PIN = "31415"

WAITS_FOR_ITS_TURN = """async () => {
  for (let left = 100; left > 0; left -= 1) {
    if ((await navigator.locks.query()).pending.length > 0) return true;
    await new Promise(done => setTimeout(done, 50));
  }
  return false;
}"""


@pytest.fixture
def nadia(browser: Browser, app_demo: RunningDemo) -> Iterator[Visitor]:
    with at_a_browser(browser, app_demo, "nadia") as visitor:
        yield visitor


@pytest.fixture
def device(browser: Browser, app_demo: RunningDemo, seen: Seen, nadia: Visitor) -> Iterator[Telephone]:
    with telephone(browser, app_demo.hub, seen=seen) as opened:
        add_app(nadia, opened)
        opened.press("ready", "start-active")
        yield opened
        opened.open()
        opened.press_in_details("remove", "remove")
        opened.press("remove", "start-new")  # others find an account without an app
        assert opened.problems == []


def test_who_changes_the_pin_logs_in_with_the_new_one(device: Telephone, nadia: Visitor) -> None:
    device.press_in_details("change", "old-pin")
    device.give_old_pin(WRONG_PIN)
    device.choose_pin(PIN, "old-pin")  # the hub found the first one wrong
    assert "4" in device.tries_left
    device.give_old_pin(PIN)  # which is the PIN that was chosen: choose another
    assert "Dit is de pincode die u nu hebt." in device.text
    device.choose_pin(PIN, "new-pin")
    assert "Dit is de pincode die u nu hebt." in device.text
    device.choose_pin(NEW_PIN, "pin-changed")
    device.press("ready", "start-active")
    scan_for_login(nadia, device)
    device.press("yes", "pin")
    device.give_pin(PIN, "pin")
    device.give_pin(NEW_PIN)
    arrive(nadia)


def gone(route: Route) -> None:
    route.abort()


def broken_off(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body='{"turn": "')


def uncertain(route: Route) -> None:
    """As where the hub's database did not say whether it kept the change."""
    route.fulfill(status=503, content_type="application/problem+json", body='{"code": "unavailable"}')


def sent_twice(route: Route) -> None:
    """As where a browser or proxy whose connection broke sends again what the hub took already."""
    route.continue_()


@pytest.mark.parametrize("answer", [gone, broken_off, uncertain, sent_twice])
def test_a_change_whose_answer_got_lost_says_which_pin_to_try(
    device: Telephone, nadia: Visitor, answer: Callable[[Route], None]
) -> None:
    def lost(route: Route) -> None:
        route.fetch()
        answer(route)

    device.page.route("**/challenges/*/pin", lost)
    device.press_in_details("change", "old-pin")
    device.give_old_pin()
    device.choose_pin(NEW_PIN, "trouble")
    assert "Probeer eerst uw nieuwe pincode." in device.text
    device.page.unroute("**/challenges/*/pin")
    device.press("ready", "start-active")
    scan_for_login(nadia, device)
    device.press("yes", "pin")
    device.give_pin(NEW_PIN)
    arrive(nadia)


def test_who_stops_half_way_keeps_the_pin(device: Telephone, nadia: Visitor) -> None:
    device.press_in_details("change", "old-pin")
    device.give_old_pin()
    device.press("stop", "start-active")
    scan_for_login(nadia, device)
    device.press("yes", "pin")
    device.give_pin(PIN)
    arrive(nadia)


def test_a_pin_that_was_typed_on_a_screen_that_was_left_is_forgotten(device: Telephone) -> None:
    device.press_in_details("change", "old-pin")
    device.fill(old_pin=PIN)
    device.page.go_back()
    device.arrive("start-active")
    assert device.page.locator("[name=old_pin]").input_value() == ""


@pytest.mark.parametrize("changing", [True, False], ids=["changing", "logging in"])
def test_an_app_that_was_removed_in_another_tab_leads_to_the_start(
    browser: Browser, app_demo: RunningDemo, nadia: Visitor, *, changing: bool
) -> None:
    with telephone(browser, app_demo.hub) as device:
        add_app(nadia, device)
        device.press("ready", "start-active")
        if changing:
            device.press_in_details("change", "old-pin")
            device.give_old_pin()
        else:
            scan_for_login(nadia, device)
            device.press("yes", "pin")
        other = with_app(device.page.context, app_demo.hub)
        other.open()
        other.press_in_details("remove", "remove")
        other.press("remove", "start-new")
        if changing:
            device.choose_pin(NEW_PIN, "start-new")
        else:
            device.give_pin(PIN, "start-new")
        assert device.problems == []


def test_who_removes_the_app_while_another_tab_changes_its_pin_keeps_nothing(
    browser: Browser, app_demo: RunningDemo, nadia: Visitor
) -> None:
    """The tab whose answer comes last would otherwise keep the keys again that were just removed."""
    with telephone(browser, app_demo.hub) as device:
        add_app(nadia, device)
        device.press("ready", "start-active")
        other = with_app(device.page.context, app_demo.hub)
        other.open()
        other.press_in_details("remove", "remove")
        device.press_in_details("change", "old-pin")
        device.give_old_pin()
        device.fill(new_pin=NEW_PIN, new_pin_again=NEW_PIN)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        device.page.route("**/challenges/*/pin", hold)
        with device.page.expect_request("**/challenges/*/pin"):
            device.button("choose").click()
        other.button("remove").click()
        assert other.page.evaluate(WAITS_FOR_ITS_TURN)
        held[0].continue_()
        device.arrive("pin-changed")
        other.arrive("start-new")
        device.press("ready", "start-new")
        assert device.problems == []
