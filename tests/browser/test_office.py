"""Two officers of the demo decide about a mandate, and the help desk looks why, in Chromium."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from demo.represented import edge_of, given
from tests.browser.ground import NARROW, WIDE, check_page
from tests.browser.visitor import KeyboardVisitor, Seen, Visitor, at_a_browser
from tests.conftest import NOON
from tests.running_demo import RunningDemo
from toegang.catalogue.representation import EdgeKind
from toegang.identity.numbers import Bsn
from toegang.mandates.edge import EdgeId
from toegang.mandates.party import PartyId

pytestmark = pytest.mark.timeout(300)

FIRST, SECOND = "olena", "maximiliaan"
OFFICE, EXPLAIN = "/cockpit/mandates", "/cockpit/explain"
SUHARTI, TRUUS = "999990056", "999991103"


def reference() -> EdgeId:
    """Return the reference of the mandate of Suharti to Sanne, as both see it on its page."""
    one = next(each for each in given() if each.kind is EdgeKind.VOLUNTARY)
    ids = {one.principal: PartyId(UUID(int=1)), one.agent: PartyId(UUID(int=2))}
    assert one.principal == Bsn.parse(SUHARTI)
    return edge_of(one, ids, NOON).id


def inside(visitor: Visitor, address: str) -> None:
    """Log in at a page of the cockpit, by the way that leads there."""
    visitor.go(visitor.demo.hub + address)
    visitor.log_in()
    if visitor.page.locator("button[name=do][value=confirm]").count():
        visitor.press("confirm")
    assert visitor.page.url.partition("?")[0] == visitor.demo.hub + address


def look(visitor: Visitor) -> None:
    inside(visitor, OFFICE)
    visitor.fill(office_reference=str(reference()))
    visitor.push("Deze machtiging bekijken")
    assert visitor.heading == "Een machtiging"


def readable(visitor: Visitor) -> None:
    """Have the page read by everybody, on a small screen, in both languages."""
    page, address = visitor.page, visitor.page.url.partition("?")[0]
    for language, size in product(("en", "nl"), (NARROW, WIDE)):
        page.set_viewport_size(size)
        page.goto(f"{address}?ui_locales={language}")
        check_page(page)


def test_what_one_officer_proposes_by_keyboard_another_declines_without_javascript(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with (
        at_a_browser(browser, running_demo, FIRST, KeyboardVisitor, seen=seen) as olena,
        at_a_browser(browser, running_demo, SECOND, script=False) as maximiliaan,
    ):
        assert isinstance(olena, KeyboardVisitor)
        look(olena)
        assert "Suharti" not in olena.text
        olena.pick("office_order", "void")
        olena.pick("office_cause", "court")
        olena.fill(office_decision="C/13/2027.41")
        olena.push("Dit doen")
        assert "Een collega moet ernaar kijken." in olena.text
        assert olena.page.locator("button[value=confirm]").count() == 0
        look(maximiliaan)
        assert "verklaar de machtiging ongeldig" in maximiliaan.text
        assert maximiliaan.page.locator("button[value=confirm]").count() == 1
        maximiliaan.press("decline")
        assert "Wat is voorgesteld" not in maximiliaan.text
        assert "geldig" in maximiliaan.text
        readable(olena)


def test_the_help_desk_is_told_why_in_words(browser: Browser, running_demo: RunningDemo) -> None:
    with at_a_browser(browser, running_demo, FIRST) as olena:
        inside(olena, EXPLAIN)
        readable(olena)
        olena.fill(explain_actor=SUHARTI, explain_principal=TRUUS, explain_words="belastingen regelen")
        olena.push("Kijk waarom")
        assert olena.heading == "Ja, dit mag"
        assert "door de wet, zoals een register meldt" in olena.text
        check_page(olena.page)
