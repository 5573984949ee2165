"""Every page, in both languages, stands up to what people need of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.ground import (
    WIDE,
    check_by_axe,
    check_language,
    check_large_text,
    check_page,
    check_reflow,
    check_small_by_axe,
    check_without_script,
)
from tests.browser.preview import FORMS_OF_PAGES, HOUSE, Preview
from tests.web.samples import SAMPLES, WITH_ERRORS

NEED_SCRIPT = {"app/shell", "passkey/log_in", "account/passkey_new"}
"""An app and a passkey sign, which no page does without a script; other means are there for everybody."""
TO_SAVE = "account/data_file"  # a file, not a page of the website: it has no language link


@pytest.fixture(scope="module")
def preview() -> Preview:
    return Preview()


@pytest.fixture(scope="module")
def window(browser: Browser, preview: Preview) -> Iterator[Page]:
    """Open one window for all pages here: none of them keeps anything in it."""
    with a_window(browser, preview) as opened:
        yield opened


@pytest.fixture(scope="module")
def bare(browser: Browser, preview: Preview) -> Iterator[Page]:
    """Open a window without JavaScript."""
    with a_window(browser, preview, script=False) as opened:
        yield opened


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    # A test before this one may have failed while it had the window small, or in colours of its own.
    window.set_viewport_size(WIDE)
    window.emulate_media(forced_colors="none", reduced_motion="no-preference")
    with nothing_wrong(window):
        yield window


@contextmanager
def a_window(browser: Browser, preview: Preview, *, script: bool = True) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=script, viewport=WIDE)
    preview.attach(context)
    # The form that goes by itself would leave the page before anybody looked at it.
    context.route("**/send-form*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    # The page that asks how its app is doing has nobody to ask here.
    context.route("**/pairing.*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    # Nor has the page that asks whether this browser has a passkey.
    context.route("**/passkey.*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    yield context.new_page()
    context.close()


@contextmanager
def nothing_wrong(page: Page) -> Iterator[None]:
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        problems.append(message.text)

    page.on("console", heard)
    yield
    page.remove_listener("console", heard)
    assert problems == []


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.requires("WCAG22-2.1.1")
def test_a_page_can_be_used_by_everybody_and_reads_the_same_without_javascript(
    page: Page, bare: Page, name: str
) -> None:
    page.goto(f"{HOUSE}/{name}?ui_locales=nl")
    if name != TO_SAVE:
        check_page(page)
        check_small_by_axe(page)
    if name not in NEED_SCRIPT:
        check_without_script(page, bare)


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.requires("WCAG22-1.4.10")
def test_a_page_in_english_has_no_fault_and_fits_small_screens_and_large_text(page: Page, name: str) -> None:
    page.goto(f"{HOUSE}/{name}?ui_locales=en")
    if name != TO_SAVE:
        check_language(page)
    check_by_axe(page)
    check_small_by_axe(page)
    check_reflow(page)
    check_large_text(page)


@pytest.mark.parametrize("number", range(len(FORMS_OF_PAGES)), ids=lambda number: FORMS_OF_PAGES[number][0])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_another_form_of_a_page_has_no_fault_and_fits_small_screens(
    page: Page, number: int, language: str
) -> None:
    page.goto(f"{HOUSE}/{FORMS_OF_PAGES[number][0]}?ui_locales={language}&form={number}")
    check_by_axe(page)
    check_small_by_axe(page)
    check_reflow(page)


@pytest.mark.parametrize("name", sorted(WITH_ERRORS))
@pytest.mark.requires("WCAG22-3.3.1")
def test_a_page_with_errors_can_be_used_by_everybody(page: Page, name: str) -> None:
    page.goto(f"{HOUSE}/{name}?ui_locales=nl&wrong=yes")
    check_page(page)


def test_an_error_in_the_summary_leads_to_its_field(page: Page) -> None:
    page.goto(f"{HOUSE}/citizen/apply_person?ui_locales=nl&wrong=yes")
    page.locator("#errors a").first.click()
    assert page.evaluate("() => document.activeElement.id") == "bsn"


@pytest.mark.requires("WCAG22-2.4.1")
def test_the_first_tab_leads_past_the_header(page: Page) -> None:
    page.goto(f"{HOUSE}/citizen/sign_in?ui_locales=nl")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_enter_in_a_field_logs_in_and_does_not_leave(page: Page) -> None:
    page.goto(f"{HOUSE}/citizen/sign_in?ui_locales=nl")
    page.locator("#user_name").fill("sanne")
    with page.expect_request("**/citizen/sign_in*") as sent:
        page.keyboard.press("Enter")
    assert "do=sign-in" in (sent.value.post_data or "")


@pytest.mark.requires("WCAG22-2.2.1")
def test_the_page_warns_before_its_time_is_over(browser: Browser, preview: Preview) -> None:
    with a_window(browser, preview) as page, nothing_wrong(page):  # its clock is not for others
        page.clock.install()
        page.goto(f"{HOUSE}/citizen/phone?ui_locales=nl")
        page.clock.run_for(12 * 60 * 1000)
        assert not page.locator("#time-warning").is_visible()
        page.clock.run_for(45 * 1000)
        assert page.locator("#time-warning").is_visible()
        page.clock.run_for(3 * 60 * 1000)
        assert page.locator("#time-over").is_visible()
        assert not page.locator("#time-warning").is_visible()
