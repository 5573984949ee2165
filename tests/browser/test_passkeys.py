"""Passkeys in a real Chromium, whose own authenticator is made of software: added, used, copied, stopped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession

from demo.catalogue import CITIZEN_MEANS, PASSKEY_MEANS
from demo.places import Party
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import SERVICE, arrive
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)
PERSONA = "maximiliaan"
PASSKEY_PAGE = "Inloggen met een passkey"
OLD = """
for (const name of ["parseCreationOptionsFromJSON", "parseRequestOptionsFromJSON"]) {
  delete PublicKeyCredential[name];
}
delete PublicKeyCredential.prototype.toJSON;
"""  # what browsers of some years ago do not have
ADDED = "U hebt een passkey toegevoegd"


class Device:
    """The authenticator of one browser: it verifies its person by itself, whenever it is asked."""

    def __init__(self, visitor: Visitor, **more: object) -> None:
        self.wire: CDPSession = visitor.page.context.new_cdp_session(visitor.page)
        self.wire.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.wire.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})
        self.id = made["authenticatorId"]

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The passkeys that are on it."""
        found = self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        credentials: list[dict[str, Any]] = found["credentials"]
        return credentials

    def take(self, credential: dict[str, Any]) -> None:
        """Put a passkey on it."""
        self.wire.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def verifies(self, *, its_person: bool) -> None:
        """Let it see its own person from now on, or somebody else."""
        state = {"authenticatorId": self.id, "isUserVerified": its_person}
        self.wire.send("WebAuthn.setUserVerified", state)


def add(visitor: Visitor, name: str) -> None:
    """Add a passkey in My account, where the visitor has logged in just now."""
    visitor.go(f"{visitor.demo.hub}/account/passkeys/new")
    visitor.fill(passkey_name=name)
    visitor.page.locator("#passkey-button").click()
    visitor.page.get_by_role("heading", name=ADDED).wait_for()
    visitor.look()


def to_login(visitor: Visitor) -> None:
    """Come to the page of passkeys on the way to a service, where the browser is nobody yet."""
    visitor.page.context.clear_cookies()
    visitor.open(Party.HOSPITAL, SERVICE)
    visitor.page.locator("[name=remember]").uncheck()
    visitor.use(visitor.page.locator(f"button[value={PASSKEY_MEANS}]"))
    assert visitor.heading == PASSKEY_PAGE


def pick_at_password(visitor: Visitor) -> None:
    """Come to the password, where the browser offers the passkey in a field; this one picks it by itself."""
    visitor.page.context.clear_cookies()
    visitor.open(Party.HOSPITAL, SERVICE)
    visitor.page.locator("[name=remember]").uncheck()
    visitor.page.locator(f"button[value={CITIZEN_MEANS}]").click()
    visitor.page.locator("button[value=confirm]").wait_for(timeout=30_000)
    arrive(visitor)


def use(visitor: Visitor) -> None:
    visitor.page.locator("#passkey-button").click()


def told(visitor: Visitor, which: str) -> None:
    visitor.page.locator(f"[data-told={which}]:not([hidden])").wait_for()


@pytest.fixture
def owner(browser: Browser, app_demo: RunningDemo, seen: Seen) -> Iterator[Visitor]:
    """Give somebody a browser, in which they logged in to add a passkey."""
    with at_a_browser(browser, app_demo, PERSONA, seen=seen) as visitor:
        yield visitor


@pytest.fixture
def other(browser: Browser, app_demo: RunningDemo, seen: Seen) -> Iterator[Visitor]:
    with at_a_browser(browser, app_demo, PERSONA, seen=seen) as visitor:
        yield visitor


def test_a_passkey_is_added_used_refused_to_others_and_stopped_when_it_was_copied(
    browser: Browser, app_demo: RunningDemo, owner: Visitor, other: Visitor
) -> None:
    own = Device(owner)
    owner.go(f"{owner.demo.hub}/account/passkeys/new")
    owner.log_in()
    owner.page.get_by_role("heading", name="Een passkey toevoegen").wait_for()
    owner.page.set_viewport_size({"width": 320, "height": 800})
    owner.look()
    add(owner, "Laptop van Max")
    owner.go(f"{owner.demo.hub}/account/passkeys/new")
    owner.fill(passkey_name="Nog een keer")
    use(owner)
    told(owner, "known")  # the browser keeps one passkey of this account
    owner.go(f"{owner.demo.hub}/account/passkeys")
    assert "Laptop van Max" in owner.text

    to_login(owner)
    own.verifies(its_person=False)
    use(owner)
    told(owner, "stopped")
    own.verifies(its_person=True)
    use(owner)
    arrive(owner)
    pick_at_password(owner)

    theirs = Device(other)
    to_login(other)
    use(other)
    told(other, "stopped")  # no passkey there
    theirs.take(own.kept[0] | {"signCount": 0})
    use(other)
    other.page.locator("#errors").wait_for()
    other.look()
    assert "misschien heeft iemand hem gekopieerd" in other.text
    to_login(owner)
    use(owner)
    owner.page.locator("#errors").wait_for()
    assert "Deze passkey werkt hier niet" in owner.text

    with at_a_browser(browser, app_demo, PERSONA, script=False) as plain:
        to_login(plain)
        assert "scripts staan uit" in plain.text
        assert not plain.page.locator("#passkey-button").is_visible()
        plain.press("means")
        assert plain.heading == "Hoe wilt u inloggen?"


def test_a_synced_passkey_works_in_another_browser_by_a_script_for_older_ones(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    synced = {"defaultBackupEligibility": True, "defaultBackupState": True}
    with (
        at_a_browser(browser, app_demo, "tess", seen=seen) as visitor,
        at_a_browser(browser, app_demo, "tess") as elsewhere,
    ):
        visitor.page.add_init_script(OLD)
        device = Device(visitor, **synced)
        visitor.go(f"{visitor.demo.hub}/account/passkeys/new")
        visitor.log_in()
        add(visitor, "Wachtwoordkluis")
        visitor.go(f"{visitor.demo.hub}/account/passkeys")
        assert "op al uw apparaten" in visitor.text
        (passkey,) = device.kept
        second = Device(elsewhere, **synced)
        second.take(passkey | {"signCount": 1_000})
        elsewhere.page.add_init_script(OLD)
        to_login(elsewhere)
        use(elsewhere)
        arrive(elsewhere)
        visitor.go(f"{visitor.demo.hub}/account/passkeys")
        visitor.use(visitor.page.locator("button[name=passkey]"))
        assert "U hebt geen passkey." in visitor.text
        to_login(elsewhere)
        use(elsewhere)
        elsewhere.page.locator("#errors").wait_for()
