"""People add the app to their account and log in with it, in a real Chromium; every screen is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, Route

from tests.browser.telephone import PIN, SCREEN, Telephone, telephone, with_app
from tests.browser.visitor import KeyboardVisitor, Seen, Visitor, at_a_browser
from tests.browser.with_the_app import (
    ADDED,
    add_app,
    arrive,
    begin_to_add,
    choose_app,
    go_to_service,
    meet,
    number_on,
    scan_for_login,
)
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

LETTER = "Uw code voor de app"
WAITS = 40_000  # milliseconds: twice what the page's script waits at most where the hub is too busy

# All that this browser keeps: what is in databases and caches, with keys as what they let be done.
_EVERYTHING = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise(done => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const shelf of database.objectStoreNames) {
      const all = await new Promise(done => {
        const asked = database.transaction(shelf).objectStore(shelf).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      const told = (_, value) => value instanceof CryptoKey
        ? {type: value.type, extractable: value.extractable, usages: value.usages, kind: value.algorithm.name}
        : value;
      found.push(JSON.stringify(all, told));
    }
    database.close();
  }
  return found;
}"""


@pytest.fixture(scope="module")
def app_of_sanne(browser: Browser, app_demo: RunningDemo, seen: Seen) -> Iterator[Telephone]:
    """Add an app to the account of Sanne, with a password and a text message."""
    with telephone(browser, app_demo.hub, seen=seen) as lent:
        with at_a_browser(browser, app_demo, "sanne", seen=seen) as sanne:
            add_app(sanne, lent)
            sanne.page.get_by_role("heading", name=ADDED).wait_for()
        lent.press("ready", "start-active")
        yield lent
        assert lent.problems == []


@pytest.fixture
def device(app_of_sanne: Telephone) -> Telephone:
    """Lend the telephone of Sanne, at the start of its app."""
    app_of_sanne.open()
    return app_of_sanne


@pytest.fixture
def sanne(browser: Browser, app_demo: RunningDemo, seen: Seen) -> Iterator[Visitor]:
    with at_a_browser(browser, app_demo, "sanne", seen=seen) as visitor:
        yield visitor


@pytest.fixture
def second(
    browser: Browser, app_demo: RunningDemo, device: Telephone, sanne: Visitor, seen: Seen
) -> Iterator[Telephone]:
    """Lend another telephone of Sanne, in English, added with the first."""
    with telephone(browser, app_demo.hub, seen=seen, language="en-GB") as lent:
        sanne.go(f"{app_demo.hub}/account/apps/new")
        choose_app(sanne)
        meet(sanne, device)
        device.type_number(number_on(sanne), "confirm")
        device.press("yes", "pin")
        device.give_pin()
        device.press("ready", "start-active")
        sanne.page.locator("button[value=begin]").wait_for()
        sanne.press("begin")
        meet(sanne, lent)
        lent.type_number(number_on(sanne), "link")
        lent.press("yes", "new-pin")
        lent.choose_pin()
        lent.press("ready", "start-active")
        sanne.page.get_by_role("heading", name=ADDED).wait_for()
        yield lent


def test_a_person_says_in_the_app_that_it_is_not_them_and_nobody_is_let_in(
    device: Telephone, sanne: Visitor
) -> None:
    scan_for_login(sanne, device)
    yes, no = device.button("yes").bounding_box(), device.button("refuse").bounding_box()
    assert yes
    assert no
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    device.press("refuse", "refused")
    sanne.page.get_by_role("heading", name="U hebt niet bevestigd in de app").wait_for()
    sanne.look()
    device.press("ready", "start-active")


def test_stopping_in_the_app_tells_the_page_at_once(device: Telephone, sanne: Visitor) -> None:
    scan_for_login(sanne, device)
    device.press("yes", "pin")
    device.press("stop", "start-active")
    sanne.page.get_by_role("heading", name="U hebt niet bevestigd in de app").wait_for()


