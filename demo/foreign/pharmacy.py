"""A pharmacy behind Apache with mod_auth_mellon: `python -m demo.foreign.pharmacy PORT FOLDER`.

It speaks no SAML: Apache does, and tells in headers who is there. It has the same supplier as the practice.
"""

from __future__ import annotations

import hmac
from typing import Final

from demo.foreign import pages
from demo.foreign.pages import Fact, Page
from demo.foreign.site import Answer, Asked, Site, sent_to, serve, shown, told
from demo.words import Words

PORT, FOLDER, SETTINGS = told()
NAME: Final = Words("Apotheek De Els", "De Els Pharmacy")
SERVICE: Final = Words("Herhaalrecept vragen", "Ask for a repeat prescription")
WHY: Final = Words(
    "Voor een herhaalrecept zijn een gebruikersnaam en een wachtwoord genoeg. Niveau: basis.",
    "For a repeat prescription a user name and a password are enough. Level: basic.",
)
SUPPLIER: Final = Words(
    "De apotheek logt in via haar leverancier, Softwarehuis De Schakel.",
    "The pharmacy logs people in through its supplier, De Schakel Software.",
)
FACTS: Final = {
    "x_pairwise_id": Words(
        "Het kenmerk waaronder deze apotheek u herkent. De apotheek krijgt geen BSN.",
        "What this pharmacy recognises you by. The pharmacy gets no BSN.",
    ),
    "x_name_id": Words(
        "Hoe uw sessie heet, tot u uitlogt.", "What your session is called, until you log out."
    ),
}


def page(title: Words, body: str, *, switch: bool = True) -> Page:
    """Make a page of the pharmacy."""
    return Page(look="pharmacy", name=NAME, title=title, body=body, switch=switch)


def here(asked: Asked) -> bool:
    """Tell whether Apache, and nobody else, says that somebody is logged in."""
    by_apache = hmac.compare_digest(asked.headers.get("x_counter", ""), str(SETTINGS["secret"]))
    return by_apache and bool(asked.headers.get("x_pairwise_id"))


def home(asked: Asked) -> Answer:
    """Show what there is to log in for."""
    words = Words(f"Log in voor {SERVICE.nl}", f"Log in for {SERVICE.en}")
    body = pages.paragraph(WHY, SUPPLIER, language=asked.language)
    body += (
        pages.link("/mine", SERVICE, asked.language)
        if here(asked)
        else pages.link("/login", words, asked.language)
    )
    return shown(page(Words(f"Welkom bij {NAME.nl}", f"Welcome to {NAME.en}"), body), asked)


def login(_: Asked) -> Answer:
    """Go on: Apache lets nobody come here who is not logged in."""
    return sent_to("/mine")


def mine(asked: Asked) -> Answer:
    """Show what was received."""
    if not here(asked):
        return sent_to("/")
    facts = [Fact(name=name, value=asked.headers.get(name, ""), why=why) for name, why in FACTS.items()]
    body = pages.paragraph(WHY, SUPPLIER, language=asked.language) + pages.received(facts, asked.language)
    body += pages.form("/logout", pages.LOG_OUT, asked.language)
    return shown(page(SERVICE, body), asked)


def logout(_: Asked) -> Answer:
    """Have Apache log out, here and at the hub."""
    return sent_to(f"/mellon/logout?ReturnTo={SETTINGS['home']}/")


def refused(asked: Asked) -> Answer:
    """Say that nobody is logged in."""
    body = pages.paragraph(pages.TRY_AGAIN, language=asked.language)
    body += pages.link("/", Words(f"Terug naar {NAME.nl}", f"Back to {NAME.en}"), asked.language)
    return shown(page(pages.NOT_IN, body, switch=False), asked, "400 Bad Request")


if __name__ == "__main__":
    served = Site(
        cookie="demo-pharmacy-unused",
        pages={"/": home, "/login": login, "/mine": mine, "/logout": logout, "/refused": refused},
    )
    serve(served, PORT)
