"""People give each other mandates in My account, act by them and end them, in a real Chromium."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from demo.personas import Persona
from demo.places import Party
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

GIVER, AGENT, WITHOUT_ACCOUNT = "maximiliaan", "suharti", "lotte"
CARE = (Party.HOSPITAL, "Zorg regelen")
TAXES = "Belastingen regelen"
MANDATES, FOR_WHOM = "Mijn machtigingen", "Voor wie logt u in?"
GIVEN, GOT = "Een machtiging die u geeft", "Een machtiging die u krijgt"
LETTER = "Mag iemand iets voor u regelen?"


def test_a_mandate_is_given_used_seen_and_ended_by_both_and_one_came_by_letter(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with ExitStack() as open_:
        giver, agent = (
            open_.enter_context(at_a_browser(browser, running_demo, name, seen=seen))
            for name in (GIVER, AGENT)
        )
        gives(giver, agent.persona, CARE[1])
        agrees(agent, giver.persona)
        acts(agent, giver.persona)
        sees_who_acted_and_ends_it(giver, agent.persona)
        is_not_offered(agent, giver.persona)
        asks_for_a_letter(agent, running_demo.persona(WITHOUT_ACCOUNT))
        uses_the_code_and_ends_everything(agent, running_demo.persona(WITHOUT_ACCOUNT))


def enters(visitor: Visitor) -> None:
    """Log in to the mandates in My account, at the level that giving and asking take."""
    visitor.go(f"{visitor.demo.hub}/account/mandates/new")
    visitor.log_in()
    visitor.follow("Terug naar mijn machtigingen")
    assert visitor.heading == MANDATES


def fills_in(visitor: Visitor, other: Persona, service: str) -> None:
    """Go through the first three of four steps; the day is the one that the page proposes."""
    year, month, day = other.record["birthDate"].split("-")
    visitor.fill(bsn=other.bsn, birth_date=f"{day}-{month}-{year}")
    visitor.push("Verder")
    visitor.page.get_by_label(service).first.check()
    visitor.push("Verder")
    assert visitor.heading == "Tot wanneer?"
    proposed = re.search(r"Bijvoorbeeld (\d\d-\d\d-\d{4})", visitor.text)
    assert proposed
    visitor.fill(until=proposed[1])
    visitor.push("Verder")
    # Whether somebody has these numbers is told to nobody who typed them.
    assert f"eindigt op {other.bsn[-3:]}" in visitor.text
    assert other.full_name not in visitor.text


def gives(giver: Visitor, agent: Persona, service: str) -> None:
    enters(giver)
    giver.follow("Iemand iets voor mij laten regelen")
    assert giver.heading == "Wie mag iets voor u regelen?"
    fills_in(giver, agent, service)
    giver.push("Ja, dit geven")
    assert giver.heading == GIVEN


def agrees(agent: Visitor, giver: Persona) -> None:
    enters(agent)
    agent.use(agent.page.get_by_role("link", name=giver.full_name))
    assert agent.heading == GOT
    agent.push("Ja, ik vind het goed")
    assert "geldig" in agent.text


def acts(agent: Visitor, giver: Persona) -> None:
    """Log in at the hospital for the other, which is told for whom and by what."""
    goes_to(agent)
    agent.use(agent.page.get_by_role("button", name=giver.full_name))
    agent.press("confirm")
    assert agent.heading == CARE[1]
    banner = agent.page.locator(".acting").inner_text()
    assert banner.startswith("U handelt voor iemand anders.")
    assert banner.endswith("Grond: machtiging.")


def goes_to(agent: Visitor) -> None:
    """Come to the hospital as if not seen before, up to the question for whom."""
    agent.page.context.clear_cookies()
    agent.open(*CARE)
    agent.log_in()
    assert agent.heading == FOR_WHOM


def sees_who_acted_and_ends_it(giver: Visitor, agent: Persona) -> None:
    giver.go(f"{giver.demo.hub}/account/mandates/used")
    assert agent.full_name in giver.text
    assert CARE[1] in giver.text
    giver.go(f"{giver.demo.hub}/account/mandates")
    giver.use(giver.page.get_by_role("link", name=agent.full_name))  # one click, and the second:
    giver.push("Deze machtiging nu stoppen")
    assert "gestopt" in giver.text


def is_not_offered(agent: Visitor, giver: Persona) -> None:
    goes_to(agent)
    assert agent.page.get_by_role("button", name=giver.full_name).count() == 0
    agent.press("stop")


def asks_for_a_letter(agent: Visitor, other: Persona) -> None:
    """Ask to act for somebody who does not log in."""
    agent.page.context.clear_cookies()
    enters(agent)
    agent.follow("Vragen om iets voor iemand te regelen")
    fills_in(agent, other, TAXES)
    agent.push("Ja, dit vragen")
    agent.push("Een brief sturen")


def uses_the_code_and_ends_everything(agent: Visitor, other: Persona) -> None:
    mandate = agent.page.url
    letter, code = agent.demo.letter(other.record["names"]["family"], about=LETTER)
    agent.go(letter)
    assert agent.persona.full_name in agent.text
    assert TAXES in agent.text
    agent.go(mandate)
    agent.fill(mandate_code=f"{code[:-1]}{'2' if code[-1] != '2' else '3'}")
    agent.push("De code gebruiken")
    assert agent.page.locator("#errors").is_visible()
    agent.fill(mandate_code=code)
    agent.push("De code gebruiken")
    assert "geldig" in agent.text
    agent.follow("Alles met deze persoon stoppen")
    agent.push("Alles stoppen")
    assert agent.heading == MANDATES
    assert other.full_name not in agent.text
