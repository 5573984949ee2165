"""What every page must stand up to in a browser: `check_page(page)`, on a page that is already open.

Start in check_page. Each check sees one demand of WCAG 2.2 AA and fails with what it saw.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.parts import needed, node_modules

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}  # 1280 pixels at a zoom of 400 % (WCAG22-1.4.10)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    # Chromium goes by the last list of these, so what Playwright switches off stands here again. Ours are the
    # last two: the panes under the address bar are pages too, made for every window that nobody types in.
    (
        "--disable-features=AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,DestroyProfileOnBrowserClose,"
        "AvoidUnnecessaryBeforeUnloadCheckSync,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,"
        "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
        "ThirdPartyStoragePartitioning,WebUIOmniboxPopup,WebUIOmniboxAimPopup"
    ),
)

_WIDER_THAN_SCREEN = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .map(one => one.outerHTML.slice(0, 120)).slice(0, 5);
}"""
_CUT_OFF = """() => [...document.querySelectorAll("body *:not(.hidden)")].filter(one =>
    getComputedStyle(one).overflow === "hidden" && one.scrollHeight > one.clientHeight + 1)
  .map(one => one.outerHTML.slice(0, 120))"""
_CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
_TOO_SMALL = """controls => controls.filter(one => one.matches("button, input, summary")).map(
    one => [one.getBoundingClientRect(), one.outerHTML.slice(0, 120)])
  .filter(([box]) => box.width > 0 && (box.width < 24 || box.height < 24)).map(([, html]) => html)"""
_WITHOUT_EDGE = """controls => controls.filter(one => one.matches("button, .nl-button, .utrecht-textbox"))
  .filter(one => parseFloat(getComputedStyle(one).borderTopWidth) === 0)
  .map(one => one.outerHTML.slice(0, 120))"""
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return {what: one.outerHTML.slice(0, 120), seen, inside};
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the machine's own Chromium, headless, until the end of the block."""
    path = needed("chromium", shutil.which("chromium") or shutil.which("chromium-browser"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        try:
            yield browser
        finally:
            browser.close()


def check_page(page: Page) -> None:
    """Check the open page; afterwards it is wide again and has what it had filled in."""
    check_language(page)
    check_by_axe(page)
    check_reflow(page)
    check_large_text(page)
    check_targets(page)
    check_forced_colours(page)
    check_keyboard(page)


def check_language(page: Page) -> None:
    """Page and language link say which language they are in (WCAG22-3.1.1, WCAG22-3.1.2).

    What is shown once, as a code, has no link: it would lead away from it.
    """
    language = page.locator("html").get_attribute("lang")
    assert language in {"nl", "en"}
    other = {"nl": "en", "en": "nl"}[language]
    links = page.locator("header a[lang]").count()
    assert links == page.locator(f"header a[lang={other}]").count() <= 1
    assert links == 1 - page.locator("main[data-once]").count()


def check_by_axe(page: Page) -> None:
    """axe-core finds nothing, in the page's own policy: it is put in by the debugger, not by a tag."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate((node_modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8") + ";0")
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)["violations"]
    assert [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]] == []


def check_small_by_axe(page: Page) -> None:
    """axe-core finds nothing at 320 pixels either, where blocks stand below each other and others scroll."""
    page.set_viewport_size(NARROW)
    check_by_axe(page)
    page.set_viewport_size(WIDE)


def check_reflow(page: Page) -> None:
    """Nothing is wider than 320 pixels (WCAG22-1.4.10)."""
    page.set_viewport_size(NARROW)
    assert page.evaluate(_WIDER_THAN_SCREEN) == []
    page.set_viewport_size(WIDE)


def check_large_text(page: Page) -> None:
    """Text twice as large is neither cut off nor wider than the screen (WCAG22-1.4.4)."""
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert page.evaluate(_WIDER_THAN_SCREEN) == []
    assert page.evaluate(_CUT_OFF) == []
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")


def check_targets(page: Page) -> None:
    """See that what is pressed is 24 pixels or more (WCAG22-2.5.8)."""
    assert page.locator(_CONTROLS).evaluate_all(_TOO_SMALL) == []


def check_forced_colours(page: Page) -> None:
    """With the colours of the user, buttons and fields still have an edge (WCAG22-1.4.11)."""
    page.emulate_media(forced_colors="active")
    assert page.locator(_CONTROLS).evaluate_all(_WITHOUT_EDGE) == []
    page.emulate_media(forced_colors="none")


def check_keyboard(page: Page) -> None:
    """Tab reaches every control, visibly and inside the window (WCAG22-2.1.1, 2.4.7, 2.4.11)."""
    visible = [one for one in page.locator(_CONTROLS).all() if one.is_visible()]
    page.emulate_media(reduced_motion="reduce")  # scrolling that takes time would hide where focus is
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    reached = set()
    for _ in range(len(visible) + 10):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus is None:
            break
        assert focus["seen"], f"focus cannot be seen on {focus['what']}"
        assert focus["inside"], f"focus is outside the window on {focus['what']}"
        reached.add(
            page.evaluate("() => [...document.querySelectorAll('*')].indexOf(document.activeElement)")
        )
    radios = page.locator("input[type=radio]").count()
    assert len(reached) >= len(visible) - max(0, radios - 1)


def check_without_script(page: Page, bare: Page) -> None:
    """Read the address of `page` again in `bare`, a page without JavaScript: it says the same.

    `bare` comes from `browser.new_context(java_script_enabled=False)` and gets the cookies of `page`.
    """
    bare.context.add_cookies(cast("list[Any]", page.context.cookies()))
    bare.goto(page.url)
    assert bare.locator("main").inner_text() == page.locator("main").inner_text()
