"""One person climbs the whole ladder and comes down again, in a real Chromium; pages are looked at.

At every rung a service that asks exactly that level gets it, and the one above is refused in words that help.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from demo.catalogue import CITIZEN_MEANS
from demo.places import Party
from tests.browser.readers import (
    ACCEPTED,
    CARD_PAGE,
    REFUSED,
    at_the_reader,
    card_of,
    card_table,
    letters_on,
    put_on_the_reader,
)
from tests.browser.telephone import Telephone, telephone
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import ADDED, add_app, arrive, choose_app, meet, number_on
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(600)

PERSONA = "ahmet"  # who begins with a password alone
MINE, RESULTS, RECORD = "Mijn De Linde", "Uitslagen bekijken", "Uw hele dossier"  # basic, low, high
MOVING = "Verhuizing doorgeven"  # substantial
CHOICE, SIGN_IN = "Hoe wilt u inloggen?", "Inloggen met gebruikersnaam en wachtwoord"
NO_NUMBER = "Voor deze dienst hebt u een telefoonnummer nodig"
CHECK_FIRST = "Laat eerst uw identiteitsbewijs controleren"
WRONG_PIN = "000000"
NEW_PASSWORD = "nep wachtwoord ladder wolk"
MOST_LETTERS = 20


def opens(visitor: Visitor, party: Party, service: str) -> None:
    """Come to a service with a browser that is nobody yet."""
    visitor.page.context.clear_cookies()
    visitor.open(party, service)


def confirm(visitor: Visitor, device: Telephone) -> None:
    """Choose the app and confirm in it; the page then goes on by itself."""
    choose_app(visitor)
    meet(visitor, device)
    device.type_number(number_on(visitor), "confirm")
    device.press("yes", "pin")
    device.give_pin()
    device.press("ready", "start-active")


def letter_code(visitor: Visitor) -> str:
    """Read the code of the next letter that has one; others only tell."""
    letters = (visitor.demo.letter(visitor.persona.full_name)[1] for _ in range(MOST_LETTERS))
    return next(code for code in letters if code)


def test_the_whole_ladder_upward_and_downward(
    browser: Browser, accounts_demo: RunningDemo, seen: Seen
) -> None:
    with ExitStack() as open_:
        device = open_.enter_context(telephone(browser, accounts_demo.hub, seen=seen))
        table = open_.enter_context(card_table(browser, accounts_demo))
        ahmet = open_.enter_context(at_a_browser(browser, accounts_demo, PERSONA, seen=seen))
        climb_to_basis(ahmet)
        climb_to_text_messages(ahmet)
        climb_to_the_app(ahmet, device)
        climb_to_substantial(ahmet, device)
        climb_to_high(ahmet, device, table)
        stop_the_card(ahmet, device, table)
        undo_the_check(ahmet, device)
        stop_the_app(ahmet, device)
        lose_the_number(ahmet)
        end_the_account(ahmet)
        assert device.problems == []


def climb_to_basis(visitor: Visitor) -> None:
    """Log in with a password alone; a service that asks more says what is missing."""
    opens(visitor, Party.HOSPITAL, MINE)
    visitor.sign_in()
    visitor.press("confirm")
    visitor.press("go-on")  # past the invitation to the app
    visitor.received(MINE, "basis")
    opens(visitor, Party.HOSPITAL, RESULTS)
    visitor.sign_in()
    assert visitor.heading == NO_NUMBER


def climb_to_text_messages(visitor: Visitor) -> None:
    """Add a number with the code of a letter, and go on to the service."""
    visitor.follow("Een telefoonnummer toevoegen")
    visitor.sign_in()
    visitor.fill(telephone=visitor.persona.telephone)
    visitor.press("send")
    visitor.fill(code=visitor.text_message())
    visitor.press("confirm")
    assert visitor.heading == "Voeg uw nummer toe met de code uit de brief"
    visitor.open(Party.HOSPITAL, RESULTS)
    visitor.sign_in()
    visitor.fill(letter_code=letter_code(visitor))
    visitor.press("add")
    visitor.fill(code=visitor.text_message())
    visitor.press("confirm")
    visitor.press("confirm")
    visitor.received(RESULTS, "midden")

    opens(visitor, Party.MUNICIPALITY, MOVING)
    assert visitor.heading == CHOICE
    assert visitor.page.locator(f"button[value={CITIZEN_MEANS}]").count() == 0
    visitor.page.get_by_text("Waarom kan ik geen ander inlogmiddel kiezen?").click()
    assert "Toegang-account" in visitor.text
    visitor.press("stop")
    assert visitor.heading == "U bent niet ingelogd"


def climb_to_the_app(visitor: Visitor, device: Telephone) -> None:
    """Add the app and log in with it; a service that asks more first wants a document checked."""
    add_app(visitor, device)
    visitor.headed(ADDED)
    device.press("ready", "start-active")
    opens(visitor, Party.HOSPITAL, RESULTS)
    confirm(visitor, device)
    arrive(visitor)
    visitor.received(RESULTS, "midden")
    opens(visitor, Party.MUNICIPALITY, MOVING)
    confirm(visitor, device)
    visitor.headed(CHECK_FIRST)


def climb_to_substantial(visitor: Visitor, device: Telephone) -> None:
    """Have the own passport checked, after somebody else's; a card that is not ready reaches no further."""
    visitor.press("check")
    with at_the_reader(visitor, "sanne"):
        visitor.headed("Ga verder met de lezer")
    visitor.headed("De controle is niet gelukt")  # both are told, and neither why
    assert "Is het uw eigen document" in visitor.text
    visitor.press("again")
    visitor.press("on")
    visitor.press("check")
    with at_the_reader(visitor, PERSONA):
        visitor.headed("Ga verder met de lezer")
    visitor.headed("Uw identiteitsbewijs is gecontroleerd")
    visitor.press("on")
    visitor.press("confirm")
    visitor.received(MOVING, "substantieel")
    visitor.go(f"{visitor.demo.hub}/reader/#BCDFGHJK")
    assert visitor.heading == "Hiervoor hebt u de lezer nodig"
    # The next login is at that level at once.
    visitor.page.context.clear_cookies()
    visitor.go(f"{visitor.demo.hub}/account/apps")
    confirm(visitor, device)
    visitor.headed("De app")
    assert "niveau substantieel" in visitor.text


