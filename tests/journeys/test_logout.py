"""Whoever starts a logout, everybody who took part is told, and each result is shown as it is."""

from __future__ import annotations

import re
from html import unescape

import httpx2
import pytest

from tests.hostile.scenes import events
from tests.journeys.house import PORTAL, House, demanding
from tests.journeys.leaving import (
    DONE,
    FAILED,
    NO_ANSWER,
    SECOND,
    UNSUPPORTED,
    Manner,
    Scene,
    at_front,
    begin,
    logged_in_everywhere,
    logout_token,
    results,
    sites,
    status_told,
)
from tests.journeys.party import CLINIC_PARTY, claims
from tests.journeys.party import answer as parameters
from tests.journeys.saml_party import BYE, hub_keys
from tests.journeys.test_saml_login import BSN
from toegang.audit.events import LogoutNotified, NoticeResult
from toegang.saml import names, reading, signature
from toegang.saml.bindings import soap
from toegang.saml.messages import NameId, Status
from toegang.saml.metadata.values import Endpoint
from toegang.saml.names import SUCCESS, Binding

STARTERS = ("openid", "saml", "own")
ANSWERS = {
    ("openid", Manner.FAILS): FAILED,
    ("openid", Manner.HANGS): NO_ANSWER,
    ("openid", Manner.GARBAGE): NO_ANSWER,
    ("soap", Manner.FAILS): FAILED,
    ("soap", Manner.HANGS): NO_ANSWER,
    ("soap", Manner.GARBAGE): FAILED,
    ("front", Manner.FAILS): FAILED,
    ("front", Manner.HANGS): FAILED,
    ("front", Manner.GARBAGE): FAILED,
}
NAMES = {"openid": "second-client nl", "soap": "soap-saml nl", "front": "front-saml nl"}
PATHS = {"openid": "/token", "soap": "/soap"}


async def still_in(browser: httpx2.AsyncClient) -> bool:
    return "code" in parameters(await browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none")))


async def left(scene: Scene, starter: str, manner: Manner = Manner.CONFIRMS) -> httpx2.Response:
    """Log out everywhere; the website that is visited answers in this manner."""
    page = await begin(scene, starter)
    assert not await still_in(scene.browser), "it ends at once, before anybody was told"
    return await at_front(scene, page, manner)


def way_back(page: httpx2.Response) -> str:
    """Return where the page of the end leads back to."""
    found = re.search(rf'href="({re.escape(BYE)}[^"]*)"', page.text)
    return unescape(found[1]) if found else ""


@pytest.mark.requires("SAMLProf-4.4.3.3", "SAMLCore-3.7.3", "OIDCBCL-2.5", "OIDCRPL-3")
@pytest.mark.parametrize("starter", STARTERS)
async def test_when_all_confirm_one_goes_back_at_once(lone_house: House, starter: str) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        end = await left(scene, starter)
    if starter == "openid":
        assert end.headers["location"] == f"{BYE}?state=a-state"
    elif starter == "saml":
        assert status_told(scene, end.headers["location"]) == Status(code=SUCCESS)
    else:
        assert set(results(end).values()) == {DONE}
        assert set(NAMES.values()) <= set(results(end))
    noted = [each for each in await events(lone_house) if isinstance(each, LogoutNotified)]
    assert {each.result for each in noted} == {NoticeResult.DELIVERED}
    channels = {each.client: each.channel for each in noted}
    told = {"second-client": "back", "soap-saml": "back", "front-saml": "front"}
    assert {name: channels[name] for name in told} == told
    assert BSN not in repr(await events(lone_house))


@pytest.mark.requires("SAMLCore-3.7.1", "OIDCBCL-2.4")
async def test_each_is_told_by_the_name_and_the_session_that_it_knows(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        await left(scene, "own")
    [envelope], [body] = served.heard["/soap"], served.heard["/token"]
    asked = reading.read_logout_request(signature.verify(soap.unwrap(envelope), hub_keys(lone_house)))
    known = scene.told[scene.soap.id].assertion
    assert known is not None
    assert isinstance(asked.subject, NameId)
    assert asked.subject.value == f"s00000000:{BSN}"
    assert asked.subject == known.subject
    assert asked.session_indexes == (scene.index(scene.soap),)
    assert asked.destination == served.url + "/soap"
    token = logout_token(body)
    assert token["sid"] == claims(scene.tokens[SECOND.id])["sid"]


@pytest.mark.requires("SAMLCore-3.7.3")
@pytest.mark.parametrize("starter", STARTERS)
@pytest.mark.parametrize(("kind", "manner"), ANSWERS)
async def test_what_was_not_confirmed_is_said_so_to_the_person_and_to_who_asked(
    lone_house: House, starter: str, kind: str, manner: Manner
) -> None:
    async with sites() as served:
        if kind in PATHS:
            served.manners[PATHS[kind]] = manner
        scene = await logged_in_everywhere(lone_house, served)
        end = await left(scene, starter, manner if kind == "front" else Manner.CONFIRMS)
    said = results(end)
    assert said[NAMES[kind]] == ANSWERS[kind, manner]
    others = {name: said[name] for other, name in NAMES.items() if other != kind}
    assert set(others.values()) == {DONE}
    if starter == "openid":
        assert way_back(end) == f"{BYE}?state=a-state"
    elif starter == "saml":
        partial = Status(code=SUCCESS, second=names.PARTIAL_LOGOUT)
        assert status_told(scene, way_back(end)) == partial
    else:
        assert way_back(end) == ""


@pytest.mark.requires("LegacySAML-3")
async def test_a_partner_is_shown_our_certificate_at_its_soap_service_and_clients_are_not(
    lone_house: House,
) -> None:
    async with sites(demanding(lone_house.app.ground.settings)) as served:
        scene = await logged_in_everywhere(lone_house, served)
        end = await left(scene, "own")
    said = results(end)
    assert (said[NAMES["soap"]], said[NAMES["openid"]]) == (DONE, NO_ANSWER)
    assert set(served.heard) == {"/soap"}


async def test_a_number_never_stands_in_an_address(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        moved = Endpoint(binding=Binding.REDIRECT, location=f"{BYE}/soap")
        await lone_house.put(scene.soap.named(role={"logout": (moved,)}).entity(lone_house))
        end = await left(scene, "own")
    assert results(end)[NAMES["soap"]] == UNSUPPORTED
    noted = [each for each in await events(lone_house) if isinstance(each, LogoutNotified)]
    [said] = [each for each in noted if each.client == scene.soap.id]
    assert (said.result, said.channel) == (NoticeResult.UNSUPPORTED, "none")
