"""Somebody has their passport checked on the way to a service, in a real Chromium; pages are looked at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from demo.issued_papers import issued
from demo.places import Party
from tests.browser.telephone import telephone
from tests.browser.visitor import at_a_browser
from tests.browser.with_the_app import ADDED, add_app, choose_app, meet, number_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.telephone import Telephone
    from tests.browser.visitor import Seen, Visitor
    from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

MOVING = "Verhuizing doorgeven"  # asks level substantial
PERSONA = "pieter"


@contextmanager
def at_the_reader(visitor: Visitor, whose: str) -> Iterator[Page]:
    """Type the letters of the page at the reader, and lay somebody's passport on it."""
    letters = visitor.page.locator(".qr-number").inner_text()
    context = visitor.page.context.browser
    assert context is not None
    page = context.new_page(locale="nl-NL")
    page.goto(visitor.demo.places.url(Party.PAPERS))
    page.locator("[name=code]").fill(letters)
    number = next(each.number for each in issued() if each.persona == whose)
    page.locator("[name=paper]").select_option(number)
    page.get_by_role("button", name="Verder").click()
    assert "identiteitsbewijs controleren" in page.locator("main").inner_text()
    yield page
    page.get_by_role("button", name="Ja, lees het document").click()
    page.locator("[role=status]").wait_for()
    page.context.close()


def confirm(visitor: Visitor, device: Telephone) -> None:
    """Confirm a login of the visitor in the app; its page then goes on by itself."""
    meet(visitor, device)
    device.type_number(number_on(visitor), "confirm")
    device.press("yes", "pin")
    device.give_pin()
    device.press("ready", "start-active")


def headed(visitor: Visitor, heading: str) -> None:
    """Wait until the page has gone on by itself, and look at it."""
    visitor.page.get_by_role("heading", name=heading).wait_for()
    visitor.look()


def test_a_passport_is_checked_on_the_way_and_the_check_is_undone_in_my_account(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with (
        telephone(browser, app_demo.hub) as lent,
        at_a_browser(browser, app_demo, PERSONA, seen=seen) as visitor,
    ):
        add_app(visitor, lent)
        visitor.page.get_by_role("heading", name=ADDED).wait_for()
        lent.press("ready", "start-active")

        visitor.page.context.clear_cookies()
        visitor.open(Party.MUNICIPALITY, MOVING)
        if visitor.page.locator("[name=remember]").count():  # where another means reaches that far too
            choose_app(visitor)
        confirm(visitor, lent)
        headed(visitor, "Laat eerst uw identiteitsbewijs controleren")
        visitor.press("check")

        # Somebody else's passport: both are told, and neither why.
        with at_the_reader(visitor, "sanne"):
            headed(visitor, "Ga verder met de lezer")
        headed(visitor, "De controle is niet gelukt")
        assert "Is het uw eigen document" in visitor.text
        visitor.press("again")
        visitor.press("on")
        visitor.press("check")

        with at_the_reader(visitor, PERSONA):
            headed(visitor, "Ga verder met de lezer")
        headed(visitor, "Uw identiteitsbewijs is gecontroleerd")
        visitor.press("on")
        visitor.press("confirm")
        assert visitor.heading == MOVING
        assert "substantieel" in visitor.text

        visitor.go(f"{app_demo.hub}/reader/#BCDFGHJK")
        assert visitor.heading == "Hiervoor hebt u de lezer nodig"

        visitor.page.context.clear_cookies()
        visitor.go(f"{app_demo.hub}/account/apps/check")
        confirm(visitor, lent)
        headed(visitor, "Uw identiteitsbewijs laten controleren")
        visitor.go(f"{app_demo.hub}/account/apps")
        assert "niveau substantieel" in visitor.text
        visitor.page.locator("button[formaction='/account/apps/lower']").click()
        # What the app proved at that level counts no more, here neither.
        headed(visitor, "Hoe wilt u inloggen?")
