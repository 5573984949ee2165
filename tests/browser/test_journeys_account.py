"""People make, use and end their account in a real Chromium; every page is looked at."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.parts import program
from tests.running_demo import RunningDemo, demo_at

pytestmark = pytest.mark.timeout(300)

NEW_PASSWORD = "nep wachtwoord kanaal spiegel"


@pytest.fixture(scope="module")
def running_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Run a demo apart: what happens to accounts here, nobody else should meet."""
    with demo_at(tmp_path_factory.mktemp("accounts")) as running:
        yield running


def enter(visitor: Visitor, path: str = "") -> None:
    """Enter My account; a page that changes something asks a login at the account's own level."""
    visitor.go(f"{visitor.demo.hub}/account{path}")
    visitor.log_in(second_step=bool(path))


def test_somebody_without_an_account_applies_and_logs_in_with_the_code_of_the_letter(
    browser: Browser, running_demo: RunningDemo, seen: Seen, tmp_path: Path
) -> None:
    with at_a_browser(browser, running_demo, "lotte", seen=seen) as lotte:
        lotte.open(Party.HOSPITAL, "Mijn De Linde")
        lotte.choose_account()
        lotte.follow("Ik heb nog geen account")
        lotte.follow("Beginnen")
        lotte.fill(bsn="123", birth_date="31-02-2004", postal_code="x", house_number="")
        lotte.press("apply")
        assert lotte.page.locator("#errors a").count() == 4
        lotte.fill(bsn=lotte.persona.bsn, birth_date="29-02-2004", postal_code="1235 aa", house_number="21")
        lotte.press("apply")
        lotte.fill(user_name="lotte-demo", new_password=NEW_PASSWORD, repeat_password=NEW_PASSWORD)
        lotte.press("choose")
        lotte.fill(telephone=lotte.persona.telephone)
        lotte.press("send")
        lotte.fill(code=lotte.text_message())
        lotte.press("confirm")
        letter, code = running_demo.letter("Berg")
        check_letter(letter, code, program("pdftotext"), tmp_path)

        lotte.open(Party.HOSPITAL, "Mijn De Linde")
        lotte.choose_account()
        lotte.fill(user_name="lotte-demo", password=NEW_PASSWORD)
        lotte.press("sign-in")
        lotte.fill(activation_code=code)
        lotte.press("activate")
        lotte.press("confirm")
        assert lotte.heading == "Mijn De Linde"


def check_letter(letter: str, code: str, pdftotext: str, folder: Path) -> None:
    """See that the paper says what its text says."""
    paper = folder / "letter.pdf"
    paper.write_bytes(httpx2.get(f"{letter}.pdf", timeout=5).content)
    told = subprocess.run([pdftotext, paper, "-"], capture_output=True, text=True, check=True).stdout
    assert code in told
    assert "Molenweg 21" in told


def test_somebody_changes_their_number_and_the_new_one_gets_the_codes(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "olena", seen=seen) as olena:
        enter(olena, "/number")
        olena.fill(telephone="0612345699")
        olena.press("send")
        olena.fill(code=running_demo.text_message_code("+31612345699"))
        olena.press("confirm")
        assert "99" in olena.text


def test_somebody_without_a_number_adds_one_by_letter_and_goes_on_to_the_service(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "ahmet", seen=seen) as ahmet:
        ahmet.open(Party.HOSPITAL, "Uitslagen bekijken")
        ahmet.sign_in()
        assert ahmet.heading == "Voor deze dienst hebt u een telefoonnummer nodig"
        ahmet.follow("Een telefoonnummer toevoegen")
        ahmet.sign_in()
        ahmet.fill(telephone=ahmet.persona.telephone)
        ahmet.press("send")
        ahmet.fill(code=ahmet.text_message())
        ahmet.press("confirm")
        assert ahmet.heading == "Voeg uw nummer toe met de code uit de brief"
        _, code = running_demo.letter(ahmet.persona.full_name)
        ahmet.open(Party.HOSPITAL, "Uitslagen bekijken")
        ahmet.sign_in()
        ahmet.fill(letter_code=code)
        ahmet.press("add")
        ahmet.fill(code=ahmet.text_message())
        ahmet.press("confirm")
        ahmet.press("confirm")
        assert ahmet.heading == "Uitslagen bekijken"


def test_a_forgotten_password_is_replaced_with_a_letter_and_a_text_message(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "nadia", seen=seen) as nadia:
        nadia.open(Party.HOSPITAL, "Mijn De Linde")
        nadia.choose_account()
        nadia.follow("Ik ben mijn wachtwoord vergeten")
        nadia.fill(user_name="nadia-demo", bsn=nadia.persona.bsn)
        nadia.page.locator("main button").first.click()
        _, code = running_demo.letter("Amrani")
        nadia.go(f"{running_demo.hub}/account/forgotten/letter")
        nadia.fill(user_name="nadia-demo", bsn=nadia.persona.bsn, activation_code=code)
        nadia.page.locator("main button").first.click()
        nadia.press("resend")
        nadia.fill(code=nadia.text_message())
        nadia.press("confirm")
        nadia.fill(new_password=NEW_PASSWORD, repeat_password=NEW_PASSWORD)
        nadia.page.locator("main button").first.click()
        nadia.open(Party.HOSPITAL, "Mijn De Linde")
        nadia.sign_in(NEW_PASSWORD)
        nadia.press("confirm")
        assert nadia.heading == "Mijn De Linde"


def test_the_history_says_in_plain_words_what_was_asked_and_misuse_blocks_the_account(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "pieter", seen=seen) as pieter:
        pieter.open(Party.HOSPITAL, "Mijn De Linde")
        pieter.log_in(second_step=False)
        pieter.press("confirm")
        enter(pieter)
        pieter.use(pieter.page.locator("a[href='/account/history']"))
        pieter.page.get_by_role("link", name="Mijn De Linde").first.click()
        pieter.look()
        assert pieter.heading == "Inloggen bij Mijn De Linde"
        assert "basis" in pieter.text
        pieter.use(pieter.page.locator("a[href*='/account/misuse']"))
        pieter.press("report")
        pieter.open(Party.HOSPITAL, "Mijn De Linde")
        pieter.sign_in()
        assert pieter.page.url.startswith(running_demo.hub)


def test_somebody_ends_their_account_for_good(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "maximiliaan", seen=seen) as maximiliaan:
        enter(maximiliaan, "/end")
        maximiliaan.press("end")
        assert maximiliaan.page.locator("#errors").is_visible()
        maximiliaan.page.locator("[name=sure]").check()
        maximiliaan.press("end")
        assert maximiliaan.heading == "Uw account is beëindigd"
        maximiliaan.open(Party.HOSPITAL, "Mijn De Linde")
        maximiliaan.sign_in()
        assert maximiliaan.page.url.startswith(running_demo.hub)
