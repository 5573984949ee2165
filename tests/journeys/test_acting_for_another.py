"""Whole logins in which a person acts for somebody else, and what the client gets of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from toegang.assurance import Level
from toegang.audit.events import MandateUsed
from toegang.catalogue.representation import EdgeKind, Power
from toegang.identity.people import PersonId
from toegang.login.authorities import ON_A_PAGE
from toegang.login.decision import Wanted
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.searching import folded, turned

LOA = "http://eidas.europa.eu/LoA/"
MUST = json.dumps({"id_token": {"represents": {"essential": True}}})


def asked(**more: str) -> str:
    return CLINIC_PARTY.url(scope=f"openid offline_access service:{PORTAL}", **more)


async def tokens(browser: httpx2.AsyncClient, end: httpx2.Response) -> dict[str, str]:
    response = await CLINIC_PARTY.redeem(browser, answer(end)["code"])
    assert response.status_code == 200, response.text
    found: dict[str, str] = response.json()
    return found


async def test_somebody_with_nobody_to_act_for_is_not_asked(house: House) -> None:
    await a.furnish(house)
    browser = a.english(house)
    told = claims((await tokens(browser, await follow(browser, asked())))["id_token"])
    assert "represents" not in told
    assert "representation" not in told


@pytest.mark.requires("NLGOV-OIDC-represents")
async def test_who_chose_whom_they_act_for_is_told_apart_from_them(house: House) -> None:
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER, level=Level.LOW)
    browser = a.english(house)
    page = await follow(browser, asked())
    assert "For whom do you log in?" in page.text
    assert "with a mandate" in page.text
    assert str(a.MOTHER) not in page.text
    (whom,) = a.offered(page)
    found = await tokens(browser, await a.post(browser, page, whom=whom))
    told = claims(found["id_token"])
    assert told["represents"]["sub_id_type"] == "urn:nl-eid-gdi:1.0:id:pseudonym"
    assert told["represents"]["iss"] == told["iss"]
    assert told["represents"]["sub"] != told["sub"]
    # The lowest of the login and the mandate; what the login itself was worth stands beside it.
    assert told["acr"] == LOA + "low"
    representation = told["representation"]
    assert (representation["level"], representation["login_level"]) == (LOA + "low", LOA + "high")
    assert representation["basis"] == ["voluntary"]
    assert representation["valid_until"] == int(edge.terms.until.timestamp())
    # As themselves they have the name that the ID token calls them by, and whom they acted for another.
    own = a.english(house)
    alone = await follow(own, asked())
    mine = claims((await tokens(own, await a.post(own, alone, do="for-myself")))["id_token"])
    assert mine["sub"] == told["sub"]
    assert "represents" not in mine
    assert mine["acr"] == LOA + "high"
    # The same everywhere.
    bearer = {"Authorization": f"Bearer {found['access_token']}"}
    info = (await browser.get("/oidc/userinfo", headers=bearer)).json()
    looked = (await CLINIC_PARTY.post(browser, "/oidc/introspect", token=found["access_token"])).json()
    for other in (info, looked):
        assert other["represents"] == told["represents"]
        assert other["representation"] == representation
        assert other["sub"] == told["sub"]
    renewed = (await CLINIC_PARTY.refresh(browser, found["refresh_token"])).json()
    assert claims(renewed["id_token"])["represents"] == told["represents"]


async def test_a_login_for_somebody_else_stands_under_its_reference(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.MOTHER, level=Level.LOW)
    browser = a.english(house)
    page = await follow(browser, asked())
    await a.post(browser, page, whom=a.offered(page)[0])
    wanted = Wanted(limit=1, before=house.clock.now() + a.MINUTE)
    [decision] = await house.app.rooms.logins.decisions.of_person(PersonId(a.ACTOR), wanted)
    found = await house.app.rooms.mine.trail.of_login(decision)
    [used] = [each.event for each in found if isinstance(each.event, MandateUsed)]
    assert used.principal.value == str(a.MOTHER)


@pytest.mark.requires("NLGOV-OIDC-represents")
async def test_a_chain_is_nested_and_the_deepest_is_whom_it_is_about(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.FIRM, 1)
    await a.given(house, a.MOTHER, 2, agent=a.FIRM)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())
    assert "through an organisation whose name" in page.text
    found = [await _acted(house, place) for place in range(len(a.offered(page)))]
    firm, child = sorted(found, key=lambda each: "represents" in each["represents"])
    assert firm["represents"]["sub"] == child["represents"]["sub"] == "90000001"
    assert firm["represents"]["sub_id_type"] == "urn:nl-eid-gdi:1.0:id:KvKnr"
    assert child["represents"]["represents"]["sub_id_type"] == "urn:nl-eid-gdi:1.0:id:pseudonym"
    assert child["representation"]["basis"] == ["employee", "voluntary"]


async def _acted(house: House, place: int) -> dict[str, Any]:
    browser = a.english(house)
    page = await follow(browser, asked())
    found: dict[str, Any] = claims(
        (await tokens(browser, await a.post(browser, page, whom=a.offered(page)[place])))["id_token"]
    )
    return found


async def test_what_the_law_gives_is_offered_as_a_mandate_is(house: House) -> None:
    await a.furnish(house)
    a.told(house, a.parent_of(a.CHILD))
    browser = a.english(house)
    page = await follow(browser, asked())
    assert "as a parent" in page.text
    told = claims((await tokens(browser, await a.post(browser, page, whom=a.offered(page)[0])))["id_token"])
    assert told["representation"]["basis"] == ["parental-joint"]
    assert "valid_until" not in told["representation"]


async def test_the_page_begins_with_whom_the_law_names_then_people_then_organisations(house: House) -> None:
    await a.furnish(house, a.rules(depth=2))
    await a.numbered(house, a.FIRM, "90001234")
    await a.given(house, a.FIRM)
    await a.given(house, a.OTHER, 2, agent=a.FIRM, kind=EdgeKind.INTERMEDIARY)
    await a.given(house, a.MOTHER, 3)
    a.told(house, a.parent_of(a.CHILD))
    browser = a.english(house)
    page = await follow(browser, asked())
    assert len(a.offered(page)) == 4
    said = [page.text.index(each) for each in ("as a parent", "with a mandate", "as an employee")]
    assert said == sorted(said)


async def test_whom_a_register_names_only_after_the_first_page_begins_the_second(house: House) -> None:
    await a.furnish(house)
    later = [PartyId(UUID(int=a.CHILD.int + 0x1000 + number)) for number in range(ON_A_PAGE + 2)]
    for number, party in enumerate(later, start=1):
        await a.mandates(house).know(
            Party(id=party, kind=PartyKind.PERSON, born=a.BORN), now=house.clock.now()
        )
        await a.given(house, party, number)
    browser = a.english(house)
    page = await follow(browser, asked())
    assert len(a.offered(page)) == ON_A_PAGE
    (more,) = re.findall(r'href="[^"]*(\?after=[^"]+)"', page.text)
    a.told(house, a.parent_of(a.CHILD))
    further = await browser.get(str(page.url).partition("?")[0] + more)
    assert len(a.offered(further)) == 3
    assert further.text.index("as a parent") < further.text.index("with a mandate")
    altered = await browser.get(str(page.url).partition("?")[0] + more[:-2])
    assert altered.status_code == 400


async def test_two_orders_that_are_enough_together_are_both_told(house: House) -> None:
    await a.furnish(house)
    (parent,) = a.parent_of(a.MOTHER).links
    orders = [
        replace(parent, kind=EdgeKind.COURT, basis=basis, powers=frozenset({over}))
        for basis, over in (("bewind", Power.PROPERTY), ("mentorship", Power.PERSONAL_CARE))
    ]
    a.told(house, replace(NOTHING_TOLD, links=tuple(orders)))
    browser = a.english(house)
    page = await follow(browser, asked())
    (whom,) = a.offered(page)
    told = claims((await tokens(browser, await a.post(browser, page, whom=whom)))["id_token"])
    named = [*told["representation"]["basis"], *told["representation"]["beside"]]
    assert sorted(named) == ["bewind", "mentorship"]


async def test_a_service_can_ask_for_nobody_but_somebody_else(house: House) -> None:
    await a.furnish(house)
    browser = a.english(house)
    page = await follow(browser, asked(claims=MUST))
    assert "There is nobody here whom you can log in for now." in page.text
    assert "For myself" not in page.text
    refused = await a.post(browser, page, do="for-myself")
    assert refused.status_code == 400
    gone = await a.post(browser, await browser.get(str(page.url)), do="stop")
    assert answer(gone)["error"] == "access_denied"


async def test_acting_for_another_may_take_a_higher_login_and_then_nobody_is_looked_for(house: House) -> None:
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked(), level=str(Level.LOW.value))
    assert a.offered(page) == []
    assert "For that you log in at level substantial." in page.text
    page = await a.post(browser, page, do="climb")
    location = str(page.url) if "/means/bench/" in str(page.url) else ""
    assert location or "How do you want to log in?" in page.text


async def test_a_number_finds_whom_no_page_shows(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.FIRM, 1)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())
    for wrong, said in (
        ("90000002", "You cannot log in for this number here."),
        ("12", "A KVK number has 8"),
    ):
        again = await a.post(browser, page, do="for-number", number_for=wrong)
        assert said in again.text
    end = await a.post(browser, page, do="for-number", number_for="9000 0001")
    assert claims((await tokens(browser, end))["id_token"])["represents"]["sub"] == "90000001"


async def test_a_client_is_found_by_name_on_any_page(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.FIRM, 1)
    clients = [PartyId(UUID(int=number)) for number in range(0x7000, 0x7000 + ON_A_PAGE + 2)]
    kept = house.app.rooms.representing.by_name.clients
    for number, client in enumerate(clients, start=100):
        await a.mandates(house).know(
            Party(id=client, kind=PartyKind.PERSON, born=a.BORN), now=house.clock.now()
        )
        await a.given(house, client, number, agent=a.FIRM)
        async with house.app.rooms.representing.mandates.units.begin() as unit:
            await kept.put(unit, a.FIRM, client, turned(folded(f"Zo\u00eb <b>{number}</b>")))
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())
    assert len(a.offered(page)) == ON_A_PAGE
    for words, said in (("z", "at least two letters"), ("nobody", "There is nobody with this name")):
        wrong = await a.post(browser, page, do="find-name", name_like=words)
        assert said in wrong.text
        assert f'value="{words}"' in wrong.text
        assert "z" not in str(wrong.url).partition("?")[2]
    escaped = await a.post(browser, page, do="find-name", name_like='"><script>')
    assert '"><script>' not in escaped.text
    every = await a.post(browser, page, do="find-name", name_like="zoe")
    assert len(a.offered(every)) == ON_A_PAGE
    (further,) = re.findall(r'name="names_after" value="([^"]+)"', every.text)
    rest = await a.post(browser, page, names_after=further, name_like="zoe")
    assert len(a.offered(rest)) == 2
    altered = await a.post(browser, page, names_after=further[:-2], name_like="zoe")
    assert altered.status_code == 400
    last = await a.post(browser, page, do="find-name", name_like="B 121 b Zo\u00cb".casefold())
    (whom,) = a.offered(last)
    told = claims((await tokens(browser, await a.post(browser, last, whom=whom)))["id_token"])
    assert told["representation"]["basis"] == ["employee", "voluntary"]
