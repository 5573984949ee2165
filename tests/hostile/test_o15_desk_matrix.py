"""O15: a desk, in every state of the account of its clerk, at every page; and in every state of who came by.

A clerk is let in by their own account, so what closes that closes the desk; a code that a desk gave is of no
use to somebody whose account, or whose app, was closed since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from demo.app_device import Device, Refused, Session
from tests.hostile.matrix.entries import BEYOND, TURNED_AWAY, On
from tests.hostile.matrix.rows import ROWS, No
from tests.hostile.matrix.states import STATES
from tests.means.telephones import APP, PIN, Telephones
from tests.web.citizens import Browser, Town
from tests.web.desks import Desks, appoint, desks_in, entered
from tests.web.linked import put
from toegang.assurance import Level

PAGES = tuple(row for row, what in ROWS.items() if what is No.DESK and row.split(" ")[1].startswith("/desk"))
NO_CLERK = b"This page is for people who work at a desk"
INSIDE = frozenset({On.ACCOUNT, On.ACCOUNT_MEANS, On.EARLIER, On.LOW})
"""What being inside at a desk rests on; desks ask more than two factors."""
ADDING = frozenset({On.ACCOUNT, On.APP_MEANS})
"""What adding an app by a code of a desk rests on."""


@dataclass(slots=True, kw_only=True)
class Working:
    """A clerk who is inside, with an account and an app of their own."""

    phones: Telephones
    device: Device
    waiting: Session
    inside: Browser
    proof: str

    @property
    def town(self) -> Town:
        """The town."""
        return self.phones.town

    @property
    def apps(self) -> Working:
        """The app, as states close it."""
        return self


async def prepare(town: Town) -> Working:
    proven = (await town.bureau.active()).authentication
    await put(town, APP)
    phones = Telephones(town=town)
    device = await phones.add(town.browser())
    _, waiting = await phones.waiting(town.browser(), device)
    clerk = await entered(town, replace(proven, level=Level.SUBSTANTIAL), Level.SUBSTANTIAL)
    await appoint(town, clerk)
    town.bureau.later(seconds=1)
    proof = (await clerk.open("/desk")).csrf
    return Working(phones=phones, device=device, waiting=waiting, inside=clerk, proof=proof)


async def is_let_in(at: Working, row: str) -> bool:
    """Try a page of the desk: whoever is not let in is sent to a login; no third thing counts as either."""
    method, path = row.split(" ")
    http, form = at.inside.http, {"csrf": at.proof}
    response = await (http.get(path) if method == "GET" else http.post(path, data=form))
    if response.headers.get("location", "").startswith(("/login/", "/means/")):
        return False
    if b'action="/login/' in response.content:
        return False
    assert response.status_code in BEYOND, (row, response.status_code)
    assert NO_CLERK not in response.content, row
    return not any(code in response.content for code in TURNED_AWAY)


@pytest.mark.parametrize("name", STATES)
async def test_every_page_of_a_desk_is_closed_to_a_clerk_who_is_and_to_nobody_else(
    town: Town, name: str
) -> None:
    at = await prepare(town)
    await STATES[name].close(at)
    let_in = {row for row in PAGES if await is_let_in(at, row)}
    assert let_in == (set() if STATES[name].closes & INSIDE else set(PAGES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visiting:
    """Somebody who came by, with an app, a code for another, and one that they began to add with a code."""

    desks: Desks
    device: Device
    waiting: Session
    inside: Browser
    code: str
    begun: tuple[Device, Session]

    @property
    def town(self) -> Town:
        """The town."""
        return self.desks.town

    @property
    def apps(self) -> Visiting:
        """The app, as states close it."""
        return self


async def came_by(town: Town) -> Visiting:
    desks = await desks_in(town)
    phones, inside, begun = desks.phones, town.browser(), desks.phones.device()
    device = await phones.add(inside)
    _, waiting = await phones.waiting(town.browser(), device)
    session = await begun.bring_desk_code(await desks.code())
    town.bureau.later(minutes=1)
    code = await desks.code()
    return Visiting(
        desks=desks, device=device, waiting=waiting, inside=inside, code=code, begun=(begun, session)
    )


@pytest.mark.parametrize("name", sorted(STATES.keys() - {"two accounts"}))  # the other one is a clerk here
async def test_a_code_of_a_desk_adds_no_app_for_who_is_closed(town: Town, name: str) -> None:
    at = await came_by(town)
    await STATES[name].close(at)
    added = []
    begun, session = at.begun
    for device in (begun, at.desks.phones.device()):
        try:
            asked = session if device is begun else await device.bring_desk_code(at.code)
            added.append((await device.activate(asked, PIN))["status"] == "active")
        except Refused:
            added.append(False)
    closes = STATES[name].closes
    assert added == [not closes & (ADDING | {On.EARLIER}), not closes & ADDING]
