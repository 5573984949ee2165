"""The stories of cards: a driving licence after a wrong PIN, and an identity card, both at level high.

The card and its reader are the ones in software at the issuer's table (cards.py); the PIN is typed there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from demo.issued_cards import ISSUED
from demo.places import Party

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from demo.browser import Page
    from demo.walk import Walk

RECORD: Final = (Party.HOSPITAL, "Uw hele dossier")
WRONG_PIN: Final = "000000"
CODE: Final = re.compile(r'qr-number"><strong>([A-Z-]+)<')


def with_licence(walk: Walk) -> str:
    """Log in with a driving licence, after a wrong PIN that the card counted."""
    number, _ = _card(walk)
    page = walk.try_to_log_in(*RECORD)
    told = _read(walk, page, number, WRONG_PIN)
    walk.expect(is_so="Pogingen over: 2" in told.text, what="a wrong PIN that the card counts", page=told)
    page = _press(walk, walk.browser.get(page.url), "start")
    _log_in(walk, page)
    return "a wrong PIN was counted by the card; logged in with the driving licence at level hoog"


def with_identity_card(walk: Walk) -> str:
    """Log in with an identity card."""
    _log_in(walk, walk.try_to_log_in(*RECORD))
    return "logged in with the identity card at level hoog"


STORIES: Final[Mapping[str, Callable[[Walk], str]]] = {
    "maximiliaan": with_licence,
    "olena": with_identity_card,
}


def _card(walk: Walk) -> tuple[str, str]:
    return next((number, pin) for persona, _, number, _, pin, _ in ISSUED if persona == walk.persona.id)


def accept(walk: Walk, page: Page) -> Page:
    """Hold the persona's card to the reader for a page, and go on from it; return where that leads."""
    told = _read(walk, page, *_card(walk))
    walk.expect(is_so="De kaart is geaccepteerd" in told.text, what="a card that was accepted", page=told)
    return walk.through_the_hub(_press(walk, walk.browser.get(page.url), "on"), {})


def _log_in(walk: Walk, page: Page) -> None:
    page = accept(walk, page)
    level = page.heading == RECORD[1] and "niveau <strong>hoog</strong>" in page.text
    walk.expect(is_so=level, what=f"{RECORD[1]} at level hoog", page=page)


def _read(walk: Walk, page: Page, number: str, pin: str) -> Page:
    """Bring the code of a page to the reader, with a card and a PIN."""
    found = CODE.search(page.text)
    walk.expect(is_so=found is not None, what="a code for the reader", page=page)
    assert found is not None  # noqa: S101 seen above
    table = walk.browser.get(walk.places.url(Party.CARDS))
    (form,) = table.forms
    taken = walk.browser.submit(table, form, {"code": found[1], "card": number}, ("do", "take"))
    walk.expect(is_so="Klopt dit?" in taken.text, what="what it is for, before a PIN", page=taken)
    (asked,) = taken.forms
    return walk.browser.submit(taken, asked, {"pin": pin}, ("do", "read"))


def _press(walk: Walk, page: Page, wish: str) -> Page:
    form = next((form for form in page.forms if ("do", wish) in form.buttons), None)
    walk.expect(is_so=form is not None, what=f"a button for {wish}", page=page)
    assert form is not None  # noqa: S101 seen above
    return walk.browser.submit(page, form, {}, ("do", wish))