def climb_to_high(visitor: Visitor, device: Telephone, table: Page) -> None:
    """Make a card ready and log in with it, after a wrong PIN; it is asked at each login anew."""
    number, pin = card_of(PERSONA)
    opens(visitor, Party.HOSPITAL, RECORD)
    assert visitor.heading == CARD_PAGE
    visitor.press("start")
    put_on_the_reader(table, letters_on(visitor), number, pin)
    visitor.headed(REFUSED)
    assert "Deze kaart is nog niet klaar om in te loggen" in visitor.text
    visitor.follow("Mijn kaarten")
    confirm(visitor, device)
    visitor.headed("Inloggen met mijn identiteitskaart of rijbewijs")
    visitor.go(f"{visitor.demo.hub}/account/cards/activate")
    visitor.press("start")
    assert "geaccepteerd" in put_on_the_reader(table, letters_on(visitor), number, pin)
    visitor.headed("Uw kaart is klaar om in te loggen")

    opens(visitor, Party.HOSPITAL, RECORD)
    visitor.press("start")
    used = letters_on(visitor)
    # The card counts the wrong PIN; the reader tells, and the page has not become a login.
    assert "Pogingen over: 2" in put_on_the_reader(table, used, number, WRONG_PIN)
    visitor.headed(REFUSED)
    assert "Was uw pincode fout?" in visitor.text
    assert visitor.page.locator("button[value=on]").count() == 0
    visitor.press("start")
    # The letters of before are used up, also for who has the right card and PIN.
    letters = letters_on(visitor)
    assert letters != used
    assert "Deze code werkt niet" in put_on_the_reader(table, used, number, pin)
    assert "geaccepteerd" in put_on_the_reader(table, letters, number, pin)
    visitor.headed(ACCEPTED)
    visitor.press("on")
    visitor.press("confirm")
    visitor.received(RECORD, "hoog")
    # No session of the hub answers in the place of the card.
    visitor.page.context.clear_cookies(name=f"demo-{Party.HOSPITAL}")
    visitor.open(Party.HOSPITAL, RECORD)
    assert visitor.heading == CARD_PAGE


