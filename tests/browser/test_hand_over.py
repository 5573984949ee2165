"""A firm hands its clients over to another in a real Chromium: one client says yes, and another no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from demo.hand_over_story import CLIENT, FROM, PERSONA, SHOP, STAYS, STEWARD, TO
from demo.places import Party
from demo.represented import BALANS, FLOWERS
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo, demo_at

pytestmark = pytest.mark.timeout(400)

WAITS = "1 voorstel om klanten over te nemen wacht op antwoord."
PATIENCE = 30_000  # milliseconds: clients are asked beside logins, one after the other


@pytest.fixture(scope="module")
def firms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Run a demo apart: elsewhere Nadia forgets her password, and Sanne has her account blocked."""
    with demo_at(tmp_path_factory.mktemp("firms")) as running:
        yield running


def test_clients_are_handed_over_by_two_firms_and_each_answers(
    browser: Browser, firms: RunningDemo, seen: Seen
) -> None:
    with ExitStack() as open_:
        rosa, nadia, sanne, pieter = (
            open_.enter_context(at_a_browser(browser, firms, name, seen=seen))
            for name in (PERSONA, STEWARD, CLIENT, STAYS)
        )
        proposes(rosa)
        sees_that_it_waits_and_agrees(nadia)
        says_yes(sanne)
        says_no(pieter)
        acts_for_who_said_yes(nadia)
        still_acts_for_who_said_no(rosa, pieter)


def enters(visitor: Visitor) -> None:
    """Log in at the level that a change takes, and come to for whom somebody decides."""
    visitor.go(f"{visitor.demo.hub}/account/mandates/new")
    visitor.log_in()
    visitor.go(f"{visitor.demo.hub}/account/mandates/for")


def proposes(rosa: Visitor) -> None:
    enters(rosa)
    rosa.use(rosa.page.get_by_role("link", name=FROM))
    rosa.follow("Klanten overdragen aan een andere organisatie")
    rosa.fill(kvk=str(BALANS))
    rosa.push("Dit voorstellen")
    assert f"Voorgesteld aan {TO}" in rosa.text


def sees_that_it_waits_and_agrees(nadia: Visitor) -> None:
    """See it on My account, where people look first, and go from there."""
    enters(nadia)
    for page in ("/account/mandates", "/account"):
        nadia.go(f"{nadia.demo.hub}{page}")
        assert WAITS in nadia.text
    nadia.use(nadia.page.get_by_role("link", name=f"Antwoorden voor {TO}"))
    assert f"Voorgesteld door {FROM}" in nadia.text
    nadia.press("agree")
    assert f"Voorgesteld door {FROM}" not in nadia.text
    nadia.go(f"{nadia.demo.hub}/account")
    assert WAITS not in nadia.text


def says_yes(sanne: Visitor) -> None:
    enters(sanne)
    sanne.use(sanne.page.get_by_role("link", name=SHOP))
    is_asked(sanne)
    sanne.push("Ja, ik vind het goed")
    assert "geldig" in sanne.text


def says_no(pieter: Visitor) -> None:
    enters(pieter)
    pieter.go(f"{pieter.demo.hub}/account/mandates")
    is_asked(pieter)
    pieter.use(pieter.page.locator("form[action$='/end'] button").first)
    assert "afgewezen" in pieter.text


def is_asked(visitor: Visitor) -> None:
    """Look again until the question is there, and open it."""
    asked = visitor.page.get_by_role("link", name=TO)
    for _ in range(PATIENCE // 500):
        if asked.count():
            break
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
    visitor.use(asked.first)


def acts_for_who_said_yes(nadia: Visitor) -> None:
    nadia.page.context.clear_cookies()
    nadia.open(Party.MUNICIPALITY, "een klant van uw kantoor")
    nadia.log_in()
    nadia.fill(number_for=str(FLOWERS))
    nadia.press("for-number")
    nadia.press("confirm")
    banner = nadia.page.locator(".acting").inner_text()
    assert str(FLOWERS) in banner


def still_acts_for_who_said_no(rosa: Visitor, pieter: Visitor) -> None:
    rosa.page.context.clear_cookies()
    rosa.open(Party.MUNICIPALITY, "Belastingen regelen")
    rosa.log_in()
    rosa.use(rosa.page.get_by_role("button", name=pieter.persona.full_name))
    rosa.press("confirm")
    assert pieter.persona.bsn in rosa.page.locator(".acting").inner_text()
