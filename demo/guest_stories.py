"""The stories of the parties on other software, told by walking them, as stories.py does for the twelve.

Each needs the parties that it names; where one of them is left out, so is the story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demo.acting_story import ACTING, CHILD
from demo.guest_catalogue import MEANS
from demo.guests import BANK_PASSWORD
from demo.places import Guest
from demo.stories import PORTAL, TOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from demo.browser import Page
    from demo.walk import Walk

HEALTH: Final = (Guest.PORTAL, "Mijn gezondheid")
FOR_ANOTHER: Final = (Guest.PORTAL, "iemand anders")
THEIRS: Final = "De gezondheid van iemand anders"
PRESCRIPTION: Final = (Guest.PHARMACY, "Herhaalrecept vragen")
APPOINTMENT: Final = (Guest.PRACTICE, "Afspraak maken")
BASIC: Final = "http://eid.logius.nl/LoA/basic"
LOGGED_IN: Final = "U bent ingelogd op niveau"


def tess(walk: Walk) -> str:
    """Log in at the health portal, by artifact and mutual TLS."""
    page = walk.try_to_log_in(*HEALTH)
    walk.expect(is_so=page.heading == HEALTH[1], what=HEALTH[1], page=page)
    walk.expect(is_so=f"<code>{walk.persona.bsn}</code>" in page.text, what="the BSN", page=page)
    return "at the health portal (SAML, artifact, mutual TLS) at level midden; the portal got the BSN"


def sanne(walk: Walk) -> str:
    """Look at the health portal for her child, who is 11; the register declares that she may."""
    page = walk.try_to_log_in(*FOR_ANOTHER, whom=CHILD)
    walk.expect(is_so=page.heading == THEIRS, what=THEIRS, page=page)
    walk.expect(is_so=f"{ACTING}</strong>" in page.text, what="that she acts for another", page=page)
    told = f"<code>{walk.persona.bsn}</code>" in page.text and "RepresentationType" in page.text
    walk.expect(is_so=told, what="who logged in, and by what", page=page)
    walk.expect(is_so="/saml/mandates/metadata</code>" in page.text, what="whose word it is", page=page)
    return f"at the health portal (ST-SAML) for {CHILD}; the portal believes the register's own declaration"


def ahmet(walk: Walk) -> str:
    """Log in at the GP practice, behind the connection of its supplier."""
    page = walk.try_to_log_in(*APPOINTMENT)
    at_practice(walk, page)
    return "at the GP practice behind a supplier (SAML, encrypted) at level basis, by a pseudonym"


def suharti(walk: Walk) -> str:
    """Log in at the pharmacy, another customer of that supplier."""
    page = walk.try_to_log_in(*PRESCRIPTION)
    walk.expect(is_so=page.heading == PRESCRIPTION[1], what=PRESCRIPTION[1], page=page)
    walk.expect(is_so="@localhost</code>" in page.text, what="a pseudonym", page=page)
    walk.expect(is_so=walk.persona.bsn not in page.text, what="no BSN at the pharmacy", page=page)
    return "at the pharmacy behind the same supplier (SAML by Apache, mod_auth_mellon) at level basis"


def pieter(walk: Walk) -> str:
    """Log in at the GP practice with a pass of somebody else's."""
    page = walk.try_to_log_in(*APPOINTMENT, {"means": MEANS[Guest.PASS]})
    form = page.form_with("person")
    walk.expect(is_so=form is not None, what="the reader of the pass", page=page)
    assert form is not None  # noqa: S101 seen above
    walk.say("  the foundation asks whose pass it is")
    page = walk.through_the_hub(walk.browser.submit(page, form, {}, ("person", walk.persona.id)), {})
    at_practice(walk, page)
    return "with a Zandpas (SAML) at the GP practice at level basis, by a pseudonym"


def maximiliaan(walk: Walk) -> str:
    """Log in with the bank: as a stranger where that will do, and linked where the BSN is asked."""
    page = at_bank(walk, walk.try_to_log_in(*PORTAL, by_bank()))
    walk.expect(is_so=LOGGED_IN in page.text, what="a login at the hospital", page=page)
    walk.expect(is_so=walk.persona.bsn not in page.text, what="no BSN at the hospital", page=page)
    page = link_at_bank(walk)
    walk.expect(is_so=walk.persona.bsn in page.text, what="the BSN at the municipality", page=page)
    return "with Bankmiddel (OpenID Connect): a pseudonym at the hospital; after linking, the BSN at the town"


def by_bank() -> dict[str, str]:
    """Choose the means of the bank."""
    return {"means": MEANS[Guest.BANK]}


def at_bank(walk: Walk, page: Page) -> Page:
    """Fill in the bank's own page, and go on through the hub."""
    walk.expect(is_so=page.form_with("username") is not None, what="the page of the bank", page=page)
    walk.say(f"  the bank asks: {page.heading}")
    known = {"username": walk.persona.id, "password": BANK_PASSWORD}
    (form,) = (form for form in page.forms if "username" in form.fields)
    return walk.through_the_hub(walk.browser.submit(page, form, known, None), {})


def link_at_bank(walk: Walk) -> Page:
    """Come to the municipality by the bank as nobody yet: log in once with the own account, and link."""
    page = at_bank(walk, walk.try_to_log_in(*TOWN, by_bank()))
    page = walk.through_the_hub(page, walk.credentials())  # up to the question after linking
    return walk.through_the_hub(page, {})


def at_practice(walk: Walk, page: Page) -> None:
    """See what the practice was told, and that it was no BSN."""
    walk.expect(is_so=page.heading == APPOINTMENT[1], what=APPOINTMENT[1], page=page)
    walk.expect(is_so=f"<code>{BASIC}</code>" in page.text, what="level basis", page=page)
    walk.expect(is_so=walk.persona.bsn not in page.text, what="no BSN at the practice", page=page)


STORIES: Final[Mapping[str, tuple[frozenset[Guest], Callable[[Walk], str]]]] = {
    "tess": (frozenset({Guest.PORTAL}), tess),
    "sanne": (frozenset({Guest.PORTAL}), sanne),
    "ahmet": (frozenset({Guest.PRACTICE}), ahmet),
    "suharti": (frozenset({Guest.PHARMACY}), suharti),
    "maximiliaan": (frozenset({Guest.BANK}), maximiliaan),
    "pieter": (frozenset({Guest.PRACTICE, Guest.PASS}), pieter),
}
