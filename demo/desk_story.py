"""The stories of a desk: one clerk sees a person and their document, another gives the code.

The code is for the app, or for an account for who has none.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demo.app_device import Device
from demo.app_story import PIN, sender
from demo.browser import Browser
from demo.card_story import accept
from demo.catalogue import CARD_MEANS
from demo.personas import read_personas
from demo.places import Party
from demo.stories import PASSWORD, TOWN, particulars
from demo.walk import ProofFailed

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.personas import Persona
    from demo.walk import Walk

PERSONA: Final = "pieter"
WITHOUT_ACCOUNT: Final = "joost"
SHOWN: Final = 'desk-code"><strong>'
NUMBER: Final = "SPECI2014"  # what specimens of documents have


def pieter(walk: Walk) -> str:
    """Live abroad, where no letter comes: come to a desk, and leave with the app on his own telephone."""
    code, who = _code(walk, "/desk")
    hub = walk.places.url(Party.HUB)
    device = Device(issuer=hub, send=sender(hub))
    session = asyncio.run(device.bring_desk_code(code))
    told = asyncio.run(device.activate(session, PIN, "Telefoon van Pieter"))
    if told["status"] != "active":
        message = f"{walk.persona.full_name}: the app does not work"
        raise ProofFailed(message)
    return f"at the desk {who}, each logged in with a card; the app works"


def joost(walk: Walk) -> str:
    """Have no fixed address: get a code at a desk, and open the account alone, with a name and a password."""
    code, who = _code(walk, "/desk/account")
    page = walk.browser.get(f"{walk.places.url(Party.HUB)}/account/desk")
    values = particulars(walk, "joost-demo")
    page = walk.fill(page, {"desk_code": code, "birth_date": values["birth_date"]})
    page = walk.fill(page, values)
    page = walk.fill(page, {"telephone": walk.persona.telephone})
    page = walk.fill(page, {"code": walk.text_code()})
    walk.expect(is_so=page.url.endswith("/account/desk/opened"), what="an account", page=page)
    walk.log_in(*TOWN, "midden", {"user_name": "joost-demo", "password": PASSWORD})
    return (
        f"no fixed address, so no letter; at the desk {who}; opened his account and logged in at level midden"
    )


def _code(walk: Walk, address: str) -> tuple[str, str]:
    """Have two clerks see the person, and return the code, and who did what."""
    first, second = (each for each in read_personas() if each.account and each.account.clerk)
    with Browser() as one, Browser() as other:
        clerk = replace(walk, browser=one, persona=first)
        _at_desk(clerk)
        page = one.get(f"{walk.places.url(Party.HUB)}{address}")
        seen = {
            "bsn": walk.persona.bsn,
            "document": "passport",
            "document_number": NUMBER,
            "same_person": "yes",
        }
        visit = _shown(clerk, one.submit(page, page.form_with("bsn") or page.forms[0], seen, ("do", "open")))

        officer = replace(walk, browser=other, persona=second)
        page = _at_desk(officer)
        page = other.submit(page, page.form_with("case") or page.forms[0], {"case": visit}, ("do", "look"))
        walk.expect(is_so=walk.persona.full_name in page.text, what="the name of the register", page=page)
        page = other.submit(page, page.form_with("case") or page.forms[0], {}, ("do", "give"))
        code = _shown(officer, page)
    return code, f"{_name(first)} saw the passport, {_name(second)} gave the code"


def _at_desk(walk: Walk) -> Page:
    """Log in as who works at the desk, with a card: a password and a text message are not enough there."""
    page = walk.browser.get(f"{walk.places.url(Party.HUB)}/desk")
    page = accept(walk, walk.through_the_hub(page, {"means": CARD_MEANS}))
    walk.expect(is_so=page.heading == "De balie", what="the desk", page=page)
    return page


def _shown(walk: Walk, page: Page) -> str:
    found = page.text.partition(SHOWN)[2].partition("<")[0]
    walk.expect(is_so=bool(found), what="a name or a code in large letters", page=page)
    return found


def _name(persona: Persona) -> str:
    return persona.full_name.partition(" ")[0]
