"""Somebody logs in with a driving licence at level high, in a real Chromium; pages are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.issued_cards import ISSUED
from demo.places import Party
from tests.browser.visitor import at_a_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.visitor import Seen, Visitor
    from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

RECORD = "Uw hele dossier"  # asks level high, which cards alone reach
PERSONA = "maximiliaan"
WRONG_PIN = "000000"


@pytest.fixture
def table(browser: Browser, running_demo: RunningDemo) -> Iterator[Page]:
    """Open the table with the cards and the reader, in a browser of its own."""
    page = browser.new_page(locale="nl-NL")
    page.goto(running_demo.places.url(Party.CARDS))
    yield page
    page.context.close()


def put_on_the_reader(table: Page, letters: str, number: str, pin: str) -> str:
    """Hold a card to the reader for the letters of a page, and type a PIN; return what the reader says."""
    table.locator("[name=code]").fill(letters)
    table.locator("[name=card]").select_option(number)
    table.get_by_role("button", name="Verder").click()
    if table.get_by_role("button", name="Kaart lezen").is_visible():
        table.locator("[name=pin]").fill(pin)
        table.get_by_role("button", name="Kaart lezen").click()
    return table.locator("[role=status]").inner_text()


def letters_on(visitor: Visitor) -> str:
    """Read the letters beside the QR code."""
    return visitor.page.locator(".qr-number").inner_text()


def headed(visitor: Visitor, heading: str) -> None:
    """Wait until the page has gone on by itself, and look at it."""
    visitor.page.get_by_role("heading", name=heading).wait_for()
    visitor.look()


def test_a_driving_licence_logs_in_at_level_high_after_a_wrong_pin(
    browser: Browser, running_demo: RunningDemo, table: Page, seen: Seen
) -> None:
    number, pin = next((number, pin) for whose, _, number, _, pin, _ in ISSUED if whose == PERSONA)
    with at_a_browser(browser, running_demo, PERSONA, seen=seen) as visitor:
        visitor.open(Party.HOSPITAL, RECORD)
        assert visitor.heading == "Inloggen met uw identiteitskaart of rijbewijs"
        assert "hoog" in visitor.text
        visitor.press("start")
        used = letters_on(visitor)

        # The card counts the wrong PIN; the reader tells, and the page has not become a login.
        assert "Pogingen over: 2" in put_on_the_reader(table, used, number, WRONG_PIN)
        headed(visitor, "Uw kaart is niet geaccepteerd")
        assert "Was uw pincode fout?" in visitor.text
        assert visitor.page.locator("button[value=on]").count() == 0
        visitor.press("start")

        # The letters of before are used up, also for who has the right card and PIN.
        letters = letters_on(visitor)
        assert letters != used
        assert "Deze code werkt niet" in put_on_the_reader(table, used, number, pin)
        assert "geaccepteerd" in put_on_the_reader(table, letters, number, pin)
        headed(visitor, "Uw kaart is geaccepteerd")
        visitor.press("on")
        visitor.press("confirm")
        assert visitor.heading == RECORD
        assert "niveau hoog" in visitor.text

        # No session of the hub answers in the place of the card: it is asked at each login anew.
        visitor.page.context.clear_cookies(name=f"demo-{Party.HOSPITAL}")
        visitor.open(Party.HOSPITAL, RECORD)
        assert visitor.heading == "Inloggen met uw identiteitskaart of rijbewijs"
