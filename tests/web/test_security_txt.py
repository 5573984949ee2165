"""The file that says where weaknesses are reported: nothing unless it is right."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from tests.journeys.house import ISSUER, settings_at
from toegang import config
from toegang.app import build
from toegang.errors import Misconfigured
from toegang.web.application import application
from toegang.web.rooms import Rooms
from toegang.web.security_txt import PATH, SecurityTxt

MAIL, END = "mailto:security@toegang.example", "2027-12-31T13:00:00+01:00"


@pytest.mark.requires("RFC9116-2.5.3")
@pytest.mark.parametrize(
    "contact",
    ["", "security@toegang.example", "http://toegang.example/", "mailto:", f"{MAIL}\nContact: mailto:evil@x"],
)
def test_what_is_no_contact_is_refused(contact: str) -> None:
    with pytest.raises(Misconfigured):
        SecurityTxt.parse([contact], END, "")


@pytest.mark.requires("RFC9116-2.5.5")
@pytest.mark.parametrize("expires", ["", "soon", "2027-12-31", "2027-12-31T12:00:00"])
def test_without_an_end_there_is_no_file(expires: str) -> None:
    with pytest.raises(Misconfigured):
        SecurityTxt.parse([MAIL], expires, "")


def test_a_policy_that_is_no_address_is_refused() -> None:
    with pytest.raises(Misconfigured):
        SecurityTxt.parse([MAIL], END, "be kind")


@pytest.mark.requires("RFC9116-4")
def test_the_file_holds_what_the_settings_say() -> None:
    told = SecurityTxt.parse([MAIL, "https://toegang.example/report"], END, "https://toegang.example/rules")
    assert told is not None
    assert told.expires == datetime(2027, 12, 31, 12, tzinfo=UTC)
    assert told.text("https://toegang.example").splitlines() == [
        f"Contact: {MAIL}",
        "Contact: https://toegang.example/report",
        "Expires: 2027-12-31T12:00:00Z",
        "Policy: https://toegang.example/rules",
        "Preferred-Languages: nl, en",
        f"Canonical: https://toegang.example{PATH}",
    ]


@pytest.fixture
def settings(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> config.Settings:
    shutil.copy(sqlite_template, tmp_path / "toegang.db")
    shutil.copytree(house_secrets, tmp_path / "house")
    return settings_at(tmp_path / "house", f"sqlite:///{tmp_path / 'toegang.db'}")


async def answered(settings: config.Settings) -> httpx2.Response:
    """Ask a hub with these settings for its file."""
    app = await build(settings)

    @asynccontextmanager
    async def rooms() -> AsyncIterator[Rooms]:
        yield app.rooms

    web = application(rooms)
    transport = httpx2.ASGITransport(app=web)
    try:
        async with (
            web.opened(),
            httpx2.AsyncClient(transport=transport, base_url=ISSUER) as browser,
        ):
            return await browser.get(PATH)
    finally:
        await app.close()


async def test_a_hub_without_a_contact_serves_no_file(settings: config.Settings) -> None:
    answer = await answered(settings)
    assert answer.status_code == 404


@pytest.mark.requires("RFC9116-3")
async def test_a_hub_with_a_contact_serves_the_file_as_plain_text(settings: config.Settings) -> None:
    told = config.Weaknesses(contacts=(MAIL,), expires=END)
    answer = await answered(dataclasses.replace(settings, weaknesses=told))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text.splitlines()[-1] == f"Canonical: {ISSUER}{PATH}"
    assert answer.headers["x-content-type-options"] == "nosniff"
