"""The parties of the demo refuse strangers, show what arrived, and are what the personas' stories need."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from demo import hospital, letterbox, municipality, papers, population, telephone
from demo.browser import read
from demo.catalogue import write_catalogue
from demo.hub import write_settings
from demo.personas import read_personas
from demo.places import Party, Places
from demo.relying import represented
from demo.web import Sessions
from tests.conftest import NOON
from tests.demo.running import running
from toegang.catalogue.exchange import check
from toegang.config import load
from toegang.identity.numbers import Bsn
from toegang.post.telephone import Telephone

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

NOWHERE = Places(home=Path("/nonexistent"), port_base=1)
BUILDERS = (population.build, telephone.build, letterbox.build, papers.build)
CALLS: dict[Callable[[Places], Starlette], tuple[str, str]] = {
    population.build: ("POST", "/persons/find"),
    papers.build: ("POST", "/documents/find"),
    telephone.build: ("PUT", "/messages/019a0000-0000-7000-8000-000000000001"),
    letterbox.build: ("PUT", "/letters/019a0000-0000-7000-8000-000000000001"),
}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(home=tmp_path / "demo", port_base=8700)
    found.prepare()
    return found


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__module__)
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer obviously-wrong", "demo-not-a-secret-telephone"])
async def test_a_party_refuses_who_is_not_the_hub(build: Callable[[Places], Starlette], shown: str) -> None:
    method, path = CALLS[build]
    async with running(build(NOWHERE)) as url, httpx2.AsyncClient() as client:
        answer = await client.request(method, url + path, json={}, headers={"authorization": shown})
    assert answer.status_code == 401


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__module__)
async def test_a_party_shows_a_page_marked_as_demo_under_strict_headers(
    build: Callable[[Places], Starlette],
) -> None:
    async with running(build(NOWHERE)) as url, httpx2.AsyncClient() as client:
        page = await client.get(url + "/")
    assert page.status_code == 200
    assert "Demo: alles op deze pagina is verzonnen" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text


@pytest.mark.parametrize("build", [municipality.build, hospital.build], ids=["municipality", "hospital"])
async def test_a_service_provider_refuses_what_is_no_logout_token(
    places: Places, build: Callable[[Places], Starlette]
) -> None:
    async with running(build(places)) as url, httpx2.AsyncClient() as client:
        answer = await client.post(f"{url}/backchannel-logout", content=b"other=1")
    assert answer.status_code == 400


async def test_a_service_provider_says_so_when_the_hub_is_away(places: Places) -> None:
    alone = replace(places, port_base=1)
    async with running(municipality.build(alone)) as url, httpx2.AsyncClient() as client:
        answer = await client.get(f"{url}/login/mijn-zandermeer")
        forged = await client.get(f"{url}/callback?code=x&state=y")
    assert answer.status_code == 502
    assert "hub_unavailable" in answer.text
    assert "Toegang antwoordt niet" in answer.text
    assert forged.status_code == 400


async def test_a_service_shows_nothing_to_who_is_not_logged_in_for_it(places: Places) -> None:
    async with running(hospital.build(places)) as url, httpx2.AsyncClient() as client:
        answer = await client.get(f"{url}/uitslagen")
    assert answer.headers["location"] == "/login/uitslagen"


def test_a_logout_ends_only_the_sessions_that_are_meant() -> None:
    sessions = Sessions(cookie="demo", kept={"a": {"sid": "1"}, "b": {"sid": "2"}})
    assert sessions.end_where(lambda kept: kept["sid"] == "1") == 1
    assert list(sessions.kept) == ["b"]


def test_the_personas_are_seventeen_with_test_numbers_and_passwords_that_say_what_they_are() -> None:
    personas = read_personas()
    assert len({Bsn.parse(persona.bsn).digits for persona in personas}) == len(personas) == 17
    assert all(persona.bsn.startswith("9999") for persona in personas)
    for persona in personas:
        Telephone.parse(persona.telephone, frozenset({"+31"}))
        assert persona.account is None or persona.account.password.startswith("nep wachtwoord ")


def test_the_catalogue_of_the_demo_can_be_imported(places: Places) -> None:
    assert check([write_catalogue(places)], NOON) == ()


def test_the_settings_of_the_demo_are_read_without_a_complaint(places: Places) -> None:
    settings = load(write_settings(places), {})
    assert settings.hub.issuer == places.url(Party.HUB)
    assert settings.hub.demo


def test_a_service_provider_keeps_its_keys_over_a_restart_and_shows_only_the_public_half(
    places: Places,
) -> None:
    before = places.public_jwks(Party.HOSPITAL)
    places.prepare()
    assert places.public_jwks(Party.HOSPITAL) == before
    assert [sorted(key) for key in before["keys"]] == [["alg", "e", "kid", "kty", "n", "use"]] * 2
    assert places.key_file(Party.HOSPITAL).stat().st_mode & 0o077 == 0


def test_a_page_is_read_as_a_person_sees_it() -> None:
    page = read(
        "http://localhost:1/a",
        200,
        "<h1> One <b>two</b></h1><a href='/b'>Go on</a><form method=post action=c><input name=x value=1>"
        "<input type=checkbox name=y value=2><button name=do value=stop>No</button></form>",
    )
    assert page.heading == "One two"
    assert page.link("Go") == "http://localhost:1/b"
    form = page.form_with("do")
    assert form is not None
    assert (form.fields, form.buttons, form.method) == ({"x": "1"}, [("do", "stop")], "post")
    assert page.button("N") == (form, ("do", "stop"))
    assert page.button("Yes") is None


def test_a_service_is_about_the_innermost_of_a_chain_by_number_where_it_is_told_one() -> None:
    number = {"sub": "pseudonym", "alt_sub": [{"sub": "999990019", "sub_id_type": "bsn"}]}
    chain = {"represents": {"sub": "90000001", "represents": number}}
    told = represented(chain | {"representation": {"basis": ["employee", "unheard-of"]}})
    assert told is not None
    assert (told["number"], [each.nl for each in told["basis"]]) == (
        "999990019",
        ["medewerker", "unheard-of"],
    )
    assert represented({"sub": "who-logged-in"}) is None
