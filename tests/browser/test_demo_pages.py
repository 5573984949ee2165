"""The pages of the demo's parties stand up to what people need of them, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.ground import (
    WIDE,
    check_by_axe,
    check_keyboard,
    check_language,
    check_large_text,
    check_reflow,
    check_targets,
)
from tests.browser.visitor import Seen, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

PAGES = (
    (Party.MUNICIPALITY, ""),
    (Party.HOSPITAL, ""),
    (Party.POPULATION, ""),
    (Party.POPULATION, "/authorities"),
    (Party.TELEPHONE, ""),
    (Party.TELEPHONE, "/telephones/31612345601"),
    (Party.LETTERBOX, ""),
    (Party.PUSHSERVICE, ""),
    (Party.PAPERS, ""),
    (Party.CARDS, ""),
    (Party.MAILBOX, ""),
    (Party.MAILBOX, "/mails/1"),
    (Party.LETTERBOX, "/letters/019a0000-0000-7000-8000-000000000001"),
)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_of_the_parties_can_be_used_by_everybody(
    browser: Browser, running_demo: RunningDemo, language: str
) -> None:
    context = browser.new_context(locale="nl-NL", viewport=WIDE, java_script_enabled=True)
    page = context.new_page()
    for party, path in PAGES:
        page.goto(f"{running_demo.places.url(party)}{path}?language={language}")
        assert page.locator("html").get_attribute("lang") == language
        for check in (check_language, check_by_axe, check_reflow, check_large_text, check_targets):
            check(page)
        check_keyboard(page)
    context.close()


def test_what_a_service_received_can_be_read_by_everybody_and_in_english(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "sanne", seen=seen) as sanne:
        sanne.open(Party.HOSPITAL, "Mijn De Linde")
        sanne.log_in(second_step=False)
        sanne.press("confirm")
        sanne.page.get_by_role("link", name="English").click()
        assert sanne.heading == "My De Linde"
        assert "What this website recognises you by" in sanne.text
        for check in (check_language, check_by_axe, check_reflow, check_large_text, check_targets):
            check(sanne.page)
        check_keyboard(sanne.page)
