"""The story of the app: added in My account, used to log in on the same device, and called by a browser.

The device is the one in software of app_device.py: real keys, and the protocol of docs/protocols/app.md.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx2

from demo.app_device import Device
from demo.app_push import Pushes
from demo.browser import Browser
from demo.catalogue import APP_MEANS
from demo.places import Party
from demo.stories import TOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.app_device import Send, Session
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "suharti"
PIN: Final = "27182"
OTHER_PIN: Final = "31415"
NEW_PIN: Final = "86420"


def suharti(walk: Walk) -> str:
    """Add the app; log in, after a wrong PIN; choose a new PIN with the old one; be called by push."""
    hub = walk.places.url(Party.HUB)
    device = Device(issuer=hub, send=sender(hub))
    page = walk.through_the_hub(walk.browser.get(f"{hub}/account/apps/new"), walk.credentials())
    page = press(walk, page, "here")
    asyncio.run(device.activate(opened(device, page), PIN, "Telefoon van Suharti"))
    page = walk.browser.get(page.url)
    walk.expect(is_so=page.heading == "U hebt de app toegevoegd", what="the app, added", page=page)

    with Browser() as another:  # this one remembers the means that she logged in with
        left = _log_in(replace(walk, browser=another), device)
    asyncio.run(device.change_pin(PIN, NEW_PIN))
    with Browser() as known:
        kind = _be_called(replace(walk, browser=known), device)
    return (
        f"added the app; a wrong PIN was refused, {left} tries left; logged in with the app at level midden; "
        f"chose a new PIN with the old one; a push said {kind}, and the number of the page let it in"
    )


def _log_in(walk: Walk, device: Device) -> int:
    """Log in at the municipality; return how many tries a wrong PIN left."""
    page = walk.try_to_log_in(*TOWN, {"means": APP_MEANS})
    session = opened(device, page)
    left = asyncio.run(_tries_left(device, session))
    walk.expect(is_so=left > 0, what="a wrong PIN that is counted", page=page)
    page = walk.browser.get(asyncio.run(device.confirm(session, PIN)))
    page = walk.through_the_hub(page, {})
    walk.expect(is_so=page.heading == TOWN[1], what=TOWN[1], page=page)
    walk.expect(is_so=walk.persona.bsn in page.text, what="the BSN at the municipality", page=page)
    return left


def _be_called(walk: Walk, device: Device) -> str:
    """Let a browser know the app, and be called from it at the next login; return what the push said."""
    page = walk.try_to_log_in(*TOWN, {"means": APP_MEANS})
    contact = asyncio.run(device.open_contact())
    page = press(walk, press(walk, page, "way"), "other")
    page = press(walk, page, "code", {"app_code": contact.code, "remember_app": "yes"})
    number = page.text.partition('qr-number"><strong>')[2][:11].replace(" ", "")
    asyncio.run(device.confirm(asyncio.run(device.scan(contact, number=number)), NEW_PIN))
    page = walk.through_the_hub(press(walk, walk.browser.get(page.url), "on"), {})
    walk.browser.submit(page, next(form for form in page.forms if form.action == "/logout"), {}, None)

    pushes, hub = Pushes(), walk.places.url(Party.HUB)
    key = walk.browser.get(f"{hub}/app/").text.partition('data-push-key="')[2].partition('"')[0]
    told = asyncio.run(pushes.subscribe(walk.places.url(Party.PUSHSERVICE), key))
    asyncio.run(device.subscribe(**told))
    page = walk.try_to_log_in(*TOWN, {"means": APP_MEANS})
    pushed = asyncio.run(pushes.receive())
    walk.expect(is_so=bool(pushed), what="a push", page=page)
    number = page.text.partition('page-number"><strong>')[2][:3]
    asyncio.run(device.confirm(asyncio.run(device.match(asyncio.run(device.waiting()), number)), NEW_PIN))
    page = walk.through_the_hub(press(walk, walk.browser.get(page.url), "on"), {})
    walk.expect(is_so=page.heading == TOWN[1], what=TOWN[1], page=page)
    return str(pushed["kind"])


async def _tries_left(device: Device, session: Session) -> int:
    """Confirm with another PIN; return how many tries are left, 0 when it was not refused as that."""
    body = device.both(device.payload(device.confirmation(session)), OTHER_PIN)
    _, told = await device.send(f"/logins/{session.id}/confirm", body)
    return int(told.get("tries_left", 0))


def opened(device: Device, page: Page) -> Session:
    """Follow the link of a page on this device into the app."""
    token = page.link("Open de app").partition("#")[2]
    return asyncio.run(device.scan(token=token))


def press(walk: Walk, page: Page, wish: str, values: Mapping[str, str] | None = None) -> Page:
    """Press the button of a page for a wish, having filled in what stands beside it."""
    form = next((form for form in page.forms if ("do", wish) in form.buttons), None)
    walk.expect(is_so=form is not None, what=f"a button for {wish}", page=page)
    assert form is not None  # noqa: S101 seen above
    return walk.browser.submit(page, form, dict(values or {}), ("do", wish))


def sender(hub: str) -> Send:
    """Return how a device sends to the hub."""

    async def send(path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        async with httpx2.AsyncClient(timeout=30) as client:
            response = await client.post(f"{hub}/app/v1{path}", json=body)
        return response.status_code, response.json() if response.content else {}

    return send
