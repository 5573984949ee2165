"""L08: who makes somebody else's app confirm: what is stopped, and what is only made visible.

Two browsers on two sides: the attacker's, which began the login, and the victim's. The lines are those of the
last section of docs/protocols/app.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.telephone import SCREEN, Telephone, read_code, telephone
from tests.browser.visitor import Visitor, at_a_browser
from tests.browser.with_the_app import add_app, arrive, go_to_service, meet, number_on
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

OTHER_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="module")
def with_app_of_victim(browser: Browser, app_demo: RunningDemo) -> Iterator[Telephone]:
    """Add an app to the account of the victim."""
    with telephone(browser, app_demo.hub) as lent:
        with at_a_browser(browser, app_demo, "maximiliaan") as maximiliaan:
            add_app(maximiliaan, lent)
        lent.press("ready", "start-active")
        yield lent
        assert lent.problems == []


@pytest.fixture
def victim(with_app_of_victim: Telephone) -> Telephone:
    """Lend the telephone of the victim, at the start of its app."""
    with_app_of_victim.open()
    return with_app_of_victim


@pytest.fixture
def attacker(browser: Browser, app_demo: RunningDemo) -> Iterator[Visitor]:
    """Sit at another browser, on the way to a service as nobody yet."""
    with at_a_browser(browser, app_demo, "sanne") as somebody:
        go_to_service(somebody)
        yield somebody


@pytest.fixture
def accomplice(browser: Browser, app_demo: RunningDemo) -> Iterator[Telephone]:
    """Lend a telephone to the attacker, to meet their own page with."""
    with telephone(browser, app_demo.hub) as lent:
        yield lent


@pytest.mark.requires("RFC10027")
def test_a_relayed_picture_of_the_code_is_stopped(
    attacker: Visitor, accomplice: Telephone, victim: Telephone
) -> None:
    meet(attacker, accomplice)
    victim.show_code()
    victim.type_number(number_on(attacker), "number")
    victim.page.locator("[data-if='error=scan-gone']:not([hidden])").wait_for()
    victim.press("stop", "start-active")
    assert attacker.heading == "Scan deze code met uw app"


@pytest.mark.requires("RFC10027")
def test_a_relayed_picture_that_the_telephones_own_camera_opens_is_stopped(
    attacker: Visitor, accomplice: Telephone, victim: Telephone
) -> None:
    meet(attacker, accomplice)
    address = read_code(attacker.page, attacker.page.locator("figure.qr svg"))
    assert address.startswith(f"{victim.hub}/app/#")
    victim.open(address.removeprefix(f"{victim.hub}/app/"))
    victim.arrive("trouble")
    assert "Begin dan in deze app." in victim.text
    victim.press("ready", "start-active")


@pytest.mark.requires("RFC10027")
def test_a_relayed_link_to_the_app_proves_nothing_in_either_browser(
    attacker: Visitor, victim: Telephone
) -> None:
    attacker.press("here")
    link = attacker.page.get_by_role("link", name="Open de app").get_attribute("href") or ""
    victim.open(link.partition("/app/")[2])
    victim.arrive("confirm")
    victim.press("yes", "pin")
    victim.fill(pin="27018")
    victim.button("pin").click()
    # The app brings the victim back to a login that this browser did not begin.
    victim.page.wait_for_url("**/means/app/**/return/**")
    assert "andere browser" in victim.page.locator("main").inner_text()
    # The attacker's page goes there by itself.
    attacker.page.get_by_role("heading", name="U hebt niet bevestigd in de app").wait_for()
    assert "andere browser" in attacker.text


@pytest.mark.requires("RFC10027")
def test_a_code_that_is_told_by_telephone_is_made_visible_and_not_stopped(
    browser: Browser, app_demo: RunningDemo, victim: Telephone
) -> None:
    context = browser.new_context(locale="nl-NL", user_agent=OTHER_BROWSER)
    attacker = Visitor(demo=app_demo, page=context.new_page(), persona=app_demo.persona("sanne"))
    go_to_service(attacker)
    meet(attacker, victim)
    victim.type_number(number_on(attacker), "confirm")
    shown = victim.page.locator(SCREEN).inner_text()
    for told in ("Uitslagen bekijken", "Ziekenhuis De Linde", "127.0.0", "Firefox", "Windows"):
        assert told in shown, told
    victim.press("yes", "pin")
    victim.give_pin()
    arrive(attacker)  # and is in as the victim, who alone could have seen it
    victim.press("ready", "start-active")
    context.close()


@pytest.mark.requires("RFC10027")
def test_the_victim_who_sees_it_stops_it_with_one_press(attacker: Visitor, victim: Telephone) -> None:
    meet(attacker, victim)
    victim.type_number(number_on(attacker), "confirm")
    victim.press("refuse", "refused")
    victim.press("ready", "start-active")
    attacker.page.get_by_role("heading", name="U hebt niet bevestigd in de app").wait_for()
