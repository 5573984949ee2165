"""Services that ask more of a mandate: one acts at a time, and who gives in another's name logs in higher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demo.catalogue import CONTACT_SERVICE, GRANTS_SERVICE
from demo.mandate_story import give, mandates_of, proposed, send
from demo.personas import read_personas

if TYPE_CHECKING:
    from demo.personas import Persona
    from demo.walk import Walk

PERSONA: Final = "olena"
FIRM: Final = "Bloemen van Zandermeer"
SUPERSEDED: Final = "vervangen door een andere"
TOO_LOW: Final = "Hiervoor moet u op een hoger niveau inloggen."


def olena(walk: Walk) -> str:
    """Have one contact with the town, and then another: the first one's mandate is superseded."""
    first = give(walk, _persona("suharti"), CONTACT_SERVICE)
    page = walk.browser.get(first)
    walk.expect(is_so="geldig" in page.text, what="a contact at once", page=page)
    second = give(walk, _persona("sanne"), CONTACT_SERVICE)
    page = walk.browser.get(first)
    walk.expect(is_so=SUPERSEDED in page.text, what="a mandate that was superseded", page=page)
    page = send(walk, walk.browser.get(second), "/end")
    walk.expect(is_so=SUPERSEDED not in page.text, what="the later one, ended", page=page)
    return "let one be her contact with the town, then another: one acts at a time, the first was superseded"


def sanne(walk: Walk) -> str:
    """Give a mandate in the name of her company, for which her login is too low at this service."""
    page = walk.through_the_hub(walk.browser.get(f"{mandates_of(walk)}/for"), walk.credentials())
    firm = next((at for text, at in page.links.items() if FIRM in text), "")
    walk.expect(is_so=bool(firm), what=f"the mandates of {FIRM}", page=page)
    page = walk.through_the_hub(walk.browser.get(f"{firm}/new"), walk.credentials())
    page = send(walk, proposed(walk, page, _persona("olena"), GRANTS_SERVICE))
    walk.expect(is_so=TOO_LOW in page.text, what="a login that is too low for it", page=page)
    return (
        f"gave no mandate for grants in the name of {FIRM}: it takes level substantieel, and she had midden"
    )


def _persona(name: str) -> Persona:
    return next(persona for persona in read_personas() if persona.id == name)