def met_a_busy_hub(sanne: Visitor) -> None:
    """Have the page's script be told once that the hub is too busy, and let it wait as long as it does."""
    asks, busy = "**/state?stage=*", {"status": 503, "headers": {"retry-after": "1"}, "body": ""}
    sanne.page.route(asks, lambda route: route.fulfill(**busy), times=1)
    before = len(sanne.problems)
    with sanne.page.expect_response(lambda answer: answer.status == busy["status"]):
        sanne.page.reload()
    # Where the script has not read the answer yet, its wait begins after this, and is as long as it is.
    with sanne.page.expect_request(asks, timeout=WAITS):
        sanne.page.clock.fast_forward(20_000)
    # Chromium says of itself that it was told so, and nobody else says anything.
    told, sanne.problems[before:] = sanne.problems[before:], []
    assert [each for each in told if "503" not in each] == []


def test_a_wrong_pin_costs_a_try_and_the_right_one_then_logs_in_also_where_the_hub_was_too_busy(
    device: Telephone, sanne: Visitor
) -> None:
    sanne.page.clock.install()
    scan_for_login(sanne, device)
    device.press("yes", "pin")
    met_a_busy_hub(sanne)
    device.give_pin("11112", "pin")
    device.page.locator("[data-if='error=pin-wrong']:not([hidden])").wait_for()
    assert device.tries_left == "4"
    device.give_pin()
    arrive(sanne)
    device.press("ready", "start-active")


def test_five_wrong_pins_block_the_app_and_its_keys_are_forgotten(second: Telephone, sanne: Visitor) -> None:
    scan_for_login(sanne, second)
    second.press("yes", "pin")
    for left in ("4", "3", "2", "1"):
        second.give_pin("11112", "pin")
        second.page.locator("[data-slot=left]", has_text=left).wait_for()
    second.give_pin("11112", "start-blocked")
    assert "CryptoKey" not in str(second.page.evaluate(_EVERYTHING))
    assert '"kind"' not in str(second.page.evaluate(_EVERYTHING))
    sanne.page.get_by_text("Deze app is nu geblokkeerd.").wait_for()
    sanne.look()


def test_an_app_that_is_removed_from_its_device_is_gone_from_my_account_too(
    second: Telephone, sanne: Visitor
) -> None:
    def works() -> int:
        sanne.go(f"{sanne.demo.hub}/account/apps")
        return sanne.text.splitlines().count("werkt")

    before = works()
    second.press_in_details("remove", "remove")
    second.press("remove", "start-new")
    assert works() == before - 1


def test_the_app_shows_who_asks_at_which_level_from_where_and_with_what(
    device: Telephone, sanne: Visitor
) -> None:
    scan_for_login(sanne, device)
    shown = device.page.locator(SCREEN).inner_text()
    for told in ("Uitslagen bekijken", "Ziekenhuis De Linde", "midden", "127.0.0", "Chrom", "Linux"):
        assert told in shown, told
    device.press("stop", "start-active")


def test_nothing_of_the_pin_is_kept_or_sent_and_no_key_can_be_read(device: Telephone, sanne: Visitor) -> None:
    sent: list[str] = []

    def heard(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data} {request.headers}")

    device.page.on("request", heard)
    scan_for_login(sanne, device)
    device.press("yes", "pin")
    device.give_pin()
    device.press("ready", "start-active")
    device.page.remove_listener("request", heard)
    kept = device.page.evaluate(_EVERYTHING)
    assert [text for text in [*sent, *kept] if PIN in text] == []
    (record,) = json.loads(kept[3])
    assert set(record) == {"app", "status", "device", "pinHalf", "turn"}
    for key, kind in ((record["device"], "ECDSA"), (record["pinHalf"], "HMAC")):
        assert key == {"type": key["type"], "extractable": False, "usages": ["sign"], "kind": kind}


def test_two_windows_of_one_app_are_not_taken_for_a_copied_device(device: Telephone, sanne: Visitor) -> None:
    other = with_app(device.page.context, device.hub)
    scan_for_login(sanne, device)
    device.press("yes", "pin")
    device.give_pin()
    device.press("ready", "start-active")
    scan_for_login(sanne, other)
    other.press("yes", "pin")
    other.give_pin()
    scan_for_login(sanne, device)
    device.press("yes", "pin")
    device.give_pin()
    device.press("ready", "start-active")
    assert other.problems == []
    other.page.close()


