"""Another PIN in the app, in a real Chromium: chosen with the one before, and used from then on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.telephone import PIN, Telephone, telephone
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import add_app, arrive, scan_for_login
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)
NEW_PIN = "86420"
WRONG_PIN = "31415"


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
    device.choose_pin(PIN, "new-pin")
    assert "Dit is de pincode die u nu hebt." in device.text
    device.choose_pin(NEW_PIN, "pin-changed")
    device.press("ready", "start-active")
    scan_for_login(nadia, device)
    device.press("yes", "pin")
    device.give_pin(PIN, "pin")
    device.give_pin(NEW_PIN)
    arrive(nadia)


def test_a_change_whose_answer_got_lost_says_which_pin_to_try_and_either_goes_on(
    device: Telephone, nadia: Visitor
) -> None:
    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

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
