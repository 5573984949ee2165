"""Somebody with a password only is invited to the app on the way to a service, in a real Chromium."""

from __future__ import annotations

from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.visitor import KeyboardVisitor, Seen, at_a_browser
from tests.running_demo import RunningDemo

SERVICE = "Mijn De Linde"
INVITED = "Log voortaan in met de app"


def test_an_invitation_is_passed_by_taken_up_and_come_back_from(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    """By keyboard: take the step up, come back to the service, and be left in peace."""
    with at_a_browser(browser, running_demo, "ahmet", KeyboardVisitor, seen=seen) as ahmet:
        ahmet.open(Party.HOSPITAL, SERVICE)
        ahmet.log_in(second_step=False)
        ahmet.press("confirm")
        assert ahmet.heading == INVITED
        buttons = ahmet.page.locator("main button[name=do]")
        assert buttons.first.inner_text() == f"Verder naar {SERVICE}"
        login = ahmet.page.url
        ahmet.press("start-step")
        ahmet.log_in(second_step=False)
        assert ahmet.page.url.endswith("/account/apps/new")
        ahmet.follow("Verder met inloggen")
        assert ahmet.page.url == login
        assert ahmet.heading == f"Verder naar {SERVICE}"
        ahmet.press("go-on")
        assert ahmet.heading == SERVICE

        ahmet.page.context.clear_cookies()
        ahmet.open(Party.HOSPITAL, SERVICE)
        ahmet.log_in(second_step=False)
        ahmet.press("confirm")
        assert ahmet.heading == SERVICE
