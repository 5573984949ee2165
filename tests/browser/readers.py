"""Readers beside a browser: a card with its PIN at the issuer's table, a passport at the reader of documents.

What a page and a reader have in common are the letters that the page shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from demo.catalogue import CARD_MEANS
from demo.issued_cards import ISSUED
from demo.issued_papers import issued
from demo.places import Party
from tests.browser.visitor import Visitor
from tests.running_demo import RunningDemo

CARD_PAGE = "Inloggen met uw identiteitskaart of rijbewijs"
ACCEPTED = "Uw kaart is geaccepteerd"
REFUSED = "Uw kaart is niet geaccepteerd"


@contextmanager
def card_table(browser: Browser, demo: RunningDemo) -> Iterator[Page]:
    """Open the table with the cards and the reader, in a browser of its own."""
    page = browser.new_page(locale="nl-NL")
    page.goto(demo.places.url(Party.CARDS))
    try:
        yield page
    finally:
        page.context.close()


def card_of(persona: str) -> tuple[str, str]:
    """Return the number of somebody's card, and its PIN."""
    return next((number, pin) for whose, _, number, _, pin, _ in ISSUED if whose == persona)


def letters_on(visitor: Visitor) -> str:
    """Read the letters beside the QR code."""
    return visitor.page.locator(".qr-number").inner_text()


def put_on_the_reader(table: Page, letters: str, number: str, pin: str) -> str:
    """Hold a card to the reader for the letters of a page, and type a PIN; return what the reader says."""
    table.locator("[name=code]").fill(letters)
    table.locator("[name=card]").select_option(number)
    with table.expect_navigation():
        table.get_by_role("button", name="Verder").click()
    if table.get_by_role("button", name="Kaart lezen").is_visible():  # not for letters that are used up
        table.locator("[name=pin]").fill(pin)
        table.get_by_role("button", name="Kaart lezen").click()
    return table.locator("[role=status]").inner_text()


def with_own_card(visitor: Visitor, table: Page) -> None:
    """Log in with one's card, from the choice of a means or the page of cards."""
    if visitor.page.locator(f"button[name=means][value={CARD_MEANS}]").count():
        visitor.page.locator("[name=remember]").uncheck()
        visitor.use(visitor.page.locator(f"button[name=means][value={CARD_MEANS}]"))
    assert visitor.heading == CARD_PAGE
    visitor.press("start")
    assert "geaccepteerd" in put_on_the_reader(table, letters_on(visitor), *card_of(visitor.persona.id))
    visitor.headed(ACCEPTED)
    visitor.press("on")


@contextmanager
def at_the_reader(visitor: Visitor, whose: str) -> Iterator[Page]:
    """Type the letters of the page at the reader, and lay somebody's passport on it."""
    context = visitor.page.context.browser
    assert context is not None
    page = context.new_page(locale="nl-NL")
    page.goto(visitor.demo.places.url(Party.PAPERS))
    page.locator("[name=code]").fill(letters_on(visitor))
    number = next(each.number for each in issued() if each.persona == whose)
    page.locator("[name=paper]").select_option(number)
    page.get_by_role("button", name="Verder").click()
    assert "identiteitsbewijs controleren" in page.locator("main").inner_text()
    yield page
    page.get_by_role("button", name="Ja, lees het document").click()
    page.locator("[role=status]").wait_for()
    page.context.close()
