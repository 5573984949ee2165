"""The story of a mistake: a death that is reported, stops every login at once, and is taken back."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demo.browser import Browser
from demo.places import Party
from demo.stories import DIED, PORTAL

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "ahmet"
PATIENCE: Final = 20.0  # seconds that the hub may take to hear of it
BETWEEN_LOOKS: Final = 0.5


def ahmet(walk: Walk) -> str:
    """Be reported dead: no login, until the register takes it back."""
    _report(walk, "Meld het overlijden van")
    _until(walk, DIED)
    _report(walk, "Trek het overlijden in van")
    _until(walk, PORTAL[1])
    return "reported dead: no login any more; taken back: logged in at level basis, with the same account"


def _report(walk: Walk, button: str) -> None:
    """Press the button at the register, as a registrar would."""
    page = walk.browser.get(walk.places.url(Party.POPULATION))
    form = next((each for each in page.forms if walk.persona.bsn in each.action), None)
    wanted = f"{button} {walk.persona.full_name}"
    walk.expect(is_so=form is not None and wanted in page.text, what=wanted, page=page)
    assert form is not None  # noqa: S101 seen above
    walk.say(f"at the register: {wanted}")
    walk.browser.submit(page, form, {}, None)


def _until(walk: Walk, heading: str) -> Page:
    """Log in until it ends with this heading; the hub hears of it within seconds."""
    until = time.monotonic() + PATIENCE
    while True:
        with Browser() as another:
            page = replace(walk, browser=another).try_to_log_in(*PORTAL)
        if page.heading == heading or time.monotonic() > until:
            walk.expect(is_so=page.heading == heading, what=heading, page=page)
            return page
        time.sleep(BETWEEN_LOOKS)
