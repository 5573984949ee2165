"""The app's own page, its manifest and its worker, as the hub serves them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.web.citizens import Town
from toegang.web.app import MANIFEST, SHELL, WORKER, worker_script
from toegang.web.assets import Assets
from toegang.web.languages import Language

UNSAFE = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|\.write\(|eval\(|Function\(|localStorage|sessionStorage"
)


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.mark.requires("CSP3", "PermissionsPolicy")
async def test_the_page_of_the_app_has_a_camera_talks_to_us_only_and_sends_no_form(town: Town) -> None:
    page = await town.browser().open(SHELL)
    said = directives(page.headers["content-security-policy"])
    assert said["default-src"] == said["form-action"] == said["frame-ancestors"] == "'none'"
    assert said["script-src"] == said["connect-src"] == said["worker-src"] == "'self'"
    assert said["require-trusted-types-for"] == "'script'"
    assert "camera=(self)" in page.headers["permissions-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_no_other_page_has_a_camera(town: Town) -> None:
    for path in ("/", "/help", "/account", "/app/nowhere"):
        page = await town.browser().open(path)
        assert "camera=()" in page.headers["permissions-policy"], path


async def test_the_page_of_the_app_is_the_same_for_everybody_and_sets_no_cookie(town: Town) -> None:
    one, other = await town.browser().open(SHELL), await town.browser().open(SHELL)
    assert one.text == other.text
    assert "set-cookie" not in one.headers


async def test_the_language_that_is_chosen_in_the_app_holds_elsewhere(town: Town) -> None:
    browser = town.browser()
    assert "One moment" in (await browser.open(f"{SHELL}?ui_locales=en")).text
    assert 'lang="en"' in (await browser.open("/help")).text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.requires("AppManifest")
async def test_the_manifest_names_one_app_in_any_language_with_icons_that_are_there(
    town: Town, language: Language
) -> None:
    page = await town.browser().open(f"{MANIFEST}?ui_locales={language.value}")
    told = json.loads(page.text)
    assert page.headers["content-type"] == "application/manifest+json"
    assert (told["id"], told["scope"], told["start_url"]) == (SHELL, SHELL, SHELL)
    assert told["lang"] == language.value
    for icon in told["icons"]:
        assert (await town.browser().open(icon["src"])).status == 200


@pytest.mark.requires("ServiceWorkers")
async def test_the_worker_keeps_the_page_and_its_files_and_nothing_of_a_person(town: Town) -> None:
    page = await town.browser().open(WORKER)
    kept = json.loads(page.text.splitlines()[0].removeprefix("const KEPT = ").removesuffix(";"))
    assert set(kept["pages"]) == set(Language)
    for path in [*kept["pages"].values(), *kept["files"]]:
        assert path.startswith(("/app/?", "/static/"))
        assert "practice" not in path
        assert (await town.browser().open(path)).status == 200
    assert page.headers["cache-control"] == "no-cache"
    assert directives(page.headers["content-security-policy"])["connect-src"] == "'self'"


def test_every_file_that_the_app_refers_to_is_served_beside_it() -> None:
    assets = Assets.load()
    names = {url.rpartition("/")[2] for url in assets.app_urls()}
    folders = {url.rpartition("/")[0] for url in assets.app_urls()}
    referred = {
        found
        for name in names
        if name.endswith(".js") and name != "jsqr.js"
        for found in re.findall(r'(?:from|import\() ?"\./([\w.-]+)"', assets.text(f"app/{name}"))
    }
    assert len(folders) == 1
    assert "jsqr.js" in referred
    assert referred <= names


def test_the_scripts_make_no_markup_of_text_and_run_no_text() -> None:
    assets = Assets.load()
    for url in assets.app_urls():
        name = url.rpartition("/")[2]
        if name.endswith(".js") and name != "jsqr.js":
            found = re.findall(
                r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|localStorage|sessionStorage",
                assets.text(f"app/{name}"),
            )
            assert found == [], name


def test_a_worker_that_keeps_other_files_is_another_worker(tmp_path: Path) -> None:
    theme = tmp_path / "theme.css"
    theme.write_text(".voorbeeld-theme{--house-teal:#333}")
    plain, again, themed = (worker_script(Assets.load(each)) for each in (None, None, theme))
    assert plain == again
    assert plain != themed
