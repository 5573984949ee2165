"""What partners copy from the pages is what is tested: settings of clients, and entries of the catalogue."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.machine import NODE, ROOT
from toegang.catalogue.exchange import check
from toegang.means.kinds import KINDS

DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"
CLIENTS = Path(__file__).parent / "clients"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
ENTRIES = {
    "for-service-providers.md": "service-providers.yaml",
    "for-means-providers.md": "means-providers.yaml",
}
SERVICE = "019a0000-0000-7000-8000-0000000000f1"
# The file that a test runs, and what stands on the page for its own particulars.
FILES = {
    "Authlib": (
        ROOT / "demo" / "relying.py",
        {"{issuer}": "{ISSUER}", "(issuer,": "(ISSUER,", "registration.client_id": '"my-website"'},
    ),
    "openid-client": (NODE / "openid-client.mjs", {'"openid-client",': '"my-website",'}),
    "mod_auth_openidc": (
        CLIENTS / "apache.conf",
        {
            "{issuer}": "https://hub.example",
            "{home}": "https://www.example.nl",
            "{secret}": "...",
            "{service}": SERVICE,
            "obviously-not-a-secret-for-cookies": "...",
            "mod-auth-openidc": "my-website",
        },
    ),
    "mozilla-django-oidc": (
        CLIENTS / "django_site.py",
        {
            "{issuer}": "{ISSUER}",
            'f"openid profile service:{service}"': f'"openid profile service:{SERVICE}"',
            '"mozilla-django-oidc"': '"my-website"',
            "=secret,": "=...,",
            "LOW}": '"http://eidas.europa.eu/LoA/low"}',
        },
    ),
}
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPACED = re.compile(r"(?<=\w) = ")


@pytest.mark.parametrize("software", FILES)
def test_every_line_of_a_clients_settings_is_one_that_is_tested(software: str) -> None:
    page = (DOCS / "protocols" / "clients.md").read_text("utf-8")
    section = next(each for each in page.split("\n## ") if each.startswith(software))
    shown = [line for _, block in _BLOCK.findall(section) for line in lines(block)]
    file, filled = FILES[software]
    text = file.read_text("utf-8")
    for name, value in filled.items():
        text = text.replace(name, value)
    used = set(lines(text))
    assert shown
    assert [line for line in shown if line not in used] == []


@pytest.mark.parametrize("page", ENTRIES)
def test_entries_on_a_page_stand_in_an_example_that_the_command_takes(page: str) -> None:
    example = EXAMPLES / ENTRIES[page]
    shown = [block for kind, block in _BLOCK.findall((DOCS / page).read_text("utf-8")) if kind == "yaml"]
    assert len(shown) > 1
    assert [block for block in shown if block not in example.read_text("utf-8")] == []
    assert check([example], NOW, KINDS) == ()


@pytest.mark.parametrize("page", ENTRIES)
def test_files_that_a_page_names_are_there(page: str) -> None:
    named = re.findall(r"`((?:tests|demo|docs|src)/[\w/.-]+)`", (DOCS / page).read_text("utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def lines(text: str) -> list[str]:
    """Return what a text sets, line by line: without the layout that a language leaves free."""
    bare = (_SPACED.sub("=", line.strip().rstrip(",")) for line in text.splitlines())
    return [line for line in bare if line and not line.startswith("#")]
