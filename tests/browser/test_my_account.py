"""One long visit to My account without a mouse and without JavaScript, in a real Chromium."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.visitor import KeyboardVisitor, Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(600)

PERSONA = "sanne"
CODE = "Vul de code uit de sms in"
MINE, RESULTS = "Mijn De Linde", "Uitslagen bekijken"  # basic, low


class Quiet(KeyboardVisitor):
    """Somebody without mouse and script; pages are kept as pictures, since axe needs scripts to look."""

    pictures: Path

    def keep(self, name: str) -> None:
        """Keep a picture of the page."""
        self.page.screenshot(path=self.pictures / f"without-script-{name}.png", full_page=True)

    def home(self, link: str) -> None:
        """Go to a page of My account by its link on the first one."""
        self.go(f"{self.demo.hub}/account")
        self.follow(link)


@pytest.mark.requires("WCAG22-2.1.1")
def test_everything_in_my_account_without_mouse_and_script(
    browser: Browser, accounts_demo: RunningDemo, seen: Seen, tmp_path: Path
) -> None:
    with (
        at_a_browser(browser, accounts_demo, PERSONA) as elsewhere,
        at_a_browser(browser, accounts_demo, PERSONA, Quiet, script=False) as sanne,
    ):
        assert isinstance(sanne, Quiet)
        sanne.pictures = seen.folder
        elsewhere.open(Party.HOSPITAL, MINE)
        elsewhere.log_in(second_step=False)
        elsewhere.press("confirm")
        sanne.open(Party.HOSPITAL, RESULTS)
        sanne.log_in()
        sanne.press("confirm")
        sanne.received(RESULTS, "midden")
        # The level asks a login of just now; the other pages are then there too.
        sanne.go(f"{accounts_demo.hub}/account/level")
        sanne.log_in()
        sees_means_and_forgets_a_device(sanne)
        sees_the_history_and_its_proof(sanne, tmp_path)
        raises_the_lowest_level_and_has_it_lifted(sanne, elsewhere)
        saves_the_own_data(sanne, tmp_path)
        logs_out_everywhere(sanne, elsewhere)
        reports_misuse(sanne)


def sees_means_and_forgets_a_device(sanne: Quiet) -> None:
    sanne.home("Mijn inlogmiddelen en apparaten")
    assert sanne.text.count("laatst gebruikt op") >= 3  # the account, and two browsers
    sanne.keep("means")
    sanne.follow("Een apparaat vergeten")
    devices = sanne.page.locator("dl.facts > div")
    assert devices.count() == 2
    sanne.use(devices.filter(has_text="Een ander apparaat").locator("button"))
    assert devices.count() == 1
    assert "Dit apparaat" in sanne.text


def sees_the_history_and_its_proof(sanne: Quiet, folder: Path) -> None:
    sanne.home("Alle keren dat ik inlogde")
    sanne.use(sanne.page.get_by_role("link", name=RESULTS).first)
    assert sanne.heading == f"Inloggen bij {RESULTS}"
    for told in ("Ziekenhuis De Linde", "midden", "Toegang-account", "Chrom"):
        assert told in sanne.text, told
    sanne.keep("history-entry")
    file = folder / "proof.json"
    sanne.save(sanne.page.get_by_role("link", name="Bewijs van deze login, als bestand"), file)
    settings = str(sanne.demo.places.home / "hub.toml")
    key = toegang("audit", "key", "--config", settings).strip()
    assert "login:completed" in toegang("audit", "proof", str(file), "--key", key)


def raises_the_lowest_level_and_has_it_lifted(sanne: Quiet, elsewhere: Visitor) -> None:
    sanne.home("Mijn laagste niveau")
    sanne.pick("floor", "low")
    sanne.press("set")
    assert sanne.heading == "Uw laagste niveau is opgeslagen"
    # Who was logged in below it is not any more, and a password alone is not enough.
    elsewhere.page.context.clear_cookies(name=f"demo-{Party.HOSPITAL}")
    elsewhere.open(Party.HOSPITAL, MINE)
    if elsewhere.heading != CODE:
        elsewhere.sign_in()
    assert elsewhere.heading == CODE
    sanne.go(f"{sanne.demo.hub}/account/level")
    sanne.pick("floor", "minimal")
    sanne.press("set")
    assert "Bedenkt u zich?" in sanne.text  # lower counts after three days
    sanne.go(f"{sanne.demo.hub}/account/level")
    sanne.keep("level-goes-down")
    settings = str(sanne.demo.places.home / "hub.toml")
    toegang("account", "lift-level", "--config", settings, typed=f"{sanne.persona.bsn}\n")
    sanne.go(f"{sanne.demo.hub}/account/level")
    assert "niet ingesteld" in sanne.text
    elsewhere.page.context.clear_cookies()
    elsewhere.open(Party.HOSPITAL, MINE)
    elsewhere.log_in(second_step=False)
    elsewhere.press("confirm")
    elsewhere.received(MINE, "basis")


def saves_the_own_data(sanne: Quiet, folder: Path) -> None:
    sanne.home("Mijn gegevens downloaden")
    file = folder / "data.json"
    sanne.save(sanne.page.locator("button[name=do][value=json]"), file)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["format"] == "toegang-own-data-1"
    assert found["account"][0]["bsn"] == sanne.persona.bsn
    assert {"account:floor-set", "account:data-downloaded"} <= {each["event"] for each in found["trail"]}


def logs_out_everywhere(sanne: Quiet, elsewhere: Visitor) -> None:
    sanne.home("Waar u bent ingelogd")
    assert MINE in sanne.text
    sanne.keep("sessions")
    sanne.press("leave")
    sanne.keep("logged-out-everywhere")
    assert "Ziekenhuis De Linde" in sanne.text
    elsewhere.open(Party.HOSPITAL, MINE)
    elsewhere.choose_account()
    assert elsewhere.page.locator("[name=password]").is_visible()


def reports_misuse(sanne: Quiet) -> None:
    sanne.go(f"{sanne.demo.hub}/account/history")
    sanne.sign_in()
    sanne.use(sanne.page.get_by_role("link", name=RESULTS).first)
    sanne.follow("Dit was ik niet")
    sanne.pick("stop", "account")
    sanne.press("report")
    assert sanne.heading == "Wij hebben uw melding"
    assert "Uw account is geblokkeerd" in sanne.text
    sanne.keep("misuse-reported")
    sanne.open(Party.HOSPITAL, MINE)
    sanne.sign_in()
    assert sanne.page.url.startswith(sanne.demo.hub)
    assert sanne.page.locator("button[value=confirm]").count() == 0


def toegang(*words: str, typed: str = "") -> str:
    """Run a command of the hub as an operator, or whoever checks a proof, would."""
    done = subprocess.run(
        [sys.executable, "-m", "toegang", *words],
        input=typed,
        text=True,
        check=True,
        capture_output=True,
        start_new_session=True,
        timeout=60,
    )
    return done.stdout
