"""Proof: logs in at both service providers as a person would, and prints each step.

Everything goes over HTTP: pages are read, forms filled in, the code comes from the telephone's page.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from demo.browser import Browser
from demo.personas import read_personas
from demo.places import Party

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.browser import Form, Page
    from demo.personas import Account, Persona
    from demo.places import Places

CODE = re.compile(r"\b(\d{6})\b")
PATIENCE = 5.0  # seconds that a code may take to reach the telephone
MOST_PAGES = 12  # of the hub in one login
NOT_PRESSED = frozenset({"stop", "extend", "skip", "back", "again", "resend", "other", "language"})


class ProofFailed(Exception):
    """A step did not lead where it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One person's walk."""

    places: Places
    browser: Browser
    persona: Persona
    say: Callable[[str], None]
    read_before: set[str] = field(default_factory=set)

    def log_in(self, party: Party, offer: str, level: str) -> Page:
        """Log in for a service; the level must be on the page that the service then shows."""
        self.say(f"{self.persona.full_name} opens {self.places.url(party)} and chooses {offer}")
        start = self.browser.get(self.places.url(party))
        page = self._through_the_hub(self.browser.get(start.link(f"Log in voor {offer}")))
        if page.heading != offer or f"niveau <strong>{level}</strong>" not in page.text:
            message = f"expected {offer} at level {level}, found {page.heading!r} at {page.url}"
            raise ProofFailed(message)
        self.say(f"  the service shows {offer}: logged in at level {level}")
        return page

    def log_out(self, page: Page) -> None:
        """Log out at the service and at the hub."""
        form = next(form for form in page.forms if form.action == "/logout")
        left = self.browser.submit(page, form, {}, None)
        self.say(f"  logged out; now at {left.url}: {left.heading}")

    def _through_the_hub(self, page: Page) -> Page:
        for _ in range(MOST_PAGES):
            if not page.url.startswith(self.places.url(Party.HUB)):
                return page
            self.say(f"  the hub asks: {page.heading}")
            page = self._answer(page)
        message = f"the hub goes on asking: {page.heading!r} at {page.url}"
        raise ProofFailed(message)

    def _answer(self, page: Page) -> Page:
        account = self._account()
        for name, values in (
            ("user_name", {"user_name": account.user_name, "password": account.password}),
            ("code", {}),
            ("means", {}),
            ("do", {}),
        ):
            form = page.form_with(name)
            if form is not None:
                filled = {"code": self._code()} if name == "code" else values
                return self.browser.submit(page, form, filled, _button(form))
        message = f"nothing to fill in at {page.url} (status {page.status}): {page.heading!r}"
        raise ProofFailed(message)

    def _account(self) -> Account:
        if self.persona.account is None:
            message = f"{self.persona.full_name} has no account"
            raise ProofFailed(message)
        return self.persona.account

    def _code(self) -> str:
        url = f"{self.places.url(Party.TELEPHONE)}/telephones/{self.persona.telephone[1:]}/texts.json"
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            new = [text for text in httpx2.get(url, timeout=5).json() if text["id"] not in self.read_before]
            found = CODE.search(new[0]["text"]) if new else None
            if found is not None:
                self.read_before.add(new[0]["id"])
                self.say(f"  the telephone shows the code after {time.monotonic() - began:.1f} s")
                return found[1]
            time.sleep(0.05)
        message = f"no code within {PATIENCE:.0f} seconds at {url}"
        raise ProofFailed(message)


def prove(places: Places, say: Callable[[str], None] = print) -> None:
    """Log Sanne in at the hospital (basis, then midden) and at the municipality (midden), and out again.

    Raises:
        ProofFailed, LookupError: a step did not lead where it should.

    """
    sanne = next(persona for persona in read_personas() if persona.id == "sanne")
    with Browser() as browser:
        walk = Proof(places=places, browser=browser, persona=sanne, say=say)
        walk.log_in(Party.HOSPITAL, "Mijn De Linde", "basis")
        walk.log_in(Party.HOSPITAL, "Uitslagen bekijken", "midden")
        page = walk.log_in(Party.MUNICIPALITY, "Mijn Zandermeer", "midden")
        if sanne.bsn not in page.text:
            message = "the municipality did not receive the BSN that it is entitled to"
            raise ProofFailed(message)
        say("  the municipality received the BSN; the hospital only a pseudonym")
        walk.log_out(page)


def _button(form: Form) -> tuple[str, str] | None:
    return next((button for button in form.buttons if button[1] not in NOT_PRESSED), None)
