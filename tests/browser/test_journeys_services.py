"""People log in at the municipality and the hospital in a real Chromium; every page is looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from demo.clients import clients
from demo.places import Party
from tests.browser.ground import check_by_axe, check_reflow
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

MINE, RESULTS, TOWN = "Mijn De Linde", "Uitslagen bekijken", "Mijn Zandermeer"
FOR_WHOM, MORE = "Voor wie logt u in?", "Laat meer mensen en organisaties zien"
MOST_OFFERED = 20
ENTER_TWICE = """field => {
    for (let time = 0; time < 2; time += 1) {
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    }
}"""
"""As who presses a key for too long, or clicks twice."""
MANY, ONE, CALLED = "klant 004", "klant 0042", "Klant 0042 van Balans (nep)"


def test_somebody_who_stops_is_told_so_and_brought_back_with_an_error(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "tess", seen=seen) as tess:
        tess.open(Party.HOSPITAL, MINE)
        tess.log_in(second_step=False)
        assert tess.heading == "Wilt u inloggen?"
        tess.press("stop")
        assert tess.heading == "U bent niet ingelogd"
        assert "access_denied" in tess.text


def test_a_wrong_password_is_told_without_saying_what_was_wrong(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "tess", seen=seen) as tess:
        tess.open(Party.HOSPITAL, MINE)
        tess.sign_in("nep wachtwoord dat niet klopt")
        assert tess.page.locator("#errors").is_visible()
        assert tess.page.locator("[name=user_name]").input_value() == "tess-demo"
        assert tess.page.locator("[name=password]").input_value() == ""


@pytest.mark.parametrize("persona", ["kees", "hendrik"])
def test_an_account_that_may_not_be_used_is_refused_in_plain_words(
    browser: Browser, running_demo: RunningDemo, seen: Seen, persona: str
) -> None:
    with at_a_browser(browser, running_demo, persona, seen=seen) as visitor:
        visitor.open(Party.HOSPITAL, MINE)
        visitor.sign_in()
        assert visitor.page.url.startswith(running_demo.hub)
        assert visitor.page.locator("button[value=back]").is_visible()
        visitor.press("back")
        assert visitor.heading == "U bent niet ingelogd"


def test_basis_at_the_hospital_and_a_second_step_for_test_results(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "sanne", seen=seen) as sanne:
        sanne.open(Party.HOSPITAL, MINE)
        sanne.log_in(second_step=False)
        sanne.press("confirm")
        sanne.received(MINE, "basis")
        sanne.open(Party.HOSPITAL, RESULTS)
        assert sanne.heading == "Vul de code uit de sms in"
        sanne.fill(code="000000")
        sanne.press("confirm")
        assert sanne.page.locator("#errors").is_visible()
        sanne.fill(code=sanne.text_message())
        sanne.press("confirm")
        sanne.press("confirm")
        sanne.received(RESULTS, "midden")
        assert sanne.persona.bsn not in sanne.page.content()


def test_the_municipality_receives_the_bsn_and_logging_out_ends_both_sessions(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "suharti", seen=seen) as suharti:
        suharti.open(Party.MUNICIPALITY, TOWN)
        suharti.log_in()
        suharti.press("confirm")
        suharti.received(TOWN, "midden")
        assert suharti.persona.bsn in suharti.text
        suharti.push("Log uit")
        assert suharti.heading == "Welkom bij Gemeente Zandermeer"
        suharti.follow(f"Log in voor {TOWN}")
        suharti.choose_account()
        assert suharti.page.locator("[name=password]").is_visible()


def test_the_whole_login_can_be_read_in_english(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "olena", seen=seen) as olena:
        olena.open(Party.MUNICIPALITY, TOWN)
        olena.follow("English")
        olena.choose_account()
        assert olena.heading == "Log in with user name and password"
        olena.log_in()
        assert olena.heading == "Do you want to log in?"
        assert "My Zandermeer" in olena.text
        olena.press("confirm")
        olena.received(TOWN, "midden")


def test_the_whole_login_needs_no_script(browser: Browser, running_demo: RunningDemo) -> None:
    with at_a_browser(browser, running_demo, "maximiliaan", script=False) as maximiliaan:
        maximiliaan.open(Party.MUNICIPALITY, TOWN)
        maximiliaan.log_in()
        maximiliaan.press("extend")
        maximiliaan.press("confirm")
        maximiliaan.received(TOWN, "midden")
        maximiliaan.push("Log uit")
        assert maximiliaan.heading == "Welkom bij Gemeente Zandermeer"


@pytest.mark.requires("WCAG22-2.2.1")
def test_a_page_warns_before_its_time_is_over_and_more_time_keeps_what_was_filled_in(
    browser: Browser, running_demo: RunningDemo
) -> None:
    with at_a_browser(browser, running_demo, "pieter") as pieter:
        pieter.page.clock.install()
        pieter.open(Party.HOSPITAL, MINE)
        pieter.choose_account()
        left = int(pieter.page.locator("#time-left").get_attribute("data-seconds") or 0)
        assert not pieter.page.locator("#time-warning").is_visible()
        pieter.page.clock.run_for((left - 140) * 1000)
        pieter.page.locator("#time-warning").wait_for()
        assert pieter.page.locator("#time-warning").is_visible()
        pieter.fill(user_name="pieter-demo")
        pieter.press("extend")
        assert pieter.page.locator("[name=user_name]").input_value() == "pieter-demo"
        assert not pieter.page.locator("#time-warning").is_visible()


@pytest.mark.requires("WCAG22-2.1.1", "WCAG22-4.1.3")
def test_an_accountant_with_two_thousand_clients_types_the_name_and_the_number_of_one(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    client = list(clients())[1500]
    with at_a_browser(browser, running_demo, "nadia", seen=seen) as nadia:
        nadia.open(Party.MUNICIPALITY, "Belastingen regelen")
        nadia.log_in()
        assert nadia.heading == FOR_WHOM
        offered = nadia.page.locator("#whom button").count()
        assert 0 < offered <= MOST_OFFERED
        nadia.follow(MORE)
        assert nadia.page.locator("[value=for-myself]").count() == 0
        chooses_from_the_names_that_come(nadia)
        nadia.press("whom-again")
        nadia.follow(MORE)
        nadia.fill(number_for="90000101")  # of the firm of somebody else
        nadia.press("for-number")
        assert nadia.heading == FOR_WHOM
        assert nadia.page.locator("[role=alert], .nl-alert, [aria-invalid=true]").count()
        nadia.fill(number_for=client)
        nadia.press("for-number")
        nadia.press("confirm")
        banner = nadia.page.locator(".acting").inner_text()
        assert banner.startswith("U handelt voor iemand anders.")
        assert client in banner
        assert "medewerker van het kantoor, machtiging van een organisatie" in banner


def chooses_from_the_names_that_come(nadia: Visitor) -> None:
    """Type the beginning of a name, look at what is suggested, and choose one by keyboard."""
    page, sent = nadia.page, list[str]()
    page.on("request", lambda request: sent.append(f"{request.method} {request.url.casefold()}"))
    field, options = page.get_by_role("combobox"), page.get_by_role("option")
    said = page.locator(".suggesting [role=status]")
    field.fill("niemand zo")
    expect(said).to_have_text("Geen naam gevonden.")
    expect(options).to_have_count(0)
    field.fill(MANY)
    expect(options).to_have_count(7)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(said).to_have_text("7 namen gevonden. Loop er met de pijlen doorheen.")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.last.get_attribute("id") or "")
    check_by_axe(page)
    check_reflow(page)
    if nadia.seen:
        page.screenshot(path=nadia.seen.folder / "nl-namen-terwijl-u-typt.png", full_page=True)
    # Away again, with what was typed kept; and back without asking anew.
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value(MANY)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.fill(ONE)
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text(CALLED)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        field.evaluate(ENTER_TWICE)
    nadia.look()
    assert CALLED in nadia.text
    assert [each.partition(" ")[0] for each in sent if each.endswith("/names")] == ["POST"] * 3
    assert not any("klant" in each or "niemand" in each for each in sent)
