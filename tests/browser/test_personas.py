"""Everybody of the demo who acts for somebody does so in a real Chromium, and the service shows for whom."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from demo.acting import ACTS, CARE, THEMSELVES, Act, Where
from demo.words import GROUNDS
from tests.browser.ground import (
    check_by_axe,
    check_keyboard,
    check_language,
    check_large_text,
    check_reflow,
    check_targets,
)
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(600)  # thirteen logins, and the demo's start where this comes first

FOR_WHOM, CONFIRM = "Voor wie logt u in?", "Wilt u inloggen?"
NOT_FOR_CARE = {"sanne": ("Milan Visser", "Fleur Visser"), "suharti": ("Truus Meijer",)}
"""Whom care is not arranged for: of 12 and older, and who has an administrator for their goods alone."""


def test_everybody_who_acts_for_another_does_so_and_the_service_shows_for_whom(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, ACTS[0].persona, seen=seen) as visitor:
        for act in ACTS:
            acts(visitor, act)
        in_english(visitor, ACTS[-1])
        for name, where in THEMSELVES:
            goes(visitor, name, where)
            assert visitor.heading == CONFIRM, "a child is asked nothing"
            visitor.press("confirm")
            assert visitor.heading == where[1].name.nl
            assert visitor.page.locator(".acting").count() == 0


def goes(visitor: Visitor, name: str, where: Where, called: str = "") -> None:
    """Come to a service as somebody else, in the same window, by another button when it is called."""
    registration, offer = where
    visitor.persona = visitor.demo.persona(name)
    visitor.page.context.clear_cookies()
    visitor.open(registration.party, called or offer.name.nl)
    visitor.log_in()


def acts(visitor: Visitor, act: Act) -> None:
    further = act.where[1].further
    goes(visitor, act.persona, act.where, further.whose.nl if act.number and further else "")
    assert visitor.heading == FOR_WHOM
    for name in NOT_FOR_CARE.get(act.persona, ()) if act.where == CARE else ():
        assert visitor.page.get_by_role("button", name=name).count() == 0
    if act.number:
        visitor.fill(number_for=act.number)
        visitor.press("for-number")
    else:
        visitor.use(visitor.page.get_by_role("button", name=act.whom))
    assert f"U logt in voor: {act.whom}" in visitor.text
    visitor.press("confirm")
    assert visitor.heading == act.where[1].name.nl
    banner = visitor.page.locator(".acting").inner_text()
    assert banner.startswith("U handelt voor iemand anders.")
    assert banner.endswith(f"Grond: {', '.join(GROUNDS[each].nl for each in act.grounds)}.")
    if act.number:
        assert act.number in banner
        # The button asked for nobody but who acts for a client (RFC9396), and the page shows what came of it.
        assert "Gekregen (authorization_details)" in visitor.text
        for check in (check_by_axe, check_reflow, check_large_text, check_targets):
            check(visitor.page)


def in_english(visitor: Visitor, act: Act) -> None:
    """Read the page of who acts in English; everybody can use it."""
    visitor.page.get_by_role("link", name="English").click()
    assert visitor.heading == act.where[1].name.en
    banner = visitor.page.locator(".acting").inner_text()
    assert banner.startswith("You act for someone else.")
    assert banner.endswith(f"Ground: {', '.join(GROUNDS[each].en for each in act.grounds)}.")
    for check in (check_language, check_by_axe, check_reflow, check_large_text, check_targets):
        check(visitor.page)
    check_keyboard(visitor.page)
