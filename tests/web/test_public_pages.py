"""Pages for everybody, figures, and the look-up of a login by the service that asked it."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.audit.builders import Room, completed, signer
from tests.journeys.house import PORTAL, REDIRECT
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY
from tests.oidc.clients import basic
from tests.web.citizens import Town
from toegang import log
from toegang.assurance import Level
from toegang.reports.figures import FigureId

SECRET = CLINIC_PARTY.secret


async def reference_of_a_stopped_login(town: Town) -> str:
    """Begin a login for the clinic, stop it, and return its reference code from the trail."""
    browser = town.browser()
    page = await browser.open(CLINIC_PARTY.for_service(PORTAL))
    page = await browser.send(page, do="back")
    stopped = await browser.send(page, do="stop")
    assert stopped.address.startswith(REDIRECT)
    started = [event for event in await town.bureau.events() if event.name == "login:started"]
    return str(started[-1].reference)  # type: ignore[attr-defined]


async def test_a_reference_code_alone_shows_nothing(town: Town) -> None:
    reference = await reference_of_a_stopped_login(town)
    for headers in ({}, {"authorization": basic("clinic-client", "wrong")}, {"authorization": "Bearer x"}):
        response = await town.browser().http.get(f"/decisions/{reference}", headers=headers)
        assert response.status_code == 401
        assert "www-authenticate" in response.headers
        assert reference not in response.text


async def test_somebody_elses_login_and_nobodys_look_the_same(town: Town) -> None:
    reference = await reference_of_a_stopped_login(town)
    headers = {"authorization": basic(TOWN_PARTY.id, SECRET)}
    answers = [
        await town.browser().http.get(f"/decisions/{asked}", headers=headers)
        for asked in (reference, "AAAA-BBBB-CC", "x" * 500)
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, '{"error":"not_found"}')}
    assert "decision:looked-up" not in await town.bureau.names_of_events()


async def test_the_service_that_asked_sees_outcome_and_level_and_the_look_is_recorded(town: Town) -> None:
    reference = await reference_of_a_stopped_login(town)
    headers = {"authorization": basic(CLINIC_PARTY.id, SECRET)}
    told = (await town.browser().http.get(f"/decisions/{reference}", headers=headers)).json()
    assert told["outcome"] == "cancelled"
    assert (told["required_level"], told["proven_level"]) == ("basic", None)
    assert set(told) == {
        "reference",
        "outcome",
        "required_level",
        "proven_level",
        "started_at",
        "ended_at",
    }
    assert (await town.bureau.names_of_events())[-1] == "decision:looked-up"


@pytest.mark.parametrize("path", ["/", "/help", "/privacy", "/toegankelijkheid", "/figures"])
async def test_everybody_may_read_it_in_both_languages(town: Town, path: str) -> None:
    browser = town.browser()
    dutch, english = await browser.open(path + "?ui_locales=nl"), await browser.open(path + "?ui_locales=en")
    assert '<html lang="nl"' in dutch.text
    assert '<html lang="en"' in english.text


async def test_a_language_that_was_chosen_is_remembered(town: Town) -> None:
    browser = town.browser()
    await browser.open("/help?ui_locales=nl")
    assert '<html lang="nl"' in (await browser.open("/privacy")).text


async def test_every_link_of_the_public_pages_leads_somewhere(town: Town) -> None:
    browser = town.browser()
    links = {
        link
        for path in ("/", "/help", "/privacy", "/toegankelijkheid", "/account/apply", "/account/forgotten")
        for link in re.findall(r'href="(/[^"]*)"', (await browser.open(path)).text)
    }
    assert {link: page.status for link in links if (page := await browser.open(link)).status != 200} == {}


@pytest.mark.parametrize(
    ("path", "event"),
    [
        ("/no-such-page", "page:missing"),
        ("/oidc/token", "page:missing"),
        ("/login/no-such-login", "login:unknown"),
        ("/oidc/authorize?client_id=nobody", "page:error"),
    ],
)
async def test_a_page_about_trouble_has_a_reference_code_that_the_log_has_too(
    town: Town, path: str, event: str
) -> None:
    written = io.StringIO()
    log.configure("info", written)
    page = await town.browser().open(path)
    told = re.search(r"<dt>Reference code</dt><dd>([^<]+)</dd>", page.text)
    logged = [json.loads(line) for line in written.getvalue().splitlines()]

    assert page.status >= 400
    assert told is not None
    assert [line["reference"] for line in logged if line["event"] == event] == [told[1]]


async def test_figures_are_a_page_and_files(town: Town) -> None:
    browser = town.browser()
    page = await browser.open("/figures")
    files = re.findall(r'href="(/figures/[^"]*\.csv[^"]*)"', page.text)
    assert len(files) == len(FigureId)
    for file in (*files, "/figures.csv"):
        response = await browser.http.get(file)
        assert response.headers["content-type"].startswith("text/csv")
    assert (await browser.http.get("/figures/no-such.csv")).status_code == 400


async def test_figures_of_months_without_any_say_so_instead_of_showing_empty_tables(town: Town) -> None:
    page = await town.browser().open("/figures")
    assert page.text.count("There are no figures for these months yet.") == len(FigureId)
    assert "<table" not in page.text
    assert ".svg?" not in page.text


async def test_figures_are_counted_from_the_trail_into_a_chart_and_its_table(
    town: Town, tmp_path: Path
) -> None:
    last_month = town.bureau.clock.now() - timedelta(days=31)
    room = Room(town.bureau.database, tmp_path / "outside", signer())
    logins = [completed(number, at=last_month) for number in range(40)]
    await room.record(*logins, *(completed(number, Level.BASIC, last_month) for number in range(12)))
    await room.sequence()
    await town.rooms.reports.count()
    browser = town.browser()
    page = await browser.open("/figures")
    picture = re.search(r'src="(/figures/logins-by-level[^"]*)"', page.text)
    assert picture is not None
    drawn = await browser.http.get(html.unescape(picture[1]))
    table = page.text.partition('id="logins-by-level"')[2].partition("</table>")[0]
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", table.partition("<tbody")[2])

    assert [cell for cell in cells if cell != "0"] == ["Basic", "12", "Low", "40"]
    assert "<svg" in drawn.text


async def test_a_node_that_is_ready_says_so_and_nothing_else(town: Town) -> None:
    assert (await town.browser().http.get("/readyz")).json() == {"ready": True}
