"""The app as an installed app: what a real Chromium says of it, and what it keeps for without a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.ground import CHROMIUM, check_by_axe
from tests.browser.telephone import SCREEN, TELEPHONE, with_app
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

_KEPT = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async name => (await (await caches.open(name)).keys())));
  return kept.flat().map(request => new URL(request.url)).map(url => url.pathname + url.search);
}"""
_READY = "() => navigator.serviceWorker.ready.then(found => new URL(found.active.scriptURL).pathname)"


@pytest.fixture
def profile(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """Open a browser with a profile of its own: nothing is installed from a window that keeps nothing."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=list(CHROMIUM),
        viewport=TELEPHONE,
        locale="nl-NL",
    )
    yield context
    context.close()


@pytest.fixture
def page(profile: BrowserContext, app_demo: RunningDemo) -> Page:
    """Open the app, and wait until its worker keeps its page."""
    opened = with_app(profile, app_demo.hub).page
    assert opened.evaluate(_READY) == "/app/worker.js"
    return opened


@pytest.mark.requires("AppManifest")
def test_chromium_offers_to_install_it(page: Page, app_demo: RunningDemo) -> None:
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    assert told["url"] == f"{app_demo.hub}/app/manifest.webmanifest?ui_locales=nl"
    assert session.send("Page.getAppId")["appId"] == f"{app_demo.hub}/app/"
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


@pytest.mark.requires("ServiceWorkers")
def test_without_a_network_its_page_opens_in_both_languages_and_says_so(page: Page) -> None:
    page.context.set_offline(True)
    for query, words in (("", "Er is geen verbinding."), ("?ui_locales=en", "There is no connection.")):
        page.goto(page.url.partition("?")[0] + query)
        page.locator(SCREEN).wait_for()
        page.locator(f"{SCREEN} button[value=contact]").click()
        page.locator("[data-screen=trouble]:not([hidden])").wait_for()
        assert words in page.locator(SCREEN).inner_text()
        check_by_axe(page)


def test_it_keeps_its_page_and_files_and_no_answer_of_the_hub(page: Page) -> None:
    page.locator(f"{SCREEN} button[value=contact]").click()
    page.locator("[data-screen=code]:not([hidden])").wait_for()
    page.goto(page.url.partition("/app/")[0] + "/help")
    kept = page.evaluate(_KEPT)
    assert {"/app/?ui_locales=nl", "/app/?ui_locales=en"} <= set(kept)
    assert [path for path in kept if not path.startswith(("/app/?ui_locales=", "/static/"))] == []


def test_other_pages_have_no_worker_between_them_and_the_hub(page: Page) -> None:
    page.goto(page.url.partition("/app/")[0] + "/help")
    assert page.evaluate("() => navigator.serviceWorker.controller") is None
