"""The settings on the page for websites that speak SAML are those with which the tests log in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.interop.saml.peers import SITES
from tests.machine import NODE, ROOT

PAGE = ROOT / "docs" / "protocols" / "saml-clients.md"
FILLED = {
    "{home}": "https://www.example.nl",
    "{folder}": "/etc/saml",
    "{level}": "http://eidas.europa.eu/LoA/low",
}
FILES: dict[str, tuple[Path, ...]] = {
    "django-digid-eherkenning": (SITES / "django_digid_site.py",),
    "mod_auth_mellon": (SITES / "mellon.conf",),
    "Shibboleth SP": (SITES / "shibboleth2.xml", SITES / "attribute-map.xml"),
    "SimpleSAMLphp": (SITES / "simplesaml-authsources.php", SITES / "simplesaml-config.php"),
    "python3-saml": (SITES / "python3_saml_sp.py",),
    "pysaml2": (SITES / "pysaml2_sp.py",),
    "node-saml": (NODE / "node-saml.mjs",),
}
_BLOCK = re.compile(r"^ *```\w+\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("software", FILES)
def test_every_line_of_settings_is_one_that_is_tested(software: str) -> None:
    section = next(each for each in PAGE.read_text("utf-8").split("\n## ") if each.startswith(software))
    shown = [line.strip() for block in _BLOCK.findall(section) for line in block.splitlines() if line.strip()]
    used = {line.strip() for file in FILES[software] for line in filled(file).splitlines()}
    assert shown
    assert [line for line in shown if line not in used] == []


def filled(file: Path) -> str:
    """Read a file, with what the tests fill in as it stands on the page."""
    text = file.read_text("utf-8")
    for name, value in FILLED.items():
        text = text.replace(name, value)
    return text
