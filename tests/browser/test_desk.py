"""People come to a desk, and leave with the app on their own telephone or an account, in a real Chromium."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from demo.catalogue import CITIZEN_MEANS
from tests.browser.readers import card_table, with_own_card
from tests.browser.telephone import Telephone, telephone
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import arrive, scan_for_login
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

PERSONA = "suharti"
WITHOUT_ACCOUNT = "joost"
PASSWORD = "nep wachtwoord schuur peer"
GIVER, HELPS = "ahmet", "suharti"
DESK = "De balie"


def enter(clerk: Visitor, table: Page) -> None:
    """Come to the desk, where a password and a text message are not enough."""
    clerk.go(f"{clerk.demo.hub}/desk")
    assert clerk.heading == "Hoe wilt u inloggen?"
    assert clerk.page.locator(f"button[value={CITIZEN_MEANS}]").count() == 0
    with_own_card(clerk, table)
    assert clerk.heading == DESK
    assert "Gemeente Zandermeer" in clerk.text


def seen_at_the_desk(clerk: Visitor, whose: str) -> None:
    """Fill in whom the clerk saw, with which document."""
    clerk.fill(bsn=clerk.demo.persona(whose).bsn, document_number="SPECI2014")
    clerk.page.locator("[name=document][value=passport]").check()
    clerk.page.locator("[name=same_person]").check()


def shown(clerk: Visitor) -> str:
    """Read the name of a visit, or the code."""
    return clerk.page.locator(".desk-code").inner_text()


def bring(device: Telephone, code: str, leads_to: str) -> None:
    """Fill in the code of a desk in the app."""
    device.fill(desk_code=code)
    device.press("desk", leads_to)


def test_two_clerks_give_an_app_and_an_account_to_who_came_by_and_note_how_they_read(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with ExitStack() as open_:
        table = open_.enter_context(card_table(browser, app_demo))
        clerk, officer, visitor, newcomer = (
            open_.enter_context(at_a_browser(browser, app_demo, name, seen=seen))
            for name in ("olena", "maximiliaan", PERSONA, WITHOUT_ACCOUNT)
        )
        own, other = (open_.enter_context(telephone(browser, app_demo.hub, seen=seen)) for _ in range(2))
        enter(clerk, table)
        visit = note_a_visit(clerk)
        enter(officer, table)
        code = agree(officer, visit)
        add_the_app(own, other, code)
        scan_for_login(visitor, own)
        own.press("yes", "pin")
        own.give_pin()
        arrive(visitor)
        open_an_account(clerk, officer, newcomer)
        note_large_print(clerk)
        give_a_mandate(clerk, officer)
        end_it(clerk)
        # A card opens the desk, and no account.
        clerk.go(f"{clerk.demo.hub}/account")
        assert clerk.heading in {"Hoe wilt u inloggen?", "Inloggen met gebruikersnaam en wachtwoord"}
        assert (own.problems, other.problems) == ([], [])


def note_a_visit(clerk: Visitor) -> str:
    """Note that somebody came by; not the clerk, nor who died, nor whose account was blocked."""
    for name in (clerk.persona.id, "hendrik", "kees"):
        seen_at_the_desk(clerk, name)
        clerk.press("open")
        assert clerk.page.locator("#errors").is_visible()
    seen_at_the_desk(clerk, PERSONA)
    clerk.press("open")
    assert clerk.heading == "Het bezoek is vastgelegd"
    visit = shown(clerk)
    clerk.follow("Terug naar de balie")
    clerk.fill(case=visit)
    clerk.press("look")
    assert "niet akkoord gaan met uw eigen bezoek" in clerk.text
    return visit


def agree(officer: Visitor, visit: str, whose: str = PERSONA) -> str:
    """Look at the visit of a colleague, agree, and read the code."""
    officer.fill(case=visit)
    officer.press("look")
    assert officer.heading == "Gaat u akkoord?"
    assert officer.demo.persona(whose).full_name in officer.text
    officer.press("give")
    assert officer.heading == "Geef dit aan de persoon"
    return shown(officer)


def add_the_app(own: Telephone, other: Telephone, code: str) -> None:
    """Add the app with the code, which works once and on one telephone."""
    own.press("desk", "desk")
    bring(own, "2345-6789-BCDF", "desk")
    own.page.locator("[data-if='error=one-time-gone']:not([hidden])").wait_for()
    bring(own, code, "link")
    own.press("yes", "new-pin")
    own.choose_pin()
    own.press("ready", "start-active")
    other.press("desk", "desk")
    bring(other, code, "desk")
    other.page.locator("[data-if='error=one-time-gone']:not([hidden])").wait_for()


def open_an_account(clerk: Visitor, officer: Visitor, newcomer: Visitor) -> None:
    """Have a code for an account given, and open it alone; not for who has one, nor with another's date."""
    clerk.go(f"{clerk.demo.hub}/desk")
    clerk.follow("Help iemand aan een account")
    seen_at_the_desk(clerk, PERSONA)
    clerk.press("open")
    assert "heeft al een account" in clerk.text
    seen_at_the_desk(clerk, WITHOUT_ACCOUNT)
    clerk.press("open")
    assert clerk.heading == "Het bezoek is vastgelegd"
    visit = shown(clerk)
    officer.go(f"{officer.demo.hub}/desk")
    code = agree(officer, visit, WITHOUT_ACCOUNT)
    assert "een brief over het nieuwe account" in officer.text
    newcomer.go(f"{newcomer.demo.hub}/account/apply")
    newcomer.follow("Ik heb een code van een balie")
    for born, heading in (
        ("01-01-1979", "Ik heb een code van een balie"),
        ("30-11-1979", "Kies een gebruikersnaam en een wachtwoord"),
    ):
        newcomer.fill(desk_code=code, birth_date=born)
        newcomer.press("begin")
        assert newcomer.heading == heading
    newcomer.fill(user_name="joost-demo", new_password=PASSWORD, repeat_password=PASSWORD)
    newcomer.press("choose")
    newcomer.press("skip")
    assert newcomer.heading == "Uw account is klaar"
    newcomer.follow("Inloggen in mijn account")
    newcomer.choose_account()
    newcomer.fill(user_name="joost-demo", password=PASSWORD)
    newcomer.press("sign-in")
    assert "Mijn account" in newcomer.heading or newcomer.heading == "Wilt u inloggen?"


