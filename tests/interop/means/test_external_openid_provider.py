"""nanoidp, unchanged, is a login means: without a browser, and in Chromium up to a link that people undo."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest
from playwright.sync_api import Browser

from demo.catalogue import CITIZEN_MEANS
from demo.places import Party
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.interop.means.conftest import MEANS, Bank

pytestmark = pytest.mark.timeout(240)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    assert found, page
    return found[1]


@pytest.mark.requires("OIDCC-3.1.3", "RFC7636-4.3", "RFC9207-2.4")
def test_a_customer_of_nanoidp_logs_in_by_plain_http_calls(bank: Bank) -> None:
    with httpx2.Client(follow_redirects=True, timeout=20) as person:
        hospital = person.get(bank.demo.places.url(Party.HOSPITAL)).text
        begin = re.search(r'href="([^"]*login[^"]*)"', hospital)
        assert begin, hospital
        choice = person.get(bank.demo.places.url(Party.HOSPITAL) + unescape(begin[1]))
        at_bank = person.post(str(choice.url), data={"csrf": csrf(choice.text), "means": MEANS})
        assert str(at_bank.url).startswith(bank.url)
        page = person.post(str(at_bank.url), data={"username": "sanne", "password": "sanne"})
        assert str(page.url).startswith(bank.demo.hub), page.text
        assert "Bankmiddel" in page.text
        done = person.post(str(page.url), data={"csrf": csrf(page.text), "do": "confirm"})
        assert str(done.url).startswith(bank.demo.places.url(Party.HOSPITAL)), done.text


def log_in_at_bank(visitor: Visitor, name: str) -> None:
    """Fill in the bank's own page."""
    visitor.page.locator("[name=username]").fill(name)
    visitor.page.locator("[name=password]").fill(name)
    visitor.page.locator("button[type=submit], input[type=submit]").first.click()
    visitor.look()
    # What Chromium says of the bank's own page is not about ours.
    visitor.problems[:] = [each for each in visitor.problems if not each.startswith("[DOM]")]


def choose(visitor: Visitor) -> None:
    visitor.use(visitor.page.locator(f"button[value={MEANS}]"))


@pytest.mark.requires("OIDCC-3.1.3")
def test_somebody_links_the_bank_uses_it_for_a_service_that_needs_the_bsn_and_undoes_it(
    browser: Browser, bank: Bank, seen: Seen
) -> None:
    with at_a_browser(browser, bank.demo, "sanne", seen=seen) as sanne:
        sanne.open(Party.HOSPITAL, "Mijn De Linde")
        choose(sanne)
        log_in_at_bank(sanne, "sanne")
        assert "Bankmiddel" in sanne.text
        sanne.press("confirm")
        assert sanne.page.url.startswith(bank.demo.places.url(Party.HOSPITAL))

    with at_a_browser(browser, bank.demo, "sanne", seen=seen) as sanne:
        sanne.go(f"{bank.demo.hub}/account/links")
        sanne.sign_in()
        sanne.follow("Een ander inlogmiddel koppelen")
        sanne.log_in()
        choose(sanne)
        log_in_at_bank(sanne, "sanne")
        assert sanne.heading == "Wilt u Bankmiddel aan uzelf koppelen?"
        sanne.press("link")
        assert "Bankmiddel" in sanne.text

        sanne.open(Party.MUNICIPALITY, "Mijn Zandermeer")
        choose(sanne)
        log_in_at_bank(sanne, "sanne")
        sanne.press("confirm")
        assert sanne.page.url.startswith(bank.demo.places.url(Party.MUNICIPALITY))

        sanne.go(f"{bank.demo.hub}/account/links")
        sanne.push("Koppeling met “Bankmiddel” ongedaan maken")
        assert "U hebt geen inlogmiddel gekoppeld." in sanne.text


def test_a_level_that_nobody_knows_leads_back_to_the_choice(browser: Browser, bank: Bank, seen: Seen) -> None:
    with at_a_browser(browser, bank.demo, "nadia", seen=seen) as nadia:
        nadia.open(Party.HOSPITAL, "Mijn De Linde")
        choose(nadia)
        log_in_at_bank(nadia, "stranger")
        assert nadia.page.locator(f"button[value={MEANS}]").is_visible()


def test_who_is_nobody_at_the_hub_logs_in_once_with_their_own_account_and_links(
    browser: Browser, bank: Bank, seen: Seen
) -> None:
    with at_a_browser(browser, bank.demo, "nadia", seen=seen) as nadia:
        nadia.open(Party.MUNICIPALITY, "Mijn Zandermeer")
        choose(nadia)
        log_in_at_bank(nadia, "nadia")
        assert "maar wij weten niet van wie dat is" in nadia.text
        nadia.use(nadia.page.locator(f"button[value={CITIZEN_MEANS}]"))
        nadia.log_in()
        assert nadia.heading == "Wilt u Bankmiddel aan uzelf koppelen?"
        nadia.press("link")
        nadia.press("confirm")
        assert nadia.page.url.startswith(bank.demo.places.url(Party.MUNICIPALITY))
