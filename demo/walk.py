"""One made-up person's walk through the hub: logging in, applying for an account, reading the post.

Everything goes over HTTP: pages are read, forms filled in, codes come from the pages of the telephone and
the letter box.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from demo.catalogue import CITIZEN_MEANS
from demo.places import Guest, Party

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from demo.browser import Browser, Form, Page
    from demo.personas import Persona
    from demo.places import Places

TEXT_CODE = re.compile(r"\b(\d{6})\b")
LETTER_CODE = re.compile(r"code:\s+([A-Z0-9][A-Z0-9 -]+[A-Z0-9])\s")
PATIENCE = 10.0  # seconds that a code or a letter may take
BETWEEN_LOOKS = 0.05
NOT_PRESSED = frozenset({"stop", "extend", "skip", "back", "again", "resend", "other", "language"})
GO_ON = ("do", "go-on")
"""The first button of an invitation: it is passed by."""
FOR_MYSELF = ("do", "for-myself")
"""The first button where the hub asks for whom somebody logs in."""

ASKED = ("user_name", "activation_code", "code", "number_for", "means", "do")
"""What the hub may ask in one login, each once: asked again, it is a refusal."""


class ProofFailed(Exception):
    """A step did not lead where it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One person at one browser; `pages` are the pages of the hub that they saw.

    `codes` are the text messages that were read before, also by whoever walked with this telephone earlier.
    """

    places: Places
    browser: Browser
    persona: Persona
    say: Callable[[str], None]
    codes: set[str] = field(default_factory=set)
    read_before: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)

    def log_in(
        self, party: Party, offer: str, level: str, credentials: Mapping[str, str] | None = None
    ) -> Page:
        """Log in for a service; the level must be on the page that the service then shows."""
        page = self.try_to_log_in(party, offer, credentials)
        self.expect(
            is_so=page.heading == offer and f"niveau <strong>{level}</strong>" in page.text,
            what=f"{offer} at level {level}",
            page=page,
        )
        self.say(f"  the service shows {offer}: logged in at level {level}")
        return page

    def try_to_log_in(
        self,
        party: Party | Guest,
        offer: str,
        credentials: Mapping[str, str] | None = None,
        whom: str = "",
    ) -> Page:
        """Log in as far as it goes, as the persona or with these credentials; return the last page.

        `whom` is for whom, where the hub asks; empty for themselves.
        """
        self.say(f"{self.persona.full_name} opens {self.places.url(party)} and chooses {offer}")
        start = self.browser.get(self.places.url(party))
        page = self.browser.get(start.link(f"Log in voor {offer}"))
        return self.through_the_hub(page, credentials or self.credentials(), whom)

    def through_the_hub(self, page: Page, values: Mapping[str, str], whom: str = "") -> Page:
        """Answer what the hub asks until the browser is elsewhere, or it asks the same again."""
        left = list(ASKED)
        while page.url.startswith(self.places.url(Party.HUB)):
            self.pages.append(page)
            self.say(f"  the hub asks: {page.heading}")
            meant = page.button(whom) if whom else None
            if meant is not None:
                page = self.browser.submit(page, meant[0], {}, meant[1])
                continue
            passed = next((button(form) for form in page.forms if button(form) in {GO_ON, FOR_MYSELF}), None)
            if passed is not None:
                before, page = page, self.fill(page, {}, passed)
                if (page.url, page.heading) == (before.url, before.heading):  # asked the same again
                    return page
                continue
            found = ((name, page.form_with(name)) for name in left)
            name, form = next(((name, form) for name, form in found if form and button(form)), ("", None))
            if form is None:
                return page
            left.remove(name)
            filled = {"code": self.text_code()} if name == "code" else values
            means = ("means", values.get("means", CITIZEN_MEANS))
            page = self.fill(page, filled, means if name == "means" else None)
        return page

    def credentials(self) -> dict[str, str]:
        """Return the name and password of the account that the persona has."""
        account = self.persona.account
        if account is None:
            message = f"{self.persona.full_name} has no account"
            raise ProofFailed(message)
        return {"user_name": account.user_name, "password": account.password}

    def apply(self, values: Mapping[str, str], telephone: str = "") -> Page:
        """Apply for an account, with a telephone number or without; return the page that ends it."""
        self.say(f"{self.persona.full_name} applies for an account")
        page = self.browser.get(f"{self.places.url(Party.HUB)}/account/apply")
        page = self.browser.get(page.link("Beginnen"))
        for _ in range(2):  # who you are; name and password
            self.pages.append(page)
            page = self.fill(page, values)
        self.pages.append(page)
        if telephone:
            page = self.fill(page, {"telephone": telephone})
            self.pages.append(page)
            page = self.fill(page, {"code": self.text_code()})
        else:
            page = self.fill(page, {}, ("do", "skip"))
        self.pages.append(page)
        self.expect(is_so=page.url.endswith("/account/apply/sent"), what="an application", page=page)
        return page

    def fill(self, page: Page, values: Mapping[str, str], pressed: tuple[str, str] | None = None) -> Page:
        """Fill in the form of the page that asks these, and press its first button that goes on."""
        asked = [form for form in page.forms if button(form) and (set(values) & set(form.fields))]
        forms = asked or [form for form in page.forms if button(form)]
        self.expect(is_so=bool(forms), what="something to fill in", page=page)
        given = {name: value for name, value in values.items() if name in forms[0].fields}
        return self.browser.submit(page, forms[0], given, pressed or button(forms[0]))

    def text_code(self) -> str:
        """Wait for the next text message, and return the code in it."""
        began = time.monotonic()
        url = f"{self.places.url(Party.TELEPHONE)}/telephones/{self.persona.telephone[1:]}/texts.json"
        code = self.wait(lambda: self._new(url, TEXT_CODE, "", self.codes))
        if not code:
            message = f"no code within {PATIENCE:.0f} seconds at {url}"
            raise ProofFailed(message)
        self.say(f"  the telephone shows the code after {time.monotonic() - began:.1f} s")
        return code

    def letter(self, *, wait: bool = True) -> str:
        """Return the code of the newest letter to this person; empty when there is none."""
        url = f"{self.places.url(Party.LETTERBOX)}/letters.json"
        family = str(self.persona.record["names"]["family"])

        def look() -> str:
            return self._new(url, LETTER_CODE, family, self.read_before)

        return self.wait(look) if wait else look()

    def mail(self, text: re.Pattern[str], to: str) -> str:
        """Wait for the next mail to an address in which something stands, and return that.

        Raises:
            ProofFailed: none came.

        """
        url = f"{self.places.url(Party.MAILBOX)}/mails.json"
        found = self.wait(lambda: self._new(url, text, to, self.read_before))
        if not found:
            message = f"{self.persona.full_name}: no such mail at {url}"
            raise ProofFailed(message)
        return found

    def expect(self, *, is_so: bool, what: str, page: Page) -> None:
        """Refuse to go on when something is not as the story says.

        Raises:
            ProofFailed: always, unless it is so.

        """
        if not is_so:
            message = (
                f"{self.persona.full_name}: expected {what}, found {page.heading!r} "
                f"(status {page.status}) at {page.url}"
            )
            raise ProofFailed(message)

    def wait(self, look: Callable[[], str]) -> str:
        """Look until there is something, or it takes too long; return it."""
        until = time.monotonic() + PATIENCE
        while not (found := look()) and time.monotonic() < until:
            time.sleep(BETWEEN_LOOKS)
        return found

    @staticmethod
    def _new(url: str, code: re.Pattern[str], family: str, read: set[str]) -> str:
        for each in httpx2.get(url, timeout=5).json():
            addressed = family in " ".join(each.get("address", [family]))
            found = code.search(each["text"]) if addressed and each["id"] not in read else None
            if found:
                read.add(each["id"])
                return found[1]
        return ""


def button(form: Form) -> tuple[str, str] | None:
    """Return the first button of a form that goes on."""
    return next((each for each in form.buttons if each[1] not in NOT_PRESSED), None)