def stop_the_card(visitor: Visitor, device: Telephone, table: Page) -> None:
    """Stop it in My account: it logs nobody in any more."""
    visitor.go(f"{visitor.demo.hub}/account/cards")
    confirm(visitor, device)
    visitor.headed("Inloggen met mijn identiteitskaart of rijbewijs")
    visitor.use(visitor.page.locator("button[name=card]"))
    assert "u logt er niet meer mee in" in visitor.text
    visitor.open(Party.HOSPITAL, RECORD)
    visitor.press("start")
    put_on_the_reader(table, letters_on(visitor), *card_of(PERSONA))
    visitor.headed(REFUSED)
    assert "U hebt het inloggen met deze kaart gestopt." in visitor.text


def undo_the_check(visitor: Visitor, device: Telephone) -> None:
    """Undo the check: what the app proved at that level counts no more, and it proves it no more."""
    visitor.go(f"{visitor.demo.hub}/account/apps")
    visitor.page.locator("button[formaction='/account/apps/lower']").click()
    visitor.headed(CHOICE)
    opens(visitor, Party.MUNICIPALITY, MOVING)
    confirm(visitor, device)
    visitor.headed(CHECK_FIRST)


def stop_the_app(visitor: Visitor, device: Telephone) -> None:
    """Stop the app: it says so itself, and password and text message go on working."""
    visitor.page.context.clear_cookies()
    visitor.go(f"{visitor.demo.hub}/account/apps")
    visitor.sign_in()
    visitor.use(visitor.page.locator("button[name=app]").first)
    if visitor.heading != "De app":
        visitor.sign_in()
    assert "U hebt geen app." in visitor.text
    opens(visitor, Party.HOSPITAL, RESULTS)
    choose_app(visitor)
    meet(visitor, device)
    device.type_number(number_on(visitor), "confirm")
    device.press("yes", "pin")
    device.give_pin(leads_to="start-stopped")
    assert "gestopt" in device.text
    opens(visitor, Party.HOSPITAL, RESULTS)
    visitor.log_in()
    visitor.press("confirm")
    visitor.received(RESULTS, "midden")


def lose_the_number(visitor: Visitor) -> None:
    """Recover with a letter, without the number of before: the account is at basis again."""
    account = visitor.persona.account
    assert account
    visitor.page.context.clear_cookies()
    visitor.go(f"{visitor.demo.hub}/account/forgotten")
    visitor.fill(user_name=account.user_name, bsn=visitor.persona.bsn)
    visitor.press("send")
    visitor.go(f"{visitor.demo.hub}/account/forgotten/letter")
    code = letter_code(visitor)
    visitor.fill(user_name=account.user_name, bsn=visitor.persona.bsn, activation_code=code)
    visitor.page.locator("[name=number_lost]").check()
    visitor.press("open")
    visitor.fill(new_password=NEW_PASSWORD, repeat_password=NEW_PASSWORD)
    visitor.page.locator("main button").first.click()
    visitor.look()
    opens(visitor, Party.HOSPITAL, RESULTS)
    visitor.sign_in(NEW_PASSWORD)
    assert visitor.heading == NO_NUMBER
    opens(visitor, Party.HOSPITAL, MINE)
    visitor.sign_in(NEW_PASSWORD)
    visitor.press("confirm")
    visitor.received(MINE, "basis")


def end_the_account(visitor: Visitor) -> None:
    """End it, once that is sure: nobody logs in with it any more."""
    visitor.go(f"{visitor.demo.hub}/account/end")
    visitor.sign_in(NEW_PASSWORD)
    visitor.press("end")
    assert visitor.page.locator("#errors").is_visible()
    visitor.page.locator("[name=sure]").check()
    visitor.press("end")
    assert visitor.heading == "Uw account is beëindigd"
    opens(visitor, Party.HOSPITAL, MINE)
    visitor.sign_in(NEW_PASSWORD)
    assert visitor.heading == SIGN_IN
    assert visitor.page.locator("#errors").is_visible()
