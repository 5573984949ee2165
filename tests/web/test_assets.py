"""The files that pages refer to."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.web.sentences import WEB
from toegang.web.assets import Assets


def test_only_known_files_are_served() -> None:
    assets = Assets.load()
    for path in ("/static/toegang.css", "/static/../pages.py", "/static/", "/static/logo.svg", ""):
        assert assets.find(path) is None
    with pytest.raises(KeyError):
        assets.url("house.css")


def test_a_theme_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        Assets.load(tmp_path / "none.css")


def test_a_theme_comes_last_and_changes_the_address(tmp_path: Path) -> None:
    theme = tmp_path / "theme.css"
    theme.write_text(".voorbeeld-theme{--house-teal:#333}")
    plain, themed = Assets.load(), Assets.load(theme)
    assert plain.url("toegang.css") != themed.url("toegang.css")
    found = themed.find(themed.url("toegang.css"))
    assert found is not None
    assert found.body.endswith(b"--house-teal:#333}")
    assert found.gzipped is not None
    assert gzip.decompress(found.gzipped) == found.body


def test_the_style_sheet_refers_to_served_files_only_and_is_small() -> None:
    assets = Assets.load()
    sheet = assets.find(assets.url("toegang.css"))
    assert sheet is not None
    assert sheet.gzipped is not None
    addresses = re.findall(r"url\(([^)]+)\)", sheet.body.decode())
    assert len(addresses) == 4
    assert all(assets.find(address) for address in addresses)
    assert len(sheet.gzipped) < 16_000


def test_every_token_that_the_house_style_refers_to_is_there() -> None:
    house = (WEB / "static" / "house.css").read_text(encoding="utf-8")
    theme = (WEB / "static" / "vendor" / "theme.css").read_text(encoding="utf-8")
    declared = set(re.findall(r"(--[\w-]+):", house + theme))
    assert set(re.findall(r"var\((--[\w-]+)\)", house)) - declared == set()


def test_every_package_in_the_style_sheets_is_named_with_its_licence() -> None:
    licences = (WEB / "static" / "vendor" / "LICENCES.txt").read_text(encoding="utf-8")
    named = re.findall(r"^(\S+) [\d.]+: (\S+)$", licences, re.MULTILINE)
    assert len(named) > 10
    assert {licence for _, licence in named} == {"EUPL-1.2", "OFL-1.1", "Apache-2.0"}
    for licence in ("OFL-1.1", "Apache-2.0"):
        assert (WEB / "static" / "vendor" / f"{licence}.txt").exists()
