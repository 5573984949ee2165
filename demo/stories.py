"""The twelve stories, each told by walking it: what must happen to whom, and the line that says so.

A story returns its line; when something else happens it raises, and the proof fails.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from demo.places import Party
from demo.walk import ProofFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from demo.browser import Page
    from demo.walk import Walk

TOWN: Final = (Party.MUNICIPALITY, "Mijn Zandermeer")
PORTAL: Final = (Party.HOSPITAL, "Mijn De Linde")
RESULTS: Final = (Party.HOSPITAL, "Uitslagen bekijken")
INVITED: Final = "Log voortaan in met de app"
CLOSED: Final = "U kunt dit account niet gebruiken"
DIED: Final = "Niemand kan inloggen met dit account"
NO_SECOND_STEP: Final = frozenset(
    {"Geen inlogmiddel past", "Voor deze dienst hebt u een telefoonnummer nodig"}
)
PASSWORD: Final = "nep wachtwoord berk water"


def sanne(walk: Walk) -> str:
    """Log in at both, at the level that each asks, and out again."""
    for service, level in ((PORTAL, "basis"), (RESULTS, "midden")):
        page = walk.log_in(*service, level)
        walk.expect(is_so=walk.persona.bsn not in page.text, what="no BSN at the hospital", page=page)
    page = walk.log_in(*TOWN, "midden")
    walk.expect(is_so=walk.persona.bsn in page.text, what="the BSN at the municipality", page=page)
    form = next(form for form in page.forms if form.action == "/logout")
    left = walk.browser.submit(page, form, {}, None)
    walk.say(f"  logged out; now at {left.url.partition('?')[0]}: {left.heading}")
    return "basis at the hospital, stepped up to midden; only the municipality got the BSN; logged out"


def ahmet(walk: Walk) -> str:
    """Come in with a password alone, and nowhere that a second step is needed; his name has no prefix."""
    page = walk.log_in(*PORTAL, "basis")
    invited = any(each.heading == INVITED for each in walk.pages)
    walk.expect(is_so=invited, what="an invitation on the way", page=page)
    page = walk.try_to_log_in(*RESULTS)
    walk.expect(is_so=page.heading in NO_SECOND_STEP, what="a page about the second step", page=page)
    return f"invited to the app, and logged in at level basis; for midden the hub says: {page.heading}"


def suharti(walk: Walk) -> str:
    """Have one name only, and be called by it."""
    page = walk.log_in(*TOWN, "midden")
    shown(walk, page, family_name="Suharti")
    walk.expect(is_so="<dt>given_name</dt>" not in page.text, what="no given name", page=page)
    return "logged in at level midden; the municipality got one name, Suharti, and no given name"


def maximiliaan(walk: Walk) -> str:
    """Have a long name that nobody cuts off."""
    page = walk.log_in(*TOWN, "midden")
    names = walk.persona.record["names"]
    shown(walk, page, given_name=names["given"], family_name=f"{names['prefix']} {names['family']}")
    return f"logged in at level midden; all {len(walk.persona.full_name)} letters of the name arrived"


def olena(walk: Walk) -> str:
    """Have a name in another script."""
    page = walk.log_in(*TOWN, "midden")
    names = walk.persona.record["names"]
    shown(walk, page, given_name=names["given"], family_name=names["family"])
    return f"logged in at level midden; the name arrived as {walk.persona.full_name}"


def hendrik(walk: Walk) -> str:
    """Have died: the account stands still from the first try on, and an application gets no letter."""
    page = walk.try_to_log_in(*TOWN)
    walk.expect(is_so=page.heading == DIED, what="an account of who died", page=page)
    no_letter(walk)
    return "refused: the register says deceased, so nobody logs in; applying brings no letter"


def tess(walk: Walk) -> str:
    """Be a child, with an account of her own; the municipality learns that she is not 18, and no birthday."""
    page = walk.log_in(*TOWN, "midden")
    shown(walk, page, age_over_18="False")
    walk.expect(is_so=walk.persona.record["birthDate"] not in page.text, what="no birth date", page=page)
    return "logged in at level midden; the municipality learnt that she is not 18, and not her birth date"


def nadia(walk: Walk) -> str:
    """Have a secret address: the letter arrives, and no page shows where she lives."""
    page = walk.log_in(*TOWN, "midden")
    street = walk.persona.record["address"]["street"]
    walk.apply(particulars(walk, "nadia-tweede"))
    if not walk.letter():
        message = f"{walk.persona.full_name}: the letter did not come"
        raise ProofFailed(message)
    for each in (page, *walk.pages):
        walk.expect(is_so=street not in each.text, what="no secret address", page=each)
    return (
        f"logged in at level midden, letter delivered; none of {len(walk.pages) + 1} pages shows her address"
    )


def pieter(walk: Walk) -> str:
    """Live abroad: the account works, and no letter can reach him."""
    walk.log_in(*TOWN, "midden")
    no_letter(walk)
    return "logged in at level midden from abroad; applying anew brings no letter"


def kees(walk: Walk) -> str:
    """Have an account that is blocked, at every service."""
    for service in (PORTAL, TOWN):
        page = walk.try_to_log_in(*service)
        walk.expect(is_so=page.heading == CLOSED, what="a blocked account", page=page)
    return "refused at both: the account is blocked"


def fatima(walk: Walk) -> str:
    """Have only a year of birth: she applied with 00-00-1958 and uses the code of the letter."""
    return activated(walk, "fatima-demo", PORTAL, "basis")


def lotte(walk: Walk) -> str:
    """Be born on 29 February: she applies with a telephone, gets a letter, and logs in at midden."""
    walk.apply(particulars(walk, "lotte-demo"), walk.persona.telephone)
    return activated(walk, "lotte-demo", TOWN, "midden")


STORIES: Final[Mapping[str, Callable[[Walk], str]]] = {
    "sanne": sanne,
    "ahmet": ahmet,
    "suharti": suharti,
    "maximiliaan": maximiliaan,
    "olena": olena,
    "hendrik": hendrik,
    "tess": tess,
    "nadia": nadia,
    "pieter": pieter,
    "kees": kees,
    "fatima": fatima,
    "lotte": lotte,
}

FIRST: Final = {"hendrik": "hendrik-tweede", "pieter": "pieter-tweede", "fatima": "fatima-demo"}
"""Who applies before all stories, in this order, and under which name: once the last one's letter has come,
the others' would have."""