def note_large_print(clerk: Visitor) -> None:
    """Note that the person wants letters in large print, which the clerk must choose."""
    clerk.go(f"{clerk.demo.hub}/desk")
    clerk.follow("Noteer dat iemand brieven in grote letters wil")
    seen_at_the_desk(clerk, PERSONA)
    clerk.press("set")
    assert clerk.page.locator("#errors a").count() == 1
    seen_at_the_desk(clerk, PERSONA)
    clerk.page.locator("[name=letter_size][value=large]").check()
    clerk.press("set")
    assert clerk.heading == "De keuze voor de brieven is genoteerd"


def came(clerk: Visitor, name: str, whose: str = "") -> None:
    """Fill in who came, with their date of birth; `whose` stands before the names of the fields."""
    person = clerk.demo.persona(name)
    year, month, day = person.record["birthDate"].split("-")
    values = {"bsn": person.bsn, "birth_date": f"{day}-{month}-{year}", "document_number": "SPECI2014"}
    clerk.fill(**{whose + field: value for field, value in values.items()})
    clerk.page.locator(f"[name={whose}document][value=passport]").check()
    clerk.page.locator(f"[name={whose}same_person]").check()


def give_a_mandate(clerk: Visitor, officer: Visitor) -> None:
    """Note who lets whom act, in four pages, each of which says what is missing; a colleague agrees."""
    clerk.go(f"{clerk.demo.hub}/desk")
    clerk.follow("Help iemand om een machtiging te geven")
    clerk.push("Verder")
    assert clerk.page.locator("#errors a").count() > 2
    came(clerk, GIVER)
    clerk.page.locator("[name=helper_here][value=yes]").check()
    came(clerk, HELPS, "helper_")
    clerk.push("Verder")
    clerk.page.get_by_label("Belastingen regelen").check()
    clerk.push("Verder")
    clerk.fill(until="1 mei")
    clerk.push("Verder")
    assert "Vul een dag in zoals" in clerk.text
    clerk.fill(until=re.search(r"Bijvoorbeeld (\d\d-\d\d-\d{4})", clerk.text)[1])  # type: ignore[index]
    clerk.push("Verder")
    assert clerk.heading == "Lees dit voor"
    clerk.push("Dit is wat zij willen")
    officer.go(f"{officer.demo.hub}/desk")
    officer.fill(case=shown(clerk))
    officer.press("look")
    assert officer.demo.persona(GIVER).full_name in officer.text
    officer.press("give")
    assert officer.heading == "De machtiging geldt vanaf nu"


def end_it(clerk: Visitor) -> None:
    """Find nothing by another name, end the one that is found by its name, and then all that is left."""
    clerk.go(f"{clerk.demo.hub}/desk/mandate/end")
    clerk.press("find")
    assert clerk.page.locator("#errors a").last.get_attribute("href") == "#other_name"
    ends = clerk.page.get_by_role("button", name="Deze machtiging nu stoppen")
    for name, there in (("Zonderling", 0), (clerk.demo.persona(HELPS).full_name, 1)):
        came(clerk, GIVER)
        clerk.fill(other_name=name)
        clerk.press("find")
        assert ends.count() == there
        if not there:
            assert "de laatste drie cijfers" in clerk.text
            clerk.follow("Zoek opnieuw")
    clerk.use(ends)
    assert clerk.heading == "Het is gestopt"
    clerk.go(f"{clerk.demo.hub}/desk/mandate/end")
    came(clerk, GIVER)
    clerk.press("all")
    clerk.press("all")
    assert "Er was niets om te stoppen" in clerk.text
