"""Somebody with the app on a telephone: reads its screens and presses its buttons.

Start in Telephone. What its camera sees is a film made of the page on the other device (`film`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from tests.browser.ground import check_page
from tests.browser.visitor import PATIENCE, Seen
from toegang.web.assets import Assets

TELEPHONE: ViewportSize = {"width": 390, "height": 844}
SMALL: ViewportSize = {"width": 320, "height": 640}
SCREEN = "[data-screen]:not([hidden])"
PIN = "27018"

# Where Tab begins: at the top again, not at the heading that the new screen took the focus to.
_FROM_THE_TOP = """() => {
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute("tabindex");
}"""
# A picture of a QR code as a grey frame of a camera, with some wall around it.
_GREY = """async ([picture, width, height]) => {
  const image = await createImageBitmap(await (await fetch(picture)).blob());
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#ccc";
  brush.fillRect(0, 0, width, height);
  const side = height * 0.8;
  brush.drawImage(image, (width - side) / 2, (height - side) / 2, side, side);
  const { data } = brush.getImageData(0, 0, width, height);
  const grey = Array.from({ length: width * height }, (_, at) => String.fromCharCode(data[at * 4]));
  return btoa(grey.join(""));
}"""
_READ = """async picture => {
  const image = await createImageBitmap(await (await fetch(picture)).blob());
  const brush = new OffscreenCanvas(image.width, image.height).getContext("2d");
  brush.drawImage(image, 0, 0);
  return jsQR(brush.getImageData(0, 0, image.width, image.height).data, image.width, image.height).data;
}"""
FRAME = (640, 480)  # pixels


@dataclass(slots=True)
class Telephone:
    """One device with the app open; `look` checks each screen the first time that anybody is there."""

    hub: str
    page: Page
    seen: Seen | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def screen(self) -> str:
        """The name of the screen."""
        return self.page.locator(SCREEN).get_attribute("data-screen") or ""

    @property
    def text(self) -> str:
        """What the screen says."""
        return self.page.locator("main").inner_text()

    @property
    def tries_left(self) -> str:
        """How many tries of the PIN are left, as the screen says."""
        return self.page.locator(f"{SCREEN} [data-slot=left]").inner_text()

    def open(self, fragment: str = "") -> None:
        """Open the app."""
        self.page.goto(f"{self.hub}/app/{fragment}")
        self.page.locator(SCREEN).wait_for()
        self.look()

    def button(self, value: str) -> Locator:
        """Find a button of the screen."""
        return self.page.locator(f"{SCREEN} button[value={value}]")

    def press(self, value: str, leads_to: str) -> None:
        """Press a button, and look at the screen that comes."""
        self.button(value).click()
        self.arrive(leads_to)

    def press_in_details(self, value: str, leads_to: str) -> None:
        """Press a button that is shown only once what it is about was opened."""
        self.page.locator(f"{SCREEN} details", has=self.page.locator(f"button[value={value}]")).locator(
            "summary"
        ).click()
        self.press(value, leads_to)

    def arrive(self, screen: str) -> None:
        """Wait for a screen, and for what was asked of the hub when it was there before; look at it."""
        self.page.locator(f"[data-screen={screen}]:not([hidden])").wait_for()
        self.page.locator("#status").wait_for(state="hidden")
        self.look()

    def fill(self, **values: str) -> None:
        """Fill in fields."""
        for name, value in values.items():
            self.page.locator(f"{SCREEN} [name={name}]").fill(value)

    def show_code(self) -> str:
        """Begin at the start, and read the code that the app shows."""
        self.press("contact", "code")
        shown = self.page.locator("[data-slot=code]").inner_text()
        assert re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{4}", shown)
        return shown

    def type_number(self, number: str, leads_to: str) -> None:
        """Type the number that the page shows."""
        self.press("number", "number")
        self.fill(number=number)
        self.press("number", leads_to)

    def choose_pin(self, pin: str = PIN, leads_to: str = "linked") -> None:
        """Choose a PIN, twice."""
        self.fill(new_pin=pin, new_pin_again=pin)
        self.press("choose", leads_to)

    def give_pin(self, pin: str = PIN, leads_to: str = "confirmed") -> None:
        """Fill in the PIN."""
        self.fill(pin=pin)
        self.press("pin", leads_to)

    def give_old_pin(self, pin: str = PIN, leads_to: str = "new-pin") -> None:
        """Fill in the PIN that is to become another."""
        self.fill(old_pin=pin)
        self.press("pin", leads_to)

    def look(self) -> None:
        """See that the screen stands up to what people need of it, and leave pictures of it."""
        language = self.page.locator("html").get_attribute("lang")
        wrong = "-wrong" if self.page.locator(f"{SCREEN} [aria-invalid=true]").count() else ""
        name = f"app-{language}-{self.screen}{wrong}"
        if self.seen is None or name in self.seen.pages:
            return
        self.seen.pages.add(name)
        for size, viewport in (("small", SMALL), ("telephone", TELEPHONE)):
            self.page.set_viewport_size(viewport)
            self.page.screenshot(path=self.seen.folder / f"{name}-{size}.png", full_page=True)
        focused = self.page.evaluate_handle("() => document.activeElement")
        check_screen(self.page)
        self.page.set_viewport_size(TELEPHONE)
        self.page.evaluate("one => one.focus()", focused)


def check_screen(page: Page) -> None:
    """Check a screen of the app as every page is checked."""
    page.evaluate(_FROM_THE_TOP)
    check_page(page)


@contextmanager
def telephone(
    browser: Browser, hub: str, *, seen: Seen | None = None, language: str = "nl-NL"
) -> Iterator[Telephone]:
    """Open a browser of its own on a telephone; afterwards nothing may have gone wrong in it."""
    context = browser.new_context(locale=language, viewport=TELEPHONE, is_mobile=True, has_touch=True)
    try:
        yield with_app(context, hub, seen)
    finally:
        context.close()


def with_app(context: BrowserContext, hub: str, seen: Seen | None = None) -> Telephone:
    """Open the app in a browser that runs already."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    device = Telephone(hub=hub, page=page, seen=seen)

    def heard(text: str) -> None:
        # A refusal comes with a status that Chromium notes; that is no mistake.
        if not text.startswith("Failed to load resource"):
            device.problems.append(text)

    page.on("console", lambda message: heard(message.text))
    page.on("pageerror", lambda error: heard(str(error)))
    device.open()
    return device


def read_code(page: Page, picture: Locator) -> str:
    """Read a QR code as the camera of a telephone does, which opens what is in it."""
    address = "data:image/png;base64," + base64.b64encode(picture.screenshot()).decode()
    blank = page.context.new_page()
    blank.evaluate(Assets.load().text("app/jsqr.js"))
    read: str = blank.evaluate(_READ, address)
    blank.close()
    return read


def film(picture: Locator, place: Path) -> None:
    """Make what a camera sees that is held before `picture`, where Chromium looks for it (YUV4MPEG2)."""
    width, height = FRAME
    address = "data:image/png;base64," + base64.b64encode(picture.screenshot()).decode()
    blank = picture.page.context.new_page()
    grey = base64.b64decode(blank.evaluate(_GREY, [address, width, height]))
    blank.close()
    colourless = bytes([128]) * (width * height // 2)
    frame = b"FRAME\n" + grey + colourless
    head = f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\n".encode()
    place.write_bytes(head + frame * 5)