def test_an_answer_that_got_lost_costs_nothing(device: Telephone, sanne: Visitor) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    scan_for_login(sanne, device)
    device.press("yes", "pin")
    device.page.context.route("**/confirm", lose)
    device.give_pin(leads_to="trouble")
    assert "Er is geen verbinding." in device.text
    device.page.context.unroute("**/confirm", lose)
    device.press("ready", "start-active")
    arrive(sanne)  # the hub had it
    for _ in range(2):
        scan_for_login(sanne, device)
        device.press("yes", "pin")
        device.give_pin()
        device.press("ready", "start-active")


def test_a_button_that_is_pressed_twice_counts_once(device: Telephone, sanne: Visitor) -> None:
    sent: list[str] = []
    scan_for_login(sanne, device)
    device.press("yes", "pin")
    device.fill(pin=PIN)
    device.page.on("request", lambda request: sent.append(request.url))
    device.button("pin").dblclick()
    device.arrive("confirmed")
    assert [url for url in sent if url.endswith("/confirm")] == sent


@pytest.mark.requires("WCAG22-2.1.1")
def test_a_login_with_the_app_needs_no_mouse(
    browser: Browser, app_demo: RunningDemo, device: Telephone
) -> None:
    with at_a_browser(browser, app_demo, "sanne", KeyboardVisitor) as sanne:
        scan_for_login(sanne, device)
        device.button("yes").focus()
        device.page.keyboard.press("Enter")
        device.arrive("pin")
        # The field has the focus already.
        device.page.keyboard.type(PIN)
        device.page.keyboard.press("Enter")
        device.arrive("confirmed")
        device.page.keyboard.press("Tab")
        device.page.keyboard.press("Enter")
        device.arrive("start-active")


def test_a_number_that_is_wrong_or_was_used_is_asked_again(device: Telephone, sanne: Visitor) -> None:
    go_to_service(sanne)
    meet(sanne, device)
    device.type_number("123", "number")
    device.page.locator("[data-if='error=number-form']:not([hidden])").wait_for()
    device.fill(number="0000000000")
    device.button("number").click()
    device.page.locator("[data-if='error=scan-gone']:not([hidden])").wait_for()
    device.fill(number=number_on(sanne))
    device.press("number", "confirm")
    device.press("stop", "start-active")


def test_with_a_password_alone_the_app_waits_for_the_code_of_a_letter(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with (
        telephone(browser, app_demo.hub, seen=seen) as lent,
        at_a_browser(browser, app_demo, "ahmet", seen=seen) as ahmet,
    ):
        add_app(ahmet, lent, second_step=False, leads_to="start-pending")
        # A desk may have written to him before about something else.
        _, code = app_demo.letter(ahmet.persona.full_name, about=LETTER)
        lent.fill(letter_code="AAAA-AAAA-AAAA")
        lent.button("letter").click()
        lent.page.locator("[data-if='error=credentials-wrong']:not([hidden])").wait_for()
        lent.fill(letter_code=code)
        lent.press("letter", "linked")
        lent.press("ready", "start-active")
        scan_for_login(ahmet, lent)
        lent.press("yes", "pin")
        lent.give_pin()
        arrive(ahmet)
        assert lent.problems == []


def test_somebody_who_did_not_ask_for_an_app_says_so_and_none_is_added(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with (
        telephone(browser, app_demo.hub, seen=seen, language="en-GB") as lent,
        at_a_browser(browser, app_demo, "nadia", seen=seen) as nadia,
    ):
        begin_to_add(nadia, lent)
        lent.press("refuse", "refused")
        nadia.page.get_by_role("heading", name="U hebt niet bevestigd in de app").wait_for()
        lent.press("ready", "start-new")
        nadia.go(f"{app_demo.hub}/account/apps")
        assert nadia.page.locator("button[name=app]").count() == 0


def test_an_easy_pin_is_refused_and_two_that_differ_are_too(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with (
        telephone(browser, app_demo.hub, seen=seen, language="en-GB") as lent,
        at_a_browser(browser, app_demo, "pieter", seen=seen) as pieter,
    ):
        begin_to_add(pieter, lent)
        lent.press("yes", "new-pin")
        for pin, again, error in (
            ("12345", "12345", "easy"),
            ("2701", "2701", "form"),
            (PIN, "27019", "differs"),
        ):
            lent.fill(new_pin=pin, new_pin_again=again)
            lent.button("choose").click()
            lent.page.locator(f"[data-if='error=pin-{error}']:not([hidden])").first.wait_for()
        lent.choose_pin()
        lent.press("ready", "start-active")
