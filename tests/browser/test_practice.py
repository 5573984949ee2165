"""Practising with the app: every screen of it, and nobody's account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.preview import HOUSE, Preview
from tests.browser.telephone import SCREEN, TELEPHONE, Telephone, check_screen
from toegang.web.app import PRACTICE

BAR = {
    "nl": "U oefent. Niets is hier echt, en er wordt niets bewaard.",
    "en": "You are practising. Nothing here is real, and nothing is kept.",
}
PIN = "27018"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=TELEPHONE)
    Preview().attach(opened)
    yield opened
    opened.close()


def practising(context: BrowserContext, language: str) -> Telephone:
    phone = Telephone(HOUSE, context.new_page())
    phone.page.goto(f"{HOUSE}{PRACTICE}?ui_locales={language}")
    phone.arrive("start-new")
    return phone


def look(phone: Telephone, language: str) -> None:
    """See that the bar stands above the screen, and that the screen stands up to what people need of it."""
    assert BAR[language] in phone.page.locator("header").inner_text()
    check_screen(phone.page)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_somebody_adds_the_app_and_logs_in_for_practice_and_nothing_is_asked_or_kept(
    context: BrowserContext, language: str
) -> None:
    phone = practising(context, language)
    look(phone, language)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.press("contact", "code")
    look(phone, language)
    phone.press("scan", "number")
    phone.fill(number="12345")
    phone.press("number", "number")
    assert phone.page.locator("#number[aria-invalid=true]").count() == 1
    phone.fill(number="12 3456 7890")
    phone.press("number", "link")
    look(phone, language)
    phone.press("yes", "new-pin")
    phone.choose_pin("12345", "new-pin")
    phone.choose_pin(PIN)
    phone.press("ready", "start-active")
    phone.press("waiting", "called")
    phone.fill(page_number="123")
    phone.press("yes", "confirm")
    look(phone, language)
    phone.press("yes", "pin")
    phone.give_pin("70182", "pin")
    assert "4" in phone.tries_left
    phone.give_pin(PIN)
    phone.press("ready", "start-active")
    phone.press_in_details("change", "old-pin")
    look(phone, language)
    phone.give_old_pin("70182", "old-pin")
    phone.give_old_pin(PIN)
    phone.choose_pin(PIN, "new-pin")
    phone.choose_pin("70182", "pin-changed")
    look(phone, language)
    phone.press("ready", "start-active")
    assert asked == []
    assert phone.page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert phone.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    phone.page.reload()
    phone.arrive("start-new")


def test_refusing_blocking_and_going_back_are_practised_too(context: BrowserContext) -> None:
    phone = practising(context, "en")
    phone.press("desk", "desk")
    phone.fill(desk_code="BCDF-GHJK-MNPQ")
    phone.press("desk", "link")
    phone.press("refuse", "refused")
    phone.press("ready", "start-new")
    phone.press("contact", "code")
    phone.page.go_back()
    phone.arrive("start-new")
    phone.press("desk", "desk")
    phone.press("desk", "link")
    phone.press("yes", "new-pin")
    phone.choose_pin(PIN)
    phone.press("ready", "start-active")
    phone.press("waiting", "called")
    phone.fill(page_number="123")
    phone.press("yes", "confirm")
    phone.press("yes", "pin")
    for _ in range(4):
        phone.give_pin("70182", "pin")
    phone.give_pin("70182", "start-blocked")
    look(phone, "en")
    phone.press("contact", "code")
    assert phone.page.locator(f"{SCREEN} [data-slot=code]").inner_text() == "BDFG"