def particulars(walk: Walk, user_name: str) -> dict[str, str]:
    """Return what the persona fills in to apply for an account."""
    record = walk.persona.record
    year, month, day = record["birthDate"].split("-")
    address = record["address"] or {"postcode": "1234 AB", "houseNumber": 1}
    return {
        "bsn": walk.persona.bsn,
        "birth_date": f"{day}-{month}-{year}",
        "postal_code": address["postcode"],
        "house_number": str(address["houseNumber"]),
        "user_name": user_name,
        "new_password": PASSWORD,
        "repeat_password": PASSWORD,
    }


def shown(walk: Walk, page: Page, **claims: str) -> None:
    """See that a service provider shows these claims with these values, whole."""
    for name, value in claims.items():
        written = f"<dt>{name}</dt>\n<dd><code>{html.escape(value)}</code>"
        walk.expect(is_so=written in page.text, what=f"{name} {value}", page=page)


def no_letter(walk: Walk) -> None:
    """See that no letter came."""
    if walk.letter(wait=False):
        message = f"{walk.persona.full_name}: expected no letter, and one came"
        raise ProofFailed(message)


def activated(walk: Walk, user_name: str, service: tuple[Party, str], level: str) -> str:
    """Log in for the first time, with the code of the letter."""
    chosen = {"user_name": user_name, "password": PASSWORD, "activation_code": walk.letter()}
    walk.log_in(*service, level, chosen)
    return f"applied born {walk.persona.record['birthDate']}, letter delivered, logged in at level {level}"
