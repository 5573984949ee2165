"""The story of a mandate: given in My account, agreed to, used at the municipality, seen and taken back.

Before that a clerk of the municipality asks the hub about it, through the typed client; afterwards the hub
tells the municipality, by a signed notice, which logs out who was there by it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import httpx2

from demo import notices, town_counter
from demo.acting import TAXES as WHERE
from demo.acting_story import ACTING, TAXES
from demo.browser import Browser
from demo.personas import read_personas
from demo.places import Party

if TYPE_CHECKING:
    from demo.browser import Page
    from demo.personas import Persona
    from demo.walk import Walk

PERSONA: Final = "olena"
AGENT: Final = "suharti"
_PROPOSED: Final = re.compile(r"Bijvoorbeeld (\d\d-\d\d-\d{4})")
_STATEMENT: Final = re.compile(r'"statement": "([0-9a-f-]{36})"')
_REGISTRATION, _OFFER = WHERE
FORGED: Final = "eyJhbGciOiJFUzI1NiJ9.e30.AAAA"
REFUSED: Final = 400


def olena(walk: Walk) -> str:
    """Let somebody arrange taxes for her, see what they did, and take it back in two clicks."""
    agent = next(persona for persona in read_personas() if persona.id == AGENT)
    mandate = give(walk, agent)
    with Browser() as another:
        other = replace(walk, browser=another, persona=agent, pages=[])
        asked_at_the_counter(other, walk.persona, "Nee.")
        _agree(other, walk.persona)
        asked_at_the_counter(other, walk.persona, "Ja.")
        page = other.try_to_log_in(*TAXES, whom=walk.persona.full_name)
        acts = page.heading == TAXES[1] and ACTING in page.text and "machtiging" in page.text
        other.expect(is_so=acts, what=f"{TAXES[1]} for who gave a mandate", page=page)
        stated = _STATEMENT.search(page.text)
        page = walk.browser.get(f"{mandates_of(walk)}/used")
        walk.expect(is_so=agent.full_name in page.text, what="who acted for her", page=page)
        page = send(walk, walk.browser.get(mandate), "/end")
        walk.expect(is_so="gestopt door wie de machtiging gaf" in page.text, what="its end", page=page)
        _is_told(other, stated[1] if stated else "none")
        asked_at_the_counter(other, walk.persona, "Nee.")
        page = other.browser.get(f"{_town(other)}/{_OFFER.path}")
        logged_out = page.url.startswith(other.places.url(Party.HUB))
        other.expect(is_so=logged_out, what="nobody logged in by what has ended", page=page)
        page = other.through_the_hub(page, other.credentials(), walk.persona.full_name)
        alone = page.heading == TAXES[1] and ACTING not in page.text
        other.expect(is_so=alone, what="nobody who took their mandate back", page=page)
    return (
        f"gave {agent.full_name} a mandate, who agreed and arranged taxes for her; the counter asked the hub;"
        " she saw that and took it back; a signed notice logged them out, and they are offered it no more"
    )


def asked_at_the_counter(walk: Walk, giver: Persona, answer: str) -> None:
    """Have a clerk ask whether the agent may act (AuthZEN, by demo/mandates_client.py)."""
    page = walk.browser.get(f"{_town(walk)}{town_counter.PATH}")
    page = walk.browser.submit(page, page.forms[0], {"actor": walk.persona.bsn, "principal": giver.bsn}, None)
    walk.expect(is_so=f"<strong>{answer}</strong>" in page.text, what=f"the answer {answer}", page=page)


def _is_told(walk: Walk, statement: str) -> None:
    """See that the municipality was told of this login (RFC8935), and believes nobody but the hub."""
    counter = f"{_town(walk)}{town_counter.PATH}"
    told = walk.wait(lambda: statement[-8:] if statement[-8:] in walk.browser.get(counter).text else "")
    page = walk.browser.get(counter)
    walk.expect(is_so=bool(told) and "uitgelogd" in page.text, what="a notice that was believed", page=page)
    headers = {"content-type": notices.MEDIA_TYPE}
    forged = httpx2.post(f"{_town(walk)}{notices.PATH}", content=FORGED, headers=headers)
    walk.expect(is_so=forged.status_code == REFUSED, what="a forged notice refused", page=page)


def _town(walk: Walk) -> str:
    return walk.places.url(Party.MUNICIPALITY)


def give(walk: Walk, agent: Persona, service: str = _OFFER.id) -> str:
    """Go through the four steps; return the address of the mandate."""
    page = walk.through_the_hub(walk.browser.get(f"{mandates_of(walk)}/new"), walk.credentials())
    page = proposed(walk, page, agent, service)
    unknown = agent.full_name not in page.text
    walk.expect(is_so=unknown, what="no name by a number that was typed", page=page)
    page = send(walk, page)
    walk.expect(is_so=page.heading == "Een machtiging die u geeft", what="the mandate", page=page)
    return page.url


def proposed(walk: Walk, page: Page, agent: Persona, service: str) -> Page:
    """Fill in who may act, for what and until when; return the page on which somebody says yes."""
    year, month, day = agent.record["birthDate"].split("-")
    page = send(walk, page, bsn=agent.bsn, birth_date=f"{day}-{month}-{year}")
    page = send(walk, page, **{f"service-{service}": "yes", "do": "next"})
    usual = _PROPOSED.search(page.text)
    return send(walk, page, until=usual[1] if usual else "")


def _agree(walk: Walk, giver: Persona) -> None:
    # What takes a text message first: the list alone shows itself to a password.
    walk.through_the_hub(walk.browser.get(f"{mandates_of(walk)}/new"), walk.credentials())
    page = walk.browser.get(mandates_of(walk))
    waits = next((at for text, at in page.links.items() if giver.full_name in text), "")
    walk.expect(is_so=bool(waits), what="a mandate to answer", page=page)
    page = send(walk, walk.browser.get(waits), "/agree")
    walk.expect(is_so="geldig" in page.text, what="a mandate in force", page=page)


def mandates_of(walk: Walk) -> str:
    """Return where a person's own mandates stand."""
    return f"{walk.places.url(Party.HUB)}/account/mandates"


def send(walk: Walk, page: Page, act: str = "", **values: str) -> Page:
    """Send the form of the page that does this; the one without a name goes on."""
    meant = (form for form in page.forms if form.action.endswith(act) and bool(form.action) is bool(act))
    form = next(meant, None)
    walk.expect(is_so=form is not None, what=f"a form {act}", page=page)
    assert form is not None  # noqa: S101 seen above
    return walk.browser.submit(page, form, values, None)
