"""L09: the whole profile of a browser is copied, with the keys that nobody can read, and used elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.ground import CHROMIUM
from tests.browser.telephone import TELEPHONE, Telephone, with_app
from tests.browser.visitor import Visitor, at_a_browser
from tests.browser.with_the_app import add_app, arrive, scan_for_login
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.timeout(300)


@contextmanager
def device_at(browser: Browser, demo: RunningDemo, profile: Path) -> Iterator[Telephone]:
    """Switch on the device whose storage is in a folder."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=list(CHROMIUM),
        viewport=TELEPHONE,
        locale="nl-NL",
    )
    try:
        yield with_app(context, demo.hub)
    finally:
        context.close()


def log_in(visitor: Visitor, device: Telephone, leads_to: str) -> None:
    scan_for_login(visitor, device)
    device.press("yes", "pin")
    device.give_pin(leads_to=leads_to)


def test_a_copied_device_is_found_out_and_then_neither_logs_in(
    browser: Browser, app_demo: RunningDemo, tmp_path: Path
) -> None:
    own, copy = tmp_path / "own", tmp_path / "copy"
    with at_a_browser(browser, app_demo, "nadia") as nadia:
        with device_at(browser, app_demo, own) as device:
            add_app(nadia, device)
        shutil.copytree(own, copy, symlinks=True)
        with device_at(browser, app_demo, own) as device:
            for _ in range(2):
                log_in(nadia, device, "confirmed")
                arrive(nadia)
                device.press("ready", "start-active")
        with device_at(browser, app_demo, copy) as thief:
            log_in(nadia, thief, "start-stopped")
        with device_at(browser, app_demo, own) as device:
            log_in(nadia, device, "start-stopped")
