"""The story of a mail address: confirmed with a code, chosen for notices, and told when that is undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from demo.places import Party

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "maximiliaan"
ADDRESS: Final = "maximiliaan@post.example"
_CODE: Final = re.compile(r" is (\d{6})\.")
_CHANGED: Final = re.compile("(U krijgt berichten over uw account nu anders)")


def maximiliaan(walk: Walk) -> str:
    """Confirm an address, choose mail, and choose otherwise: the mail tells that."""
    hub = walk.places.url(Party.HUB)
    asked = walk.credentials() | {"mail": ADDRESS}
    page = walk.through_the_hub(walk.browser.get(f"{hub}/account/mail"), asked)
    code = walk.mail(_CODE, ADDRESS)
    page = walk.fill(page, {"mail_code": code})
    walk.expect(is_so=page.heading == "Uw e-mailadres is bevestigd", what="the address, confirmed", page=page)
    _choose(walk, way_text="", way_mail="yes")
    _choose(walk, way_text="yes", way_mail="")
    walk.mail(_CHANGED, ADDRESS)
    return "confirmed a mail address with a code, chose mail, and was mailed that this was undone"


def _choose(walk: Walk, **ways: str) -> Page:
    page = walk.browser.get(f"{walk.places.url(Party.HUB)}/account/notices")
    form = next(form for form in page.forms if ("do", "set") in form.buttons)
    page = walk.browser.submit(page, form, ways, ("do", "set"))
    walk.expect(is_so=page.heading == "Uw keuze is opgeslagen", what="the choice, kept", page=page)
    return page
