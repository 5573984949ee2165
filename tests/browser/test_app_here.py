"""The app on the device of the login, and the app with a camera: both in one browser of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.ground import CHROMIUM
from tests.browser.telephone import SCREEN, Telephone, film, telephone, with_app
from tests.browser.visitor import Seen, Visitor, at_a_browser
from tests.browser.with_the_app import ADDED, SERVICE, arrive, enter_to_add, go_to_service, meet
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)

NOTHING_TO_SEE = b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420\nFRAME\n" + bytes([128]) * (640 * 480 * 3 // 2)


@pytest.fixture
def lens(tmp_path: Path) -> Path:
    """Return the file of what the camera sees; a grey wall at first."""
    path = tmp_path / "camera.y4m"
    path.write_bytes(NOTHING_TO_SEE)
    return path


@pytest.fixture
def with_camera(browser: Browser, app_demo: RunningDemo, lens: Path, seen: Seen) -> Iterator[Telephone]:
    """Lend a telephone with a camera, whose person lets the app use it."""
    films = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={lens}",
    )
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    other = browser.browser_type.launch(executable_path=path, args=[*CHROMIUM, *films])
    with telephone(other, app_demo.hub, seen=seen) as lent:
        yield lent
        assert lent.problems == []
    other.close()


def scan(visitor: Visitor, device: Telephone, lens: Path, leads_to: str) -> None:
    """Hold the camera before the page, and let the app look."""
    meet(visitor, device)
    film(visitor.page.locator("figure.qr svg"), lens)
    device.button("scan").click()
    device.arrive(leads_to)


def test_the_app_is_added_and_used_by_scanning(
    browser: Browser, app_demo: RunningDemo, with_camera: Telephone, lens: Path, seen: Seen
) -> None:
    with at_a_browser(browser, app_demo, "suharti", seen=seen) as suharti:
        with_camera.show_code()
        with_camera.press("scan", "scan")  # there is nothing to see yet, so it goes on looking
        with_camera.press("stop", "start-new")
        enter_to_add(suharti)
        scan(suharti, with_camera, lens, "link")
        with_camera.press("yes", "new-pin")
        with_camera.choose_pin()
        with_camera.press("ready", "start-active")
        suharti.page.get_by_role("heading", name=ADDED).wait_for()
        go_to_service(suharti)
        scan(suharti, with_camera, lens, "confirm")
        with_camera.press("yes", "pin")
        with_camera.give_pin()
        arrive(suharti)


def test_a_code_that_the_camera_saw_before_is_refused_and_may_be_typed_instead(
    browser: Browser, app_demo: RunningDemo, with_camera: Telephone, lens: Path
) -> None:
    with at_a_browser(browser, app_demo, "tess") as tess:
        go_to_service(tess)
        meet(tess, with_camera)
        film(tess.page.locator("figure.qr svg"), lens)
        tess.press("renew")
        with_camera.button("scan").click()
        with_camera.page.locator("[role=alert][data-if='error=scan-gone']:not([hidden])").wait_for()
        number = tess.page.locator(".qr-number").inner_text()
        with_camera.type_number(number, "trouble")
        assert "hoort nog bij geen account" in with_camera.text


def test_without_a_camera_the_app_asks_the_number(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with telephone(browser, app_demo.hub, seen=seen) as lent:
        lent.show_code()
        lent.press("scan", "number")
        assert "De app kan de camera niet gebruiken." in lent.page.locator(SCREEN).inner_text()


def test_on_one_device_the_page_leads_to_the_app_and_the_app_leads_back(
    browser: Browser, app_demo: RunningDemo, seen: Seen
) -> None:
    with at_a_browser(browser, app_demo, "olena", seen=seen) as olena:
        enter_to_add(olena)
        olena.press("here")
        app = with_app(olena.page.context, app_demo.hub)
        link = olena.page.get_by_role("link", name="Open de app").get_attribute("href")
        app.page.goto(link or "")
        app.arrive("link")
        app.press("yes", "new-pin")
        app.choose_pin()
        olena.page.get_by_role("heading", name=ADDED).wait_for()

        go_to_service(olena)
        olena.press("here")
        olena.page.get_by_role("link", name="Open de app").click()
        here = Telephone(hub=app_demo.hub, page=olena.page)
        here.arrive("confirm")
        assert "#" not in olena.page.url
        here.press("yes", "pin")
        here.fill(pin="27018")
        here.button("pin").click()
        arrive(olena)
        assert olena.heading == SERVICE
        assert app.problems == []


def test_a_code_of_five_minutes_ago_is_too_old_and_the_app_says_to_begin_again(
    browser: Browser, app_demo: RunningDemo
) -> None:
    context = browser.new_context(locale="nl-NL")
    context.clock.install()
    device = with_app(context, app_demo.hub)
    device.show_code()
    device.press("number", "number")
    context.clock.fast_forward("06:00")
    device.fill(number="0000000000")
    device.press("number", "trouble")
    assert "Uw code is te oud." in device.text
    context.close()


def test_a_link_that_comes_while_the_app_is_open_is_followed(browser: Browser, app_demo: RunningDemo) -> None:
    with telephone(browser, app_demo.hub) as lent:
        lent.show_code()
        lent.page.evaluate("() => { location.hash = 'AAAAAAAAAAAAAAAAAAAAAA'; }")
        lent.arrive("trouble")
        assert "Deze link is te oud" in lent.text
        assert "#" not in lent.page.url
