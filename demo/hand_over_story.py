"""The story of a firm that hands its clients over to another: each of the clients answers for themselves.

The clients are asked beside the stories in between; the last two tell what one of them says, and another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demo.acting_story import ACTING, CLIENTS, TAXES
from demo.browser import Browser
from demo.mandate_story import asked_at_the_counter, mandates_of, send
from demo.personas import read_personas
from demo.represented import BALANS, FLOWERS

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "rosa"
CLIENT: Final = "sanne"
STAYS: Final = "pieter"
STEWARD: Final = "nadia"
FROM: Final = "Anker Administratie"
TO: Final = "Balans Administratie"
SHOP: Final = "Bloemen van Zandermeer"


def rosa(walk: Walk) -> str:
    """Propose it in the name of one firm, and have it agreed to in the name of the other."""
    page = walk.browser.get(f"{_named(walk, FROM)}/hand-over")
    form = page.form_with("kvk") or page.forms[0]
    page = walk.browser.submit(page, form, {"kvk": str(BALANS)}, None)
    walk.expect(is_so=f"Voorgesteld aan {TO}" in page.text, what="what she proposed", page=page)
    with Browser() as another:
        nadia = _at(walk, another, STEWARD)
        page = _inside(nadia, "/for")
        form = page.form_with("number_of") or page.forms[0]
        page = another.submit(page, form, {"number_of": str(BALANS)}, None)
        page = another.get(f"{page.url}/hand-over")
        nadia.expect(is_so=f"Voorgesteld door {FROM}" in page.text, what="what was proposed", page=page)
        form = next(each for each in page.forms if ("do", "agree") in each.buttons)
        page = another.submit(page, form, {}, ("do", "agree"))
        nadia.expect(is_so=f"Voorgesteld door {FROM}" not in page.text, what="an answer", page=page)
    return f"proposed that her clients are asked to go from {FROM} to {TO}, for which Nadia agreed"


def sanne(walk: Walk) -> str:
    """Say yes in the name of a client; the other firm then acts for it."""
    agreed = send(walk, _asked(walk, _named(walk, SHOP)), "/agree")
    walk.expect(is_so="geldig" in agreed.text, what="a mandate in force", page=agreed)
    with Browser() as another:
        nadia = _at(walk, another, STEWARD)
        page = nadia.try_to_log_in(*CLIENTS, nadia.credentials() | {"number_for": str(FLOWERS)})
        acts = page.heading == TAXES[1] and ACTING in page.text and str(FLOWERS) in page.text
        nadia.expect(is_so=acts, what=f"{TAXES[1]} for a client who said yes", page=page)
    return f"was asked for {SHOP} and said yes; Nadia of {TO} then arranged taxes for it"


def pieter(walk: Walk) -> str:
    """Say no: the firm that he has goes on acting for him, and the other does not."""
    ended = send(walk, _asked(walk, mandates_of(walk)), "/end")
    walk.expect(is_so="afgewezen" in ended.text, what="a request that was declined", page=ended)
    with Browser() as another:
        old = _at(walk, another, PERSONA)
        page = old.try_to_log_in(*TAXES, whom=walk.persona.full_name)
        acts = page.heading == TAXES[1] and ACTING in page.text and walk.persona.bsn in page.text
        old.expect(is_so=acts, what=f"{TAXES[1]} for a client who stays", page=page)
        asked_at_the_counter(_at(walk, another, STEWARD), walk.persona, "Nee.")
    return f"was asked too and said no; Rosa of {FROM} still arranges taxes for him, and {TO} does not"


def _at(walk: Walk, browser: Browser, name: str) -> Walk:
    persona = next(each for each in read_personas() if each.id == name)
    return replace(walk, browser=browser, persona=persona, pages=[])


def _inside(walk: Walk, page: str) -> Page:
    """Log in at the level that a change takes, and open a page of the mandates."""
    walk.through_the_hub(walk.browser.get(f"{mandates_of(walk)}/new"), walk.credentials())
    return walk.browser.get(f"{mandates_of(walk)}{page}")


def _named(walk: Walk, organisation: str) -> str:
    """Return where the mandates of an organisation stand for who directs it."""
    page = _inside(walk, "/for")
    at = next((at for text, at in page.links.items() if organisation in text), "")
    walk.expect(is_so=bool(at), what=f"the mandates of {organisation}", page=page)
    return at


def _asked(walk: Walk, mandates: str) -> Page:
    """Wait for what the other firm asks, and open it."""
    if mandates == mandates_of(walk):
        _inside(walk, "")

    def look() -> str:
        links = walk.browser.get(mandates).links
        return next((at for text, at in links.items() if TO in text), "")

    found = walk.wait(look)
    walk.expect(is_so=bool(found), what=f"what {TO} asks", page=walk.browser.get(mandates))
    return walk.browser.get(found)
