"""People log in at the parties of the demo that run on other software, and by the means of others."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from demo import apache
from demo.guests import BANK_PASSWORD, ENVIRONMENTS
from demo.places import Guest, Party
from tests.browser.ground import (
    NARROW,
    WIDE,
    check_by_axe,
    check_keyboard,
    check_language,
    check_large_text,
    check_reflow,
    check_targets,
)
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.parts import needed, venv_python
from tests.running_demo import RunningDemo, demo_at

pytestmark = pytest.mark.timeout(300)

MEDICATION, APPOINTMENT = "Mijn gezondheid", "Afspraak maken"
CHOICE = "Hoe wilt u inloggen?"
BASIC = "http://eid.logius.nl/LoA/basic"
PATIENCE = 90_000  # milliseconds: what a guest is first asked, it first reads its libraries for


@pytest.fixture(scope="module")
def hosting() -> Iterator[RunningDemo]:
    """Run a demo with all its guests, and the one that needs this machine's Apache where that is there."""
    for name in set(ENVIRONMENTS.values()):
        venv_python(name)
    # Not pytest's own folder: what Apache's workers read must be open to them all the way down.
    with tempfile.TemporaryDirectory(prefix="guests-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        by_apache = {Guest.PHARMACY, Guest.COUNTER} if apache.can_serve(home / "pharmacy") else set()
        guests = set(ENVIRONMENTS) | {Guest.DOOR} | by_apache
        with demo_at(home, tuple(guest for guest in Guest if guest in guests)) as demo:
            yield demo


def check(page: Page, *, switch: bool = True) -> None:
    """See that a page of a party can be used by everybody; what is asked only once has no other language."""
    if switch:
        check_language(page)
    for each in (check_by_axe, check_reflow, check_large_text, check_targets):
        each(page)
    check_keyboard(page)


def choose(visitor: Visitor, means: str) -> None:
    """Choose a login means on the hub's page."""
    assert visitor.heading == CHOICE
    visitor.use(visitor.page.locator(f"button[value={means}]"))


def begin(visitor: Visitor, guest: Guest, service: str) -> None:
    """Open a guest's website and choose to log in, up to the hub's page."""
    visitor.page.set_default_navigation_timeout(PATIENCE)
    visitor.go(visitor.demo.places.url(guest))
    visitor.follow(f"Log in voor {service}")
    visitor.page.wait_for_url(f"{visitor.demo.hub}/login/**")
    visitor.look()


def arrive(visitor: Visitor, guest: Guest, service: str) -> None:
    """Go on from the hub's last page, and be at the guest's page; see that all can use it."""
    visitor.press("confirm")
    visitor.page.wait_for_url(f"{visitor.demo.places.url(guest)}/mine")
    assert visitor.heading == service
    assert "Demo: alles op deze pagina is verzonnen." in visitor.page.locator("header").inner_text()
    check(visitor.page)


def test_a_health_portal_gets_the_bsn_by_artifact_and_mutual_tls(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, hosting, "olena", seen=seen) as olena:
        begin(olena, Guest.PORTAL, MEDICATION)
        assert "als u het aan uzelf hebt gekoppeld" in olena.text
        assert olena.page.locator("button[value=zandpas]").count() == 0
        choose(olena, "toegang-account")
        olena.log_in()
        arrive(olena, Guest.PORTAL, MEDICATION)
        assert olena.persona.bsn in olena.text
        olena.page.screenshot(path=seen.folder / "portal-received.png", full_page=True)
        olena.push("Log uit")
        olena.page.wait_for_url(f"{hosting.places.url(Guest.PORTAL)}/")
        assert olena.page.get_by_role("link", name=f"Log in voor {MEDICATION}").is_visible()


def test_a_health_portal_shows_for_whom_somebody_logs_in_and_by_whose_word(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    portal = hosting.places.url(Guest.PORTAL)
    with at_a_browser(browser, hosting, "pieter", seen=seen) as pieter:
        begin(pieter, Guest.PORTAL, "iemand anders")
        choose(pieter, "toegang-account")
        pieter.log_in()
        assert pieter.heading == "Voor wie logt u in?"
        pieter.use(pieter.page.get_by_role("button", name="Gerda van Dam"))
        with pieter.page.expect_request(f"{portal}/for-another/acs?*") as answered:
            pieter.press("confirm")
        pieter.page.wait_for_url(f"{portal}/for-another")
        assert pieter.heading == "De gezondheid van iemand anders"
        banner = pieter.page.locator(".acting").inner_text()
        assert banner.startswith("U handelt voor iemand anders. Bij ons bekend met BSN ")
        assert banner.endswith("Grond: medewerker, curatele.")
        for told in (pieter.persona.bsn, "90000101", "RepresentationType", "/saml/mandates/metadata"):
            assert told in pieter.text
        check(pieter.page)
        pieter.page.screenshot(path=seen.folder / "portal-for-another.png", full_page=True)
        pieter.page.get_by_role("link", name="English").click()
        assert pieter.heading == "The health of someone else"
        assert pieter.page.locator(".acting").inner_text().endswith("curatele (guardianship of an adult).")
        pieter.page.get_by_role("link", name="Nederlands").click()
        # The answer again: nobody is logged in by it.
        pieter.page.goto(answered.value.url)
        assert pieter.heading == "U bent niet ingelogd"
        check(pieter.page, switch=False)
        pieter.go(f"{portal}/for-another")
        pieter.push("Log uit")
        pieter.go(f"{portal}/for-another")
        assert pieter.page.url == f"{portal}/"


def test_a_practice_behind_a_supplier_gets_a_pseudonym(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, hosting, "ahmet", seen=seen) as ahmet:
        begin(ahmet, Guest.PRACTICE, APPOINTMENT)
        assert "Huisartsenpraktijk De Wilg" in ahmet.text
        for name in ("toegang-account", "bankmiddel", "zandpas"):
            assert ahmet.page.locator(f"button[value={name}]").is_visible()
        for size, width in (("wide", WIDE), ("narrow", NARROW)):
            ahmet.page.set_viewport_size(width)
            ahmet.page.screenshot(path=seen.folder / f"choice-of-three-{size}.png", full_page=True)
        ahmet.page.set_viewport_size(WIDE)
        choose(ahmet, "toegang-account")
        ahmet.log_in(second_step=False)
        arrive(ahmet, Guest.PRACTICE, APPOINTMENT)
        assert BASIC in ahmet.text
        assert ahmet.persona.bsn not in ahmet.text
        ahmet.push("Log uit")
        ahmet.page.wait_for_url(f"{hosting.places.url(Guest.PRACTICE)}/")


def test_a_pharmacy_behind_apache_is_another_customer_of_the_same_supplier(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    needed("mod_auth_mellon", Guest.PHARMACY if Guest.PHARMACY in hosting.places.guests else None)
    with at_a_browser(browser, hosting, "suharti", seen=seen) as suharti:
        begin(suharti, Guest.PHARMACY, "Herhaalrecept vragen")
        assert "Apotheek De Els" in suharti.text
        choose(suharti, "toegang-account")
        suharti.log_in(second_step=False)
        arrive(suharti, Guest.PHARMACY, "Herhaalrecept vragen")
        assert "@localhost" in suharti.text
        suharti.push("Log uit")
        suharti.page.wait_for_url(f"{hosting.places.url(Guest.PHARMACY)}/")
        # The hub remembers the choice, and goes to it at once.
        suharti.follow("Log in voor Herhaalrecept vragen")
        suharti.page.wait_for_url(f"{hosting.hub}/**")
        suharti.log_in(second_step=False)
        suharti.press("stop")
        assert suharti.heading == "U bent niet ingelogd"
        check(suharti.page, switch=False)


def test_a_pass_of_a_foundation_is_a_means_where_its_level_is_enough(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, hosting, "pieter", seen=seen) as pieter:
        begin(pieter, Guest.PRACTICE, APPOINTMENT)
        choose(pieter, "zandpas")
        assert pieter.heading == "Houd uw pas voor de lezer"
        check(pieter.page, switch=False)
        pieter.page.locator("button[value=pieter]").click()
        pieter.page.wait_for_url(f"{hosting.hub}/login/**")
        arrive(pieter, Guest.PRACTICE, APPOINTMENT)
        assert BASIC in pieter.text


def test_who_stops_at_the_foundation_can_choose_again(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, hosting, "tess", seen=seen) as tess:
        begin(tess, Guest.PRACTICE, APPOINTMENT)
        choose(tess, "zandpas")
        tess.page.locator("button[value=stop]").click()
        tess.page.wait_for_url(f"{hosting.hub}/**")
        assert tess.page.locator("button[value=zandpas], button[name=do]").first.is_visible()


def test_a_bank_is_a_means_at_a_service_that_takes_a_pseudonym(
    browser: Browser, hosting: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, hosting, "nadia", seen=seen) as nadia:
        nadia.open(Party.HOSPITAL, "Mijn De Linde")
        choose(nadia, "bankmiddel")
        assert nadia.heading == "Log in met uw Bankmiddel"
        check(nadia.page, switch=False)
        nadia.fill(username="nadia", password="wrong")
        nadia.page.get_by_role("button", name="Log in").click()
        assert "horen niet bij elkaar" in nadia.text
        nadia.fill(username="nadia", password=BANK_PASSWORD)
        nadia.page.get_by_role("button", name="Log in").click()
        nadia.page.wait_for_url(f"{hosting.hub}/login/**")
        nadia.press("confirm")
        assert nadia.heading == "Mijn De Linde"
        assert nadia.persona.bsn not in nadia.text


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("guest", [Guest.PORTAL, Guest.PRACTICE, Guest.PASS])
def test_the_first_page_of_a_guest_can_be_used_by_everybody(
    browser: Browser, hosting: RunningDemo, guest: Guest, language: str
) -> None:
    context = browser.new_context(locale="nl-NL", viewport=WIDE)
    page = context.new_page()
    page.goto(f"{hosting.places.url(guest)}/?language={language}")
    assert page.locator("html").get_attribute("lang") == language
    assert "emo: " in page.locator(".demo").inner_text()
    check(page)
    page.goto(f"{hosting.places.url(guest)}/")
    assert page.locator("html").get_attribute("lang") == language
    if guest is not Guest.PASS:
        page.goto(f"{hosting.places.url(guest)}/refused")
        check(page, switch=False)
    context.close()
