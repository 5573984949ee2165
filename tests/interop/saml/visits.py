"""People at a browser who log in by SAML: from a peer to the hub, perhaps to another peer, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Error, Request

from demo.catalogue import CITIZEN_MEANS
from tests.browser.visitor import Visitor, at_a_browser
from tests.interop.saml.house import House
from tests.interop.saml.peers import Peer
from tests.interop.saml.registrations import BASIC


@contextmanager
def at(browser: Browser, house: House, persona: str) -> Iterator[Visitor]:
    """Open a browser for somebody; the certificate of a peer that has TLS is its own.

    What goes wrong says where the browser was.
    """
    with at_a_browser(browser, house.demo, persona, any_certificate=True) as visitor:
        try:
            yield visitor
        except (AssertionError, Error) as error:
            shown = visitor.page.locator("body").inner_text()
            error.add_note(f"at {visitor.page.url[:200]}:\n{shown[:2000]}")
            raise
        # What Chromium misses in the form of nanoidp is not ours to mend.
        visitor.problems[:] = [each for each in visitor.problems if "autocomplete" not in each]


def told(visitor: Visitor) -> dict[str, Any]:
    """Read the JSON that a site shows, or the environment that a page of Apache shows."""
    shown = visitor.page.locator("pre")
    if shown.count() and not shown.first.inner_text().startswith("{"):
        return dict(line.partition("=")[::2] for line in shown.first.inner_text().splitlines())
    found: dict[str, Any] = json.loads(visitor.page.locator("body").inner_text())
    return found


def begin(visitor: Visitor, url: str, means: str = CITIZEN_MEANS) -> None:
    """Go to where a login begins, and choose a means where there is more than one."""
    visitor.page.goto(url)
    visitor.page.wait_for_url(f"{visitor.demo.hub}/**")
    choice = visitor.page.locator(f"button[name=means][value={means}]")
    if choice.count():
        choice.click()


def leave(visitor: Visitor, peer: Peer) -> None:
    """Go on from the hub to an identity provider."""
    if visitor.page.url.startswith(visitor.demo.hub):
        visitor.push("Verder")
    visitor.page.wait_for_url(f"*://*:{peer.port}/**")


def arrive(visitor: Visitor, peer: Peer) -> dict[str, Any]:
    """Come back at a peer, and return what it shows."""
    visitor.page.wait_for_url(f"{peer.url}/**")
    visitor.page.wait_for_load_state()
    return told(visitor)


def log_in(visitor: Visitor, peer: Peer, level: str = BASIC) -> dict[str, Any]:
    """Log in from a peer with the hub's own account, and return what the peer shows."""
    begin(visitor, peer.begin)
    visitor.log_in(second_step=level != BASIC)
    visitor.press("confirm")
    return arrive(visitor, peer)


def stop(visitor: Visitor, peer: Peer, level: str) -> None:
    """Begin a login at a peer, and stop it on the last page."""
    begin(visitor, peer.begin)
    visitor.log_in(second_step=level != BASIC)
    visitor.press("stop")
    visitor.page.wait_for_url(f"{peer.url}/**")
    visitor.page.wait_for_load_state()


def log_out(visitor: Visitor, peer: Peer) -> None:
    """Log out at a peer, which has the hub end its session too: who begins again is asked who they are."""
    visitor.page.goto(peer.end)
    visitor.page.wait_for_url(f"{peer.url}/")
    begin(visitor, peer.begin)
    visitor.page.locator("[name=password]").wait_for()


@contextmanager
def posts(visitor: Visitor) -> Iterator[list[Request]]:
    """Gather the forms that the browser sends to another site than the one it is at."""
    sent: list[Request] = []
    visitor.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    yield sent
    sent[:] = [one for one in sent if one.all_headers()["sec-fetch-site"] == "cross-site"]


def cookies_of(request: Request) -> set[str]:
    """Return the names of the cookies that came along."""
    told = request.all_headers().get("cookie", "")
    return {pair.partition("=")[0].strip() for pair in told.split(";") if pair}
