"""The app by itself, without a hub: whether the browser can be one, and what it says when nothing answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.ground import check_by_axe
from tests.browser.preview import HOUSE, Preview
from tests.browser.telephone import SCREEN, TELEPHONE, check_screen

NO_STORAGE = "indexedDB.open = () => { throw new DOMException('private', 'SecurityError'); };"
NO_ED25519 = """const generate = crypto.subtle.generateKey.bind(crypto.subtle);
  crypto.subtle.generateKey = async (kind, ...more) => {
    if (kind.name === "Ed25519") throw new DOMException("unknown", "NotSupportedError");
    return generate(kind, ...more);
  };"""
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport=TELEPHONE)
    Preview().attach(opened)
    yield opened
    opened.close()


def opened(context: BrowserContext, language: str = "nl", fragment: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{HOUSE}/app/shell?ui_locales={language}{fragment}")
    page.locator(SCREEN).wait_for()
    return page


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (NO_STORAGE, "Deze browser bewaart niets"),
        (NO_ED25519, "Deze browser kent de handtekeningen niet"),
        (NO_LOCKS, "Deze browser is te oud"),
    ],
    ids=["storage", "ed25519", "old browser"],
)
def test_a_browser_that_cannot_be_an_app_says_why(context: BrowserContext, missing: str, words: str) -> None:
    context.add_init_script(missing)
    page = opened(context)
    assert page.locator("h1").inner_text() == "De app werkt niet in deze browser"
    assert words in page.locator(SCREEN).inner_text()
    assert page.locator(f"{SCREEN} button:visible").count() == 0
    check_by_axe(page)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_without_a_connection_the_app_says_so_and_leads_back(context: BrowserContext, language: str) -> None:
    context.route("**/app/v1/**", lambda route: route.abort())
    page = opened(context, language)
    page.locator(f"{SCREEN} button[value=contact]").click()
    page.locator("[data-screen=trouble]:not([hidden])").wait_for()
    said = page.locator(SCREEN).inner_text()
    assert {"nl": "Er is geen verbinding.", "en": "There is no connection."}[language] in said
    check_screen(page)
    page.locator(f"{SCREEN} button[value=ready]").click()
    page.locator("[data-screen=start-new]:not([hidden])").wait_for()


def test_what_stands_before_the_hub_and_answers_for_it_is_no_connection_either(
    context: BrowserContext,
) -> None:
    answer = {"status": 502, "body": "<h1>Bad gateway</h1>", "content_type": "text/html"}
    context.route("**/app/v1/**", lambda route: route.fulfill(**answer))
    page = opened(context)
    page.locator(f"{SCREEN} button[value=contact]").click()
    page.locator("[data-screen=trouble]:not([hidden])").wait_for()
    assert "Er is geen verbinding." in page.locator(SCREEN).inner_text()


@pytest.mark.requires("WCAG22-2.4.3")
def test_a_new_screen_takes_the_focus_and_back_leads_to_the_start(context: BrowserContext) -> None:
    context.route("**/app/v1/**", lambda route: route.abort())
    page = opened(context)
    page.locator(f"{SCREEN} button[value=contact]").click()
    page.locator("[data-screen=trouble]:not([hidden])").wait_for()
    assert page.evaluate("() => document.activeElement.id") == "title"
    assert page.title() == "Dit lukte niet - Inlogapp - Toegang"
    page.go_back()
    page.locator("[data-screen=start-new]:not([hidden])").wait_for()


def test_the_app_offers_to_install_it_when_the_browser_does(context: BrowserContext) -> None:
    page = opened(context)
    button = page.locator(f"{SCREEN} button[value=install]")
    assert not button.is_visible()
    page.evaluate(
        """() => {
          const offer = new Event("beforeinstallprompt", { cancelable: true });
          offer.prompt = () => { globalThis.prompted = true; };
          dispatchEvent(offer);
        }"""
    )
    check_screen(page)
    button.click()
    button.wait_for(state="hidden")
    assert page.evaluate("() => globalThis.prompted")


def test_what_a_link_carries_is_taken_out_of_the_address_at_once(context: BrowserContext) -> None:
    context.route("**/app/v1/**", lambda route: route.abort())
    page = opened(context, fragment="#AAAAAAAAAAAAAAAAAAAAAA")
    assert "#" not in page.url


def test_no_pin_leaves_by_a_form_even_when_no_script_stops_it(context: BrowserContext) -> None:
    page = opened(context)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.evaluate(
        """() => {
          const form = document.getElementById("pin").form;
          document.getElementById("pin").value = "27018";
          form.method = "get";
          form.submit();
        }"""
    )
    page.wait_for_load_state()
    assert [url for url in sent if "27018" in url] == []
    assert "27018" not in page.url


def test_text_never_becomes_markup_in_the_app(context: BrowserContext) -> None:
    page = opened(context)
    refused = page.evaluate(
        """() => {
          try { document.body.innerHTML = "<b>x</b>"; return ""; } catch (error) { return error.name; }
        }"""
    )
    assert refused == "TypeError"
