"""An operator of the demo uploads a partner's metadata, in Chromium: by keyboard, and without JavaScript."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.ground import NARROW, WIDE, check_page
from tests.browser.visitor import KeyboardVisitor, Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo
from tests.saml.described import KEY, provider
from tests.saml.parties import HUB, certificate
from toegang.keys.certificates import read
from toegang.saml.metadata.values import EntityMetadata
from toegang.saml.metadata.write import write_metadata

pytestmark = pytest.mark.timeout(300)

FAR = datetime(2099, 1, 1, tzinfo=UTC)
OPERATOR = "olena"
PAGE = "/cockpit/metadata"
OWNER = "gemeente-zandermeer"


def partner(number: int) -> EntityMetadata:
    return replace(provider(number), valid_until=FAR)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write what a partner sends: its metadata, and the certificate by which it signs."""
    for number in (1, 2):
        (tmp_path / f"partner{number}.xml").write_bytes(write_metadata(partner(number), "_one", KEY))
    (tmp_path / "signer.pem").write_text(read(certificate("rsa", HUB)).pem)
    (tmp_path / "large.xml").write_bytes(b"<a>" + b" " * 6_000_000 + b"</a>")
    return tmp_path


def inside(visitor: Visitor) -> None:
    """Log in at the cockpit, by the way that leads there."""
    visitor.go(visitor.demo.hub + PAGE)
    visitor.log_in()
    if visitor.page.locator("button[name=do][value=confirm]").count():
        visitor.press("confirm")
    assert visitor.page.url.partition("?")[0] == visitor.demo.hub + PAGE


def choose(visitor: Visitor, field: str, path: Path) -> None:
    """Choose a file by the keyboard."""
    visitor.page.locator(f"#{field}").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_function(
        "([field, name]) => document.getElementById(field).files[0]?.name === name", arg=[field, path.name]
    )


def answer_choosers(page: Page, *paths: Path) -> None:
    """Have the browser's own window, which is not of the page, choose these files one after the other.

    Listened for from the start: the browser shows its window to those who listened before the page came.
    """
    left = list(paths)
    page.on("filechooser", lambda chooser: chooser.set_files(left.pop(0)))


def send(visitor: Visitor) -> None:
    visitor.push("Tonen wat er zou veranderen")


def test_an_operator_takes_over_metadata_by_keyboard_alone(
    browser: Browser, running_demo: RunningDemo, seen: Seen, files: Path
) -> None:
    with at_a_browser(browser, running_demo, OPERATOR, KeyboardVisitor, seen=seen) as olena:
        page = olena.page
        answer_choosers(page, files / "partner1.xml", files / "signer.pem")
        inside(olena)
        send(olena)
        assert page.locator("#errors").count() == 1
        choose(olena, "metadata", files / "partner1.xml")
        choose(olena, "signer_file", files / "signer.pem")
        olena.fill(organisation=OWNER)
        send(olena)
        assert olena.heading == "Wat er zou veranderen"
        assert "Nieuw: ondertekenen" in olena.text
        shown = page.url
        olena.press("take-over")
        assert olena.heading == "De metadata is overgenomen"
        olena.follow(partner(1).entity_id)
        assert olena.heading == "Sleutels van een partner"
        assert "partner1.xml" in olena.text
        olena.go(shown)
        assert olena.heading == "Dit bestand is niet overgenomen"


def test_the_same_goes_without_javascript_on_a_small_screen_and_in_english(
    browser: Browser, running_demo: RunningDemo, files: Path
) -> None:
    with at_a_browser(browser, running_demo, OPERATOR, script=False) as olena:
        inside(olena)
        page = olena.page
        page.set_viewport_size(NARROW)
        page.get_by_role("link", name="English").click()
        octets = (files / "partner2.xml").read_bytes()
        page.locator("#metadata").set_input_files(files / "partner2.xml")
        olena.fill(organisation=OWNER, sha256=hashlib.sha256(octets).hexdigest())
        olena.push("Show what would change")
        assert olena.heading == "What would change"
        olena.press("stop")
        assert olena.heading == "Upload the metadata of a partner"
        page.set_viewport_size(WIDE)


def test_a_refusal_can_be_read_by_everybody(browser: Browser, running_demo: RunningDemo, files: Path) -> None:
    with at_a_browser(browser, running_demo, OPERATOR) as olena:
        inside(olena)
        page = olena.page
        for language, name in product(("nl", "en"), ("partner1.xml", "large.xml")):
            page.goto(f"{running_demo.hub}{PAGE}?ui_locales={language}")
            page.locator("#metadata").set_input_files(files / name)
            page.locator("#sha256").fill("0" * 64)
            page.locator("button[type=submit]").first.click()
            assert page.locator("h1").inner_text() in {
                "Dit bestand is niet overgenomen",
                "This file is not taken over",
            }
            check_page(page)
