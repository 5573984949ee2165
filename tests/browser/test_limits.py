"""A mandate with limits in a real Chromium: chosen, read by both, held to by the website, and made less."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from demo.personas import Persona
from demo.places import Party
from tests.browser.ground import check_by_axe, check_reflow, check_targets
from tests.browser.test_mandates import FOR_WHOM, GIVEN, agrees, enters
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

GIVER, AGENT = "pieter", "sanne"
TAXES = (Party.MUNICIPALITY, "Belastingen regelen")
SMALL, LARGE = "Afvalstoffenheffing", "Onroerendezaakbelasting"
AMOUNT = re.compile("bedragen tot en met €.200,00")


def test_a_mandate_up_to_an_amount_is_held_to_and_made_less(
    browser: Browser, running_demo: RunningDemo, seen: Seen
) -> None:
    with ExitStack() as open_:
        giver, agent = (
            open_.enter_context(at_a_browser(browser, running_demo, name, seen=seen))
            for name in (GIVER, AGENT)
        )
        gives_up_to_an_amount(giver, agent.persona)
        agrees(agent, giver.persona)
        assert AMOUNT.search(agent.text)
        comes_for(agent, giver.persona)
        pays_what_is_small(agent)
        lets_look_only(giver)
        comes_for(agent, giver.persona)
        assert agent.page.locator(".limit").all_inner_texts() == [
            "U mag hier alleen: bekijken.",
            "Bedragen tot en met 200.00 euro.",
        ]
        assert agent.page.get_by_role("button", name="Betaal").count() == 0
        giver.push("Deze machtiging nu stoppen")


def gives_up_to_an_amount(giver: Visitor, agent: Persona) -> None:
    enters(giver)
    giver.follow("Iemand iets voor mij laten regelen")
    year, month, day = agent.record["birthDate"].split("-")
    giver.fill(bsn=agent.bsn, birth_date=f"{day}-{month}-{year}")
    giver.push("Verder")
    giver.page.get_by_label(TAXES[1]).first.check()
    giver.push("Verder")
    assert "Wat mag deze persoon daar?" in giver.text
    proposed = re.search(r"Bijvoorbeeld (\d\d-\d\d-\d{4})", giver.text)
    assert proposed
    giver.fill(until=proposed[1], limit_most="veel")
    giver.push("Verder")
    assert giver.page.locator("#errors").is_visible()
    assert "500 of 1250,50" in giver.page.locator("#errors").inner_text()
    giver.fill(limit_most="200")
    giver.push("Verder")
    assert AMOUNT.search(giver.text)
    giver.push("Ja, dit geven")
    assert giver.heading == GIVEN
    giver.use(giver.page.get_by_role("link", name="English"))
    assert "amounts up to and including €200.00" in giver.text
    for check in (check_by_axe, check_reflow, check_targets):
        check(giver.page)
    giver.use(giver.page.get_by_role("link", name="Nederlands"))


def comes_for(agent: Visitor, giver: Persona) -> None:
    agent.page.context.clear_cookies()
    agent.open(*TAXES)
    agent.log_in()
    assert agent.heading == FOR_WHOM
    agent.use(agent.page.get_by_role("button", name=giver.full_name))
    agent.press("confirm")
    assert agent.heading == TAXES[1]


def pays_what_is_small(agent: Visitor) -> None:
    """Pay a bill within the amount; the website neither offers the other, nor takes it from a bent form."""
    assert agent.page.get_by_role("button", name=f"Betaal {LARGE}").count() == 0
    for check in (check_by_axe, check_reflow, check_targets):
        check(agent.page)
    agent.use(agent.page.get_by_role("button", name=f"Betaal {SMALL}"))
    assert agent.heading == "Betaald"
    agent.use(agent.page.get_by_role("link", name="Terug naar"))
    agent.page.evaluate("document.querySelector('[name=bill]').value = 'ozb'")
    agent.use(agent.page.get_by_role("button", name=f"Betaal {SMALL}"))
    assert agent.heading == "Dit mag u niet voor deze persoon"


def lets_look_only(giver: Visitor) -> None:
    giver.page.reload()
    giver.page.get_by_label("Alleen bekijken").check()
    giver.push("Maak het minder")
    assert "alleen bekijken, en niets veranderen" in giver.text
    assert giver.page.get_by_label("Bekijken en klaarzetten, en niets versturen").count() == 0
