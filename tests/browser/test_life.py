"""Whoever cannot log in for a while reads why, in both languages; and gets in again when it is over."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

MINE = "Mijn De Linde"
DIED, DIED_IN_ENGLISH = "Niemand kan inloggen met dit account", "Nobody can log in with this account"
STILL = "Uw account staat stil"
PATIENCE = 20.0  # seconds that the hub may take to hear of it


def test_a_death_that_is_reported_and_taken_back_and_a_suspension(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, running_demo, "ahmet", seen=seen) as ahmet:
        report(ahmet, "Meld het overlijden van")
        signs_in_until(ahmet, DIED)
        assert "Basisregistratie Personen" in ahmet.text
        assert "/account/forgotten" not in ahmet.page.content()
        ahmet.follow("English")
        ahmet.sign_in()
        assert ahmet.heading == DIED_IN_ENGLISH
        ahmet.press("back")
        assert ahmet.heading == "U bent niet ingelogd"

        report(ahmet, "Trek het overlijden in van")
        signs_in_until(ahmet, "Wilt u inloggen?")
        ahmet.press("stop")

        last_day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
        command(ahmet, "suspend", "--reason", "investigation", "--until", last_day)
        signs_in_until(ahmet, STILL)
        assert "er loopt een onderzoek naar het gebruik van uw account" in ahmet.text
        ahmet.follow("English")
        ahmet.sign_in()
        assert "the use of your account is being investigated" in ahmet.text
        letter, _ = running_demo.letter("Ahmet", about="onderzoek")
        ahmet.go(letter)
        assert "onderzoek" in ahmet.page.content()
        command(ahmet, "resume")
        signs_in_until(ahmet, "Wilt u inloggen?")
        ahmet.press("stop")


def report(visitor: Visitor, button: str) -> None:
    """Press the button at the register, as a registrar would."""
    visitor.go(visitor.demo.places.url(Party.POPULATION))
    visitor.push(f"{button} {visitor.persona.full_name}")


def signs_in_until(visitor: Visitor, heading: str) -> None:
    """Sign in until that leads to a page with this heading."""
    until = time.monotonic() + PATIENCE
    while True:
        visitor.open(Party.HOSPITAL, MINE)
        visitor.sign_in()
        if visitor.heading == heading or time.monotonic() > until:
            assert visitor.heading == heading
            return


def command(visitor: Visitor, *words: str) -> None:
    """Do what an operator does, who types the BSN unseen."""
    settings = visitor.demo.places.home / "hub.toml"
    subprocess.run(
        [sys.executable, "-m", "toegang", "account", *words, "--config", str(settings)],
        input=f"{visitor.persona.bsn}\n",
        text=True,
        check=True,
        capture_output=True,
        start_new_session=True,
        timeout=60,
    )
