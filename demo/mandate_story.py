"""The story of a mandate: given in My account, agreed to, used at the hospital, seen and taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from demo import hospital
from demo.acting_story import ACTING, CARE
from demo.browser import Browser
from demo.personas import read_personas
from demo.places import Party

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.personas import Persona
    from demo.relying import Offer
    from demo.walk import Walk

PERSONA: Final = "olena"
AGENT: Final = "suharti"
_PROPOSED: Final = re.compile(r"Bijvoorbeeld (\d\d-\d\d-\d{4})")


def olena(walk: Walk) -> str:
    """Let somebody arrange care for her, see what they did, and take it back in two clicks."""
    agent = next(persona for persona in read_personas() if persona.id == AGENT)
    mandate = _give(walk, agent)
    with Browser() as another:
        other = replace(walk, browser=another, persona=agent, pages=[])
        _agree(other, walk.persona)
        page = other.try_to_log_in(*CARE, whom=walk.persona.full_name)
        acts = page.heading == CARE[1] and ACTING in page.text and "machtiging" in page.text
        other.expect(is_so=acts, what=f"{CARE[1]} for who gave a mandate", page=page)
        page = walk.browser.get(f"{_mandates(walk)}/used")
        walk.expect(is_so=agent.full_name in page.text, what="who acted for her", page=page)
        page = _send(walk, walk.browser.get(mandate), "/end")
        walk.expect(is_so="gestopt door wie de machtiging gaf" in page.text, what="its end", page=page)
        page = other.browser.get(f"{other.places.url(CARE[0])}/login/{_care().path}")
        page = other.through_the_hub(page, other.credentials(), walk.persona.full_name)
        alone = page.heading == CARE[1] and ACTING not in page.text
        other.expect(is_so=alone, what="nobody who took their mandate back", page=page)
    return (
        f"gave {agent.full_name} a mandate, who agreed and arranged care for her; she saw that, took it back,"
        " and is offered no more"
    )


def _give(walk: Walk, agent: Persona) -> str:
    """Go through the four steps; return the address of the mandate."""
    page = walk.through_the_hub(walk.browser.get(f"{_mandates(walk)}/new"), walk.credentials())
    year, month, day = agent.record["birthDate"].split("-")
    page = _send(walk, page, bsn=agent.bsn, birth_date=f"{day}-{month}-{year}")
    page = _send(walk, page, **{f"service-{_care().id}": "yes", "do": "next"})
    proposed = _PROPOSED.search(page.text)
    page = _send(walk, page, until=proposed[1] if proposed else "")
    unknown = agent.full_name not in page.text
    walk.expect(is_so=unknown, what="no name by a number that was typed", page=page)
    page = _send(walk, page)
    walk.expect(is_so=page.heading == "Een machtiging die u geeft", what="the mandate", page=page)
    return page.url


def _agree(walk: Walk, giver: Persona) -> None:
    # What takes a text message first: the list alone shows itself to a password.
    walk.through_the_hub(walk.browser.get(f"{_mandates(walk)}/new"), walk.credentials())
    page = walk.browser.get(_mandates(walk))
    waits = next((at for text, at in page.links.items() if giver.full_name in text), "")
    walk.expect(is_so=bool(waits), what="a mandate to answer", page=page)
    page = _send(walk, walk.browser.get(waits), "/agree")
    walk.expect(is_so="geldig" in page.text, what="a mandate in force", page=page)


def _care() -> Offer:
    return next(offer for offer in hospital.REGISTRATION.offers if offer.name.nl == CARE[1])


def _mandates(walk: Walk) -> str:
    return f"{walk.places.url(Party.HUB)}/account/mandates"


def _send(walk: Walk, page: Page, act: str = "", **values: str) -> Page:
    """Send the form of the page that does this; the one without a name goes on."""
    meant = (form for form in page.forms if form.action.endswith(act) and bool(form.action) is bool(act))
    form = next(meant, None)
    walk.expect(is_so=form is not None, what=f"a form {act}", page=page)
    assert form is not None  # noqa: S101 seen above
    return walk.browser.submit(page, form, values, None)
