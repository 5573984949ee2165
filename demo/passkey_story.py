"""The story of a passkey: added in My account, and used to log in without a password.

The device is the one in software of authenticator.py; what a page asks its browser is read from the page, and
what the device answers is sent with its form, as the page's script does.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from demo.authenticator import Authenticator
from demo.browser import Browser
from demo.catalogue import PASSKEY_MEANS
from demo.places import Party
from demo.stories import TOWN

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "tess"
_ASKED: Final = re.compile(r'data-options="([^"]*)"')


def tess(walk: Walk) -> str:
    """Add a passkey after a login with a text message; log in with it, after an answer of another website."""
    hub = walk.places.url(Party.HUB)
    device = Authenticator(origin=hub)
    page = walk.through_the_hub(walk.browser.get(f"{hub}/account/passkeys/new"), walk.credentials())
    page = _answer(walk, page, device.create(_asked(walk, page)), passkey_name="Laptop van Tess")
    walk.expect(is_so=page.heading == "U hebt een passkey toegevoegd", what="the passkey, added", page=page)

    with Browser() as another:  # this one remembers the means that she logged in with
        _log_in(replace(walk, browser=another), device)
    return "added a passkey; an answer of another website was refused; logged in with the passkey alone"


def _log_in(walk: Walk, device: Authenticator) -> None:
    page = walk.try_to_log_in(*TOWN, {"means": PASSKEY_MEANS})
    page = _answer(walk, page, device.use(_asked(walk, page), origin="https://toegang.example"))
    walk.expect(is_so="Deze passkey werkt hier niet" in page.text, what="a refused answer", page=page)
    page = _answer(walk, page, device.use(_asked(walk, page)))
    page = walk.through_the_hub(page, {})
    walk.expect(is_so=page.heading == TOWN[1], what=TOWN[1], page=page)
    walk.expect(is_so=walk.persona.bsn in page.text, what="the BSN at the municipality", page=page)


def _asked(walk: Walk, page: Page) -> dict[str, Any]:
    """Return what a page asks its browser."""
    found = _ASKED.search(page.text)
    walk.expect(is_so=found is not None, what="a question for a passkey", page=page)
    asked: dict[str, Any] = json.loads(html.unescape(found[1])) if found else {}
    return asked


def _answer(walk: Walk, page: Page, answer: object, **fields: str) -> Page:
    """Send what the device answered with the page's form."""
    form = page.form_with("credential")
    walk.expect(is_so=form is not None, what="a form for the answer", page=page)
    assert form is not None  # noqa: S101 seen above
    pressed = next(button for button in form.buttons if button[1] in {"prove", "add"})
    return walk.browser.submit(page, form, {"credential": json.dumps(answer), **fields}, pressed)
