"""The other side of the app: a person at a page of the hub that meets it."""

from __future__ import annotations

from demo.catalogue import APP_MEANS
from demo.places import Party
from tests.browser.telephone import PIN, Telephone
from tests.browser.visitor import Visitor

SERVICE = "Uitslagen bekijken"  # asks level low
ADDED = "U hebt de app toegevoegd"


def enter_to_add(visitor: Visitor, *, second_step: bool = True) -> None:
    """Log in to My account with a password, up to where an app is added."""
    visitor.go(f"{visitor.demo.hub}/account/apps/new")
    visitor.log_in(second_step=second_step)
    visitor.press("begin")


def choose_app(visitor: Visitor) -> None:
    """Choose the app, which the browser is not to remember."""
    visitor.page.locator("[name=remember]").uncheck()
    visitor.use(visitor.page.locator(f"button[value={APP_MEANS}]"))


def go_to_service(visitor: Visitor) -> None:
    """Go to a service, at which the browser is nobody yet, and choose the app."""
    visitor.page.context.clear_cookies()
    visitor.open(Party.HOSPITAL, SERVICE)
    choose_app(visitor)


def meet(visitor: Visitor, device: Telephone) -> None:
    """Type the code that the app shows on the page, which then shows what to scan."""
    visitor.press("other")
    visitor.fill(app_code=device.show_code())
    visitor.press("code")


def number_on(visitor: Visitor) -> str:
    """Read the number below the QR code."""
    return visitor.page.locator(".qr-number").inner_text()


def add_app(
    visitor: Visitor, device: Telephone, *, pin: str = PIN, second_step: bool = True, leads_to: str = "linked"
) -> None:
    """Add the app to the visitor's account, by typing code and number."""
    begin_to_add(visitor, device, second_step=second_step)
    device.press("yes", "new-pin")
    device.choose_pin(pin, leads_to)


def begin_to_add(visitor: Visitor, device: Telephone, *, second_step: bool = True) -> None:
    """Bring the app to the visitor's account, up to the question whether that is them."""
    enter_to_add(visitor, second_step=second_step)
    meet(visitor, device)
    device.type_number(number_on(visitor), "link")


def scan_for_login(visitor: Visitor, device: Telephone) -> None:
    """Bring the app to a login of the visitor, up to the question whether that is them."""
    go_to_service(visitor)
    meet(visitor, device)
    device.type_number(number_on(visitor), "confirm")


def arrive(visitor: Visitor) -> None:
    """Be brought on by the page itself, and arrive at the service."""
    visitor.page.wait_for_url(f"{visitor.demo.hub}/login/**")
    visitor.look()
    visitor.press("confirm")
    assert visitor.heading == SERVICE
