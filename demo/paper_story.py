"""The story of a passport: an app at level midden, a service that asks substantieel, and a check in between.

The documents and their reader are the ones in software at papers.py; the app is the one of app_device.py.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demo.app_device import Device
from demo.app_story import PIN, opened, press, sender
from demo.browser import Browser
from demo.catalogue import APP_MEANS
from demo.issued_papers import issued
from demo.places import Party

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "nadia"
MOVING: Final = (Party.MUNICIPALITY, "Verhuizing doorgeven")
SUBSTANTIAL: Final = "niveau <strong>substantieel</strong>"
CODE: Final = re.compile(r'qr-number"><strong>([A-Z-]+)<')


def nadia(walk: Walk) -> str:
    """Add the app, be asked for more, fail with somebody else's passport, and get in with her own."""
    hub = walk.places.url(Party.HUB)
    device = Device(issuer=hub, send=sender(hub))
    page = walk.through_the_hub(walk.browser.get(f"{hub}/account/apps/new"), walk.credentials())
    page = press(walk, page, "here")
    asyncio.run(device.activate(opened(device, page), PIN, "Telefoon van Nadia"))
    with Browser() as another:  # this one remembers the means that she logged in with
        rounds = _raise(replace(walk, browser=another), device)
    with Browser() as later:
        again = replace(walk, browser=later)
        page = again.through_the_hub(_confirm(again, device), {})
        walk.expect(is_so=page.heading == MOVING[1], what="no second check", page=page)
    return (
        f"the app was at midden; somebody else's passport was refused; her own, in {rounds} rounds, made the "
        f"app substantieel, and the next login needs no check"
    )


def _raise(walk: Walk, device: Device) -> str:
    page = _confirm(walk, device)
    walk.expect(
        is_so=page.heading == "Laat eerst uw identiteitsbewijs controleren", what="a check first", page=page
    )
    page = press(walk, page, "check")
    read(walk, page, "sanne", "niet worden gebruikt")
    page = press(walk, walk.browser.get(page.url), "again")
    page = press(walk, press(walk, page, "on"), "check")
    told = read(walk, page, walk.persona.id, "Gelukt")
    page = press(walk, walk.browser.get(page.url), "on")
    page = walk.through_the_hub(page, {})
    is_so = page.heading == MOVING[1] and SUBSTANTIAL in page.text
    walk.expect(is_so=is_so, what=f"{MOVING[1]} at level substantieel", page=page)
    return told.text.partition("spraken elkaar in ")[2].partition(" ")[0]


def _confirm(walk: Walk, device: Device) -> Page:
    """Choose the app and confirm in it; return where it brings the browser back."""
    page = walk.try_to_log_in(*MOVING, {"means": APP_MEANS})
    return walk.browser.get(asyncio.run(device.confirm(opened(device, page), PIN)))


def read(walk: Walk, page: Page, whose: str, outcome: str) -> Page:
    """Bring the letters of a page to the reader, with somebody's passport."""
    found = CODE.search(page.text)
    walk.expect(is_so=found is not None, what="letters for the reader", page=page)
    assert found is not None  # noqa: S101 seen above
    number = next(each.number for each in issued() if each.persona == whose)
    table = walk.browser.get(walk.places.url(Party.PAPERS))
    (form,) = table.forms
    asked = walk.browser.submit(table, form, {"code": found[1], "paper": number}, ("do", "take"))
    walk.expect(is_so="identiteitsbewijs controleren" in asked.text, what="what it is for", page=asked)
    told = press(walk, asked, "read")
    walk.expect(is_so=outcome in told.text, what=f"{outcome} at the reader", page=told)
    return told
