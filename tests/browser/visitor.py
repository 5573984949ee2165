"""A person at a browser: fills in fields, presses buttons, reads the telephone; and looks at every page.

Start in Visitor. KeyboardVisitor does the same without a mouse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, Response

from demo.catalogue import CITIZEN_MEANS
from demo.personas import Persona
from demo.places import Party
from tests.browser.ground import WIDE, check_page
from tests.running_demo import RunningDemo

MOST_TABS = 60
PATIENCE = 30_000  # milliseconds that a page may take when the machine is busy
OVERTAKEN = "interrupted by another navigation"  # as the browser calls it


@dataclass(slots=True)
class Seen:
    """The pages that were looked at before, by what they are for; and where their pictures go."""

    folder: Path
    pages: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Visitor:
    """One person; `look` checks each page of the hub the first time that anybody is there."""

    demo: RunningDemo
    page: Page
    persona: Persona
    seen: Seen | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """The heading of the page."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def go(self, url: str) -> None:
        """Go to an address, also when the page was just about to go elsewhere by itself."""
        try:
            self.page.goto(url)
        except Error as stopped:
            if OVERTAKEN not in stopped.message:
                raise
            self.page.wait_for_load_state()
            self.page.goto(url)
        self.look()

    def fill(self, **values: str) -> None:
        """Fill in fields."""
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)

    def press(self, value: str) -> None:
        """Press the button that sends `value`, and look at the page that comes."""
        self.use(self.page.locator(f"button[name=do][value={value}]"))

    def follow(self, text: str) -> None:
        """Follow a link by its text."""
        self.use(self.page.get_by_role("link", name=text, exact=True))

    def push(self, text: str) -> None:
        """Press a button by its text."""
        self.use(self.page.get_by_role("button", name=text, exact=True))

    def use(self, control: Locator) -> None:
        """Use a control, and look at the page that comes."""
        control.click()
        self.look()

    def headed(self, heading: str) -> None:
        """Wait until the page has gone on by itself, and look at it."""
        self.page.get_by_role("heading", name=heading).wait_for()
        self.look()

    def look(self) -> None:
        """See that the page stands up to what people need of it."""
        self.page.wait_for_load_state()
        if self.seen is None or not self.page.url.startswith(self.demo.hub):
            return
        name = what_it_is(self.page)
        if name not in self.seen.pages:
            self.seen.pages.add(name)
            self.page.screenshot(path=self.seen.folder / f"{name}.png", full_page=True)
            check_page(self.page)

    def received(self, service: str, level: str) -> None:
        """See the service provider's page, reached at this level."""
        assert self.heading == service
        assert self.page.locator("main p strong").first.inner_text() == level

    def choose_account(self) -> None:
        """Choose the account of the hub, where there is more than one means; it is not remembered."""
        choice = self.page.locator(f"button[name=means][value={CITIZEN_MEANS}]")
        if choice.count():
            self.page.locator("[name=remember]").uncheck()
            self.use(choice)

    def sign_in(self, password: str | None = None) -> None:
        """Fill in user name and password."""
        account = self.persona.account
        assert account
        self.choose_account()
        self.fill(user_name=account.user_name, password=password or account.password)
        self.press("sign-in")

    def text_message(self) -> str:
        """Read the code of the next text message on the telephone."""
        return self.demo.text_message_code(self.persona.telephone)

    def log_in(self, *, second_step: bool = True) -> None:
        """Log in from the sign-in page up to the question whether to go on."""
        self.sign_in()
        if second_step:
            self.fill(code=self.text_message())
            self.press("confirm")

    def open(self, party: Party, service: str) -> None:
        """Open a service provider's website and choose a service."""
        self.go(self.demo.places.url(party))
        self.follow(f"Log in voor {service}")


class KeyboardVisitor(Visitor):
    """The same without a mouse: Tab to a control, type, Enter."""

    def fill(self, **values: str) -> None:
        """Tab to each field and type."""
        for name, value in values.items():
            self.tab_to(self.page.locator(f"[name={name}]"))
            self.page.keyboard.type(value)

    def use(self, control: Locator) -> None:
        """Tab to a control and press Enter."""
        self.tab_to(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def pick(self, name: str, value: str) -> None:
        """Tab to a choice, and go to one of it with the arrows."""
        wanted = self.page.locator(f"[name={name}][value={value}]")
        for _ in range(MOST_TABS):
            if self.page.evaluate("() => document.activeElement.name ?? ''") == name:
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(self.page.locator(f"[name={name}]").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked()

    def save(self, control: Locator, place: Path) -> None:
        """Tab to what hands out a file, press Enter, and keep the file."""
        self.tab_to(control)
        with self.page.expect_download() as handed:
            self.page.keyboard.press("Enter")
        handed.value.save_as(place)

    def tab_to(self, control: Locator) -> None:
        """Press Tab until a control has the focus."""
        for _ in range(MOST_TABS):
            if control.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        message = f"Tab does not reach {control}"
        raise AssertionError(message)


@contextmanager
def at_a_browser(
    browser: Browser,
    demo: RunningDemo,
    persona: str,
    kind: type[Visitor] = Visitor,
    *,
    seen: Seen | None = None,
    script: bool = True,
    any_certificate: bool = False,
) -> Iterator[Visitor]:
    """Open a browser of their own for somebody; afterwards nothing may have gone wrong in it.

    With `any_certificate` it also goes to sites whose certificate vouches for itself.
    """
    context = browser.new_context(
        locale="nl-NL", viewport=WIDE, java_script_enabled=script, ignore_https_errors=any_certificate
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    visitor = kind(demo=demo, page=page, persona=demo.persona(persona), seen=seen)

    def heard(text: str) -> None:
        # A page that says what is wrong comes with a status that Chromium notes; that is no mistake.
        if not text.startswith("Failed to load resource"):
            visitor.problems.append(text)

    def answered(response: Response) -> None:
        if response.status >= 500:
            visitor.problems.append(f"{response.status} {response.url}")

    page.on("console", lambda message: heard(message.text))
    page.on("pageerror", lambda error: heard(str(error)))
    page.on("response", answered)
    try:
        yield visitor
        assert visitor.problems == []
    finally:
        context.close()


def what_it_is(page: Page) -> str:
    """Name a page by language and heading, and by whether it says that something is wrong."""
    language = page.locator("html").get_attribute("lang") or ""
    wrong = "-wrong" if page.locator("#errors").count() else ""
    words = re.sub(r"[^a-z0-9]+", "-", page.locator("h1").inner_text().lower()).strip("-")
    return f"{language}-{words}{wrong}"
