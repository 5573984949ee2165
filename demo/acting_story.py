"""Acting for somebody else: whom a person may choose at login, and what the service is then told."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from demo import tax_bills
from demo.browser import Form
from demo.places import Party

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.walk import Walk

PERSONA: Final = "sanne"
ACCOUNTANT: Final = "nadia"
CLIENTS: Final = (Party.MUNICIPALITY, "een klant van uw kantoor")
CLIENT: Final = "99002000"
CARE: Final = (Party.HOSPITAL, "Zorg regelen")
TAXES: Final = (Party.MUNICIPALITY, "Belastingen regelen")
CHILD: Final = "Noor Visser"
TOO_OLD: Final = "Milan Visser"
WHO_GAVE: Final = "Suharti"
ONLY_LOOKS: Final = "maximiliaan"
LETS_LOOK: Final = "Nadia el Amrani"
BILL: Final = {"bill": "afval"}
ACTING: Final = "U handelt voor iemand anders."


def sanne(walk: Walk) -> str:
    """Arrange care for a child of 11, not for one of 13; then taxes for herself."""
    page = walk.try_to_log_in(*CARE, whom=CHILD)
    walk.expect(is_so=page.heading == CARE[1], what=f"{CARE[1]} for {CHILD}", page=page)
    told = ACTING in page.text and "ouderlijk gezag" in page.text
    walk.expect(is_so=told, what="for whom it is, and on which ground", page=page)
    chosen_from = next(each for each in walk.pages if each.button(CHILD))
    offered = [bool(chosen_from.button(name)) for name in (WHO_GAVE, TOO_OLD)]
    walk.expect(is_so=offered == [True, False], what="nobody but whom she may act for", page=chosen_from)
    page = walk.try_to_log_in(*TAXES)
    own = page.heading == TAXES[1] and ACTING not in page.text
    walk.expect(is_so=own, what="taxes of her own", page=page)
    return f"arranged care for {CHILD} as a parent, not for {TOO_OLD}, who is 13; then her own taxes"


def nadia(walk: Walk) -> str:
    """Arrange taxes for a client of her firm, where the website asks for nobody but who does such a thing."""
    page = walk.try_to_log_in(*CLIENTS, walk.credentials() | {"number_for": CLIENT})
    acts = page.heading == TAXES[1] and ACTING in page.text and CLIENT in page.text
    walk.expect(is_so=acts, what=f"{TAXES[1]} for client {CLIENT}", page=page)
    granted = html.unescape(page.text).partition("Gekregen (authorization_details)")[2]
    told = '"kinds": ["intermediary"]' in granted and f'"sub": "{CLIENT}"' in granted
    walk.expect(is_so=told, what="what was granted of what was asked", page=page)
    own = any(each.button("Voor mijzelf") for each in walk.pages)
    walk.expect(is_so=not own, what="nobody who acts for themselves", page=page)
    return (
        f"arranged taxes for client {CLIENT} of her firm; the town asked (RAR) for nobody but who does that"
    )


def maximiliaan(walk: Walk) -> str:
    """Look at the taxes of who lets him look and nothing else; pay only his own."""
    page = walk.try_to_log_in(*TAXES, whom=LETS_LOOK)
    looks = page.heading == TAXES[1] and ACTING in page.text and "U mag hier alleen: bekijken." in page.text
    walk.expect(is_so=looks, what=f"{TAXES[1]} for {LETS_LOOK}, to look at", page=page)
    walk.expect(is_so=_pays(page) is None, what="no bill that he may pay", page=page)
    page = walk.browser.submit(page, Form(action=tax_bills.PAY, method="post"), BILL, None)
    walk.expect(is_so=page.heading.startswith("Dit mag u niet"), what="a bill that he may not pay", page=page)
    page = walk.browser.get(f"{walk.places.url(TAXES[0])}/belastingen")
    out = next(form for form in page.forms if form.action == "/logout")
    walk.browser.submit(page, out, {}, None)
    page = walk.try_to_log_in(*TAXES)
    own = _pays(page)
    walk.expect(is_so=own is not None and ACTING not in page.text, what="taxes of his own", page=page)
    assert own is not None  # noqa: S101 seen above
    page = walk.browser.submit(page, own, {}, None)
    walk.expect(is_so=page.heading == "Betaald", what="a bill of his own, paid", page=page)
    return (
        f"looked at the taxes of {LETS_LOOK}, who lets him look only; the town let him pay none but his own"
    )


def _pays(page: Page) -> Form | None:
    """Return the form of the first bill that can be paid."""
    return next((form for form in page.forms if form.action.endswith(tax_bills.PAY)), None)
