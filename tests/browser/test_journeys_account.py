"""People make, use and end their account in a real Chromium; every page is looked at."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.parts import program
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

NEW_PASSWORD = "nep wachtwoord kanaal spiegel"


def enter(visitor: Visitor, path: str = "") -> None:
    """Enter My account; a page that changes something asks a login at the account's own level."""
    visitor.go(f"{visitor.demo.hub}/account{path}")
    visitor.log_in(second_step=bool(path))


def test_somebody_without_an_account_applies_and_logs_in_with_the_code_of_the_letter(
    browser: Browser, accounts_demo: RunningDemo, seen: Seen, tmp_path: Path
) -> None:
    with at_a_browser(browser, accounts_demo, "lotte", seen=seen) as lotte:
        lotte.open(Party.HOSPITAL, "Mijn De Linde")
        lotte.choose_account()
        lotte.follow("Ik heb nog geen account")
        lotte.follow("Beginnen")
        lotte.fill(bsn="123", birth_date="31-02-2004", postal_code="x", house_number="")
        lotte.press("apply")
        assert lotte.page.locator("#errors a").count() == 4
        lotte.fill(bsn=lotte.persona.bsn, birth_date="29-02-2004", postal_code="1235 aa", house_number="21")
        lotte.page.locator("[name=large_print]").check()  # the paper below still says it all
        lotte.press("apply")
        lotte.fill(user_name="lotte-demo", new_password=NEW_PASSWORD, repeat_password=NEW_PASSWORD)
        lotte.press("choose")
        lotte.fill(telephone=lotte.persona.telephone)
        lotte.press("send")
        lotte.fill(code=lotte.text_message())
        lotte.press("confirm")
        letter, code = accounts_demo.letter("Berg")
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
    browser: Browser, accounts_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, accounts_demo, "olena", seen=seen) as olena:
        enter(olena, "/number")
        olena.fill(telephone="0612345699")
        olena.press("send")
        olena.fill(code=accounts_demo.text_message_code("+31612345699"))
        olena.press("confirm")
        assert "99" in olena.text


def test_a_forgotten_password_is_replaced_with_a_letter_and_a_text_message(
    browser: Browser, accounts_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, accounts_demo, "nadia", seen=seen) as nadia:
        nadia.open(Party.HOSPITAL, "Mijn De Linde")
        nadia.choose_account()
        nadia.follow("Ik ben mijn wachtwoord vergeten")
        nadia.fill(user_name="nadia-demo", bsn=nadia.persona.bsn)
        nadia.page.locator("main button").first.click()
        _, code = accounts_demo.letter("Amrani")
        nadia.go(f"{accounts_demo.hub}/account/forgotten/letter")
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
